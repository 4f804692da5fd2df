// Ed25519 (RFC 8032): by the browser where it can, which it does on secure pages alone; else by a program of 5 kB that is
// fetched when it is needed.

const NAME = "Ed25519";

/** Whether the holder of the key signed just these bytes. */
export async function isSigned(
  key: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const imported = await byBrowser(key);
  if (imported) return crypto.subtle.verify(NAME, imported, signature, bytes);
  const { isSigned } = await import("./ed25519_noble");
  return isSigned(key, bytes, signature);
}

/** The key as the browser takes it; null where it knows no such keys. */
async function byBrowser(key: Uint8Array<ArrayBuffer>): Promise<CryptoKey | null> {
  // On a page without TLS there is no subtle, whatever the types say.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  return (await subtle?.importKey("raw", key, NAME, false, ["verify"]).catch(() => null)) ?? null;
}
