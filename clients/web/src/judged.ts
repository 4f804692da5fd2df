// PURE: what is shown of reports and decisions, who is inside on which ground, and how long one waits in a slow room;
// fetched with what draws it.

import { isOwnCase } from "./moderation";
import type { By, Ground, NoticeView, ReportView } from "./protocol.gen";
import type { Room, Standing, Town } from "./town";

const WAITS: readonly ReportView["state"][] = ["waiting", "taken", "seconding", "appealed", "appeal_taken"];

/** Seconds until this person may write again where a room is slow; 0 for at once. */
export function pauseLeft_s({ slow }: Standing, { rows }: Room, me: string, now_ms: number): number {
  const mine = rows.findLast((row) => row.kind === "message" && row.by.id === me);
  return mine ? Math.max(0, Math.ceil((mine.at + slow * 1_000 - now_ms) / 1_000)) : 0;
}

/** Staff who came in, but those who have the case that they came for, as far as the room's entries are held. */
export function guestsIn({ cases }: Pick<Town, "cases">, { rows }: Room): { by: By; ground: Ground }[] {
  const inside = new Map<string, { by: By; ground: Ground }>();
  for (const row of rows) {
    if (row.kind !== "staff_entered" && row.kind !== "staff_left") continue;
    const key = `${row.person.id} ${row.ground.kind} ${row.ground.id}`;
    if (row.kind === "staff_left") inside.delete(key);
    else if (!isOwnCase(cases, row)) inside.set(key, { by: row.person, ground: row.ground });
  }
  return [...inside.values()];
}

/** Those to be shown, the oldest first: what was seen here is gone at once, also while that is on its way. */
export function unseen({ notices, asked }: Pick<Town, "notices" | "asked">): NoticeView[] {
  const seen = new Set(asked.filter(({ command }) => command === "notice.seen").map(({ payload }) => payload.id));
  return notices.filter(({ id }) => !seen.has(id)).sort((a, b) => a.at - b.at);
}

/** Reports that wait for a decision, one's own first, then the most pressing. */
export function reportsFor({ reports }: Pick<Town, "reports">, me: string): ReportView[] {
  const open = Object.values(reports ?? {}).filter(({ state }) => WAITS.includes(state));
  const rank = (view: ReportView): number => (view.owner?.id === me ? 0 : view.late ? 1 : view.owner ? 3 : 2);
  return open.sort((a, b) => rank(a) - rank(b) || (a.deadline ?? 0) - (b.deadline ?? 0));
}
