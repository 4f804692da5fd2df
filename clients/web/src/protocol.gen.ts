// Rendered by `bart contract` from the tables in rooms/; do not edit.
// The wire's types, as protocol.md describes them. Every time is in milliseconds since 1970.

export type Role = "resident" | "officer" | "moderator" | "auditor" | "admin" | "system";

export type Organisation = "police" | "municipality";

export type RoomKind = "street" | "neighbourhood" | "desk";

export type Reaction = "thumbs_up" | "heart" | "thanks" | "laugh" | "wow" | "sad";

export type BlankReason = "retracted" | "retention" | "moderation" | "erasure";

export type LeaveReason = "moved" | "left" | "staff_changed";

export type EndReason = "signed_out" | "everywhere" | "password" | "too_many" | "removed" | "expired";

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
}

export interface FleetingEvents {
  welcome: {
    person: Person;
    rooms: RoomInfo[];
    now: number;
  };
  reset: {
    room: string;
    epoch: number;
    oldest: number;
    head: number;
  };
  "room.opened": {
    room: RoomInfo;
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
}
