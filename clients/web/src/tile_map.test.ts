import { expect, test } from "vitest";

import { linesOf } from "./map_label";
import { mapOf, neighbourOf } from "./place_map";
import { everyPlace, treeOf } from "./places";
import type { Place } from "./places";
import { cellsOf } from "./tile_map";
import type { Cell } from "./tile_map";

/** A wijk of three neighbourhoods in the middle; others north, south, east and west of it, and one nobody knows of. */
const TOWN: readonly Place[] = [
  { id: "GM", name: "Town", kind: "municipality" },
  wijk("middle", [52.05, 4.3]),
  ...["a", "b", "c"].map((id) => buurt(id, "middle")),
  wijk("north", [52.09, 4.3]),
  buurt("n", "north"),
  wijk("south", [52.01, 4.3]),
  buurt("s", "south"),
  wijk("west", [52.05, 4.24]),
  buurt("w", "west"),
  { ...buurt("e", "west"), centre: [52.05, 4.36] },
  wijk("unknown"),
  buurt("u", "unknown"),
];

function wijk(id: string, centre?: readonly [number, number]): Place {
  return { id, name: id, kind: "wijk", parent: "GM", ...(centre ? { centre } : {}) };
}

function buurt(id: string, parent: string): Place {
  return { id, name: id, kind: "neighbourhood", parent };
}

function laidOut(places: readonly Place[]): Map<string, Cell> {
  const tree = treeOf(places, ["GM"]);
  const cells = cellsOf(tree, everyPlace(tree).filter(({ kind }) => kind === "neighbourhood"));
  return new Map(cells.map((cell) => [cell.id, cell]));
}

const square = (left: number, bottom: number, id = "x"): Place => {
  const corners = [[0, 0], [0.01, 0], [0.01, 0.01], [0, 0.01], [0, 0]] as const;
  return { ...buurt(id, "GM"), geometry: [[corners.map(([x, y]) => [left + x, bottom + y] as const)]] };
};

test("no tile lies over another", () => {
  const cells = [...laidOut(TOWN).values()];
  expect(new Set(cells.map(({ column, row }) => `${column} ${row}`)).size).toBe(8);
});

test("north is above, east to the right, and what nobody knows comes last", () => {
  const at = laidOut(TOWN);
  const of = (id: string): Cell => at.get(id) as Cell;
  expect(of("n").row).toBeLessThan(of("a").row);
  expect(of("s").row).toBeGreaterThan(of("a").row);
  expect(of("w").column).toBeLessThan(of("a").column);
  expect(of("e").column).toBeGreaterThan(of("a").column);
  expect(of("u").row).toBe(Math.max(...[...at.values()].map(({ row }) => row)));
});

test("the same town is laid out the same, in whatever order its places come", () => {
  const sorted = (cells: Map<string, Cell>): unknown => Object.fromEntries([...cells].sort());
  expect(sorted(laidOut([...TOWN].reverse()))).toEqual(sorted(laidOut(TOWN)));
});

test("no row and no column is empty, however far the parts of a town lie apart", () => {
  const far = [...TOWN, wijk("far", [52.05, 5.9]), ...["f", "g"].map((id) => buurt(id, "far"))];
  const cells = [...laidOut(far).values()];
  for (const of of ["column", "row"] as const) {
    const used = new Set(cells.map((cell) => cell[of]));
    expect(used.size).toBe(Math.max(...used) + 1);
    expect(used.size).toBeLessThan(9);
  }
});

test("a hundred neighbourhoods on one spot each have a tile, in a block", () => {
  const many = Array.from({ length: 100 }, (_, n) => buurt(`m${n}`, "middle"));
  const cells = [...laidOut([...TOWN.slice(0, 2), ...many]).values()];
  expect(new Set(cells.map(({ column, row }) => `${column} ${row}`)).size).toBe(100);
  expect(Math.max(...cells.map(({ column }) => column))).toBeLessThan(12);
});

test("where every neighbourhood has borders, they are drawn, north up, holes and all", () => {
  const hole = [[4.002, 52.002], [4.004, 52.002], [4.004, 52.004], [4.002, 52.002]] as const;
  const south = square(4, 52, "south");
  const holed: Place = { ...south, geometry: [[...(south.geometry?.[0] ?? []), hole]] };
  const { kind, width, height, shapes } = mapOf(treeOf([TOWN[0] as Place, holed, square(4, 52.01, "north")], ["GM"]));
  expect([kind, width]).toEqual(["borders", 600]);
  expect(height).toBeGreaterThan(1_900); // a degree of longitude is shorter than one of latitude
  expect(shapes.map(({ d }) => d.match(/M/g)?.length)).toEqual([2, 1]);
  const [low, high] = shapes;
  expect(high?.y).toBeLessThan(low?.y ?? 0);
});

test("one without borders makes tiles of all", () => {
  expect(mapOf(treeOf([TOWN[0] as Place, square(4, 52, "has"), buurt("hasnot", "GM")], ["GM"])).kind).toBe("tiles");
  expect(mapOf(treeOf([], ["GM"])).shapes).toEqual([]);
});

test("arrows lead to the nearest shape in their direction, and nowhere at the edge", () => {
  const corners = ["sw", "se", "nw", "ne"];
  const squares = corners.map((id, n) => square(4 + 0.01 * (n % 2), 52 + 0.01 * Math.floor(n / 2), id));
  const map = mapOf(treeOf(squares, corners));
  const to = (id: string, arrow: string): string | null => neighbourOf(map, id, arrow);
  expect(to("sw", "ArrowRight")).toBe("se");
  expect(to("sw", "ArrowUp")).toBe("nw");
  expect(to("ne", "ArrowDown")).toBe("se");
  expect(to("ne", "ArrowLeft")).toBe("nw");
  expect(to("ne", "ArrowRight")).toBeNull();
  expect(to("ne", "Enter")).toBeNull();
});

test.each([
  ["Leyenburg", ["Leyenburg"]],
  ["Venen, Oorden en Raden", ["Venen,", "Oorden en", "Raden"]],
  ["Rustenburg-Oostbroek", ["Rustenburg-", "Oostbroek"]],
  ["Kerketuinen en Zichtenburg van het Westland", ["Kerketuinen", "en", "Zichtenbur…"]],
  ["Erasmusveldbuurt", ["Erasmusveld-", "buurt"]],
  ["Wateringseveldsepad", ["Wateringse-", "veldsepad"]],
])("%s stands as %j", (name, lines) => expect(linesOf(name, 11, 3)).toEqual(lines));
