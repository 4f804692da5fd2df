import { expect, test } from "vitest";

import { taken, view } from "../cast_case";
import type { CaseRow } from "../town";
import { isShownRow, lineWords, reachedWords, stateWords } from "./case_words";

const row = (event: CaseRow["event"], now = view()): CaseRow => {
  return { kind: "case", event, case: now, seq: 1, at: 1, by: { id: "s", name: "BART", role: "system" } };
};

test("who took it is named by function and organisation", () => {
  expect(stateWords(taken())).toBe("Wijkagent, politie, heeft de melding aangenomen.");
});

test("nobody on duty and nobody answering are two things", () => {
  const said = (paged: number): string => stateWords(view({ state: "unanswered", reached: { paged } }));
  expect(said(0)).toContain("niemand van de politie in dienst");
  expect(said(3)).toContain("Niemand van de politie heeft geantwoord");
});

test.each([
  [{ paged: 0 }, "Nog niemand opgeroepen."],
  [{ paged: 1 }, "1 medewerker opgeroepen"],
  [{ paged: 2, sent: 1 }, "2 medewerkers opgeroepen, naar 1 verstuurd"],
  [{ paged: 3, sent: 2, delivered: 2 }, "3 medewerkers opgeroepen, naar 2 verstuurd, bij 2 aangekomen"],
  [
    { paged: 3, sent: 3, delivered: 3, seen: 2 },
    "3 medewerkers opgeroepen, naar 3 verstuurd, bij 3 aangekomen, 2 zag het",
  ],
])("reached %j", (reached, expected) => {
  expect(reachedWords(view({ reached }))).toBe(expected);
});

test("a declined call, a reminder and a rating leave no line in the talk", () => {
  const shown = ["escalation.raised", "escalation.accepted", "escalation.unanswered"] as const;
  const hidden = ["escalation.declined", "escalation.reminded", "escalation.rated"] as const;
  expect(shown.map((event) => isShownRow(row(event)))).toEqual([true, true, true]);
  expect(hidden.map((event) => isShownRow(row(event)))).toEqual([false, false, false]);
  expect(lineWords(row("escalation.widened", view({ tier: 2 })))).toContain("Ronde 2 van 3");
});
