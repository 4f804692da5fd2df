// The official client, led by a test: one JSON command a line on stdin, one JSON fact a line on stdout.
// Bytes are written as {"$bytes": hex}.
import { createInterface } from "node:readline";
import { io } from "socket.io-client";
import { Decoder as Unpacker, Encoder as Packer } from "@msgpack/msgpack";

const packer = new Packer({ ignoreUndefined: true });
const unpacker = new Unpacker();

class Encoder {
  encode(packet) {
    return [packer.encode(packet)];
  }
}

class Decoder {
  #tell = () => {};
  on(_event, tell) {
    this.#tell = tell;
    return this;
  }
  off() {
    return this;
  }
  add(data) {
    this.#tell(unpacker.decode(data));
  }
  destroy() {}
}

const parser = { Encoder, Decoder, protocol: 5 };

// A Buffer becomes a map of numbers before JSON.stringify asks us: so look at what it was.
function outward(key, value) {
  return this[key] instanceof Uint8Array ? { $bytes: Buffer.from(this[key]).toString("hex") } : value;
}
const inward = (_key, value) => (value?.$bytes === undefined ? value : Uint8Array.from(Buffer.from(value.$bytes, "hex")));
const tell = (fact, ...more) => process.stdout.write(`${JSON.stringify([fact, ...more], outward)}\n`);

let socket;

const commands = {
  open(url, auth) {
    socket = io(url, { transports: ["websocket"], forceNew: true, parser, auth, reconnectionDelay: 10, reconnectionDelayMax: 10 });
    socket.on("connect", () => tell("connect"));
    socket.on("connect_error", (error) => tell("connect_error", error.message, error.data ?? null));
    socket.on("disconnect", (reason) => tell("disconnect", reason, socket.active));
    socket.onAny((name, ...rest) => {
      const answer = typeof rest.at(-1) === "function" ? rest.pop() : undefined;
      tell("event", name, rest);
      answer?.(...rest);
    });
  },
  ask: (name, ...rest) => socket.emit(name, ...rest, (...answer) => tell("answer", name, answer)),
  say: (name, ...rest) => socket.emit(name, ...rest),
  leave: () => socket.disconnect(),
};

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const [command, ...rest] = JSON.parse(line, inward);
    commands[command](...rest);
  })
  .on("close", () => process.exit(0));
