// Pulls what does not come by itself: the last page of the chosen room, what a gap lacks, older pages on request.

import { Unanswered } from "./connection";
import type { Reply } from "./connection";
import type { Commands } from "./protocol.gen";
import { hasEarlier, holdsNothing } from "./town";
import type { Room, Town, TownEvent } from "./town";

const PAGE = 50;
const GAP_PAGE = 200;

interface Wishes {
  read: () => Town;
  call: (command: "room.history", payload: Commands["room.history"]["payload"]) => Promise<Reply<"room.history">>;
  deliver: (event: TownEvent) => void;
}

export class History {
  readonly #wishes: Wishes;
  readonly #underWay = new Set<string>();

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
  }

  /** Look again after every change of the town: which rooms lack something? */
  look(): void {
    const { connection, chosen, rooms } = this.#wishes.read();
    if (connection !== "live") return;
    for (const room of Object.values(rooms)) {
      if (room.gap) void this.#pull(room, { after: room.last, limit: GAP_PAGE });
      else if (room.id === chosen && holdsNothing(room) && hasEarlier(room)) void this.earlier(room);
    }
  }

  /** One page of what is older than the oldest loaded entry. */
  async earlier(room: Room): Promise<void> {
    if (hasEarlier(room)) await this.#pull(room, { before: room.from, limit: PAGE });
  }

  async #pull(room: Room, part: { after: number; limit: number } | { before: number; limit: number }): Promise<void> {
    if (this.#underWay.has(room.id)) return;
    this.#underWay.add(room.id);
    const reply = await this.#ask({ room: room.id, ...part });
    if (reply?.ok) this.#wishes.deliver({ event: "room.page", room: room.id, ...pageOf(reply) });
    this.#underWay.delete(room.id);
    // A page that moved nothing would be asked for without end.
    if (reply?.ok && hasMoved(room, this.#wishes.read().rooms[room.id])) this.look();
  }

  async #ask(payload: Commands["room.history"]["payload"]): Promise<Reply<"room.history"> | undefined> {
    try {
      return await this.#wishes.call("room.history", payload);
    } catch (fault) {
      if (fault instanceof Unanswered) return undefined;
      throw fault;
    }
  }
}

function hasMoved(before: Room, now: Room | undefined): boolean {
  return now !== undefined && (now.from !== before.from || now.last !== before.last || now.epoch !== before.epoch);
}

function pageOf({ entries, head, epoch, oldest }: Commands["room.history"]["reply"]) {
  return { entries, head, epoch, oldest };
}
