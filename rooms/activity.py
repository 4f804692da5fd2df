"""The activity of a room: what a board knows of it, how entries change that, and what it asks of a person. Pure.

Counts, kinds and states; nothing here keeps a word of what was said. A room of a private case has no activity: nothing
of it is on any board.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from rooms.activity_shape import BoardReason
from rooms.case import OPEN, WAITING
from rooms.event import Entry
from rooms.place import Places
from rooms.report import OPEN as UNDECIDED
from rooms.room import Room

MINUTE_MS = 60_000
HOUR = 60
"""Minutes that a board shows."""
DIGITS, IN_MINUTE = 15, 10_000_000
"""Of a minute as lua/fragments/talk.lua writes it: <minute since 1970> * IN_MINUTE + <messages in it>."""
LIVELY_MINUTES, LIVELY_LEAST, LIVELY_TIMES = 5, 15, 3
"""Lively is a room with at least 15 messages in five minutes, three times as much as in the rest of its hour."""
DANGER = frozenset({"extreme", "severe"})
REASONS: tuple[BoardReason, ...] = (
    "quiet", "talking", "inside", "handled", "warned", "lively", "alert", "report", "danger", "waiting",
    "overdue_report", "urgent_waiting", "unanswered",
)  # fmt: skip
"""Rising."""
STEP = 1_000  # of the score, between two reasons


class KnownCase(msgspec.Struct, frozen=True, kw_only=True):
    """An open case of a room, without what was said. to, handing_to: the organisations that it concerns."""

    id: str
    version: int = 0
    to: str
    handing_to: str | None = None
    state: str
    urgency: str
    kind: str | None = None
    since: int
    deadline: int | None = None

    def concerns(self, organisation: str) -> bool:
        return organisation in (self.to, self.handing_to)


class KnownWarning(msgspec.Struct, frozen=True):
    """A warning in force, without what it says."""

    seq: int
    kind: str
    severity: str
    until: int


class KnownReport(msgspec.Struct, frozen=True):
    """A report on an entry of a room that waits for a decision. deadline: when it is late, None where it is."""

    version: int
    deadline: int | None = None
    late: bool = False


class Activity(msgspec.Struct):
    """One room, as far as a board knows it; changed in place, since every message changes it.

    seq: of the newest entry that is in it.  minute: since 1970, of the last of `minutes`.  here: as neighbours are told
    it, 0 for a few.  staff: who is inside on a ground.  alerts: id -> whose.
    """

    seq: int = 0
    minute: int = 0
    minutes: list[int] = msgspec.field(default_factory=lambda: [0] * HOUR)
    here: int = 0
    cases: dict[str, KnownCase] = {}
    warnings: dict[int, KnownWarning] = {}
    staff: set[str] = set()
    reports: dict[str, KnownReport] = {}
    alerts: dict[str, str] = {}

    @property
    def is_busy(self) -> bool:
        """Whether time alone can change what is shown of it."""
        return bool(self.reports or self.warnings) or any(self.minutes)

    def pass_to(self, minute: int) -> None:
        """Time goes on: the last of the minutes is this one. A warning whose end is past has ended, also where no entry
        said so: it was blanked with its author, or for good."""
        if (gone := minute - self.minute) > 0:
            self.minutes = (self.minutes + [0] * min(gone, HOUR))[-HOUR:]
            self.minute = minute
            self.warnings = {seq: one for seq, one in self.warnings.items() if minute_of(one.until) >= minute - 1}

    def count(self, minute: int, messages: int = 1) -> None:
        """So many were posted in that minute; one that is an hour ago is shown no longer."""
        self.pass_to(minute)
        ago = self.minute - minute
        if ago < HOUR:
            self.minutes[HOUR - 1 - ago] += messages


def minute_of(at_ms: int) -> int:
    return at_ms // MINUTE_MS


def talk_of(talk: bytes | None, hour: bytes | None) -> list[tuple[int, int]]:
    """(minute, messages in it), the newest first, of what a room's head holds of its talk."""
    packed = (talk or b"") + (hour or b"")
    digits = (packed[first : first + DIGITS] for first in range(0, len(packed), DIGITS))
    return [divmod(int(minute), IN_MINUTE) for minute in digits]


# what happens ----------------------------------------------------------------------------------------


def take(activity: Activity, entry: Entry) -> bool:
    """Take in the next entry of the room's log. False where it changes nothing that a board shows, or is in already."""
    if entry.seq <= activity.seq:
        return False
    activity.seq = entry.seq
    told = _TAKES.get(entry.name) or (_case if entry.name.startswith("escalation.") else None)
    if told is None:
        return False
    told(activity, entry)
    return True


def take_case(activity: Activity, told: Mapping[str, Any]) -> bool:
    """Take in a CaseView that stands in no entry: of a case that is known, since it may have been overtaken. False
    where that changes nothing."""
    before = activity.cases.get(told["id"])
    return before is not None and before.version <= told["version"] and _put_case(activity, told)


def take_report(activity: Activity, told: Mapping[str, Any]) -> bool:
    """Take in a ReportView. False where that changes nothing."""
    report, before = told["report"], activity.reports.get(told["report"])
    if before is not None and told["version"] < before.version:
        return False
    if told["state"] not in UNDECIDED:
        return activity.reports.pop(report, None) is not None
    activity.reports[report] = now = KnownReport(told["version"], told.get("deadline"), told.get("late", False))
    return now != before


def _posted(activity: Activity, entry: Entry) -> None:
    activity.count(minute_of(entry.at))


def _case(activity: Activity, entry: Entry) -> None:
    _put_case(activity, entry.data["case"])


def _put_case(activity: Activity, told: Mapping[str, Any]) -> bool:
    before = activity.cases.pop(told["id"], None)
    if told.get("private") or told["state"] not in OPEN:
        return before is not None
    now = activity.cases[told["id"]] = msgspec.convert(told, KnownCase)
    return now != before


def _warned(activity: Activity, entry: Entry) -> None:
    said = entry.data
    activity.warnings[entry.seq] = KnownWarning(entry.seq, said["kind"], said["severity"], said["until"])


def _corrected(activity: Activity, entry: Entry) -> None:
    warning = activity.warnings.get(entry.data["target"])
    if warning is not None:
        changes = {name: entry.data[name] for name in ("kind", "severity", "until") if name in entry.data}
        activity.warnings[warning.seq] = msgspec.structs.replace(warning, **changes)


def _over(activity: Activity, entry: Entry) -> None:
    activity.warnings.pop(entry.data["target"], None)


def _entered(activity: Activity, entry: Entry) -> None:
    activity.staff.add(entry.data["person"]["id"])


def _left(activity: Activity, entry: Entry) -> None:
    activity.staff.discard(entry.data["person"]["id"])


def _alerted(activity: Activity, entry: Entry) -> None:
    activity.alerts[entry.data["alert"]] = entry.by["organisation"]


def _alert_over(activity: Activity, entry: Entry) -> None:
    activity.alerts.pop(entry.data["alert"], None)


_TAKES: dict[str, Callable[[Activity, Entry], None]] = {
    "message.posted": _posted,
    "warning.raised": _warned,
    "warning.corrected": _corrected,
    "warning.cleared": _over,
    "warning.expired": _over,
    "warning.retracted": _over,
    "entry.removed": _over,
    "staff.entered": _entered,
    "staff.left": _left,
    "alert.broadcast": _alerted,
    "alert.updated": _alerted,
    "alert.cancelled": _alert_over,
    "alert.cleared": _alert_over,
    "alert.expired": _alert_over,
}


# who may see what ------------------------------------------------------------------------------------


class Watch(NamedTuple):
    """For whom a room is summed up. Cases are shown to the organisation that they concern, reports to those who decide
    on residents' words."""

    organisation: str
    decides: bool


def rooms_of(places: Places, jurisdiction: Iterable[str]) -> list[Room]:
    """The streets' and neighbourhoods' rooms inside these areas."""
    waiting, rooms = [place for area in jurisdiction if (place := places.get(area))], dict[str, Room]()
    while waiting:
        place = waiting.pop()
        room = places.room(place.id)
        if room is not None:
            rooms[room.id] = room
        waiting.extend(places.children(place.id))
    return list(rooms.values())


# what it asks of a person ----------------------------------------------------------------------------


def summary(activity: Activity, watch: Watch, now_ms: int) -> dict[str, Any]:
    """The room as BoardRow tells it whole, but for its name and place."""
    activity.pass_to(minute_of(now_ms))
    cases = [case for case in activity.cases.values() if case.concerns(watch.organisation)]
    reports = activity.reports if watch.decides else {}
    why, more = _need(activity, cases, reports.values(), now_ms)
    return {
        "here": activity.here,
        "minutes": list(activity.minutes),
        "warnings": [_told(warning) for warning in activity.warnings.values()],
        "cases": [_told_case(case) for case in sorted(cases, key=lambda case: case.since)],
        "reports": [_told_report(report, known) for report, known in reports.items()],
        "alerts": [{"id": alert, "organisation": sender} for alert, sender in activity.alerts.items()],
        "staff": len(activity.staff),
        "why": why,
        "score": REASONS.index(why) * STEP + min(more, STEP - 1),
    }


def _need(
    activity: Activity, cases: Sequence[KnownCase], reports: Collection[KnownReport], now_ms: int
) -> tuple[BoardReason, int]:
    """The most pressing reason that holds, and how much of it there is."""
    recent = sum(activity.minutes[-LIVELY_MINUTES:])
    waiting = [case for case in cases if case.state in WAITING]
    counted: dict[BoardReason, int] = {
        "unanswered": sum(case.state == "unanswered" for case in waiting),
        "urgent_waiting": sum(case.urgency == "urgent" for case in waiting),
        "overdue_report": sum(_is_late(report, now_ms) for report in reports),
        "waiting": len(waiting),
        "danger": sum(warning.severity in DANGER for warning in activity.warnings.values()),
        "report": len(reports),
        "alert": len(activity.alerts),
        "lively": recent if is_lively(activity.minutes) else 0,
        "warned": len(activity.warnings),
        "handled": len(cases),
        "inside": len(activity.staff),
        "talking": recent,
    }
    return next(((why, count) for why in reversed(REASONS) if (count := counted.get(why, 0))), ("quiet", 0))


def is_lively(minutes: Sequence[int]) -> bool:
    """Whether there is much more talk now than there was in this hour."""
    recent, before = sum(minutes[-LIVELY_MINUTES:]), sum(minutes[:-LIVELY_MINUTES])
    usual = before * LIVELY_MINUTES / (HOUR - LIVELY_MINUTES)
    return recent >= LIVELY_LEAST and recent >= LIVELY_TIMES * usual


def _told(warning: KnownWarning) -> dict[str, Any]:
    return {"seq": warning.seq, "kind": warning.kind, "severity": warning.severity, "until": warning.until}


def _told_case(case: KnownCase) -> dict[str, Any]:
    told = {"id": case.id, "state": case.state, "urgency": case.urgency, "since": case.since}
    more = {"kind": case.kind, "deadline": case.deadline}
    return told | {name: value for name, value in more.items() if value is not None}


def _told_report(report: str, known: KnownReport) -> dict[str, Any]:
    more = {"deadline": known.deadline, "late": known.late or None}
    return {"id": report} | {name: value for name, value in more.items() if value is not None}


def _is_late(report: KnownReport, now_ms: int) -> bool:
    return report.late or (report.deadline is not None and report.deadline <= now_ms)


# differences -----------------------------------------------------------------------------------------


class Told(NamedTuple):
    """What watchers know of a room, and the minute to which its `minutes` reach."""

    minute: int
    row: dict[str, Any]

    def minutes_at(self, minute: int) -> list[int]:
        """Those of the row, as they stand at this minute if nothing has been said since."""
        minutes: list[int] = self.row["minutes"]
        return (minutes + [0] * min(max(minute - self.minute, 0), HOUR))[-HOUR:]


def difference(before: Told, after: Told) -> dict[str, Any]:
    """The fields of BoardRow that have become others; of the minutes those from the first that differs on."""
    changed = {name: value for name, value in after.row.items() if name != "minutes" and before.row[name] != value}
    was, now = before.minutes_at(after.minute), after.row["minutes"]
    first = next((index for index in range(HOUR) if was[index] != now[index]), HOUR)
    return changed | ({"minutes": now[first:]} if first < HOUR else {})
