// Sends what waits in the outbox: one command per room under way, in the order of writing, the same client_id until an
// answer comes. Nothing leaves behind a command whose outcome is unknown; rooms do not wait for each other.

import { Unanswered } from "./connection";
import type { Reply } from "./connection";
import { asWaiting } from "./outbox";
import type { Outbox, PayloadOf, Stored } from "./outbox";
import { jitter_ms } from "./pace";
import type { Commands, Refusal } from "./protocol.gen";
import type { LastingCommand, TownEvent } from "./town";

interface Wishes {
  outbox: Outbox;
  call: <C extends LastingCommand>(command: C, payload: Commands[C]["payload"]) => Promise<Reply<C>>;
  deliver: (event: TownEvent) => void;
  now: () => number;
  random?: () => number;
}

export class Sending {
  readonly #wishes: Wishes;
  readonly #random: () => number;
  readonly #lanes = new Map<string, Stored[]>();
  readonly #underWay = new Set<string>();
  #isStopped = false;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
    this.#random = wishes.random ?? Math.random;
  }

  /** Takes up what an earlier page left. Call it once, before anything is written. */
  async load(): Promise<void> {
    for (const stored of await this.#wishes.outbox.all()) this.#show(stored);
  }

  /** Resolves when the command is stored and shown as waiting. */
  async write<C extends LastingCommand>(command: C, payload: PayloadOf<C>): Promise<void> {
    const stored = await this.#wishes.outbox.add(command, payload, this.#wishes.now());
    this.#show(stored);
    void this.#run(stored.payload.room);
  }

  /** Throws away what was refused. */
  async discard(clientId: string): Promise<void> {
    const stored = (await this.#wishes.outbox.all()).find((other) => other.client_id === clientId);
    if (!stored?.refusal) return;
    await this.#wishes.outbox.forget(stored);
    this.#wishes.deliver({ event: "command.discarded", room: stored.payload.room, client_id: clientId });
  }

  /** After every welcome: sends whatever waits. */
  resume(): void {
    for (const room of this.#lanes.keys()) void this.#run(room);
  }

  stop(): void {
    this.#isStopped = true;
    this.#wishes.outbox.close();
  }

  #show(stored: Stored): void {
    this.#wishes.deliver({ event: "command.queued", waiting: asWaiting(stored) });
    if (stored.refusal) return;
    const lane = this.#lanes.get(stored.payload.room) ?? [];
    this.#lanes.set(stored.payload.room, [...lane, stored]);
  }

  async #run(room: string): Promise<void> {
    if (this.#underWay.has(room)) return;
    this.#underWay.add(room);
    try {
      let attempt = 0;
      for (let first = this.#first(room); first && !this.#isStopped; first = this.#first(room)) {
        const refusal = await this.#send(first);
        if (refusal === "unanswered") return;
        attempt = refusal ? attempt + 1 : 0;
        if (refusal) await sleep(refusal.retry_after_ms ?? jitter_ms(attempt, this.#random));
      }
    } finally {
      this.#underWay.delete(room);
    }
  }

  #first(room: string): Stored | undefined {
    return this.#lanes.get(room)?.[0];
  }

  /** Returns the refusal when the command is to be repeated, and nothing when it is settled. */
  async #send(stored: Stored): Promise<Refusal | "unanswered" | undefined> {
    try {
      const reply = await this.#wishes.call(stored.command, stored.payload);
      if (!reply.ok && reply.error.retryable) return reply.error;
      await (reply.ok ? this.#sent(stored, reply.seq) : this.#refused(stored, reply.error));
      return undefined;
    } catch (fault) {
      if (fault instanceof Unanswered) return "unanswered";
      throw fault;
    }
  }

  async #sent(stored: Stored, seq: number): Promise<void> {
    this.#settle(stored);
    const { client_id, payload } = stored;
    this.#wishes.deliver({ event: "command.sent", room: payload.room, client_id, seq });
    await this.#wishes.outbox.forget(stored);
  }

  async #refused(stored: Stored, refusal: Refusal): Promise<void> {
    this.#settle(stored);
    const { client_id, payload } = stored;
    this.#wishes.deliver({ event: "command.refused", room: payload.room, client_id, refusal });
    await this.#wishes.outbox.refuse(stored, refusal);
  }

  #settle(stored: Stored): void {
    const lane = this.#lanes.get(stored.payload.room) ?? [];
    this.#lanes.set(
      stored.payload.room,
      lane.filter((other) => other !== stored),
    );
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
