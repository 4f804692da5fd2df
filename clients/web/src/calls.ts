// What a person can ask about warnings, cases and duty, as commands. Knows no DOM.

import type { PayloadOf } from "./outbox";
import type { CaseView, Commands, Organisation, OutcomeCode } from "./protocol.gen";
import { laneOf } from "./waiting";
import type { LastingCommand, Town, Waiting } from "./town";

interface Wishes {
  read: () => Town;
  write: <C extends LastingCommand>(command: C, payload: PayloadOf<C>) => Promise<void>;
  discard: (waiting: Waiting) => Promise<void>;
  /** Asked once, without waiting for an answer. */
  mention: <C extends keyof Commands>(command: C, payload: Commands[C]["payload"]) => void;
}

type OfCase = {
  [C in LastingCommand]: PayloadOf<C> extends { case: string } ? C : never;
}[LastingCommand];

/** Each resolves when the command is stored and shown as waiting. */
export class Calls {
  readonly #wishes: Wishes;
  readonly #mentioned = new Set<string>();

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
  }

  raiseWarning(warning: PayloadOf<"warning.raise">): Promise<void> {
    return this.#wishes.write("warning.raise", warning);
  }

  escalate(call: PayloadOf<"escalation.raise">): Promise<void> {
    return this.#wishes.write("escalation.raise", call);
  }

  accept = (id: string): Promise<void> => this.#about("escalation.accept", { case: id });
  decline = (id: string): Promise<void> => this.#about("escalation.decline", { case: id });
  release = (id: string): Promise<void> => this.#about("escalation.release", { case: id });
  alive = (id: string): Promise<void> => this.#about("escalation.alive", { case: id });
  withdraw = (id: string): Promise<void> => this.#about("escalation.withdraw", { case: id });
  reopen = (id: string): Promise<void> => this.#about("escalation.reopen", { case: id });
  joinCase = (id: string): Promise<void> => this.#about("escalation.join", { case: id });

  handOver(id: string, to: Organisation): Promise<void> {
    return this.#about("escalation.hand_over", { case: id, to });
  }

  resolve(id: string, outcome: OutcomeCode, text: string): Promise<void> {
    return this.#about("escalation.resolve", { case: id, outcome, text });
  }

  rate(id: string, helped: boolean): Promise<void> {
    return this.#about("escalation.rate", { case: id, helped });
  }

  async startDuty(): Promise<void> {
    await this.#forget(laneOf({}));
    await this.#wishes.write("duty.start", {});
  }

  async stopDuty(): Promise<void> {
    await this.#forget(laneOf({}));
    await this.#wishes.write("duty.stop", {});
  }

  /** This device has a page, or shows it. Said once for each round of it, since the room counts it. */
  gotPage(word: "delivered" | "seen", { id, since, reopened = false }: CaseView): void {
    const mention = `${word} ${id} ${since} ${reopened}`;
    if (this.#mentioned.has(mention)) return;
    this.#mentioned.add(mention);
    this.#wishes.mention(`page.${word}`, { case: id });
  }

  /** Gives up what was refused about a case or about duty. */
  async #forget(lane: string): Promise<void> {
    const refused = this.#wishes.read().asked.filter((other) => laneOf(other.payload) === lane && other.refusal);
    for (const waiting of refused) if (waiting.state === "refused") await this.#wishes.discard(waiting);
  }

  /** What was refused before has its answer, and gives way to what is asked now. */
  async #about<C extends OfCase>(command: C, payload: PayloadOf<C>): Promise<void> {
    await this.#forget(laneOf(payload));
    await this.#wishes.write(command, payload);
  }
}
