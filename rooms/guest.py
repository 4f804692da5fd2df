"""Rooms that no account names: entered on a ground, or of an own private case.

A hint, kept with the person because the room may lie in any partition, and noted before the membership begins. The
room's own members decide; a hint that leads nowhere for a day is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rooms.keys import PersonKeys
from rooms.store import fields_of
from rooms.town import DAY_MS, Town


async def note(town: Town, person: str, room: str) -> None:
    """Say that the person may find itself in this room."""
    await town.store.read("HSET", PersonKeys(person).guest, room, town.clock.now_ms())


async def rooms_of(town: Town, persons: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The rooms that are noted for each of these persons, asked in one turn."""
    found = await town.store.read_all(("HKEYS", PersonKeys(person).guest) for person in persons)
    return {person: tuple(room.decode() for room in rooms) for person, rooms in zip(persons, found, strict=True)}


async def drop(town: Town, person: str, nothing_in: Iterable[str]) -> None:
    """Forget hints that led nowhere, unless they are so young that the membership may only be beginning."""
    mine, before = PersonKeys(person).guest, town.clock.now_ms() - DAY_MS
    hints = fields_of(await town.store.read("HGETALL", mine))
    old = [room for room in nothing_in if int(hints.get(room.encode(), b"0")) < before]
    if old:
        await town.store.read("HDEL", mine, *old)
