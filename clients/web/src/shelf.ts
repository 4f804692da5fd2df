// The last entries of every room, kept on this device so that rooms can be read without a network and go on from where
// they were. Written as soon as something changes and never waited for; taken away at the end of the session. Of a
// private case nothing is kept.

import { pinnedIn } from "./alerts";
import { isPrivate, isPrivateId } from "./case";
import { Unkept } from "./database";
import type { Database, Shelf as Kept, ShelvedRoom, Work } from "./database";
import { cutTo } from "./entries";
import type { Room, Town, TownEvents } from "./town";

/** Entries per room; those that amend others count too. */
export const SHELVED = 200;
/** After a write, by how long it took: a night of entries that comes in at once must not keep a slow phone busy. */
const REST_SHARE = 4;
const LONGEST_REST_MS = 250;
/** The server purges talk after this time; a device that is never online again must not outlive it. */
const KEPT_MS = 30 * 86_400_000;

/** What is kept of the town. */
type Lasting = Pick<Town, "rooms" | "alerts">;

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
  /** As it was last written, to write only what changed. */
  #written: Lasting = { rooms: {}, alerts: {} };
  #writtenChosen: string | null = null;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #isBusy = false;
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
      const alerts = shelved.flatMap((room) => room.alerts ?? []);
      return { shelf, alerts, rooms: shelved.map((room) => asRoom(room, this.#wishes.now() - KEPT_MS)) };
    });
    if (!loaded) return null;
    this.#isOpen = true;
    const { shelf, rooms, alerts } = loaded;
    this.#written = { rooms: Object.fromEntries(rooms.map((room) => [room.id, room])), alerts: {} };
    this.#writtenChosen = shelf?.chosen ?? null;
    return shelf ? { event: "shelf.loaded", order: shelf.order, chosen: shelf.chosen, rooms, alerts } : null;
  }

  /** The town changed: what is on the screen shall be there when the page is loaded anew. */
  look(): void {
    if (this.#isOpen && !this.#isBusy && this.#hasNews()) void this.#keepUp();
  }

  /** Write now, since the page may not come back. Resolves when it is written. */
  flush(): Promise<void> {
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
    clearTimeout(this.#rest);
  }

  async #keepUp(): Promise<void> {
    this.#isBusy = true;
    const began_ms = this.#wishes.now();
    const before = this.#written;
    await this.flush();
    // What could not be written is tried again when something changes, and not without end.
    const isWritten = this.#written !== before;
    const rest_ms = REST_SHARE * (this.#wishes.now() - began_ms);
    this.#rest = setTimeout(() => this.#rested(isWritten), Math.min(rest_ms, LONGEST_REST_MS));
  }

  #rested(isWritten: boolean): void {
    this.#isBusy = false;
    if (isWritten) this.look();
  }

  /** Before the server has told of the rooms, they are what was read here. */
  #hasNews(): boolean {
    const now = this.#wishes.read();
    if (now.me?.id !== this.#wishes.person || now.connection === "starting") return false;
    const ids = Object.keys({ ...this.#written.rooms, ...now.rooms });
    return now.chosen !== this.#writtenChosen || ids.some((id) => !isSame(id, now, this.#written));
  }

  async #write(): Promise<void> {
    const now = this.#wishes.read();
    const { me, order, chosen, rooms, alerts } = now;
    const ids = order.filter((id) => !isPrivateId(id));
    const { person } = this.#wishes;
    if (!this.#isOpen || me?.id !== person || !this.#hasNews()) return;
    const changed = Object.values(rooms).filter((room) => !isPrivate(room) && !isSame(room.id, now, this.#written));
    await this.#kept(async (db) => {
      const change = db.transaction(["shelves", "rooms"], "readwrite");
      const kept = change.objectStore("rooms");
      const open = isPrivateId(chosen) ? (ids[0] ?? null) : chosen;
      await change.objectStore("shelves").put({ person: me, order: ids, chosen: open }, person);
      for (const key of await kept.getAllKeys(roomsOf(person))) if (!ids.includes(key[1])) await kept.delete(key);
      for (const room of changed) {
        const before = await kept.get([person, room.id]);
        if (!before || !isAhead(before, room)) await kept.put(asShelved(room, alerts), [person, room.id]);
      }
      await change.done;
      [this.#written, this.#writtenChosen] = [{ rooms, alerts }, chosen];
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

const LASTING = ["name", "epoch", "oldest", "head", "from", "last", "read", "rows", "amendments"] as const;

/** Who is here and who writes comes and goes many times a minute, and is not kept. */
function isSame(id: string, now: Lasting, written: Lasting): boolean {
  const [room, before] = [now.rooms[id], written.rooms[id]];
  const isPinnedSame = pinnedIn(now, id) === pinnedIn(written, id);
  return isPinnedSame && (room === before || LASTING.every((fact) => room?.[fact] === before?.[fact]));
}

/** A page behind this one may know less of the room than what another has written. */
function isAhead(shelved: ShelvedRoom, room: Room): boolean {
  return shelved.epoch > room.epoch || (shelved.epoch === room.epoch && shelved.last > room.last);
}

export function asShelved(room: Room, alerts: Town["alerts"] = {}): ShelvedRoom {
  const { waiting: _sent, typing: _now, here: _there, unreadFrom: _line, gap: _asked, ...lasting } = room;
  const pinned = pinnedIn({ alerts }, room.id);
  const cut = cutTo(lasting, Math.max(room.from, room.last - SHELVED + 1));
  return pinned.length > 0 ? { ...cut, alerts: pinned } : cut;
}

/** since_ms: what is older is left out. */
function asRoom(shelved: ShelvedRoom, since_ms: number): Room {
  const from = shelved.rows.find((row) => row.at > since_ms)?.seq ?? shelved.last + 1;
  const { alerts: _pinned, ...whole } = shelved;
  const isAllFresh = shelved.rows[0]?.seq === from || shelved.rows.length === 0;
  const room = isAllFresh ? whole : cutTo(whole, from);
  return { ...room, gap: false, here: null, unreadFrom: null, typing: [], waiting: [] };
}
