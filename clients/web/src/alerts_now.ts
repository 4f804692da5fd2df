// PURE: which of the pinned alerts hold at this moment, and what I have answered. Comes with the first alert; what the
// page itself knows of alerts is in alerts.ts.

import { bodyOf } from "./alert_body";
import { pinnedIn } from "./alerts";
import { isPrivateId } from "./case";
import type { AlertView, Severity } from "./protocol.gen";
import type { Room, Town, Waiting } from "./town";

const RANKS: readonly Severity[] = ["extreme", "severe", "moderate", "minor", "unknown"];

/** The gravest first, then the newest. now_ms: the town's; an alert ends by it without a word. */
export function inForce(town: Pick<Town, "alerts">, room: string, now_ms: number): AlertView[] {
  return pinnedIn(town, room)
    .filter((view) => (bodyOf(view.body)?.expires_at ?? Infinity) > now_ms)
    .sort((a, b) => rankOf(a) - rankOf(b) || b.at - a.at);
}

/** In all my rooms, room by room. */
export function everywhere(town: Pick<Town, "alerts" | "order">, now_ms: number): AlertView[] {
  return town.order.filter((room) => !isPrivateId(room)).flatMap((room) => inForce(town, room, now_ms));
}

function rankOf(view: AlertView): number {
  return RANKS.indexOf(bodyOf(view.body)?.severity ?? "unknown");
}

/** One of those that hold, by what it is about; undefined once it is over. */
export function viewOf(town: Pick<Town, "alerts">, room: string, alert: string, now_ms: number): AlertView | undefined {
  return inForce(town, room, now_ms).find((view) => view.alert === alert);
}

/** My answer that is on its way, or was refused. */
export function answerOf(room: Room | undefined, { alert }: Pick<AlertView, "alert">): Waiting | undefined {
  return room?.waiting.findLast(({ command, payload }) => command === "alert.seen" && payload.alert === alert);
}

/** Also while the answer is on its way. */
export function isSeen(room: Room | undefined, view: AlertView): boolean {
  const answer = answerOf(room, view);
  return view.seen === true || (answer !== undefined && answer.state !== "refused");
}
