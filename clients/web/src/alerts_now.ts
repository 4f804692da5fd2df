// PURE: which of the pinned alerts hold at this moment, and what I have answered. Comes with the first alert; what the
// page itself knows of alerts is in alerts.ts.

import { bodyOf } from "./alert_body";
import { pinnedIn } from "./alerts";
import { isPrivateId } from "./case";
import type { AlertView, Severity } from "./protocol.gen";
import type { PinnedAlert, Room, Town, Waiting } from "./town";
import type { Verdict } from "./verify";

const RANKS: readonly Severity[] = ["extreme", "severe", "moderate", "minor", "unknown"];

/** Whether a message is what was signed; unchecked: nobody can say here; checking: not yet. */
export type Judge = (view: PinnedAlert) => Verdict | "checking" | "unchecked";

/** The gravest first, then the newest. now_ms: the town's; an alert ends by it without a word. */
export function inForce(town: Pick<Town, "alerts">, room: string, now_ms: number, judge: Judge): AlertView[] {
  return pinnedIn(town, room)
    .flatMap((view) => standing(view, judge) ?? [])
    .filter((view) => (bodyOf(view.body)?.expires_at ?? Infinity) > now_ms)
    .sort((a, b) => rankOf(a) - rankOf(b) || b.at - a.at);
}

/** The message that holds; null where it is over. What was signed is neither replaced nor ended by what was not, and ends
 *  by its own clock; only what can't be read ends by a word about that. */
function standing(view: PinnedAlert, judge: Judge): PinnedAlert | null {
  if (view.isExpired && !bodyOf(view.body)) return null;
  const verdict = judge(view);
  if (verdict === "valid") return view.ends ? null : view;
  const under = view.under ? standing(view.under, judge) : null;
  if (under && (judge(under) === "valid" || (view.ends && verdict === "checking"))) return under;
  return view.ends ? null : view;
}

/** In all my rooms, room by room. */
export function everywhere(town: Pick<Town, "alerts" | "order">, now_ms: number, judge: Judge): AlertView[] {
  return town.order.filter((room) => !isPrivateId(room)).flatMap((room) => inForce(town, room, now_ms, judge));
}

function rankOf(view: AlertView): number {
  return RANKS.indexOf(bodyOf(view.body)?.severity ?? "unknown");
}

/** My answer to this message that is on its way, or was refused. */
export function answerOf(room: Room | undefined, { alert, n }: Pick<AlertView, "alert" | "n">): Waiting | undefined {
  return room?.waiting.findLast(
    ({ command, payload }) => command === "alert.seen" && payload.alert === alert && (payload.n ?? n) >= n,
  );
}

/** Also while the answer is on its way. */
export function isSeen(room: Room | undefined, view: AlertView): boolean {
  const answer = answerOf(room, view);
  return view.seen === true || (answer !== undefined && answer.state !== "refused");
}
