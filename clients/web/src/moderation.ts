// PURE: how the town takes in what holds in a room beyond its entries, what a person is told of decisions, and the reports
// that moderators of the municipality decide on (judged.ts says what is shown of them). Of two views of a report the
// higher version is the newer.

import type { ArrangementView, NoticeView, Person, ReportView, RoomInfo } from "./protocol.gen";
import type { AnyKept, Room, StaffRow, Standing, Town } from "./town";

const NOTHING: Standing = { told: 0, locked: false, slow: 0, muted_until: 0, arrangements: [] };

/** Residents' words are judged by the municipality alone. */
export function isJudge({ role, organisation }: Person): boolean {
  return role === "moderator" && organisation === "municipality";
}

// the room ---------------------------------------------------------------------------------------

export function standingIn({ standing }: Pick<Town, "standing">, room: string): Standing {
  return standing[room] ?? NOTHING;
}

export function standingOf(rooms: readonly RoomInfo[]): Town["standing"] {
  return Object.fromEntries(rooms.map((room) => [room.id, told(room)]));
}

function told({ head, locked = false, slow = 0, muted_until = 0, arrangements = [] }: RoomInfo): Standing {
  return { told: head, locked, slow, muted_until, arrangements };
}

export function opened(town: Town, room: RoomInfo): Town {
  return withStanding(town, room.id, told(room));
}

function withStanding(town: Town, room: string, standing: Standing): Town {
  return { ...town, standing: { ...town.standing, [room]: standing } };
}

/** Entries that the room has just taken in, in their order; what the server told at once, it told whole. */
export function withEntries(town: Town, room: string, entries: readonly AnyKept[]): Town {
  const before = standingIn(town, room);
  const after = entries.filter(({ seq }) => seq > before.told).reduce(withEntry, before);
  return after === before ? town : withStanding(town, room, after);
}

function withEntry(standing: Standing, entry: AnyKept): Standing {
  if (entry.event === "room.locked") return { ...standing, locked: true };
  if (entry.event === "room.unlocked") return { ...standing, locked: false };
  if (entry.event === "room.slowed") return { ...standing, slow: entry.data.seconds };
  if (entry.event === "arrangement.made") return arranged(standing, entry.data.arrangement.id, entry.data.arrangement);
  return entry.event === "arrangement.ended" ? arranged(standing, entry.data.arrangement) : standing;
}

function arranged(standing: Standing, id: string, made?: ArrangementView): Standing {
  const others = standing.arrangements.filter((one) => one.id !== id);
  return { ...standing, arrangements: made ? [...others, made] : others };
}

/** Whether there may be something to tell of a room beside its entries. */
export function isStanding(town: Pick<Town, "standing" | "cases">, room: Room, me: Person): boolean {
  const isEntered = room.rows.some((row) => row.kind === "staff_entered" && !isOwnCase(town.cases, row));
  return isGuest(room, me) || isEntered || standingIn(town, room.id).arrangements.length > 0;
}

/** Whether they came for a case that they have; it shows there. */
export function isOwnCase(cases: Town["cases"], { ground, person }: Pick<StaffRow, "ground" | "person">): boolean {
  return ground.kind === "case" && cases[ground.id]?.owner?.id === person.id;
}

/** Whether somebody of the staff is inside a room of neighbours, and may go. */
export function isGuest({ kind }: Pick<Room, "kind">, me: Person): boolean {
  return me.organisation !== undefined && (kind === "street" || kind === "neighbourhood");
}

/** Whether something may keep this person from writing there. */
export function isBound(town: Pick<Town, "standing">, room: string, me: Person): boolean {
  const { locked, slow, muted_until } = standingIn(town, room);
  return me.organisation === undefined && (locked || slow > 0 || muted_until > 0);
}

// the person -------------------------------------------------------------------------------------

/** A mute, and its end, are told to nobody but the person. */
export function given(town: Town, notice: NoticeView): Town {
  const notices = [...town.notices.filter(({ id }) => id !== notice.id), notice];
  const { kind, room, decision, until = 0 } = notice;
  if ((kind !== "decided" && kind !== "appeal_decided") || !(room in town.rooms)) return { ...town, notices };
  const before = standingIn(town, room);
  const isAnew = decision === "mute" || decision === "unmute" || kind === "appeal_decided";
  const after = isAnew ? { ...before, muted_until: until } : before;
  return { ...withStanding(town, room, after), notices };
}

export function closed(town: Town, id: string): Town {
  const notices = town.notices.filter((notice) => notice.id !== id);
  return notices.length === town.notices.length ? town : { ...town, notices };
}

// moderators -------------------------------------------------------------------------------------

export function reported(town: Town, view: ReportView): Town {
  const held = town.reports?.[view.report];
  if (held && held.version >= view.version) return town;
  return { ...town, reports: { ...town.reports, [view.report]: view } };
}

/** Told on asking. */
export function listed(town: Town, views: readonly ReportView[]): Town {
  return views.reduce(reported, { ...town, reports: town.reports ?? {} });
}
