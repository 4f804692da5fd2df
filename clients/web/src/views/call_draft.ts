// A call for help that is being made up: what was answered so far, what is lacking, and what is sent. Knows no Preact.

import { signal } from "@preact/signals-core";

import { needs112 } from "../case";
import type { PayloadOf } from "../outbox";
import type { CaseKind, Emergency, Organisation, Urgency } from "../protocol.gen";
import type { WarningRow } from "../town";
import type { Word } from "../words/words";
import type { AlertAsked } from "./calling";
import { lengthOf } from "./length";

/** Worry about a neighbour is a private case for the municipality. */
export type Help = Organisation | "worry";

const LONGEST = 500;

export class CallDraft {
  readonly emergency = signal<Emergency | null>(null);
  readonly help = signal<Help | null>(null);
  readonly urgency = signal<Urgency | null>(null);
  readonly text = signal("");
  readonly isHidden = signal(false);
  readonly isNamed = signal(false);
  readonly #warning: WarningRow | undefined;
  readonly #alert: AlertAsked | undefined;

  /** warning: from which help is called; what it says about 112 need not be asked again. help: chosen before.
   *  alert: about which one knows something, which goes to who sent it, in private. */
  constructor(warning: WarningRow | undefined, text: string, help: Help | null = null, alert?: AlertAsked) {
    this.#warning = warning;
    this.#alert = alert;
    this.help.value = alert?.to ?? help;
    this.urgency.value = alert ? "soon" : null;
    this.text.value = text;
  }

  get isWorry(): boolean {
    return this.help.value === "worry";
  }

  /** It is private whatever is chosen. */
  get isForced(): boolean {
    return this.isWorry || this.#alert !== undefined;
  }

  get isPrivate(): boolean {
    return this.isForced || this.isHidden.value;
  }

  /** The answer to "112?" that is known before it is asked. */
  get known(): Emergency | undefined {
    return this.#warning?.warning.emergency;
  }

  /** The first thing that is lacking, in words; null when it can be sent. */
  get lack(): Word | null {
    if (needs112(this.urgency.value, this.#kind, this.known) && !this.emergency.value) return "call.lack_112";
    if (!this.help.value) return "call.lack_help";
    if (!this.urgency.value) return "call.lack_urgency";
    const length = lengthOf(this.text.value);
    return length === 0 ? "call.lack_text" : length > LONGEST ? "refusal.too_large" : null;
  }

  /** What is sent. Only when nothing is lacking. */
  call(room: string): PayloadOf<"escalation.raise"> {
    const [emergency, kind, warning] = [this.emergency.value, this.#kind, this.#warning?.seq];
    return {
      room,
      to: this.help.value === "police" ? "police" : "municipality",
      urgency: this.urgency.value as Urgency,
      text: this.text.value.trim(),
      ...(kind ? { kind } : {}),
      ...(warning !== undefined ? { warning } : {}),
      ...(this.#alert ? { alert: this.#alert.id } : {}),
      ...(emergency ? { emergency } : {}),
      ...(this.isPrivate ? { private: true, named: this.isNamed.value } : {}),
    };
  }

  get #kind(): CaseKind | undefined {
    return this.isWorry ? "worry" : this.#warning?.warning.kind;
  }
}
