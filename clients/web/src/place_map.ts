// PURE: a map of neighbourhoods as shapes to be drawn: their own borders where the town has them, else a tile each.

import { everyPlace } from "./places";
import type { MultiPolygon, Place, PlaceTree, Position } from "./places";
import { boxOf, flat } from "./plane";
import type { Point } from "./plane";
import { cellsOf } from "./tile_map";

/** d: an SVG path; x, y: the middle, where a name fits, in the same units. */
export interface Shape {
  readonly id: string;
  readonly name: string;
  readonly d: string;
  readonly x: number;
  readonly y: number;
  /** How wide the name may be, in the same units. */
  readonly width: number;
}

export interface PlaceMap {
  readonly kind: "borders" | "tiles";
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** Units of the drawing. */
const WIDTH = 600;
const TILE = 100;
const BETWEEN = 6;
const CORNER = 14;
/** Finer than the eye. */
const DECIMALS = 1;

/** Of all neighbourhoods that may be chosen. */
export function mapOf(tree: PlaceTree): PlaceMap {
  const places = everyPlace(tree).filter(({ kind }) => kind === "neighbourhood");
  const hasBorders = places.length > 0 && places.every(({ geometry }) => geometry?.length);
  return hasBorders ? borders(places) : tiles(tree, places);
}

// tiles ----------------------------------------------------------------------------------------

function tiles(tree: PlaceTree, places: readonly Place[]): PlaceMap {
  const cells = cellsOf(tree, places);
  const names = new Map(places.map(({ id, name }) => [id, name]));
  const side = TILE - BETWEEN;
  const shapes = cells.map(({ id, column, row }): Shape => {
    const [left, top] = [column * TILE + BETWEEN / 2, row * TILE + BETWEEN / 2];
    const middle = { x: left + side / 2, y: top + side / 2 };
    return { id, name: names.get(id) ?? id, d: roundedSquare(left, top, side), ...middle, width: side };
  });
  const extent = (of: "column" | "row"): number => TILE * (1 + Math.max(0, ...cells.map((cell) => cell[of])));
  return { kind: "tiles", width: extent("column"), height: extent("row"), shapes };
}

function roundedSquare(left: number, top: number, side: number): string {
  const straight = side - 2 * CORNER;
  const turn = (x: number, y: number): string => `q${x > 0 === y > 0 ? `${x} 0` : `0 ${y}`} ${x} ${y}`;
  return (
    `M${left + CORNER} ${top}h${straight}${turn(CORNER, CORNER)}v${straight}${turn(-CORNER, CORNER)}` +
    `h${-straight}${turn(-CORNER, -CORNER)}v${-straight}${turn(CORNER, -CORNER)}z`
  );
}

// borders --------------------------------------------------------------------------------------

function borders(places: readonly Place[]): PlaceMap {
  const all = places.flatMap(({ geometry }) => pointsOf(geometry ?? []));
  const [left, top, right, bottom] = boxOf(all);
  const scale = WIDTH / Math.max(right - left, Number.EPSILON);
  const project = (position: Position): Point => {
    const { x, y } = flat(position);
    return { x: rounded((x - left) * scale), y: rounded((y - top) * scale) };
  };
  const shapes = places.map(({ id, name, geometry }) => shapeOf(id, name, geometry ?? [], project));
  return { kind: "borders", width: WIDTH, height: Math.max(1, rounded((bottom - top) * scale)), shapes };
}

function shapeOf(id: string, name: string, geometry: MultiPolygon, project: (at: Position) => Point): Shape {
  const rings = geometry.flat().map((ring) => ring.map(project));
  const d = rings.map((ring) => `M${ring.map(({ x, y }) => `${x} ${y}`).join("L")}z`).join("");
  const [left, top, right, bottom] = boxOf(rings.flat());
  return { id, name, d, x: rounded((left + right) / 2), y: rounded((top + bottom) / 2), width: right - left };
}

function pointsOf(geometry: MultiPolygon): Point[] {
  return geometry.flat(2).map(flat);
}

function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS));
}

// the way of arrows ----------------------------------------------------------------------------

/** Which shape an arrow leads to: the nearest in that direction, straight ahead before aside; null at the edge. */
export function neighbourOf({ shapes }: PlaceMap, id: string, arrow: string): string | null {
  const from = shapes.find((shape) => shape.id === id);
  const way = WAYS[arrow];
  if (!from || !way) return null;
  const ahead = shapes.flatMap((shape) => {
    const [dx, dy] = [shape.x - from.x, shape.y - from.y];
    const [along, aside] = [dx * way[0] + dy * way[1], Math.abs(dx * way[1] + dy * way[0])];
    return along > 0 && aside <= 2 * along ? [{ id: shape.id, far: along + 2 * aside }] : [];
  });
  return ahead.sort((a, b) => a.far - b.far || (a.id < b.id ? -1 : 1))[0]?.id ?? null;
}

const WAYS: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
