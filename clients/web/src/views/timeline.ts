// PURE: the rows of a room as the timeline shows them: a line for each new day, neighbouring markers as one.

import type { BlankRow, Row } from "../town";

export type Item =
  | { readonly kind: "day"; readonly key: string; readonly at: number }
  | { readonly kind: "blanks"; readonly key: string; readonly first: BlankRow; readonly count: number }
  | { readonly kind: "row"; readonly key: string; readonly row: Exclude<Row, BlankRow>; readonly isContinued: boolean };

/** Rows of one author within this time stand under one name. */
const TOGETHER_MS = 5 * 60_000;

/** dayOf: what two rows of the same day have in common. */
export function itemsOf(rows: readonly Row[], dayOf: (at: number) => string): Item[] {
  const items: Item[] = [];
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    const isNewDay = !before || dayOf(before.at) !== dayOf(row.at);
    if (isNewDay) items.push({ kind: "day", key: `day ${row.seq}`, at: row.at });
    if (row.kind !== "blank") {
      items.push({ kind: "row", key: `row ${row.seq}`, row, isContinued: !isNewDay && isTogether(before, row) });
      return;
    }
    const last = items.at(-1);
    if (last?.kind === "blanks" && last.first.reason === row.reason)
      items[items.length - 1] = { ...last, count: last.count + 1 };
    else items.push({ kind: "blanks", key: `blank ${row.seq}`, first: row, count: 1 });
  });
  return items;
}

function isTogether(before: Row | undefined, row: Row): boolean {
  if (before?.kind !== "message" || row.kind !== "message") return false;
  return before.by.id === row.by.id && row.at - before.at < TOGETHER_MS && row.reply_to === undefined;
}
