import { expect, test } from "vitest";

import { judge, judgeProof, keepSeal, sealSeen, toldOf } from "./audit";
import type { AuditView } from "./protocol.gen";

const VEGA = { id: "vega", name: "Wijkagent", role: "officer", organisation: "police" } as const;
const BAKKER = { id: "bakker", name: "Moderator gemeente", role: "moderator", organisation: "municipality" } as const;
const A = "a".repeat(64);
const B = "b".repeat(64);

function row(n: number, deed: string, more: Partial<AuditView> = {}): AuditView {
  return { n, at: 1_000 * n, deed, by: VEGA, room: "laan", ground: { kind: "case", id: "p07.k3m9" }, ...more };
}

test("a coming and its going are one stay, and others stand between them", () => {
  const told = toldOf([row(4, "staff.left"), row(3, "case.resolved"), row(2, "staff.entered"), row(1, "case.accepted")]);
  expect(told.map(({ kind, key }) => [kind, key])).toEqual([
    ["deed", 3],
    ["stay", 2],
    ["deed", 1],
  ]);
  expect(told[1]).toMatchObject({ at: 2_000, came: { n: 2 }, went: { n: 4 } });
});

test("who is inside still has no going", () => {
  expect(toldOf([row(1, "staff.entered")])).toMatchObject([{ came: { n: 1 }, went: null }]);
});

test("a going whose coming stands on an earlier page is told by itself", () => {
  expect(toldOf([row(9, "staff.left")])).toMatchObject([{ at: 9_000, came: null, went: { n: 9 } }]);
});

test("two of the staff, and two grounds of one, are not taken for each other", () => {
  const report = { ground: { kind: "case", id: "p07.other" } } as const;
  const rows = [
    row(5, "staff.left"),
    row(4, "staff.entered", report),
    row(3, "staff.entered", { by: BAKKER }),
    row(2, "staff.entered"),
  ];
  const stays = toldOf(rows);
  expect(stays.map(({ key }) => key)).toEqual([4, 3, 2]);
  expect(stays.map((stay) => stay.kind === "stay" && stay.went?.n)).toEqual([undefined, undefined, 5]);
});

test("who came twice for the same has two stays", () => {
  const rows = [row(4, "staff.left"), row(3, "staff.entered"), row(2, "staff.left"), row(1, "staff.entered")];
  expect(toldOf(rows)).toMatchObject([
    { came: { n: 3 }, went: { n: 4 } },
    { came: { n: 1 }, went: { n: 2 } },
  ]);
});

test.each([
  ["nothing seen before", null, { n: 3, hash: A }, "first"],
  ["the same head", { n: 3, hash: A }, { n: 3, hash: A }, "whole"],
  ["another seal at the same row", { n: 3, hash: A }, { n: 3, hash: B }, "changed"],
  ["a shorter book", { n: 3, hash: A }, { n: 2, hash: B }, "changed"],
  ["an empty book", { n: 3, hash: A }, { n: 0, hash: B }, "changed"],
  ["a longer book", { n: 3, hash: A }, { n: 9, hash: B }, "ask"],
  ["seen just before what is kept", { n: 3, hash: A }, { n: 9, hash: B, first: 4 }, "ask"],
  ["seen long before what is kept", { n: 3, hash: A }, { n: 9, hash: B, first: 5 }, "first"],
] as const)("%s", (_, seen, head, verdict) => {
  expect(judge(seen, head)).toBe(verdict);
});

test("a longer book is whole when it shows the seal that was seen", () => {
  const seen = { n: 3, hash: A };
  expect([judgeProof(seen, A), judgeProof(seen, B), judgeProof(seen, null)]).toEqual(["whole", "changed", "changed"]);
});

test("seals are kept by book, and what is no seal is none", () => {
  const kept = new Map<string, string>();
  const store = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => void kept.set(key, text) };
  keepSeal(store, "BU1", { n: 3, hash: A });
  keepSeal(store, "BU2", { n: 0, hash: B });
  expect([sealSeen(store, "BU1"), sealSeen(store, "BU2")]).toEqual([{ n: 3, hash: A }, null]);
  for (const text of ["{", "null", '{"BU1": 5}', '{"BU1": {"n": "3"}}']) {
    kept.set("bart.seals", text);
    expect(sealSeen(store, "BU1")).toBeNull();
  }
});
