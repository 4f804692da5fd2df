// Socket.IO packets as msgpack, one binary frame each, the way the server speaks.
// socket.io-msgpack-parser would turn a Uint8Array into a map in browsers, so this is our own.

import { Decoder as MsgpackDecoder, Encoder as MsgpackEncoder } from "@msgpack/msgpack";

type Listener = (packet: object) => void;

const PROTOCOL = 5;
const HIGHEST_TYPE = 6;

class Encoder {
  readonly #msgpack = new MsgpackEncoder({ ignoreUndefined: true });

  encode(packet: object): Uint8Array[] {
    return [this.#msgpack.encode(packet)];
  }
}

/** Throws on anything that is no packet; the socket then closes with "parse error" and the client resumes. */
class Decoder {
  readonly #msgpack = new MsgpackDecoder();
  #listeners: Listener[] = [];

  add(frame: unknown): void {
    if (!(frame instanceof ArrayBuffer || ArrayBuffer.isView(frame))) throw new Error("a text frame is no packet");
    const packet = this.#msgpack.decode(frame as ArrayBuffer | Uint8Array);
    if (!isPacket(packet)) throw new Error("no Socket.IO packet");
    for (const listener of this.#listeners) listener(packet);
  }

  on(_decoded: "decoded", listener: Listener): this {
    this.#listeners.push(listener);
    return this;
  }

  off(_decoded?: "decoded", listener?: Listener): this {
    this.#listeners = listener ? this.#listeners.filter((other) => other !== listener) : [];
    return this;
  }

  destroy(): void {}
}

function isPacket(value: unknown): value is object {
  if (typeof value !== "object" || value === null || !("type" in value) || !("nsp" in value)) return false;
  const { type, nsp } = value;
  return Number.isInteger(type) && (type as number) >= 0 && (type as number) <= HIGHEST_TYPE && nsp === "/";
}

export const msgpackParser = { protocol: PROTOCOL, Encoder, Decoder };
