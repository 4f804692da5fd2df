// What becomes of an entry on the screen: the rows of a room, and what later entries change in them. Types alone.

import type { BlankReason, By, CaseView, Ground, KeptEvents, Reaction } from "./protocol.gen";

export interface Edit {
  readonly seq: number;
  readonly at: number;
  readonly text: string;
}

export interface Reacted {
  readonly seq: number;
  readonly person: string;
  readonly reaction: Reaction | null;
}

interface Place {
  readonly seq: number;
  readonly at: number;
  readonly by: By;
}

/** edits rise by seq and the last one is in force; `text` stays what was written first. */
export interface MessageRow extends Place {
  readonly kind: "message";
  readonly text: string;
  readonly client_id: string;
  readonly reply_to?: number;
  readonly edits: readonly Edit[];
  readonly reactions: readonly Reacted[];
}

export interface MemberRow extends Place {
  readonly kind: "joined" | "left";
  readonly person: By;
}

export interface BlankRow extends Place {
  readonly kind: "blank";
  readonly reason: BlankReason;
  /** Its words are back, and have to be asked for. */
  readonly isBack?: true;
}

/** Staff who came into the room on a ground, or went. */
export interface StaffRow extends Place {
  readonly kind: "staff_entered" | "staff_left";
  readonly person: By;
  readonly ground: Ground;
}

/** What becomes of a warning once it is raised. */
export type WarningEvent = Exclude<Extract<keyof KeptEvents, `warning.${string}`>, "warning.raised">;

/** A later entry about a warning. */
export type WarningChange = {
  [N in WarningEvent]: Place & { readonly event: N; readonly data: KeptEvents[N] };
}[WarningEvent];

/** changes rise by seq; of the answers of neighbours only the last is kept, which tells the counts. */
export interface WarningRow extends Place {
  readonly kind: "warning";
  readonly warning: KeptEvents["warning.raised"];
  readonly changes: readonly WarningChange[];
}

/** That a warning ended, or says something else; answers have no row. */
export interface WarningLine extends Place {
  readonly kind: "warning_line";
  readonly change: WarningChange;
}

export type CaseEvent = Extract<keyof KeptEvents, `escalation.${string}`>;

/** What happened to a case, and the case as it was from then on; how it stands now is in `town.cases`. */
export interface CaseRow extends Place {
  readonly kind: "case";
  readonly event: CaseEvent;
  readonly case: CaseView;
  /** What somebody said who called for what another had called for already. */
  readonly said?: string;
}

export type AlertEvent = Extract<keyof KeptEvents, `alert.${string}`>;

/** A message of an official alert, or that its time is over. */
export type AlertRow = {
  [N in AlertEvent]: Place & { readonly kind: "alert"; readonly event: N; readonly data: KeptEvents[N] };
}[AlertEvent];

export type MeasureEvent = Extract<keyof KeptEvents, `room.${string}` | `arrangement.${string}`>;

/** What a moderator or an admin changed in the room as a whole. */
export type MeasureRow = {
  [N in MeasureEvent]: Place & { readonly kind: "measure"; readonly event: N; readonly data: KeptEvents[N] };
}[MeasureEvent];

/** What the timeline shows of the log; entries that amend another one have no row of their own. */
export type Row = MessageRow | MemberRow | StaffRow | WarningRow | WarningLine | CaseRow | AlertRow | MeasureRow | BlankRow;

export type Amendment =
  | ({ readonly kind: "edit"; readonly target: number } & Edit)
  | ({ readonly kind: "react"; readonly target: number } & Reacted)
  | { readonly kind: "warn"; readonly target: number; readonly seq: number; readonly change: WarningChange }
  | { readonly kind: "retract"; readonly target: number; readonly seq: number; readonly reason: BlankReason };
