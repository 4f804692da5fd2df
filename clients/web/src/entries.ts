// PURE: what the entries of a room's log make of the room: rows in order, amended by later entries, without a gap.

import { isAlertEntry } from "./alerts";
import { isCaseEntry } from "./cases";
import type { By, KeptEvents } from "./protocol.gen";
import type {
  AlertEvent,
  AlertRow,
  Amendment,
  AnyKept,
  BlankRow,
  CaseEvent,
  Edit,
  Kept,
  MeasureEvent,
  MeasureRow,
  MessageRow,
  Reacted,
  Room,
  Row,
  TownEvents,
  WarningEvent,
} from "./town";
import { isWarningEntry, withChange } from "./warnings";
import { withoutArrived, withoutWaiting } from "./waiting";

/** The next entry is put in place; one that is held is dropped; one beyond the next says that some are missing. */
export function withEntry(room: Room, entry: AnyKept): Room {
  if (entry.seq <= room.last) return entry.event === "entry.blanked" ? reblanked(room, entry) : room;
  const head = Math.max(room.head, entry.seq);
  if (entry.seq > room.last + 1) return { ...room, head, gap: true };
  const next = { ...room, head, last: entry.seq, typing: withoutWriter(room, entry.by) };
  return withoutArrived(settled(placed(next, entry)));
}

/** The room with nothing of its log, standing at its head. */
export function emptied(room: Room): Room {
  return { ...room, from: room.head + 1, last: room.head, gap: false, unreadFrom: null, rows: [], amendments: {} };
}

/** The room without what is older than its oldest entry: retention took it, and it goes here too. */
export function trimmed(room: Room): Room {
  if (room.from >= room.oldest) return room;
  const from = Math.min(room.oldest, room.last + 1);
  return { ...room, from, rows: room.rows.filter((row) => row.seq >= from) };
}

type Held = Pick<Room, "from" | "rows" | "amendments">;

/** The room from a seq on. What later entries changed in rows that go is kept for the page that brings them back. */
export function cutTo<R extends Held>(room: R, from: number): R {
  const gone = room.rows.filter((row) => row.seq < from);
  const kept = gone.map((row) => [row.seq, amendmentsOf(row).filter((amendment) => amendment.seq >= from)] as const);
  const amendments = { ...room.amendments, ...Object.fromEntries(kept.filter(([, list]) => list.length > 0)) };
  return { ...room, from, amendments, rows: room.rows.filter((row) => row.seq >= from) };
}

/** A message that was taken back comes as a marker in any page, so there is nothing to keep of it. */
function amendmentsOf(row: Row): Amendment[] {
  if (row.kind === "warning")
    return row.changes.map((change) => ({ kind: "warn", target: row.seq, seq: change.seq, change }));
  if (row.kind !== "message") return [];
  const edits = row.edits.map((edit) => ({ ...edit, kind: "edit", target: row.seq }) as const);
  const reactions = row.reactions.map((reacted) => ({ ...reacted, kind: "react", target: row.seq }) as const);
  return [...edits, ...reactions].sort((a, b) => a.seq - b.seq);
}

function settled(room: Room): Room {
  return room.gap && room.last >= room.head ? { ...room, gap: false } : room;
}

/** Who has said it writes no longer; of the neighbours nobody knows which one it was. */
function withoutWriter({ typing }: Room, by: By): Room["typing"] {
  return typing.filter((writer) => (writer ? writer.id !== by.id : by.organisation !== undefined));
}

/** Pages overlap what is held, at either end, when they cross with events. One that does not touch is dropped. */
export function withPage(room: Room, page: TownEvents["room.page"]): Room {
  const known = { ...room, head: Math.max(room.head, page.head), oldest: Math.max(room.oldest, page.oldest) };
  const entries = page.entries as AnyKept[];
  const after = withReturned(entries.filter((entry) => entry.seq >= room.from).reduce(withEntry, known), entries);
  const before = entries.filter((entry) => entry.seq < room.from).toReversed();
  return trimmed(settled(before.reduce(withEarlier, after)));
}

function withEarlier(room: Room, entry: AnyKept): Room {
  return entry.seq === room.from - 1 ? placed({ ...room, from: entry.seq }, entry) : room;
}

/** Puts an entry that joins the held range in its place, as a row or as a change to one; the waiting copy gives way. */
function placed(room: Room, entry: AnyKept): Room {
  const shown = entry.event === "entry.restored" ? withoutHiding(room, entry.data.target) : room;
  const ready = "client_id" in entry.data ? withoutWaiting(shown, entry.data.client_id) : shown;
  const amendment = asAmendment(entry);
  const row = asRow(entry);
  const placed = row ? withRow(ready, row) : ready;
  return amendment ? amended(placed, amendment) : placed;
}

/** A page that brings the entry has its words again. */
function withoutHiding(room: Room, target: number): Room {
  const rows = room.rows.map((row) => (row.seq === target && isHidden(row) ? { ...row, isBack: true as const } : row));
  const kept = room.amendments[target];
  if (!kept) return { ...room, rows };
  const left = kept.filter((amendment) => amendment.kind !== "retract" || amendment.reason === "retracted");
  return { ...room, rows, amendments: { ...room.amendments, [target]: left } };
}

/** By a decision that can be taken back. */
export function isHidden(row: Row): row is BlankRow {
  return row.kind === "blank" && (row.reason === "review" || row.reason === "hidden" || row.reason === "moderation");
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

/** Entries that were hidden and are back have their words again, as they were worded last. */
function withReturned(room: Room, entries: readonly AnyKept[]): Room {
  const isReturning = (row: Row): boolean => row.kind === "blank" && row.isBack === true;
  if (!room.rows.some(isReturning)) return room;
  return { ...room, rows: room.rows.map((row) => (isReturning(row) ? returned(row, entries) : row)) };
}

function returned(blank: Row, entries: readonly AnyKept[]): Row {
  const entry = entries.find(({ seq }) => seq === blank.seq);
  const row = entry && asRow(entry);
  if (!row) return blank;
  const changes = entries.flatMap((other) => asAmendment(other) ?? []);
  return changes.filter(({ kind, target }) => target === row.seq && kind !== "retract").reduce(amend, row);
}

type RowMakers = { [N in keyof KeptEvents]?: (entry: Kept[N]) => Row };

function caseRow({ event, seq, at, by, data }: Kept[CaseEvent]): Row {
  return { kind: "case", seq, at, by, event, case: data.case, ...(data.text ? { said: data.text } : {}) };
}

const ROWS: RowMakers = {
  "message.posted": ({ seq, at, by, data }) => ({ ...data, kind: "message", seq, at, by, edits: [], reactions: [] }),
  "member.joined": ({ seq, at, by, data }) => ({ kind: "joined", seq, at, by, person: data.person }),
  "member.left": ({ seq, at, by, data }) => ({ kind: "left", seq, at, by, person: data.person }),
  "entry.blanked": ({ seq, at, by, data }) => ({ kind: "blank", seq, at, by, reason: data.reason }),
  "warning.raised": ({ seq, at, by, data }) => ({ kind: "warning", seq, at, by, warning: data, changes: [] }),
  "staff.entered": ({ seq, at, by, data }) => ({ ...data, kind: "staff_entered", seq, at, by }),
  "staff.left": ({ seq, at, by, data }) => ({ ...data, kind: "staff_left", seq, at, by }),
  "room.locked": measureRow,
  "room.unlocked": measureRow,
  "room.slowed": measureRow,
  "arrangement.made": measureRow,
  "arrangement.ended": measureRow,
};

function warningLine({ event, seq, at, by, data }: Kept[WarningEvent]): Row {
  const change = { event, seq, at, by, data } as Extract<Row, { kind: "warning_line" }>["change"];
  return { kind: "warning_line", seq, at, by, change };
}

function measureRow({ event, seq, at, by, data }: Kept[MeasureEvent]): Row {
  return { kind: "measure", event, seq, at, by, data } as MeasureRow;
}

function alertRow({ event, seq, at, by, data }: Kept[AlertEvent]): Row {
  return { kind: "alert", event, seq, at, by, data } as AlertRow;
}

/** A later wording has no row of its own, and neither has the marker in its place; nor has an answer to a warning. */
function asRow(entry: AnyKept): Row | undefined {
  if (entry.event === "entry.blanked" && entry.data.target !== undefined) return undefined;
  if (isCaseEntry(entry)) return caseRow(entry);
  if (isAlertEntry(entry)) return alertRow(entry);
  if (isWarningEntry(entry)) return entry.event === "warning.answered" ? undefined : warningLine(entry);
  return (ROWS[entry.event] as ((entry: AnyKept) => Row) | undefined)?.(entry);
}

type AmendmentMakers = { [N in keyof KeptEvents]?: (entry: Kept[N]) => Amendment };

const AMENDMENTS: AmendmentMakers = {
  "message.edited": ({ seq, at, data }) => ({ kind: "edit", target: data.target, seq, at, text: data.text }),
  "message.retracted": ({ seq, data }) => ({ kind: "retract", target: data.target, seq, reason: "retracted" }),
  "entry.hidden": ({ seq, data }) => ({ kind: "retract", target: data.target, seq, reason: data.reason }),
  "entry.removed": ({ seq, data }) => ({ kind: "retract", target: data.target, seq, reason: "moderation" }),
  "message.reacted": ({ seq, by, data }) => ({
    kind: "react",
    target: data.target,
    seq,
    person: by.id,
    reaction: data.reaction,
  }),
};

function asAmendment(entry: AnyKept): Amendment | undefined {
  if (isWarningEntry(entry)) return ofWarning(entry);
  return (AMENDMENTS[entry.event] as ((entry: AnyKept) => Amendment) | undefined)?.(entry);
}

function ofWarning({ event, seq, at, by, data }: Kept[WarningEvent]): Amendment {
  const change = { event, seq, at, by, data } as Extract<Amendment, { kind: "warn" }>["change"];
  return { kind: "warn", target: data.target, seq, change };
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
  if (amendment.kind === "warn") return row.kind === "warning" ? withChange(row, amendment.change) : row;
  if (row.kind !== "message") return row;
  if (amendment.kind === "edit") return { ...row, edits: withEdit(row, amendment) };
  if (amendment.kind === "react") return { ...row, reactions: withReaction(row, amendment) };
  return { kind: "blank", seq: row.seq, at: row.at, by: row.by, reason: amendment.reason };
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
