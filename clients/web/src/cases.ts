// PURE: how the town takes in what it is told about cases and duty. Of two views the one of the higher version is the
// case; an entry from before what is held (in a page of what was before) changes nothing.

import { isOpen, isOwned } from "./case";
import type { By, CaseView, DutyView, RoomInfo } from "./protocol.gen";
import type { AnyKept, Case, CaseEvent, CaseRow, Kept, Room, Row, Town, Waiting } from "./town";

export function isCaseEntry(entry: AnyKept): entry is Kept[CaseEvent] {
  return entry.event.startsWith("escalation.");
}

/** A case as an entry tells it. Whether one is called stands in no entry. */
export function withCaseEntry(town: Town, entry: AnyKept): Town {
  if (!isCaseEntry(entry)) return town;
  return withView(town, entry.data.case, entry.seq);
}

function withView(town: Town, view: CaseView, seq: number): Town {
  const held = town.cases[view.id];
  if (held && held.seq >= seq) return town;
  // Overtaken by what was told beside the log, which left out what was said.
  if (held && ageOf(view) < ageOf(held)) return withCase(town, { ...saidIn(view), ...held, seq });
  return withCase(town, { ...view, ...markedAs(held, view), seq });
}

/** Rises with every move of the case. */
function ageOf({ version = 0 }: CaseView): number {
  return version;
}

/** A page is taken back by a word of its own; of a case that somebody has, both are over. */
function markedAs(held: Case | undefined, view: CaseView): Pick<Case, "paged" | "declined"> {
  const asks = !isOwned(view) || view.state === "handing_over";
  if (!held || !asks) return {};
  return { ...(held.paged ? { paged: true } : {}), ...(held.declined && !view.paged ? { declined: true } : {}) };
}

function withCase(town: Town, held: Case): Town {
  return { ...town, cases: { ...town.cases, [held.id]: held } };
}

/** The case as it is now, where that is no entry: told without what was said, which stays as it was. */
export function changed(town: Town, view: CaseView): Town {
  const held = town.cases[view.id];
  if (held && ageOf(view) < ageOf(held)) return town;
  // In a room of mine every change of the state is an entry: this one was overtaken.
  if (held && ageOf(view) === ageOf(held) && view.room in town.rooms && held.state !== view.state) return town;
  return withCase(town, { ...saidIn(held), ...view, ...markedAs(held, view), seq: held?.seq ?? 0 });
}

function saidIn(held: CaseView | undefined): Partial<CaseView> {
  const said = ["text", "asker", "warning", "outcome", "helped"] as const;
  return Object.fromEntries(said.flatMap((name) => (held?.[name] === undefined ? [] : [[name, held[name]]])));
}

/** Whoever is called anew is asked anew. A page that was overtaken by whoever took the case calls nobody. */
export function paged(town: Town, view: CaseView): Town {
  const held = town.cases[view.id];
  const isOld = held !== undefined && ageOf(view) < ageOf(held);
  if (isOld && isOwned(held) && held.state !== "handing_over") return town;
  const { declined: _before, ...now } = isOld ? held : { ...held, ...view };
  return withCase(town, { ...now, paged: true, seq: held?.seq ?? 0 });
}

export function pageWithdrawn(town: Town, id: string): Town {
  const held = town.cases[id];
  if (!held?.paged) return town;
  const { paged: _over, ...rest } = held;
  return withCase(town, rest);
}

/** What was asked of a case shows at once: no server tells who declined, and nobody else need know. */
export function declining(town: Town, { command, payload }: Waiting): Town {
  const held = payload.case === undefined ? undefined : town.cases[payload.case];
  if (!held || command !== "escalation.decline") return town;
  return withCase(town, { ...held, declined: true });
}

/** All that the server tells at once; of rooms that are mine, what is held stays until their entries tell more. */
export function welcomed(town: Town, told: readonly CaseView[], rooms: readonly RoomInfo[]): Town["cases"] {
  const heads = new Map(rooms.map(({ id, head }) => [id, head]));
  const kept = Object.values(town.cases).filter(({ room, seq }) => seq <= (heads.get(room) ?? -1));
  const fresh = told.map((view): Case => ({ ...declinedIn(town, view), ...view, seq: heads.get(view.room) ?? 0 }));
  return Object.fromEntries([...kept, ...fresh].map((held) => [held.id, held]));
}

/** Which pages are mine, the server tells itself. */
function declinedIn({ cases }: Town, view: CaseView): Pick<Case, "declined"> {
  const { paged: _told, ...mark } = markedAs(cases[view.id], view);
  return mark;
}

export function opened(town: Town, told: readonly CaseView[], { head }: RoomInfo): Town {
  const fresh = told.map((view): Case => ({ ...view, ...markedAs(town.cases[view.id], view), seq: head }));
  return fresh.reduce(withCase, town);
}

/** A room that is mine no longer: on a desk its open cases stay, without what was said in it. */
export function closed(town: Town, room: string): Town {
  const left = Object.values(town.cases).flatMap((held) => (held.room === room ? asPage(town, held) : [held]));
  return { ...town, cases: Object.fromEntries(left.map((held) => [held.id, held])) };
}

function asPage({ duty }: Town, held: Case): Case[] {
  if (duty === null || !isOpen(held)) return [];
  const { text: _said, asker: _who, outcome: _how, helped: _so, ...page } = held;
  return [{ ...page, seq: 0 }];
}

/** Another log, or one that went back: whatever comes next is newer. */
export function restarted(town: Town, room: string): Town {
  const cases = Object.values(town.cases).map((held) => (held.room === room ? { ...held, seq: 0, version: 0 } : held));
  return { ...town, cases: Object.fromEntries(cases.map((held) => [held.id, held])) };
}

/** What the rows of rooms that were kept on this device know. */
export function casesOf(rooms: readonly Room[]): Town["cases"] {
  const told = rooms.flatMap((room) => room.rows.filter((row: Row): row is CaseRow => row.kind === "case"));
  return Object.fromEntries(told.map((row) => [row.case.id, { ...row.case, seq: row.seq }]));
}

export function dutyChanged(town: Town, person: By, on: boolean): Town {
  if (!town.duty) return town;
  const { colleagues } = town.duty;
  if (person.id === town.me?.id) return { ...town, duty: { ...town.duty, on } };
  const others = colleagues.filter((other) => other.id !== person.id);
  const duty: DutyView = { ...town.duty, colleagues: on ? [...others, person] : others };
  return { ...town, duty };
}
