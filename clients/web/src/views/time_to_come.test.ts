import { expect, test } from "vitest";

import { endOf } from "./time_to_come";

/** Wednesday 4 November 2026, 21:14 in The Hague, where it is winter. */
const NOW_MS = Date.UTC(2026, 10, 4, 20, 14);
const DAY_MS = 24 * 60 * 60_000;

test("a time to come is told by its hour, and on another day by its day too", () => {
  expect(endOf(NOW_MS + 1_000, NOW_MS)).toBe("21:14");
  expect(endOf(NOW_MS + DAY_MS, NOW_MS)).toBe("donderdag 5 november 21:14");
});
