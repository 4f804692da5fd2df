// Which form is open, and what was begun in it: a sheet that is closed by mistake keeps its words, in memory alone.

import { signal } from "@preact/signals-core";

import type { Organisation } from "../protocol.gen";

export interface AlertAsked {
  readonly id: string;
  readonly headline: string;
  readonly to: Organisation;
}

export interface Calling {
  readonly form: "escalate" | "warn" | "retract" | "correct";
  readonly room: string;
  /** The seq of the warning from which help is called, or that is not so. */
  readonly warning: number | null;
  /** Help that is chosen already: it was no matter of the street. */
  readonly help?: "worry";
  /** The official alert about which one knows something: told in private to who sent it. */
  readonly alert?: AlertAsked;
}

export const calling = signal<Calling | null>(null);

const begun = new Map<string, string>();

function nameOf({ form, room, warning, alert }: Calling): string {
  return `${form} ${warning ?? alert?.id ?? ""} ${room}`;
}

export function begunText(of: Calling): string {
  return begun.get(nameOf(of)) ?? "";
}

export function keepText(of: Calling, text: string): void {
  begun.set(nameOf(of), text);
}

/** It was sent, or must not be found here. */
export function forgetText(of?: Calling): void {
  if (of) begun.delete(nameOf(of));
  else begun.clear();
}
