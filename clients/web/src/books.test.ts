// The books that an auditor chooses from.

import { expect, test } from "vitest";

import { booksOf, matching, partsOf } from "./books";
import type { Place } from "./places";

const PLACES: readonly Place[] = [
  { id: "town", name: "Den Haag", kind: "municipality" },
  { id: "escamp", name: "Escamp", kind: "district", parent: "town" },
  { id: "bouwlust", name: "Bouwlust", kind: "wijk", parent: "escamp" },
  { id: "west", name: "Moerwijk-West", kind: "neighbourhood", parent: "bouwlust" },
  { id: "east", name: "Moerwijk-Oost", kind: "neighbourhood", parent: "bouwlust" },
  { id: "luyken", name: "Jan Luykenlaan", kind: "street", parent: "west" },
];

test("a book is that of a neighbourhood with its streets, and says where it is", () => {
  const books = booksOf(PLACES);
  expect(books.map(({ name, where }) => [name, where])).toEqual([
    ["Moerwijk-Oost", "Bouwlust, Escamp"],
    ["Moerwijk-West", "Bouwlust, Escamp"],
  ]);
  expect(books[1]?.rooms.map(({ id }) => id)).toEqual(["west", "luyken"]);
});

test.each([
  ["", ["east", "west"]],
  ["luyk", ["west"]],
  ["OOST", ["east"]],
  ["escamp", ["east", "west"]],
  ["uyken", []],
])("by %j one finds %j", (typed, ids) => {
  expect(matching(booksOf(PLACES), typed).map(({ id }) => id)).toEqual(ids);
});

test("what is about no place stands in sixteen parts", () => {
  expect([partsOf("case")[0], partsOf("staff").at(-1), partsOf("case").length]).toEqual(["case:p00", "staff:p15", 16]);
});
