"""Retention: the nightly purge of what has been kept long enough, from the logs and from the disk.

Entries of an age are blanked, a marker stays at their number, and then the append-only file is written anew: until
then the deleted words still stand in it. The file is written as commands, not as a memory image, because a stream's
memory keeps the bytes of deleted entries (server/embedded_redis.py sets `aof-use-rdb-preamble no`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator

from rooms import alert_record, audit_book, case_record, correction, log, report_record, warning_record
from rooms.event import EVENTS, Entry
from rooms.keys import room_keys
from rooms.space import read_only
from rooms.store import StoreFault
from rooms.town import Town

BATCH = 100
REWRITE_POLL_S = 0.05


async def purge(town: Town) -> int:
    """Blank what is older than its class is kept, in every room, and rewrite the file; returns how many entries.

    May be done by several processes at once and again at any time. The file is rewritten even where nothing was due:
    an earlier purge may have been killed before it came to that, and then the words would stay on the disk.
    """
    now_ms = town.clock.now_ms()
    gone = 0
    await alert_record.forget(town, now_ms - town.policy.keep_ms["alert"])
    for room in [*(room.id for room in town.places.rooms()), *await case_record.private_rooms(town)]:
        async for seqs in _expired(town, room, now_ms):
            gone += await blank(town, room, seqs, "retention")
        await alert_record.forget_gone(town, room)
        await warning_record.forget(town, room, now_ms - town.policy.keep_ms["warning"])
        await warning_record.forget_gone(town, room)
        await report_record.forget_mutes(town, room, now_ms)
    await audit_book.trim(town, now_ms - town.policy.keep_audit_ms)
    await report_record.forget(town, now_ms - town.policy.keep_ms["escalation"])
    await case_record.forget(town, now_ms - town.policy.keep_ms["escalation"])
    await rewrite_file(town)
    return gone


async def blank(town: Town, room: str, seqs: Collection[int], reason: str) -> int:
    """Delete entries, and the notices that were given about them, for good; returns how many entries that were."""
    await correction.blank(town.store, room, seqs)  # first: what is cut short is done again as long as the entry stands
    return await log.blank(town.store, room, seqs, reason, town.clock.now_ms())


async def _expired(town: Town, room: str, now_ms: int) -> AsyncIterator[list[int]]:
    """Seqs that are due, in batches, oldest first."""
    youngest_ms = now_ms - min(town.policy.keep_ms.values())
    after = 0
    while True:
        rows = await town.store.read("XRANGE", room_keys(room).log, f"({after}-0", "+", "COUNT", BATCH)
        entries = list(log.raw(room, rows))
        seqs = [entry.seq for entry in _due(town, entries, now_ms)]
        if seqs:
            yield seqs
        if len(entries) < BATCH or entries[-1].at > youngest_ms:
            return
        after = entries[-1].seq


def _due(town: Town, entries: list[Entry], now_ms: int) -> Iterator[Entry]:
    for entry in entries:
        keeps = EVENTS[entry.name].keeps
        if keeps is not None and entry.at <= now_ms - town.policy.keep_ms[keeps]:
            yield entry


async def rewrite_file(town: Town) -> None:
    """Write the append-only file anew and wait until it is in place. A store without one has nothing to rewrite.

    Raises StoreFault where Redis could not, Refusal("storage_low") where the disk has no room for it: the old file,
    with all its words, is still there.
    """
    if (await _persistence(town)).get("aof_enabled") != "1":
        return
    if not town.may_rewrite:
        raise read_only()  # the old file stays until there is room for a second one beside it
    await _until_rewritten(town)
    try:
        await town.store.read("BGREWRITEAOF")
    except StoreFault as fault:
        if "already in progress" not in str(fault) and "scheduled" not in str(fault):
            raise
    if await _until_rewritten(town) != "ok":
        raise StoreFault("Redis could not rewrite its append-only file")


async def _until_rewritten(town: Town) -> str:
    """How the last rewriting ended. Redis tells nobody when its child has finished; asking is the only way."""
    while True:
        facts = await _persistence(town)
        if "1" not in (facts["aof_rewrite_in_progress"], facts["aof_rewrite_scheduled"]):
            return facts["aof_last_bgrewrite_status"]
        await asyncio.sleep(REWRITE_POLL_S)


async def _persistence(town: Town) -> dict[str, str]:
    text = (await town.store.read("INFO", "persistence")).decode()
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
