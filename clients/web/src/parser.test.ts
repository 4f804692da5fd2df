import { encode } from "@msgpack/msgpack";
import { expect, test } from "vitest";

import { msgpackParser } from "./parser";

function decoded(frame: unknown): object[] {
  const packets: object[] = [];
  new msgpackParser.Decoder().on("decoded", (packet) => packets.push(packet)).add(frame);
  return packets;
}

test("a packet goes out as one binary frame and comes back as it was", () => {
  const packet = { type: 2, nsp: "/", id: 7, data: ["message.post", { text: "één 🌷", client_id: "d:1" }] };
  const frames = new msgpackParser.Encoder().encode({ ...packet, options: undefined });
  expect(frames).toHaveLength(1);
  expect(decoded(frames[0])).toEqual([packet]);
});

test("what is not set is left out: a server that is strict refuses nil", () => {
  const [frame] = new msgpackParser.Encoder().encode({ type: 2, nsp: "/", data: ["x", { reply_to: undefined }] });
  expect(decoded(frame)).toEqual([{ type: 2, nsp: "/", data: ["x", {}] }]);
});

test.each([
  ["a text frame", '2["welcome",{}]'],
  ["something that is no map", encode([1, 2])],
  ["an unknown type", encode({ type: 9, nsp: "/" })],
  ["another namespace", encode({ type: 2, nsp: "/admin" })],
  ["a torn frame", encode({ type: 2, nsp: "/", data: ["x"] }).subarray(0, 5)],
])("%s is refused", (_, frame) => {
  expect(() => decoded(frame)).toThrow();
});
