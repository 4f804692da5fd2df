import { expect, test } from "vitest";

import { leftOf, spanOf } from "./span";

test.each([
  [0, "0:00"],
  [42_900, "0:42"],
  [723_000, "12:03"],
  [3_599_999, "59:59"],
  [7_500_000, "2 u 05"],
  [47 * 3_600_000, "47 u 00"],
  [72 * 3_600_000, "3 dagen"],
  [-5_000, "0:00"],
])("%d ms is %s", (ms, expected) => {
  expect(spanOf(ms)).toBe(expected);
});

test("what is left is rounded up: it is over when it says so", () => {
  expect([leftOf(59_001), leftOf(1), leftOf(0), leftOf(-1)]).toEqual(["1 min 00 s", "1 s", "0 s", "0 s"]);
});

test("what is left is never taken for a time of day", () => {
  expect([1_200_000, 299_000, 42_000, 7_500_000].map(leftOf)).toEqual(["20 min", "4 min 59 s", "42 s", "2 u 05"]);
});
