// What was written and is not acknowledged, in IndexedDB: it outlives the page, the browser and the session.
// An outbox belongs to one person on one device; the counter behind the client_ids belongs to the device.

import { openDB } from "idb";
import type { DBSchema, IDBPDatabase } from "idb";

import type { Commands, Refusal } from "./protocol.gen";
import type { LastingCommand, Waiting } from "./town";

export type PayloadOf<C extends LastingCommand> = Omit<Commands[C]["payload"], "client_id">;

/** One command as it is stored. n: the counter in its client_id, which is also the order of writing. */
export interface Stored {
  device: string;
  n: number;
  person: string;
  client_id: string;
  command: LastingCommand;
  payload: Commands[LastingCommand]["payload"];
  at: number;
  refusal?: Refusal;
}

interface Shape extends DBSchema {
  commands: { key: [string, number]; value: Stored; indexes: { owner: [string, string] } };
  counters: { key: string; value: number };
}

/** Where the counter is noted a second time: localStorage, or a stand-in. */
export type Marks = Pick<Storage, "getItem" | "setItem">;

const NAME = "bart";
const VERSION = 1;

export class Outbox {
  readonly #db: IDBPDatabase<Shape>;
  readonly #person: string;
  readonly #device: string;
  readonly #marks: Marks;

  private constructor(db: IDBPDatabase<Shape>, person: string, device: string, marks: Marks) {
    this.#db = db;
    this.#person = person;
    this.#device = device;
    this.#marks = marks;
  }

  static async open(person: string, device: string, marks: Marks): Promise<Outbox> {
    const db = await openDB<Shape>(NAME, VERSION, { upgrade: lay });
    return new Outbox(db, person, device, marks);
  }

  /** What waits or was refused, in the order in which it was written. */
  all(): Promise<Stored[]> {
    return this.#db.getAllFromIndex("commands", "owner", [this.#person, this.#device]);
  }

  /** Stores the command under the next client_id of this device; when this resolves, closing the page loses nothing. */
  async add<C extends LastingCommand>(command: C, payload: PayloadOf<C>, at: number): Promise<Stored> {
    const change = this.#db.transaction(["commands", "counters"], "readwrite");
    const n = Math.max((await change.objectStore("counters").get(this.#device)) ?? 0, this.#marked()) + 1;
    const client_id = `${this.#device}:${n}`;
    const whole = { ...payload, client_id } as unknown as Stored["payload"];
    const stored: Stored = { device: this.#device, n, person: this.#person, client_id, command, payload: whole, at };
    await Promise.all([
      change.objectStore("counters").put(n, this.#device),
      change.objectStore("commands").add(stored),
      change.done,
    ]);
    this.#mark(n);
    return stored;
  }

  /** Acknowledged, or given up by its author: forget it. */
  async forget({ device, n }: Stored): Promise<void> {
    await this.#db.delete("commands", [device, n]);
  }

  /** Refused for good: kept, so that its author sees the words and the reason. */
  async refuse(stored: Stored, refusal: Refusal): Promise<void> {
    await this.#db.put("commands", { ...stored, refusal });
  }

  close(): void {
    this.#db.close();
  }

  // A browser may clear the database and leave localStorage. A counter that began anew would name old ids again, and
  // the server would answer new words with the old reply.
  #marked(): number {
    return Number(this.#marks.getItem(this.#markName) ?? 0);
  }

  #mark(n: number): void {
    this.#marks.setItem(this.#markName, String(Math.max(n, this.#marked())));
  }

  get #markName(): string {
    return `bart.counter.${this.#device}`;
  }
}

function lay(db: IDBPDatabase<Shape>): void {
  db.createObjectStore("counters");
  db.createObjectStore("commands", { keyPath: ["device", "n"] }).createIndex("owner", ["person", "device"]);
}

/** How a stored command stands in the town. */
export function asWaiting({ client_id, command, payload, at, refusal }: Stored): Waiting {
  return { client_id, command, payload, at, ...(refusal ? { state: "refused", refusal } : { state: "waiting" }) };
}
