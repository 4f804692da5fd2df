// PURE: what is asked about a case: how it stands, since when, what comes next, what is owed, and whose it is.
// Times are the town's, in milliseconds since 1970.

import type { By, CaseState, CaseView, Emergency, Person, WarningKind } from "./protocol.gen";
import type { Case, Room, Town } from "./town";

const WAITING: readonly CaseState[] = ["listed", "paging", "unanswered"];
const OWNED: readonly CaseState[] = ["accepted", "handing_over"];
/** Kinds with danger: without an answer to "112?" the server refuses them. */
const DANGER: readonly string[] = ["burglary", "theft", "violence", "fire"] satisfies WarningKind[];
/** A deadline may be told a moment after it has passed: the sweep looks once a second. */
const LATE_MS = 5_000;

export function isWaiting({ state }: CaseView): boolean {
  return WAITING.includes(state);
}

export function isOwned({ state }: CaseView): boolean {
  return OWNED.includes(state);
}

export function isOpen(view: CaseView): boolean {
  return isWaiting(view) || isOwned(view);
}

export function isDanger(kind: string | undefined): boolean {
  return kind !== undefined && DANGER.includes(kind);
}

/** Whether "112?" must be answered before this may be sent. known: what the warning says already. */
export function needs112(urgency: string | null, kind: string | undefined, known: Emergency | undefined): boolean {
  return known === undefined && (urgency === "urgent" || isDanger(kind));
}

export interface Clock {
  readonly since_ms: number;
  /** The round that is being called, of how many; null where nobody is called round by round. */
  readonly tier: { readonly number: number; readonly of: number } | null;
  /** Until the next thing happens by itself; null where nothing will. Never below 0. */
  readonly next_ms: number | null;
  /** The next thing should have happened: what is shown may be old. */
  readonly isLate: boolean;
}

export function clockOf(view: CaseView, now_ms: number): Clock {
  const left = view.deadline === undefined ? null : view.deadline - now_ms;
  return {
    since_ms: Math.max(0, now_ms - view.since),
    tier: view.state === "paging" ? { number: view.tier, of: view.tiers } : null,
    next_ms: left === null ? null : Math.max(0, left),
    isLate: left !== null && left < -LATE_MS,
  };
}

export type Owed = "answer" | "outcome" | "rating" | null;

/** What somebody still has coming: an answer, the outcome (also of what was withdrawn), or the asker's word. */
export function owed(view: CaseView): Owed {
  if (isWaiting(view)) return "answer";
  if (isOwned(view)) return "outcome";
  return view.state === "resolved" && view.helped === undefined ? "rating" : null;
}

export function isAsker({ asker }: CaseView, person: string): boolean {
  return asker?.id === person;
}

export function isOwner({ owner, ...view }: CaseView, person: string): boolean {
  return owner?.id === person && OWNED.includes(view.state);
}

/** Whether the asker may still have it again: once, for as long as it may be rated. */
export function mayReopen(view: CaseView): boolean {
  return view.state === "resolved" && view.reopened !== true && view.deadline !== undefined;
}

/** For as long as the server takes it; the answer may be changed. */
export function mayRate(view: CaseView): boolean {
  return view.state === "resolved" && view.deadline !== undefined;
}

export function isPrivate(room: Pick<Room, "kind">): boolean {
  return room.kind === "case";
}

/** The same by the id alone, for what knows no rooms: such a room's words are kept nowhere on this device. */
export function isPrivateId(room: string | null | undefined): boolean {
  return room?.startsWith("case:") ?? false;
}

/** As whom one is in a room: in one's own private case under the name of that case alone. */
export function selfIn(town: Pick<Town, "cases">, room: Room, me: Person): Person {
  if (!isPrivate(room) || me.role !== "resident") return me;
  const asker = casesIn(town, room.id)[0]?.asker ?? room.rows.find(({ by }) => by.role === "resident")?.by;
  return asker ? { ...me, id: asker.id, name: asker.name } : me;
}

/** The cases that are talked about in a room, the newest first. */
export function casesIn({ cases }: Pick<Town, "cases">, room: string): Case[] {
  return Object.values(cases)
    .filter((held) => held.room === room)
    .sort((a, b) => b.since - a.since);
}

export function openIn(town: Pick<Town, "cases">, room: string): Case[] {
  return casesIn(town, room).filter(isOpen);
}

/** Staff who are in the room, each with the cases that are their ground. */
export function staffIn(town: Pick<Town, "cases">, room: string): { by: By; cases: Case[] }[] {
  const owned = casesIn(town, room).filter((held) => isOwned(held) && held.owner);
  const persons = [...new Map(owned.map((held) => [held.owner?.id, held.owner as By])).values()];
  return persons.map((by) => ({ by, cases: owned.filter((held) => held.owner?.id === by.id) }));
}
