// The composition root of the client: what exists, and what the views may ask for. Knows no DOM.

import { apply } from "./apply";
import { Calls } from "./calls";
import type { Told } from "./calls";
import { selfIn } from "./case";
import type { OpenSocket, Reply } from "./connection";
import type { Inside } from "./inside";
import { ownReaction } from "./message";
import type { Marks, PayloadOf } from "./outbox";
import type { Commands, Reaction } from "./protocol.gen";
import { dropProof, half, recoveryCodes, withProof } from "./second_factor";
import type { Failure, Joining, Outcome, Recovering, Session } from "./session";
import { Tabs } from "./tabs";
import { town } from "./town";
import type { LastingCommand, MessageRow, OwnEvents, TownEvent, Waiting } from "./town";

const ASK_WITHIN_MS = 3_000;

interface Wishes {
  session: Session;
  marks: Marks;
  /** Instead of a real socket. */
  open?: OpenSocket;
  /** The other pages of this device; without it this one is alone. */
  tabs?: Tabs;
}

export class Client {
  /** Warnings, cases and duty. */
  readonly calls = new Calls({
    read: () => town.value,
    write: (command, payload) => this.write(command, payload),
    discard: (waiting) => this.discard(waiting),
    mention: (command, payload) => this.#mention(command, payload),
    ask: (command, payload) => this.#ask(command, payload),
  });
  readonly #wishes: Wishes;
  readonly #tabs: Tabs;
  readonly #listeners = new Set<(event: TownEvent) => void>();
  #inside: Inside | null = null;
  /** Resolves when what an earlier session left has been taken from this device. */
  #ended: Promise<void> = Promise.resolve();
  #isShown = true;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
    this.#tabs = wishes.tabs ?? new Tabs();
    this.#tabs.listen(({ word }) => word === "signed_out" && this.#leave());
    town.subscribe(() => this.#inside?.look());
  }

  /** Fetches what runs inside, before somebody enters. Rejects where it can't be had now. */
  async prepare(): Promise<void> {
    await import("./inside");
  }

  // the account ----------------------------------------------------------------------------------

  /** Takes up the session that this device kept, if there is one. */
  async start(): Promise<void> {
    if (this.#wishes.session.token) await this.#enter();
  }

  /** Returns why not, or null; of staff the second factor is then asked for. */
  async signIn(name: string, password: string): Promise<Failure | null> {
    const outcome = await this.#wishes.session.signIn(name, password);
    if (!outcome.ok || !("ticket" in outcome)) return this.#entered(outcome);
    half.value = outcome;
    return null;
  }

  /** Returns why not, or null; who has just enrolled has recovery codes to keep. */
  async showSecondFactor(code: string): Promise<Failure | null> {
    const outcome = await this.#wishes.session.secondFactor(half.value?.ticket ?? "", code);
    if (!outcome.ok) return outcome.error;
    half.value = null;
    recoveryCodes.value = outcome.codes;
    return this.#entered({ ok: true });
  }


  /** Returns why not, or null; the recovery code is then in the town, to be shown once. */
  async join(joining: Joining): Promise<Failure | null> {
    return this.#entered(await this.#wishes.session.join(joining));
  }

  /** A new password by the recovery code. Returns why not, or null; a new code is then in the town. */
  async recover(recovering: Recovering): Promise<Failure | null> {
    return this.#entered(await this.#wishes.session.recover(recovering));
  }

  keptRecovery(): void {
    this.#deliver({ event: "recovery.kept" });
  }

  /** Returns why not, or null; this session stays, all others end. */
  async changePassword(old: string, password: string): Promise<Failure | null> {
    return failureOf(await this.#wishes.session.changePassword(old, password));
  }

  /** To another street, with the code of its letter. Returns why not, or null; the rooms follow as events. */
  async move(code: string): Promise<Failure | null> {
    const outcome = await this.#wishes.session.move(code);
    if (outcome.ok) this.#deliver({ event: "person.changed", person: outcome.person });
    return failureOf(outcome);
  }

  /** On every page of this device, at once; the server is told when it can be reached. */
  async signOut(): Promise<void> {
    this.#tabs.tell({ word: "signed_out" });
    const told = this.#wishes.session.signOut();
    await this.#leave();
    await told;
  }

  /** What the town knows of me, as it is to be kept in a file. */
  async ownData(): Promise<Outcome<{ told: object }>> {
    const outcome = await this.#wishes.session.get<object>("/api/me/export");
    if (!outcome.ok) return outcome;
    const { ok, ...told } = outcome;
    return { ok, told };
  }

  /** Returns why not, or null: then nobody is signed in here, and nothing of it is left on this device. */
  async erase(password: string): Promise<Failure | null> {
    const outcome = await this.#wishes.session.erase(password);
    if (!outcome.ok) return outcome.error;
    this.#deliver({ event: "session.ended", reason: "erased" });
    await this.#ended;
    return null;
  }

  /** Returns why not, or null: the server has to do it. */
  async signOutEverywhere(): Promise<Failure | null> {
    const outcome = await this.#wishes.session.signOutEverywhere();
    if (!outcome.ok) return outcome.error;
    this.#tabs.tell({ word: "signed_out" });
    await this.#leave();
    return null;
  }

  // what the desks put together themselves (calls.ts is for everybody) ---------------------------

  /** Asked once, for an answer or a refusal; null where none comes in time: who waits for it goes on without. */
  async inquire<C extends keyof Commands>(
    command: C,
    payload: Commands[C]["payload"],
    within_ms = ASK_WITHIN_MS,
  ): Promise<Reply<C> | null> {
    if (!this.#inside?.connection.isLive) return null;
    const { connection } = this.#inside;
    const late = (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), within_ms));
    return withProof(() => Promise.race([connection.call(command, payload).catch(() => null), late()]));
  }

  /** Resolves when the command is stored and shown as waiting. */
  async write<C extends LastingCommand>(command: C, payload: PayloadOf<C>): Promise<void> {
    await this.#inside?.sending.write(command, payload);
  }

  /** What staff were told of alerts or reports on asking. */
  listed(told: OwnEvents["alerts.listed" | "reports.listed"]): void {
    this.#deliver(told);
  }

  /** Calls back with everything that happens, after the town has taken it in. Returns what ends that. */
  listen(listener: (event: TownEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** What the server has at this path, for who is signed in. */
  fetch<T extends object>(path: string): Promise<Outcome<T>> {
    return this.#wishes.session.get(path);
  }

  // the rooms ------------------------------------------------------------------------------------

  choose(room: string): void {
    this.#deliver({ event: "room.chosen", room });
  }

  /** Resolves when it is stored and shown as waiting. */
  async post(room: string, text: string, reply_to?: number): Promise<void> {
    this.#inside?.typing.said(room);
    await this.write("message.post", { room, text, ...(reply_to === undefined ? {} : { reply_to }) });
  }

  async edit(room: string, row: MessageRow, text: string): Promise<void> {
    await this.write("message.edit", { room, target: row.seq, text });
  }

  async retract(room: string, row: MessageRow): Promise<void> {
    await this.write("message.retract", { room, target: row.seq });
  }

  /** One reaction per person: the same one again takes it back, another one replaces it. */
  async react(room: string, row: MessageRow, reaction: Reaction): Promise<void> {
    const { me, rooms } = town.value;
    const held = rooms[room];
    if (!me || !held) return;
    const isBack = ownReaction(held, row, selfIn(town.value, held, me).id) === reaction;
    await this.write("message.react", { room, target: row.seq, reaction: isBack ? null : reaction });
  }

  /** At every keystroke in the composer. */
  typing(room: string): void {
    if (this.#inside?.connection.isLive) this.#inside.typing.say(room);
  }

  /** What was refused, once more: under a new client_id, since the old one has its answer. */
  async again(waiting: Waiting): Promise<void> {
    await this.discard(waiting);
    const { client_id: _answered, ...payload } = waiting.payload as Commands[LastingCommand]["payload"];
    await this.write(waiting.command, payload);
  }

  /** Gives up what was refused. */
  async discard(waiting: Waiting): Promise<void> {
    await this.#inside?.sending.discard(waiting.client_id);
  }

  async earlier(room: string): Promise<void> {
    const held = town.value.rooms[room];
    if (held) await this.#inside?.history.earlier(held);
  }

  /** Loads earlier pages until the entry is held, for a jump to it; false when that is out of reach for now. */
  async reach(room: string, seq: number): Promise<boolean> {
    return (await this.#inside?.history.reach(room, seq)) ?? false;
  }

  /** This far the person has seen the room, on whatever device. A lost one is made good by the next. */
  seen(room: string): void {
    const held = town.value.rooms[room];
    if (!held || !this.#inside?.connection.isLive || held.last <= held.read) return;
    const seq = held.last;
    this.#deliver({ event: "room.read_moved", room, seq });
    this.#mention("room.read", { room, seq });
  }

  // the page -------------------------------------------------------------------------------------

  /** The page is looked at again: what came meanwhile is new, and then seen. */
  shown(): void {
    this.#isShown = true;
    this.#inside?.shown();
    const { chosen } = town.value;
    if (chosen === null) return;
    this.choose(chosen);
    this.seen(chosen);
  }

  /** Nobody looks at the page, and perhaps it does not come back. */
  hidden(): void {
    this.#isShown = false;
    this.#inside?.hidden();
  }

  /** The browser has a network again. */
  online(): void {
    this.#inside?.connection.hurry();
  }

  /** Somebody touches the page, or writes. */
  nudge(): void {
    this.#inside?.connection.nudge();
  }

  /** The browser says that there is no network. */
  offline(): void {
    this.#inside?.connection.offline();
  }

  // ----------------------------------------------------------------------------------------------

  /** What a lost answer to costs nothing. */
  #mention<C extends keyof Commands>(command: C, payload: Commands[C]["payload"]): void {
    this.#inside?.connection.call(command, payload).catch(() => undefined);
  }

  async #ask<C extends keyof Commands>(command: C, payload: Commands[C]["payload"]): Promise<Told<C> | null> {
    const told = await this.inquire(command, payload);
    return told?.ok ? (told as Told<C>) : null;
  }

  async #entered(outcome: Outcome<{ recovery?: string | null }>): Promise<Failure | null> {
    if (!outcome.ok) return outcome.error;
    await this.#enter(outcome.recovery ?? null);
    return null;
  }

  async #enter(recovery: string | null = null): Promise<void> {
    const { session, marks, open } = this.#wishes;
    const { person, device, token } = session;
    if (!person || !token) return;
    this.#deliver({ event: "session.started", person });
    if (recovery) this.#deliver({ event: "recovery.given", code: recovery });
    const [{ Inside }] = await Promise.all([import("./inside"), this.#ended]);
    if (session.token !== token) return; // signed out while it was on its way
    const facts = { person, device, token, marks, open, tabs: this.#tabs, isShown: this.#isShown };
    const deliver = (event: TownEvent): void => this.#deliver(event);
    const inside = (this.#inside = new Inside({ ...facts, deliver, read: () => town.value }));
    await inside.begin();
  }

  /** The session is over here, by this person's own doing on this page or another. */
  async #leave(): Promise<void> {
    this.#wishes.session.forget();
    const ended = this.#end();
    this.#deliver({ event: "session.closed" });
    await ended;
  }

  async #end(forgets = false): Promise<void> {
    const inside = this.#inside;
    this.#inside = null;
    dropProof();
    if (inside) this.#ended = inside.end(forgets);
    await this.#ended;
  }

  /** The one place where the town's value is set. */
  #deliver(event: TownEvent): void {
    town.value = apply(town.value, event);
    if (event.event === "typing.started") this.#inside?.typing.heard(event);
    if (event.event === "welcome") this.#deliver({ event: "clock.compared", ahead_ms: event.now - Date.now() });
    if (event.event === "welcome" || event.event === "person.changed") this.#wishes.session.renew(event.person);
    // The server ended the session: what waits stays in the outbox for the next one, if there can be one.
    if (event.event === "session.ended") {
      this.#wishes.session.forget();
      void this.#end(event.reason === "erased");
    }
    for (const listener of this.#listeners) listener(event);
  }
}

function failureOf(outcome: Outcome<object>): Failure | null {
  return outcome.ok ? null : outcome.error;
}
