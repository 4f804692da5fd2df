// PURE: what a correction changes: only what is different from how the warning stands.

import type { PayloadOf } from "../outbox";
import type { WarningView } from "../protocol.gen";
import type { Word } from "../words/words";
import { lengthOf } from "./length";
import { LONGEST, SHORTEST } from "./warn_draft";
import { LONGEST_NOTE } from "./warn_more";

const MINUTE_MS = 60_000;

/** Minutes from now on, or as it was. */
export const ENDS_ANEW = ["same", "30", "60", "180"] as const;
export type EndAnew = (typeof ENDS_ANEW)[number];

/** As the form has it. */
export interface Corrected {
  readonly text: string;
  readonly note: string;
  readonly end: EndAnew;
}

type Changes = Pick<PayloadOf<"warning.correct">, "text" | "place_note" | "until">;

/** Returns the changes, or what is lacking, in words. A note that was emptied stays: the server knows no "nowhere". */
export function correctionOf(view: WarningView, { text, note, end }: Corrected, now_ms: number): Changes | Word {
  const [words, place] = [text.trim(), note.trim()];
  const changes: Changes = {
    ...(words === view.text ? {} : { text: words }),
    ...(place === "" || place === view.place_note ? {} : { place_note: place }),
    ...(end === "same" ? {} : { until: now_ms + Number(end) * MINUTE_MS }),
  };
  if (lengthOf(text) < SHORTEST) return "warn.lack_text";
  if (lengthOf(text) > LONGEST || lengthOf(note) > LONGEST_NOTE) return "refusal.too_large";
  return Object.keys(changes).length === 0 ? "warning.lack_change" : changes;
}
