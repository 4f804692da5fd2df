"""The table of events of reports, measures and arrangements; `event.EVENTS` holds them with the others. Pure."""

from __future__ import annotations

from typing import Literal

from rooms.report_shape import REPORT, STATEMENT, NoticeView, ReportView
from rooms.shape import ArrangementView, Fields, Row


class EntryHidden(Fields, frozen=True):
    """reason: three neighbours reported it and nobody has looked yet, or a moderator's decision."""

    target: int
    reason: Literal["review", "hidden"]
    client_id: str | None = None


class EntryRestored(Fields, frozen=True):
    target: int
    client_id: str | None = None


class EntryRemoved(Fields, frozen=True):
    target: int
    client_id: str | None = None


class RoomLocked(Fields, frozen=True):
    client_id: str | None = None


class RoomUnlocked(Fields, frozen=True):
    client_id: str | None = None


class RoomSlowed(Fields, frozen=True):
    """seconds: between two messages of a resident; 0 for any."""

    seconds: int
    client_id: str | None = None


class ArrangementMade(Fields, frozen=True):
    arrangement: ArrangementView


class ArrangementEnded(Fields, frozen=True):
    arrangement: str
    reason: Literal["withdrawn", "over"]


class ReportChanged(Fields, frozen=True):
    report: ReportView


class NoticeGiven(Fields, frozen=True):
    notice: NoticeView


class NoticeClosed(Fields, frozen=True):
    id: str


ARRANGEMENT = {"id": "k3m9x2w7q4v5", "organisation": "police", "reason": "Er is twee keer brand gesticht.",
               "since": 1795442461234, "until": 1796047261234}  # fmt: skip
REPORT_EVENTS: dict[str, Row] = {
    "entry.hidden": Row(
        EntryHidden, "members", "An entry is hidden: readers find a marker in its place, and it may come back.",
        {"target": 117, "reason": "review"}, "membership",
    ),
    "entry.restored": Row(
        EntryRestored, "members", "A hidden entry is back; ask for its page to read it.", {"target": 117}, "membership"
    ),
    "entry.removed": Row(
        EntryRemoved, "members", "An entry is removed; readers find a marker in its place.", {"target": 117},
        "membership",
    ),
    "room.locked": Row(
        RoomLocked, "members", "Residents can only call for help here for now.", {}, "membership"
    ),
    "room.unlocked": Row(RoomUnlocked, "members", "Everybody can write here again.", {}, "membership"),
    "room.slowed": Row(
        RoomSlowed, "members", "So many seconds lie between two messages of a resident from now on; 0 for any.",
        {"seconds": 30}, "membership",
    ),
    "arrangement.made": Row(
        ArrangementMade, "members", "Staff of this organisation may read along until then, for this reason.",
        {"arrangement": ARRANGEMENT}, "membership",
    ),
    "arrangement.ended": Row(
        ArrangementEnded, "members", "They may no longer.", {"arrangement": "k3m9x2w7q4v5", "reason": "withdrawn"},
        "membership",
    ),
    "report.changed": Row(
        ReportChanged, "the municipality's moderators there", "A report as it is now, without a word of what was said.",
        {"report": REPORT},
    ),
    "notice.given": Row(
        NoticeGiven, "the person", "What was decided on what you wrote or reported.", {"notice": STATEMENT}
    ),
    "notice.closed": Row(
        NoticeClosed, "the person", "Another device of yours has seen this notice.", {"id": STATEMENT["id"]}
    ),
}  # fmt: skip
