// The one connection to the town: connect, present cursors, ask, hand on what happens, come back when it breaks.
// It knows neither rooms nor commands; what must outlive a break is the outbox's (sending.ts) and history's.

import { io, WebSocket as EngineWebSocket } from "socket.io-client";

import { named } from "./apply";
import { takeEarly } from "./early_socket";
import { Liveness } from "./liveness";
import { jitter_ms } from "./pace";
import { msgpackParser } from "./parser";
import type { Commands, Entry, Refusal } from "./protocol.gen";
import type { Cursor, TownEvent } from "./town";

/** Above the server's own 10 s for its store, so that silence means a lost reply and not a slow one. */
const ANSWER_WITHIN_MS = 15_000;
const WELCOME_WITHIN_MS = 15_000;
/** A slow line may need longer for its welcome, but who looks at the page is told by then. */
const HONEST_WITHIN_MS = 8_000;
/** A try older than this was begun on the network that is no more. */
const FRESH_MS = 2_000;
/** Tries that somebody who types brings about are no closer together; a slow line has made a connection by then. */
const NUDGE_AFTER_MS = 5_000;

export type Reply<C extends keyof Commands> = ({ ok: true } & Commands[C]["reply"]) | { ok: false; error: Refusal };

/** What is presented at each connect; asked anew every time, since cursors move. */
export interface Credentials {
  token: string;
  cursors: Record<string, Cursor>;
}

/** The part of socket.io's Socket that is used, so that tests can bring their own. */
export interface SocketLike {
  connect(): unknown;
  disconnect(): unknown;
  on(event: string, listener: (...facts: any[]) => void): unknown;
  onAny(listener: (event: string, payload: any) => void): unknown;
  emit(event: string, payload: object, acknowledge: (reply: any) => void): unknown;
}

export type OpenSocket = (auth: (give: (credentials: Credentials) => void) => void) => SocketLike;

/** No answer came; whether the command took effect is unknown. Repeat it with the same client_id. */
export class Unanswered extends Error {}

interface Wishes {
  open: OpenSocket;
  credentials: () => Credentials;
  /** Calls back once the credentials can be given: the socket opens meanwhile. At once, unless told otherwise. */
  whenReady?: (then: () => void) => void;
  deliver: (event: TownEvent) => void;
  random?: () => number;
  now?: () => number;
}

export class Connection {
  readonly #wishes: Wishes;
  readonly #socket: SocketLike;
  readonly #unanswered = new Set<(why: Unanswered) => void>();
  readonly #whenLive: (() => void)[] = [];
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #liveness: Liveness;
  #isWanted = false;
  #isLive = false;
  #isUnderWay = false;
  #attempt = 0;
  #reconnectIn_ms: number | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #welcomeBy: ReturnType<typeof setTimeout> | undefined;
  #honestBy: ReturnType<typeof setTimeout> | undefined;
  #begunAt = 0;
  #wokeAt = -Infinity;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
    this.#random = wishes.random ?? Math.random;
    this.#now = wishes.now ?? Date.now;
    this.#liveness = new Liveness({
      ask: () => this.#check(),
      doubt: () => wishes.deliver({ event: "connection.lost" }),
      trust: () => wishes.deliver({ event: "connection.trusted" }),
      giveUp: () => this.#restartAtOnce(),
      now: this.#now,
    });
    const whenReady = wishes.whenReady ?? ((then) => then());
    this.#socket = wishes.open((give) => whenReady(() => give(wishes.credentials())));
    this.#socket.on("connect_error", (fault: { data?: { error?: Refusal } }) => this.#refused(fault.data?.error));
    this.#socket.on("disconnect", (reason: string, details: unknown) => {
      // A frame that our own code could not take in is closed as a parse error, and would be seen by nobody.
      if (reason === "parse error") console.error(reason, details);
      this.#lost();
    });
    this.#socket.onAny((event, payload) => this.#happened(event, payload));
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  /** Calls back after every welcome. */
  onLive(listener: () => void): void {
    this.#whenLive.push(listener);
  }

  start(): void {
    this.#isWanted = true;
    this.#connect();
  }

  /** Ends for good; start() begins anew. */
  stop(): void {
    this.#isWanted = false;
    clearTimeout(this.#retry);
    this.#socket.disconnect();
    this.#abandon();
  }

  /** The network is back or the page woke: do not sit out the wait, and do not trust what was open before. */
  hurry(): void {
    this.#wokeAt = this.#now();
    if (!this.#isWanted || this.#reconnectIn_ms !== null) return;
    if (this.#isLive) this.#liveness.wake();
    else if (!this.#isUnderWay) this.#connect();
    else if (this.#now() - this.#begunAt > FRESH_MS) this.#restartAtOnce();
  }

  /** The page is looked at. */
  shown(): void {
    this.#wokeAt = this.#now();
    this.#liveness.shown();
    if (!this.#isLive) this.hurry();
  }

  hidden(): void {
    this.#liveness.hidden();
  }

  /** Somebody does something on the page: they are not left waiting for a try that is far off, or that hangs. */
  nudge(): void {
    if (!this.#isWanted || this.#isLive || this.#reconnectIn_ms !== null) return;
    if (this.#now() - this.#begunAt < NUDGE_AFTER_MS) return;
    if (this.#isUnderWay) this.#restartAtOnce();
    else this.#connect();
  }

  /** The browser says that it has no network. It may be wrong, so this goes on trying. */
  offline(): void {
    if (this.#isUnderWay) this.#restart();
  }

  /** Rejects with Unanswered when not live, when the connection breaks, and after 15 s without a word. */
  call<C extends keyof Commands>(command: C, payload: Commands[C]["payload"]): Promise<Reply<C>> {
    if (!this.#isLive) return Promise.reject(new Unanswered(command));
    return new Promise((resolve, reject) => {
      const forget = (): void => {
        clearTimeout(patience);
        this.#unanswered.delete(fail);
      };
      const fail = (why: Unanswered): void => {
        forget();
        reject(why);
      };
      // Silence on a connection that looks open: do not trust it, make a new one before anything is repeated.
      const patience = setTimeout(() => this.#restart(), ANSWER_WITHIN_MS);
      this.#unanswered.add(fail);
      this.#socket.emit(command, payload, (reply: Reply<C>) => {
        forget();
        this.#liveness.heard();
        resolve(reply);
      });
    });
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#reconnectIn_ms = null;
    this.#isUnderWay = true;
    this.#begunAt = this.#now();
    this.#honestBy = setTimeout(() => this.#wishes.deliver({ event: "connection.lost" }), HONEST_WITHIN_MS);
    this.#welcomeBy = setTimeout(() => this.#restart(), WELCOME_WITHIN_MS);
    this.#socket.connect();
  }

  #happened(event: string, payload: any): void {
    this.#liveness.heard();
    if (event === "drain") this.#reconnectIn_ms = payload.reconnect_in_ms;
    if (event === "welcome") this.#welcomed();
    // Entries are the events that carry their facts in `data`; the fleeting ones are flat.
    this.#wishes.deliver("data" in payload ? named(event, payload as Entry) : ({ ...payload, event } as TownEvent));
    if (event === "welcome") for (const listener of this.#whenLive) listener();
    if (event === "session.ended") this.stop();
  }

  #welcomed(): void {
    this.#clearDeadlines();
    this.#attempt = 0;
    this.#isLive = true;
    this.#liveness.start();
  }

  /** The server said no to the connection itself. */
  #refused(refusal: Refusal | undefined): void {
    if (refusal?.code === "signed_out") {
      this.#isWanted = false;
      this.#wishes.deliver({ event: "session.ended", reason: "signed_out" });
    }
    this.#lost(refusal?.retry_after_ms);
  }

  #lost(wait_ms?: number): void {
    if (!this.#isUnderWay) return;
    this.#abandon();
    if (!this.#isWanted) return;
    this.#wishes.deliver({ event: "connection.lost" });
    const told_ms = this.#reconnectIn_ms ?? wait_ms ?? this.#justWoke();
    const delay_ms = told_ms ?? jitter_ms(this.#attempt, this.#random);
    this.#attempt += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), delay_ms);
  }

  /** What breaks just after waking broke long ago, for this client alone: then there is no crowd to stay out of. */
  #justWoke(): number | null {
    if (this.#now() - this.#wokeAt > FRESH_MS) return null;
    this.#wokeAt = -Infinity;
    return 0;
  }

  /** Everything under way is unknown from here on. */
  #abandon(): void {
    this.#clearDeadlines();
    this.#liveness.stop();
    this.#isLive = false;
    this.#isUnderWay = false;
    for (const fail of [...this.#unanswered]) fail(new Unanswered("the connection broke"));
  }

  #clearDeadlines(): void {
    clearTimeout(this.#welcomeBy);
    clearTimeout(this.#honestBy);
  }

  /** What comes of it is heard, or is not. */
  #check(): void {
    this.call("connection.check", {}).catch((fault: unknown) => {
      if (!(fault instanceof Unanswered)) throw fault;
    });
  }

  /** This client alone has lost its way: there is no crowd to stay out of. */
  #restartAtOnce(): void {
    this.#reconnectIn_ms ??= 0;
    this.#restart();
  }

  /** A socket that had joined says "disconnect" itself, one that had not says nothing. */
  #restart(): void {
    this.#socket.disconnect();
    this.#lost();
  }
}

/** Engine.IO's WebSocket; the first one may have been opened before this program was there. */
class EarlyOrNew extends EngineWebSocket {
  override createSocket(...[address, protocols, options]: Parameters<EngineWebSocket["createSocket"]>) {
    return takeEarly(address) ?? super.createSocket(address, protocols, options);
  }
}

/** A real socket. Reconnecting is ours: socket.io's own delay has no full jitter and knows no drain. */
export const openSocket: OpenSocket = (auth) =>
  io({
    auth: auth as (give: (credentials: object) => void) => void,
    autoConnect: false,
    forceNew: true,
    parser: msgpackParser,
    reconnection: false,
    transports: [EarlyOrNew],
  });
