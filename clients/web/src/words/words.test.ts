import { afterEach, expect, test } from "vitest";

import en from "./en.json";
import nl from "./nl.json";
import alert from "./nl_alert.json";
import alertDesk from "./nl_alert_desk.json";
import audit from "./nl_audit.json";
import board from "./nl_board.json";
import later from "./nl_later.json";
import moderation from "./nl_moderation.json";
import secondFactor from "./nl_second_factor.json";
import { language, preferred, speak, t } from "./words";
import type { Word } from "./words";

afterEach(() => {
  language.value = "nl";
});

const blanks = (words: string): string[] => (words.match(/\{\w+\}/g) ?? []).sort();

const dutch: Record<Word, string> = { ...nl, ...later, ...secondFactor, ...alert, ...alertDesk, ...audit, ...board, ...moderation };

test("both catalogues hold the same words, with the same facts in them", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(dutch).sort());
  for (const word of Object.keys(dutch) as Word[])
    expect([word, blanks(en[word])]).toEqual([word, blanks(dutch[word])]);
});

test("no word stands in two parts of the Dutch one", () => {
  const all = [nl, later, secondFactor, alert, alertDesk, audit, board, moderation].flatMap((part) => Object.keys(part));
  expect(all.length).toBe(new Set(all).size);
});

test("words that come later are there once what needs them is", async () => {
  await import("./later");
  expect(t("call.lack_112")).toBe("Zeg eerst of 112 is gebeld.");
});

test("words carry facts, in the chosen language", async () => {
  expect(t("room.here", { count: 14 })).toBe("14 buren hier");
  await speak("en");
  expect(t("room.here", { count: 14 })).toBe("14 neighbours here");
});

test("a fact that looks like a place for another one stays as it is", () => {
  expect(t("entry.new", { name: "{text}", text: "hallo" })).toBe("{text} schrijft: hallo");
});

test.each([
  [["en-GB", "nl"], "en"],
  [["de-DE", "nl-NL"], "nl"],
  [["de-DE"], "nl"],
  [[], "nl"],
] as const)("a reader of %j reads %s", (languages, expected) => {
  expect(preferred(languages)).toBe(expected);
});
