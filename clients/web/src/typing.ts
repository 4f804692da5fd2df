// Who is writing: says it of ourselves, at a pace that the server takes, and forgets it of others when it goes stale.

import { Unanswered } from "./connection";
import type { By, Commands } from "./protocol.gen";
import type { TownEvent } from "./town";

const SAY_EVERY_MS = 3_000;
/** Two unsaid words later somebody has stopped. */
const STALE_AFTER_MS = 2 * SAY_EVERY_MS + 1_000;

interface Wishes {
  call: (command: "room.typing", payload: Commands["room.typing"]["payload"]) => Promise<unknown>;
  deliver: (event: TownEvent) => void;
  now: () => number;
}

export class Typing {
  readonly #wishes: Wishes;
  readonly #saidAt = new Map<string, number>();
  readonly #stale = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
  }

  /** At every keystroke; most of them say nothing. A lost one is made good by the next. */
  say(room: string): void {
    const now_ms = this.#wishes.now();
    if (now_ms - (this.#saidAt.get(room) ?? -Infinity) < SAY_EVERY_MS) return;
    this.#saidAt.set(room, now_ms);
    this.#wishes.call("room.typing", { room }).catch(whenUnanswered);
  }

  /** What was written is sent: the next keystroke is news again. */
  said(room: string): void {
    this.#saidAt.delete(room);
  }

  /** Somebody is writing, until nothing more is heard of it. */
  heard({ room, by }: { room: string; by?: By }): void {
    const person = by?.id ?? null;
    const key = JSON.stringify([room, person]);
    clearTimeout(this.#stale.get(key));
    const forget = (): void => {
      this.#stale.delete(key);
      this.#wishes.deliver({ event: "typing.stopped", room, person });
    };
    this.#stale.set(key, setTimeout(forget, STALE_AFTER_MS));
  }

  stop(): void {
    for (const timer of this.#stale.values()) clearTimeout(timer);
    this.#stale.clear();
  }
}

function whenUnanswered(fault: unknown): void {
  if (!(fault instanceof Unanswered)) throw fault;
}
