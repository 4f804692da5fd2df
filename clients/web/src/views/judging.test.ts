import { expect, test } from "vitest";

import { lackOf, onAuthor } from "./judging";
import type { Judgement } from "./judging";

const HIDE: Judgement = { verdict: "hide", entry: "hide", rule: "insult", facts: "", minutes: 60 };

test.each([
  [{ ...HIDE, verdict: null }, true, 20, "judge.lack_verdict"],
  [{ ...HIDE, rule: null }, true, 20, "judge.lack_rule"],
  [HIDE, true, 9, "judge.lack_facts"],
  [HIDE, true, 501, "refusal.too_large"],
  [HIDE, true, 10, null],
  [{ ...HIDE, verdict: "keep", rule: null }, true, 0, null],
  [{ ...HIDE, verdict: "restore", rule: null }, false, 20, "judge.lack_rule"],
] as const)("%j, on a report: %s, with facts of %i characters, lacks %s", (said, isReport, length, expected) => {
  expect(lackOf(said, isReport, length)).toBe(expected);
});

test("a decision on the author asks what becomes of the entry too", () => {
  expect((["keep", "hide", "remove", "warn", "mute", "expel"] as const).filter(onAuthor)).toEqual(["warn", "mute", "expel"]);
});
