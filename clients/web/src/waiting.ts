// PURE: what this device asked for and what is not settled yet. What is about a room stands with the room, as it was
// written; what is about a case or one's own duty stands in the town.

import type { Asked, Room, Row, Town, Waiting } from "./town";

const DUTY = "duty";

/** What a command is about: a room, a case, a notice, an alert or the preview of one, or one's own duty. Those of one
 *  lane leave one after the other; the ids of different things differ. */
export function laneOf(payload: Asked): string {
  return payload.room ?? payload.case ?? payload.report ?? payload.id ?? payload.alert ?? payload.preview ?? DUTY;
}

/** Gives what was written without a connection to its room, once the server has named it. */
export function placeWaiting(town: Town): Town {
  const isPlaceable = ({ payload }: Waiting): boolean => payload.room === undefined || payload.room in town.rooms;
  const unplaced = town.unplaced.filter((waiting) => !isPlaceable(waiting));
  return town.unplaced.filter(isPlaceable).reduce(withWaiting, { ...town, unplaced });
}

function withWaiting(town: Town, waiting: Waiting): Town {
  if (waiting.payload.room === undefined) return withAsked(town, waiting);
  const room = town.rooms[waiting.payload.room];
  if (!room || isThere(room, waiting.client_id)) return town;
  const added = { ...room, waiting: [...room.waiting, waiting] };
  return { ...town, rooms: { ...town.rooms, [room.id]: added } };
}

function withAsked(town: Town, waiting: Waiting): Town {
  const isKnown = town.asked.some((other) => other.client_id === waiting.client_id);
  return isKnown ? town : { ...town, asked: [...town.asked, waiting] };
}

function isThere(room: Room, clientId: string): boolean {
  return (
    room.waiting.some((other) => other.client_id === clientId) || room.rows.some((row) => clientIdOf(row) === clientId)
  );
}

function clientIdOf(row: Row): string | undefined {
  if (row.kind === "message") return row.client_id;
  return row.kind === "warning" ? row.warning.client_id : undefined;
}

/** Something became of a command: changes it where it stands. */
export function inLane(town: Town, lane: string, change: (list: readonly Waiting[]) => readonly Waiting[]): Town {
  const room = town.rooms[lane];
  if (!room) return withList(town, "asked", change(town.asked));
  const waiting = change(room.waiting);
  return waiting === room.waiting ? town : { ...town, rooms: { ...town.rooms, [lane]: { ...room, waiting } } };
}

function withList(town: Town, name: "asked" | "unplaced", list: readonly Waiting[]): Town {
  return list === town[name] ? town : { ...town, [name]: list };
}

/** What another page has sent before this one knew its room. */
export function withoutUnplaced(town: Town, clientId: string): Town {
  return withList(town, "unplaced", without(town.unplaced, clientId));
}

export function without(list: readonly Waiting[], clientId: string | undefined): readonly Waiting[] {
  const others = list.filter((other) => other.client_id !== clientId);
  return others.length === list.length ? list : others;
}

export function withoutWaiting(room: Room, clientId: string | undefined): Room {
  const waiting = without(room.waiting, clientId);
  return waiting === room.waiting ? room : { ...room, waiting };
}

/** In a private case entries carry no number of a device: what was sent is known by its seq. */
export function withoutArrived(room: Room): Room {
  const waiting = room.waiting.filter(({ seq }) => seq === undefined || seq > room.last);
  return waiting.length === room.waiting.length ? room : { ...room, waiting };
}

/** The command is carried out: gone where its entry is here already, or will never be in this lane. */
export function settledAs(town: Town, lane: string, clientId: string, seq: number | undefined): Town {
  const last = town.rooms[lane]?.last;
  return inLane(town, lane, (list) => {
    const isElsewhere = list.find((other) => other.client_id === clientId)?.payload.private ?? false;
    if (last === undefined || seq === undefined || seq <= last || isElsewhere) return without(list, clientId);
    return marked(list, clientId, { state: "sent", seq });
  });
}

export function marked(
  list: readonly Waiting[],
  clientId: string,
  change: Pick<Waiting, "state" | "refusal" | "seq">,
): readonly Waiting[] {
  const mark = (waiting: Waiting): Waiting => {
    const { refusal: _earlier, ...bare } = waiting;
    return waiting.client_id === clientId ? { ...bare, ...change } : waiting;
  };
  return list.map(mark);
}
