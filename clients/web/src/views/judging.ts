// PURE: what a moderator is putting together, and what it lacks.

import type { EntryMeasure, ReportReason, Verdict } from "../protocol.gen";
import type { Word } from "../words/words";

export interface Judgement {
  readonly verdict: Verdict | null;
  /** What becomes of the entry where the decision is on its author. */
  readonly entry: EntryMeasure;
  readonly rule: ReportReason | null;
  readonly facts: string;
  /** Of a mute. */
  readonly minutes: number;
}

export const MUTES = [60, 1_440, 10_080, 43_200] as const;
const LEAST = 10;
const MOST = 500;

/** On who wrote it, beside what becomes of the entry. */
export function onAuthor(verdict: Verdict | null): boolean {
  return verdict === "warn" || verdict === "mute" || verdict === "expel";
}

/** The first thing that is missing; to keep an entry on a report needs no reasons. length: of the facts. */
export function lackOf({ verdict, rule }: Judgement, isReport: boolean, length: number): Word | null {
  if (verdict === null) return "judge.lack_verdict";
  if (isReport && verdict === "keep") return null;
  if (rule === null) return "judge.lack_rule";
  return length < LEAST ? "judge.lack_facts" : length > MOST ? "refusal.too_large" : null;
}
