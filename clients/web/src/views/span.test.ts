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
  expect([leftOf(59_001), leftOf(1), leftOf(0)]).toEqual(["1:00", "0:01", "0:00"]);
});
