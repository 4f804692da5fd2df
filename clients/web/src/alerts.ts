// PURE: the official alerts in force per room, as the server told them at once and as the log's entries change them. What
// they say is a text that was signed; it is read and judged where it is drawn.

import { laneIn, taken, withLane } from "./lanes";
import type { AlertEvent, AlertLane, AnyKept, Kept, PinnedAlert, Town } from "./town";

export function isAlertEntry(entry: AnyKept): entry is Kept[AlertEvent] {
  return entry.event.startsWith("alert.");
}

/** Also those that are over, by the clock or by an entry, until the server tells all anew. */
export function pinnedIn(town: Pick<Town, "alerts">, room: string): AlertLane["inForce"] {
  return laneIn(town, "alerts", room).inForce;
}

/** Whether any is pinned in any room. */
export function isAlerted({ alerts }: Pick<Town, "alerts">): boolean {
  return Object.values(alerts).some(({ inForce }) => inForce.length > 0);
}

/** Entries that the room has just taken in, in their order. */
export function withEntries(town: Town, room: string, entries: readonly AnyKept[]): Town {
  return taken(town, "alerts", room, entries, step);
}

/** I have answered that I saw it up to this message, here or on another device. n: of any, where that is not said. */
export function seen(town: Town, room: string, alert: string, n = Infinity): Town {
  const lane = town.alerts[room];
  const pinned = lane?.inForce.find((view) => view.alert === alert);
  const marked = pinned && withSeen(pinned, n);
  if (!lane || marked === pinned) return town;
  const inForce = lane.inForce.map((view) => (view === pinned ? (marked as PinnedAlert) : view));
  return withLane(town, "alerts", room, { ...lane, inForce });
}

/** An answer is about one message and those before it: what it says later is to be seen anew. */
function withSeen(view: PinnedAlert, n: number): PinnedAlert {
  const under = view.under && withSeen(view.under, n);
  const isNew = view.n <= n && !view.seen;
  if (!isNew && under === view.under) return view;
  return { ...view, ...(isNew ? { seen: true } : {}), ...(under ? { under } : {}) };
}

/** The answer of mine that is about to be settled, if this command is one. */
export function answered(town: Town, room: string, clientId: string): Town {
  const sent = town.rooms[room]?.waiting.find((waiting) => waiting.client_id === clientId);
  return sent?.command === "alert.seen" ? seen(town, room, sent.payload.alert ?? "", sent.payload.n) : town;
}

const ENDS = { "alert.cancelled": "cancel", "alert.cleared": "clear" } as const;

/** A message lies over the one before it, and so does its end; whether they were signed is judged where they are drawn
 *  (alerts_now.ts). The end by the clock is nobody's word: the alert itself says until when it holds. */
function step(lane: AlertLane, entry: AnyKept): AlertLane {
  if (!isAlertEntry(entry)) return lane;
  const { room, seq, at, by, data } = entry;
  const before = lane.inForce.find((view) => view.alert === data.alert);
  if (entry.event === "alert.expired") return before ? swapped(lane, before, { ...before, isExpired: true }) : lane;
  const view: PinnedAlert = { room, seq, at, by, ...entry.data };
  if (entry.event === "alert.broadcast" || entry.event === "alert.updated") return withView(lane, before, view);
  return before ? withView(lane, before, { ...view, ends: ENDS[entry.event] }) : lane;
}

function withView(lane: AlertLane, before: PinnedAlert | undefined, view: PinnedAlert): AlertLane {
  if (!before) return { ...lane, inForce: [...lane.inForce, view] };
  return swapped(lane, before, laid(before, view));
}

function swapped(lane: AlertLane, before: PinnedAlert, now: PinnedAlert): AlertLane {
  return now === before ? lane : { ...lane, inForce: [...lane.inForce.filter((view) => view !== before), now] };
}

/** In its place by its number, so that a number that nobody signed keeps out nothing that comes later. */
function laid(over: PinnedAlert, view: PinnedAlert): PinnedAlert {
  if (over.n === view.n && over.body === view.body && over.signature === view.signature) return over; // once more
  if (view.n >= over.n) return { ...view, under: over };
  return { ...over, under: over.under ? laid(over.under, view) : view };
}
