"""Notices in person: what was decided on what somebody wrote or reported, kept until one device has seen it.

The script of the deed writes down what is owed to whom (lua/fragments/measure.lua). From there it is carried to each
person's own partition, once in effect, however often and by how many processes it is tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgpack

from rooms import event, in_person, keys
from rooms.call import Call, Reply
from rooms.keys import PersonKeys, partition_of
from rooms.report_payload import SeenNotice
from rooms.report_shape import NoticeView
from rooms.town import Town

DUE = "notice:"


async def give_all(town: Town, room: str, notices: Iterable[tuple[str, NoticeView]]) -> None:
    """Give what a deed in this room has just come to owe; what is cut short is given by the deadline."""
    for person, one in notices:
        await give(town, partition_of(room), f"{person}:{one.id}")


async def give(town: Town, partition: str, field: str) -> None:
    """Give one that is owed. May be said again."""
    person, _, notice_id = field.partition(":")
    packed = await town.store.read("HGET", keys.owing(partition), field)
    if packed is not None:
        mine = PersonKeys(person)
        told = event.packed_signal("notice.given", {"id": notice_id})  # its words stay out of the feed
        names = [mine.feed, mine.clock, mine.account, mine.notices]
        keep_ms = town.policy.keep_ms["escalation"]
        await town.store.run("note_corrections", names, [town.clock.now_ms(), keep_ms, notice_id, packed, told, person])
    await town.store.run("settle_notice", [keys.owing(partition), keys.due(partition)], [field])


# the person ------------------------------------------------------------------------------------------


def of_person(person: str) -> tuple[str, ...]:
    """The command that asks for a person's notices; `unseen` reads the answer."""
    return ("HVALS", PersonKeys(person).notices)


def unseen(rows: Iterable[bytes]) -> list[dict[str, Any]]:
    """The notices that no device has seen, the oldest first."""
    return sorted((msgpack.unpackb(row) for row in rows if row), key=lambda one: (one["at"], one["id"]))


async def look(town: Town, person: str, notice_id: str) -> dict[str, Any] | None:
    """One notice, as it was given a moment ago; None where a device has seen it already."""
    row = await town.store.read("HGET", PersonKeys(person).notices, notice_id)
    found: dict[str, Any] | None = msgpack.unpackb(row) if row else None
    return found


async def seen(town: Town, call: Call[SeenNotice]) -> Reply:
    """One device has seen it: no other need show it. Raises Refusal: too_fast, stale, client_id_reused, unavailable."""
    return await in_person.see(town, call, PersonKeys(call.person.id).notices, "notice.closed")
