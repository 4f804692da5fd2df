// Rendered by `bart contract` from the tables in rooms/; do not edit.
// The wire's types, as protocol.md describes them. Every time is in milliseconds since 1970.

export type Role = "resident" | "officer" | "moderator" | "auditor" | "admin" | "system";

export type Organisation = "police" | "municipality";

export type RoomKind = "street" | "neighbourhood" | "desk" | "case";

export type Reaction = "thumbs_up" | "heart" | "thanks" | "laugh" | "wow" | "sad";

export type BlankReason = "retracted" | "retention" | "moderation" | "erasure" | "review" | "hidden";

export type LeaveReason = "moved" | "left" | "staff_changed" | "expelled";

export type EndReason = "signed_out" | "everywhere" | "password" | "too_many" | "removed" | "expired" | "second_factor" | "erased";

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

export type CorrectionKind = "retracted" | "corrected" | "cleared";

export type Desk = "police" | "municipality" | "care" | "none";

export type BoardReason = "unanswered" | "urgent_waiting" | "overdue_report" | "waiting" | "danger" | "report" | "alert" | "lively" | "warned" | "handled" | "inside" | "talking" | "quiet";

export type GroundKind = "case" | "report" | "alert" | "arrangement";

export type ReportReason = "insult" | "hate" | "private_data" | "spam" | "false_alarm" | "other";

export type ReportState = "waiting" | "taken" | "seconding" | "decided" | "appealed" | "appeal_taken" | "final";

export type EntryMeasure = "keep" | "hide" | "remove";

export type Decision = "keep" | "hide" | "remove" | "warn" | "mute" | "expel";

export type Measure = "hide" | "restore" | "remove" | "warn" | "mute" | "unmute" | "expel";

export type Verdict = "keep" | "hide" | "restore" | "remove" | "warn" | "mute" | "unmute" | "expel";

export type NoticeKind = "reviewed" | "decided" | "answered" | "appeal_decided";

export type AlertState = "waiting" | "in_force" | "cancelled" | "cleared" | "expired" | "lapsed" | "declined";

export type AlertType = "alert" | "update" | "cancel" | "clear";

export type AlertCategory = "geo" | "met" | "safety" | "security" | "rescue" | "fire" | "health" | "env" | "transport" | "infra" | "cbrne" | "other";

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

export interface SessionView {
  id: string;
  at: number;
  seen: number;
  name?: string;
  current?: boolean;
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
  locked?: boolean;
  slow?: number;
  muted_until?: number;
  arrangements?: ArrangementView[];
}

export interface Ground {
  kind: GroundKind;
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
  alert?: string;
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
  kind?: WarningKind;
  alert?: string;
  headline?: string;
  what: CorrectionKind;
  seq: number;
  reason?: string;
  text?: string;
}

export interface ArrangementView {
  id: string;
  organisation: Organisation;
  reason: string;
  since: number;
  until: number;
}

export interface ReportView {
  report: string;
  version: number;
  room: string;
  place: NamedPlace;
  target: number;
  reasons: ReportReason[];
  reporters: number;
  state: ReportState;
  since: number;
  deadline?: number;
  owner?: By;
  hidden?: boolean;
  late?: boolean;
  decision?: Verdict;
  appealed?: boolean;
}

export interface NoticeView {
  id: string;
  kind: NoticeKind;
  report: string;
  room: string;
  target: number;
  at: number;
  decision?: Verdict;
  entry?: EntryMeasure;
  rule?: ReportReason;
  facts?: string;
  until?: number;
  appeal_until?: number;
  acted?: boolean;
}

export interface AuditView {
  deed: string;
  by: By;
  room?: string;
  ground?: Ground;
  target?: string;
  code?: string;
  digest?: string;
  n: number;
  at: number;
  words?: string;
}

export interface AuditHead {
  n: number;
  hash: string;
  first?: number;
}

export interface BoardArea {
  id: string;
  name: string;
  kind: "district" | "municipality" | "neighbourhood" | "wijk";
  parent?: string;
}

export interface BoardWarning {
  seq: number;
  kind: WarningKind;
  severity: Severity;
  until: number;
}

export interface BoardCase {
  id: string;
  state: CaseState;
  urgency: Urgency;
  kind?: CaseKind;
  since: number;
  deadline?: number;
}

export interface BoardReport {
  id: string;
  deadline?: number;
  late?: boolean;
}

export interface BoardAlert {
  id: string;
  organisation: Organisation;
}

export interface BoardRow {
  room: string;
  name?: string;
  kind?: "neighbourhood" | "street";
  area?: string;
  here?: number;
  minutes?: number[];
  warnings?: BoardWarning[];
  cases?: BoardCase[];
  reports?: BoardReport[];
  alerts?: BoardAlert[];
  staff?: number;
  why?: BoardReason;
  score?: number;
}

export interface AlertVariant {
  language: string;
  headline: string;
  text: string;
  instruction?: string;
}

export interface AlertWords {
  language: string;
  event: string;
  headline: string;
  text: string;
  instruction?: string;
}

export interface AlertBody {
  alert: string;
  n: number;
  type: AlertType;
  organisation: Organisation;
  sender_name: string;
  sent: number;
  expires_at: number;
  severity: Severity;
  urgency: WarningUrgency;
  certainty: Certainty;
  category: AlertCategory;
  words: AlertWords[];
  areas: NamedPlace[];
  rooms: string[];
  link?: string;
  exercise?: boolean;
  reason?: string;
}

export interface AlertView {
  room: string;
  seq: number;
  at: number;
  by: By;
  alert: string;
  n: number;
  body: string;
  signature: string;
  key: string;
  seen?: boolean;
}

export interface AlertMembers {
  id: string;
  name: string;
  members: number;
}

export interface AlertReach {
  id: string;
  name: string;
  members: number;
  sent: number;
  delivered: number;
  seen: number;
}

export interface PendingUpdate {
  by: By;
  severity: Severity;
  urgency: WarningUrgency;
  certainty: Certainty;
  words: AlertWords[];
  expires_at: number;
  due: number;
}

export interface StaffAlertView {
  alert: string;
  version: number;
  state: AlertState;
  organisation: Organisation;
  by: By;
  approver?: By;
  severity: Severity;
  urgency: WarningUrgency;
  certainty: Certainty;
  category: AlertCategory;
  words: AlertWords[];
  areas: NamedPlace[];
  neighbourhoods: NamedPlace[];
  link?: string;
  exercise?: boolean;
  made: number;
  sent?: number;
  expires_at: number;
  due?: number;
  members: number;
  needs_approval?: boolean;
  pending?: PendingUpdate;
  n: number;
  reason?: string;
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
  "entry.hidden": {
    target: number;
    reason: "hidden" | "review";
    client_id?: string;
  };
  "entry.restored": {
    target: number;
    client_id?: string;
  };
  "entry.removed": {
    target: number;
    client_id?: string;
  };
  "room.locked": {
    client_id?: string;
  };
  "room.unlocked": {
    client_id?: string;
  };
  "room.slowed": {
    seconds: number;
    client_id?: string;
  };
  "arrangement.made": {
    arrangement: ArrangementView;
  };
  "arrangement.ended": {
    arrangement: string;
    reason: "over" | "withdrawn";
  };
  "alert.broadcast": {
    alert: string;
    n: number;
    body: string;
    signature: string;
    key: string;
  };
  "alert.updated": {
    alert: string;
    n: number;
    body: string;
    signature: string;
    key: string;
  };
  "alert.cancelled": {
    alert: string;
    n: number;
    body: string;
    signature: string;
    key: string;
  };
  "alert.cleared": {
    alert: string;
    n: number;
    body: string;
    signature: string;
    key: string;
  };
  "alert.expired": {
    alert: string;
    n: number;
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
  "report.changed": {
    report: ReportView;
  };
  "notice.given": {
    notice: NoticeView;
  };
  "notice.closed": {
    id: string;
  };
  "board.changed": {
    now: number;
    rooms: BoardRow[];
    whole?: boolean;
  };
  "alert.noticed": {
    alert: string;
    room: string;
    n: number;
  };
  "alert.changed": {
    alert: StaffAlertView;
  };
  welcome: {
    person: Person;
    rooms: RoomInfo[];
    now: number;
    cases?: CaseView[];
    duty?: DutyView;
    warnings?: WarningView[];
    corrections?: CorrectionView[];
    alerts?: AlertView[];
    notices?: NoticeView[];
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
    alerts?: AlertView[];
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
    payload: { room: string; client_id: string; to: Organisation; urgency: Urgency; text: string; kind?: CaseKind; warning?: number; emergency?: Emergency; private?: boolean; named?: boolean; alert?: string; };
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
  "room.enter": {
    payload: { room: string; client_id: string; ground: Ground; };
    reply: { ok: true; seq: number; };
  };
  "room.leave": {
    payload: { room: string; client_id: string; };
    reply: { ok: true; };
  };
  "report.file": {
    payload: { room: string; client_id: string; target: number; reason: ReportReason; note?: string; };
    reply: { ok: true; report: string; };
  };
  "report.appeal": {
    payload: { report: string; client_id: string; text: string; };
    reply: { ok: true; state: ReportState; };
  };
  "report.list": {
    payload: {  };
    reply: { ok: true; reports: ReportView[]; };
  };
  "report.read": {
    payload: { report: string; };
    reply: { ok: true; report: ReportView; notes: string[]; };
  };
  "report.take": {
    payload: { report: string; client_id: string; };
    reply: { ok: true; state: ReportState; };
  };
  "report.release": {
    payload: { report: string; client_id: string; };
    reply: { ok: true; state: ReportState; };
  };
  "report.decide": {
    payload: { report: string; client_id: string; decision: Decision; entry?: EntryMeasure; rule?: ReportReason; facts?: string; minutes?: number; };
    reply: { ok: true; state: ReportState; };
  };
  "report.second": {
    payload: { report: string; client_id: string; agree: boolean; };
    reply: { ok: true; state: ReportState; };
  };
  "measure.take": {
    payload: { room: string; client_id: string; target: number; measure: Measure; rule: ReportReason; facts: string; minutes?: number; };
    reply: { ok: true; report: string; state: ReportState; seq: number; };
  };
  "measure.lock": {
    payload: { room: string; client_id: string; };
    reply: { ok: true; seq: number; };
  };
  "measure.unlock": {
    payload: { room: string; client_id: string; };
    reply: { ok: true; seq: number; };
  };
  "measure.slow": {
    payload: { room: string; client_id: string; seconds: number | null; };
    reply: { ok: true; seq: number; };
  };
  "notice.seen": {
    payload: { id: string; client_id: string; };
    reply: { ok: true; };
  };
  "alert.preview": {
    payload: { headline: string; text: string; severity: Severity; urgency: WarningUrgency; certainty: Certainty; category: AlertCategory; places?: string[]; polygon?: [number, number][]; instruction?: string; expires_at?: number; languages?: AlertVariant[]; link?: string; exercise?: boolean; };
    reply: { ok: true; preview: string; members: number; connected: number; neighbourhoods: AlertMembers[]; needs_approval: boolean; approvers: number; areas: NamedPlace[]; rooms: number; expires_at: number; code?: string; };
  };
  "alert.broadcast": {
    payload: { preview: string; client_id: string; code?: string; };
    reply: { ok: true; alert: string; state: AlertState; };
  };
  "alert.approve": {
    payload: { alert: string; client_id: string; due?: number; };
    reply: { ok: true; alert: string; state: AlertState; };
  };
  "alert.decline": {
    payload: { alert: string; client_id: string; };
    reply: { ok: true; alert: string; state: AlertState; };
  };
  "alert.update": {
    payload: { alert: string; client_id: string; headline?: string; text?: string; instruction?: string; severity?: Severity; urgency?: WarningUrgency; certainty?: Certainty; expires_at?: number; languages?: AlertVariant[]; };
    reply: { ok: true; alert: string; state: AlertState; pending: boolean; };
  };
  "alert.cancel": {
    payload: { alert: string; client_id: string; reason: string; };
    reply: { ok: true; alert: string; state: AlertState; };
  };
  "alert.clear": {
    payload: { alert: string; client_id: string; reason?: string; };
    reply: { ok: true; alert: string; state: AlertState; };
  };
  "alert.list": {
    payload: {  };
    reply: { ok: true; alerts: StaffAlertView[]; };
  };
  "alert.reach": {
    payload: { alert: string; };
    reply: { ok: true; members: number; sent: number; delivered: number; seen: number; neighbourhoods: AlertReach[]; };
  };
  "alert.seen": {
    payload: { alert: string; room: string; client_id: string; n?: number; };
    reply: { ok: true; };
  };
  "alert.delivered": {
    payload: { alert: string; room: string; };
    reply: { ok: true; };
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
  "board.watch": {
    payload: {  };
    reply: { ok: true; rooms: number; areas: BoardArea[]; };
  };
  "board.unwatch": {
    payload: {  };
    reply: { ok: true; };
  };
  "audit.read": {
    payload: { room?: string; book?: string; before?: number; limit?: number; };
    reply: { ok: true; book: string; rows: AuditView[]; head: AuditHead; next: number; };
  };
  "audit.proof": {
    payload: { room?: string; book?: string; n: number; };
    reply: { ok: true; n: number; hash: string; };
  };
  "session.list": {
    payload: {  };
    reply: { ok: true; sessions: SessionView[]; };
  };
  "session.end": {
    payload: { session: string; };
    reply: { ok: true; };
  };
  "session.prove": {
    payload: { code: string; };
    reply: { ok: true; };
  };
  "session.new_codes": {
    payload: { code: string; };
    reply: { ok: true; recovery_codes: string[]; };
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
  | "wrong_second_factor"
  | "ticket_over"
  | "prove_again"
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
  | "no_ground"
  | "conflict_of_interest"
  | "outside_jurisdiction"
  | "nobody_there"
  | "preview_gone"
  | "code_mismatch"
  | "second_officer"
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
