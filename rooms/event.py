"""The table of events: what happened, its fields, whether a log keeps it, and who is given it.

`protocol.md` and the client's types are rendered from this table. A kept event is an entry of a room's log and reaches
the room's members; a fleeting one is told and forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgpack
import msgspec

from rooms.activity_shape import ACTIVITY_EVENTS
from rooms.alert_event import ALERT_EVENTS
from rooms.alert_shape import AlertView
from rooms.case_event import CASE_EVENTS
from rooms.person import SYSTEM
from rooms.report_event import REPORT_EVENTS
from rooms.report_shape import NoticeView
from rooms.shape import (
    ADA,
    CLIENT_ID,
    STREET,
    BlankReason,
    By,
    CaseView,
    DutyView,
    EndReason,
    Fields,
    LeaveReason,
    PersonView,
    ReactionWord,
    RoomInfo,
    Row,
)
from rooms.warning_event import WARNING_EVENTS
from rooms.warning_shape import CorrectionView, WarningView


class MessagePosted(Fields, frozen=True):
    text: str
    client_id: str
    reply_to: int | None = None


class MessageEdited(Fields, frozen=True):
    target: int
    text: str
    client_id: str


class MessageRetracted(Fields, frozen=True):
    target: int
    client_id: str


class MessageReacted(Fields, frozen=True):
    """reaction: the person's one reaction from now on; null takes it back."""

    target: int
    reaction: ReactionWord | None
    client_id: str


class MemberJoined(Fields, frozen=True):
    person: By


class MemberLeft(Fields, frozen=True):
    person: By
    reason: LeaveReason


class EntryBlanked(Fields, frozen=True):
    """Stands in the place of an entry that is gone, or hidden. client_id: of what was retracted or hidden; target: what
    that had edited."""

    reason: BlankReason
    client_id: str | None = None
    target: int | None = None


class Welcome(Fields, frozen=True):
    """cases: those of one's rooms that are not over, and for staff, as pages, those of their desk; duty: of staff.
    warnings, alerts: those in force in one's rooms; corrections, notices: what none of one's devices has
    seen."""

    person: PersonView
    rooms: tuple[RoomInfo, ...]
    now: int
    cases: tuple[CaseView, ...] = ()
    duty: DutyView | None = None
    warnings: tuple[WarningView, ...] = ()
    corrections: tuple[CorrectionView, ...] = ()
    alerts: tuple[AlertView, ...] = ()
    notices: tuple[NoticeView, ...] = ()


class Reset(Fields, frozen=True):
    room: str
    epoch: int
    oldest: int
    head: int


class RoomOpened(Fields, frozen=True):
    room: RoomInfo
    cases: tuple[CaseView, ...] = ()
    warnings: tuple[WarningView, ...] = ()
    alerts: tuple[AlertView, ...] = ()


class RoomClosed(Fields, frozen=True):
    room: str


class RoomReadMoved(Fields, frozen=True):
    room: str
    seq: int


class PresenceChanged(Fields, frozen=True):
    room: str
    here: int | None


class TypingStarted(Fields, frozen=True):
    """by: only of staff; residents are named to nobody."""

    room: str
    by: By | None = None


class PersonChanged(Fields, frozen=True):
    person: PersonView


class SessionEnded(Fields, frozen=True):
    reason: EndReason


class Drain(Fields, frozen=True):
    reconnect_in_ms: int


_PERSON = {**ADA, "street": {"id": "BU05183637:jan-luykenlaan", "name": "Jan Luykenlaan"},
           "neighbourhood": {"id": "BU05183637", "name": "Moerwijk-West"}}  # fmt: skip
_ROOM = {"id": STREET, "name": "Jan Luykenlaan", "kind": "street", "head": 118, "epoch": 1795442400000, "oldest": 1,
         "here": 14, "read": 117}  # fmt: skip
EVENTS: dict[str, Row] = {
    "message.posted": Row(
        MessagePosted, "members", "Somebody wrote.", {"text": "Ziet iemand het licht?", "client_id": CLIENT_ID}, "talk"
    ),
    "message.edited": Row(
        MessageEdited, "members", "The author worded a message anew; the old wordings stay in the log.",
        {"target": 117, "text": "Ziet iemand dat licht?", "client_id": CLIENT_ID}, "talk",
    ),
    "message.retracted": Row(
        MessageRetracted, "members", "The author took a message back; readers now find a marker in its place.",
        {"target": 117, "client_id": CLIENT_ID}, "talk",
    ),
    "message.reacted": Row(
        MessageReacted, "members", "A one-tap reaction; a person's latest one counts.",
        {"target": 117, "reaction": "thanks", "client_id": CLIENT_ID}, "talk",
    ),
    "member.joined": Row(MemberJoined, "members", "Somebody became a member.", {"person": ADA}, "membership"),
    "member.left": Row(
        MemberLeft, "members", "Somebody is a member no longer and is given nothing after this.",
        {"person": ADA, "reason": "moved"}, "membership",
    ),
    "entry.blanked": Row(
        EntryBlanked, "readers", "A marker in the place of an entry that is gone; only pages and resumes hold it.",
        {"reason": "retention"}, "membership",
    ),
    **WARNING_EVENTS,
    **CASE_EVENTS,
    **REPORT_EVENTS,
    **ACTIVITY_EVENTS,
    **ALERT_EVENTS,
    "welcome": Row(
        Welcome, "the connection", "The first event of every connection; missed entries follow it.",
        {"person": _PERSON, "rooms": [_ROOM], "now": 1795442461234},
    ),
    "reset": Row(
        Reset, "the connection", "The cursor points to what is not there: drop what you hold of the room, then pull.",
        {"room": STREET, "epoch": 1795442400000, "oldest": 40, "head": 118},
    ),
    "room.opened": Row(RoomOpened, "the person", "A new room of yours.", {"room": _ROOM}),
    "room.closed": Row(RoomClosed, "the person", "A room that is yours no longer.", {"room": STREET}),
    "room.read_moved": Row(
        RoomReadMoved, "the person", "Another device of yours read up to here.", {"room": STREET, "seq": 118}
    ),
    "presence.changed": Row(
        PresenceChanged, "members", "So many neighbours are here; null is a few.", {"room": STREET, "here": 14}
    ),
    "typing.started": Row(
        TypingStarted, "the other members", "Somebody is writing; only staff are named.", {"room": STREET}
    ),
    "person.changed": Row(PersonChanged, "the person", "Your own home or function changed.", {"person": _PERSON}),
    "session.ended": Row(
        SessionEnded, "the session", "This session is over; the connection closes and does not come back.",
        {"reason": "everywhere"},
    ),
    "drain": Row(
        Drain, "the connection", "The server restarts: come back after so many milliseconds.", {"reconnect_in_ms": 1400}
    ),
}  # fmt: skip


def packed(name: str, by: dict[str, Any], data: Fields) -> bytes:
    """A kept event as a log holds it: msgpack {name, by, data}; its seq, room and time stand beside it."""
    assert isinstance(data, EVENTS[name].fields)
    return bytes(msgpack.packb({"name": name, "by": by, "data": msgspec.to_builtins(data)}))


def packed_signal(name: str, data: dict[str, Any], also: Sequence[str] = ()) -> bytes:
    """A fleeting event, or one for a person's sessions: msgpack {name, data}. also: persons whom it concerns beside
    its audience; they are told, and nobody is told of them."""
    return bytes(msgpack.packb({"name": name, "data": data, **({"also": list(also)} if also else {})}))


STILL_THERE = frozenset({"retracted", "review", "hidden", "moderation"})
"""Reasons for a marker behind which the entry may still lie."""


class Entry(msgspec.Struct, frozen=True):
    """One entry of a room's log. at: milliseconds since 1970; by, data: as they go over the wire."""

    room: str
    seq: int
    at: int
    name: str
    by: dict[str, Any]
    data: dict[str, Any]

    @classmethod
    def unpack(cls, room: str, seq: int, at: int, event: bytes, blanked: str = "") -> Entry:
        """Read what a log holds. blanked: the reason for which a reader is given a marker instead, '' for none."""
        fields: dict[str, Any] = msgpack.unpackb(event) if event else {"by": SYSTEM, "data": {}}
        if not blanked:
            return cls(room, seq, at, fields["name"], fields["by"], fields["data"])
        data = {"reason": blanked}
        if blanked in STILL_THERE:
            data |= {name: fields["data"][name] for name in ("client_id", "target") if name in fields["data"]}
        return cls(room, seq, at, "entry.blanked", fields["by"], data)

    def wire(self) -> dict[str, Any]:
        """The payload of the event of this name."""
        return {"room": self.room, "seq": self.seq, "at": self.at, "by": self.by, "data": self.data}

    def row(self) -> dict[str, Any]:
        """The entry inside a page, where its name must stand with it."""
        return {"event": self.name, **self.wire()}
