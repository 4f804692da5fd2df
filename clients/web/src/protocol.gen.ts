// Rendered by `bart contract` from the tables in rooms/; do not edit.
// The wire's types, as protocol.md describes them. Every time is in milliseconds since 1970.

export type Role = "resident" | "officer" | "moderator" | "auditor" | "admin" | "system";

export type Organisation = "police" | "municipality";

export type RoomKind = "street" | "neighbourhood" | "desk" | "case";

export type Reaction = "thumbs_up" | "heart" | "thanks" | "laugh" | "wow" | "sad";

export type BlankReason = "retracted" | "retention" | "moderation" | "erasure";

export type LeaveReason = "moved" | "left" | "staff_changed";

export type EndReason = "signed_out" | "everywhere" | "password" | "too_many" | "removed" | "expired";

export type WarningKind = "burglary" | "vehicle_break_in" | "theft" | "violence" | "suspicious" | "doorstep_scam" | "vandalism" | "nuisance" | "fire" | "traffic" | "missing_person" | "public_space";

export type CaseKind = "burglary" | "vehicle_break_in" | "theft" | "violence" | "suspicious" | "doorstep_scam" | "vandalism" | "nuisance" | "fire" | "traffic" | "missing_person" | "public_space" | "worry";

export type Severity = "extreme" | "severe" | "moderate" | "minor" | "unknown";

export type Emergency = "called" | "called_by_other" | "not_urgent";

export type Urgency = "urgent" | "soon" | "information";

export type CaseState = "listed" | "paging" | "unanswered" | "accepted" | "handing_over" | "resolved" | "withdrawn" | "lapsed";

export type OutcomeCode = "on_site" | "no_unit" | "advice" | "passed_on" | "planned" | "duplicate" | "unfounded" | "other";

export type WarningUrgency = "immediate" | "expected" | "future" | "past" | "unknown";

export type Certainty = "observed" | "likely" | "possible" | "unlikely" | "unknown";

export type Answer = "see" | "not_here" | "over";

export type ClearReason = "author" | "staff" | "neighbours";

export type CorrectionKind = "retracted" | "corrected";

export type Desk = "police" | "municipality" | "care" | "none";

export interface By {
  id: string;
  name: string;
  role: Role;
  organisation?: Organisation;
}

export interface NamedPlace {
  id: string;
  name: string;
}

export interface Person {
  id: string;
  name: string;
  role: Role;
  organisation?: Organisation;
  street?: NamedPlace;
  neighbourhood?: NamedPlace;
  jurisdiction?: string[];
}

export interface RoomInfo {
  id: string;
  name: string;
  kind: RoomKind;
  head: number;
  epoch: number;
  oldest: number;
  more?: boolean;
  here: number | null;
  read: number;
}

export interface Ground {
  kind: "case";
  id: string;
}

export interface Reached {
  paged: number;
  sent?: number;
  delivered?: number;
  seen?: number;
}

export interface Outcome {
  code: OutcomeCode;
  text: string;
  by: By;
}

export interface CaseView {
  id: string;
  version?: number;
  room: string;
  place: NamedPlace;
  to: Organisation;
  urgency: Urgency;
  kind?: CaseKind;
  text?: string;
  warning?: number;
  emergency?: Emergency;
  private?: boolean;
  state: CaseState;
  tier: number;
  tiers: number;
  skipped?: number[];
  since: number;
  deadline?: number;
  owner?: By;
  handing_to?: Organisation;
  reached: Reached;
  asker?: By;
  joined?: number;
  quiet?: boolean;
  withdrawn?: boolean;
  reopened?: boolean;
  outcome?: Outcome;
  helped?: boolean;
  paged?: boolean;
}

export interface DutyView {
  on: boolean;
  colleagues: By[];
}

export interface Counts {
  see: number;
  not_here: number;
  over: number;
}

export interface Proposal {
  desk: Desk;
  confidence: number;
  words?: string[];
}

export interface WarningView {
  room: string;
  seq: number;
  at: number;
  by: By;
  kind: WarningKind;
  severity: Severity;
  urgency: WarningUrgency;
  certainty: Certainty;
  text: string;
  place_note?: string;
  until: number;
  emergency?: Emergency;
  proposed: Proposal;
  desk: Desk;
  counts: Counts;
  mine?: Answer;
  corrected?: boolean;
}

export interface CorrectionView {
  id: string;
  room: string;
  warning: number;
  at: number;
  kind: WarningKind;
  what: CorrectionKind;
  seq: number;
  reason?: string;
  text?: string;
}

export interface KeptEvents {
  "message.posted": {
    text: string;
    client_id: string;
    reply_to?: number;
  };
  "message.edited": {
    target: number;
    text: string;
    client_id: string;
  };
  "message.retracted": {
    target: number;
    client_id: string;
  };
  "message.reacted": {
    target: number;
    reaction: Reaction | null;
    client_id: string;
  };
  "member.joined": {
    person: By;
  };
  "member.left": {
    person: By;
    reason: LeaveReason;
  };
  "entry.blanked": {
    reason: BlankReason;
    client_id?: string;
    target?: number;
  };
  "warning.raised": {
    kind: WarningKind;
    severity: Severity;
    urgency: WarningUrgency;
    certainty: Certainty;
    text: string;
    place_note?: string;
    until: number;
    emergency?: Emergency;
    proposed: Proposal;
    client_id: string;
  };
  "warning.answered": {
    target: number;
    answer?: Answer;
    counts: Counts;
    client_id: string;
  };
  "warning.cleared": {
    target: number;
    reason: ClearReason;
    client_id?: string;
  };
  "warning.expired": {
    target: number;
  };
  "warning.retracted": {
    target: number;
    reason: string;
    client_id: string;
  };
  "warning.corrected": {
    target: number;
    reason: string;
    kind?: WarningKind;
    severity?: Severity;
    urgency?: WarningUrgency;
    certainty?: Certainty;
    text?: string;
    place_note?: string;
    until?: number;
    client_id: string;
  };
  "warning.routed": {
    target: number;
    desk: Desk;
    client_id: string;
  };
  "escalation.raised": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.joined": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.widened": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.declined": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.unanswered": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.accepted": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.reminded": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.released": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.handing_over": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.handed_over": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.returned": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.withdrawn": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.resolved": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.rated": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.reopened": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "escalation.lapsed": {
    case: CaseView;
    client_id?: string;
    text?: string;
  };
  "staff.entered": {
    person: By;
    ground: Ground;
  };
  "staff.left": {
    person: By;
    ground: Ground;
  };
}

export interface FleetingEvents {
  "correction.given": {
    correction: CorrectionView;
  };
  "correction.closed": {
    id: string;
  };
  "escalation.paged": {
    case: CaseView;
  };
  "page.withdrawn": {
    case: string;
  };
  "case.changed": {
    case: CaseView;
  };
  "duty.changed": {
    person: By;
    on: boolean;
  };
  welcome: {
    person: Person;
    rooms: RoomInfo[];
    now: number;
    cases?: CaseView[];
    duty?: DutyView;
    warnings?: WarningView[];
    corrections?: CorrectionView[];
  };
  reset: {
    room: string;
    epoch: number;
    oldest: number;
    head: number;
  };
  "room.opened": {
    room: RoomInfo;
    cases?: CaseView[];
    warnings?: WarningView[];
  };
  "room.closed": {
    room: string;
  };
  "room.read_moved": {
    room: string;
    seq: number;
  };
  "presence.changed": {
    room: string;
    here: number | null;
  };
  "typing.started": {
    room: string;
    by?: By;
  };
  "person.changed": {
    person: Person;
  };
  "session.ended": {
    reason: EndReason;
  };
  drain: {
    reconnect_in_ms: number;
  };
}

export interface Commands {
  "message.post": {
    payload: { room: string; client_id: string; text: string; reply_to?: number; };
    reply: { ok: true; seq: number; };
  };
  "message.edit": {
    payload: { room: string; client_id: string; target: number; text: string; };
    reply: { ok: true; seq: number; };
  };
  "message.retract": {
    payload: { room: string; client_id: string; target: number; };
    reply: { ok: true; seq: number; };
  };
  "message.react": {
    payload: { room: string; client_id: string; target: number; reaction: Reaction | null; };
    reply: { ok: true; seq: number; };
  };
  "warning.raise": {
    payload: { room: string; client_id: string; kind: WarningKind; text: string; severity?: Severity; urgency?: WarningUrgency; certainty?: Certainty; place_note?: string; until?: number; minutes?: number; emergency?: Emergency; };
    reply: { ok: true; seq: number; };
  };
  "warning.check": {
    payload: { text: string; kind?: CaseKind; };
    reply: { ok: true; desk: Desk; confidence: number; words: string[]; dangerous: boolean; hint: boolean; looks: string[]; };
  };
  "warning.answer": {
    payload: { room: string; client_id: string; target: number; answer: Answer | null; };
    reply: { ok: true; seq: number; };
  };
  "warning.clear": {
    payload: { room: string; client_id: string; target: number; };
    reply: { ok: true; seq: number; };
  };
  "warning.retract": {
    payload: { room: string; client_id: string; target: number; reason: string; };
    reply: { ok: true; seq: number; };
  };
  "warning.correct": {
    payload: { room: string; client_id: string; target: number; reason: string; kind?: WarningKind; severity?: Severity; urgency?: WarningUrgency; certainty?: Certainty; text?: string; place_note?: string; until?: number; };
    reply: { ok: true; seq: number; };
  };
  "warning.route": {
    payload: { room: string; client_id: string; target: number; desk: Desk; };
    reply: { ok: true; seq: number; };
  };
  "warning.reach": {
    payload: { room: string; target: number; };
    reply: { ok: true; given: number; members: number; };
  };
  "correction.seen": {
    payload: { id: string; client_id: string; };
    reply: { ok: true; };
  };
  "escalation.raise": {
    payload: { room: string; client_id: string; to: Organisation; urgency: Urgency; text: string; kind?: CaseKind; warning?: number; emergency?: Emergency; private?: boolean; named?: boolean; };
    reply: { ok: true; seq: number; case: string; };
  };
  "escalation.accept": {
    payload: { case: string; client_id: string; };
    reply: { ok: true; state: CaseState; };
  };
  "escalation.decline": {
    payload: { case: string; client_id: string; };
    reply: { ok: true; state: CaseState; };
  };
  "escalation.release": {
    payload: { case: string; client_id: string; };
    reply: { ok: true; state: CaseState; };
  };
  "escalation.alive": {
    payload: { case: string; client_id: string; };
    reply: { ok: true; state: CaseState; };
  };
  "escalation.hand_over": {
    payload: { case: string; client_id: string; to: Organisation; };
    reply: { ok: true; state: CaseState; };
  };
  "escalation.resolve": {
    payload: { case: string; client_id: string; outcome: OutcomeCode; text: string; };
    reply: { ok: true; state: CaseState; };
  };
  "escalation.withdraw": {
    payload: { case: string; client_id: string; };
    reply: { ok: true; state: CaseState; };
  };
  "escalation.rate": {
    payload: { case: string; client_id: string; helped: boolean; };
    reply: { ok: true; state: CaseState; };
  };
  "escalation.reopen": {
    payload: { case: string; client_id: string; };
    reply: { ok: true; state: CaseState; };
  };
  "escalation.join": {
    payload: { case: string; client_id: string; };
    reply: { ok: true; state: CaseState; };
  };
  "page.delivered": {
    payload: { case: string; };
    reply: { ok: true; };
  };
  "page.seen": {
    payload: { case: string; };
    reply: { ok: true; };
  };
  "duty.start": {
    payload: { client_id: string; };
    reply: { ok: true; on: boolean; };
  };
  "duty.stop": {
    payload: { client_id: string; };
    reply: { ok: true; on: boolean; };
  };
  "room.history": {
    payload: { room: string; after?: number; before?: number; limit?: number; };
    reply: { ok: true; entries: Entry[]; head: number; epoch: number; oldest: number; more: boolean; };
  };
  "room.read": {
    payload: { room: string; seq: number; };
    reply: { ok: true; seq: number; };
  };
  "room.typing": {
    payload: { room: string; };
    reply: { ok: true; };
  };
  "connection.check": {
    payload: {  };
    reply: { ok: true; now: number; };
  };
}

export type RefusalCode =
  | "bad_request"
  | "unknown_command"
  | "too_large"
  | "not_found"
  | "not_permitted"
  | "signed_out"
  | "wrong_credentials"
  | "wrong_code"
  | "code_expired"
  | "code_used_up"
  | "name_taken"
  | "name_not_allowed"
  | "weak_password"
  | "too_many_attempts"
  | "too_fast"
  | "busy"
  | "muted"
  | "room_locked"
  | "stale"
  | "client_id_reused"
  | "wrong_target"
  | "too_late"
  | "call_112_first"
  | "wrong_state"
  | "already_taken"
  | "nobody_on_duty"
  | "not_on_duty"
  | "outside_jurisdiction"
  | "storage_low"
  | "draining"
  | "unavailable"
  | "fault";

export interface Entry<E extends keyof KeptEvents = keyof KeptEvents> {
  room: string;
  seq: number;
  at: number;
  by: By;
  data: KeptEvents[E];
  event?: E; // in pages of room.history, and nowhere else
}

export interface Refusal {
  code: RefusalCode;
  message: string;
  retryable: boolean;
  retry_after_ms?: number;
  field?: string;
  id?: string;
  owner?: string; // the function of who has it, with already_taken
}
