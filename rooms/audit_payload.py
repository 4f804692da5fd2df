"""The payloads of the commands about the open book. Pure."""

from __future__ import annotations

from typing import Annotated

import msgspec

from rooms.call import Id, Payload
from rooms.shape import Seq

PAGE = 100


class OfBook(Payload, frozen=True):
    """room: what is told of a room; book: all of a book, which is that of a neighbourhood by its id, of the desks of a
    seat `desk:<seat>`, of private cases and of accounts `case:<partition>` and `staff:<partition>`."""

    room: Id | None = None
    book: Id | None = None

    def __post_init__(self) -> None:
        """With the payload, before anybody looks for the room."""
        if (self.room is None) == (self.book is None):
            raise ValueError("Name a room or a book, one of the two - at `$.book`")


class ReadBook(OfBook, frozen=True, kw_only=True):
    """before: rows below this number; the newest without it."""

    before: Seq | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=PAGE)] = PAGE


class ProveHead(OfBook, frozen=True, kw_only=True):
    n: Seq
