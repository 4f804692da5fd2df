// PURE: the tree of places of which staff choose: searched by name, and chosen as the fewest places that say it.

import type { Person } from "./protocol.gen";

export type PlaceKind = "municipality" | "district" | "wijk" | "neighbourhood" | "street";

/** Longitude and latitude in degrees, as GeoJSON has them. */
export type Position = readonly [longitude: number, latitude: number];
/** Polygons, each of rings: the border, then holes. */
export type MultiPolygon = readonly (readonly (readonly Position[])[])[];

/** As GET /api/places gives it. centre: latitude, longitude. */
export interface Place {
  readonly id: string;
  readonly name: string;
  readonly kind: PlaceKind;
  readonly parent?: string | null;
  readonly centre?: readonly [latitude: number, longitude: number] | null;
  readonly geometry?: MultiPolygon | null;
}

export interface PlaceTree {
  readonly byId: ReadonlyMap<string, Place>;
  readonly below: ReadonlyMap<string, readonly Place[]>;
  /** What there is to choose from, outermost. */
  readonly roots: readonly Place[];
}

export type Chosen = ReadonlySet<string>;
/** Of a place: it is chosen whole, some of what lies in it is, or nothing. */
export type Held = "all" | "some" | "none";

/** What lies in these places; those within another one of them are no roots. */
export function treeOf(places: readonly Place[], jurisdiction: Person["jurisdiction"] = []): PlaceTree {
  const byId = new Map(places.map((place) => [place.id, place]));
  const below = new Map<string, Place[]>();
  for (const place of places) {
    const siblings = below.get(place.parent ?? "") ?? [];
    if (place.parent) below.set(place.parent, siblings);
    siblings.push(place);
  }
  const named = places.filter(({ id }) => jurisdiction.includes(id));
  const roots = named.filter((place) => !above({ byId }, place).some(({ id }) => jurisdiction.includes(id)));
  return { byId, below, roots };
}

/** The nearest first. */
export function above({ byId }: Pick<PlaceTree, "byId">, place: Place): Place[] {
  const parent = place.parent ? byId.get(place.parent) : undefined;
  return parent ? [parent, ...above({ byId }, parent)] : [];
}

export function childrenOf({ below }: PlaceTree, id: string): readonly Place[] {
  return below.get(id) ?? [];
}

/** The place itself and all in it, from the outside in. */
export function within(tree: PlaceTree, place: Place): Place[] {
  return [place, ...childrenOf(tree, place.id).flatMap((child) => within(tree, child))];
}

/** Whatever may be chosen. */
export function everyPlace(tree: PlaceTree): Place[] {
  return tree.roots.flatMap((root) => within(tree, root));
}

/** Up to the root that may be chosen, the nearest first; the place itself leads. */
function lineOf(tree: PlaceTree, id: string): Place[] {
  const place = tree.byId.get(id);
  if (!place) return [];
  const line = [place, ...above(tree, place)];
  const end = line.findIndex((one) => tree.roots.includes(one));
  return line.slice(0, end + 1);
}

export function heldOf(tree: PlaceTree, chosen: Chosen, id: string): Held {
  if (lineOf(tree, id).some((place) => chosen.has(place.id))) return "all";
  const place = tree.byId.get(id);
  return place && within(tree, place).some((inner) => chosen.has(inner.id)) ? "some" : "none";
}

/** Chosen whole, it goes; else all of it comes. */
export function toggled(tree: PlaceTree, chosen: Chosen, id: string): Chosen {
  return heldOf(tree, chosen, id) === "all" ? without(tree, chosen, id) : withPlace(tree, chosen, id);
}

/** A place instead of all that lies in it: where every part is chosen, what they make up is. */
export function withPlace(tree: PlaceTree, chosen: Chosen, id: string): Chosen {
  const place = tree.byId.get(id);
  if (!place || lineOf(tree, id).some((one) => chosen.has(one.id))) return chosen;
  const inside = new Set(within(tree, place).map((inner) => inner.id));
  const now = new Set([...[...chosen].filter((held) => !inside.has(held)), id]);
  const [, parent] = lineOf(tree, id);
  const isWhole = parent && childrenOf(tree, parent.id).every((child) => now.has(child.id));
  return isWhole ? withPlace(tree, now, parent.id) : now;
}

/** Of a larger place that was chosen whole, everything beside this stays. */
function without(tree: PlaceTree, chosen: Chosen, id: string): Chosen {
  const line = lineOf(tree, id);
  const whole = line.find((place) => chosen.has(place.id));
  if (!whole) return chosen;
  const path = line.slice(0, line.indexOf(whole));
  const beside = [...path].reverse().flatMap((step) => {
    const siblings = step.parent ? childrenOf(tree, step.parent) : [];
    return siblings.filter((sibling) => sibling.id !== step.id);
  });
  return new Set([...[...chosen].filter((held) => held !== whole.id), ...beside.map((place) => place.id)]);
}

/** Those that exist and may be chosen, without any that lies in another: of what was kept from before. */
export function tidied(tree: PlaceTree, ids: Iterable<string>): Chosen {
  const known = [...ids].filter((id) => lineOf(tree, id).length > 0);
  return known.reduce<Chosen>((chosen, id) => withPlace(tree, chosen, id), new Set());
}

// by name ----------------------------------------------------------------------------------------

const MARKS = /\p{M}/gu;
/** Letters that Unicode does not take apart, and that stand in street names all the same. */
const WHOLE: Readonly<Record<string, string>> = { ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", æ: "ae", œ: "oe", ı: "i" };
const APOSTROPHES = /['’‘ʼ`´′]/g;
const BETWEEN = /[^\p{L}\p{N}]+/gu;

/** As names are compared: case, accents, apostrophes and dashes make no difference. */
export function fold(name: string): string {
  const plain = name.replace(APOSTROPHES, "").normalize("NFKD").replace(MARKS, "").toLowerCase();
  return plain.replace(/[øłđðþæœı]/g, (letter) => WHOLE[letter] ?? letter).replace(BETWEEN, " ").trim();
}

/**
 * The places that have every word of what was typed in their name, at the beginning of a word; names that begin with
 * it come first, then larger places before smaller ones. Nothing typed finds nothing.
 */
export function found(tree: PlaceTree, typed: string): Place[] {
  const wanted = fold(typed);
  if (!wanted) return [];
  const words = wanted.split(" ");
  const hits = everyPlace(tree).filter(({ name }) => {
    const folded = ` ${fold(name)}`;
    return words.every((word) => folded.includes(` ${word}`));
  });
  const isFirst = (place: Place): number => (fold(place.name).startsWith(wanted) ? 0 : 1);
  return hits.sort((a, b) => isFirst(a) - isFirst(b) || LEVELS[a.kind] - LEVELS[b.kind]);
}

const LEVELS: Readonly<Record<PlaceKind, number>> = {
  municipality: 0,
  district: 1,
  wijk: 2,
  neighbourhood: 3,
  street: 4,
};
