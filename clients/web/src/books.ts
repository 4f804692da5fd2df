// PURE: the open books of a town, for auditors: one for each neighbourhood with its streets, and those that are about
// no place: of private cases and of accounts of staff, by the part of the store that they are kept in.

import { above, fold, treeOf } from "./places";
import type { Place } from "./places";

export interface BookOfPlace {
  readonly id: string;
  readonly name: string;
  /** "Bouwlust, Escamp" */
  readonly where: string;
  /** The neighbourhood itself and its streets. */
  readonly rooms: readonly Pick<Place, "id" | "name">[];
}

/** By where they are, then by name. */
export function booksOf(places: readonly Place[]): BookOfPlace[] {
  const tree = treeOf(places);
  return places
    .filter(({ kind }) => kind === "neighbourhood")
    .map((place) => ({
      id: place.id,
      name: place.name,
      where: above(tree, place)
        .filter(({ kind }) => kind !== "municipality")
        .map(({ name }) => name)
        .join(", "),
      rooms: [place, ...(tree.below.get(place.id) ?? [])],
    }))
    .sort((a, b) => a.where.localeCompare(b.where, "nl") || a.name.localeCompare(b.name, "nl"));
}

/** Those of which the name, a street or the part of town begins a word with what was typed. */
export function matching(books: readonly BookOfPlace[], typed: string): BookOfPlace[] {
  const wanted = ` ${fold(typed)}`;
  const isIn = (name: string): boolean => ` ${fold(name)}`.includes(wanted);
  return books.filter(({ where, rooms }) => isIn(where) || rooms.some(({ name }) => isIn(name)));
}

const PARTS = 16;

/** Ids of the books of this kind. */
export function partsOf(kind: "case" | "staff"): string[] {
  return Array.from({ length: PARTS }, (_, part) => `${kind}:p${String(part).padStart(2, "0")}`);
}
