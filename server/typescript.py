"""The tables as TypeScript types, for the client: `clients/web/src/protocol.gen.ts`. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

import msgspec
from msgspec import inspect

from rooms import activity_shape, alert_payload, alert_shape, audit_deed, cap, report_shape, shape, warning_shape
from rooms.command import COMMANDS
from rooms.command_row import Row
from rooms.event import EVENTS
from rooms.refusal import REFUSALS

HEAD = """\
// Rendered by `bart contract` from the tables in rooms/; do not edit.
// The wire's types, as protocol.md describes them. Every time is in milliseconds since 1970.
"""
WORDS: dict[tuple[str, ...], str] = {
    get_args(shape.AuthorRole): "Role",
    get_args(shape.OrganisationName): "Organisation",
    get_args(shape.RoomKind): "RoomKind",
    get_args(shape.ReactionWord): "Reaction",
    get_args(shape.BlankReason): "BlankReason",
    get_args(shape.LeaveReason): "LeaveReason",
    get_args(shape.EndReason): "EndReason",
    get_args(shape.WarningKind): "WarningKind",
    get_args(shape.CaseKind): "CaseKind",
    get_args(shape.Severity): "Severity",
    get_args(shape.Emergency): "Emergency",
    get_args(shape.Urgency): "Urgency",
    get_args(shape.CaseState): "CaseState",
    get_args(shape.OutcomeCode): "OutcomeCode",
    get_args(warning_shape.WarningUrgency): "WarningUrgency",
    get_args(warning_shape.Certainty): "Certainty",
    get_args(warning_shape.Answer): "Answer",
    get_args(warning_shape.ClearReason): "ClearReason",
    get_args(warning_shape.CorrectionKind): "CorrectionKind",
    get_args(warning_shape.Desk): "Desk",
    get_args(activity_shape.BoardReason): "BoardReason",
    get_args(shape.GroundKind): "GroundKind",
    get_args(report_shape.ReportReason): "ReportReason",
    get_args(report_shape.ReportState): "ReportState",
    get_args(report_shape.EntryMeasure): "EntryMeasure",
    get_args(report_shape.Decision): "Decision",
    get_args(report_shape.Measure): "Measure",
    get_args(report_shape.Verdict): "Verdict",
    get_args(report_shape.NoticeKind): "NoticeKind",
    get_args(alert_shape.AlertState): "AlertState",
    get_args(alert_shape.AlertType): "AlertType",
    get_args(cap.Category): "AlertCategory",
}
SHAPES: dict[type, str] = {
    shape.By: "By",
    shape.NamedPlace: "NamedPlace",
    shape.PersonView: "Person",
    shape.SessionView: "SessionView",
    shape.RoomInfo: "RoomInfo",
    shape.Ground: "Ground",
    shape.Reached: "Reached",
    shape.Outcome: "Outcome",
    shape.CaseView: "CaseView",
    shape.DutyView: "DutyView",
    warning_shape.Counts: "Counts",
    warning_shape.Proposal: "Proposal",
    warning_shape.WarningView: "WarningView",
    warning_shape.CorrectionView: "CorrectionView",
    shape.ArrangementView: "ArrangementView",
    report_shape.ReportView: "ReportView",
    report_shape.NoticeView: "NoticeView",
    audit_deed.AuditView: "AuditView",
    audit_deed.AuditHead: "AuditHead",
    activity_shape.BoardArea: "BoardArea",
    activity_shape.BoardWarning: "BoardWarning",
    activity_shape.BoardCase: "BoardCase",
    activity_shape.BoardReport: "BoardReport",
    activity_shape.BoardAlert: "BoardAlert",
    activity_shape.BoardRow: "BoardRow",
    alert_payload.Variant: "AlertVariant",
    alert_shape.AlertWords: "AlertWords",
    alert_shape.AlertBody: "AlertBody",
    alert_shape.AlertView: "AlertView",
    alert_shape.AlertMembers: "AlertMembers",
    alert_shape.AlertReach: "AlertReach",
    alert_shape.PendingUpdate: "PendingUpdate",
    alert_shape.StaffAlertView: "StaffAlertView",
}
TAIL = """
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
"""


def render() -> str:
    """The whole file."""
    kept = {name: row.fields for name, row in EVENTS.items() if row.keeps}
    fleeting = {name: row.fields for name, row in EVENTS.items() if not row.keeps}
    parts = [
        HEAD,
        *(f"export type {name} = {_union(words)};\n" for words, name in WORDS.items()),
        *(f"export interface {name} {_body(shape, 0)}\n" for shape, name in SHAPES.items()),
        _table("KeptEvents", (f"{_quoted(name)}: {_body(shape, 1)};" for name, shape in kept.items())),
        _table("FleetingEvents", (f"{_quoted(name)}: {_body(shape, 1)};" for name, shape in fleeting.items())),
        _table("Commands", (f"{_quoted(name)}: {_command(row)};" for name, row in COMMANDS.items())),
        f"export type RefusalCode =\n{_lines(REFUSALS)};\n",
    ]
    return "\n".join(parts) + TAIL


def type_of(kind: Any) -> str:
    """One of msgspec's types in TypeScript's words; documents use the same."""
    match kind:
        case inspect.StrType():
            return "string"
        case inspect.IntType() | inspect.FloatType():
            return "number"
        case inspect.BoolType():
            return "boolean"
        case inspect.NoneType():
            return "null"
        case inspect.LiteralType():
            return next((name for words, name in WORDS.items() if set(words) == set(kind.values)), _union(kind.values))
        case inspect.StructType():
            return SHAPES[kind.cls]
        case inspect.VarTupleType() | inspect.ListType():
            item = type_of(kind.item_type)
            return f"({item})[]" if " | " in item else f"{item}[]"
        case inspect.TupleType():
            return f"[{', '.join(type_of(one) for one in kind.item_types)}]"
        case inspect.UnionType():
            return " | ".join(type_of(one) for one in kind.types)
    raise TypeError(f"no TypeScript for {kind}")


def fields_of(shape: type[msgspec.Struct]) -> list[tuple[str, str, bool]]:
    """(name, type, required) of each field. A default of None means that the field may be left out, not be null."""
    info = inspect.type_info(shape)
    assert isinstance(info, inspect.StructType)
    return [(field.encode_name, _field_type(field), field.required) for field in info.fields]


def _field_type(field: inspect.Field) -> str:
    kind = field.type
    if not field.required and isinstance(kind, inspect.UnionType):
        kinds = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        return " | ".join(type_of(one) for one in kinds)
    return type_of(kind)


def _body(shape: type[msgspec.Struct], depth: int) -> str:
    indent = "  " * (depth + 1)
    lines = [f"{indent}{name}{'' if required else '?'}: {kind};" for name, kind, required in fields_of(shape)]
    return "\n".join(["{", *lines, "  " * depth + "}"])


def _command(row: Row) -> str:
    reply = "".join(f" {name}: {kind};" for name, kind in row.reply.items())
    payload = " ".join(f"{name}{'' if required else '?'}: {kind};" for name, kind, required in fields_of(row.payload))
    return f"{{\n    payload: {{ {payload} }};\n    reply: {{ ok: true;{reply} }};\n  }}"


def _table(name: str, rows: Iterable[str]) -> str:
    return f"export interface {name} {{\n" + "\n".join(f"  {row}" for row in rows) + "\n}\n"


def _lines(words: Iterable[str]) -> str:
    return "\n".join(f'  | "{word}"' for word in words)


def _union(words: Iterable[Any]) -> str:
    return " | ".join(f'"{word}"' for word in words)


def _quoted(name: str) -> str:
    return f'"{name}"' if "." in name else name
