import { describe, expect, test } from "vitest";

import {
  areasOf,
  barsOf,
  begun,
  EVERYTHING,
  HOUR,
  inOrderOf,
  lineOf,
  MINUTE_MS,
  minutesAt,
  NO_BOARD,
  patchesOf,
  shown,
  sumsOf,
  told,
  urgentIn,
} from "./board";
import type { Board, BoardRoom } from "./board";
import type { BoardArea, BoardRow } from "./protocol.gen";

const NOW = 1_795_442_461_234;
const MINUTE = Math.floor(NOW / MINUTE_MS);
const AREAS: BoardArea[] = [
  { id: "GM0518", name: "Den Haag", kind: "municipality" },
  { id: "escamp", name: "Escamp", kind: "district", parent: "GM0518" },
  { id: "centrum", name: "Centrum", kind: "district", parent: "GM0518" },
  { id: "moerwijk", name: "Moerwijk", kind: "wijk", parent: "escamp" },
  { id: "west", name: "Moerwijk-West", kind: "neighbourhood", parent: "moerwijk" },
  { id: "plein", name: "Schildersbuurt", kind: "neighbourhood", parent: "centrum" },
];

const quiet = (): number[] => Array<number>(HOUR).fill(0);

const row = (room: string, more: Partial<BoardRow> = {}): BoardRow => ({
  room,
  name: `Straat ${room}`,
  kind: "street",
  area: "west",
  here: 0,
  minutes: quiet(),
  warnings: [],
  cases: [],
  reports: [],
  alerts: [],
  staff: 0,
  why: "quiet",
  score: 0,
  ...more,
});

function boardOf(...rows: BoardRow[]): Board {
  return told(begun(NO_BOARD, rows.length, AREAS), { now: NOW, rooms: rows, whole: true });
}

const only = (board: Board): BoardRoom => [...board.rooms.values()][0]!;

describe("what is told", () => {
  test("a difference changes what it names and nothing else", () => {
    const before = boardOf(row("a", { here: 5 }), row("b"));
    const after = told(before, { now: NOW, rooms: [{ room: "a", minutes: [3], why: "talking", score: 1003 }] });
    expect(after.rooms.get("a")).toMatchObject({ here: 5, why: "talking", score: 1003, name: "Straat a" });
    expect(after.rooms.get("a")!.minutes).toEqual([...quiet().slice(1), 3]);
    expect(after.rooms.get("b")).toBe(before.rooms.get("b"));
    expect(before.rooms.get("a")!.minutes).toEqual(quiet());
  });

  test("minutes move on by themselves, and what is told later stands where it belongs", () => {
    const before = boardOf(row("a", { minutes: [...quiet().slice(2), 4, 1] }));
    expect(minutesAt(only(before), MINUTE + 2).slice(-4)).toEqual([4, 1, 0, 0]);
    const after = told(before, { now: NOW + 3 * MINUTE_MS, rooms: [{ room: "a", minutes: [7] }] });
    expect(only(after).minutes.slice(-5)).toEqual([4, 1, 0, 0, 7]);
    expect(only(after).minutes).toHaveLength(HOUR);
    expect(minutesAt(only(after), MINUTE + 200)).toEqual(quiet());
  });

  test("a change without minutes leaves them in their time", () => {
    const before = boardOf(row("a", { minutes: [...quiet().slice(1), 4] }));
    const after = told(before, { now: NOW + MINUTE_MS, rooms: [{ room: "a", here: 6 }] });
    expect(minutesAt(only(after), MINUTE + 1).slice(-2)).toEqual([4, 0]);
  });

  test("a room whose beginning is under way is not made up of differences", () => {
    expect(told(boardOf(), { now: NOW, rooms: [{ room: "a", here: 6 }] }).rooms.size).toBe(0);
  });

  test("a board that begins anew has nothing of the old one", () => {
    const after = told(boardOf(row("a")), { now: NOW, rooms: [row("b")], whole: true });
    expect([...after.rooms.keys()]).toEqual(["b"]);
    expect(told(after, { now: NOW, rooms: [row("c")] }).rooms.size).toBe(2);
  });
});

describe("what is shown", () => {
  const board = boardOf(
    row("a", { why: "talking", score: 1003, name: "Jan Luykenlaan" }),
    row("b", { why: "unanswered", score: 12001, cases: [aCase("x", { deadline: 9 })] }),
    row("c", { why: "unanswered", score: 12001, cases: [aCase("y", { deadline: 5 })], area: "plein" }),
    row("d", { why: "warned", score: 4001, warnings: [{ seq: 1, kind: "fire", severity: "minor", until: NOW }] }),
    row("e", { kind: "neighbourhood", name: "Moerwijk-West", staff: 1 }),
  );
  const ids = (filter: Partial<typeof EVERYTHING>): string[] =>
    shown(board, { ...EVERYTHING, ...filter }).map(({ room }) => room);

  test("what needs a person most is on top, of the same what ends first", () => {
    expect(ids({})).toEqual(["c", "b", "d", "a", "e"]);
  });

  test.each([
    ["needed", ["c", "b"]],
    ["calls", ["c", "b"]],
    ["warned", ["d"]],
    ["inside", ["e"]],
    ["talking", ["a"]],
    ["reports", []],
    ["alerts", []],
  ] as const)("only those that are %s", (state, expected) => {
    expect(ids({ state })).toEqual(expected);
  });

  test.each([
    ["escamp", ["b", "d", "a", "e"]],
    ["moerwijk", ["b", "d", "a", "e"]],
    ["plein", ["c"]],
    ["GM0518", ["c", "b", "d", "a", "e"]],
    ["nergens", []],
  ])("only those in %s", (area, expected) => {
    expect(ids({ area })).toEqual(expected);
  });

  test.each([
    ["luyken", ["a"]],
    ["kenlaan", []],
    ["jan lu", ["a"]],
    ["JÁN", ["a"]],
    ["schilder", ["c"]],
    ["moerwijk west", ["b", "d", "a", "e"]],
  ])("only those called %s", (typed, expected) => {
    expect(ids({ typed })).toEqual(expected);
  });

  test("an order that is held keeps its places; what is new comes behind", () => {
    const now = shown(board, EVERYTHING);
    expect(inOrderOf(["e", "a", "gone", "c"], now).map(({ room }) => room)).toEqual(["e", "a", "c", "b", "d"]);
  });

  test("the places above a room, and those of a kind within another", () => {
    expect(lineOf(board, "west").map(({ id }) => id)).toEqual(["west", "moerwijk", "escamp", "GM0518"]);
    expect(areasOf(board, "district").map(({ id }) => id)).toEqual(["centrum", "escamp"]);
    expect(areasOf(board, "neighbourhood", "escamp").map(({ id }) => id)).toEqual(["west"]);
  });
});

describe("all together", () => {
  test("an alert in two rooms is one alert", () => {
    const alerts = [{ id: "abc", organisation: "police" as const }];
    const board = boardOf(row("a", { alerts, staff: 1 }), row("b", { alerts, cases: [aCase("x")] }));
    expect(sumsOf(board, MINUTE)).toMatchObject({ rooms: 2, alerts: 1, calls: 1, unanswered: 1, staff: 1 });
  });

  test("a neighbourhood is coloured by what is said in its rooms together", () => {
    const board = boardOf(
      row("a", { minutes: [...quiet().slice(1), 4] }),
      row("b", { minutes: [...quiet().slice(1), 2], why: "danger" }),
      row("c", { area: "plein" }),
    );
    expect(patchesOf(board, MINUTE).get("west")).toEqual({ level: 2, messages: 6, isPressing: true });
    expect(patchesOf(board, MINUTE).get("plein")).toEqual({ level: 0, messages: 0, isPressing: false });
    expect(patchesOf(board, MINUTE + 10).get("west")!.level).toBe(0);
  });

  test("the map tells neighbourhoods apart, however busy the town is", () => {
    const many = (count: number): number[] => [...quiet().slice(1), count];
    const board = boardOf(row("a", { minutes: many(400) }), row("b", { minutes: many(90), area: "plein" }));
    expect([...patchesOf(board, MINUTE).values()].map(({ level }) => level)).toEqual([4, 1]);
  });

  test("what is urgent has a name of its own", () => {
    const rooms = boardOf(
      row("a", {
        cases: [aCase("x"), aCase("y", { state: "accepted", urgency: "urgent" }), aCase("z", { state: "paging" })],
        warnings: [
          { seq: 1, kind: "fire", severity: "severe", until: NOW },
          { seq: 2, kind: "theft", severity: "minor", until: NOW },
        ],
        reports: [{ id: "r", late: true }, { id: "s" }],
      }),
    ).rooms.values();
    expect(urgentIn(rooms)).toEqual(["a x", "a 1", "a r"]);
  });
});

test("a bar for each minute in which something was said, the highest as high as the drawing", () => {
  expect(barsOf([0, 8, 4, 0], 20)).toBe("M1 20v-20h1V20zM2 20v-10h1V20z");
  expect(barsOf([1], 20)).toBe("M0 20v-5h1V20z");
  expect(barsOf([1, 1000], 20)).toContain("M0 20v-1h1");
});

function aCase(id: string, more: Partial<NonNullable<BoardRow["cases"]>[number]> = {}): NonNullable<BoardRow["cases"]>[number] {
  return { id, state: "unanswered", urgency: "soon", since: NOW, ...more };
}
