// PURE: what this device wrote and what is not an entry yet, in the rooms that it was written for.

import type { Room, Town, Waiting } from "./town";

/** Gives what was written without a connection to its room, once the server has named it. */
export function placeWaiting(town: Town): Town {
  const placeable = town.unplaced.filter((waiting) => waiting.payload.room in town.rooms);
  const unplaced = town.unplaced.filter((waiting) => !(waiting.payload.room in town.rooms));
  return placeable.reduce(withWaiting, { ...town, unplaced });
}

function withWaiting(town: Town, waiting: Waiting): Town {
  const room = town.rooms[waiting.payload.room];
  if (!room || isThere(room, waiting.client_id)) return town;
  const added = { ...room, waiting: [...room.waiting, waiting] };
  return { ...town, rooms: { ...town.rooms, [room.id]: added } };
}

function isThere(room: Room, clientId: string): boolean {
  return (
    room.waiting.some((other) => other.client_id === clientId) ||
    room.rows.some((row) => row.kind === "message" && row.client_id === clientId)
  );
}

/** What another page has sent before this one knew its room. */
export function withoutUnplaced(town: Town, clientId: string): Town {
  const unplaced = town.unplaced.filter((other) => other.client_id !== clientId);
  return unplaced.length === town.unplaced.length ? town : { ...town, unplaced };
}

export function withoutWaiting(room: Room, clientId: string | undefined): Room {
  const waiting = room.waiting.filter((other) => other.client_id !== clientId);
  return waiting.length === room.waiting.length ? room : { ...room, waiting };
}

export function marked(room: Room, clientId: string, change: Pick<Waiting, "state" | "refusal">): Room {
  const mark = (waiting: Waiting): Waiting => {
    const { refusal: _earlier, ...bare } = waiting;
    return waiting.client_id === clientId ? { ...bare, ...change } : waiting;
  };
  return { ...room, waiting: room.waiting.map(mark) };
}
