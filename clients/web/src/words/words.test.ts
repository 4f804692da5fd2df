import { afterEach, expect, test } from "vitest";

import en from "./en.json";
import nl from "./nl.json";
import { language, preferred, speak, t } from "./words";
import type { Word } from "./words";

afterEach(() => {
  language.value = "nl";
});

const blanks = (words: string): string[] => (words.match(/\{\w+\}/g) ?? []).sort();

test("both catalogues hold the same words, with the same facts in them", () => {
  expect(Object.keys(en)).toEqual(Object.keys(nl));
  for (const word of Object.keys(nl) as Word[]) expect([word, blanks(en[word])]).toEqual([word, blanks(nl[word])]);
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
