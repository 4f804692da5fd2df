// Sends what waits in the outbox: one command per lane (a room, a case) under way, in the order of writing, the same
// client_id until an answer comes. Nothing leaves behind a command whose outcome is unknown; lanes do not wait for each
// other. What was only told to wait holds up no warning and no call for help.
// Of the pages that are open beside each other one sends for all, and tells the others what became of it (tabs.ts).

import { Unanswered } from "./connection";
import type { Reply } from "./connection";
import { asWaiting } from "./outbox";
import type { Outbox, PayloadOf, Stored } from "./outbox";
import { jitter_ms } from "./pace";
import type { Commands, Refusal } from "./protocol.gen";
import type { Word } from "./tabs";
import type { LastingCommand, TownEvent } from "./town";
import { laneOf } from "./waiting";

interface Wishes {
  person: string;
  outbox: Outbox;
  call: <C extends LastingCommand>(command: C, payload: Commands[C]["payload"]) => Promise<Reply<C>>;
  deliver: (event: TownEvent) => void;
  /** To the pages beside this one. */
  tell: (word: Word) => void;
  now: () => number;
  random?: () => number;
}

type Answer = Commands[LastingCommand]["reply"];
type Outcome = Extract<Word, { word: "happened" }>["event"];

/** Where talk is told to wait, these are not: a full store and a locked room keep their place for them. */
const URGENT: ReadonlySet<LastingCommand> = new Set<LastingCommand>(["warning.raise", "escalation.raise"]);
/** Refusals after which it is certain that nothing was carried out, and that talk alone may be meant. */
const MEANT_FOR_TALK: ReadonlySet<string> = new Set(["storage_low", "room_locked", "too_fast"]);

export class Sending {
  readonly #wishes: Wishes;
  readonly #random: () => number;
  readonly #lanes = new Map<string, Stored[]>();
  readonly #underWay = new Set<string>();
  /** Ends the pause of a lane. */
  readonly #wakes = new Map<string, () => void>();
  #isOwner = false;
  #isStopped = false;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
    this.#random = wishes.random ?? Math.random;
  }

  /** Shows what an earlier page left. Call it once, before anything is written. */
  async load(): Promise<void> {
    for (const stored of await this.#wishes.outbox.all()) this.#show(stored);
  }

  /** Resolves when the command is stored and shown as waiting. */
  async write<C extends LastingCommand>(command: C, payload: PayloadOf<C>): Promise<void> {
    const stored = await this.#wishes.outbox.add(command, payload, this.#wishes.now());
    this.#wishes.tell({ word: "written", stored });
    this.#take(stored);
  }

  /** Throws away what was refused. */
  async discard(clientId: string): Promise<void> {
    const stored = (await this.#wishes.outbox.all()).find((other) => other.client_id === clientId);
    if (!stored?.refusal) return;
    await this.#wishes.outbox.forget(stored);
    this.#happened({ event: "command.discarded", lane: laneOf(stored.payload), client_id: clientId });
  }

  /** Another page wrote something, or sent it. */
  told(word: Word): void {
    if (word.word === "written" && word.stored.person === this.#wishes.person) this.#take(word.stored);
    if (word.word === "happened" && word.person === this.#wishes.person) this.#wishes.deliver(word.event);
  }

  /** This page sends from now on, for all; or another one does. */
  async owns(isOwner: boolean): Promise<void> {
    this.#isOwner = isOwner;
    if (!isOwner) return this.#keepOwn();
    for (const stored of await this.#wishes.outbox.all()) this.#take(stored);
  }

  /** After every welcome: sends whatever waits. */
  resume(): void {
    for (const lane of this.#lanes.keys()) void this.#run(lane);
  }

  stop(): void {
    this.#isStopped = true;
  }

  #take(stored: Stored): void {
    this.#show(stored);
    if (stored.refusal || !this.#isMine(stored)) return;
    const lane = laneOf(stored.payload);
    const list = this.#lanes.get(lane) ?? [];
    if (list.some((other) => other.n === stored.n)) return;
    this.#lanes.set(
      lane,
      [...list, stored].sort((a, b) => a.n - b.n),
    );
    if (URGENT.has(stored.command)) this.#wakes.get(lane)?.();
    void this.#run(lane);
  }

  #keepOwn(): void {
    for (const [lane, list] of this.#lanes)
      this.#lanes.set(
        lane,
        list.filter((stored) => this.#isMine(stored)),
      );
  }

  /** Whether this page is to send it: it does so for all, or no other page can. */
  #isMine(stored: Stored): boolean {
    return this.#isOwner || this.#wishes.outbox.isOnlyHere(stored);
  }

  #show(stored: Stored): void {
    this.#wishes.deliver({ event: "command.queued", waiting: asWaiting(stored) });
  }

  async #run(lane: string): Promise<void> {
    if (this.#underWay.has(lane)) return;
    this.#underWay.add(lane);
    try {
      let attempt = 0;
      let waits: Stored | undefined;
      for (let next = this.#next(lane, waits); next; next = this.#next(lane, waits)) {
        const refusal = await this.#send(next);
        if (refusal === "unanswered") return;
        attempt = refusal ? attempt + 1 : 0;
        waits = refusal && MEANT_FOR_TALK.has(refusal.code) && !URGENT.has(next.command) ? next : undefined;
        if (refusal && this.#next(lane, waits) === next)
          await this.#pause(lane, refusal.retry_after_ms ?? jitter_ms(attempt, this.#random));
      }
    } finally {
      this.#underWay.delete(lane);
    }
  }

  /** The first in the order of writing; where that one was told to wait, what is urgent goes before it. */
  #next(lane: string, waits: Stored | undefined): Stored | undefined {
    const list = this.#isStopped ? [] : (this.#lanes.get(lane) ?? []);
    return (waits && list.find(({ command }) => URGENT.has(command))) ?? list[0];
  }

  /** Until the time is over, or something urgent is written. */
  async #pause(lane: string, ms: number): Promise<void> {
    await Promise.race([sleep(ms), new Promise<void>((wake) => this.#wakes.set(lane, wake))]);
    this.#wakes.delete(lane);
  }

  /** Returns the refusal when the command is to be repeated, and nothing when it is settled. */
  async #send(stored: Stored): Promise<Refusal | "unanswered" | undefined> {
    try {
      const reply = await this.#wishes.call(stored.command, stored.payload);
      if (!reply.ok && reply.error.retryable) return this.#delayed(stored, reply.error);
      await (reply.ok ? this.#sent(stored, reply) : this.#refused(stored, reply.error));
      return undefined;
    } catch (fault) {
      if (fault instanceof Unanswered) return "unanswered";
      throw fault;
    }
  }

  #delayed({ client_id, payload }: Stored, refusal: Refusal): Refusal {
    this.#happened({ event: "command.delayed", lane: laneOf(payload), client_id, refusal });
    return refusal;
  }

  // The others are told when the outbox knows it too: a page that opens in between would read it as waiting.

  async #sent(stored: Stored, reply: Answer): Promise<void> {
    const { client_id, payload } = stored;
    const seq = "seq" in reply ? { seq: reply.seq } : {};
    const event = { event: "command.sent", lane: laneOf(payload), client_id, ...seq } as const;
    this.#settle(stored);
    this.#wishes.deliver({ ...event, ...awaitedBy(stored, reply) });
    await this.#wishes.outbox.forget(stored);
    this.#wishes.tell({ word: "happened", person: this.#wishes.person, event });
  }

  async #refused(stored: Stored, refusal: Refusal): Promise<void> {
    const { client_id, payload } = stored;
    const event = { event: "command.refused", lane: laneOf(payload), client_id, refusal } as const;
    this.#settle(stored);
    this.#wishes.deliver(event);
    await this.#wishes.outbox.refuse(stored, refusal);
    this.#wishes.tell({ word: "happened", person: this.#wishes.person, event });
  }

  #happened(event: Outcome): void {
    this.#wishes.deliver(event);
    this.#wishes.tell({ word: "happened", person: this.#wishes.person, event });
  }

  #settle({ n, payload }: Stored): void {
    const lane = laneOf(payload);
    const list = this.#lanes.get(lane) ?? [];
    this.#lanes.set(
      lane,
      list.filter((other) => other.n !== n),
    );
  }
}

/** Who called in private, or took a case, wants to be in its room; who broadcast an alert follows what becomes of it. */
function awaitedBy({ command, payload }: Stored, reply: Answer): { case?: string; alert?: string } {
  if ("preview" in payload && "alert" in reply) return { alert: reply.alert };
  if (command === "escalation.accept" && "case" in payload) return { case: payload.case };
  return "case" in reply && "private" in payload && payload.private ? { case: reply.case } : {};
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
