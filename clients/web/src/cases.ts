// PURE: how the town takes in what it is told about cases and duty. The view that came last is the case; an entry that
// is older than it (in a page of what was before) changes nothing.

import { isOpen, isOwned } from "./case";
import type { By, CaseView, DutyView, RoomInfo } from "./protocol.gen";
import type { AnyKept, Case, CaseEvent, CaseRow, Kept, Room, Row, Town } from "./town";

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
  return withCase(town, { ...view, ...calledAs(held, view), seq });
}

/** A page is taken back by a word of its own; who owns a case is called no more. */
function calledAs(held: Case | undefined, view: CaseView): { paged?: true } {
  return held?.paged && (!isOwned(view) || view.state === "handing_over") ? { paged: true } : {};
}

function withCase(town: Town, held: Case): Town {
  return { ...town, cases: { ...town.cases, [held.id]: held } };
}

/** The case as it is now, where that is no entry: told without what was said, which stays as it was. */
export function changed(town: Town, view: CaseView): Town {
  const held = town.cases[view.id];
  // In a room of mine every change of the state is an entry: this one was overtaken.
  if (held && view.room in town.rooms && held.state !== view.state) return town;
  return withCase(town, { ...saidIn(held), ...view, ...calledAs(held, view), seq: held?.seq ?? 0 });
}

function saidIn(held: Case | undefined): Partial<CaseView> {
  const said = ["text", "asker", "warning", "outcome", "helped"] as const;
  return Object.fromEntries(said.flatMap((name) => (held?.[name] === undefined ? [] : [[name, held[name]]])));
}

export function paged(town: Town, view: CaseView): Town {
  const held = town.cases[view.id];
  return withCase(town, { ...held, ...view, paged: true, seq: held?.seq ?? 0 });
}

export function pageWithdrawn(town: Town, id: string): Town {
  const held = town.cases[id];
  if (!held?.paged) return town;
  const { paged: _over, ...rest } = held;
  return withCase(town, rest);
}

/** All that the server tells at once; of rooms that are mine, what is held stays until their entries tell more. */
export function welcomed(town: Town, told: readonly CaseView[], rooms: readonly RoomInfo[]): Town["cases"] {
  const heads = new Map(rooms.map(({ id, head }) => [id, head]));
  const kept = Object.values(town.cases).filter(({ room, seq }) => seq <= (heads.get(room) ?? -1));
  const fresh = told.map((view): Case => ({ ...view, seq: heads.get(view.room) ?? 0 }));
  return Object.fromEntries([...kept, ...fresh].map((held) => [held.id, held]));
}

export function opened(town: Town, told: readonly CaseView[], { head }: RoomInfo): Town {
  const fresh = told.map((view): Case => ({ ...view, ...calledAs(town.cases[view.id], view), seq: head }));
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
  const cases = Object.values(town.cases).map((held) => (held.room === room ? { ...held, seq: 0 } : held));
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
