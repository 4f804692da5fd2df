import { expect, test } from "vitest";

import { usualSeverity } from "./warn_more";

test.each([
  ["burglary", "severe"],
  ["fire", "severe"],
  ["suspicious", "moderate"],
  ["public_space", "minor"],
  [null, "moderate"],
] as const)("%s is %s as long as nobody says", (kind, severity) => {
  expect(usualSeverity(kind)).toBe(severity);
});
