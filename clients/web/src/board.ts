// PURE: the activity board as a member of staff sees it: rooms with counts, kinds and states, and never a word of what
// was said. The server says whole rooms first, then what has changed; time moves the minutes on by itself.

import { fold } from "./places";
import type { BoardArea, BoardReason, BoardRow, FleetingEvents } from "./protocol.gen";

/** Minutes that are shown. */
export const HOUR = 60;
export const MINUTE_MS = 60_000;

/** One room, whole. minute: since 1970, of the last of `minutes`. */
export interface BoardRoom extends Required<Omit<BoardRow, "area">> {
  readonly area: string;
  readonly minute: number;
}

export interface Board {
  readonly rooms: ReadonlyMap<string, BoardRoom>;
  readonly areas: ReadonlyMap<string, BoardArea>;
  /** How many rooms there are; null until the server has answered. */
  readonly expected: number | null;
}

export const NO_BOARD: Board = { rooms: new Map(), areas: new Map(), expected: null };

/** The answer to `board.watch`. */
export function begun(board: Board, expected: number, areas: readonly BoardArea[]): Board {
  return { ...board, expected, areas: new Map(areas.map((area) => [area.id, area])) };
}

/** What is told of a room that was not told whole yet is in its beginning, which is under way. */
export function told(board: Board, { now, rooms, whole }: FleetingEvents["board.changed"]): Board {
  const held = new Map(whole ? [] : board.rooms);
  const minute = Math.floor(now / MINUTE_MS);
  for (const row of rooms) {
    const room = withRow(held.get(row.room), row, minute);
    if (room) held.set(row.room, room);
  }
  return { ...board, rooms: held };
}

function withRow(held: BoardRoom | undefined, row: BoardRow, minute: number): BoardRoom | null {
  if (row.name !== undefined) return { ...(row as Required<BoardRow>), area: row.area ?? "", minute };
  if (!held) return null;
  const last = row.minutes ?? [];
  const minutes = last.length === 0 ? held.minutes : [...minutesAt(held, minute).slice(0, HOUR - last.length), ...last];
  return { ...held, ...row, minutes, minute: last.length === 0 ? held.minute : minute };
}

/** The minutes as they stand now, if nothing has been said since they were told. */
export function minutesAt({ minutes, minute }: Pick<BoardRoom, "minutes" | "minute">, now: number): readonly number[] {
  const gone = Math.min(Math.max(now - minute, 0), HOUR);
  return gone === 0 ? minutes : [...minutes.slice(gone), ...Array<number>(gone).fill(0)];
}

// what is shown --------------------------------------------------------------------------------------

/** What a room is shown for; "all" is every room. */
export type State = "all" | "needed" | "calls" | "warned" | "reports" | "alerts" | "inside" | "talking";

export const STATES: readonly State[] = ["all", "needed", "calls", "warned", "reports", "alerts", "inside", "talking"];

/** The reasons for which somebody should look now. */
export const PRESSING: ReadonlySet<BoardReason> = new Set<BoardReason>([
  "unanswered",
  "urgent_waiting",
  "overdue_report",
  "waiting",
  "danger",
]);

const HOLDS: Readonly<Record<State, (room: BoardRoom) => boolean>> = {
  all: () => true,
  needed: ({ why }) => PRESSING.has(why),
  calls: ({ cases }) => cases.length > 0,
  warned: ({ warnings }) => warnings.length > 0,
  reports: ({ reports }) => reports.length > 0,
  alerts: ({ alerts }) => alerts.length > 0,
  inside: ({ staff }) => staff > 0,
  talking: ({ why }) => why === "talking" || why === "lively",
};

/** typed: a part of a room's or neighbourhood's name.  area: a place above the room, "" for any. */
export interface Filter {
  readonly typed: string;
  readonly area: string;
  readonly state: State;
}

export const EVERYTHING: Filter = { typed: "", area: "", state: "all" };

/** The rooms that pass, those that need a person most on top. */
export function shown(board: Board, filter: Filter): BoardRoom[] {
  const words = fold(filter.typed).split(" ").filter(Boolean);
  return [...board.rooms.values()].filter((room) => passes(board, filter, words, room)).sort(byNeed);
}

function passes(board: Board, { area, state }: Filter, words: readonly string[], room: BoardRoom): boolean {
  if (!HOLDS[state](room)) return false;
  if (area !== "" && !lineOf(board, room.area).some(({ id }) => id === area)) return false;
  if (words.length === 0) return true;
  const names = ` ${fold(room.name)} ${fold(board.areas.get(room.area)?.name ?? "")}`;
  return words.every((word) => names.includes(` ${word}`));
}

/** The score first; of the same score what ends first, then what is called first in the alphabet. */
function byNeed(one: BoardRoom, other: BoardRoom): number {
  return other.score - one.score || deadlineOf(one) - deadlineOf(other) || (one.name < other.name ? -1 : 1);
}

/** When the next thing happens there by itself. */
export function deadlineOf({ cases, reports }: Pick<BoardRoom, "cases" | "reports">): number {
  return Math.min(Infinity, ...[...cases, ...reports].map(({ deadline }) => deadline ?? Infinity));
}

/** A place and those above it, the nearest first. */
export function lineOf({ areas }: Pick<Board, "areas">, id: string): BoardArea[] {
  const area = areas.get(id);
  if (!area) return [];
  return area.parent === undefined ? [area] : [area, ...lineOf({ areas }, area.parent)];
}

/** The places of a kind, by name; those in *within* where that is not "". */
export function areasOf(board: Pick<Board, "areas">, kind: BoardArea["kind"], within = ""): BoardArea[] {
  const all = [...board.areas.values()].filter((area) => area.kind === kind);
  const inside = within === "" ? all : all.filter(({ id }) => lineOf(board, id).some((above) => above.id === within));
  return inside.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** In the order that is shown already as long as somebody has a hand on the list: what is new comes last. */
export function inOrderOf(before: readonly string[], rooms: readonly BoardRoom[]): BoardRoom[] {
  const rank = new Map(before.map((id, at) => [id, at]));
  const at = ({ room }: BoardRoom): number => rank.get(room) ?? before.length;
  return [...rooms].sort((one, other) => at(one) - at(other));
}

// all together ---------------------------------------------------------------------------------------

export interface Sums {
  readonly rooms: number;
  readonly calls: number;
  readonly unanswered: number;
  readonly warnings: number;
  readonly reports: number;
  readonly alerts: number;
  readonly staff: number;
  /** In the last five minutes. */
  readonly messages: number;
}

export function sumsOf({ rooms }: Pick<Board, "rooms">, minute: number): Sums {
  const all = [...rooms.values()];
  const sum = (of: (room: BoardRoom) => number): number => all.reduce((total, room) => total + of(room), 0);
  return {
    rooms: all.length,
    calls: sum(({ cases }) => cases.length),
    unanswered: sum(({ cases }) => cases.filter(({ state }) => state === "unanswered").length),
    warnings: sum(({ warnings }) => warnings.length),
    reports: sum(({ reports }) => reports.length),
    alerts: new Set(all.flatMap(({ alerts }) => alerts.map(({ id }) => id))).size,
    staff: sum(({ staff }) => staff),
    messages: sum((room) => recent(room, minute)),
  };
}

/** Messages of the last five minutes. */
export function recent(room: BoardRoom, minute: number): number {
  return minutesAt(room, minute)
    .slice(-5)
    .reduce((total, count) => total + count, 0);
}

/** A neighbourhood on the map. level: 0 quiet ... 4, by how much is said there, also beside the others. */
export interface Patch {
  readonly level: number;
  readonly messages: number;
  readonly isPressing: boolean;
}

const LEVELS = [1, 5, 15, 40] as const;

/** Of each neighbourhood, its own room and its streets together. */
export function patchesOf({ rooms }: Pick<Board, "rooms">, minute: number): Map<string, Patch> {
  const said = new Map<string, number>();
  const pressing = new Set<string>();
  for (const room of rooms.values()) {
    said.set(room.area, (said.get(room.area) ?? 0) + recent(room, minute));
    if (PRESSING.has(room.why)) pressing.add(room.area);
  }
  const most = Math.max(1, ...said.values());
  const patchOf = (area: string, messages: number): Patch => {
    const byCount = LEVELS.filter((least) => messages >= least).length;
    const besideOthers = Math.ceil((LEVELS.length * messages) / most);
    return { messages, level: Math.min(byCount, besideOthers), isPressing: pressing.has(area) };
  };
  return new Map([...said].map(([area, messages]) => [area, patchOf(area, messages)]));
}

// what is new and urgent -----------------------------------------------------------------------------

/** What calls for somebody at once, by names that no other has: a call, a warning of danger, a report that is late. */
export function urgentIn(rooms: Iterable<BoardRoom>): string[] {
  return [...rooms].flatMap(({ room, cases, warnings, reports }) => [
    ...cases.filter(({ state, urgency }) => isUnheard(state, urgency)).map(({ id }) => `${room} ${id}`),
    ...warnings.filter(({ severity }) => severity === "extreme" || severity === "severe").map(({ seq }) => `${room} ${seq}`),
    ...reports.filter(({ late }) => late === true).map(({ id }) => `${room} ${id}`),
  ]);
}

function isUnheard(state: string, urgency: string): boolean {
  return state === "unanswered" || (urgency === "urgent" && state === "paging");
}

// the sparkline --------------------------------------------------------------------------------------

/** A path of bars, one for each minute, in a drawing as wide as there are minutes and *high* units high. */
export function barsOf(minutes: readonly number[], high: number): string {
  const most = Math.max(4, ...minutes); // a single message is no peak
  return minutes
    .map((count, at) => (count === 0 ? "" : `M${at} ${high}v${-Math.max(1, Math.round((count / most) * high))}h1V${high}z`))
    .join("");
}
