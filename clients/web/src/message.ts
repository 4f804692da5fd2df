// PURE: what the views ask about one message: what it says, what I may still do to it, what of mine is under way.

import type { Person, Reaction, RefusalCode } from "./protocol.gen";
import type { LastingCommand, MessageRow, Room, Town, Waiting } from "./town";

/** The server's own limit; what comes later is refused as `too_late`. */
const CHANGE_WITHIN_MS = 15 * 60_000;

/** A reaction as it is shown under a message, mine as I left it even while that waits. */
export interface Tally {
  readonly reaction: Reaction;
  readonly count: number;
  readonly isMine: boolean;
  /** My own part in it is not acknowledged yet. */
  readonly isPending: boolean;
}

/** The newest command of mine of each kind that waits or was refused, for one message. */
export interface Pending {
  readonly edit?: Waiting;
  readonly retract?: Waiting;
  readonly react?: Waiting;
}

const PENDING: Partial<Record<LastingCommand, keyof Pending>> = {
  "message.edit": "edit",
  "message.retract": "retract",
  "message.react": "react",
};

/** Has a bubble of its own until it is an entry. */
const SAID: ReadonlySet<LastingCommand> = new Set(["message.post", "warning.raise", "escalation.raise"]);

export function pendingOn(room: Room, seq: number): Pending {
  const found: Partial<Record<keyof Pending, Waiting>> = {};
  for (const waiting of room.waiting) {
    const kind = PENDING[waiting.command];
    if (kind && waiting.payload.target === seq) found[kind] = waiting;
  }
  return found;
}

/** What of mine is no entry yet and has a bubble of its own; changes to messages stand at the message. */
export function unsaid(room: Room): readonly Waiting[] {
  return room.waiting.filter((waiting) => SAID.has(waiting.command));
}

/** Whether I may edit or retract it; now_ms by this device's clock. */
export function mayChange(row: MessageRow, town: Pick<Town, "ahead_ms">, me: string, now_ms: number): boolean {
  return row.by.id === me && now_ms + town.ahead_ms - row.at < CHANGE_WITHIN_MS;
}

/** My own reaction, as I left it. */
export function ownReaction(room: Room, row: MessageRow, me: string): Reaction | null {
  const { react } = pendingOn(room, row.seq);
  if (react && react.state !== "refused") return react.payload.reaction ?? null;
  return row.reactions.find((reacted) => reacted.person === me)?.reaction ?? null;
}

/** What is shown under a message, in the order in which the first of each kind was given. */
export function tallies(room: Room, row: MessageRow, me: Person): Tally[] {
  const own = ownReaction(room, row, me.id);
  const isPending = pendingOn(room, row.seq).react?.state === "waiting";
  const others = row.reactions.filter(({ person, reaction }) => person !== me.id && reaction !== null);
  const given = [...others.map(({ reaction }) => reaction as Reaction), ...(own ? [own] : [])];
  return [...new Set(given)].map((reaction) => ({
    reaction,
    count: given.filter((other) => other === reaction).length,
    isMine: reaction === own,
    isPending: isPending && reaction === own,
  }));
}

export type Silence = Extract<RefusalCode, "muted" | "room_locked">;

/** Why a change of mine does not get into the room yet. What has a bubble or was refused says so in its own place. */
export function silenceIn(room: Room): Silence | null {
  const isToldNowhere = ({ command, state }: Waiting): boolean => command !== "message.post" && state === "waiting";
  const code = room.waiting.findLast((waiting) => waiting.refusal && isToldNowhere(waiting))?.refusal?.code;
  return code === "muted" || code === "room_locked" ? code : null;
}
