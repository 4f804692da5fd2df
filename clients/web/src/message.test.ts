import { describe, expect, test } from "vitest";

import { apply } from "./apply";
import { ADA, after, BEN, reacts, roomInfo, says, STREET, street, welcome, writes } from "./cast";
import { mayChange, ownReaction, pendingOn, silenceIn, tallies, unsaid } from "./message";
import type { Reaction, Refusal } from "./protocol.gen";
import type { LastingCommand, MessageRow, Room, Town, TownEvent, Waiting } from "./town";

const said = after(welcome(roomInfo()), says(1, "who helps?"), reacts(2, 1, "heart"));

/** A command of mine that waits. */
function wants(n: number, command: LastingCommand, payload: Partial<Waiting["payload"]>): TownEvent {
  const waiting: Waiting = { ...writes(n, ""), command, payload: { room: STREET, ...payload } };
  return { event: "command.queued", waiting };
}

function refused(n: number, refusal: Partial<Refusal>): TownEvent {
  const whole: Refusal = { code: "too_late", message: "", retryable: false, ...refusal };
  return { event: "command.refused", lane: STREET, client_id: writes(n, "").client_id, refusal: whole };
}

const react = (n: number, reaction: Reaction | null): TownEvent => wants(n, "message.react", { target: 1, reaction });
const row = (room: Room): MessageRow => room.rows[0] as MessageRow;
const shown = (town: Town) => tallies(street(town), row(street(town)), ADA);

describe("reactions", () => {
  test("are shown as I left them, before the server knows", () => {
    expect(shown(apply(said, react(1, "thanks")))).toEqual([
      { reaction: "heart", count: 1, isMine: false, isPending: false },
      { reaction: "thanks", count: 1, isMine: true, isPending: true },
    ]);
  });

  test("of mine that joins another's counts with it, and goes when I take it back", () => {
    const both = apply(said, react(1, "heart"));
    expect(shown(both)).toEqual([{ reaction: "heart", count: 2, isMine: true, isPending: true }]);
    expect(shown(apply(both, react(2, null)))).toEqual([
      { reaction: "heart", count: 1, isMine: false, isPending: false },
    ]);
  });

  test("that were refused do not show as mine", () => {
    const town = [react(1, "thanks"), refused(1, {})].reduce(apply, said);
    expect(ownReaction(street(town), row(street(town)), ADA.id)).toBeNull();
  });
});

test("an edit, a retraction and a reaction under way stand at their message, and have no bubble of their own", () => {
  const edit = wants(1, "message.edit", { target: 1, text: "who helps me?" });
  const retract = wants(2, "message.retract", { target: 1 });
  const post: TownEvent = { event: "command.queued", waiting: writes(3, "hello") };
  const room = street([edit, retract, post].reduce(apply, said));
  expect(pendingOn(room, 1)).toMatchObject({ edit: { payload: { text: "who helps me?" } }, retract: {} });
  expect(pendingOn(room, 2)).toEqual({});
  expect(unsaid(room).map(({ payload }) => payload.text)).toEqual(["hello"]);
});

describe("changing a message", () => {
  const mine = { ...row(street(said)), by: ADA, at: 1_000_000 };
  const minutes = (count: number): number => 1_000_000 + count * 60_000;

  test.each([
    ["my own, within 15 minutes", mine, 14, true],
    ["my own, later", mine, 15, false],
    ["another's", { ...mine, by: BEN }, 1, false],
  ])("%s", (_, message, count, may) => {
    expect(mayChange(message, said, ADA.id, minutes(count))).toBe(may);
  });

  test("goes by the town's clock, not by this device's", () => {
    const town = apply(said, { event: "clock.compared", ahead_ms: 10 * 60_000 });
    expect(mayChange(mine, town, ADA.id, minutes(6))).toBe(false);
  });
});

describe("a room in which I am silenced", () => {
  const post: TownEvent = { event: "command.queued", waiting: writes(1, "hello") };
  const { client_id } = writes(1, "");
  const locked: Refusal = { code: "room_locked", message: "", retryable: true, retry_after_ms: 30_000 };
  const delayed: TownEvent = { event: "command.delayed", lane: STREET, client_id, refusal: locked };

  test("says that it is locked while a change of mine waits, and nothing once it went", () => {
    const waiting = [react(1, "thanks"), delayed].reduce(apply, said);
    expect(silenceIn(street(waiting))).toBe("room_locked");
    const sent = apply(waiting, { event: "command.sent", lane: STREET, client_id, seq: 2 });
    expect(silenceIn(street(sent))).toBeNull();
  });

  test.each([
    ["a message that waits", [post, delayed]],
    ["a message that was refused", [post, refused(1, { code: "muted" })]],
    ["a reaction that was refused", [react(1, "thanks"), refused(1, { code: "muted" })]],
  ])("does not repeat what stands at %s", (_, events) => {
    expect(silenceIn(street(events.reduce(apply, said)))).toBeNull();
  });
});
