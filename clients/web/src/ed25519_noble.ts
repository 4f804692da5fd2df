// Ed25519 for browsers that have none, as a file of its own in the build. Fetched by ed25519.ts.

import { hashes, verify } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";

// Without it the library asks the browser, which has none on a page without TLS.
hashes.sha512 = sha512;

/** Strict, as RFC 8032 has it: the server's own library and the browsers' judge likewise. */
export function isSigned(key: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(signature, bytes, key, { zip215: false });
  } catch {
    return false; // no signature at all, by its length or its numbers
  }
}
