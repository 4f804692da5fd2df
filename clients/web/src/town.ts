// What this client knows of the town: one value, changed only by apply.ts, shown by the views.
// Plain JSON throughout (no Map, no Date), so that golden files can hold it.

import { signal } from "@preact/signals-core";

import type {
  AlertView,
  Answer,
  ArrangementView,
  By,
  CaseView,
  Commands,
  CorrectionView,
  DutyView,
  EndReason,
  Entry,
  FleetingEvents,
  KeptEvents,
  NoticeView,
  Organisation,
  Person,
  Reaction,
  Refusal,
  ReportView,
  RoomInfo,
  RoomKind,
  StaffAlertView,
  WarningView,
} from "./protocol.gen";
import type { Amendment, MessageRow, Row } from "./row";

export type * from "./row";

/** Commands that change something: each carries a client_id and goes through the outbox. */
export type LastingCommand = {
  [C in keyof Commands]: Commands[C]["payload"] extends { client_id: string } ? C : never;
}[keyof Commands];

/** An entry with its event's name beside it, as room.history gives it. */
export type Kept = { [N in keyof KeptEvents]: Omit<Entry, "event" | "data"> & { event: N; data: KeptEvents[N] } };

export type AnyKept = Kept[keyof Kept];

export type Fleeting = { [N in keyof FleetingEvents]: { event: N } & FleetingEvents[N] };

/** What the views ask of a command: about a room, a case, a notice, an alert, or about one's own duty. */
export interface Asked {
  readonly client_id?: string;
  readonly room?: string;
  readonly case?: string;
  readonly report?: string;
  readonly text?: string;
  readonly reply_to?: number;
  readonly target?: number;
  readonly reaction?: Reaction | null;
  readonly answer?: Answer | null;
  /** Of a notice. */
  readonly id?: string;
  readonly alert?: string;
  /** Of a message of the alert. */
  readonly n?: number;
  /** The alert as it was shown before it goes. */
  readonly preview?: string;
  readonly to?: Organisation;
  readonly private?: boolean;
}

/** A command of this device that is not an entry yet. `at` is this device's clock. */
export interface Waiting {
  readonly client_id: string;
  readonly command: LastingCommand;
  readonly payload: Asked;
  readonly at: number;
  readonly state: "waiting" | "sent" | "refused";
  /** With "sent": the entry it is, or will be once it comes. */
  readonly seq?: number;
  /** Why not; with "waiting": why not yet, it is sent again by itself. */
  readonly refusal?: Refusal;
}

/** What happens on this side of the wire. */
export interface OwnEvents {
  "session.closed": { event: "session.closed" };
  "session.started": { event: "session.started"; person: Person };
  "shelf.loaded": { event: "shelf.loaded"; rooms: Room[]; alerts?: AlertView[]; order: readonly string[]; chosen: string | null };
  "rooms.foreseen": { event: "rooms.foreseen" };
  "storage.failed": { event: "storage.failed" };
  "clock.compared": { event: "clock.compared"; ahead_ms: number };
  "connection.lost": { event: "connection.lost" };
  "connection.trusted": { event: "connection.trusted" };
  "room.chosen": { event: "room.chosen"; room: string };
  "room.page": { event: "room.page"; room: string; entries: Entry[]; head: number; epoch: number; oldest: number };
  "typing.stopped": { event: "typing.stopped"; room: string; person: string | null };
  "command.queued": { event: "command.queued"; waiting: Waiting };
  // lane: what the command is about (waiting.ts). On the page that sent it, case: the one that it called or took;
  // alert: the one that it made.
  "command.sent": {
    event: "command.sent";
    lane: string;
    client_id: string;
    seq?: number;
    case?: string;
    alert?: string;
  };
  "command.delayed": { event: "command.delayed"; lane: string; client_id: string; refusal: Refusal };
  "command.refused": { event: "command.refused"; lane: string; client_id: string; refusal: Refusal };
  "command.discarded": { event: "command.discarded"; lane: string; client_id: string };
  // known: those that were held when it was asked.
  "alerts.listed": { event: "alerts.listed"; alerts: StaffAlertView[]; known: readonly string[] };
  "reports.listed": { event: "reports.listed"; reports: ReportView[] };
  "recovery.given": { event: "recovery.given"; code: string };
  "recovery.kept": { event: "recovery.kept" };
}

export type TownEvents = Kept & Fleeting & OwnEvents;
export type TownEvent = TownEvents[keyof TownEvents];

/** A case as it was told last. seq: of the newest entry of its room that this view takes in. */
export interface Case extends CaseView {
  readonly seq: number;
  /** By this member of staff, on this page; it may still be taken for as long as it waits. */
  readonly declined?: true;
}

/** What is pinned on top of a room. told: what entries up to this seq say, is in it. */
export interface LaneOf<View> {
  readonly told: number;
  readonly inForce: readonly View[];
}

/** The warnings in force. */
export type Lane = LaneOf<WarningView>;

/** The newest message of an official alert, over the one before it: what is not signed neither replaces nor ends what is.
 *  ends: it says that the alert is over. isExpired: somebody says so of the clock. */
export interface PinnedAlert extends AlertView {
  readonly ends?: "cancel" | "clear";
  readonly isExpired?: true;
  readonly under?: PinnedAlert;
}

/** The official alerts in force, as each says now, and those that an entry ended. */
export type AlertLane = LaneOf<PinnedAlert>;

/** What holds in a room beyond its entries. told: what entries up to this seq say, is in it. slow: [s]. */
export interface Standing {
  readonly told: number;
  readonly locked: boolean;
  readonly slow: number;
  /** Of this person. */
  readonly muted_until: number;
  readonly arrangements: readonly ArrangementView[];
}

/** isLive: it came while one was here. */
export interface Notice extends CorrectionView {
  readonly isLive?: boolean;
}

/**
 * One room. Every entry of `from` ... `last` is held and none beyond: [epoch, last] is the cursor.
 * A room of which nothing is held yet stands at its head, with from = last + 1.
 */
export interface Room {
  readonly id: string;
  readonly name: string;
  readonly kind: RoomKind;
  readonly epoch: number;
  readonly oldest: number;
  readonly head: number;
  readonly from: number;
  readonly last: number;
  /** An entry beyond last + 1 exists and will not come by itself: pull. */
  readonly gap: boolean;
  readonly read: number;
  /** How far the room had been read when it was opened: the line "new" stays there while one reads. null: no line. */
  readonly unreadFrom: number | null;
  readonly here: number | null;
  /** Who is writing; null is a neighbour, who is not named. */
  readonly typing: readonly (By | null)[];
  readonly rows: readonly Row[];
  /** Amendments by the seq of an entry that is not loaded yet. */
  readonly amendments: Readonly<Record<number, readonly Amendment[]>>;
  /** This device's own messages that are no entries yet, as they were written. */
  readonly waiting: readonly Waiting[];
}

export interface Town {
  readonly me: Person | null;
  readonly connection: "starting" | "live" | "lost";
  readonly order: readonly string[];
  readonly rooms: Readonly<Record<string, Room>>;
  readonly chosen: string | null;
  readonly cases: Readonly<Record<string, Case>>;
  /** By room. */
  readonly warnings: Readonly<Record<string, Lane>>;
  /** By room. */
  readonly alerts: Readonly<Record<string, AlertLane>>;
  /** What was taken back or corrected of what I was told, and no device of mine has seen. */
  readonly corrections: readonly Notice[];
  /** By room. */
  readonly standing: Readonly<Record<string, Standing>>;
  /** What was decided about what I wrote or reported, and no device of mine has seen. */
  readonly notices: readonly NoticeView[];
  /** Of the municipality's moderators, by id. null: not told yet. */
  readonly reports: Readonly<Record<string, ReportView>> | null;
  /** Of staff. */
  readonly duty: DutyView | null;
  /** Of staff, by id: alerts that wait, are in force or ended lately. null: not told yet. */
  readonly staffAlerts: Readonly<Record<string, StaffAlertView>> | null;
  /** What became of what was broadcast on this page: the alert, by the lane of its preview. */
  readonly broadcasts: Readonly<Record<string, string>>;
  /** Commands about cases, notices, alerts and duty that wait or were refused; those of rooms stand with their room. */
  readonly asked: readonly Waiting[];
  /** A case that was taken or called on this page, whose room is chosen as soon as it opens. */
  readonly awaited: string | null;
  /** Commands of rooms that the server has not named yet: after a start without a connection. */
  readonly unplaced: readonly Waiting[];
  /** Shown once, after joining; never stored. */
  readonly recovery: string | null;
  /** "memory": the browser keeps nothing, so what waits is lost when the page closes. */
  readonly storage: "kept" | "memory";
  /** How far the town's clock is ahead of this device's; entries carry the town's time. */
  readonly ahead_ms: number;
  /** Why the last session ended, when it was not this person's own doing. */
  readonly ended: EndReason | null;
}

export const NOBODY_HERE: Town = {
  me: null,
  connection: "starting",
  order: [],
  rooms: {},
  chosen: null,
  cases: {},
  warnings: {},
  alerts: {},
  corrections: [],
  standing: {},
  notices: [],
  reports: null,
  duty: null,
  staffAlerts: null,
  broadcasts: {},
  asked: [],
  awaited: null,
  unplaced: [],
  recovery: null,
  storage: "kept",
  ahead_ms: 0,
  ended: null,
};

export const town = signal<Town>(NOBODY_HERE);

/** What is held of a room, as [epoch, seq]; null: nothing, but it is a room of this person. */
export type Cursor = readonly [epoch: number, seq: number] | null;

/** What to present at the next connect. */
export function cursors(of: Town): Record<string, Cursor> {
  return Object.fromEntries(
    Object.values(of.rooms).map((room) => [room.id, isForeseen(room) ? null : [room.epoch, room.last]]),
  );
}

/**
 * The rooms that follow from where a person lives, before the server has told of them: on a device that keeps nothing
 * one can write at once. Every log of the server's has an oldest entry from 1 on, these have none.
 */
export function foreseenRooms({ street, neighbourhood }: Person): Room[] {
  const places = { street, neighbourhood };
  return (["street", "neighbourhood"] as const).flatMap((kind) => {
    const place = places[kind];
    return place ? [newRoom({ ...place, kind, head: 0, epoch: 0, oldest: 0, here: null, read: 0 })] : [];
  });
}

export function isForeseen(room: Room): boolean {
  return room.oldest === 0;
}

/** Whether older entries exist that are not loaded. */
export function hasEarlier(room: Room): boolean {
  return room.from > Math.max(room.oldest, 1);
}

export function holdsNothing(room: Room): boolean {
  return room.from > room.last;
}

const NEWS: readonly string[] = ["escalation.raised", "alert.broadcast", "alert.updated"];

/** What somebody else said, warned of or asked for; what becomes of a case is no news of its own. */
export function isNews(row: Row, me: string | null): boolean {
  if (row.by.id === me) return false;
  return row.kind === "message" || row.kind === "warning" || ("event" in row && NEWS.includes(row.event));
}

/** hasMore: there is more beyond the read mark that is not held, and nobody knows whether it is news. */
export interface Unread {
  readonly count: number;
  readonly hasMore: boolean;
}

/** News beyond the read mark. */
export function unread(room: Room, me: string | null = null): Unread {
  const seen = newsBegin(room, room.read, me);
  const count = room.rows.filter((row) => row.seq > seen && isNews(row, me)).length;
  return { count, hasMore: room.from - 1 > seen || room.head > Math.max(room.last, seen) };
}

/** The seq before which the line "new" stands, or null: the first news that was unread at the opening. */
export function firstNew(room: Room, me: string): number | null {
  if (room.unreadFrom === null) return null;
  const seen = newsBegin(room, room.unreadFrom, me);
  return room.rows.find((row) => row.seq > seen && isNews(row, me))?.seq ?? null;
}

/** The seq up to which nothing is news: it was read, it is gone, or it was said before one came. */
function newsBegin({ rows, oldest }: Room, read: number, me: string | null): number {
  const came = rows.findLast((row) => row.kind === "joined" && row.person.id === me)?.seq ?? 0;
  return Math.max(read, oldest - 1, came);
}

/** The text in force. */
export function wording(row: MessageRow): string {
  return row.edits.at(-1)?.text ?? row.text;
}

/** A room as the server names it, with nothing of it held. */
export function newRoom(info: RoomInfo): Room {
  return {
    id: info.id,
    name: info.name,
    kind: info.kind,
    epoch: info.epoch,
    oldest: info.oldest,
    head: info.head,
    from: info.head + 1,
    last: info.head,
    gap: false,
    read: info.read,
    unreadFrom: null,
    here: info.here,
    typing: [],
    rows: [],
    amendments: {},
    waiting: [],
  };
}
