import { expect, test } from "vitest";

import { body } from "../cast_alert";
import "../words/alert";
import { lastsWords, whenWords } from "./alert_words";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** 21:14 in the town. */
const SENT = Date.parse("2026-11-03T20:14:00Z");
const NOW = SENT + 30 * MINUTE_MS;

const said = (n: number, hours = 2) => body({ n, sent: SENT, expires_at: SENT + hours * HOUR_MS });

test.each([
  [1, "Verstuurd: 21:14 · Geldt tot 23:14"],
  [2, "Bijgewerkt: 21:14 · Geldt tot 23:14"],
  [4, "Bijgewerkt: 21:14, al 3 keer · Geldt tot 23:14"],
])("message %i says since when and until when it holds", (n, words) => {
  expect(whenWords(said(n), "in_force", NOW)).toBe(words);
});

test("an end on another day names the day", () => {
  expect(lastsWords(said(1, 24), "in_force", NOW)).toBe("Geldt tot wo 4 nov 21:14");
});

test("what is over or was said anew does not hold until anything", () => {
  expect(lastsWords(said(1), "over", NOW)).toBe("Dit bericht is voorbij");
  expect(lastsWords(said(1), "replaced", NOW)).toBe("Hierna bijgewerkt");
});
