import { describe, expect, test } from "vitest";

import { apply } from "./apply";
import { ADA, after, DEVICE, entry, roomInfo, says, STREET, street, welcome, writes } from "./cast";
import { wording } from "./town";
import type { MessageRow, Room, TownEvent } from "./town";

const texts = (room: Room): string[] =>
  room.rows.filter((row): row is MessageRow => row.kind === "message").map(wording);

describe("what I write", () => {
  const queued: TownEvent = { event: "command.queued", waiting: writes(1, "hello") };
  const sent: TownEvent = { event: "command.sent", lane: STREET, client_id: `${DEVICE}:1`, seq: 1 };
  const mine = says(1, "hello", ADA, `${DEVICE}:1`);

  test("waits at once, and is sent with the answer", () => {
    expect(street(after(welcome(roomInfo()), queued)).waiting).toMatchObject([{ state: "waiting" }]);
    expect(street(after(welcome(roomInfo()), queued, sent)).waiting).toMatchObject([{ state: "sent" }]);
  });

  test.each([
    ["answer, then entry", [sent, mine]],
    ["entry, then answer", [mine, sent]],
  ])("gives way to the entry with its client_id: %s", (_, events) => {
    const room = street(after(welcome(roomInfo()), queued, ...events));
    expect(room.waiting).toEqual([]);
    expect(texts(room)).toEqual(["hello"]);
  });

  test("that was in effect long before the answer does not stay behind", () => {
    const room = street(after(welcome(roomInfo({ head: 500 })), queued, sent));
    expect(room.waiting).toEqual([]);
  });

  test("and took back from another device gives way to the marker in its place", () => {
    const gone = entry("entry.blanked", 1, { reason: "retracted", client_id: `${DEVICE}:1` }, ADA);
    expect(street(after(welcome(roomInfo()), queued, gone)).waiting).toEqual([]);
  });

  test("as a change to an entry gives way to that change", () => {
    const change: TownEvent = { event: "command.queued", waiting: { ...writes(2, "friday"), command: "message.edit" } };
    const changed = entry("message.edited", 2, { target: 1, text: "friday", client_id: `${DEVICE}:2` }, ADA);
    expect(street(after(welcome(roomInfo()), says(1, "thursday", ADA), change, changed)).waiting).toEqual([]);
  });

  test("without a connection waits until the server has named the room", () => {
    const alone = after({ event: "session.started", person: ADA }, queued);
    expect(alone.unplaced).toHaveLength(1);
    const town = apply(alone, welcome(roomInfo()));
    expect(town.unplaced).toEqual([]);
    expect(street(town).waiting).toHaveLength(1);
  });

  test("and another page has sent meanwhile does not wait here for ever", () => {
    const alone = after({ event: "session.started", person: ADA }, queued, sent);
    expect(street(apply(alone, welcome(roomInfo({ head: 1 })))).waiting).toEqual([]);
  });

  test("and was refused stays with its reason until it is thrown away", () => {
    const refusal = { code: "muted", message: "muted", retryable: false } as const;
    const refused: TownEvent = { event: "command.refused", lane: STREET, client_id: `${DEVICE}:1`, refusal };
    const town = after(welcome(roomInfo()), queued, refused);
    expect(street(town).waiting).toMatchObject([{ state: "refused", refusal: { code: "muted" } }]);
    const discarded = apply(town, { event: "command.discarded", lane: STREET, client_id: `${DEVICE}:1` });
    expect(street(discarded).waiting).toEqual([]);
  });
});
