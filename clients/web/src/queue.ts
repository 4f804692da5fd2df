// PURE: the desk of a member of staff: the open cases in four groups, and who is being called.

import { isOpen, isOwner, isWaiting } from "./case";
import type { Person } from "./protocol.gen";
import type { Case, Town } from "./town";

export type Group = "mine" | "soon" | "handed" | "waiting";

/** In the order in which they are shown. */
export const GROUPS: readonly Group[] = ["mine", "soon", "handed", "waiting"];

/** An own case this near to its deadline is paged again soon. */
const OWN_SOON_MS = 5 * 60_000;
/** What waits in vain this much longer, lapses. */
const WAIT_SOON_MS = 60 * 60_000;

export interface Queue {
  readonly groups: Readonly<Record<Group, readonly Case[]>>;
  /** Cases that others have. */
  readonly elsewhere: readonly Case[];
}

/** Every case stands in one group, those that end first on top. */
export function queueOf({ cases }: Pick<Town, "cases">, me: Person, now_ms: number): Queue {
  const open = Object.values(cases).filter(isOpen).sort(byDeadline);
  const placed = open.map((held) => [groupOf(held, me, now_ms), held] as const);
  const of = (group: Group): Case[] => placed.filter(([other]) => other === group).map(([, held]) => held);
  return {
    groups: { mine: of("mine"), soon: of("soon"), handed: of("handed"), waiting: of("waiting") },
    elsewhere: placed.filter(([group]) => group === null).map(([, held]) => held),
  };
}

function groupOf(held: Case, me: Person, now_ms: number): Group | null {
  const left_ms = (held.deadline ?? Infinity) - now_ms;
  if (isOwner(held, me.id)) return left_ms < OWN_SOON_MS ? "soon" : "mine";
  if (held.state === "handing_over") return held.handing_to === me.organisation ? "handed" : null;
  if (!isWaiting(held) || held.to !== me.organisation) return null;
  return isSoonOver(held, left_ms) ? "soon" : "waiting";
}

/** After the last round nobody is called any more, and what lies there for long lapses. */
function isSoonOver({ state, tier, tiers }: Case, left_ms: number): boolean {
  return state === "paging" ? tier === tiers : left_ms < WAIT_SOON_MS;
}

function byDeadline(one: Case, other: Case): number {
  return (one.deadline ?? Infinity) - (other.deadline ?? Infinity) || one.since - other.since;
}

/** Who calls me, the oldest first. */
export function pagesOf({ cases }: Pick<Town, "cases">): Case[] {
  return Object.values(cases)
    .filter((held) => held.paged === true && isOpen(held))
    .sort((a, b) => a.since - b.since);
}

/** How many wait for somebody of us. */
export function countWaiting({ groups }: Queue, me: Person): number {
  return [...groups.soon, ...groups.handed, ...groups.waiting].filter((held) => !isOwner(held, me.id)).length;
}
