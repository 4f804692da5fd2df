// Every word on the screen, in the person's language. The catalogues stand beside this file: nl.json comes with the page,
// nl_later.json with the forms, the desk and one's own panel, which are fetched when they are opened, nl_alert.json with the
// first official alert; together they name the keys. Any other language comes whole, when somebody reads it.

import { signal } from "@preact/signals-core";

import nl from "./nl.json";
import type alert from "./nl_alert.json";
import type alertDesk from "./nl_alert_desk.json";
import type audit from "./nl_audit.json";
import type board from "./nl_board.json";
import type later from "./nl_later.json";
import type moderation from "./nl_moderation.json";
import type secondFactor from "./nl_second_factor.json";

export type Word = keyof typeof nl | keyof typeof later | keyof typeof secondFactor | keyof typeof alert | keyof typeof alertDesk | keyof typeof board | keyof typeof audit | keyof typeof moderation;
export type Language = "nl" | "en";

type Catalogue = Readonly<Record<Word, string>>;

/** Those that are there; of Dutch, whatever has been needed so far. */
const catalogues: Partial<Record<Language, Partial<Catalogue>>> & { nl: Partial<Catalogue> } = { nl };

export const LOCALES: Record<Language, string> = { nl: "nl-NL", en: "en-GB" };

/** Times are the town's, wherever the reader is. */
export const TOWN_ZONE = "Europe/Amsterdam";

export const language = signal<Language>("nl");

/** More words of Dutch, before they are drawn. */
export function learn(words: Partial<Catalogue>): void {
  catalogues.nl = { ...catalogues.nl, ...words };
}

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
  const words = (catalogues[language.value] ?? catalogues.nl)[word] ?? word;
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}

/** Whether the catalogue has words for this key, which came over the wire. */
export function isWord(key: string): key is Word {
  return Object.hasOwn(catalogues.nl, key);
}

/** The first of the reader's languages that there is a catalogue for; Dutch when there is none. */
export function preferred(languages: readonly string[]): Language {
  const known = languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in LOCALES);
  return (known as Language | undefined) ?? "nl";
}
