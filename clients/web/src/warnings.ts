// PURE: the warnings in force per room, as the server told them at once and as the log's entries change them. An entry
// that the welcome took in already changes nothing; what was told is whole.

import { isDanger } from "./case";
import { laneIn, taken } from "./lanes";
import type { Answer, Counts, KeptEvents, Person, WarningView } from "./protocol.gen";
import type {
  AnyKept,
  Kept,
  Lane,
  LastingCommand,
  Room,
  Row,
  Town,
  Waiting,
  WarningChange,
  WarningEvent,
  WarningRow,
} from "./town";

/** What is asked about a warning that is there. */
const ASKED: Partial<Record<LastingCommand, true>> = {
  "warning.answer": true,
  "warning.clear": true,
  "warning.retract": true,
  "warning.correct": true,
  "warning.route": true,
};
const ENDS: readonly string[] = ["warning.cleared", "warning.expired", "warning.retracted"] satisfies WarningEvent[];

export function isWarningEntry(entry: AnyKept): entry is Kept[WarningEvent] {
  return entry.event.startsWith("warning.") && entry.event !== "warning.raised";
}

export function endsIt({ event }: { event: string }): boolean {
  return ENDS.includes(event);
}

// what the town is told -------------------------------------------------------------------------------

/** Entries that the room has just taken in, in their order. */
export function withEntries(town: Town, room: string, entries: readonly AnyKept[]): Town {
  return taken(town, "warnings", room, entries, (lane, entry) => step(lane, entry, town.me));
}

/** What the rows of rooms that were kept on this device know. */
export function warningsOf(rooms: readonly Room[]): Town["warnings"] {
  return Object.fromEntries(rooms.map((room) => [room.id, { told: room.last, inForce: inForceOf(room) }]));
}

function inForceOf({ id, rows }: Room): WarningView[] {
  const raised = rows.filter((row: Row): row is WarningRow => row.kind === "warning" && !row.changes.some(endsIt));
  return raised.map((row) => viewOf(row, id));
}

// how a warning changes -------------------------------------------------------------------------------

function step(lane: Lane, entry: AnyKept, me: Person | null): Lane {
  if (entry.event === "warning.raised") return { ...lane, inForce: [...lane.inForce, raised(entry)] };
  if (entry.event === "entry.blanked") return without(lane, entry.data.target ?? entry.seq);
  if (!isWarningEntry(entry)) return lane;
  if (endsIt(entry)) return without(lane, entry.data.target);
  const isMine = entry.by.id === me?.id;
  const change = (view: WarningView): WarningView => (view.seq === entry.data.target ? moved(view, entry, isMine) : view);
  return { ...lane, inForce: lane.inForce.map(change) };
}

function without(lane: Lane, seq: number): Lane {
  return lane.inForce.some((view) => view.seq === seq)
    ? { ...lane, inForce: lane.inForce.filter((view) => view.seq !== seq) }
    : lane;
}

function raised({ room, seq, at, by, data }: Kept["warning.raised"]): WarningView {
  const { client_id: _device, ...said } = data;
  return { room, seq, at, by, ...said, desk: said.proposed.desk, counts: { see: 0, not_here: 0, over: 0 } };
}

function moved(view: WarningView, entry: Kept[WarningEvent], isMine: boolean): WarningView {
  if (entry.event === "warning.answered") return answered(view, entry.data, isMine);
  if (entry.event === "warning.routed") return { ...view, desk: entry.data.desk };
  return entry.event === "warning.corrected" ? { ...view, ...factsOf(entry.data), corrected: true } : view;
}

function answered(view: WarningView, { answer, counts }: KeptEvents["warning.answered"], isMine: boolean): WarningView {
  const { mine: before, ...rest } = { ...view, counts };
  const mine = isMine ? answer : before;
  return mine ? { ...rest, mine } : rest;
}

/** What a correction changes; the rest of it says why, and by which device. */
function factsOf({ target: _of, reason: _why, client_id: _device, ...facts }: KeptEvents["warning.corrected"]) {
  return facts;
}

/** A warning as the rows of its room have it, whether it is in force or over. My own answer stands in no row. */
export function viewOf(row: WarningRow, room: string): WarningView {
  const { seq, at, by, warning, changes } = row;
  const first = raised({ event: "warning.raised", room, seq, at, by, data: warning });
  return changes.reduce((view, change) => ({ ...view, ...factsIn(change) }), first);
}

/** The row of a warning in force whose entry is not loaded: it was raised long ago, and stands above the talk. */
export function rowOf({ seq, at, by, ...said }: WarningView): WarningRow {
  return { kind: "warning", seq, at, by, warning: { ...said, client_id: "" }, changes: [] };
}

function factsIn(change: WarningChange): Partial<WarningView> {
  if (change.event === "warning.answered") return { counts: change.data.counts };
  if (change.event === "warning.routed") return { desk: change.data.desk };
  return change.event === "warning.corrected" ? { ...factsOf(change.data), corrected: true } : {};
}

/** The row with a later entry about it, in whatever order those are found. Of the answers the last one tells all. */
export function withChange(row: WarningRow, change: WarningChange): WarningRow {
  if (row.changes.some(({ seq }) => seq === change.seq)) return row;
  const changes = [...row.changes, change].sort((a, b) => a.seq - b.seq);
  const last = changes.findLast(isAnswer)?.seq;
  return { ...row, changes: changes.filter((one) => !isAnswer(one) || one.seq === last) };
}

function isAnswer({ event }: WarningChange): boolean {
  return event === "warning.answered";
}

// what is asked about warnings --------------------------------------------------------------------------

/** Those in force in a room: danger first, then the newest. now_ms: the town's; a warning ends by it without a word. */
export function inForce({ warnings }: Pick<Town, "warnings">, room: string, now_ms: number): WarningView[] {
  const { inForce } = laneIn({ warnings }, "warnings", room);
  const rank = (view: WarningView): number => (isDanger(view.kind) ? 0 : 1);
  return inForce.filter(({ until }) => until > now_ms).sort((a, b) => rank(a) - rank(b) || b.seq - a.seq);
}

/** One of those in force, or undefined. */
export function warningAt({ warnings }: Pick<Town, "warnings">, room: string, seq: number): WarningView | undefined {
  return warnings[room]?.inForce.find((view) => view.seq === seq);
}

/** My answer as I left it, even while that waits. */
export function ownAnswer(room: Room, view: WarningView): Answer | null {
  const waiting = room.waiting.findLast(
    ({ command, payload, state }) =>
      command === "warning.answer" && payload.target === view.seq && state !== "refused",
  );
  return waiting ? (waiting.payload.answer ?? null) : (view.mine ?? null);
}

/** The counts with my answer as I left it. */
export function countsWith(view: WarningView, own: Answer | null): Counts {
  const counts = { ...view.counts };
  if (view.mine === (own ?? undefined)) return counts;
  if (view.mine) counts[view.mine] = Math.max(0, counts[view.mine] - 1);
  if (own) counts[own] += 1;
  return counts;
}

/** What was asked about a warning and refused. */
export function refusedOf(room: Room | undefined, seq: number): Waiting[] {
  return (room?.waiting ?? []).filter(
    ({ command, payload, state }) => command in ASKED && payload.target === seq && state === "refused",
  );
}

/** What was asked about a warning and is not answered yet. */
export function askedOf(room: Room, seq: number): Waiting | undefined {
  return room.waiting.findLast(
    ({ command, payload, state }) => command in ASKED && payload.target === seq && state !== "refused",
  );
}

export function isAuthor({ by }: Pick<WarningView, "by">, me: Person): boolean {
  return by.id === me.id;
}

/** Who may say that all is clear, choose another desk, and see how many were given it. */
export function mayTend(view: WarningView, me: Person): boolean {
  return isAuthor(view, me) || me.organisation !== undefined;
}

/** Its author, or a moderator of the municipality. */
export function mayRetract(view: Pick<WarningView, "by">, me: Person): boolean {
  return isAuthor(view, me) || (me.role === "moderator" && me.organisation === "municipality");
}
