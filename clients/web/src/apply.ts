// PURE: (town, event) -> town, and the only place where the town changes. No clock, no socket, no storage.
// Whatever order pages and events come in, the same entries give the same rooms.

import * as alerts from "./alerts";
import { isPrivate } from "./case";
import * as cases from "./cases";
import * as corrections from "./corrections";
import { emptied, trimmed, withEntry, withPage } from "./entries";
import * as lanes from "./lanes";
import type { By, Entry, RoomInfo } from "./protocol.gen";
import * as moderation from "./moderation";
import * as staffAlerts from "./staff_alerts";
import { foreseenRooms, isForeseen, newRoom, NOBODY_HERE } from "./town";
import type { AnyKept, Room, Town, TownEvent, TownEvents } from "./town";
import { inLane, marked, placeWaiting, settledAs, without, withoutUnplaced } from "./waiting";
import * as warnings from "./warnings";

/** Who missed more entries than this begins at the newest ones, and reads back from there like anybody new. */
const FAR_BEHIND = 2_000;

type Appliers = { [N in keyof TownEvents]: (town: Town, event: TownEvents[N]) => Town };

const APPLIERS: Appliers = {
  "session.started": (_, { person }) => ({ ...NOBODY_HERE, me: person }),
  "shelf.loaded": shelfLoaded,
  "rooms.foreseen": foreseen,
  "storage.failed": (town) => ({ ...town, storage: "memory" }),
  "clock.compared": (town, { ahead_ms }) => ({ ...town, ahead_ms }),
  "session.closed": () => NOBODY_HERE,
  "session.ended": (_, { reason }) => ({ ...NOBODY_HERE, ended: reason }),
  "recovery.given": (town, { code }) => ({ ...town, recovery: code }),
  "recovery.kept": (town) => ({ ...town, recovery: null }),

  "person.changed": (town, { person }) => ({ ...town, me: person }),

  "connection.lost": (town) => (town.connection === "lost" ? town : { ...town, connection: "lost" }),
  "connection.trusted": (town) => ({ ...town, connection: "live" }),
  drain: (town) => town,
  welcome,
  reset: (town, { room, epoch, oldest, head }) =>
    inRoom(lanes.restarted(cases.restarted(town, room), room, head), room, (r) =>
      emptied({ ...r, epoch, oldest, head }),
    ),

  "room.opened": roomOpened,
  "room.closed": (town, { room }) => withoutRoom(lanes.closed(cases.closed(town, room), room), room),
  "room.chosen": (town, { room }) => chosen(town, room),
  "room.page": withRoomPage,
  "room.read_moved": (town, { room, seq }) => inRoom(town, room, (r) => ({ ...r, read: Math.max(r.read, seq) })),
  "presence.changed": (town, { room, here }) => inRoom(town, room, (r) => ({ ...r, here })),
  "typing.started": (town, { room, by }) => inRoom(town, room, (r) => withWriter(r, by ?? null)),
  "typing.stopped": (town, { room, person }) => inRoom(town, room, (r) => withoutWriter(r, person)),

  "message.posted": kept,
  "message.edited": kept,
  "message.retracted": kept,
  "message.reacted": kept,
  "member.joined": kept,
  "member.left": kept,
  "entry.blanked": kept,
  "entry.hidden": kept,
  "entry.restored": kept,
  "entry.removed": kept,
  "room.locked": kept,
  "room.unlocked": kept,
  "room.slowed": kept,
  "arrangement.made": kept,
  "arrangement.ended": kept,
  "report.changed": (town, { report }) => moderation.reported(town, report),
  "reports.listed": (town, { reports }) => moderation.listed(town, reports),
  "notice.given": (town, { notice }) => moderation.given(town, notice),
  "notice.closed": (town, { id }) => moderation.closed(town, id),

  "warning.raised": kept,
  "warning.answered": kept,
  "warning.cleared": kept,
  "warning.expired": kept,
  "warning.retracted": kept,
  "warning.corrected": kept,
  "warning.routed": kept,
  "alert.broadcast": kept,
  "alert.updated": kept,
  "alert.cancelled": kept,
  "alert.cleared": kept,
  "alert.expired": kept,
  "alert.noticed": (town, { alert, room, n }) => alerts.seen(town, room, alert, n),
  "correction.given": (town, { correction }) => corrections.given(town, correction),
  "correction.closed": (town, { id }) => corrections.closed(town, id),
  "escalation.raised": kept,
  "escalation.joined": kept,
  "escalation.widened": kept,
  "escalation.declined": kept,
  "escalation.unanswered": kept,
  "escalation.accepted": kept,
  "escalation.reminded": kept,
  "escalation.released": kept,
  "escalation.handing_over": kept,
  "escalation.handed_over": kept,
  "escalation.returned": kept,
  "escalation.withdrawn": kept,
  "escalation.resolved": kept,
  "escalation.rated": kept,
  "escalation.reopened": kept,
  "escalation.lapsed": kept,
  "staff.entered": kept,
  "staff.left": kept,
  "escalation.paged": (town, { case: view }) => cases.paged(town, view),
  "page.withdrawn": (town, { case: id }) => cases.pageWithdrawn(town, id),
  "case.changed": (town, { case: view }) => cases.changed(town, view),
  "duty.changed": (town, { person, on }) => cases.dutyChanged(town, person, on),

  "board.changed": (town) => town, // board_watch.ts keeps it: thousands of rooms that change twice a second
  "alert.changed": (town, { alert }) => staffAlerts.changed(town, alert),
  "alerts.listed": (town, { alerts, known }) => staffAlerts.listed(town, alerts, known),

  "command.queued": (town, { waiting }) =>
    placeWaiting({ ...cases.declining(town, waiting), unplaced: [...town.unplaced, waiting] }),
  "command.sent": (before, { lane, client_id, seq, case: awaited, alert }) => {
    const town = staffAlerts.broadcast(awaiting(seen(before, lane, client_id), awaited), lane, alert);
    return arrived(settledAs(withoutUnplaced(town, client_id), lane, client_id, seq));
  },
  "command.delayed": (town, { lane, client_id, refusal }) =>
    inLane(town, lane, (list) => marked(list, client_id, { state: "waiting", refusal })),
  "command.refused": (town, { lane, client_id, refusal }) =>
    inLane(town, lane, (list) => marked(list, client_id, { state: "refused", refusal })),
  "command.discarded": (town, { lane, client_id }) =>
    inLane(withoutUnplaced(town, client_id), lane, (list) => without(list, client_id)),
};

/** The town after the event. One of a kind that this client does not know moves the cursor and nothing else. */
export function apply(town: Town, event: TownEvent): Town {
  const applier = APPLIERS[event.event] as ((town: Town, event: TownEvent) => Town) | undefined;
  if (applier) return applier(town, event);
  return isEntry(event) ? kept(town, event) : town;
}

function isEntry(event: object): event is AnyKept {
  return "room" in event && "seq" in event && "by" in event && "data" in event;
}

/** What this device kept of the rooms, until the server tells. */
function shelfLoaded(town: Town, { rooms, order, chosen, alerts: pinned }: TownEvents["shelf.loaded"]): Town {
  const byId = Object.fromEntries(rooms.map((room) => [room.id, room]));
  const kept = rooms.map(({ id, last }) => ({ id, head: last }));
  const known = { cases: cases.casesOf(rooms), warnings: warnings.warningsOf(rooms), alerts: lanes.lanesOf(pinned, kept) };
  return placeWaiting({ ...town, ...known, rooms: byId, order: order.filter((id) => id in byId), chosen });
}

/** This device kept nothing, but where the person lives. */
function foreseen(town: Town): Town {
  const rooms = town.me ? foreseenRooms(town.me) : [];
  const order = rooms.map((room) => room.id);
  const byId = Object.fromEntries(rooms.map((room) => [room.id, room]));
  return placeWaiting({ ...town, rooms: byId, order, chosen: order[0] ?? null });
}

function welcome(town: Town, told: TownEvents["welcome"]): Town {
  const { person, rooms, duty } = told;
  const held = rooms.map((info) => welcomed(town.rooms[info.id], info));
  const order = rooms.map((info) => info.id);
  const chosen = town.chosen !== null && order.includes(town.chosen) ? town.chosen : first(held);
  const byId = Object.fromEntries(held.map((room) => [room.id, room.id === chosen ? looked(room) : room]));
  const known = {
    cases: cases.welcomed(town, told.cases ?? [], rooms),
    warnings: lanes.lanesOf(told.warnings, rooms),
    alerts: lanes.lanesOf(told.alerts, rooms),
    corrections: corrections.welcomed(town, told.corrections ?? []),
    standing: moderation.standingOf(rooms),
    notices: told.notices ?? [],
  };
  const inside: Town = { ...town, me: person, connection: "live", order, rooms: byId, chosen, ended: null };
  return placeWaiting({ ...inside, ...known, duty: duty ?? null });
}

function roomOpened(town: Town, told: TownEvents["room.opened"]): Town {
  const { room } = told;
  const known = moderation.opened(lanes.opened(cases.opened(town, told.cases ?? [], room), told), room);
  return placeWaiting(arrived(withRoom(known, newRoom(room))));
}

/** Nobody finds a private case opened by the page itself. */
function first(rooms: readonly Room[]): string | null {
  return (rooms.find((room) => !isPrivate(room)) ?? rooms[0])?.id ?? null;
}

function withRoomPage(town: Town, page: TownEvents["room.page"]): Town {
  if (town.rooms[page.room]?.epoch !== page.epoch) return town;
  const told = (page.entries as AnyKept[]).reduce(cases.withCaseEntry, town);
  return withTaken(inRoom(told, page.room, (room) => withPage(room, page)), town, page.room, page.entries as AnyKept[]);
}

/** Warnings and alerts change by the entries that the room took in: whatever lies behind a gap comes again. */
function withTaken(town: Town, before: Town, room: string, entries: readonly AnyKept[]): Town {
  const [from, to] = [before.rooms[room]?.last ?? 0, town.rooms[room]?.last ?? 0];
  const taken = entries.filter(({ seq }) => seq > from && seq <= to);
  return taken.length === 0 ? town : moderation.withEntries(alerts.withEntries(warnings.withEntries(town, room, taken), room, taken), room, taken);
}

/** A notice that I have seen here is gone, and an alert is marked; the server tells my other devices. */
function seen(town: Town, lane: string, clientId: string): Town {
  const id = town.asked.find((waiting) => waiting.client_id === clientId)?.payload.id;
  return id === undefined ? alerts.answered(town, lane, clientId) : moderation.closed(corrections.closed(town, id), id);
}

function awaiting(town: Town, id: string | undefined): Town {
  return id === undefined ? town : { ...town, awaited: id };
}

/** The room of the case that was called or taken on this page is there: look at it. */
function arrived(town: Town): Town {
  const room = town.awaited === null ? undefined : town.cases[town.awaited]?.room;
  return room !== undefined && room in town.rooms ? { ...chosen(town, room), awaited: null } : town;
}

/** A head below our cursor is a rollback, whatever the epoch says. */
function welcomed(held: Room | undefined, info: RoomInfo): Room {
  if (!held) return newRoom(info);
  const isGone = held.epoch !== info.epoch || info.head < held.last || info.head - held.last > FAR_BEHIND;
  if (isGone || isForeseen(held)) return { ...newRoom(info), waiting: held.waiting };
  const { name, kind, head, oldest, here } = info;
  const read = Math.max(held.read, info.read);
  return trimmed({ ...held, name, kind, head, oldest, here, read, typing: [], gap: info.more ?? false });
}

/** Chosen anew, the line "new" goes; chosen while it is open, for one who looks at it again, it may stand elsewhere. */
function chosen(town: Town, id: string): Town {
  const change = (room: Room): Room => looked(town.chosen === id ? room : { ...room, unreadFrom: null });
  return id in town.rooms ? { ...inRoom(town, id, change), chosen: id } : town;
}

/** Somebody begins to look at the room: what is unread now is what is new. */
function looked(room: Room): Room {
  return room.head > room.read ? { ...room, unreadFrom: room.read } : room;
}

function withWriter(room: Room, by: By | null): Room {
  const isKnown = room.typing.some((writer) => writer?.id === by?.id);
  return isKnown ? room : { ...room, typing: [...room.typing, by] };
}

function withoutWriter(room: Room, person: string | null): Room {
  return { ...room, typing: room.typing.filter((writer) => (writer?.id ?? null) !== person) };
}

function inRoom(town: Town, id: string, change: (room: Room) => Room): Town {
  const room = town.rooms[id];
  if (!room) return town;
  const changed = change(room);
  return changed === room ? town : { ...town, rooms: { ...town.rooms, [id]: changed } };
}

function withRoom(town: Town, room: Room): Town {
  const order = town.order.includes(room.id) ? town.order : [...town.order, room.id];
  return { ...town, order, rooms: { ...town.rooms, [room.id]: room }, chosen: town.chosen ?? room.id };
}

function withoutRoom(town: Town, id: string): Town {
  const { [id]: _gone, ...rooms } = town.rooms;
  const order = town.order.filter((room) => room !== id);
  const chosen = town.chosen === id ? first(order.flatMap((left) => rooms[left] ?? [])) : town.chosen;
  return { ...town, order, rooms, chosen };
}

function kept(town: Town, entry: AnyKept): Town {
  const told = entry.room in town.rooms ? cases.withCaseEntry(town, entry) : town;
  const changed = inRoom(told, entry.room, (room) => withEntry(room, entry));
  return withTaken(changed, town, entry.room, [entry]);
}

/** Names an entry that came as an event, as room.history would have. */
export function named(event: string, entry: Entry): TownEvent {
  return { ...entry, event } as TownEvent;
}
