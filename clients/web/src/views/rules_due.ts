// Whether the house rules are still to be agreed to on this device: from joining until "I agree", across reloads.

import { signal } from "@preact/signals-core";

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const RULES = "bart.rules";

export const areRulesDue = signal(false);

/** Takes up where an earlier page of this device was left. */
export function restoreRules(store: Store): void {
  areRulesDue.value = store.getItem(RULES) === "due";
}

/** Who joins reads them before the first room. */
export function oweRules(store: Store = localStorage): void {
  store.setItem(RULES, "due");
  areRulesDue.value = true;
}

/** Agreed to, or nothing came of the joining. */
export function dropRules(store: Store = localStorage): void {
  store.removeItem(RULES);
  areRulesDue.value = false;
}
