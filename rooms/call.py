"""A command on its way through the domain: who asks for what, when, and under which number of which device."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

import msgspec

from rooms.person import Person

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\A[A-Za-z0-9._:-]+\Z")]
ClientId = Annotated[str, msgspec.Meta(max_length=100, pattern=r"\A[A-Za-z0-9_-]{8,64}:[1-9][0-9]{0,15}\Z")]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]
"""Blanks alone say nothing and are refused with the payload, before anybody looks for the room."""
Reply = dict[str, Any]


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields of a command; an unknown one is refused."""


P = TypeVar("P", bound=Payload)


class Call(msgspec.Struct, Generic[P], frozen=True):
    """One command under way. digest: 16 hex digits over name and payload, which tell a repeat from another command; ''
    for a command that changes nothing.  session: the digest of the session that it comes by."""

    person: Person
    payload: P
    now_ms: int
    digest: str
    session: str = ""

    def numbered(self, client_id: str) -> tuple[str, str]:
        """(device, counter) of a client_id."""
        device, _, counter = client_id.rpartition(":")
        return device, counter
