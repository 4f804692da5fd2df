import { expect, test } from "vitest";

import { apply } from "./apply";
import { ADA, after, BEN, entry, page, roomInfo, says, SQUARE, STREET, street, welcome } from "./cast";
import { answers, CARLA, clears, corrects, takesBack, warned, warns } from "./cast_warning";
import type { WarningView } from "./protocol.gen";
import type { Town, TownEvent, Waiting, WarningRow } from "./town";
import { countsWith, inForce, mayRetract, mayTend, ownAnswer, viewOf } from "./warnings";

const NOW = 10_000;

const told = (head: number, ...warnings: WarningView[]): TownEvent =>
  ({ event: "welcome", person: ADA, rooms: [roomInfo({ head })], now: 1_000, warnings }) as TownEvent;
const pinned = (town: Town, now_ms = NOW): WarningView[] => inForce(town, STREET, now_ms);
const first = (town: Town): WarningView => pinned(town)[0] as WarningView;
const rowOf = (town: Town): WarningRow => street(town).rows.find((row) => row.kind === "warning") as WarningRow;

function asks(n: number, answer: "see" | null, target = 1): TownEvent {
  const payload = { room: STREET, target, answer };
  const waiting: Waiting = { client_id: `ada:${n}`, command: "warning.answer", payload, at: 1_000, state: "waiting" };
  return { event: "command.queued", waiting };
}

test("who comes later is told what is in force, and by whom it was answered how often", () => {
  const town = after(told(9, warned({ counts: { see: 2, not_here: 1, over: 0 }, mine: "see" })));
  expect(first(town)).toMatchObject({ seq: 1, counts: { see: 2, not_here: 1, over: 0 }, mine: "see" });
});

test("a warning is in force from its entry on, with the desk that was proposed", () => {
  const town = after(welcome(roomInfo()), warns(1));
  expect(first(town)).toMatchObject({ seq: 1, by: BEN, text: "Harde muziek bij de school.", desk: "municipality" });
  expect(first(town)).not.toHaveProperty("client_id");
});

test("counts follow every answer, and of the answers only mine is mine", () => {
  const before = after(welcome(roomInfo()), warns(1));
  const other = apply(before, answers(2, 1, CARLA, "see", { see: 1 }));
  expect(first(other).counts.see).toBe(1);
  expect(first(other).mine).toBeUndefined();
  const mine = apply(other, answers(3, 1, ADA as never, "over", { see: 1, over: 1 }));
  expect(first(mine).mine).toBe("over");
  expect(first(apply(mine, answers(4, 1, ADA as never, null, { see: 1 }))).mine).toBeUndefined();
});

test("my answer counts as soon as I gave it, and not twice when it is told", () => {
  const waits = after(welcome(roomInfo()), warns(1), asks(1, "see"));
  expect(ownAnswer(street(waits), first(waits))).toBe("see");
  expect(countsWith(first(waits), "see").see).toBe(1);
  const is = apply(waits, entry("warning.answered", 2, { ...answers(2, 1, CARLA, "see", { see: 1 }).data, client_id: "ada:1" }, ADA as never));
  expect(street(is).waiting).toEqual([]);
  expect(countsWith(first(is), ownAnswer(street(is), first(is))).see).toBe(1);
});

test("an answer that is taken back while it waits is gone from the counts", () => {
  const town = after(told(9, warned({ counts: { see: 2, not_here: 0, over: 0 }, mine: "see" })), asks(1, null));
  expect(ownAnswer(street(town), first(town))).toBeNull();
  expect(countsWith(first(town), null).see).toBe(1);
});

test("an answer that changes nothing is settled by its reply alone", () => {
  const waits = after(welcome(roomInfo()), warns(1), asks(1, "see"));
  const done = apply(waits, { event: "command.sent", lane: STREET, client_id: "ada:1", seq: 0 });
  expect(street(done).waiting).toEqual([]);
});

test("the clock ends it without a word", () => {
  const town = after(welcome(roomInfo()), warns(1, { until: NOW + 1 }));
  expect(pinned(town, NOW)).toHaveLength(1);
  expect(pinned(town, NOW + 1)).toEqual([]);
});

test.each([
  ["all clear", clears(2, 1)],
  ["the clock", entry("warning.expired", 2, { target: 1 })],
  ["its author taking it back", takesBack(2, 1)],
  ["a marker in its place", entry("entry.blanked", 2, { reason: "erasure", target: 1 })],
] as const)("it ends by %s, and the other one stays", (_, end) => {
  const town = after(told(1, warned(), warned({ seq: 0, text: "Een ander." })), end);
  expect(pinned(town).map((view) => view.text)).toEqual(["Een ander."]);
});

test("a correction changes what it says, and the row keeps what was said first", () => {
  const town = after(welcome(roomInfo()), warns(1), corrects(2, 1, "Harde muziek op het plein."));
  expect(first(town)).toMatchObject({ text: "Harde muziek op het plein.", corrected: true });
  expect(first(town)).not.toHaveProperty("reason");
  expect(rowOf(town).warning.text).toBe("Harde muziek bij de school.");
  expect(viewOf(rowOf(town), STREET).text).toBe("Harde muziek op het plein.");
});

test("another desk is chosen", () => {
  const chosen = entry("warning.routed", 2, { target: 1, desk: "police", client_id: "ben:2" });
  expect(first(after(welcome(roomInfo()), warns(1), chosen)).desk).toBe("police");
});

test("the backlog of what the welcome told already changes nothing", () => {
  const away = after(welcome(roomInfo()), warns(1));
  const back = [told(4, warned({ seq: 4 })), clears(2, 1), says(3, "Mooi"), warns(4)].reduce(apply, away);
  expect(pinned(back).map(({ seq }) => seq)).toEqual([4]);
  expect(pinned(apply(back, warns(5))).map(({ seq }) => seq)).toEqual([5, 4]);
});

test("what lies behind a gap counts once the page brings it, in its order", () => {
  const gap = after(welcome(roomInfo()), clears(3, 2));
  expect(pinned(gap)).toEqual([]);
  const filled = apply(gap, page([warns(1), warns(2), clears(3, 2)], { head: 3 }));
  expect(pinned(filled).map(({ seq }) => seq)).toEqual([1]);
});

test("a page of what was before brings back no warning that is over", () => {
  const here = after(told(9), page([warns(8), says(9, "Hallo")], { head: 9 }));
  expect(pinned(here)).toEqual([]);
  expect(rowOf(here).warning.kind).toBe("nuisance");
});

test("a row knows its end, whichever of the two is found first", () => {
  const late = after(told(3), page([clears(3, 1)], { head: 3 }), page([warns(1), says(2, "Zo")], { head: 3 }));
  const early = after(welcome(roomInfo()), warns(1), says(2, "Zo"), clears(3, 1));
  expect(rowOf(late).changes).toEqual(rowOf(early).changes);
  expect(street(late).rows.map(({ kind }) => kind)).toEqual(["warning", "message", "warning_line"]);
});

test("answers leave no row, and of many the warning's row keeps the last", () => {
  const town = after(welcome(roomInfo()), warns(1), answers(2, 1, CARLA, "see", { see: 1 }), answers(3, 1, BEN, "see", { see: 2 }));
  expect(street(town).rows).toHaveLength(1);
  expect(rowOf(town).changes.map(({ seq }) => seq)).toEqual([3]);
});

test("without a network, what this device kept tells what is in force", () => {
  const before = after(welcome(roomInfo()), warns(1), answers(2, 1, CARLA, "see", { see: 1 }), warns(3), clears(4, 3));
  const rooms = [street(before)];
  const town = after({ event: "shelf.loaded", rooms, order: [STREET], chosen: STREET });
  expect(pinned(town)).toEqual([{ ...warned({ counts: { see: 1, not_here: 0, over: 0 } }) }]);
});

test("danger comes first, then the newest", () => {
  const town = after(told(9, warned(), warned({ seq: 2, kind: "fire" }), warned({ seq: 3 })));
  expect(pinned(town).map(({ seq }) => seq)).toEqual([2, 3, 1]);
});

test("a log that went back takes what was raised beyond it", () => {
  const town = after(told(9, warned(), warned({ seq: 8 })), { event: "reset", room: STREET, epoch: 2, oldest: 1, head: 4 });
  expect(pinned(town).map(({ seq }) => seq)).toEqual([1]);
  expect(pinned(apply(town, warns(5))).map(({ seq }) => seq)).toEqual([5, 1]);
});

test("a room that opens tells its own, and one that closes takes them along", () => {
  const room = roomInfo({ id: SQUARE, kind: "neighbourhood", head: 3 });
  const town = after(welcome(roomInfo()), { event: "room.opened", room, warnings: [warned({ room: SQUARE })] });
  expect(inForce(town, SQUARE, NOW)).toHaveLength(1);
  expect(inForce(apply(town, { event: "room.closed", room: SQUARE }), SQUARE, NOW)).toEqual([]);
});

test("its author and staff tend it; its author and the municipality's moderators take it back", () => {
  const officer = { ...ADA, role: "officer", organisation: "police" } as const;
  const moderator = { ...ADA, role: "moderator", organisation: "municipality" } as const;
  const own = warned({ by: ADA as never });
  expect([ADA, officer, moderator].map((me) => mayTend(warned(), me))).toEqual([false, true, true]);
  expect([ADA, officer, moderator].map((me) => mayRetract(warned(), me))).toEqual([false, false, true]);
  expect([mayTend(own, ADA), mayRetract(own, ADA)]).toEqual([true, true]);
});
