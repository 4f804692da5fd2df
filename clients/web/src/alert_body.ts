// What an official alert says. It comes as a text that was signed as it stands (verify.ts), and is read from that very
// text: what is drawn is what was signed.

import type { AlertBody, AlertWords, Organisation } from "./protocol.gen";
import type { Language } from "./words/words";

const ORGANISATIONS: readonly unknown[] = ["police", "municipality"] satisfies Organisation[];
/** More than are ever in force; a text is read once however often it is drawn. */
const MOST_READ = 200;
const read = new Map<string, AlertBody | null>();

/** What the text says, or null where it is no alert. Whether it was signed is another question. */
export function bodyOf(text: string): AlertBody | null {
  const known = read.get(text);
  if (known !== undefined) return known;
  if (read.size >= MOST_READ) read.clear();
  const body = parsed(text);
  read.set(text, body);
  return body;
}

function parsed(text: string): AlertBody | null {
  try {
    const body = JSON.parse(text) as AlertBody;
    return isBody(body) ? body : null;
  } catch {
    return null; // no JSON: somebody who has no key can send anything
  }
}

function isBody(body: AlertBody): boolean {
  const { words, areas, rooms, organisation, expires_at } = body;
  const isWhole = [words, areas, rooms].every(Array.isArray) && words.length > 0 && Number.isFinite(expires_at);
  return isWhole && ORGANISATIONS.includes(organisation) && words.every(isWords);
}

function isWords({ language, headline, text }: AlertWords): boolean {
  return [language, headline, text].every((said) => typeof said === "string");
}

/** In the reader's language where there is such a variant, else in Dutch. */
export function wordsIn({ words }: AlertBody, language: Language): AlertWords {
  return (words.find((variant) => variant.language.slice(0, 2) === language) ?? words[0]) as AlertWords;
}
