import { afterEach, expect, test } from "vitest";

import en from "./en.json";
import nl from "./nl.json";
import later from "./nl_later.json";
import { language, preferred, speak, t } from "./words";
import type { Word } from "./words";

afterEach(() => {
  language.value = "nl";
});

const blanks = (words: string): string[] => (words.match(/\{\w+\}/g) ?? []).sort();

const dutch: Record<Word, string> = { ...nl, ...later };

test("both catalogues hold the same words, with the same facts in them", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(dutch).sort());
  for (const word of Object.keys(dutch) as Word[])
    expect([word, blanks(en[word])]).toEqual([word, blanks(dutch[word])]);
});

test("no word stands in both parts of the Dutch one", () => {
  expect(Object.keys(nl).filter((word) => word in later)).toEqual([]);
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
