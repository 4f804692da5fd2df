"""The words and shapes of the wire: what payloads, entries and events are made of. Pure.

`protocol.md` and the client's types are rendered from these; `event.py` and `case_event.py` say what is told in them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

Seq = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
ReactionWord = Literal["thumbs_up", "heart", "thanks", "laugh", "wow", "sad"]
BlankReason = Literal["retracted", "retention", "moderation", "erasure", "review", "hidden"]
"""review and hidden can be taken back: under review by three reports, and by a moderator's decision."""
LeaveReason = Literal["moved", "left", "staff_changed", "expelled"]
EndReason = Literal["signed_out", "everywhere", "password", "too_many", "removed", "expired", "second_factor", "erased"]
RoomKind = Literal["street", "neighbourhood", "desk", "case"]
AuthorRole = Literal["resident", "officer", "moderator", "auditor", "admin", "system"]
OrganisationName = Literal["police", "municipality"]
WarningKind = Literal[
    "burglary", "vehicle_break_in", "theft", "violence", "suspicious", "doorstep_scam", "vandalism", "nuisance",
    "fire", "traffic", "missing_person", "public_space",
]  # fmt: skip
CaseKind = Literal[
    "burglary", "vehicle_break_in", "theft", "violence", "suspicious", "doorstep_scam", "vandalism", "nuisance",
    "fire", "traffic", "missing_person", "public_space", "worry",
]  # fmt: skip
"""Worry about a neighbour is never a warning in a room: it is a private case for the municipality (product.md 4)."""
Severity = Literal["extreme", "severe", "moderate", "minor", "unknown"]  # CAP 1.2, 3.2.2
Emergency = Literal["called", "called_by_other", "not_urgent"]
"""The answer to "112?"."""
Urgency = Literal["urgent", "soon", "information"]
CaseState = Literal[
    "listed", "paging", "unanswered", "accepted", "handing_over", "resolved", "withdrawn", "lapsed"
]  # fmt: skip
OutcomeCode = Literal[
    "on_site", "no_unit", "advice", "passed_on", "planned", "duplicate", "unfounded", "other"
]  # fmt: skip
GroundKind = Literal["case", "report", "alert", "arrangement"]
GroundId = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\A[A-Za-z0-9._:-]+\Z")]


class Fields(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a default stands for is left out on the wire."""


class By(Fields, frozen=True):
    """Who did it: a resident's own name, of staff the function, of BART itself role `system`."""

    id: str
    name: str
    role: AuthorRole
    organisation: OrganisationName | None = None


class NamedPlace(Fields, frozen=True):
    id: str
    name: str


class PersonView(Fields, frozen=True):
    """Oneself, as `welcome` and signing in tell it."""

    id: str
    name: str
    role: AuthorRole
    organisation: OrganisationName | None = None
    street: NamedPlace | None = None
    neighbourhood: NamedPlace | None = None
    jurisdiction: tuple[str, ...] = ()


class ArrangementView(Fields, frozen=True, kw_only=True):
    """Why staff of an organisation may read along in a room until then, which everybody there can read."""

    id: str
    organisation: OrganisationName
    reason: str
    since: int
    until: int


class SessionView(Fields, frozen=True):
    """A session as its own person sees it. name: what the device calls itself; at: since when; seen: in which hour it
    was used last; current: the one that asks."""

    id: str
    at: int
    seen: int
    name: str = ""
    current: bool = False


class RoomInfo(Fields, frozen=True, kw_only=True):
    """A room as its member finds it. here: who is here now, None for "a few" (below 5); read: the own read cursor.

    locked: residents may only call for help.  slow: seconds between two messages of a resident, 0 for any.
    muted_until: until when oneself may only call for help.  arrangements: those that stand.
    """

    id: str
    name: str
    kind: RoomKind
    head: int
    epoch: int
    oldest: int
    more: bool = False
    here: int | None
    read: int
    locked: bool = False
    slow: int = 0
    muted_until: int | None = None
    arrangements: tuple[ArrangementView, ...] = ()


class Ground(Fields, frozen=True):
    """Why staff are in a room. id: of the case, report, alert or arrangement."""

    kind: GroundKind
    id: GroundId


class Reached(Fields, frozen=True):
    """How many of the staff a call has reached so far. paged: were called; sent: to a connected device of theirs;
    delivered: which has it; seen: and showed it. Who is on duty without a connected device is paged alone."""

    paged: int
    sent: int = 0
    delivered: int = 0
    seen: int = 0


class Outcome(Fields, frozen=True):
    """How a case ended, in the words of who took it."""

    code: OutcomeCode
    text: str
    by: By


class CaseView(Fields, frozen=True, kw_only=True):
    """A case as it is now, whole: who has one event of it needs no other.

    version: rises with every move; of two views the higher is the newer, and all entries of one move share it.
    room: where it is talked about.  tier: the one being paged, from 1; 0 where none is.  tiers: how many there are.
    skipped: tiers with nobody on duty.  since: when it was raised.  deadline: when the next thing happens by itself.
    owner: who took it.  handing_to: who is asked to take it over.  asker: left out of a page; in a private case under
    a name of this case alone.  joined: neighbours who said "I too".  quiet: beyond the asker's share, so that nobody
    was paged.  withdrawn: the asker needs it no longer, the outcome is still owed.  text, outcome, helped: for the
    room's members alone.  paged: you are being called.  alert: the id of the one about which the asker has information.
    """

    id: str
    version: int = 0
    room: str
    place: NamedPlace
    to: OrganisationName
    urgency: Urgency
    kind: CaseKind | None = None
    text: str | None = None
    warning: int | None = None
    emergency: Emergency | None = None
    private: bool = False
    state: CaseState
    tier: int
    tiers: int
    skipped: tuple[int, ...] = ()
    since: int
    deadline: int | None = None
    owner: By | None = None
    handing_to: OrganisationName | None = None
    reached: Reached
    asker: By | None = None
    joined: int = 0
    quiet: bool = False
    withdrawn: bool = False
    reopened: bool = False
    outcome: Outcome | None = None
    helped: bool | None = None
    paged: bool = False
    alert: str | None = None


class DutyView(Fields, frozen=True):
    """The duty of a member of staff. on: one's own; colleagues: who else of the organisation is on duty in town."""

    on: bool
    colleagues: tuple[By, ...]


class Row(msgspec.Struct, frozen=True):
    """One event of the table. keeps: the retention class of an entry, None for a fleeting event; fields: its data."""

    fields: type[Fields]
    audience: str
    summary: str
    example: dict[str, Any]
    keeps: Literal["talk", "membership", "warning", "escalation", "alert"] | None = None


ADA: dict[str, Any] = {"id": "k3v9x2m7q4w8", "name": "Ada", "role": "resident"}
VEGA: dict[str, Any] = {"id": "p4n8c2y6t3h7", "name": "Wijkagent", "role": "officer", "organisation": "police"}
STREET = "BU05183637:jan-luykenlaan"
CASE = "p07.k3m9x2w7q4v5"
CLIENT_ID = "5f2b8c1e9a7d4036b1c2d3e4f5a60718:42"
"""The cast of the examples."""
