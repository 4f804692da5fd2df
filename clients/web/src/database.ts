// What this browser keeps for BART in IndexedDB: its tables, and how they are opened, lost and opened again.

import { openDB } from "idb";
import type { DBSchema, IDBPDatabase } from "idb";

import type { AlertView, Commands, Person, Refusal } from "./protocol.gen";
import type { LastingCommand, Room } from "./town";

/** One command of the outbox. n: the counter in its client_id, which is also the order of writing. */
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

/** A room as the shelf keeps it: what the server said, and nothing of the moment. alerts: those in force. */
export type ShelvedRoom = Omit<Room, "waiting" | "typing" | "here" | "unreadFrom" | "gap"> & {
  alerts?: readonly AlertView[];
};

/** Who was here last and which rooms they had. */
export interface Shelf {
  person: Person;
  order: readonly string[];
  chosen: string | null;
}

export interface Tables extends DBSchema {
  commands: { key: [string, number]; value: Stored; indexes: { owner: [string, string] } };
  counters: { key: string; value: number };
  shelves: { key: string; value: Shelf };
  /** By person and room. */
  rooms: { key: [string, string]; value: ShelvedRoom };
}

export type Work<T> = (db: IDBPDatabase<Tables>) => Promise<T>;

const NAME = "bart";
/** 3: rows of warnings know what became of them; rooms that were kept before are fetched anew. */
const VERSION = 3;
/** A page of an older version in another tab may refuse to let go. */
const OPEN_WITHIN_MS = 3_000;
/** The browser closed the database under us, as phones do to a page in the background: opening it again helps. */
const CLOSED = new Set(["InvalidStateError", "UnknownError", "AbortError"]);

/** Nothing can be kept here: a private window, a full disk, an older page that blocks. */
export class Unkept extends Error {}

export class Database {
  #open: Promise<IDBPDatabase<Tables>> | null = null;
  /** It did not open: this page asks no more, lest everything that is written waits for it anew. */
  #unkept: Unkept | null = null;

  /** Does the work in the open database. Throws Unkept when that can't be done. */
  async use<T>(work: Work<T>): Promise<T> {
    if (this.#unkept) throw this.#unkept;
    try {
      return await this.#try(work);
    } catch (fault) {
      throw fault instanceof Unkept ? fault : new Unkept(String(fault), { cause: fault });
    }
  }

  close(): void {
    void this.#open?.then((db) => db.close()).catch(() => undefined);
    this.#open = null;
  }

  async #try<T>(work: Work<T>): Promise<T> {
    const opened = this.#open !== null;
    try {
      return await work(await this.#opened());
    } catch (fault) {
      const isClosed = opened && fault instanceof DOMException && CLOSED.has(fault.name);
      if (!isClosed) throw fault;
      this.close();
      return await work(await this.#opened());
    }
  }

  #opened(): Promise<IDBPDatabase<Tables>> {
    this.#open ??= open(() => this.close()).catch((fault: unknown) => {
      this.#open = null;
      this.#unkept = new Unkept(String(fault), { cause: fault });
      throw this.#unkept;
    });
    return this.#open;
  }
}

/** giveWay: called when a newer page wants to lay the tables anew. */
async function open(giveWay: () => void): Promise<IDBPDatabase<Tables>> {
  let isLate = false;
  let patience: ReturnType<typeof setTimeout> | undefined;
  const opening = openDB<Tables>(NAME, VERSION, { upgrade: lay, blocking: giveWay });
  const late = new Promise<never>((_, reject) => {
    patience = setTimeout(() => ((isLate = true), reject(new Unkept("the database does not open"))), OPEN_WITHIN_MS);
  });
  // One that opens after all must not stand in the way of the next.
  opening.then((db) => isLate && db.close()).catch(() => undefined);
  try {
    return await Promise.race([opening, late]);
  } finally {
    clearTimeout(patience);
  }
}

function lay(db: IDBPDatabase<Tables>, before: number): void {
  if (before < 1) {
    db.createObjectStore("counters");
    db.createObjectStore("commands", { keyPath: ["device", "n"] }).createIndex("owner", ["person", "device"]);
  }
  if (before < 2) db.createObjectStore("shelves");
  if (before === 2) db.deleteObjectStore("rooms");
  if (before < 3) db.createObjectStore("rooms");
}
