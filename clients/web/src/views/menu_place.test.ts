import { expect, test } from "vitest";

import { nextIn } from "./menu_place";

test.each([
  ["ArrowDown", 0, 1],
  ["ArrowDown", 8, 0],
  ["ArrowUp", 0, 8],
  ["ArrowRight", 3, 4],
  ["ArrowLeft", 3, 2],
  ["Home", 5, 0],
  ["End", 5, 8],
  ["a", 5, null],
])("%s leads from %i of nine to %s", (key, at, expected) => {
  expect(nextIn(9, at, key)).toBe(expected);
});

test("an empty menu leads nowhere", () => {
  expect(nextIn(0, -1, "ArrowDown")).toBeNull();
});
