// Whether an alert is what the town signed: this very text, for this room, as this message of this alert, and not over.
// The keys stand in the page itself, which this browser keeps: whoever holds the line alone can't change them.

import { bodyOf } from "./alert_body";
import { isSigned } from "./ed25519";
import type { AlertType } from "./protocol.gen";

/** altered: not this text; unknown_key: of nobody this page knows; replayed: true once, but not here or not now. */
export type Verdict = "valid" | "altered" | "unknown_key" | "replayed";

export interface Signed {
  readonly body: string;
  /** base64url, as is the name of the key. */
  readonly signature: string;
  readonly key: string;
}

/** Where and as what it was told. at: when, in ms since 1970, by the town's clock. */
export interface Told extends Signed {
  readonly room: string;
  readonly alert: string;
  readonly n: number;
  readonly type: AlertType;
  readonly at: number;
}

/** Public keys (32 bytes) by their names. */
export type Keys = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

const KEY_BYTES = 32;

/** Reads "NAME:KEY NAME:KEY", as the server writes it into the page; what is no key is left out. */
export function keysIn(content: string): Keys {
  const pairs = content.split(/\s+/).map((pair) => pair.split(":"));
  const keys = pairs.map(([name = "", key = ""]) => [name, bytesOf(key)] as const);
  return new Map(keys.filter((pair): pair is [string, Uint8Array<ArrayBuffer>] => pair[1]?.length === KEY_BYTES));
}

/** Rejects only where this browser can't check it and the program that can is out of reach. */
export async function verify(told: Told, keys: Keys): Promise<Verdict> {
  const key = keys.get(told.key);
  if (!key) return "unknown_key";
  const signature = bytesOf(told.signature);
  const text = new TextEncoder().encode(told.body);
  if (!signature || !(await isSigned(key, text, signature))) return "altered";
  return isItsPlace(told) ? "valid" : "replayed";
}

/** The text itself says where it belongs: of another room, another message or another time it is somebody's copy. */
function isItsPlace({ body, room, alert, n, type, at }: Told): boolean {
  const said = bodyOf(body);
  if (said?.alert !== alert || said.n !== n || said.type !== type) return false;
  return said.rooms.includes(room) && at < said.expires_at;
}

/** base64url without padding; undefined where it is none. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined; // a length that no bytes have
  }
}
