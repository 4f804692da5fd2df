// PURE: what is pinned on top of rooms, warnings and official alerts alike: what the server told at once is whole, and
// entries that it took in already change nothing.

import type { FleetingEvents } from "./protocol.gen";
import type { AnyKept, LaneOf, Town } from "./town";

type Name = "warnings" | "alerts";
type View<N extends Name> = Town[N][string]["inForce"][number];
interface Known {
  readonly id: string;
  readonly head: number;
}

const NONE: LaneOf<never> = { told: 0, inForce: [] };

/** Of a room that is known up to its head. */
function laneOf<V extends { readonly room: string }>(told: readonly V[], { id, head }: Known): LaneOf<V> {
  const inForce = told.filter((view) => view.room === id);
  return inForce.length > 0 ? { told: head, inForce } : { ...NONE, told: head };
}

/** All that the server tells at once. */
export function lanesOf<V extends { readonly room: string }>(
  told: readonly V[] = [],
  rooms: readonly Known[],
): Record<string, LaneOf<V>> {
  return Object.fromEntries(rooms.map((room) => [room.id, laneOf(told, room)]));
}

export function opened(town: Town, { room, warnings = [], alerts = [] }: FleetingEvents["room.opened"]): Town {
  return withLane(withLane(town, "warnings", room.id, laneOf(warnings, room)), "alerts", room.id, laneOf(alerts, room));
}

/** What is pinned in a room; where there is nothing, it is always the same nothing. */
export function laneIn<N extends Name>(town: Pick<Town, N>, name: N, room: string): LaneOf<View<N>> {
  return (town[name] as Record<string, LaneOf<View<N>>>)[room] ?? NONE;
}

export function withLane<N extends Name>(town: Town, name: N, room: string, lane: LaneOf<View<N>>): Town {
  return { ...town, [name]: { ...town[name], [room]: lane } };
}

/** Entries that the room has just taken in, in their order. */
export function taken<N extends Name>(
  town: Town,
  name: N,
  room: string,
  entries: readonly AnyKept[],
  step: (lane: LaneOf<View<N>>, entry: AnyKept) => LaneOf<View<N>>,
): Town {
  const lane = laneIn(town, name, room);
  const changed = entries.filter(({ seq }) => seq > lane.told).reduce(step, lane);
  return changed === lane ? town : withLane(town, name, room, changed);
}

export function closed(town: Town, room: string): Town {
  const { [room]: _over, ...warnings } = town.warnings;
  const { [room]: _gone, ...alerts } = town.alerts;
  return { ...town, warnings, alerts };
}

/** Another log, or one that went back to *head*: what was told beyond it is no longer so. */
export function restarted(town: Town, room: string, head: number): Town {
  return back(back(town, "warnings", room, head), "alerts", room, head);
}

function back<N extends Name>(town: Town, name: N, room: string, head: number): Town {
  const inForce = laneIn(town, name, room).inForce.filter(({ seq }) => seq <= head);
  return withLane(town, name, room, { told: head, inForce });
}
