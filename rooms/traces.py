"""Traces: where a person stands in the store. Rooms remember who was in them, so no list is kept beside the account."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from rooms import case_record, keys
from rooms.alias import alias
from rooms.keys import room_keys
from rooms.room import case_of
from rooms.town import Town

AT_ONCE = 500
"""Rooms, entries or keys of one turn: a script holds up everybody else."""
PARTITIONS = tuple(name for name in keys.ALL if name != keys.TOWN)
T = TypeVar("T")


async def rooms_of(town: Town, person: str) -> list[str]:
    """Every room that this person is in, or was ever in."""
    asked, found = [*(room.id for room in town.places.rooms()), *await case_record.private_rooms(town)], list[str]()
    for some in portions(asked):
        names = [name for room in some for name in (room_keys(room).members, room_keys(room).left)]
        rows = await town.store.read_all(("HEXISTS", name, person) for name in names)
        found += [room for room, is_in, was in zip(some, rows[::2], rows[1::2], strict=True) if is_in or was]
    return found


def signs(town: Town, person: str, room: str) -> list[str]:
    """The ids under which this person stands in the entries of a room: of a private case, the alias too."""
    case = case_of(room)
    return [person] if case is None else [person, alias(town.code_key, case, person).id]


async def entries(town: Town, stream: str, of: Sequence[str], before_ms: int) -> AsyncIterator[list[str]]:
    """The ids of a stream's entries with one of these signs that are not younger, portion by portion."""
    after = ""
    while True:
        answer = await town.store.run("find_signs", [stream], [after, AT_ONCE, before_ms, *of])
        after, *found = (entry_id.decode() for entry_id in answer)
        if found:
            yield found
        if not after:
            return


def seqs(entry_ids: Iterable[str]) -> list[int]:
    """Of a room's log: the numbers that its ids are."""
    return [int(entry_id.partition("-")[0]) for entry_id in entry_ids]


async def fields(town: Town, name: str, person: str) -> list[str]:
    """The fields of a hash that are this person's: <person>, or <something>:<person>."""
    found = [field.decode() for field in await town.store.read("HKEYS", name)]
    return [field for field in found if field.rpartition(":")[2] == person]


async def keys_with(town: Town, person: str) -> list[str]:
    """Every key whose name holds this id."""
    cursor, found = b"0", set[str]()
    while True:
        cursor, some = await town.store.read("SCAN", cursor, "MATCH", keys.of_person(person), "COUNT", AT_ONCE)
        found |= {name.decode() for name in some}
        if cursor == b"0":
            return sorted(found)


def portions(everything: Sequence[T]) -> Iterator[Sequence[T]]:
    """The same, in order, as many as are asked for in one turn."""
    return (everything[first : first + AT_ONCE] for first in range(0, len(everything), AT_ONCE))


async def members(town: Town, names: Sequence[str]) -> list[tuple[str, str]]:
    """(name, member) of these sorted sets."""
    rows: list[list[Any]] = await town.store.read_all(("ZRANGE", name, 0, -1) for name in names)
    return [(name, member.decode()) for name, row in zip(names, rows, strict=True) for member in row]
