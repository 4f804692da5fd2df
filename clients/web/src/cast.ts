// The tests' cast and its small talk: people, rooms and entries as they come over the wire. Not part of the page.

import type { By, KeptEvents, Person, Reaction, RoomInfo } from "./protocol.gen";
import { apply } from "./apply";
import { NOBODY_HERE } from "./town";
import type { Kept, Room, Town, TownEvent, Waiting } from "./town";

export const ADA: Person = { id: "person-ada", name: "Ada", role: "resident" };
export const BEN: By = { id: "person-ben", name: "Ben", role: "resident" };
export const STREET = "street-betje";
export const SQUARE = "neighbourhood-bouwlust";
export const DEVICE = "0123456789abcdef0123456789abcdef";

export function roomInfo(facts: Partial<RoomInfo> = {}): RoomInfo {
  const quiet = { head: 0, epoch: 1, oldest: 1, here: null, read: 0 };
  return { id: STREET, name: "Betje Wolffstraat", kind: "street", ...quiet, ...facts };
}

export function welcome(...rooms: RoomInfo[]): TownEvent {
  return { event: "welcome", person: ADA, rooms, now: 1_000 };
}

export function entry<N extends keyof KeptEvents>(event: N, seq: number, data: KeptEvents[N], by: By = BEN): Kept[N] {
  return { event, room: STREET, seq, at: 1_000 + seq, by, data } as Kept[N];
}

export function says(seq: number, text: string, by: By = BEN, clientId = `${by.id}:${seq}`): Kept["message.posted"] {
  return entry("message.posted", seq, { text, client_id: clientId }, by);
}

export function edits(seq: number, target: number, text: string): Kept["message.edited"] {
  return entry("message.edited", seq, { target, text, client_id: `edit:${seq}` });
}

export function retracts(seq: number, target: number): Kept["message.retracted"] {
  return entry("message.retracted", seq, { target, client_id: `retract:${seq}` });
}

export function reacts(seq: number, target: number, reaction: Reaction | null): Kept["message.reacted"] {
  return entry("message.reacted", seq, { target, reaction, client_id: `react:${seq}` });
}

export function page(entries: Kept[keyof Kept][], facts: { head: number; epoch?: number; oldest?: number }): TownEvent {
  return { event: "room.page", room: STREET, entries, epoch: 1, oldest: 1, ...facts };
}

export function writes(n: number, text: string, room: string = STREET): Waiting {
  const client_id = `${DEVICE}:${n}`;
  return { client_id, command: "message.post", payload: { room, text }, at: 1_000 + n, state: "waiting" };
}

/** The town after these events, from nothing. */
export function after(...events: TownEvent[]): Town {
  return events.reduce(apply, NOBODY_HERE);
}

export function street(town: Town): Room {
  return town.rooms[STREET] as Room;
}
