import { expect, test } from "vitest";

import { apply } from "../apply";
import { ADA, after, edits, entry, roomInfo, says, street, welcome } from "../cast";
import type { Kept } from "../town";
import { blanksFrom, chunksOf, isSameChunk, itemsOf, rowAt } from "./timeline";
import type { Chunk } from "./timeline";

type AnyKept = Kept[keyof Kept];

const HOUR_MS = 3_600_000;
const day = (at: number): string => String(Math.floor(at / (24 * HOUR_MS)));
const rows = (...log: AnyKept[]) => street(after(welcome(roomInfo()), ...log)).rows;
const items = (...log: AnyKept[]) => itemsOf(rows(...log), day);
const at = <K extends AnyKept>(hour: number, kept: K): K => ({ ...kept, at: hour * HOUR_MS });
const replies = (seq: number, to: number) =>
  entry("message.posted", seq, { text: "ja", client_id: `reply:${seq}`, reply_to: to });
const many = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => says(from + index, `woord ${from + index}`));

test("each day begins with a line of its own", () => {
  const shown = items(at(1, says(1, "a")), at(2, says(2, "b")), at(26, says(3, "c")));
  expect(shown.map((item) => item.kind)).toEqual(["day", "row", "row", "day", "row"]);
});

test("what one neighbour says in one breath stands under one name", () => {
  const shown = items(says(1, "a"), says(2, "b"), says(3, "c", ADA), at(1, says(4, "d", ADA)));
  const continued = shown.filter((item) => item.kind === "row").map((item) => item.isContinued);
  expect(continued).toEqual([false, true, false, false]);
});

test("what is new begins under a line and under its author's name", () => {
  const shown = itemsOf(rows(says(1, "a"), says(2, "b")), day, 2);
  expect(shown.slice(1)).toMatchObject([{ kind: "row" }, { kind: "new" }, { kind: "row", isContinued: false }]);
});

test("neighbouring markers of one reason are one line", () => {
  const gone = (seq: number) => entry("entry.blanked", seq, { reason: "retention" });
  const moderated = entry("entry.blanked", 3, { reason: "moderation" });
  expect(items(gone(1), gone(2), moderated).slice(1)).toMatchObject([{ count: 2 }, { count: 1 }]);
});

test("a reply knows what it replies to, when that is loaded", () => {
  const shown = items(says(1, "kom je?"), says(2, "b"), replies(3, 1), replies(4, 99));
  expect(shown.flatMap((item) => (item.kind === "row" ? [item.target?.seq] : []))).toEqual([
    undefined,
    undefined,
    1,
    undefined,
  ]);
});

test("a row is found among rows with holes between them", () => {
  const held = rows(says(1, "a"), edits(2, 1, "b"), says(3, "c"));
  expect([0, 1, 2, 3, 4].map((seq) => rowAt(held, seq)?.seq)).toEqual([undefined, 1, undefined, 3, undefined]);
  expect(rowAt([], 1)).toBeUndefined();
});

test("a new message changes the last chunk alone", () => {
  const town = after(welcome(roomInfo()), ...many(1, 50));
  const [before, now] = [town, apply(town, says(51, "nieuw"))].map((held) =>
    chunksOf(itemsOf(street(held).rows, day)),
  ) as [Chunk[], Chunk[]];
  expect(now.map((chunk) => chunk.number)).toEqual([0, 1, 2]);
  expect(now.map((chunk, index) => isSameChunk(chunk, before[index] as Chunk))).toEqual([true, true, false]);
});

test("a chunk is drawn anew when a message or what it replies to was worded anew", () => {
  const town = after(welcome(roomInfo()), ...many(1, 25), replies(26, 2));
  const [before, now] = [town, apply(town, edits(27, 2, "nee"))].map((held) =>
    chunksOf(itemsOf(street(held).rows, day)),
  ) as [Chunk[], Chunk[]];
  expect(now.map((chunk, index) => isSameChunk(chunk, before[index] as Chunk))).toEqual([false, false]);
});

test("markers that are shown as one can be told apart again", () => {
  const hides = (seq: number, target: number) => entry("entry.hidden", seq, { target, reason: "hidden" });
  const held = rows(says(1, "a"), says(2, "b"), says(3, "c"), hides(4, 2), hides(5, 3));
  const shown = itemsOf(held, day).find((item) => item.kind === "blanks");
  expect(shown).toMatchObject({ seq: 2, count: 2 });
  expect(shown?.kind === "blanks" && blanksFrom(held, shown.first, shown.count).map(({ seq }) => seq)).toEqual([2, 3]);
});
