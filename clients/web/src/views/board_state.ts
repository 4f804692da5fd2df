// What is chosen on the board; it stays while one is in a room.

import { signal } from "@preact/signals-core";

import { EVERYTHING } from "../board";
import type { Filter } from "../board";

export const filter = signal<Filter>(EVERYTHING);
/** The room of which everything is shown. */
export const chosenRoom = signal<string | null>(null);

export function refine(change: Partial<Filter>): void {
  filter.value = { ...filter.peek(), ...change };
}

let whose = "";

/** Somebody else on the same page begins anew. */
export function openedBy(person: string): void {
  if (whose === person) return;
  whose = person;
  filter.value = EVERYTHING;
  chosenRoom.value = null;
}
