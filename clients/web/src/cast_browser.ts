// The tests' stand-ins for what a browser gives: a socket, locks, a channel, storage. Not part of the page.

import type { Credentials, SocketLike } from "./connection";
import type { Channel, Locks, Word } from "./tabs";

/** A socket whose other end is the test. */
export class FakeSocket implements SocketLike {
  readonly presented: Credentials[] = [];
  readonly asked: { event: string; payload: object; answer: (reply: unknown) => void }[] = [];
  readonly #listeners = new Map<string, (...facts: unknown[]) => void>();
  #any: (event: string, payload: unknown) => void = () => undefined;
  #isJoined = false;
  disconnects = 0;

  constructor(readonly auth: (give: (credentials: Credentials) => void) => void) {}

  connect(): void {
    this.auth((credentials) => this.presented.push(credentials));
  }

  disconnect(): void {
    this.disconnects += 1;
    if (this.#isJoined) this.breaks("io client disconnect");
  }

  on(event: string, listener: (...facts: any[]) => void): void {
    this.#listeners.set(event, listener);
  }

  onAny(listener: (event: string, payload: any) => void): void {
    this.#any = listener;
  }

  emit(event: string, payload: object, answer: (reply: unknown) => void): void {
    this.asked.push({ event, payload, answer });
  }

  says(event: string, payload: object): void {
    this.#any(event, payload);
  }

  welcomes(person: object = { id: "p" }, rooms: object[] = []): void {
    this.#isJoined = true;
    this.says("welcome", { person, rooms, now: 0 });
  }

  breaks(reason = "transport close"): void {
    this.#isJoined = false;
    this.#listeners.get("disconnect")?.(reason);
  }

  refuses(error: object | undefined): void {
    this.#listeners.get("connect_error")?.({ data: error && { ok: false, error } });
  }
}

/** Web Locks, as far as they are used: one holder, a queue, and taking by force. */
export class FakeLocks implements Locks {
  #holder: { fail: (fault: DOMException) => void } | null = null;
  readonly #queue: (() => void)[] = [];

  request(_: string, { steal }: { steal?: boolean }, held: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        const holder = { fail: reject };
        this.#holder = holder;
        const released = (): void => {
          if (this.#holder !== holder) return;
          this.#holder = null;
          this.#queue.shift()?.();
        };
        void held().then((value) => (resolve(value), released()));
      };
      if (steal) (this.#holder?.fail(new DOMException("stolen", "AbortError")), begin());
      else if (this.#holder) this.#queue.push(begin);
      else begin();
    });
  }
}

/** BroadcastChannel: everybody hears but who speaks, and hears a copy. */
export class FakeChannel implements Channel {
  onmessage: ((message: MessageEvent<Word>) => void) | null = null;
  constructor(readonly all: FakeChannel[]) {
    all.push(this);
  }
  postMessage(word: Word): void {
    const data = structuredClone(word);
    for (const other of this.all) if (other !== this) other.onmessage?.({ data } as MessageEvent<Word>);
  }
}

/** localStorage, for one test. */
export function notes(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

/** IndexedDB in a window that keeps nothing. */
export const NOWHERE = {
  open: () => {
    throw new DOMException("not here", "SecurityError");
  },
} as unknown as IDBFactory;
