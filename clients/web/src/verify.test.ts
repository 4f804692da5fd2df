import { afterEach, describe, expect, test, vi } from "vitest";

import vectors from "../../../tests/signed/alerts.json";
import { keysIn, verify } from "./verify";
import type { Told, Verdict } from "./verify";

const KEYS = keysIn(vectors.keys);
const TOLD = vectors.told as Record<keyof typeof vectors.told, Told>;
const JUDGED = (Object.keys(TOLD) as (keyof typeof TOLD)[]).map((name) => [name, verdictOf(name)] as const);

function verdictOf(name: string): Verdict {
  return name.startsWith("replayed") ? "replayed" : (name as Verdict);
}

/** The browser's own Ed25519, and browsers without: older ones, and any on a page without TLS. */
const BROWSERS: Record<string, () => void> = {
  "a browser that has Ed25519": () => undefined,
  "a browser that knows no such key": () =>
    void vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new DOMException("no", "NotSupportedError")),
  "a page without TLS": () => vi.stubGlobal("crypto", {}),
};

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe.each(Object.entries(BROWSERS))("in %s", (_, prepare) => {
  test.each(JUDGED)("%s", async (name, verdict) => {
    prepare();
    expect(await verify(TOLD[name], KEYS)).toBe(verdict);
  });

  test.each([
    ["no signature", ""],
    ["half a signature", TOLD.valid.signature.slice(0, 43)],
    ["no base64url", "=".repeat(86)],
    ["numbers that no signature has", "_".repeat(86)],
    ["the signature of another text", TOLD.unknown_key.signature],
  ])("%s is none of this text", async (_, signature) => {
    prepare();
    expect(await verify({ ...TOLD.valid, signature }, KEYS)).toBe("altered");
  });
});

test("the browser's own Ed25519 is asked where it has one", async () => {
  const asked = vi.spyOn(crypto.subtle, "verify");
  await verify(TOLD.valid, KEYS);
  expect(asked).toHaveBeenCalledOnce();
});

test("a text that was signed and is no alert belongs nowhere", async () => {
  const { privateKey, publicKey } = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const bytes = new TextEncoder().encode("[]");
  const signature = base64url(await crypto.subtle.sign("Ed25519", privateKey, bytes));
  const keys = keysIn(`own:${base64url(await crypto.subtle.exportKey("raw", publicKey))}`);
  expect(await verify({ ...TOLD.valid, body: "[]", key: "own", signature }, keys)).toBe("replayed");
});

test("a page names keys; what is none is left out", () => {
  expect([...KEYS.values()].map((key) => key.length)).toEqual([32]);
  expect(keysIn("").size).toBe(0);
  expect(keysIn(`short:AAAA nothing ${vectors.keys} bad:***`).size).toBe(1);
});

function base64url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
