// PURE: the official alerts in force per room, as the server told them at once and as the log's entries change them. What
// they say is a text that was signed; it is read and judged where it is drawn.

import { laneIn, taken, withLane } from "./lanes";
import type { AlertView } from "./protocol.gen";
import type { AlertEvent, AlertLane, AnyKept, Kept, Town } from "./town";

export function isAlertEntry(entry: AnyKept): entry is Kept[AlertEvent] {
  return entry.event.startsWith("alert.");
}

/** Also those whose time is over by the clock, until the server says so. */
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

/** I have answered that I saw it, here or on another device. */
export function seen(town: Town, room: string, alert: string): Town {
  const lane = town.alerts[room];
  const isNew = lane?.inForce.some((view) => view.alert === alert && !view.seen);
  if (!lane || !isNew) return town;
  const inForce = lane.inForce.map((view): AlertView => (view.alert === alert ? { ...view, seen: true } : view));
  return withLane(town, "alerts", room, { ...lane, inForce });
}

/** The answer of mine that is about to be settled, if this command is one. */
export function answered(town: Town, room: string, clientId: string): Town {
  const sent = town.rooms[room]?.waiting.find((waiting) => waiting.client_id === clientId);
  return sent?.command === "alert.seen" ? seen(town, room, sent.payload.alert ?? "") : town;
}

/** A message replaces the one before it; one that ends the alert leaves nothing. */
function step(lane: AlertLane, entry: AnyKept): AlertLane {
  if (!isAlertEntry(entry)) return lane;
  const { room, seq, at, by, data } = entry;
  const before = lane.inForce.find((view) => view.alert === data.alert);
  const others = lane.inForce.filter((view) => view !== before);
  if (before && before.n > data.n) return lane; // an older message once more
  if (entry.event !== "alert.broadcast" && entry.event !== "alert.updated") return { ...lane, inForce: others };
  const view: AlertView = { room, seq, at, by, ...entry.data, ...(before?.seen ? { seen: true } : {}) };
  return { ...lane, inForce: [...others, view] };
}
