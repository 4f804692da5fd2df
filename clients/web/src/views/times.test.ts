import { afterEach, expect, test } from "vitest";

import { language, speak } from "../words/words";
import { briefTime, clockTime, dayKey, dayName, fullTime, timeOf } from "./times";

afterEach(() => {
  language.value = "nl";
});

/** Wednesday 4 November 2026, 21:14 in The Hague, where it is winter. */
const NOW_MS = Date.UTC(2026, 10, 4, 20, 14);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test("times are the town's, wherever the reader is", () => {
  expect(timeOf(Date.UTC(2026, 6, 1, 12, 0))).toBe("14:00");
});

test.each([
  ["zojuist", 30_000],
  ["zojuist", -5 * MINUTE_MS],
  ["21:13", MINUTE_MS],
  ["00:14", 21 * HOUR_MS],
  ["gisteren 23:14", 22 * HOUR_MS],
  ["gisteren 21:14", 24 * HOUR_MS],
  ["ma 2 nov 21:14", 48 * HOUR_MS],
  ["4 nov 2025 21:14", 365 * 24 * HOUR_MS],
])("people say %s", (said, ago_ms) => {
  expect(fullTime(NOW_MS - ago_ms, NOW_MS)).toBe(said);
});

test.each([
  ["zojuist", "zojuist", 10_000],
  ["19:14", "19:14", 2 * HOUR_MS],
  ["gisteren", "21:14", 24 * HOUR_MS],
  ["ma 2 nov", "21:14", 48 * HOUR_MS],
])("with little room %s, under its day %s", (brief, clock, ago_ms) => {
  expect([briefTime(NOW_MS - ago_ms, NOW_MS), clockTime(NOW_MS - ago_ms, NOW_MS)]).toEqual([brief, clock]);
});

test("days have names, in the chosen language", async () => {
  const names = () => [0, 24, 48].map((hours) => dayName(NOW_MS - hours * HOUR_MS, NOW_MS));
  expect(names()).toEqual(["Vandaag", "Gisteren", "maandag 2 november"]);
  await speak("en");
  expect(names().slice(0, 2)).toEqual(["Today", "Yesterday"]);
});

test("the day on which the clock is set has one name for its 25 hours", () => {
  const day = [Date.UTC(2026, 9, 24, 22, 0), Date.UTC(2026, 9, 25, 22, 59)].map(dayKey);
  expect(day).toEqual(["2026-10-25", "2026-10-25"]);
});
