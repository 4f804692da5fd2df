// The composition root of the client: what exists, and what the views may ask for. Knows no DOM.

import { apply } from "./apply";
import { Connection } from "./connection";
import type { OpenSocket } from "./connection";
import { History } from "./history";
import { Outbox } from "./outbox";
import type { Marks } from "./outbox";
import type { MessageRow, TownEvent, Waiting } from "./town";
import { cursors, town } from "./town";
import { Sending } from "./sending";
import type { Failure, Joining, Session } from "./session";

interface Wishes {
  session: Session;
  marks: Marks;
  open: OpenSocket;
}

/** What runs while somebody is signed in. */
interface Running {
  connection: Connection;
  sending: Sending;
  history: History;
}

export class Client {
  readonly #wishes: Wishes;
  #running: Running | null = null;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
    town.subscribe(() => this.#running?.history.look());
  }

  /** Takes up the session that this device kept, if there is one. */
  async start(): Promise<void> {
    if (this.#wishes.session.token) await this.#begin();
  }

  /** Returns why not, or null. */
  async signIn(name: string, password: string): Promise<Failure | null> {
    const outcome = await this.#wishes.session.signIn(name, password);
    if (!outcome.ok) return outcome.error;
    await this.#begin();
    return null;
  }

  /** Returns why not, or null; the recovery code is then in the town, to be shown once. */
  async join(joining: Joining): Promise<Failure | null> {
    const outcome = await this.#wishes.session.join(joining);
    if (!outcome.ok) return outcome.error;
    await this.#begin(outcome.recovery);
    return null;
  }

  keptRecovery(): void {
    this.#deliver({ event: "recovery.kept" });
  }

  async signOut(): Promise<void> {
    this.#end();
    this.#deliver({ event: "session.closed" });
    await this.#wishes.session.signOut();
  }

  choose(room: string): void {
    this.#deliver({ event: "room.chosen", room });
  }

  async post(room: string, text: string): Promise<void> {
    await this.#running?.sending.write("message.post", { room, text });
  }

  async edit(room: string, row: MessageRow, text: string): Promise<void> {
    await this.#running?.sending.write("message.edit", { room, target: row.seq, text });
  }

  async retract(room: string, row: MessageRow): Promise<void> {
    await this.#running?.sending.write("message.retract", { room, target: row.seq });
  }

  /** A refused message, once more: under a new client_id, since the old one has its answer. */
  async again(waiting: Waiting): Promise<void> {
    await this.discard(waiting);
    const { room, text, reply_to } = waiting.payload;
    if (text) await this.#running?.sending.write("message.post", { room, text, ...(reply_to ? { reply_to } : {}) });
  }

  async discard(waiting: Waiting): Promise<void> {
    await this.#running?.sending.discard(waiting.client_id);
  }

  async earlier(room: string): Promise<void> {
    const held = town.value.rooms[room];
    if (held) await this.#running?.history.earlier(held);
  }

  /** This far the person has seen the room, on whatever device. A lost one is made good by the next. */
  seen(room: string): void {
    const held = town.value.rooms[room];
    if (!held || !this.#running?.connection.isLive || held.last <= held.read) return;
    const seq = held.last;
    this.#deliver({ event: "room.read_moved", room, seq });
    this.#running.connection.call("room.read", { room, seq }).catch(() => undefined);
  }

  /** The network is back, or the page woke. */
  hurry(): void {
    this.#running?.connection.hurry();
  }

  async #begin(recovery: string | null = null): Promise<void> {
    const { session, marks, open } = this.#wishes;
    const { person, device } = session;
    if (!person) return;
    this.#deliver({ event: "session.started", person });
    if (recovery) this.#deliver({ event: "recovery.given", code: recovery });
    const outbox = await Outbox.open(person.id, device, marks);
    const deliver = (event: TownEvent): void => this.#deliver(event);
    const credentials = () => ({ token: session.token ?? "", cursors: cursors(town.value) });
    const connection = new Connection({ open, deliver, credentials });
    const sending = new Sending({ outbox, deliver, call: (c, p) => connection.call(c, p), now: Date.now });
    const history = new History({ deliver, read: () => town.value, call: (c, p) => connection.call(c, p) });
    await sending.load();
    this.#running = { connection, sending, history };
    connection.onLive(() => sending.resume());
    connection.start();
  }

  #end(): void {
    this.#running?.connection.stop();
    this.#running?.sending.stop();
    this.#running = null;
  }

  /** The one place where the town's value is set. */
  #deliver(event: TownEvent): void {
    town.value = apply(town.value, event);
    if (event.event === "session.ended") this.#signedOut();
  }

  /** The server ended the session: what waits stays in the outbox for the next one. */
  #signedOut(): void {
    this.#wishes.session.forget();
    this.#end();
  }
}
