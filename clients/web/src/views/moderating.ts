// Which sheet about an entry is open: to report it, to take a measure, or to decide on a report; and which of them
// somebody is offered.

import { signal } from "@preact/signals-core";

import { isJudge } from "../moderation";
import type { Person } from "../protocol.gen";
import type { Room } from "../town";

/** What was said. */
export type What = "message" | "warning" | "call";

/** How it stands: for everybody to read, hidden, or as it must stay: a warning in force and a call are never hidden. */
export type Standing = "shown" | "hidden" | "fixed";

/** An entry. name: of who wrote it, "" where that is not known any longer. */
export interface About {
  readonly room: string;
  readonly target: number;
  readonly what: What;
  readonly standing: Standing;
  readonly name: string;
}

export type Moderating =
  | ({ readonly sheet: "report" | "measure" } & About)
  | { readonly sheet: "decide"; readonly report: string };

export const moderating = signal<Moderating | null>(null);

/** Of what somebody else said among neighbours: residents report it, a moderator of the municipality takes a measure. */
export function sheetFor(
  { kind }: Pick<Room, "kind">,
  me: Person,
  author: string | null,
): "report" | "measure" | null {
  if (author === me.id || (kind !== "street" && kind !== "neighbourhood")) return null;
  return isJudge(me) ? "measure" : "report";
}
