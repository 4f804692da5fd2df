// PURE: (town, event) -> town, and the only place where the town changes. No clock, no socket, no storage.
// Whatever order pages and events come in, the same entries give the same rooms.

import { emptied, trimmed, withEntry, withPage } from "./entries";
import type { By, Entry, RoomInfo } from "./protocol.gen";
import { newRoom, NOBODY_HERE } from "./town";
import type { AnyKept, Room, Town, TownEvent, TownEvents } from "./town";
import { marked, placeWaiting, withoutUnplaced, withoutWaiting } from "./waiting";

/** Who missed more entries than this begins at the newest ones, and reads back from there like anybody new. */
const FAR_BEHIND = 2_000;

type Appliers = { [N in keyof TownEvents]: (town: Town, event: TownEvents[N]) => Town };

const APPLIERS: Appliers = {
  "session.started": (_, { person }) => ({ ...NOBODY_HERE, me: person }),
  "shelf.loaded": shelfLoaded,
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
  reset: (town, { room, epoch, oldest, head }) => inRoom(town, room, (r) => emptied({ ...r, epoch, oldest, head })),

  "room.opened": (town, { room }) => placeWaiting(withRoom(town, newRoom(room))),
  "room.closed": (town, { room }) => withoutRoom(town, room),
  "room.chosen": (town, { room }) => chosen(town, room),
  "room.page": (town, page) =>
    inRoom(town, page.room, (room) => (page.epoch === room.epoch ? withPage(room, page) : room)),
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

  "command.queued": (town, { waiting }) => placeWaiting({ ...town, unplaced: [...town.unplaced, waiting] }),
  "command.sent": (town, { room, client_id, seq }) =>
    inRoom(withoutUnplaced(town, client_id), room, (r) =>
      seq <= r.last ? withoutWaiting(r, client_id) : marked(r, client_id, { state: "sent" }),
    ),
  "command.delayed": (town, { room, client_id, refusal }) =>
    inRoom(town, room, (r) => marked(r, client_id, { state: "waiting", refusal })),
  "command.refused": (town, { room, client_id, refusal }) =>
    inRoom(town, room, (r) => marked(r, client_id, { state: "refused", refusal })),
  "command.discarded": (town, { room, client_id }) =>
    inRoom(withoutUnplaced(town, client_id), room, (r) => withoutWaiting(r, client_id)),
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
function shelfLoaded(town: Town, { rooms, order, chosen }: TownEvents["shelf.loaded"]): Town {
  const byId = Object.fromEntries(rooms.map((room) => [room.id, room]));
  return placeWaiting({ ...town, rooms: byId, order: order.filter((id) => id in byId), chosen });
}

function welcome(town: Town, { person, rooms }: TownEvents["welcome"]): Town {
  const held = rooms.map((info) => welcomed(town.rooms[info.id], info));
  const order = rooms.map((info) => info.id);
  const chosen = town.chosen !== null && order.includes(town.chosen) ? town.chosen : (order[0] ?? null);
  const byId = Object.fromEntries(held.map((room) => [room.id, room.id === chosen ? looked(room) : room]));
  return placeWaiting({ ...town, me: person, connection: "live", order, rooms: byId, chosen, ended: null });
}

/** A head below our cursor is a rollback, whatever the epoch says. */
function welcomed(held: Room | undefined, info: RoomInfo): Room {
  if (!held) return newRoom(info);
  const isGone = held.epoch !== info.epoch || info.head < held.last || info.head - held.last > FAR_BEHIND;
  if (isGone) return { ...newRoom(info), waiting: held.waiting };
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
  return { ...town, order, rooms, chosen: town.chosen === id ? (order[0] ?? null) : town.chosen };
}

function kept(town: Town, entry: AnyKept): Town {
  return inRoom(town, entry.room, (room) => withEntry(room, entry));
}

/** Names an entry that came as an event, as room.history would have. */
export function named(event: string, entry: Entry): TownEvent {
  return { ...entry, event } as TownEvent;
}
