"""Erasing a person from a room: the membership, what they wrote, and what is kept of them beside the log."""

from __future__ import annotations

import msgpack
import msgspec

from rooms import event, retention, traces
from rooms.event import MemberLeft
from rooms.keys import RoomKeys, room_keys
from rooms.person import ERASED, SYSTEM
from rooms.shape import By
from rooms.store import fields_of
from rooms.town import Town
from rooms.warning_event import WarningExpired

REASON = "erasure"
BATCH = 100
"""Entries blanked by one script."""


async def leave(town: Town, person: str, room: str, version: int) -> None:
    """End the membership, or see to it that none begins any more; the room hears that somebody left, and not who."""
    of, nobody = room_keys(room), msgspec.convert(ERASED, By)
    left = event.packed("member.left", ERASED, MemberLeft(person=nobody, reason="left"))
    await town.store.run(
        "leave",
        [of.head, of.members, of.left, of.log, of.feed, of.clock, of.read, of.here, of.given, of.warned, of.muted],
        [town.clock.now_ms(), person, room, max(version, 1), left],
    )


async def erase(town: Town, person: str, room: str, before_ms: int, *, is_first: bool) -> None:
    """Blank every entry with a sign of this person that is not younger, and forget them beside the log.

    The entries of a case hold it whole, with the asker and the words, whoever made them; a stream can't be changed, so
    they go as well, and the case stands in its room without them.  Devices that hold the words load the room anew.
    """
    of, gone = room_keys(room), 0
    await _end_warnings(town, person, room)
    async for ids in traces.entries(town, of.log, traces.signs(town, person, room), before_ms):
        seqs = traces.seqs(ids)
        for first in range(0, len(seqs), BATCH):
            gone += await retention.blank(town, room, seqs[first : first + BATCH], REASON)
    await forget(town, person, of)
    if is_first or gone:
        await town.store.run("void_cursors", [of.head, of.fleeting], [town.clock.now_ms(), room])


async def _end_warnings(town: Town, person: str, room: str) -> None:
    """Who has one pinned must not keep it until its time is over."""
    of = room_keys(room)
    for seq, packed in fields_of(await town.store.read("HGETALL", of.warning)).items():
        warning = msgpack.unpackb(packed)
        if warning["person"] == person and warning["state"] == "in_force":
            expired = event.packed("warning.expired", SYSTEM, WarningExpired(int(seq)))
            await town.store.run(
                "drop_in_force",
                [of.head, of.log, of.feed, of.clock, of.due, of.warning, of.in_force, of.warned, of.answers],
                [town.clock.now_ms(), room, seq, expired],
            )


async def forget(town: Town, person: str, of: RoomKeys) -> None:
    """An answer stays in its count; whose it was, and what they were given or owed, goes."""
    for name in (of.given, of.owed, of.noted, of.alert_known, of.answers, of.read, of.muted):
        if theirs := await traces.fields(town, name, person):
            await town.store.read("HDEL", name, *theirs)
    await town.store.read("ZREM", of.here, person)
