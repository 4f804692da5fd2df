import { expect, test } from "vitest";

import { ADA, after, entry, roomInfo, says, street, welcome } from "../cast";
import type { Kept } from "../town";
import { itemsOf } from "./timeline";

const HOUR_MS = 3_600_000;
const day = (at: number): string => String(Math.floor(at / (24 * HOUR_MS)));
const items = (...log: Kept[keyof Kept][]) => itemsOf(street(after(welcome(roomInfo()), ...log)).rows, day);
const at = <K extends Kept[keyof Kept]>(hour: number, kept: K): K => ({ ...kept, at: hour * HOUR_MS });

test("each day begins with a line of its own", () => {
  expect(items(at(1, says(1, "a")), at(2, says(2, "b")), at(26, says(3, "c"))).map((item) => item.kind)).toEqual([
    "day",
    "row",
    "row",
    "day",
    "row",
  ]);
});

test("what one neighbour says in one breath stands under one name", () => {
  const shown = items(says(1, "a"), says(2, "b"), says(3, "c", ADA), at(1, says(4, "d", ADA)));
  expect(shown.filter((item) => item.kind === "row").map((item) => item.isContinued)).toEqual([
    false,
    true,
    false,
    false,
  ]);
});

test("neighbouring markers of one reason are one line", () => {
  const gone = (seq: number) => entry("entry.blanked", seq, { reason: "retention" });
  const moderated = entry("entry.blanked", 3, { reason: "moderation" });
  expect(items(gone(1), gone(2), moderated).slice(1)).toMatchObject([{ count: 2 }, { count: 1 }]);
});
