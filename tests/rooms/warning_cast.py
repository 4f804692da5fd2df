"""What the stories about warnings share: a warning, staff in the street, and what somebody is told."""

from __future__ import annotations

from typing import Any

import msgpack

from rooms import given
from rooms.given import Point
from rooms.keys import RoomKeys
from rooms.town import Town
from tests.rooms.desk_cast import Desk
from tests.rooms.voice import Voice

NOISE = {"kind": "nuisance", "text": "Er is veel lawaai op straat."}
FIRE = {"kind": "fire", "text": "Er komt rook uit het dak.", "emergency": "called"}
MINUTE_MS = 60_000


async def warn(voice: Voice, **said: Any) -> int:
    """Raise a warning; returns its seq."""
    return int((await voice.ask("warning.raise", **said))["seq"])


async def let_in(desk: Desk, name: str, room: str, since: int = 1) -> Voice:
    """A member of staff who is in the room on a ground, from the entry *since* on."""
    voice = await desk.voice(name)
    member = {"role": voice.person.role.value, "since": since, "grounds": {"p07.aaaaaaaaaaaa": since}}
    await desk.town.store.read("HSET", RoomKeys(room).members, voice.id, msgpack.packb(member))
    return voice


async def give(town: Town, voice: Voice, seq: int, *, gone: bool = False) -> None:
    """Note that somebody was given the street up to *seq*; gone: and then went."""
    await given.note(town, {voice.room: [Point(voice.id, seq, not gone)]})
