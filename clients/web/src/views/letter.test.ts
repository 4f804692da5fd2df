import { beforeEach, expect, test } from "vitest";

import { dropLetter, letter, takeLetter } from "./letter";

let kept: Map<string, string>;
let shown: string[];

const store = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};
const past = { replaceState: (_state: unknown, _title: string, url?: string | URL | null) => void shown.push(`${url}`) };

function open(hash: string): void {
  takeLetter({ hash, pathname: "/", search: "" }, past, store);
}

beforeEach(() => {
  kept = new Map();
  shown = [];
  letter.value = null;
});

test("the letter's code is read and leaves the address", () => {
  open("#code=abcde-fghjk");
  expect([letter.value, shown]).toEqual(["ABCDEFGHJK", ["/"]]);
});

test("a page that is loaded anew still knows the letter, until somebody has joined with it", () => {
  open("#code=ABCDEFGHJK");
  letter.value = null;
  open("");
  expect([letter.value, shown]).toEqual(["ABCDEFGHJK", ["/"]]);
  dropLetter(store);
  open("");
  expect(letter.value).toBeNull();
});

test("a second letter takes the place of the first one", () => {
  open("#code=ABCDEFGHJK");
  open("#code=KJHGFEDCBA");
  expect(letter.value).toBe("KJHGFEDCBA");
});

test("a fragment without a code leaves the address too, and is no letter", () => {
  open("#name=Ada");
  expect([letter.value, shown, kept.size]).toEqual([null, ["/"], 0]);
});
