// The code of the letter that this tab was opened with, from the address until somebody has joined with it.

import { signal } from "@preact/signals-core";

import { codeInFragment } from "../session";

/** Also written by public/first.js, which takes it out of the address before anything else runs. */
const LETTER = "bart.letter";

type Address = Pick<Location, "hash" | "pathname" | "search">;
type Past = Pick<History, "replaceState">;
type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** The code, or null where there is no letter. */
export const letter = signal<string | null>(null);

/**
 * Takes the code out of the address, where shoulders, histories and screenshots see it, and keeps it in the tab alone:
 * a phone that drops the page, while one looks for a password, must not send the reader back for the letter.
 */
export function takeLetter(address: Address, past: Past, store: Store): void {
  const fragment = address.hash;
  if (fragment) past.replaceState(null, "", address.pathname + address.search);
  const code = codeInFragment(fragment || (store.getItem(LETTER) ?? ""));
  if (code === null) return;
  store.setItem(LETTER, `#code=${code}`);
  letter.value = code;
}

/** It has served. */
export function dropLetter(store: Store = sessionStorage): void {
  store.removeItem(LETTER);
  letter.value = null;
}
