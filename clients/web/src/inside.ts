// What runs while somebody is signed in: the connection, the outbox and its sending, history, typing, the shelf.

import { Connection, openSocket } from "./connection";
import type { OpenSocket } from "./connection";
import { Database } from "./database";
import type { Unkept } from "./database";
import { History } from "./history";
import { Outbox } from "./outbox";
import type { Marks } from "./outbox";
import type { Person } from "./protocol.gen";
import { withProof } from "./second_factor";
import { Sending } from "./sending";
import { Shelf } from "./shelf";
import type { Ownership, Tabs } from "./tabs";
import { cursors } from "./town";
import type { Town, TownEvent } from "./town";
import { Typing } from "./typing";

/** After a welcome the line is for what one looks at; what is read offline later can wait. */
const STOCK_AFTER_MS = 5_000;

interface Wishes {
  person: Person;
  device: string;
  token: string;
  marks: Marks;
  /** A real socket, unless a test brings its own. */
  open?: OpenSocket | undefined;
  tabs: Tabs;
  isShown: boolean;
  read: () => Town;
  deliver: (event: TownEvent) => void;
}

export class Inside {
  readonly connection: Connection;
  readonly sending: Sending;
  readonly history: History;
  readonly typing: Typing;
  readonly #wishes: Wishes;
  readonly #database = new Database();
  readonly #shelf: Shelf;
  readonly #outbox: Outbox;
  readonly #ownership: Ownership;
  readonly #deaf: () => void;
  #stocking: ReturnType<typeof setTimeout> | undefined;
  /** Rooms of which the server has not been asked yet whether what was kept is still there. */
  #shelved: readonly string[] = [];
  /** Resolves when what this device kept is in the town, and one can go on from there. */
  #shown: Promise<void> = Promise.resolve();
  #isKept = true;
  #isEnded = false;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
    const { deliver, read, tabs, token, device, marks, open = openSocket } = wishes;
    const person = wishes.person.id;
    const unkept = (why: Unkept): void => this.#unkept(why);
    const database = this.#database;
    this.connection = new Connection({
      open,
      deliver,
      credentials: () => ({ token, cursors: cursors(read()) }),
      whenReady: (then) => void this.#shown.then(then),
    });
    const call: Connection["call"] = (command, payload) => withProof(() => this.connection.call(command, payload));
    const outbox = (this.#outbox = new Outbox({ database, person, device, marks, unkept }));
    const tell: Tabs["tell"] = (word) => tabs.tell(word);
    this.sending = new Sending({ person, outbox, call, deliver, tell, now: Date.now });
    this.history = new History({ deliver, read, call });
    this.typing = new Typing({ deliver, call, now: Date.now });
    this.#shelf = new Shelf({ database, person, read, unkept, now: Date.now });
    this.#deaf = tabs.listen((word) => this.sending.told(word));
    this.#ownership = tabs.ownership(`bart.outbox.${person}`, (isOwner) => void this.sending.owns(isOwner));
    this.connection.onLive(() => this.#live());
  }

  /** Shows what this device kept, or can know without having kept it, and goes on from there. */
  async begin(): Promise<void> {
    this.#shown = this.#show();
    if (!this.#wishes.isShown) this.connection.hidden();
    this.connection.start();
    await this.#shown;
    if (!this.#isEnded && this.#wishes.isShown) this.#ownership.take();
  }

  /** The town changed. */
  look(): void {
    this.history.look();
    this.#shelf.look();
  }

  shown(): void {
    this.#ownership.take();
    this.connection.shown();
  }

  hidden(): void {
    this.connection.hidden();
    void this.#shelf.flush();
  }

  /** Ends it, and leaves nothing of the rooms on this device. What waits in the outbox stays for the next time, unless
   *  *forgets*: there will be none. */
  async end(forgets = false): Promise<void> {
    this.#isEnded = true;
    clearTimeout(this.#stocking);
    this.#deaf();
    this.connection.stop();
    this.sending.stop();
    this.typing.stop();
    this.#ownership.stop();
    await this.#shelf.wipe();
    if (forgets) await this.#outbox.clear();
    this.#database.close();
  }

  async #show(): Promise<void> {
    const shelved = await this.#shelf.load();
    if (this.#isEnded) return;
    this.#shelved = shelved?.order ?? [];
    this.#wishes.deliver(shelved ?? { event: "rooms.foreseen" });
    await this.sending.load();
  }

  #live(): void {
    this.sending.resume();
    clearTimeout(this.#stocking);
    this.#stocking = setTimeout(() => void this.#stock(), STOCK_AFTER_MS);
  }

  async #stock(): Promise<void> {
    const unseen = this.#shelved;
    this.#shelved = [];
    await this.history.review(unseen);
    await this.history.stock();
  }

  #unkept(why: Unkept): void {
    if (!this.#isKept) return;
    this.#isKept = false;
    console.warn("nothing is kept on this device:", why.message);
    this.#wishes.deliver({ event: "storage.failed" });
  }
}
