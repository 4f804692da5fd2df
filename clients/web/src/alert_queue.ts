// PURE: what of the alerts concerns me as staff, and what I may do about each.

import type { Person, StaffAlertView } from "./protocol.gen";
import type { Town } from "./town";

export interface AlertQueue {
  /** A colleague asks for a second officer: the one that lapses first on top. */
  readonly toApprove: readonly StaffAlertView[];
  /** Mine, or a colleague's of which I am no second officer. */
  readonly waiting: readonly StaffAlertView[];
  /** The newest on top. */
  readonly inForce: readonly StaffAlertView[];
  readonly ended: readonly StaffAlertView[];
}

/** Who may make alerts: officers of the police, and moderators of the municipality (notices up to Moderate). */
export function mayMake({ role, organisation }: Person): boolean {
  return organisation === "police" ? role === "officer" : organisation === "municipality" && role === "moderator";
}

/** Above this one of the municipality may not go. */
export function isModest(severity: StaffAlertView["severity"]): boolean {
  return severity !== "severe" && severity !== "extreme";
}

/** Another officer of the police, never who asks. */
export function mayApprove(view: StaffAlertView, me: Person): boolean {
  const asker = askerOf(view);
  return asker !== null && asker.id !== me.id && mayMake(me) && me.organisation === view.organisation;
}

/** Who waits for a second officer: of the alert, or of its update; null where nobody does. */
export function askerOf({ state, by, pending }: StaffAlertView): StaffAlertView["by"] | null {
  if (state === "waiting") return by;
  return state === "in_force" && pending ? pending.by : null;
}

/** Until when a second officer can say yes; null where nobody is waited for. */
export function approvableUntil({ state, due, pending }: StaffAlertView): number | null {
  if (state === "waiting") return due ?? null;
  return state === "in_force" && pending ? pending.due : null;
}

/** Update, cancel, say that all is clear. */
export function mayTend(view: StaffAlertView, me: Person): boolean {
  return view.state === "in_force" && mayMake(me) && me.organisation === view.organisation;
}

export function queueOf({ staffAlerts }: Pick<Town, "staffAlerts">, me: Person): AlertQueue {
  const all = Object.values(staffAlerts ?? {});
  const asking = all.filter((view) => askerOf(view) !== null).sort((a, b) => dueOf(a) - dueOf(b));
  const newest = [...all].sort((a, b) => (b.sent ?? b.made) - (a.sent ?? a.made) || (a.alert < b.alert ? -1 : 1));
  return {
    toApprove: asking.filter((view) => mayApprove(view, me)),
    waiting: asking.filter((view) => view.state === "waiting" && !mayApprove(view, me)),
    inForce: newest.filter(({ state }) => state === "in_force"),
    ended: newest.filter(({ state }) => state !== "in_force" && state !== "waiting"),
  };
}

function dueOf(view: StaffAlertView): number {
  return approvableUntil(view) ?? Infinity;
}

/** As who asks would say it: Dutch comes first. */
export function headlineOf({ words }: Pick<StaffAlertView, "words">): string {
  return words[0]?.headline ?? "";
}
