"""The activity of many rooms, read at once: what a board begins with, and who is here now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from rooms import presence, report_record
from rooms.activity import Activity, KnownCase, KnownReport, KnownWarning, minute_of, talk_of
from rooms.case import OPEN, OWNED
from rooms.case_record import FIRST_DIGITS
from rooms.keys import room_keys
from rooms.shape import By
from rooms.town import Town

AT_ONCE = 100
"""Rooms of one turn: between two others are served."""


class _Found(NamedTuple):
    """What lua/activity.lua says of a room."""

    seq: int
    here: int
    talk: Sequence[bytes | None]
    cases: Sequence[bytes]
    warnings: Sequence[bytes | None]
    alerts: Sequence[bytes]
    inside: Sequence[bytes]
    reports: Sequence[bytes]


class _Case(KnownCase, frozen=True, kw_only=True):
    owner: By | None = None


class _Alert(msgspec.Struct, frozen=True):
    by: By


async def load(town: Town, rooms: Sequence[str]) -> dict[str, Activity]:
    """Each room as of one moment, up to `seq` of its log; its reports as of a moment later, each with its version.

    Raises Refusal("unavailable").
    """
    found: dict[str, Activity] = {}
    for first in range(0, len(rooms), AT_ONCE):
        asked = rooms[first : first + AT_ONCE]
        answers = [town.store.begin("activity", _names(room), [town.clock.now_ms()]) for room in asked]
        seen = {room: _Found(*await answer) for room, answer in zip(asked, answers, strict=True)}
        found |= {room: _activity(town, one) for room, one in seen.items()}
        await _add_reports(town, found, {room: one.reports for room, one in seen.items() if one.reports})
    return found


def _names(room: str) -> list[str]:
    of = room_keys(room)
    return [of.head, of.here, of.cases, of.in_force, of.warning, of.alerts, of.inside, of.reported]


def _activity(town: Town, found: _Found) -> Activity:
    kept = [case for row in found.cases if (case := _read(row[FIRST_DIGITS:], _Case)) is not None]
    cases = [case for case in kept if case.state in OPEN]  # what is resolved may still be rated
    warnings = [warning for row in found.warnings if row and (warning := _read(row, KnownWarning)) is not None]
    alerts = zip(found.alerts[::2], found.alerts[1::2], strict=True)
    senders = {name.decode(): alert.by.organisation for name, row in alerts if (alert := _read(row, _Alert))}
    owners = {case.owner.id for case in cases if case.owner is not None and case.state in OWNED}
    activity = Activity(
        seq=found.seq,
        minute=minute_of(town.clock.now_ms()),
        here=presence.told(town, found.here) or 0,
        cases={case.id: _known(case) for case in cases},
        warnings={warning.seq: warning for warning in warnings},
        staff=owners | {person.decode() for person in found.inside},
        alerts=senders,
    )
    for minute, count in reversed(talk_of(*found.talk)):
        activity.count(minute, count)
    return activity


async def _add_reports(town: Town, found: dict[str, Activity], reports: dict[str, Sequence[bytes]]) -> None:
    for room, ids in reports.items():
        for one in await report_record.load_all(town, [report.decode() for report in ids]):
            if one is not None and one.is_open:
                found[room].reports[one.id] = KnownReport(one.version, one.due_at, one.late)


def _known(case: _Case) -> KnownCase:
    return KnownCase(**{name: getattr(case, name) for name in KnownCase.__struct_fields__})


def _read(packed: bytes, kind: type[Any]) -> Any:
    """None for a record that can't be read: it keeps no other from being shown."""
    try:
        return msgspec.msgpack.decode(packed, type=kind)
    except msgspec.DecodeError:
        return None


async def here(town: Town, rooms: Iterable[str]) -> dict[str, int]:
    """Who is here, as neighbours are told it: 0 for a few."""
    return {room: presence.told(town, count) or 0 for room, count in (await presence.counts(town, rooms)).items()}
