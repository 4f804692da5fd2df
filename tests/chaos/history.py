"""What simulated clients saw, in one order for all of them.

All clients live in one event loop, so the place of a record in the list says what came before what. Times are seconds
of the monotonic clock.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Any, Literal
from zlib import crc32

import msgspec

How = Literal["event", "page"]


class Record(msgspec.Struct, frozen=True, gc=False):
    """Something that one client did or saw. client: its name."""

    at_s: float
    client: str


class Joined(Record, frozen=True, gc=False):
    """The client has an account. rooms: those it is a member of from now on."""

    person: str
    device: str
    rooms: tuple[str, ...]


class Sent(Record, frozen=True, gc=False):
    """A command left the outbox, for the first time or again. name: of the command."""

    room: str
    client_id: str
    name: str = ""


class Ok(Record, frozen=True, gc=False):
    """seq: 0 where nothing changed, and so nothing is in the log."""

    room: str
    client_id: str
    seq: int


class Done(Record, frozen=True, gc=False):
    """An ok of a command that answers no seq."""

    room: str
    client_id: str
    said: str
    """The answer, which every repeat must be given."""


class Refused(Record, frozen=True, gc=False):
    """A refusal that is final: the command must not take effect."""

    room: str
    client_id: str
    code: str


class Unknown(Record, frozen=True, gc=False):
    """No answer, or one that only says to try again: the command may or may not have taken effect."""

    room: str
    client_id: str
    why: str


class Given(Record, frozen=True, gc=False):
    """An entry reached the client. mark: `mark_of` its content; applied: it was the next one and was taken over."""

    room: str
    seq: int
    mark: int
    event: str
    how: How
    applied: bool


class Connected(Record, frozen=True, gc=False):
    """Welcomed by a server."""

    url: str


class Closed(Record, frozen=True, gc=False):
    why: str


class TurnedAway(Record, frozen=True, gc=False):
    """Connecting was refused for good."""

    code: str


class Resumed(Record, frozen=True, gc=False):
    """The cursor that the client presents."""

    room: str
    epoch: int
    seq: int


class Reset(Record, frozen=True, gc=False):
    """The server said that the cursor points to what is not there. held: the last seq the client had."""

    room: str
    held: int
    head: int


class Began(Record, frozen=True, gc=False):
    """The client holds the room from after this seq on."""

    room: str
    after: int


class Ended(Record, frozen=True, gc=False):
    """The client dropped what it held of a room: it was closed, or is in the welcome no longer."""

    room: str


class MoveAsked(Record, frozen=True, gc=False):
    """The client asks to live elsewhere. rooms: those it will be a member of."""

    rooms: tuple[str, ...]


class Moved(Record, frozen=True, gc=False):
    """The move was answered: the old rooms are its own no longer."""

    rooms: tuple[str, ...]


class Muting(Record, frozen=True, gc=False):
    """A moderator mutes somebody in a room, or lets them talk again. is_done: it was answered; asked till then."""

    room: str
    person: str
    is_mute: bool
    is_done: bool


class Hidden(Record, frozen=True, gc=False):
    """A moderator's measure was answered: readers find a marker there from now on."""

    room: str
    target: int


class Expelling(Record, frozen=True, gc=False):
    """The second moderator agrees that somebody goes out of a room. client: who goes; is_done: as above."""

    room: str
    is_done: bool


class QuietBegan(Record, frozen=True, gc=False):
    """Nobody sends and nothing is broken. unanswered: client_ids that still wait for an answer, after long enough;
    heads: the last seq of every room, by Redis itself."""

    unanswered: tuple[str, ...]
    heads: dict[str, int]


class QuietEnded(Record, frozen=True, gc=False):
    """Everybody seems to hold everything, or the time for it is over."""


class History:
    """The list that all clients append to. now_s: moved by the checker's own tests."""

    def __init__(self, now_s: Callable[[], float] = monotonic) -> None:
        self.records: list[Record] = []
        self._now_s = now_s
        self.counts: Counter[str] = Counter()

    def note(self, kind: type[Record], client: str, *fields: Any) -> None:
        """Append a record that happens now."""
        self.records.append(kind(self._now_s(), client, *fields))
        self.counts[kind.__name__] += 1


def mark_of(event: str, entry: dict[str, Any]) -> int:
    """A number over what an entry says, the same whether it came as an event, in a page, or from the log itself."""
    said = [event, entry["at"], entry["by"], entry["data"]]
    return crc32(json.dumps(said, sort_keys=True).encode())
