// What a person can ask about warnings, cases and duty, as commands. Knows no DOM.

import type { PayloadOf } from "./outbox";
import type { AlertView, Answer, CaseView, Commands, Desk, Organisation, OutcomeCode } from "./protocol.gen";
import { laneOf } from "./waiting";
import { refusedOf } from "./warnings";
import type { LastingCommand, Town, Waiting } from "./town";

interface Wishes {
  read: () => Town;
  write: <C extends LastingCommand>(command: C, payload: PayloadOf<C>) => Promise<void>;
  discard: (waiting: Waiting) => Promise<void>;
  /** Asked once; null where no answer comes, or none that says. */
  ask: <C extends keyof Commands>(command: C, payload: Commands[C]["payload"]) => Promise<Told<C> | null>;
  /** Asked once, without waiting for an answer. */
  mention: <C extends keyof Commands>(command: C, payload: Commands[C]["payload"]) => void;
}

/** What is told beyond that it was done. */
export type Told<C extends keyof Commands> = Commands[C]["reply"];

type OfCase = {
  [C in LastingCommand]: PayloadOf<C> extends { case: string } ? C : never;
}[LastingCommand];

type OfWarning = "warning.answer" | "warning.clear" | "warning.retract" | "warning.correct" | "warning.route";

/** Each resolves when the command is stored and shown as waiting, unless it says something else. */
export class Calls {
  readonly #wishes: Wishes;
  readonly #mentioned = new Set<string>();

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
  }

  raiseWarning(warning: PayloadOf<"warning.raise">): Promise<void> {
    return this.#wishes.write("warning.raise", warning);
  }

  /** Which desk fits what is being written, and whether it tells of looks only; null where nobody can say now. */
  checkWarning(draft: Commands["warning.check"]["payload"]): Promise<Told<"warning.check"> | null> {
    return this.#wishes.ask("warning.check", draft);
  }

  /** One answer per person; null takes it back. */
  answerWarning(room: string, target: number, answer: Answer | null): Promise<void> {
    return this.#ofWarning("warning.answer", { room, target, answer });
  }

  /** All clear. */
  clearWarning(room: string, target: number): Promise<void> {
    return this.#ofWarning("warning.clear", { room, target });
  }

  retractWarning(room: string, target: number, reason: string): Promise<void> {
    return this.#ofWarning("warning.retract", { room, target, reason });
  }

  /** Only what is different, and why. */
  correctWarning(correction: PayloadOf<"warning.correct">): Promise<void> {
    return this.#ofWarning("warning.correct", correction);
  }

  routeWarning(room: string, target: number, desk: Desk): Promise<void> {
    return this.#ofWarning("warning.route", { room, target, desk });
  }

  /** How many of the members were given it; null where nobody can say now. */
  reachOf(room: string, target: number): Promise<Told<"warning.reach"> | null> {
    return this.#wishes.ask("warning.reach", { room, target });
  }

  /** A notice was read: none of my devices need show it. */
  seenCorrection(id: string): Promise<void> {
    return this.#wishes.write("correction.seen", { id });
  }

  /** I have seen this message of an official alert; said once, however often. */
  seenAlert({ room, alert, n }: Pick<AlertView, "room" | "alert" | "n">): Promise<void> {
    return this.#wishes.write("alert.seen", { room, alert, n });
  }

  /** This device has an official alert. Whether the server heard that. */
  async gotAlert(room: string, alert: string): Promise<boolean> {
    return (await this.#wishes.ask("alert.delivered", { room, alert })) !== null;
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

  /** What was refused about this warning gives way to what is asked now. */
  async #ofWarning<C extends OfWarning>(command: C, payload: PayloadOf<C>): Promise<void> {
    const { room, target } = payload as { room: string; target: number };
    for (const waiting of refusedOf(this.#wishes.read().rooms[room], target)) await this.#wishes.discard(waiting);
    await this.#wishes.write(command, payload);
  }

  /** What was refused before has its answer, and gives way to what is asked now. */
  async #about<C extends OfCase>(command: C, payload: PayloadOf<C>): Promise<void> {
    await this.#forget(laneOf(payload));
    await this.#wishes.write(command, payload);
  }
}
