// The pages of this device that are open beside each other: one of them sends what was written in any (Web Locks), and
// each hears from the others what became of it (BroadcastChannel). Where a browser has neither, a page stands alone.

import type { Stored } from "./database";
import type { TownEvents } from "./town";

type Outcome = TownEvents["command.sent" | "command.delayed" | "command.refused" | "command.discarded"];

/** What one page tells the others. */
export type Word =
  | { word: "written"; stored: Stored }
  | { word: "happened"; person: string; event: Outcome }
  | { word: "signed_out" };

/** The part of navigator.locks that is used. It is missing on plain http, but on localhost. */
export interface Locks {
  request(name: string, options: { steal?: boolean }, held: () => Promise<unknown>): Promise<unknown>;
}

/** The part of a BroadcastChannel that is used; it never hears itself. */
export interface Channel {
  postMessage(word: Word): void;
  onmessage: ((message: MessageEvent<Word>) => void) | null;
}

interface Neighbours {
  locks?: Locks | undefined;
  channel?: Channel | undefined;
}

export class Tabs {
  readonly #locks: Locks | undefined;
  readonly #channel: Channel | undefined;
  readonly #listeners = new Set<(word: Word) => void>();

  constructor({ locks, channel }: Neighbours = {}) {
    this.#locks = locks;
    this.#channel = channel;
    if (channel) channel.onmessage = ({ data }) => this.#heard(data);
  }

  tell(word: Word): void {
    this.#channel?.postMessage(word);
  }

  /** Returns what stops the listening. */
  listen(listener: (word: Word) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Waits for its turn to be the one that sends. name: what there is one of, in this browser. */
  ownership(name: string, changed: (isOwner: boolean) => void): Ownership {
    return new Ownership(this.#locks, name, changed);
  }

  #heard(word: Word): void {
    for (const listener of this.#listeners) listener(word);
  }
}

/** Held by one page at a time; when that one closes, the next that waits has it at once. */
export class Ownership {
  readonly #locks: Locks | undefined;
  readonly #name: string;
  readonly #changed: (isOwner: boolean) => void;
  #release: () => void = () => undefined;
  #isOwner = false;
  #isWaiting = false;
  #isWanted = true;

  constructor(locks: Locks | undefined, name: string, changed: (isOwner: boolean) => void) {
    this.#locks = locks;
    this.#name = name;
    this.#changed = changed;
    if (locks) this.#wait(locks);
    else this.#has();
  }

  /** The page that is looked at takes it over: a phone stops the pages behind it without taking their locks. */
  take(): void {
    if (this.#locks && this.#isWanted && !this.#isOwner) this.#request(this.#locks, { steal: true });
  }

  stop(): void {
    this.#isWanted = false;
    this.#isOwner = false;
    this.#release();
  }

  #wait(locks: Locks): void {
    if (this.#isWaiting || !this.#isWanted) return;
    this.#isWaiting = true;
    this.#request(locks, {});
  }

  #request(locks: Locks, options: { steal?: boolean }): void {
    const held = (): Promise<void> => {
      if (!options.steal) this.#isWaiting = false;
      if (!this.#isWanted || this.#isOwner) return Promise.resolve();
      const until = new Promise<void>((release) => (this.#release = release));
      this.#has();
      return until;
    };
    locks.request(this.#name, options, held).catch((fault: unknown) => this.#failed(locks, fault));
  }

  #has(): void {
    this.#isOwner = true;
    this.#changed(true);
  }

  /** Another page took the lock, and this one waits for its turn again; or there are no locks here after all. */
  #failed(locks: Locks, fault: unknown): void {
    if (!this.#isWanted) return;
    if (!(fault instanceof DOMException && fault.name === "AbortError")) return this.#has();
    if (!this.#isOwner) return;
    this.#isOwner = false;
    this.#changed(false);
    this.#wait(locks);
  }
}
