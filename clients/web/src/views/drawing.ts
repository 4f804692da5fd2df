// Which chunks of a long room are in the page: the newest at once, the earlier ones when the browser has nothing better
// to do or when they come near. Since the scroller is a reversed column, what is put in front moves nothing.

import { signal } from "@preact/signals-core";

/** Drawn before the first paint: more than a screen. */
const AT_ONCE = 2;
const PATIENCE_MS = 60;

export class Drawing {
  /** The first chunk that is drawn; all later ones are. */
  readonly from = signal(Number.POSITIVE_INFINITY);
  #first = Number.POSITIVE_INFINITY;
  #isUnderWay = false;
  #isEnded = false;

  /** first ... last: the numbers of the chunks that are held. */
  holds(first: number, last: number): void {
    this.#first = first;
    const from = this.from.peek();
    if (from > last) this.from.value = Math.max(first, last - AT_ONCE + 1);
    this.#goOn();
  }

  /** Draws earlier chunks now; false when all that is held is drawn. */
  more(): boolean {
    return this.to(this.from.peek() - AT_ONCE);
  }

  /** Draws everything from this chunk on; false when it was drawn. */
  to(number: number): boolean {
    const from = Math.max(this.#first, number);
    if (from >= this.from.peek()) return false;
    this.from.value = from;
    return true;
  }

  end(): void {
    this.#isEnded = true;
  }

  #goOn(): void {
    if (this.#isUnderWay || this.#isEnded || this.from.peek() <= this.#first) return;
    this.#isUnderWay = true;
    whenIdle(() => {
      this.#isUnderWay = false;
      if (this.#isEnded) return;
      this.to(this.from.peek() - 1);
      this.#goOn();
    });
  }
}

function whenIdle(run: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: 10 * PATIENCE_MS });
  else setTimeout(run, PATIENCE_MS);
}
