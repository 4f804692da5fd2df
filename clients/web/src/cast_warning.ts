// The tests' cast of a warning: as it is told at once, and as entries of Ben's about one at seq 1. Not part of the page.

import { BEN, entry, STREET } from "./cast";
import type { Answer, By, CorrectionView, Counts, KeptEvents, WarningView } from "./protocol.gen";
import type { Kept } from "./town";

export const CARLA: By = { id: "person-carla", name: "Carla", role: "resident" };
const NOBODY: Counts = { see: 0, not_here: 0, over: 0 };

const SAID: KeptEvents["warning.raised"] = {
  kind: "nuisance",
  severity: "minor",
  urgency: "unknown",
  certainty: "unknown",
  text: "Harde muziek bij de school.",
  until: 3_600_000,
  proposed: { desk: "municipality", confidence: 80, words: ["muziek"] },
  client_id: "ben:1",
};

/** In force until an hour after second 0. */
export function warned(facts: Partial<WarningView> = {}): WarningView {
  const { client_id: _device, ...said } = SAID;
  return { room: STREET, seq: 1, at: 1_001, by: BEN, ...said, desk: "municipality", counts: NOBODY, ...facts };
}

export function warns(seq: number, facts: Partial<KeptEvents["warning.raised"]> = {}): Kept["warning.raised"] {
  return entry("warning.raised", seq, { ...SAID, client_id: `ben:${seq}`, ...facts });
}

export function answers(seq: number, target: number, by: By, answer: Answer | null, counts: Partial<Counts> = {}) {
  const said = answer === null ? {} : { answer };
  const client_id = `${by.id}:${seq}`;
  return entry("warning.answered", seq, { target, ...said, counts: { ...NOBODY, ...counts }, client_id }, by);
}

export function clears(seq: number, target: number): Kept["warning.cleared"] {
  return entry("warning.cleared", seq, { target, reason: "author", client_id: `ben:${seq}` });
}

export function takesBack(seq: number, target: number): Kept["warning.retracted"] {
  return entry("warning.retracted", seq, { target, reason: "Het was de radio.", client_id: `ben:${seq}` });
}

export function corrects(seq: number, target: number, text: string): Kept["warning.corrected"] {
  return entry("warning.corrected", seq, { target, reason: "Een straat verder.", text, client_id: `ben:${seq}` });
}

export function notice(facts: Partial<CorrectionView> = {}): CorrectionView {
  const said = { id: `${STREET}:5`, room: STREET, warning: 1, at: 1_001, kind: "nuisance", what: "retracted" } as const;
  return { ...said, seq: 5, reason: "Het was de radio.", ...facts };
}
