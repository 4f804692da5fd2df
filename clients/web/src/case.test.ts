import { describe, expect, test } from "vitest";

import { clockOf, mayRate, mayReopen, needs112, openIn, owed, selfIn, staffIn } from "./case";
import { ADA, roomInfo, STREET } from "./cast";
import { CASE, held, OFFICER, taken, VEGA, view } from "./cast_case";
import { newRoom } from "./town";
import type { Case } from "./town";

const cases = (...all: Case[]) => ({ cases: Object.fromEntries(all.map((one) => [one.id, one])) });

describe("the clock", () => {
  test("says since when, which round of how many, and when the next one starts", () => {
    const first = { number: 1, of: 3 };
    expect(clockOf(view(), 31_000)).toEqual({ since_ms: 30_000, tier: first, next_ms: 30_000, isLate: false });
  });

  test("has no round where nobody is called round by round", () => {
    expect(clockOf(taken(), 31_000)).toMatchObject({ tier: null, next_ms: 870_000 });
    expect(clockOf(view({ state: "unanswered", tier: 0 }), 31_000).tier).toBeNull();
  });

  test("never runs backwards, and says when what is shown may be old", () => {
    expect(clockOf(view(), 0).since_ms).toBe(0);
    expect(clockOf(view(), 62_000)).toMatchObject({ next_ms: 0, isLate: false });
    expect(clockOf(view(), 67_000)).toMatchObject({ next_ms: 0, isLate: true });
  });

  test("stops with the case", () => {
    const { deadline: _none, ...done } = view({ state: "withdrawn" });
    expect(clockOf(done, 31_000)).toMatchObject({ next_ms: null, isLate: false });
  });
});

test.each([
  [view(), "answer"],
  [view({ state: "unanswered" }), "answer"],
  [taken(), "outcome"],
  [taken({ withdrawn: true }), "outcome"],
  [taken({ state: "resolved" }), "rating"],
  [taken({ state: "resolved", helped: false }), null],
  [view({ state: "withdrawn" }), null],
] as const)("what is owed in state %#", (one, expected) => {
  expect(owed(one)).toBe(expected);
});

test("the outcome can be rated again and again, and the case opened again once, until its week is over", () => {
  const done = taken({ state: "resolved", helped: true });
  expect([mayRate(done), mayReopen(done)]).toEqual([true, true]);
  expect(mayReopen({ ...done, reopened: true })).toBe(false);
  const { deadline: _over, ...final } = done;
  expect([mayRate(final), mayReopen(final)]).toEqual([false, false]);
});

test.each([
  ["urgent", undefined, undefined, true],
  ["soon", undefined, undefined, false],
  ["soon", "burglary", undefined, true],
  ["soon", "traffic", undefined, false],
  ["urgent", "burglary", "called", false],
] as const)("112 comes first: %s, %s, known %s", (urgency, kind, known, expected) => {
  expect(needs112(urgency, kind, known)).toBe(expected);
});

test("staff in a room are those who own a case there, with that case as their ground", () => {
  const mine = held({ ...taken(), seq: 4 });
  const elsewhere = held({ ...taken({ room: "elsewhere" }), id: "other", seq: 4 });
  const done = held({ ...taken({ state: "resolved" }), id: "done", seq: 4 });
  expect(staffIn(cases(mine, elsewhere, done), STREET)).toEqual([{ by: VEGA, cases: [mine] }]);
});

test("the open cases of a room, the newest first", () => {
  const old = held({ since: 1 });
  const young = held({ id: "young", since: 2 });
  const over = held({ id: "over", state: "withdrawn" });
  expect(openIn(cases(old, young, over), STREET).map(({ id }) => id)).toEqual(["young", CASE]);
});

test("in their own private case the asker has the name of that case alone; staff stay who they are", () => {
  const room = newRoom(roomInfo({ id: `case:${CASE}`, kind: "case" }));
  const town = cases(held({ room: room.id, asker: { id: "alias", name: "Buur 0042", role: "resident" } }));
  expect(selfIn(town, room, ADA)).toMatchObject({ id: "alias", name: "Buur 0042" });
  expect(selfIn(town, room, OFFICER)).toBe(OFFICER);
  expect(selfIn(town, newRoom(roomInfo()), ADA)).toBe(ADA);
});
