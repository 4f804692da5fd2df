// PURE: where the tiles of a map of neighbourhoods lie, for a town without borders: as near as may be to where the
// neighbourhoods are, none over another. The same places give the same layout.

import { above } from "./places";
import type { Place, PlaceTree } from "./places";
import { boxOf, flat } from "./plane";
import type { Point } from "./plane";

export interface Cell {
  readonly id: string;
  readonly column: number;
  readonly row: number;
}

/** Places for each cell of the first layout: those beyond one move to the nearest free one. */
const FILLED = 1.2;
/** Where nothing is for longer than this part of the way across, it is made as short: parts of a town lie far apart. */
const LONGEST_GAP = 0.12;

/**
 * A cell of its own for each place, as near as may be to where it is; empty rows and columns are left out. A place
 * without a centre is where its wijk or district is; one of which nobody knows comes after the others.
 */
export function cellsOf(tree: PlaceTree, places: readonly Place[]): Cell[] {
  const placed = places.flatMap((place) => {
    const centre = centreOf(tree, place);
    return centre ? [{ id: place.id, ...flat([centre[1], centre[0]]) }] : [];
  });
  const unplaced = places.filter((place) => !centreOf(tree, place));
  const taken = new Set<string>();
  const cells = gridded(placed).map(({ id, x, y }) => {
    const cell = nearestFree(x, y, taken);
    taken.add(keyOf(cell.column, cell.row));
    return { id, ...cell };
  });
  return compact([...cells, ...inRows(unplaced, cells)]);
}

function centreOf(tree: PlaceTree, place: Place): readonly [number, number] | null {
  const known = [place, ...above(tree, place)].find(({ centre }) => centre);
  return known?.centre ?? null;
}

/** In units of a cell: as many cells as leave some room, each as wide as high. From the north, then the west. */
function gridded<P extends Point & { id: string }>(placed: readonly P[]): P[] {
  if (placed.length === 0) return [];
  const near = nearer(placed);
  const [left, top, right, bottom] = boxOf(near);
  const area = Math.max((right - left) * (bottom - top), Number.EPSILON);
  const scale = Math.sqrt(placed.length / FILLED / area);
  const most = placed.length * 2; // of places in a row, or on one spot
  const cell = (at: number, from: number): number => Math.min(most, Math.round((at - from) * scale));
  return near
    .map((one) => ({ ...one, x: cell(one.x, left), y: cell(one.y, top) }))
    .sort((a, b) => a.y - b.y || a.x - b.x || (a.id < b.id ? -1 : 1));
}

/** Without the long gaps between them. */
function nearer<P extends Point>(placed: readonly P[]): P[] {
  const [x, y] = [shortened(placed.map((one) => one.x)), shortened(placed.map((one) => one.y))];
  return placed.map((one) => ({ ...one, x: x.get(one.x) ?? 0, y: y.get(one.y) ?? 0 }));
}

function shortened(values: readonly number[]): Map<number, number> {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const longest = LONGEST_GAP * ((sorted.at(-1) ?? 0) - (sorted[0] ?? 0));
  const short = new Map<number, number>();
  sorted.reduce((at, value, n) => {
    const now = n === 0 ? 0 : at + Math.min(longest, value - (sorted[n - 1] ?? value));
    short.set(value, now);
    return now;
  }, 0);
  return short;
}

/** Around the wish, ring by ring; within a ring the nearest, then from the north. */
function nearestFree(x: number, y: number, taken: ReadonlySet<string>): Omit<Cell, "id"> {
  for (let reach = 0; ; reach += 1) {
    const free = ringAround(x, y, reach).filter(({ column, row }) => !taken.has(keyOf(column, row)));
    const [first] = free.sort((a, b) => distance(a, x, y) - distance(b, x, y) || a.row - b.row || a.column - b.column);
    if (first) return first;
  }
}

function ringAround(x: number, y: number, reach: number): Omit<Cell, "id">[] {
  const steps = Array.from({ length: 2 * reach + 1 }, (_, step) => step - reach);
  const square = steps.flatMap((down) => steps.map((right) => ({ column: x + right, row: y + down })));
  return square.filter(({ column, row }) => Math.max(Math.abs(column - x), Math.abs(row - y)) === reach);
}

function distance({ column, row }: Omit<Cell, "id">, x: number, y: number): number {
  return (column - x) ** 2 + (row - y) ** 2;
}

/** Below the others. */
function inRows(places: readonly Place[], cells: readonly Cell[]): Cell[] {
  const perRow = Math.max(4, Math.ceil(Math.sqrt(places.length)));
  const from = 1 + Math.max(-1, ...cells.map(({ row }) => row));
  return places.map(({ id }, n) => ({ id, column: n % perRow, row: from + Math.floor(n / perRow) }));
}

function compact(cells: readonly Cell[]): Cell[] {
  const [columns, rows] = (["column", "row"] as const).map((of) =>
    [...new Set(cells.map((cell) => cell[of]))].sort((a, b) => a - b),
  );
  const rank = (of: number[] | undefined, at: number): number => of?.indexOf(at) ?? 0;
  return cells.map(({ id, column, row }) => ({ id, column: rank(columns, column), row: rank(rows, row) }));
}

function keyOf(column: number, row: number): string {
  return `${column} ${row}`;
}
