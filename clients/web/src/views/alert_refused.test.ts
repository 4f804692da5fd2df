import { expect, test } from "vitest";

import type { Failure } from "../session";
import { t } from "../words/words";
import "../words/alert_desk";
import { refusedOf, wrongsOf } from "./alert_refused";

const refused = (code: Failure["code"], field?: string): Failure =>
  ({ code, message: "for programs", retryable: false, ...(field ? { field } : {}) }) as Failure;

test.each([
  ["nobody_there", undefined, "places", "alerting.refused_nobody"],
  ["outside_jurisdiction", undefined, "places", "alerting.refused_outside"],
  ["bad_request", "places", "places", "alerting.refused_places"],
  ["bad_request", "expires_at", "expires_at", "alerting.refused_end"],
  ["bad_request", "link", "link", "alerting.refused_link"],
  ["not_permitted", "severity", "severity", "alerting.too_severe"],
  ["not_permitted", undefined, null, "refusal.not_permitted"],
  ["code_mismatch", "code", "code", "alerting.refused_code"],
  ["preview_gone", undefined, null, "alerting.refused_gone"],
  ["too_fast", undefined, null, "refusal.too_fast"],
  ["wrong_state", undefined, null, "alerting.refused_state"],
] as const)("%s about %s stands at %s", (code, named, field, word) =>
  expect(refusedOf(refused(code, named))).toEqual({ field, words: t(word) }),
);

test("of two things wrong with a field the first is said", () => {
  const lacks = [
    { field: "severity", word: "alerting.lack_severity" },
    { field: "severity", word: "alerting.too_severe" },
  ] as const;
  expect(wrongsOf(lacks)).toEqual({ severity: t("alerting.lack_severity") });
});
