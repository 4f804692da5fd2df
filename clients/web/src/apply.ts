// PURE: (town, event) -> town, and the only place where the town changes. No clock, no socket, no storage.
// Whatever order pages and events come in, the same entries give the same rooms.

import { newRoom, NOBODY_HERE } from "./town";
import type {
  Amendment,
  Edit,
  Kept,
  MessageRow,
  Reacted,
  Room,
  Row,
  Town,
  TownEvent,
  TownEvents,
  Waiting,
} from "./town";
import type { Entry, KeptEvents, RoomInfo } from "./protocol.gen";

type AnyKept = Kept[keyof Kept];
type Appliers = { [N in keyof TownEvents]: (town: Town, event: TownEvents[N]) => Town };

const APPLIERS: Appliers = {
  "session.started": (_, { person }) => ({ ...NOBODY_HERE, me: person }),
  "session.closed": () => NOBODY_HERE,
  "session.ended": (_, { reason }) => ({ ...NOBODY_HERE, ended: reason }),
  "recovery.given": (town, { code }) => ({ ...town, recovery: code }),
  "recovery.kept": (town) => ({ ...town, recovery: null }),

  "person.changed": (town, { person }) => ({ ...town, me: person }),

  "connection.lost": (town) => ({ ...town, connection: "lost" }),
  drain: (town) => town,
  welcome,
  reset: (town, { room, epoch, oldest, head }) => inRoom(town, room, (r) => emptied({ ...r, epoch, oldest, head })),

  "room.opened": (town, { room }) => placeWaiting(withRoom(town, newRoom(room))),
  "room.closed": (town, { room }) => withoutRoom(town, room),
  "room.chosen": (town, { room }) => (room in town.rooms ? { ...town, chosen: room } : town),
  "room.page": (town, page) =>
    inRoom(town, page.room, (room) => (page.epoch === room.epoch ? withPage(room, page) : room)),
  "room.read_moved": (town, { room, seq }) => inRoom(town, room, (r) => ({ ...r, read: Math.max(r.read, seq) })),
  "presence.changed": (town, { room, here }) => inRoom(town, room, (r) => ({ ...r, here })),
  "typing.started": (town) => town,

  "message.posted": kept,
  "message.edited": kept,
  "message.retracted": kept,
  "message.reacted": kept,
  "member.joined": kept,
  "member.left": kept,
  "entry.blanked": kept,

  "command.queued": (town, { waiting }) => placeWaiting({ ...town, unplaced: [...town.unplaced, waiting] }),
  "command.sent": (town, { room, client_id, seq }) =>
    inRoom(town, room, (r) => (seq <= r.last ? withoutWaiting(r, client_id) : marked(r, client_id, { state: "sent" }))),
  "command.refused": (town, { room, client_id, refusal }) =>
    inRoom(town, room, (r) => marked(r, client_id, { state: "refused", refusal })),
  "command.discarded": (town, { room, client_id }) => inRoom(town, room, (r) => withoutWaiting(r, client_id)),
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

function welcome(town: Town, { person, rooms }: TownEvents["welcome"]): Town {
  const held = rooms.map((info) => welcomed(town.rooms[info.id], info));
  const order = rooms.map((info) => info.id);
  const chosen = town.chosen !== null && order.includes(town.chosen) ? town.chosen : (order[0] ?? null);
  const byId = Object.fromEntries(held.map((room) => [room.id, room]));
  return placeWaiting({ ...town, me: person, connection: "live", order, rooms: byId, chosen, ended: null });
}

/** A head below our cursor is a rollback, whatever the epoch says. */
function welcomed(held: Room | undefined, info: RoomInfo): Room {
  if (!held) return newRoom(info);
  if (held.epoch !== info.epoch || info.head < held.last) return { ...newRoom(info), waiting: held.waiting };
  const { name, kind, head, oldest, here } = info;
  return { ...held, name, kind, head, oldest, here, read: Math.max(held.read, info.read), gap: info.more ?? false };
}

function emptied(room: Room): Room {
  return { ...room, from: room.head + 1, last: room.head, gap: false, rows: [], amendments: {} };
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

/** The next entry is put in place; one that is held is dropped; one beyond the next says that some are missing. */
function withEntry(room: Room, entry: AnyKept): Room {
  if (entry.seq <= room.last) return entry.event === "entry.blanked" ? reblanked(room, entry) : room;
  const head = Math.max(room.head, entry.seq);
  if (entry.seq > room.last + 1) return { ...room, head, gap: true };
  return settled(placed({ ...room, head, last: entry.seq }, entry));
}

function settled(room: Room): Room {
  return room.gap && room.last >= room.head ? { ...room, gap: false } : room;
}

/** Pages overlap what is held, at either end, when they cross with events. One that does not touch is dropped. */
function withPage(room: Room, page: TownEvents["room.page"]): Room {
  const known = { ...room, head: Math.max(room.head, page.head), oldest: Math.max(room.oldest, page.oldest) };
  const entries = page.entries as AnyKept[];
  const after = entries.filter((entry) => entry.seq >= room.from).reduce(withEntry, known);
  const before = entries.filter((entry) => entry.seq < room.from).toReversed();
  return settled(before.reduce(withEarlier, after));
}

function withEarlier(room: Room, entry: AnyKept): Room {
  return entry.seq === room.from - 1 ? placed({ ...room, from: entry.seq }, entry) : room;
}

/** Puts an entry that joins the held range in its place, as a row or as a change to one; the waiting copy gives way. */
function placed(room: Room, entry: AnyKept): Room {
  const ready = "client_id" in entry.data ? withoutWaiting(room, entry.data.client_id) : room;
  const amendment = asAmendment(entry);
  if (amendment) return amended(ready, amendment);
  const row = asRow(entry);
  return row ? withRow(ready, row) : ready;
}

function withRow(room: Room, row: Row): Room {
  const { [row.seq]: kept = [], ...amendments } = room.amendments;
  const whole = kept.reduce(amend, row);
  const rows = whole.seq > (room.rows.at(-1)?.seq ?? 0) ? [...room.rows, whole] : [whole, ...room.rows];
  return { ...room, rows, amendments };
}

/** A marker for an entry that we hold: it is gone here too. */
function reblanked(room: Room, entry: Kept["entry.blanked"]): Room {
  const row = asRow(entry);
  if (!row) return room;
  const isHeld = room.rows.some((held) => held.seq === row.seq && held.kind !== "blank");
  return isHeld ? { ...room, rows: room.rows.map((held) => (held.seq === row.seq ? row : held)) } : room;
}

type RowMakers = { [N in keyof KeptEvents]?: (entry: Kept[N]) => Row };

const ROWS: RowMakers = {
  "message.posted": ({ seq, at, by, data }) => ({ ...data, kind: "message", seq, at, by, edits: [], reactions: [] }),
  "member.joined": ({ seq, at, by, data }) => ({ kind: "joined", seq, at, by, person: data.person }),
  "member.left": ({ seq, at, by, data }) => ({ kind: "left", seq, at, by, person: data.person }),
  "entry.blanked": ({ seq, at, by, data }) => ({ kind: "blank", seq, at, by, reason: data.reason }),
};

/** A later wording has no row of its own, and neither has the marker in its place. */
function asRow(entry: AnyKept): Row | undefined {
  if (entry.event === "entry.blanked" && entry.data.target !== undefined) return undefined;
  return (ROWS[entry.event] as ((entry: AnyKept) => Row) | undefined)?.(entry);
}

type AmendmentMakers = { [N in keyof KeptEvents]?: (entry: Kept[N]) => Amendment };

const AMENDMENTS: AmendmentMakers = {
  "message.edited": ({ seq, at, data }) => ({ kind: "edit", target: data.target, seq, at, text: data.text }),
  "message.retracted": ({ seq, data }) => ({ kind: "retract", target: data.target, seq }),
  "message.reacted": ({ seq, by, data }) => ({
    kind: "react",
    target: data.target,
    seq,
    person: by.id,
    reaction: data.reaction,
  }),
};

function asAmendment(entry: AnyKept): Amendment | undefined {
  return (AMENDMENTS[entry.event] as ((entry: AnyKept) => Amendment) | undefined)?.(entry);
}

/** Changes the target's row, or keeps the amendment until an earlier page brings the target. */
function amended(room: Room, amendment: Amendment): Room {
  const { target } = amendment;
  if (target >= room.from)
    return { ...room, rows: room.rows.map((row) => (row.seq === target ? amend(row, amendment) : row)) };
  const kept = [...(room.amendments[target] ?? []), amendment];
  return { ...room, amendments: { ...room.amendments, [target]: kept } };
}

/** Later seq wins, in whatever order amendments are found. */
function amend(row: Row, amendment: Amendment): Row {
  if (row.kind !== "message") return row;
  if (amendment.kind === "edit") return { ...row, edits: withEdit(row, amendment) };
  if (amendment.kind === "react") return { ...row, reactions: withReaction(row, amendment) };
  return { kind: "blank", seq: row.seq, at: row.at, by: row.by, reason: "retracted" };
}

function withEdit(row: MessageRow, { seq, at, text }: Edit): readonly Edit[] {
  return [...row.edits, { seq, at, text }].sort((a, b) => a.seq - b.seq);
}

/** One reaction per person; a reaction taken back stays as null, lest an earlier page bring the old one again. */
function withReaction(row: MessageRow, { seq, person, reaction }: Reacted): readonly Reacted[] {
  const before = row.reactions.find((reacted) => reacted.person === person);
  if (before && before.seq > seq) return row.reactions;
  return [...row.reactions.filter((reacted) => reacted !== before), { seq, person, reaction }].sort(
    (a, b) => a.seq - b.seq,
  );
}

/** Gives what was written without a connection to its room, once the server has named it. */
function placeWaiting(town: Town): Town {
  const placeable = town.unplaced.filter((waiting) => waiting.payload.room in town.rooms);
  const unplaced = town.unplaced.filter((waiting) => !(waiting.payload.room in town.rooms));
  return placeable.reduce(withWaiting, { ...town, unplaced });
}

function withWaiting(town: Town, waiting: Waiting): Town {
  return inRoom(town, waiting.payload.room, (room) =>
    room.waiting.some((other) => other.client_id === waiting.client_id) || hasEntryOf(room, waiting.client_id)
      ? room
      : { ...room, waiting: [...room.waiting, waiting] },
  );
}

function hasEntryOf(room: Room, clientId: string): boolean {
  return room.rows.some((row) => row.kind === "message" && row.client_id === clientId);
}

function withoutWaiting(room: Room, clientId: string | undefined): Room {
  const waiting = room.waiting.filter((other) => other.client_id !== clientId);
  return waiting.length === room.waiting.length ? room : { ...room, waiting };
}

function marked(room: Room, clientId: string, change: Pick<Waiting, "state" | "refusal">): Room {
  const mark = (waiting: Waiting): Waiting => (waiting.client_id === clientId ? { ...waiting, ...change } : waiting);
  return { ...room, waiting: room.waiting.map(mark) };
}

/** Names an entry that came as an event, as room.history would have. */
export function named(event: string, entry: Entry): TownEvent {
  return { ...entry, event } as TownEvent;
}
