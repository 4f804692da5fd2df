import { expect, test } from "vitest";

import { initials, tintOf } from "./face";

test.each([
  ["Ada", "A"],
  ["ada van dijk", "AD"],
  ["Jan-Willem", "JW"],
  ["✨ Fatma", "F"],
  ["Ömer", "Ö"],
  ["🙂", "?"],
])("%s is %s", (name, expected) => {
  expect(initials(name)).toBe(expected);
});

test("a person has one tint of eight, wherever it is asked", () => {
  const tints = Array.from({ length: 200 }, (_, index) => tintOf(`person-${index}`));
  expect(new Set(tints).size).toBe(8);
  expect(tints).toEqual(Array.from({ length: 200 }, (_, index) => tintOf(`person-${index}`)));
});
