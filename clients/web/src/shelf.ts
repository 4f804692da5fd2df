// The last entries of every room, kept on this device so that rooms can be read without a network and go on from where
// they were. Written a moment after a change and never waited for; taken away at the end of the session.

import { Unkept } from "./database";
import type { Database, Shelf as Kept, ShelvedRoom, Work } from "./database";
import { cutTo } from "./entries";
import type { Room, Town, TownEvents } from "./town";

/** Entries per room; those that amend others count too. */
export const SHELVED = 200;
const WRITE_AFTER_MS = 1_000;
/** The server purges talk after this time; a device that is never online again must not outlive it. */
const KEPT_MS = 30 * 86_400_000;

interface Wishes {
  database: Database;
  person: string;
  read: () => Town;
  now: () => number;
  /** The browser keeps nothing; may be called more than once. */
  unkept: (why: Unkept) => void;
}

export class Shelf {
  readonly #wishes: Wishes;
  /** The rooms as they were last written, to write only what changed. */
  #written: Town["rooms"] = {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** Nothing is written before what is there has been read, or after the end. */
  #isOpen = false;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
  }

  /** What the rooms were when this person was last here, or null. What anybody else left is taken away. */
  async load(): Promise<TownEvents["shelf.loaded"] | null> {
    const { person } = this.#wishes;
    const loaded = await this.#kept(async (db) => {
      const change = db.transaction(["shelves", "rooms"], "readwrite");
      await dropOthers(change.objectStore("shelves"), change.objectStore("rooms"), person);
      const shelf = await change.objectStore("shelves").get(person);
      const shelved = await change.objectStore("rooms").getAll(roomsOf(person));
      await change.done;
      return { shelf, rooms: shelved.map((room) => asRoom(room, this.#wishes.now() - KEPT_MS)) };
    });
    if (!loaded) return null;
    this.#isOpen = true;
    const { shelf, rooms } = loaded;
    this.#written = Object.fromEntries(rooms.map((room) => [room.id, room]));
    return shelf ? { event: "shelf.loaded", order: shelf.order, chosen: shelf.chosen, rooms } : null;
  }

  /** The town changed: write it soon. */
  look(): void {
    if (!this.#isOpen || this.#timer !== undefined || this.#wishes.read().rooms === this.#written) return;
    this.#timer = setTimeout(() => this.flush(), WRITE_AFTER_MS);
  }

  /** Write now, since the page may not come back. Resolves when it is written. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isOpen) this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Nothing of this person stays. Resolves when it is gone. */
  async wipe(): Promise<void> {
    this.stop();
    await this.#writing;
    await this.#kept(async (db) => {
      const change = db.transaction(["shelves", "rooms"], "readwrite");
      await Promise.all([
        change.objectStore("shelves").delete(this.#wishes.person),
        change.objectStore("rooms").delete(roomsOf(this.#wishes.person)),
        change.done,
      ]);
    });
  }

  stop(): void {
    this.#isOpen = false;
    clearTimeout(this.#timer);
  }

  async #write(): Promise<void> {
    const { me, order, chosen, rooms } = this.#wishes.read();
    const { person } = this.#wishes;
    if (!this.#isOpen || me?.id !== person || rooms === this.#written) return;
    const changed = Object.values(rooms).filter((room) => this.#written[room.id] !== room);
    await this.#kept(async (db) => {
      const change = db.transaction(["shelves", "rooms"], "readwrite");
      const kept = change.objectStore("rooms");
      await change.objectStore("shelves").put({ person: me, order, chosen }, person);
      for (const key of await kept.getAllKeys(roomsOf(person))) if (!(key[1] in rooms)) await kept.delete(key);
      for (const room of changed) {
        const before = await kept.get([person, room.id]);
        if (!before || !isAhead(before, room)) await kept.put(asShelved(room), [person, room.id]);
      }
      await change.done;
      this.#written = rooms;
    });
  }

  async #kept<T>(work: Work<T>): Promise<T | undefined> {
    try {
      return await this.#wishes.database.use(work);
    } catch (fault) {
      if (!(fault instanceof Unkept)) throw fault;
      this.#wishes.unkept(fault);
      return undefined;
    }
  }
}

interface Deletable<K> {
  getAllKeys(): Promise<K[]>;
  delete(key: K): Promise<void>;
}

async function dropOthers(
  shelves: Deletable<Kept["person"]["id"]>,
  rooms: Deletable<[string, string]>,
  person: string,
): Promise<void> {
  for (const owner of await shelves.getAllKeys()) if (owner !== person) await shelves.delete(owner);
  for (const key of await rooms.getAllKeys()) if (key[0] !== person) await rooms.delete(key);
}

/** An empty array sorts behind every string, so this is every key that begins with the person. */
function roomsOf(person: string): IDBKeyRange {
  return IDBKeyRange.bound([person], [person, []]);
}

/** A page behind this one may know less of the room than what another has written. */
function isAhead(shelved: ShelvedRoom, room: Room): boolean {
  return shelved.epoch > room.epoch || (shelved.epoch === room.epoch && shelved.last > room.last);
}

export function asShelved(room: Room): ShelvedRoom {
  const { waiting: _sent, typing: _now, here: _there, unreadFrom: _line, gap: _asked, ...lasting } = room;
  return cutTo(lasting, Math.max(room.from, room.last - SHELVED + 1));
}

/** since_ms: what is older is left out. */
function asRoom(shelved: ShelvedRoom, since_ms: number): Room {
  const from = shelved.rows.find((row) => row.at > since_ms)?.seq ?? shelved.last + 1;
  const isAllFresh = shelved.rows[0]?.seq === from || shelved.rows.length === 0;
  const room = isAllFresh ? shelved : cutTo(shelved, from);
  return { ...room, gap: false, here: null, unreadFrom: null, typing: [], waiting: [] };
}
