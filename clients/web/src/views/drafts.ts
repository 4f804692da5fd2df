// What is being written, by room: it survives a look into another room and a reload, and goes with the tab.

import { signal } from "@preact/signals-core";

import { isPrivateId } from "../case";

export interface Draft {
  readonly text: string;
  readonly replyTo: number | null;
  /** The message that is being worded anew, and what was being written before that. */
  readonly editing: { readonly seq: number; readonly before: Omit<Draft, "editing"> } | null;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const NAME = "bart.drafts";
/** Where the alert desk keeps the alert that is being made up. */
export const ALERT_DRAFT = "bart.drafts.alert";
const NOTHING: Draft = { text: "", replyTo: null, editing: null };

export class Drafts {
  readonly #store: Store | null;
  readonly #owner: string;
  readonly #all = signal<Readonly<Record<string, Draft>>>({});

  /** owner: the person; another one's drafts in the same tab are thrown away. store: null where nothing is kept. */
  constructor(owner: string, store: Store | null) {
    this.#owner = owner;
    this.#store = store;
    this.#all.value = this.#restored();
  }

  of(room: string): Draft {
    return this.#all.value[room] ?? NOTHING;
  }

  write(room: string, text: string): void {
    this.#put(room, { ...this.of(room), text });
  }

  /** Keeps the words; an edit under way gives way. */
  reply(room: string, seq: number): void {
    const draft = this.of(room);
    this.#put(room, { ...NOTHING, text: draft.editing ? draft.editing.before.text : draft.text, replyTo: seq });
  }

  /** Sets aside what was being written. */
  edit(room: string, seq: number, text: string): void {
    const { text: words, replyTo, editing } = this.of(room);
    const before = editing?.before ?? { text: words, replyTo };
    this.#put(room, { text, replyTo: null, editing: { seq, before } });
  }

  /** Ends an edit, and brings back what was set aside; or else ends a reply, and keeps the words. */
  cancel(room: string): void {
    const { text, editing } = this.of(room);
    this.#put(room, editing ? { ...editing.before, editing: null } : { ...NOTHING, text });
  }

  /** It was sent: what was set aside comes back. */
  sent(room: string): void {
    const { editing } = this.of(room);
    this.#put(room, editing ? { ...editing.before, editing: null } : NOTHING);
  }

  #put(room: string, draft: Draft): void {
    const { [room]: _before, ...others } = this.#all.value;
    const isNothing = draft.text === "" && draft.replyTo === null && !draft.editing;
    this.#all.value = isNothing ? others : { ...others, [room]: draft };
    try {
      this.#store?.setItem(NAME, JSON.stringify({ owner: this.#owner, drafts: withoutPrivate(this.#all.value) }));
    } catch {
      // A full store costs the draft its survival of a reload, and nothing more.
    }
  }

  #restored(): Record<string, Draft> {
    try {
      const kept = JSON.parse(this.#store?.getItem(NAME) ?? "{}");
      if (kept.owner === this.#owner) return kept.drafts;
    } catch {
      // Not ours, or cut off: begin with nothing.
    }
    this.#store?.removeItem(NAME);
    return {};
  }
}

/** What is being written in private is kept in memory alone. */
function withoutPrivate(drafts: Readonly<Record<string, Draft>>): Record<string, Draft> {
  return Object.fromEntries(Object.entries(drafts).filter(([room]) => !isPrivateId(room)));
}

/** Nobody is signed in here any more. */
export function forgetDrafts(store: Store | null): void {
  store?.removeItem(NAME);
  store?.removeItem(ALERT_DRAFT);
}

/** The tab's own store; null where the browser forbids it. */
export function tabStore(): Store | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
