// A warning that is being made up, in three steps: what it is, what happens and where, and 112 where there is danger.
// Knows no Preact.

import { signal } from "@preact/signals-core";

import type { Told } from "../calls";
import { isDanger } from "../case";
import type { PayloadOf } from "../outbox";
import type { Certainty, Emergency, WarningKind } from "../protocol.gen";
import type { Word } from "../words/words";
import { lengthOf } from "./length";
import { LONGEST_NOTE, usualSeverity } from "./warn_more";
import type { Chosen } from "./warn_more";

export type Step = "what" | "where" | "112";
/** Minutes, as text: the values of radio buttons. */
export const ENDS = ["30", "60", "180", "1440"] as const;
export type End = (typeof ENDS)[number];
/** What is said before it may go: looks without a deed, or care that is no matter of the street. */
export type Hint = "looks" | "care";

export const SHORTEST = 10;
/** Of what a suspicious person does. */
const SHORTEST_DEED = 15;
export const LONGEST = 500;

export class WarnDraft {
  readonly step = signal<Step>("what");
  readonly kind = signal<WarningKind | null>(null);
  readonly text = signal("");
  readonly note = signal("");
  readonly end = signal<End>("60");
  readonly severity = signal<Chosen | null>(null);
  readonly certainty = signal<Certainty | null>(null);
  readonly emergency = signal<Emergency | null>(null);
  readonly hint = signal<Hint | null>(null);
  /** What the server says of the words as they are now; null before it is asked, or where it can't say. */
  readonly checked = signal<Told<"warning.check"> | null>(null);
  #isHintRead = false;

  constructor(text: string) {
    this.text.value = text;
  }

  choose(kind: WarningKind): void {
    this.kind.value = kind;
    this.#unchecked();
    this.step.value = "where";
  }

  write(text: string): void {
    this.text.value = text;
    this.#unchecked();
  }

  get least(): number {
    return this.kind.value === "suspicious" ? SHORTEST_DEED : SHORTEST;
  }

  /** Whether 112 comes before it goes: its kind has danger, or its words have. */
  get needs112(): boolean {
    return isDanger(this.kind.value ?? undefined) || this.checked.value?.dangerous === true;
  }

  get steps(): readonly Step[] {
    return this.needs112 || this.kind.value === null ? ["what", "where", "112"] : ["what", "where"];
  }

  /** The first thing that this step lacks, in words; null where one may go on. */
  get lack(): Word | null {
    if (this.step.value === "112") return this.emergency.value ? null : "call.lack_112";
    const length = lengthOf(this.text.value);
    if (length < this.least) return this.kind.value === "suspicious" ? "warn.lack_deed" : "warn.lack_text";
    return length > LONGEST || lengthOf(this.note.value) > LONGEST_NOTE ? "refusal.too_large" : null;
  }

  /** What the server said of the words. Returns whether it may go on; else there is a hint, to be read once. */
  check(told: Told<"warning.check"> | null): boolean {
    this.checked.value = told;
    this.hint.value = this.#isHintRead ? null : hintOf(told);
    return this.hint.value === null;
  }

  /** It was read, and stays as it is. */
  readHint(): void {
    this.#isHintRead = true;
    this.hint.value = null;
  }

  /** What is sent. Only when nothing is lacking. */
  warning(room: string): PayloadOf<"warning.raise"> {
    const kind = this.kind.value as WarningKind;
    const [note, emergency, certainty] = [this.note.value.trim(), this.emergency.value, this.certainty.value];
    return {
      room,
      kind,
      text: this.text.value.trim(),
      severity: this.severity.value ?? usualSeverity(kind),
      minutes: Number(this.end.value),
      ...(certainty ? { certainty } : {}),
      ...(note ? { place_note: note } : {}),
      ...(emergency ? { emergency } : {}),
    };
  }

  #unchecked(): void {
    this.checked.value = null;
    this.hint.value = null;
    this.#isHintRead = false;
  }
}

function hintOf(told: Told<"warning.check"> | null): Hint | null {
  if (told?.hint) return "looks";
  return told?.desk === "care" ? "care" : null;
}
