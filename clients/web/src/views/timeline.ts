// PURE: the rows of a room as the timeline shows them: a line for each new day, one before what is new, neighbouring
// markers as one; and these items in chunks, so that a long room is drawn and compared in parts.

import type { BlankRow, Row } from "../town";
import { isShownRow } from "./case_words";

export type Item =
  | { readonly kind: "day"; readonly seq: number; readonly at: number }
  | { readonly kind: "new"; readonly seq: number }
  | { readonly kind: "blanks"; readonly seq: number; readonly first: BlankRow; readonly count: number }
  | {
      readonly kind: "row";
      readonly seq: number;
      readonly row: Exclude<Row, BlankRow>;
      /** Stands under the name above it. */
      readonly isContinued: boolean;
      /** What it replies to or changes, when that is loaded. */
      readonly target: Row | undefined;
    };

export interface Chunk {
  readonly number: number;
  readonly items: readonly Item[];
}

/** Rows of one author within this time stand under one name. */
const TOGETHER_MS = 5 * 60_000;
/** Entries in a chunk; a screen shows ten to twenty. */
const CHUNK = 20;

/** dayOf: what two rows of the same day have in common. newFrom: the seq before which the line "new" stands. */
export function itemsOf(rows: readonly Row[], dayOf: (at: number) => string, newFrom: number | null = null): Item[] {
  const items: Item[] = [];
  const shown = rows.filter((row) => row.kind !== "case" || isShownRow(row));
  shown.forEach((row, index) => {
    const before = shown[index - 1];
    const isNewDay = !before || dayOf(before.at) !== dayOf(row.at);
    if (isNewDay) items.push({ kind: "day", seq: row.seq, at: row.at });
    if (row.seq === newFrom) items.push({ kind: "new", seq: row.seq });
    if (row.kind === "blank") addBlank(items, row);
    else items.push(rowItem(rows, row, before, isNewDay || row.seq === newFrom));
  });
  return items;
}

function addBlank(items: Item[], row: BlankRow): void {
  const last = items.at(-1);
  if (last?.kind === "blanks" && last.first.reason === row.reason)
    items[items.length - 1] = { ...last, count: last.count + 1 };
  else items.push({ kind: "blanks", seq: row.seq, first: row, count: 1 });
}

function rowItem(rows: readonly Row[], row: Exclude<Row, BlankRow>, before: Row | undefined, isApart: boolean): Item {
  const about = row.kind === "message" ? row.reply_to : row.kind === "warning_line" ? row.change.data.target : undefined;
  const target = about === undefined ? undefined : rowAt(rows, about);
  return { kind: "row", seq: row.seq, row, isContinued: !isApart && isTogether(before, row), target };
}

function isTogether(before: Row | undefined, row: Row): boolean {
  if (before?.kind !== "message" || row.kind !== "message") return false;
  return before.by.id === row.by.id && row.at - before.at < TOGETHER_MS && row.reply_to === undefined;
}

/** Neighbouring markers that are shown as one. */
export function blanksFrom(rows: readonly Row[], first: BlankRow, count: number): readonly Row[] {
  const from = rows.findIndex(({ seq }) => seq === first.seq);
  return from < 0 ? [] : rows.slice(from, from + count);
}

/** Rows rise by seq. */
export function rowAt(rows: readonly Row[], seq: number): Row | undefined {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as Row).seq < seq) low = middle + 1;
    else high = middle;
  }
  return rows[low]?.seq === seq ? rows[low] : undefined;
}

/** Which chunk an entry is in: the same one whatever is loaded before or after it. */
export function chunkOf(seq: number): number {
  return Math.floor(seq / CHUNK);
}

export function chunksOf(items: readonly Item[]): Chunk[] {
  const chunks: { number: number; items: Item[] }[] = [];
  for (const item of items) {
    const number = chunkOf(item.seq);
    if (chunks.at(-1)?.number === number) chunks.at(-1)?.items.push(item);
    else chunks.push({ number, items: [item] });
  }
  return chunks;
}

/** Whether a chunk would be drawn as it was: rows are never changed, so comparing which they are is enough. */
export function isSameChunk(one: Chunk, other: Chunk): boolean {
  return (
    one.number === other.number &&
    one.items.length === other.items.length &&
    one.items.every((item, index) => isSameItem(item, other.items[index] as Item))
  );
}

function isSameItem(one: Item, other: Item): boolean {
  if (one.kind !== other.kind || one.seq !== other.seq) return false;
  if (one.kind === "blanks" && other.kind === "blanks") return one.count === other.count && one.first === other.first;
  if (one.kind !== "row" || other.kind !== "row") return true;
  return one.row === other.row && one.isContinued === other.isContinued && one.target === other.target;
}

const named = new WeakMap<readonly Row[], ReadonlyMap<string, string>>();

/** Names by person, of everybody who has a row here; the latest name counts. */
export function namesIn(rows: readonly Row[]): ReadonlyMap<string, string> {
  const known = named.get(rows);
  if (known) return known;
  const names = new Map(rows.map((row) => [row.by.id, row.by.name]));
  named.set(rows, names);
  return names;
}
