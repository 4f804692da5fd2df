// Pulls what does not come by itself: the last page of the chosen room, what a gap lacks, older pages on request, and,
// when all else is done, what is to be read without a network.

import { Unanswered } from "./connection";
import type { Reply } from "./connection";
import type { Commands } from "./protocol.gen";
import { SHELVED } from "./shelf";
import { hasEarlier, holdsNothing, unread } from "./town";
import type { Room, Town, TownEvent } from "./town";

const PAGE = 50;
/** The longest page that the server gives, and how many it sends unasked behind a welcome. */
const LONG_PAGE = 200;
/** Pages of one gap that are asked for without waiting for each other. */
const AT_ONCE = 4;
/** Staff have many rooms; the first ones are kept to be read offline. */
const STOCKED_ROOMS = 8;

type Part = { after: number; limit: number } | { before: number; limit: number };

interface Wishes {
  read: () => Town;
  call: (command: "room.history", payload: Commands["room.history"]["payload"]) => Promise<Reply<"room.history">>;
  deliver: (event: TownEvent) => void;
}

export class History {
  readonly #wishes: Wishes;
  readonly #underWay = new Map<string, Promise<void>>();
  /** Rooms of which a page was asked for only to know what is new there. */
  readonly #peekedAt = new Set<string>();
  #wasLive = false;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
  }

  /** Look again after every change of the town: which rooms lack something? */
  look(): void {
    const { connection, rooms } = this.#wishes.read();
    const isLive = connection === "live";
    // Behind a welcome the first entries of a gap are already on their way.
    const given = isLive && !this.#wasLive ? LONG_PAGE : 0;
    if (isLive && !this.#wasLive) this.#peekedAt.clear();
    this.#wasLive = isLive;
    if (!isLive) return;
    for (const room of Object.values(rooms)) {
      const back = room.rows.find((row) => row.kind === "blank" && row.isBack);
      if (room.gap) void this.#fill(room, room.last + given);
      else if (back) void this.#pull(room, [{ after: back.seq - 1, limit: LONG_PAGE }]);
      else if (isEmpty(room) && this.#isAsked(room)) void this.earlier(room);
    }
  }

  /** The chosen room is; then those where there may be news, once per connection. */
  #isAsked(room: Room): boolean {
    const { chosen, order, rooms } = this.#wishes.read();
    if (room.id === chosen) return true;
    const shown = chosen === null ? undefined : rooms[chosen];
    const isItsTurn = shown && !isEmpty(shown) && order.indexOf(room.id) < STOCKED_ROOMS;
    if (!isItsTurn || this.#peekedAt.has(room.id) || !unread(room).hasMore) return false;
    this.#peekedAt.add(room.id);
    return true;
  }

  /** One page of what is older than the oldest loaded entry. */
  async earlier(room: Room, limit: number = PAGE): Promise<void> {
    if (hasEarlier(room)) await this.#pull(room, [{ before: room.from, limit }]);
  }

  /** Loads pages until the entry is held; false when it can't be had, or not now. */
  async reach(id: string, seq: number): Promise<boolean> {
    await this.#back(id, (room) => seq < room.from, LONG_PAGE);
    const room = this.#room(id);
    return room !== undefined && seq >= room.from && seq <= room.last;
  }

  /** Loads so much of every room that it can be read without a network, one page after the other. */
  async stock(): Promise<void> {
    for (const id of this.#wishes.read().order.slice(0, STOCKED_ROOMS))
      await this.#back(id, (room) => room.last - room.from + 1 < SHELVED, LONG_PAGE);
  }

  /** Looks once more at what the shelf kept: what has been deleted since then has a marker in the page. */
  async review(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.#underWay.get(id);
      const room = this.#room(id);
      if (room && !holdsNothing(room)) await this.#pull(room, [{ after: room.from - 1, limit: LONG_PAGE }]);
    }
  }

  /** Goes back in a room for as long as that is wanted and moves something. */
  async #back(id: string, isWanted: (room: Room) => boolean, limit: number): Promise<void> {
    for (let room = this.#room(id); room && isWanted(room) && hasEarlier(room); room = this.#room(id)) {
      await this.#underWay.get(id);
      const before = this.#room(id);
      if (before) await this.earlier(before, limit);
      if (before?.from === this.#room(id)?.from) return;
    }
  }

  #room(id: string): Room | undefined {
    return this.#wishes.read().rooms[id];
  }

  /** Several pages at once, since on a slow line each question costs more than its answer. */
  async #fill(room: Room, from: number): Promise<void> {
    const starts = [from];
    while (starts.length < AT_ONCE && (starts.at(-1) as number) + LONG_PAGE < room.head)
      starts.push((starts.at(-1) as number) + LONG_PAGE);
    await this.#pull(
      room,
      starts.map((after) => ({ after, limit: LONG_PAGE })),
    );
  }

  async #pull(room: Room, parts: Part[]): Promise<void> {
    if (this.#underWay.has(room.id)) return;
    const pages = Promise.all(parts.map((part) => this.#page(room.id, part)));
    this.#underWay.set(
      room.id,
      pages.then(() => undefined),
    );
    const isAnswered = (await pages).some(Boolean);
    this.#underWay.delete(room.id);
    // A page that moved nothing would be asked for without end.
    if (isAnswered && hasMoved(room, this.#room(room.id))) this.look();
  }

  /** Returns whether a page came. */
  async #page(room: string, part: Part): Promise<boolean> {
    try {
      const reply = await this.#wishes.call("room.history", { room, ...part });
      if (reply.ok) this.#wishes.deliver({ event: "room.page", room, ...pageOf(reply) });
      return reply.ok;
    } catch (fault) {
      if (fault instanceof Unanswered) return false;
      throw fault;
    }
  }
}

/** Something was said there, and nothing of it is held. */
function isEmpty(room: Room): boolean {
  return holdsNothing(room) && hasEarlier(room);
}

function hasMoved(before: Room, now: Room | undefined): boolean {
  return now !== undefined && (now.from !== before.from || now.last !== before.last || now.epoch !== before.epoch);
}

function pageOf({ entries, head, epoch, oldest }: Commands["room.history"]["reply"]) {
  return { entries, head, epoch, oldest };
}
