"""What the activity board is told: counts, kinds and states of rooms, and never a word of what was said. Pure."""

from __future__ import annotations

from typing import Any, Literal

from rooms.shape import CASE, STREET, CaseKind, CaseState, Fields, OrganisationName, Row, Severity, Urgency, WarningKind

BoardReason = Literal[
    "unanswered", "urgent_waiting", "overdue_report", "waiting", "danger", "report", "alert", "lively", "warned",
    "handled", "inside", "talking", "quiet",
]  # fmt: skip
"""Why a room stands where it stands on the board, the most pressing first."""
AreaKind = Literal["municipality", "district", "wijk", "neighbourhood"]
BoardRoomKind = Literal["street", "neighbourhood"]


class BoardArea(Fields, frozen=True):
    """A place above the rooms of a board. parent: the nearest one above it that is told as well."""

    id: str
    name: str
    kind: AreaKind
    parent: str | None = None


class BoardWarning(Fields, frozen=True):
    """A warning in force. until: when it ends by itself."""

    seq: int
    kind: WarningKind
    severity: Severity
    until: int


class BoardCase(Fields, frozen=True, kw_only=True):
    """An open call for the watcher's own organisation; never a private one. since: when it was raised; deadline: when
    the next thing happens by itself; owned: somebody has it."""

    id: str
    state: CaseState
    urgency: Urgency
    kind: CaseKind | None = None
    since: int
    deadline: int | None = None


class BoardReport(Fields, frozen=True):
    """A report that nobody has decided on. deadline: until when that is owed; late: a deadline has passed."""

    id: str
    deadline: int | None = None
    late: bool = False


class BoardAlert(Fields, frozen=True):
    """An alert in force, and who sent it."""

    id: str
    organisation: OrganisationName


class BoardRow(Fields, frozen=True, kw_only=True):
    """A room on the board. It is told whole first; after that only what has changed, and what is left out is as it was.

    area: the neighbourhood.  here: members who are here now, 0 for a few (below 5) or nobody.  minutes: messages in
    each of the last minutes, up to that of `now`; of a change only the last of them, as many as it takes.  reports: for
    the municipality's moderators alone.  staff: how many are in the room on a ground.
    why: what a person is needed for most; score: rooms of a higher one come first.
    """

    room: str
    name: str | None = None
    kind: BoardRoomKind | None = None
    area: str | None = None
    here: int | None = None
    minutes: tuple[int, ...] | None = None
    warnings: tuple[BoardWarning, ...] | None = None
    cases: tuple[BoardCase, ...] | None = None
    reports: tuple[BoardReport, ...] | None = None
    alerts: tuple[BoardAlert, ...] | None = None
    staff: int | None = None
    why: BoardReason | None = None
    score: int | None = None


class BoardChanged(Fields, frozen=True):
    """whole: the board begins anew with this; the rest of its rooms follow. now: to whose minute `minutes` reach."""

    now: int
    rooms: tuple[BoardRow, ...]
    whole: bool = False


_ROW: dict[str, Any] = {
    "room": STREET, "name": "Jan Luykenlaan", "kind": "street", "area": "BU05183637", "here": 14,
    "minutes": [0] * 57 + [2, 0, 5],
    "warnings": [{"seq": 117, "kind": "suspicious", "severity": "moderate", "until": 1795446061234}],
    "cases": [{"id": CASE, "state": "paging", "urgency": "urgent", "kind": "suspicious", "since": 1795442461234,
               "deadline": 1795442521234}],
    "reports": [], "alerts": [], "staff": 0, "why": "urgent_waiting", "score": 11001,
}  # fmt: skip
ACTIVITY_EVENTS: dict[str, Row] = {
    "board.changed": Row(
        BoardChanged, "the connection", "Rooms of the board that one watches, at most twice a second.",
        {"now": 1795442462234, "rooms": [_ROW], "whole": True},
    ),
}  # fmt: skip
