// Who is offered which sheet about what somebody said.

import { expect, test } from "vitest";

import { ADA, BEN } from "../cast";
import type { Person, RoomKind } from "../protocol.gen";
import { sheetFor } from "./moderating";

const JUDGE: Person = { id: "person-bakker", name: "Moderator", role: "moderator", organisation: "municipality" };
const OFFICER: Person = { id: "person-vega", name: "Wijkagent", role: "officer", organisation: "police" };

test.each<[string, RoomKind, Person, string | null, string | null]>([
  ["a neighbour reports another one's words", "street", ADA, BEN.id, "report"],
  ["nobody reports their own", "street", ADA, ADA.id, null],
  ["a moderator of the municipality takes a measure", "neighbourhood", JUDGE, BEN.id, "measure"],
  ["also on what is hidden, whoever wrote it", "street", JUDGE, null, "measure"],
  ["an officer reports as neighbours do", "street", OFFICER, BEN.id, "report"],
  ["at a desk there are colleagues", "desk", JUDGE, BEN.id, null],
  ["in a private case nobody looks on", "case", ADA, BEN.id, null],
])("%s", (_, kind, me, author, sheet) => {
  expect(sheetFor({ kind }, me, author)).toBe(sheet);
});
