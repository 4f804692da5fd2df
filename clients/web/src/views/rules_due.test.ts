import { beforeEach, expect, test } from "vitest";

import { areRulesDue, dropRules, oweRules, restoreRules } from "./rules_due";

let kept: Map<string, string>;

const store = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};

/** The page is loaded anew. */
function reload(): void {
  areRulesDue.value = false;
  restoreRules(store);
}

beforeEach(() => {
  kept = new Map();
  reload();
});

test("who signs in on another device is not asked again", () => {
  expect(areRulesDue.value).toBe(false);
});

test("who joins sees the rules until they are agreed to, also when the page is loaded anew on the way", () => {
  oweRules(store);
  reload();
  expect(areRulesDue.value).toBe(true);
  dropRules(store);
  reload();
  expect(areRulesDue.value).toBe(false);
});
