import { expect, test } from "vitest";

import { everyPlace, fold, found, heldOf, tidied, toggled, treeOf, within } from "./places";
import type { Chosen, Place, PlaceTree } from "./places";

/** A district of two wijken; the first has two neighbourhoods, of which one has two streets. */
const PLACES: readonly Place[] = [
  { id: "GM", name: "'s-Gravenhage", kind: "municipality" },
  { id: "escamp", name: "Escamp", kind: "district", parent: "GM" },
  { id: "W1", name: "Bouwlust en Vrederust", kind: "wijk", parent: "escamp" },
  { id: "B1", name: "Bouwlust-Oost", kind: "neighbourhood", parent: "W1" },
  { id: "S1", name: "Betje Wolffstraat", kind: "street", parent: "B1" },
  { id: "S2", name: "Café-Zürichpad", kind: "street", parent: "B1" },
  { id: "B2", name: "Vrederust", kind: "neighbourhood", parent: "W1" },
  { id: "S3", name: "Vrederustlaan", kind: "street", parent: "B2" },
  { id: "W2", name: "Leyenburg", kind: "wijk", parent: "escamp" },
  { id: "B3", name: "Leyenburg", kind: "neighbourhood", parent: "W2" },
  { id: "S4", name: "Leyweg", kind: "street", parent: "B3" },
  { id: "S5", name: "Volendamlaan", kind: "street", parent: "B3" },
  { id: "centrum", name: "Centrum", kind: "district", parent: "GM" },
];

const ESCAMP = treeOf(PLACES, ["escamp"]);
const chosen = (...ids: string[]): Chosen => new Set(ids);
const names = (places: readonly Place[]): string[] => places.map(({ name }) => name);
const toggle = (from: Chosen, ...ids: string[]): string[] =>
  [...ids.reduce((held, id) => toggled(ESCAMP, held, id), from)].sort();

test("only the own area is there to choose from, and a place within another one is no root", () => {
  expect(names(ESCAMP.roots)).toEqual(["Escamp"]);
  expect(names(everyPlace(ESCAMP))).not.toContain("Centrum");
  expect(names(treeOf(PLACES, ["W1", "B1", "centrum"]).roots)).toEqual(["Bouwlust en Vrederust", "Centrum"]);
  expect(treeOf(PLACES, undefined).roots).toEqual([]);
});

test("all streets of a neighbourhood are the neighbourhood, and so on upwards", () => {
  expect(toggle(chosen(), "S1")).toEqual(["S1"]);
  expect(toggle(chosen(), "S1", "S2")).toEqual(["B1"]);
  expect(toggle(chosen(), "S1", "S2", "S3")).toEqual(["W1"]);
  expect(toggle(chosen(), "S1", "S2", "S3", "S4", "S5")).toEqual(["escamp"]);
});

test("what is above the own area is never chosen", () => {
  const wijk = treeOf(PLACES, ["W1"]);
  expect([...toggled(wijk, chosen("B1"), "B2")]).toEqual(["W1"]);
});

test("a larger place takes the place of what lies in it", () => {
  expect(toggle(chosen("S1", "S4"), "W1")).toEqual(["S4", "W1"]);
  expect(toggle(chosen("S1"), "B1")).toEqual(["B1"]);
});

test("of a whole place one part goes and the rest stays", () => {
  expect(toggle(chosen("escamp"), "S1")).toEqual(["B2", "S2", "W2"]);
  expect(toggle(chosen("W1"), "W1")).toEqual([]);
});

test("taking a part back and forth changes nothing", () => {
  expect(toggle(chosen("escamp"), "S1", "S1")).toEqual(["escamp"]);
});

test("a place is chosen whole, in part or not at all", () => {
  const held = (id: string): string => heldOf(ESCAMP, chosen("B1"), id);
  expect(["B1", "S1", "W1", "escamp", "B2", "W2"].map(held)).toEqual(["all", "all", "some", "some", "none", "none"]);
});

test("what was kept from before is made the fewest places that exist", () => {
  expect([...tidied(ESCAMP, ["S1", "gone", "S2", "centrum"])]).toEqual(["B1"]);
});

test("whatever is ticked in whatever order, the choice is what was ticked, in the fewest places", () => {
  const ids = everyPlace(ESCAMP).map(({ id }) => id);
  let seed = 7;
  const next = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
  for (let run = 0; run < 300; run += 1) {
    const ticked = new Set<string>();
    let held: Chosen = new Set();
    for (let step = 0; step < 8; step += 1) {
      const id = ids[next(ids.length)] as string;
      const isOn = heldOf(ESCAMP, held, id) !== "all";
      held = toggled(ESCAMP, held, id);
      for (const leaf of leavesOf(ESCAMP, [id])) if (isOn) ticked.add(leaf);
      else ticked.delete(leaf);
      expect(leavesOf(ESCAMP, held)).toEqual([...ticked].sort());
      const parents = [...held].map((one) => ESCAMP.byId.get(one)?.parent);
      for (const parent of parents.filter((one) => one && one !== "GM"))
        expect(ESCAMP.below.get(parent as string)?.every((child) => held.has(child.id))).toBe(false);
    }
  }
});

function leavesOf(tree: PlaceTree, ids: Iterable<string>): string[] {
  const inside = [...ids].flatMap((id) => within(tree, tree.byId.get(id) as Place));
  return [...new Set(inside.filter(({ kind }) => kind === "street").map(({ id }) => id))].sort();
}

test.each([
  ["Café-Zürichpad", "cafe zurichpad"],
  ["'s-Gravenhage", "s gravenhage"],
  ["Ørestad  Łódź", "orestad lodz"],
])("%s is compared as %s", (name, folded) => expect(fold(name)).toBe(folded));

test("a name is found by the beginnings of its words, without accents, the larger place first", () => {
  expect(names(found(ESCAMP, "zur"))).toEqual(["Café-Zürichpad"]);
  expect(found(ESCAMP, "richpad")).toEqual([]);
  expect(names(found(ESCAMP, "CAFE z"))).toEqual(["Café-Zürichpad"]);
  expect(names(found(ESCAMP, "vrederust"))).toEqual(["Vrederust", "Vrederustlaan", "Bouwlust en Vrederust"]);
  expect(names(found(ESCAMP, "ley"))).toEqual(["Leyenburg", "Leyenburg", "Leyweg"]);
  expect(found(ESCAMP, "  ")).toEqual([]);
  expect(found(ESCAMP, "centrum")).toEqual([]);
});
