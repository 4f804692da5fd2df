// What was written and is not acknowledged, in IndexedDB: it outlives the page, the browser and the session.
// An outbox belongs to one person on one device; the counter behind the client_ids belongs to the device.
// Where the browser keeps nothing, what is written stands in this page's memory and goes out from there; so does what
// is said in private, of which nothing may be found on the device.

import { isPrivateId } from "./case";
import { Unkept } from "./database";
import type { Database, Stored, Work } from "./database";
import type { Commands, Refusal } from "./protocol.gen";
import type { LastingCommand, Waiting } from "./town";

export type { Stored } from "./database";
export type PayloadOf<C extends LastingCommand> = Omit<Commands[C]["payload"], "client_id">;

/** Where the counter is noted a second time: localStorage, or a stand-in. */
export type Marks = Pick<Storage, "getItem" | "setItem">;

interface Wishes {
  database: Database;
  person: string;
  device: string;
  marks: Marks;
  /** The browser keeps nothing; may be called more than once. */
  unkept: (why: Unkept) => void;
}

export class Outbox {
  readonly #wishes: Wishes;
  /** What only this page knows, by client_id. */
  readonly #inMemory = new Map<string, Stored>();

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
  }

  /** What waits or was refused, in the order in which it was written. */
  async all(): Promise<Stored[]> {
    const { person, device } = this.#wishes;
    const kept = await this.#kept((db) => db.getAllFromIndex("commands", "owner", [person, device]));
    return [...(kept ?? []), ...this.#inMemory.values()].sort((a, b) => a.n - b.n);
  }

  /** Whether closing this page loses it, and no other page can send it. */
  isOnlyHere({ client_id }: Stored): boolean {
    return this.#inMemory.has(client_id);
  }

  /** Stores the command under the next client_id of this device; when this resolves, closing the page loses nothing. */
  async add<C extends LastingCommand>(command: C, payload: PayloadOf<C>, at: number): Promise<Stored> {
    const stored = (await this.#addKept(command, payload, at)) ?? this.#noted(command, payload, at, this.#marked() + 1);
    this.#mark(stored.n);
    return stored;
  }

  /** Acknowledged, or given up by its author: forget it. */
  async forget({ client_id, device, n }: Stored): Promise<void> {
    if (!this.#inMemory.delete(client_id)) await this.#kept((db) => db.delete("commands", [device, n]));
  }

  /** Nothing of this person's waits on this device any longer. */
  async clear(): Promise<void> {
    for (const stored of await this.all()) await this.forget(stored);
  }

  /** Refused for good: kept, so that its author sees the words and the reason. */
  async refuse(stored: Stored, refusal: Refusal): Promise<void> {
    const refused = { ...stored, refusal };
    if (this.isOnlyHere(stored)) this.#inMemory.set(stored.client_id, refused);
    else await this.#kept((db) => db.put("commands", refused));
  }

  #addKept<C extends LastingCommand>(command: C, payload: PayloadOf<C>, at: number): Promise<Stored | undefined> {
    return this.#kept(async (db) => {
      const change = db.transaction(["commands", "counters"], "readwrite");
      const { device } = this.#wishes;
      const n = Math.max((await change.objectStore("counters").get(device)) ?? 0, this.#marked()) + 1;
      const stored = this.#made(command, payload, at, n);
      await Promise.all([
        change.objectStore("counters").put(n, device),
        ...(isDiscreet(payload) ? [] : [change.objectStore("commands").add(stored)]),
        change.done,
      ]);
      if (isDiscreet(payload)) this.#inMemory.set(stored.client_id, stored);
      return stored;
    });
  }

  #noted<C extends LastingCommand>(command: C, payload: PayloadOf<C>, at: number, n: number): Stored {
    const stored = this.#made(command, payload, at, n);
    this.#inMemory.set(stored.client_id, stored);
    return stored;
  }

  #made<C extends LastingCommand>(command: C, payload: PayloadOf<C>, at: number, n: number): Stored {
    const { device, person } = this.#wishes;
    const client_id = `${device}:${n}`;
    return { device, n, person, client_id, command, payload: { ...payload, client_id } as Stored["payload"], at };
  }

  /** Returns undefined where the browser keeps nothing, after saying so. */
  async #kept<T>(work: Work<T>): Promise<T | undefined> {
    try {
      return await this.#wishes.database.use(work);
    } catch (fault) {
      if (!(fault instanceof Unkept)) throw fault;
      this.#wishes.unkept(fault);
      return undefined;
    }
  }

  // A browser may clear the database and leave localStorage. A counter that began anew would name old ids again, and
  // the server would answer new words with the old reply.
  #marked(): number {
    return Number(this.#wishes.marks.getItem(this.#markName) ?? 0);
  }

  #mark(n: number): void {
    this.#wishes.marks.setItem(this.#markName, String(Math.max(n, this.#marked())));
  }

  get #markName(): string {
    return `bart.counter.${this.#wishes.device}`;
  }
}

/** Said in the room of a private case, or a call for one. */
function isDiscreet(payload: object): boolean {
  const { room, private: isHidden } = payload as { room?: string; private?: boolean };
  return isHidden === true || isPrivateId(room);
}

/** How a stored command stands in the town. */
export function asWaiting({ client_id, command, payload, at, refusal }: Stored): Waiting {
  return { client_id, command, payload, at, ...(refusal ? { state: "refused", refusal } : { state: "waiting" }) };
}
