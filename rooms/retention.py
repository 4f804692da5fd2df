"""Retention: the nightly purge of what has been kept long enough, from the logs and from the disk.

Entries of an age are blanked, a marker stays at their number, and then the append-only file is written anew: until
then the deleted words still stand in it. The file is written as commands, not as a memory image, because a stream's
memory keeps the bytes of deleted entries (server/embedded_redis.py sets `aof-use-rdb-preamble no`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

from rooms import log
from rooms.event import EVENTS, Entry
from rooms.keys import RoomKeys
from rooms.store import StoreFault
from rooms.town import Town

BATCH = 100
REWRITE_POLL_S = 0.05


async def purge(town: Town) -> int:
    """Blank what is older than its class is kept, in every room, and rewrite the file; returns how many entries.

    May be done by several processes at once and again at any time.
    """
    now_ms = town.clock.now_ms()
    gone = 0
    for room in town.places.rooms():
        async for seqs in _expired(town, room.id, now_ms):
            gone += await log.blank(town.store, room.id, seqs, "retention", now_ms)
    if gone:
        await rewrite_file(town)
    return gone


async def _expired(town: Town, room: str, now_ms: int) -> AsyncIterator[list[int]]:
    """Seqs that are due, in batches, oldest first."""
    youngest_ms = now_ms - min(town.policy.keep_ms.values())
    after = 0
    while True:
        rows = await town.store.read("XRANGE", RoomKeys(room).log, f"({after}-0", "+", "COUNT", BATCH)
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
    """Write the append-only file anew and wait until it is in place. A store without one has nothing to rewrite."""
    if await _rewriting(town) is None:
        return
    await _until_rewritten(town)
    try:
        await town.store.read("BGREWRITEAOF")
    except StoreFault as fault:
        if "already in progress" not in str(fault) and "scheduled" not in str(fault):
            raise
    await _until_rewritten(town)


async def _until_rewritten(town: Town) -> None:
    """Redis tells nobody when its child has finished; asking is the only way."""
    while await _rewriting(town):  # noqa: ASYNC110
        await asyncio.sleep(REWRITE_POLL_S)


async def _rewriting(town: Town) -> bool | None:
    """Whether the file is being written anew; None where Redis keeps none."""
    text = (await town.store.read("INFO", "persistence")).decode()
    facts = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    if facts.get("aof_enabled") != "1":
        return None
    return "1" in (facts["aof_rewrite_in_progress"], facts["aof_rewrite_scheduled"])
