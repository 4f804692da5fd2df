// A newer build of the page: noticed, waited with, and taken only when somebody asks for it.

import { signal } from "@preact/signals-core";

/** What is needed of the browser's objects, so that tests can play them. */
export type Worker = Pick<ServiceWorker, "state" | "postMessage" | "addEventListener">;
export interface Registration {
  readonly active: Worker | null;
  readonly waiting: Worker | null;
  readonly installing: Worker | null;
  addEventListener(kind: "updatefound", heard: () => void): void;
  update(): Promise<unknown>;
}

const HOUR_MS = 3_600_000;

export class NewVersion {
  /** Whether a newer build lies ready. */
  readonly isReady = signal(false);
  readonly #reload: () => void;
  #registration: Registration | null = null;
  #asked = 0;

  constructor(reload: () => void) {
    this.#reload = reload;
  }

  /** From now on says when a newer build has been fetched. */
  watch(registration: Registration, now_ms: number): void {
    this.#registration = registration;
    this.#asked = now_ms;
    if (registration.waiting) this.#ready();
    else this.#follow(registration.installing);
    registration.addEventListener("updatefound", () => this.#follow(registration.installing));
  }

  /** The page woke: asks the server, at most once an hour, since one may live for weeks without being loaded anew. */
  look(now_ms: number): void {
    if (!this.#registration || this.isReady.value || now_ms - this.#asked < HOUR_MS) return;
    this.#asked = now_ms;
    this.#registration.update().catch(() => undefined); // without a network; the next look asks again
  }

  /** Changes over and loads the page anew. What waits in the outbox, and drafts, are kept. */
  take(): void {
    const waiting = this.#registration?.waiting;
    // Another tab has changed over already: the new build is only a load away.
    if (!waiting) return this.#reload();
    waiting.addEventListener("statechange", () => {
      if (waiting.state === "activated") this.#reload();
    });
    waiting.postMessage("take over");
  }

  #follow(installing: Worker | null): void {
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed") this.#ready();
    });
  }

  /** The first worker of all finds nobody before it: that is no new version, but the one on the screen. */
  #ready(): void {
    if (this.#registration?.active) this.isReady.value = true;
  }
}
