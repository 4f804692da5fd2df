import { expect, test } from "vitest";

import { BEN, entry } from "../cast";
import { clears, corrects, notice, takesBack } from "../cast_warning";
import type { WarningChange } from "../town";
import { changeWords, countsWords, endWords, leftWords, noticeTitle, noticeWords } from "./warning_words";

const MINUTE_MS = 60_000;

test.each([
  [24 * MINUTE_MS, "nog 24 min"],
  [23.2 * MINUTE_MS, "nog 24 min"],
  [1, "nog 1 min"],
  [60 * MINUTE_MS, "nog 1 u 00"],
  [124.5 * MINUTE_MS, "nog 2 u 05"],
])("%s ms left is said as %s", (ms, words) => {
  expect(leftWords(ms)).toBe(words);
});

test("only answers that were given are counted", () => {
  expect(countsWords({ see: 2, not_here: 0, over: 1 })).toBe("2 × ik zie het ook, 1 × voorbij");
  expect(countsWords({ see: 0, not_here: 0, over: 0 })).toBe("");
});

const officer = { ...BEN, name: "Wijkagent", role: "officer", organisation: "police" } as const;

test.each<[WarningChange, string]>([
  [clears(2, 1), "Overlast: alles veilig, zegt wie waarschuwde"],
  [
    entry("warning.cleared", 2, { target: 1, reason: "staff" }, officer),
    "Overlast: alles veilig, zegt Wijkagent, politie",
  ],
  [entry("warning.cleared", 2, { target: 1, reason: "neighbours" }), "Overlast: alles veilig, zeggen meer buren"],
  [entry("warning.expired", 2, { target: 1 }), "Overlast: de tijd is om"],
  [takesBack(2, 1), "Overlast klopte niet. Reden: Het was de radio."],
  [corrects(2, 1, "Op het plein."), "Overlast is verbeterd. Reden: Een straat verder."],
  [entry("warning.routed", 2, { target: 1, desk: "police", client_id: "x" }), "Overlast: past bij politie"],
])("a change is told in one line: %#", (change, words) => {
  expect(changeWords(change, "nuisance")).toBe(words);
});

test("of a warning that is not loaded the kind is left out", () => {
  expect(changeWords(takesBack(2, 1), undefined)).toBe("Waarschuwing klopte niet. Reden: Het was de radio.");
});

test("one that is in force says until when, one that is over how it ended", () => {
  expect(endWords(undefined, 10, 5)).toMatch(/^tot /);
  expect(endWords(undefined, 10, 10)).toMatch(/^gold tot /);
  expect(endWords(takesBack(2, 1), 10, 5)).toMatch(/^ingetrokken om /);
});

test("a notice names its room where one is still in it", () => {
  const hour_ms = 60 * MINUTE_MS;
  expect(noticeWords(notice(), "Betje Wolffstraat", hour_ms)).toBe(
    "De waarschuwing van 01:00 in Betje Wolffstraat is ingetrokken.",
  );
  expect(noticeWords(notice({ what: "corrected" }), undefined, hour_ms)).toBe(
    "De waarschuwing van 01:00 is verbeterd.",
  );
});

test("a notice of an official message says what became of it, by its headline, to who lives there no longer", () => {
  const over = notice({ alert: "k3m7x2w7q4v5", headline: "Rook bij het park", what: "cleared" });
  expect(noticeTitle(over)).toBe("Dit bericht is voorbij: Rook bij het park");
  expect(noticeWords(over, undefined, 3_600_000)).toMatch(/^Het kwam van politie of gemeente \(.*01:00\)\.$/);
  expect(noticeTitle(notice())).toMatch(/^Dit klopte niet: /);
});
