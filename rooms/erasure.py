"""Erasing a resident: the account ends at once; what it left everywhere is looked for by a deadline, by any process.

Rooms, records and the town's lists lie in other partitions than the account. So its end is one script, which leaves a
record with a deadline; from there every step may be done again, by whichever process comes first. It is looked twice:
at once, and a minute later, when nothing that was under way can still arrive. The first look passes over the youngest
entries: a process that has not read them yet would take a hole in the feed for a loss.

What others need stays without the person: numbers with markers, a case that is open, how many answered, that a letter
was used. The open book of staff stays, without the words beside its rows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

import msgpack
import msgspec
import structlog

from rooms import erasure_records, erasure_rooms, event, keys, retention, traces
from rooms.keys import PersonKeys, code
from rooms.refusal import Refusal
from rooms.store import fields_of
from rooms.town import Town

DUE = "erase:"
UNDER_WAY_MS = 5_000
"""What is younger may not have been read by every process yet."""
AGAIN_MS = 60_000
CLAIMED_MS = 60_000
"""A process that has not ended its look by then has died."""
log = structlog.get_logger("erasure")
Note = Callable[[str], Awaitable[None]]
"""Writes down outside the store, for good, that this person is erased; may be said again."""


class Look(msgspec.Struct, frozen=True):
    """One look for what is left of a person. version, rooms: of the account that was; before_ms: what is younger is for
    the second one."""

    person: str
    version: int
    rooms: tuple[str, ...]
    is_second: bool
    before_ms: int


async def begin(town: Town, person: str) -> bool:
    """End the account and every session, and leave the rest to `overdue`; False where there is no such account.

    Raises Refusal("unavailable").
    """
    mine = PersonKeys(person)
    ended = event.packed_signal("session.ended", {"reason": "erased"})
    (begun,) = await town.store.run(
        "begin_erasure",
        [mine.account, mine.sessions, mine.second_factor, mine.guest, mine.corrections, mine.notices, mine.erasing,
         mine.due, mine.feed, mine.clock],
        [town.clock.now_ms(), person, ended],
    )  # fmt: skip
    return bool(begun)


async def again(town: Town, persons: Iterable[str]) -> int:
    """Erase those of these persons who are back, as after an older backup; returns how many."""
    asked = list(persons)
    there: list[bool] = []
    for some in traces.portions(asked):
        there += await town.store.read_all(("EXISTS", PersonKeys(person).account) for person in some)
    return sum([await begin(town, person) for person, is_back in zip(asked, there, strict=True) if is_back])


async def forget_staff(town: Town, person: str) -> None:
    """What is of somebody of the staff whose account has ended, and not of the function: answers, read marks, what
    their devices did. What they wrote and did stays. May be said again.
    """
    for room in await traces.rooms_of(town, person):
        await erasure_rooms.forget(town, person, keys.room_keys(room))
    await town.store.read_all(("DEL", name) for name in await traces.keys_with(town, person))


async def overdue(town: Town, note: Note, under_way_ms: int = UNDER_WAY_MS) -> int:
    """Carry out what is due; returns how many persons were looked for. One that fails comes again, and stops no other.

    under_way_ms: 0 where no server is open.  Raises Refusal("unavailable"), StoreFault.
    """
    looked = [person for person in await _waiting(town) if await _is_done(town, person, note, under_way_ms)]
    if looked:
        await retention.rewrite_file(town)  # until then their words stand on the disk
    for person in looked:
        await _settle(town, person)
    return len(looked)


async def _waiting(town: Town) -> list[str]:
    now_ms = town.clock.now_ms()
    due = [keys.due(name) for name in traces.PARTITIONS]
    rows = await town.store.read_all(("ZRANGE", name, "-inf", now_ms, "BYSCORE") for name in due)
    return [item.decode().removeprefix(DUE) for row in rows for item in row if item.startswith(DUE.encode())]


async def _is_done(town: Town, person: str, note: Note, under_way_ms: int) -> bool:
    now_ms, mine = town.clock.now_ms(), PersonKeys(person)
    (claimed,) = await town.store.run("claim_erasure", [mine.due], [person, now_ms, now_ms + CLAIMED_MS])
    if not claimed:
        return False
    try:
        await note(person)
        await _look(town, await _look_of(town, person, under_way_ms))
    except Exception as error:
        if isinstance(error, Refusal):
            raise
        log.error("alarm: a person cannot be erased", error=type(error).__name__)
        return False
    return True


async def _look_of(town: Town, person: str, under_way_ms: int = 0) -> Look:
    record = fields_of(await town.store.read("HGETALL", PersonKeys(person).erasing))
    is_second, now_ms = b"looked" in record, town.clock.now_ms()
    rooms = tuple(msgpack.unpackb(record.get(b"rooms", msgpack.packb([]))))
    before_ms = now_ms if is_second else now_ms - under_way_ms
    return Look(person, int(record.get(b"version", b"0")), rooms, is_second, before_ms)


async def _settle(town: Town, person: str) -> None:
    mine, look = PersonKeys(person), await _look_of(town, person)
    again_ms = town.clock.now_ms() + AGAIN_MS
    await town.store.run("settle_erasure", [mine.erasing, mine.due], [person, int(look.is_second), again_ms])


# one look --------------------------------------------------------------------------------------------


async def _look(town: Town, look: Look) -> None:
    """Rooms first: what is blanked there says which words stand beside the rows of the books."""
    person = look.person
    rooms = list(dict.fromkeys([*look.rooms, *await traces.rooms_of(town, person)]))
    for room in rooms:
        await erasure_rooms.leave(town, person, room, look.version)
        await erasure_rooms.erase(town, person, room, look.before_ms, is_first=not look.is_second)
    await erasure_records.erase(town, person, rooms)
    await _release(town, person)
    await _drop(town, person)
    if look.is_second:
        await _drop_told(town, person)
        await town.store.read_all(("HDEL", keys.room_keys(room).left, person) for room in rooms)


async def _release(town: Town, person: str) -> None:
    """The name is free again; of the letters it is known only that they were used."""
    names = fields_of(await town.store.read("HGETALL", keys.NAMES))
    for skeleton, claim in names.items():
        if msgpack.unpackb(claim)["person"] == person:
            await town.store.run("release_name", [keys.NAMES, keys.STAFF], [skeleton, person])
    codes = [digest.decode() for digest in await town.store.read("ZRANGE", keys.CODES, 0, -1)]
    for some in traces.portions(codes):
        used = await town.store.read_all(("HEXISTS", code(digest), f"use:{person}") for digest in some)
        for digest in [digest for digest, is_used in zip(some, used, strict=True) if is_used]:
            await town.store.run("hide_use", [code(digest)], [person])


async def _drop(town: Town, person: str) -> None:
    """What is the person's own, and what others still had to do for them."""
    own = [name for name in await traces.keys_with(town, person) if name != PersonKeys(person).erasing]
    await town.store.read_all(("DEL", name) for name in own)
    waiting = await traces.members(town, [keys.due(name) for name in traces.PARTITIONS])
    await town.store.read_all(("ZREM", name, item) for name, item in waiting if person in item and item != DUE + person)
    for owing in [keys.owing(name) for name in traces.PARTITIONS]:
        fields = [field.decode() for field in await town.store.read("HKEYS", owing)]
        if theirs := [field for field in fields if field.partition(":")[0] == person]:
            await town.store.read("HDEL", owing, *theirs)


async def _drop_told(town: Town, person: str) -> None:
    """Signals that every process has read by now."""
    for stream in [of(name) for name in keys.ALL for of in (keys.feed, keys.fleeting)]:
        async for ids in traces.entries(town, stream, [person], town.clock.now_ms()):
            await town.store.read("XDEL", stream, *ids)
