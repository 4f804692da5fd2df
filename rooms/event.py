"""The table of events: what happened, its fields, whether a log keeps it, and who is given it.

`protocol.md` and the client's types are rendered from this table. A kept event is an entry of a room's log and reaches
the room's members; a fleeting one is told and forgotten.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgpack
import msgspec

from rooms.person import SYSTEM

Seq = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
ReactionWord = Literal["thumbs_up", "heart", "thanks", "laugh", "wow", "sad"]
BlankReason = Literal["retracted", "retention", "moderation", "erasure"]
LeaveReason = Literal["moved", "left", "staff_changed"]
EndReason = Literal["signed_out", "everywhere", "password", "too_many", "removed", "expired"]
RoomKind = Literal["street", "neighbourhood", "desk"]
AuthorRole = Literal["resident", "officer", "moderator", "auditor", "admin", "system"]
OrganisationName = Literal["police", "municipality"]


class _Fields(msgspec.Struct, frozen=True, omit_defaults=True):
    pass


class By(_Fields, frozen=True):
    """Who did it: a resident's own name, of staff the function, of BART itself role `system`."""

    id: str
    name: str
    role: AuthorRole
    organisation: OrganisationName | None = None


class NamedPlace(_Fields, frozen=True):
    id: str
    name: str


class PersonView(_Fields, frozen=True):
    """Oneself, as `welcome` and signing in tell it."""

    id: str
    name: str
    role: AuthorRole
    organisation: OrganisationName | None = None
    street: NamedPlace | None = None
    neighbourhood: NamedPlace | None = None
    jurisdiction: tuple[str, ...] = ()


class RoomInfo(_Fields, frozen=True, kw_only=True):
    """A room as its member finds it. here: who is here now, None for "a few" (below 5); read: the own read cursor."""

    id: str
    name: str
    kind: RoomKind
    head: int
    epoch: int
    oldest: int
    more: bool = False
    here: int | None
    read: int


class MessagePosted(_Fields, frozen=True):
    text: str
    client_id: str
    reply_to: int | None = None


class MessageEdited(_Fields, frozen=True):
    target: int
    text: str
    client_id: str


class MessageRetracted(_Fields, frozen=True):
    target: int
    client_id: str


class MessageReacted(_Fields, frozen=True):
    """reaction: the person's one reaction from now on; null takes it back."""

    target: int
    reaction: ReactionWord | None
    client_id: str


class MemberJoined(_Fields, frozen=True):
    person: By


class MemberLeft(_Fields, frozen=True):
    person: By
    reason: LeaveReason


class EntryBlanked(_Fields, frozen=True):
    """Stands in the place of an entry that is gone. client_id: of what was retracted; target: what that had edited."""

    reason: BlankReason
    client_id: str | None = None
    target: int | None = None


class Welcome(_Fields, frozen=True):
    person: PersonView
    rooms: tuple[RoomInfo, ...]
    now: int


class Reset(_Fields, frozen=True):
    room: str
    epoch: int
    oldest: int
    head: int


class RoomOpened(_Fields, frozen=True):
    room: RoomInfo


class RoomClosed(_Fields, frozen=True):
    room: str


class RoomReadMoved(_Fields, frozen=True):
    room: str
    seq: int


class PresenceChanged(_Fields, frozen=True):
    room: str
    here: int | None


class TypingStarted(_Fields, frozen=True):
    """by: only of staff; residents are named to nobody."""

    room: str
    by: By | None = None


class PersonChanged(_Fields, frozen=True):
    person: PersonView


class SessionEnded(_Fields, frozen=True):
    reason: EndReason


class Drain(_Fields, frozen=True):
    reconnect_in_ms: int


class Row(msgspec.Struct, frozen=True):
    """One event. keeps: the retention class of an entry, None for a fleeting event; fields: its data."""

    fields: type[_Fields]
    audience: str
    summary: str
    example: dict[str, Any]
    keeps: Literal["talk", "membership"] | None = None


_ADA = {"id": "k3v9x2m7q4w8", "name": "Ada", "role": "resident"}
_PERSON = {**_ADA, "street": {"id": "BU05183637:jan-luykenlaan", "name": "Jan Luykenlaan"},
           "neighbourhood": {"id": "BU05183637", "name": "Moerwijk-West"}}  # fmt: skip
_STREET = "BU05183637:jan-luykenlaan"
_ROOM = {"id": _STREET, "name": "Jan Luykenlaan", "kind": "street", "head": 118, "epoch": 1795442400000, "oldest": 1,
         "here": 14, "read": 117}  # fmt: skip
_CLIENT_ID = "5f2b8c1e9a7d4036b1c2d3e4f5a60718:42"

EVENTS: dict[str, Row] = {
    "message.posted": Row(
        MessagePosted, "members", "Somebody wrote.", {"text": "Ziet iemand het licht?", "client_id": _CLIENT_ID}, "talk"
    ),
    "message.edited": Row(
        MessageEdited, "members", "The author worded a message anew; the old wordings stay in the log.",
        {"target": 117, "text": "Ziet iemand dat licht?", "client_id": _CLIENT_ID}, "talk",
    ),
    "message.retracted": Row(
        MessageRetracted, "members", "The author took a message back; readers now find a marker in its place.",
        {"target": 117, "client_id": _CLIENT_ID}, "talk",
    ),
    "message.reacted": Row(
        MessageReacted, "members", "A one-tap reaction; a person's latest one counts.",
        {"target": 117, "reaction": "thanks", "client_id": _CLIENT_ID}, "talk",
    ),
    "member.joined": Row(MemberJoined, "members", "Somebody became a member.", {"person": _ADA}, "membership"),
    "member.left": Row(
        MemberLeft, "members", "Somebody is a member no longer and is given nothing after this.",
        {"person": _ADA, "reason": "moved"}, "membership",
    ),
    "entry.blanked": Row(
        EntryBlanked, "readers", "A marker in the place of an entry that is gone; only pages and resumes hold it.",
        {"reason": "retention"}, "membership",
    ),
    "welcome": Row(
        Welcome, "the connection", "The first event of every connection; missed entries follow it.",
        {"person": _PERSON, "rooms": [_ROOM], "now": 1795442461234},
    ),
    "reset": Row(
        Reset, "the connection", "The cursor points to what is not there: drop what you hold of the room, then pull.",
        {"room": _STREET, "epoch": 1795442400000, "oldest": 40, "head": 118},
    ),
    "room.opened": Row(RoomOpened, "the person", "A new room of yours.", {"room": _ROOM}),
    "room.closed": Row(RoomClosed, "the person", "A room that is yours no longer.", {"room": _STREET}),
    "room.read_moved": Row(
        RoomReadMoved, "the person", "Another device of yours read up to here.", {"room": _STREET, "seq": 118}
    ),
    "presence.changed": Row(
        PresenceChanged, "members", "So many neighbours are here; null is a few.", {"room": _STREET, "here": 14}
    ),
    "typing.started": Row(
        TypingStarted, "the other members", "Somebody is writing; only staff are named.", {"room": _STREET}
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


def packed(name: str, by: dict[str, Any], data: _Fields) -> bytes:
    """A kept event as a log holds it: msgpack {name, by, data}; its seq, room and time stand beside it."""
    assert isinstance(data, EVENTS[name].fields)
    return bytes(msgpack.packb({"name": name, "by": by, "data": msgspec.to_builtins(data)}))


def packed_signal(name: str, data: dict[str, Any]) -> bytes:
    """A fleeting event, or one for a person's sessions: msgpack {name, data}."""
    return bytes(msgpack.packb({"name": name, "data": data}))


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
        if blanked == "retracted":
            data |= {name: fields["data"][name] for name in ("client_id", "target") if name in fields["data"]}
        return cls(room, seq, at, "entry.blanked", fields["by"], data)

    def wire(self) -> dict[str, Any]:
        """The payload of the event of this name."""
        return {"room": self.room, "seq": self.seq, "at": self.at, "by": self.by, "data": self.data}

    def row(self) -> dict[str, Any]:
        """The entry inside a page, where its name must stand with it."""
        return {"event": self.name, **self.wire()}
