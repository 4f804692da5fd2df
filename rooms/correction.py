"""Notices: who was given a warning that was taken back or corrected is told so, each of them and nobody else.

The script that takes a warning back also writes down to whom that is owed (lua/fragments/owe.lua). From there it is
carried to each person's own partition, once in effect, however often and by how many processes it is tried: a notice
that is there is not told again, nor is one that a device has seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgpack

from rooms import event, in_person
from rooms.call import Call, Reply
from rooms.keys import PersonKeys, partition_of_person, room_keys
from rooms.store import Store, fields_of
from rooms.town import Town
from rooms.warning_payload import SeenCorrection

DUE = "correction:"
AT_ONCE = 200
"""Persons of one call: a script holds up everybody else."""
FOR_WHO_LEFT = ("id", "room", "warning", "at", "kind", "alert", "headline", "what", "seq")
"""Who has left the room since gets the date and the kind (product.md 4), and what it takes to mark it as seen."""
KEPT_ASIDE = ("made", "author", "by", "n")


async def carry_out(town: Town, room: str, seq: int) -> int:
    """Give the notice of the correction at *seq* to everybody to whom it is still owed; how many those were."""
    of = room_keys(room)
    body, owed = await town.store.read_all([("HGET", of.correction, seq), ("HGETALL", of.owed)])
    rows = {field.decode().partition(":"): status.decode() for field, status in fields_of(owed).items()}
    waiting = {person: status for (of_seq, _, person), status in rows.items() if of_seq == str(seq)}
    if body is not None:
        kept = msgpack.unpackb(body)
        elsewhere = await _given_elsewhere(town, kept.get("alert"), waiting)
        told_here = {person: status for person, status in waiting.items() if person not in elsewhere}
        for (partition, status), persons in _together(told_here).items():
            for first in range(0, len(persons), AT_ONCE):
                told = _notice(kept, has_left=status == "left")
                await _note(town, partition, persons[first : first + AT_ONCE], told)
    await town.store.run("settle_correction", [of.owed, of.noted, of.due], [f"{DUE}{room}:{seq}", seq, *waiting])
    return len(waiting)


async def _given_elsewhere(town: Town, alert: str | None, persons: Iterable[str]) -> set[str]:
    """Who of those who left a room lives in another one that has the alert: each message is an entry to them there."""
    if alert is None:
        return set()
    asked = list(persons)
    rows = await town.store.read_all(("HGET", PersonKeys(person).account, "rooms") for person in asked)
    lives_in = {person: msgpack.unpackb(row) if row else [] for person, row in zip(asked, rows, strict=True)}
    rooms = sorted({room for held in lives_in.values() for room in held})
    has_it = await town.store.read_all(("HEXISTS", room_keys(room).alerted, alert) for room in rooms)
    alerted = {room for room, has in zip(rooms, has_it, strict=True) if has}
    return {person for person, held in lives_in.items() if alerted.intersection(held)}


def _together(waiting: Mapping[str, str]) -> dict[tuple[str, str], list[str]]:
    """Persons by their partition and by whether they are in the room."""
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for person, status in waiting.items():
        together[partition_of_person(person), status].append(person)
    return together


def _notice(kept: dict[str, Any], *, has_left: bool) -> dict[str, Any]:
    """A notice as shape CorrectionView has it."""
    told = {name: value for name, value in kept.items() if name not in KEPT_ASIDE}
    return _without_words(told) if has_left else told


def _without_words(notice: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in notice.items() if name in FOR_WHO_LEFT}


async def _note(town: Town, partition: str, persons: list[str], notice: dict[str, Any]) -> None:
    mine = [PersonKeys(person) for person in persons]
    names = [mine[0].feed, mine[0].clock, *(name for one in mine for name in (one.account, one.corrections))]
    told = event.packed_signal("correction.given", {"id": notice["id"]})  # its words stay out of the feed
    now_ms, keep_ms = town.clock.now_ms(), town.policy.keep_ms["warning"]
    arguments = [now_ms, keep_ms, notice["id"], msgpack.packb(notice), told, *persons]
    assert all(one.partition == partition for one in mine)
    await town.store.run("note_corrections", names, arguments)


# the person ------------------------------------------------------------------------------------------


def of_person(person: str) -> tuple[str, ...]:
    """The command that asks for a person's notices; `unseen` reads the answer."""
    return ("HVALS", PersonKeys(person).corrections)


def unseen(rows: Iterable[bytes], rooms: Collection[str]) -> list[dict[str, Any]]:
    """The notices that no device has seen, the oldest first. rooms: those the person is in."""
    notices = sorted((msgpack.unpackb(row) for row in rows if row), key=lambda notice: (notice["at"], notice["seq"]))
    return [as_told(notice, rooms) for notice in notices]


def as_told(notice: dict[str, Any], rooms: Collection[str]) -> dict[str, Any]:
    """A notice as somebody who is in these rooms, now, is told it."""
    return notice if notice["room"] in rooms else _without_words(notice)


async def look(town: Town, person: str, notice_id: str) -> dict[str, Any] | None:
    """One notice, as it was given a moment ago; None where a device has seen it already."""
    row = await town.store.read("HGET", PersonKeys(person).corrections, notice_id)
    found = await without_hidden(town, [msgpack.unpackb(row)] if row else [])
    return found[0] if found else None


async def without_hidden(town: Town, notices: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Notices as they can be told now: while a warning is hidden, or for good where it is removed, so are the words
    about it."""
    if not notices:
        return []
    marks = await town.store.read_all(
        ("HMGET", room_keys(one["room"]).blank, one["warning"], one["seq"]) for one in notices
    )
    return [_without_words(one) if any(mark) else one for one, mark in zip(notices, marks, strict=True)]


async def seen(town: Town, call: Call[SeenCorrection]) -> Reply:
    """One device has seen it: no other need show it. Raises Refusal: too_fast, stale, client_id_reused, unavailable."""
    return await in_person.see(town, call, PersonKeys(call.person.id).corrections, "correction.closed")


# retention -------------------------------------------------------------------------------------------


async def forget(town: Town, room: str, before_ms: int) -> list[int]:
    """Delete the notices of corrections made before then, wherever they wait; returns the seqs of the corrections."""
    old = [notice for notice in await _made(town.store, room) if notice["made"] <= before_ms]
    await _take_away(town.store, room, old)
    return [notice["seq"] for notice in old]


async def blank(store: Store, room: str, seqs: Collection[int]) -> None:
    """Where a warning is blanked, or the entry that took it back or corrected it, the notices of it go as well."""
    gone = [notice for notice in await _made(store, room) if notice["seq"] in seqs or notice["warning"] in seqs]
    await _take_away(store, room, gone)
    await store.read_all(("HDEL", room_keys(room).correction, notice["seq"]) for notice in gone)


async def _made(store: Store, room: str) -> list[dict[str, Any]]:
    """The notices of a room's corrections, each with what is KEPT_ASIDE."""
    return [
        msgpack.unpackb(body) for body in fields_of(await store.read("HGETALL", room_keys(room).correction)).values()
    ]


async def _take_away(store: Store, room: str, notices: Iterable[dict[str, Any]]) -> None:
    """Delete these notices from everybody to whom they were owed or given."""
    of, gone = room_keys(room), {str(notice["seq"]): notice["id"] for notice in notices}
    for name in (of.owed, of.noted):
        fields = [field.decode() for field in await store.read("HKEYS", name)] if gone else []
        for seq, _, person in (field.partition(":") for field in fields):
            if seq in gone:
                await store.read("HDEL", PersonKeys(person).corrections, gone[seq])
                await store.read("HDEL", name, f"{seq}:{person}")
    await store.read_all(("ZREM", of.due, f"{DUE}{room}:{seq}") for seq in gone)
