// Every word on the screen, in the person's language. The catalogues stand beside this file; nl.json names the keys and
// comes with the page, any other one when somebody reads it.

import { signal } from "@preact/signals-core";

import nl from "./nl.json";

export type Word = keyof typeof nl;
export type Language = "nl" | "en";

type Catalogue = Readonly<Record<Word, string>>;

/** Those that are there. */
const catalogues: Partial<Record<Language, Catalogue>> = { nl };

export const LOCALES: Record<Language, string> = { nl: "nl-NL", en: "en-GB" };

/** Times are the town's, wherever the reader is. */
export const TOWN_ZONE = "Europe/Amsterdam";

export const language = signal<Language>("nl");

/** Speaks this language from now on; where its words can't be had, it stays as it was. */
export async function speak(chosen: Language): Promise<void> {
  if (chosen === "en" && !catalogues.en) await fetchEnglish();
  if (catalogues[chosen]) language.value = chosen;
}

async function fetchEnglish(): Promise<void> {
  const fetched = await import("./en.json").catch(() => null);
  if (fetched) catalogues.en = fetched.default;
}

/** The words for a key; `{name}` in them is replaced by the fact of that name. */
export function t(word: Word, facts: Record<string, string | number> = {}): string {
  const words = (catalogues[language.value] ?? nl)[word];
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}

/** Whether the catalogue has words for this key, which came over the wire. */
export function isWord(key: string): key is Word {
  return Object.hasOwn(nl, key);
}

/** The first of the reader's languages that there is a catalogue for; Dutch when there is none. */
export function preferred(languages: readonly string[]): Language {
  const known = languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in LOCALES);
  return (known as Language | undefined) ?? "nl";
}
