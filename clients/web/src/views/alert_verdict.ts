// Whether an alert is what the town signed, judged once per message, by the keys that stand in the page.

import { signal } from "@preact/signals-core";
import type { ReadonlySignal } from "@preact/signals-core";

import type { AlertEvent, AlertRow, PinnedAlert } from "../town";
import type { AlertType } from "../protocol.gen";
import { keysIn, verify } from "../verify";
import type { Keys, Told } from "../verify";
import type { Judged } from "./alert_card";

/** More than one page ever shows. */
const MOST = 500;
const TYPES: Record<AlertEvent, AlertType | null> = {
  "alert.broadcast": "alert",
  "alert.updated": "update",
  "alert.cancelled": "cancel",
  "alert.cleared": "clear",
  "alert.expired": null,
};

const verdicts = new Map<string, ReadonlySignal<Judged>>();
let known: Keys | undefined;

/** Of one that is pinned, or of what ended it. Reading it draws anew once it is judged. */
export function verdictOf({ room, alert, n, at, body, signature, key, ends }: PinnedAlert): Judged {
  return judged({ room, alert, n, at, body, signature, key, type: ends ?? (n === 1 ? "alert" : "update") });
}

/** Of an entry of the log; one that is not signed is judged by nobody. */
export function verdictOfRow({ event, at, data }: AlertRow, room: string): Judged {
  const type = TYPES[event];
  return type && "body" in data ? judged({ ...data, room, at, type }) : "unchecked";
}

function judged(told: Told): Judged {
  const name = JSON.stringify([told.room, told.alert, told.n, told.type, told.at, told.key, told.signature, told.body]);
  const held = verdicts.get(name) ?? judging(told);
  if (verdicts.size > MOST) verdicts.clear();
  verdicts.set(name, held);
  return held.value;
}

function judging(told: Told): ReadonlySignal<Judged> {
  const verdict = signal<Judged>("checking");
  known ??= keysIn(document.querySelector<HTMLMetaElement>('meta[name="bart-keys"]')?.content ?? "");
  void verify(told, known)
    .catch((): Judged => "unchecked") // what checks it could not be fetched
    .then((found) => (verdict.value = found));
  return verdict;
}
