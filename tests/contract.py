"""Whether what came through a socket is exactly what the tables declare: no field more, none less, each of its type."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from rooms.alert_shape import AlertMembers, AlertReach, StaffAlertView
from rooms.command import COMMANDS
from rooms.event import EVENTS
from rooms.refusal import REFUSALS
from rooms.shape import By, NamedPlace

ENTRY = {"room", "seq", "at", "by", "data"}
FACTS = {"retry_after_ms": int, "field": str, "id": str, "owner": str}
REPLY_TYPES = {
    "number": int,
    "string": str,
    "boolean": bool,
    "CaseState": str,
    "Desk": str,
    "string[]": list,
    "SessionView[]": list,
    "AlertState": str,
    "BoardArea[]": list,
    "AuditView[]": list,
    "AuditHead": dict,
    "ReportState": str,
    "ReportView": dict,
    "ReportView[]": list,
}

VIEWS: dict[str, type[msgspec.Struct]] = {
    "AlertMembers[]": AlertMembers, "AlertReach[]": AlertReach, "StaffAlertView[]": StaffAlertView,
    "NamedPlace[]": NamedPlace,
}  # fmt: skip


def check_event(name: str, payload: dict[str, Any]) -> None:
    """Raises AssertionError, or msgspec's ValidationError, where an event is not as EVENTS has it."""
    if EVENTS[name].keeps is None:
        _exactly(EVENTS[name].fields, payload)
    else:
        _check_entry(name, payload)


def check_reply(command: str, reply: dict[str, Any]) -> None:
    """Raises AssertionError where a reply is neither as COMMANDS has it nor a refusal."""
    if reply.get("ok") is not True:
        check_refusal(reply)
        return
    asked = COMMANDS[command].reply
    may_lack = {name.removesuffix("?") for name in asked if name.endswith("?")} - set(reply)
    declared = {bare: kind for name, kind in asked.items() if (bare := name.removesuffix("?")) not in may_lack}
    assert set(reply) == {"ok", *declared}, reply
    for name, kind in declared.items():
        if kind == "Entry[]":
            for entry in reply[name]:
                check_page_entry(entry)
        elif kind in VIEWS:
            for one in reply[name]:
                _exactly(VIEWS[kind], one)
        else:
            assert type(reply[name]) is REPLY_TYPES[kind], (command, name, reply[name])


def check_page_entry(entry: dict[str, Any]) -> None:
    """An entry in a page of room.history, where its name stands with it."""
    _check_entry(entry["event"], {name: value for name, value in entry.items() if name != "event"})


def check_refusal(reply: dict[str, Any]) -> None:
    """Raises AssertionError where a refusal is not of the one form that all refusals have."""
    assert set(reply) == {"ok", "error"}, reply
    assert reply["ok"] is False
    error = cast("dict[str, Any]", reply["error"])
    row = REFUSALS[error["code"]]
    assert error["retryable"] is row.retryable, reply
    assert isinstance(error["message"], str)
    assert error["message"], reply
    for name, value in error.items():
        assert name in ("code", "message", "retryable") or type(value) is FACTS[name], reply


def _check_entry(name: str, payload: dict[str, Any]) -> None:
    assert set(payload) == ENTRY, payload
    assert type(payload["seq"]) is int
    assert type(payload["at"]) is int
    assert payload["seq"] >= 1
    assert isinstance(payload["room"], str)
    _exactly(By, payload["by"])
    _exactly(EVENTS[name].fields, payload["data"])


def _exactly(shape: type[msgspec.Struct], found: dict[str, Any]) -> None:
    """Read by its struct and written again it must be the same: an unknown field or a null in place of a missing one
    would be lost on the way."""
    again = msgspec.json.decode(msgspec.json.encode(msgspec.convert(found, shape)))
    assert again == msgspec.json.decode(msgspec.json.encode(found)), (shape.__name__, found)
