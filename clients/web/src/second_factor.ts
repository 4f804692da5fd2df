// The second factor of staff on this device: half signed in, recovery codes to be kept, and commands that wait until it
// has been shown once more. Knows no DOM; nothing of it is stored.

import { signal } from "@preact/signals-core";

import type { Refusal } from "./protocol.gen";

/** The password was right. secret, qr: of who has still to enrol; now: the town's clock, which the codes go by. */
export interface Half {
  readonly second_factor: "needed" | "enrol";
  readonly ticket: string;
  readonly now: number;
  readonly secret?: string;
  readonly qr?: string;
}

export const half = signal<Half | null>(null);
/** Shown once, after enrolling. */
export const recoveryCodes = signal<readonly string[] | null>(null);
export const isProofWanted = signal(false);

type Answer = { ok: true } | { ok: false; error: Refusal };

let waiting: ((isShown: boolean) => void)[] = [];

/**
 * Asks; where the second factor must be shown again, waits until it was, and asks once more. Who would rather not show it
 * has the refusal. Of null, for no answer, it makes nothing.
 */
export async function withProof<A extends Answer | null>(ask: () => Promise<A>): Promise<A> {
  for (;;) {
    const answer = await ask();
    if (answer?.ok !== false || answer.error.code !== "prove_again" || !(await isShownAgain())) return answer;
  }
}

function isShownAgain(): Promise<boolean> {
  isProofWanted.value = true;
  return new Promise((go) => waiting.push(go));
}

/** It was shown, or will not be: what waited goes on, or is refused. */
export function settleProof(isShown: boolean): void {
  isProofWanted.value = false;
  const all = waiting;
  waiting = [];
  for (const go of all) go(isShown);
}

/** The session is over: what waited is not refused, it stays in the outbox. */
export function dropProof(): void {
  isProofWanted.value = false;
  waiting = [];
}
