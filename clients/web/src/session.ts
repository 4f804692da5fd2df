// Who this device is and who is signed in on it, kept in localStorage; joining, signing in and out over HTTP.

import type { Person, Refusal, RefusalCode } from "./protocol.gen";
import type { Half } from "./second_factor";

/** The server's refusals, and the one that it cannot give itself. */
export interface Failure extends Omit<Refusal, "code"> {
  code: RefusalCode | "unreachable";
}

export type Outcome<T> = ({ ok: true } & T) | { ok: false; error: Failure };

export interface Joining {
  code: string;
  name: string;
  password: string;
}

export interface Recovering {
  name: string;
  recovery: string;
  password: string;
}

interface Signed {
  token: string;
  person: Person;
  recovery?: string;
  recovery_codes?: string[];
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;
type Fetch = (path: string, options: RequestInit) => Promise<Response>;

const DEVICE = "bart.device";
const SESSION = "bart.session";
const DEVICE_BYTES = 16;
export const UNREACHABLE: Failure = { code: "unreachable", message: "the town could not be reached", retryable: true };
const FAULT: Failure = { code: "fault", message: "the answer could not be read", retryable: true };

export class Session {
  readonly #store: Store;
  readonly #fetch: Fetch;
  readonly #deviceName: string;
  #token: string | null = null;
  #person: Person | null = null;

  /** deviceName: what the device is called in the person's list of sessions. */
  constructor(store: Store, fetch: Fetch, deviceName = "") {
    this.#store = store;
    this.#fetch = fetch;
    this.#deviceName = deviceName;
    this.#restore();
  }

  /** 32 hex characters, made once; it outlives sessions, since the client_ids are counted under it. */
  get device(): string {
    const kept = this.#store.getItem(DEVICE);
    if (kept) return kept;
    const made = hex(crypto.getRandomValues(new Uint8Array(DEVICE_BYTES)));
    this.#store.setItem(DEVICE, made);
    return made;
  }

  get token(): string | null {
    return this.#token;
  }

  get person(): Person | null {
    return this.#person;
  }

  /** Repeating it with the same code, name and password signs in: a lost answer costs only the recovery code. */
  async join({ code, name, password }: Joining): Promise<Outcome<{ recovery: string | null }>> {
    const body = { code: tidyCode(code), name: name.trim(), password, ...this.#here };
    const outcome = await this.#post<Signed>("/api/join", body);
    if (!outcome.ok) return outcome;
    this.#begin(outcome.token, outcome.person);
    return { ok: true, recovery: outcome.recovery ?? null };
  }

  /** Staff are asked for the second factor then, and are signed in by secondFactor(). */
  async signIn(name: string, password: string): Promise<Outcome<object | Half>> {
    const body = { name: name.trim(), password, ...this.#here };
    const outcome = await this.#post<Signed | Half>("/api/sign-in", body);
    if (outcome.ok && "token" in outcome) this.#begin(outcome.token, outcome.person);
    return outcome;
  }

  /** codes: for who has just enrolled, to be shown once. */
  async secondFactor(ticket: string, code: string): Promise<Outcome<{ codes: string[] | null }>> {
    const outcome = await this.#post<Signed>("/api/second-factor", { ticket, code: code.trim() });
    if (!outcome.ok) return outcome;
    this.#begin(outcome.token, outcome.person);
    return { ok: true, codes: outcome.recovery_codes ?? null };
  }

  /** Ends every session and begins one here, with a new recovery code. */
  async recover({ name, recovery, password }: Recovering): Promise<Outcome<{ recovery: string | null }>> {
    const body = { name: name.trim(), recovery: recovery.trim(), password, ...this.#here };
    const outcome = await this.#post<Signed>("/api/recover", body);
    if (!outcome.ok) return outcome;
    this.#begin(outcome.token, outcome.person);
    return { ok: true, recovery: outcome.recovery ?? null };
  }

  /** All other sessions end; this one stays. */
  changePassword(old: string, password: string): Promise<Outcome<object>> {
    return this.#post("/api/password", { old, new: password }, this.#token ?? "");
  }

  async move(code: string): Promise<Outcome<{ person: Person }>> {
    const outcome = await this.#post<{ person: Person }>("/api/move", { code: tidyCode(code) }, this.#token ?? "");
    if (outcome.ok) this.renew(outcome.person);
    return outcome;
  }

  /** The account ends at once, and everything of this person's with it. */
  erase(password: string): Promise<Outcome<object>> {
    return this.#post("/api/erase", { password }, this.#token ?? "");
  }

  signOutEverywhere(): Promise<Outcome<object>> {
    return this.#post("/api/sign-out-everywhere", {}, this.#token ?? "");
  }

  /** The server says what became of the person: it is kept for the next start without a network. */
  renew(person: Person): void {
    if (this.#token) this.#begin(this.#token, person);
  }

  /** Forgets the session here at once; the server is told when it can be reached. */
  async signOut(): Promise<void> {
    const token = this.#token;
    this.forget();
    if (token) await this.#post("/api/sign-out", {}, token);
  }

  /** The session is over, by whoever's doing. The device stays. */
  forget(): void {
    this.#token = this.#person = null;
    this.#store.removeItem(SESSION);
  }

  /** What is there at this path; the browser asks again only whether it changed. */
  get<T extends object>(path: string): Promise<Outcome<T>> {
    return this.#ask(path, { headers: { authorization: `Bearer ${this.#token ?? ""}` } });
  }

  get #here(): { device: string; device_name?: string } {
    return { device: this.device, ...(this.#deviceName ? { device_name: this.#deviceName } : {}) };
  }

  #begin(token: string, person: Person): void {
    this.#token = token;
    this.#person = person;
    this.#store.setItem(SESSION, JSON.stringify({ token, person }));
  }

  #restore(): void {
    try {
      const { token, person } = JSON.parse(this.#store.getItem(SESSION) ?? "{}");
      if (typeof token !== "string" || typeof person?.id !== "string") return;
      this.#token = token;
      this.#person = person;
    } catch {
      this.#store.removeItem(SESSION);
    }
  }

  #post<T extends object>(path: string, body: object, token?: string): Promise<Outcome<T>> {
    const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
    return this.#ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  async #ask<T extends object>(path: string, options: RequestInit): Promise<Outcome<T>> {
    try {
      return await outcomeOf<T>(await this.#fetch(path, options));
    } catch {
      return { ok: false, error: UNREACHABLE };
    }
  }
}

/** A proxy's error page is no JSON. */
async function outcomeOf<T extends object>(response: Response): Promise<Outcome<T>> {
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return { ...answer, ok: true };
  return { ok: false, error: answer?.error ?? FAULT };
}

/** The code as the letter means it: people type spaces, dashes and small letters. */
export function tidyCode(typed: string): string {
  return typed.replace(/[\s-]/g, "").toUpperCase();
}

/** The letter's code from the address's fragment (`#code=...`), or null. */
export function codeInFragment(fragment: string): string | null {
  const code = tidyCode(new URLSearchParams(fragment.replace(/^#/, "")).get("code") ?? "");
  return /^[A-Z0-9]{10}$/.test(code) ? code : null;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
