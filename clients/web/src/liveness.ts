// Whether the connection still leads anywhere. A network that dies without a word leaves a socket that looks open; so
// while somebody looks at the page and nothing is heard, this asks, and says so when no answer comes.

/** Together below the 10 s within which the bar is honest. */
const QUIET_MS = 4_000;
const ANSWER_WITHIN_MS = 4_000;
/** On a line so slow that a page of history takes longer, giving up at each silence would never end. */
const LONGEST_PATIENCE_MS = 16_000;
const ANSWER_AFTER_SLEEP_MS = 1_000;
/** A timer of a page that is looked at comes on time, unless the machine slept. */
const SLEPT_MS = 5_000;
const LONG_AWAY_MS = 20_000;

interface Wishes {
  /** Asks the server anything; what comes of it is told by heard(). */
  ask: () => void;
  /** Nothing is heard, though asked: the town is not live, for all we know. */
  doubt: () => void;
  /** What was doubted has spoken after all. */
  trust: () => void;
  /** Make a new connection. */
  giveUp: () => void;
  now: () => number;
}

export class Liveness {
  readonly #wishes: Wishes;
  #isRunning = false;
  #isShown = true;
  #isAnswered = true;
  #isDoubted = false;
  #hiddenAt = 0;
  #heardAt = 0;
  #patience_ms = ANSWER_WITHIN_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
  }

  /** The connection is live: watch it until stop(). */
  start(): void {
    this.#isRunning = true;
    this.#isDoubted = false;
    this.heard();
    this.#watch();
  }

  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
  }

  /** Anything at all came from the server. */
  heard(): void {
    this.#heardAt = this.#wishes.now();
    this.#isAnswered = true;
    if (!this.#isDoubted) return;
    this.#isDoubted = false;
    this.#wishes.trust();
    this.#watch();
  }

  /** Nobody looks, so nobody is misled: a phone in a pocket is not woken by questions. */
  hidden(): void {
    this.#isShown = false;
    this.#hiddenAt = this.#wishes.now();
    clearTimeout(this.#timer);
  }

  shown(): void {
    if (this.#isShown) return;
    this.#isShown = true;
    if (this.#wishes.now() - this.#hiddenAt > LONG_AWAY_MS) this.wake();
    else this.#watch();
  }

  /** What was open may be long dead, after sleep or on another network: ask, and do not wait long. */
  wake(): void {
    if (this.#isRunning && this.#isShown) this.#ask(ANSWER_AFTER_SLEEP_MS, ANSWER_AFTER_SLEEP_MS);
  }

  #watch(): void {
    if (!this.#isRunning || !this.#isShown) return;
    const now_ms = this.#wishes.now();
    // A clock may be set back.
    this.#heardAt = Math.min(this.#heardAt, now_ms);
    const quiet_ms = now_ms - this.#heardAt;
    if (quiet_ms >= QUIET_MS) this.#ask(ANSWER_WITHIN_MS, this.#patience_ms);
    else this.#after(QUIET_MS - quiet_ms, () => this.#watch());
  }

  /** doubt_ms, giveUp_ms: how long without an answer until the bar shows, and until a new connection is made. */
  #ask(doubt_ms: number, giveUp_ms: number): void {
    this.#isAnswered = false;
    this.#after(doubt_ms, () => this.#judge(giveUp_ms - doubt_ms));
    this.#wishes.ask();
  }

  #judge(left_ms: number): void {
    if (this.#isAnswered) {
      this.#patience_ms = ANSWER_WITHIN_MS;
      this.#watch();
      return;
    }
    this.#isDoubted = true;
    this.#wishes.doubt();
    this.#after(left_ms, () => this.#giveUp());
  }

  #giveUp(): void {
    this.#patience_ms = Math.min(2 * this.#patience_ms, LONGEST_PATIENCE_MS);
    this.#wishes.giveUp();
  }

  /** By the wall clock, which goes on while the machine sleeps. */
  #after(wait_ms: number, then: () => void): void {
    const due = this.#wishes.now() + wait_ms;
    clearTimeout(this.#timer);
    if (wait_ms <= 0) return then();
    this.#timer = setTimeout(() => (this.#wishes.now() - due > SLEPT_MS ? this.wake() : then()), wait_ms);
  }
}
