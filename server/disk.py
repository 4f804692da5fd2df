"""The watch over the disk of the own Redis: the town stops writing before there is no room, and goes on when there is.

A rewriting of the append-only file needs as much again as the file has: it waits where that would eat the reserve.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import structlog

from rooms.space import Space, space
from rooms.town import Town
from server import metrics
from server.settings import Settings

log = structlog.get_logger("disk")
REWRITE = {True: "100", False: "0"}
"""auto-aof-rewrite-percentage as the configuration has it, and off."""
NEWS = {
    Space.AMPLE: "the disk has room again, everything goes",
    Space.TALK_WAITS: "alarm: the disk is nearly full, talk waits",
    Space.READ_ONLY: "alarm: the disk is nearly full, the town is read-only",
    Space.CLOSED: "alarm: the disk is full, deadlines wait too",
}


class DiskWatch:
    """Both jobs may run at any time. Without a reserve, or with a Redis elsewhere, they do nothing."""

    def __init__(self, town: Town, settings: Settings) -> None:
        self._town = town
        self._holds = False
        self._folder = settings.data_folder()
        self._reserve_bytes = 0 if settings.redis else settings.disk_reserve_mb << 20

    async def look(self) -> None:
        """See how much is left, and let the town do what still goes. Asks nothing of Redis, which may have ended."""
        if not self._reserve_bytes:
            return
        free, written = await asyncio.to_thread(_measured, self._folder)
        metrics.disk_free_bytes.set(free)
        self._town.may_rewrite = free >= written + 2 * self._reserve_bytes
        self._say(space(free, self._reserve_bytes), free)

    def _say(self, now: Space, free: int) -> None:
        before, self._town.space = self._town.space, now
        self._town.store.closed = now is Space.CLOSED
        metrics.read_only.set(now >= Space.READ_ONLY)
        if now is not before:
            (log.error if now > before else log.warning)(NEWS[now], free_mb=free >> 20)

    async def hold_rewriting(self) -> None:
        """Keep Redis from writing its file anew by itself while that would not fit.

        Said again as long as it lasts: a Redis that was started anew has its configuration's number.
        """
        may = self._town.may_rewrite
        if not may and not self._holds:
            log.error("alarm: the disk has no room to write the store's file anew; it only grows")
        if not may or self._holds:
            await self._town.store.read("CONFIG", "SET", "auto-aof-rewrite-percentage", REWRITE[may])
            self._holds = not may


def _measured(folder: Path) -> tuple[int, int]:
    """(bytes free to us where the data is, bytes of the append-only file)."""
    at = os.statvfs(folder)
    return at.f_bavail * at.f_frsize, sum(_size(part) for part in (folder / "redis" / "appendonlydir").glob("*.aof"))


def _size(part: Path) -> int:
    """0 for one that Redis has just replaced."""
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0
