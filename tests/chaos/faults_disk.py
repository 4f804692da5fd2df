"""The disk fills up: the town is read-only before it is full, loses nothing, and is back within ten seconds.

The data folder lies on a small disk of its own (a tmpfs, which needs root), and another program takes its room: first
step by step, as logs do, then all at once, as a copy does, faster than anybody looks.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic

from tests.chaos.faults_servers import FaultServers, Talk, within
from tests.chaos.faults_verdict import Cannot, Say, Verdict, spread

DISK_MB, RESERVE_MB = 96, 8
TALKERS, ROOMS = 8, 4
BACK_S = 10.0
SEEN_S = 20.0
STILL_S = 1.0
HELD_S = 2.0
EXPECTED = ("alarm: the disk", "the disk has room", "redis.unavailable")
"""How what a server may say meanwhile begins."""


class Ballast:
    """What another program puts on the disk."""

    def __init__(self, disk: Path) -> None:
        self._disk, self._file = disk, disk / "ballast"

    def leave(self, mb: float) -> None:
        """Take room until no more than this is left."""
        with self._file.open("ab") as file:
            while (left := self._free() - int(mb * (1 << 20))) > 0:
                try:
                    file.write(bytes(min(left, 1 << 20)))
                    file.flush()
                except OSError:  # full
                    return

    def remove(self) -> None:
        self._file.unlink(missing_ok=True)

    def _free(self) -> int:
        at = os.statvfs(self._disk)
        return at.f_bavail * at.f_frsize


@contextmanager
def small_disk(mb: int = DISK_MB) -> Iterator[Path]:
    """A disk of its own. Raises Cannot where none can be mounted."""
    with tempfile.TemporaryDirectory(prefix="bart-disk-") as folder:
        size = ["-t", "tmpfs", "-o", f"size={mb}m,mode=0700", "tmpfs", folder]
        try:
            subprocess.run(["mount", *size], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            raise Cannot("a small disk can be mounted by root only") from None
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


async def run(rng: Random, rounds: int, say: Say, count: int = 2) -> Verdict:
    """So many times full and free again, slowly and at once in turn, with so many servers."""
    began_s = monotonic()
    with small_disk() as disk:
        servers = FaultServers([{"BART_DISK_RESERVE_MB": str(RESERVE_MB)}] * count, disk / "data")
        talk = Talk(servers, rng.random(), text="Bericht " * 20)
        fill = _Fill(talk, Ballast(disk))
        try:
            await servers.start()
            await talk.gather(TALKERS, ROOMS)
            for number in range(rounds):
                say(f"{monotonic() - began_s:5.0f} s  {number} times full  {talk.acknowledged} acknowledged")
                await (fill.at_once() if number % 2 else fill.slowly())
            await talk.settle()
            fill.problems += await talk.violations()
        finally:
            fill.ballast.remove()
            await talk.crowd.close()
            said = await servers.close()
    fill.problems += [
        f"a server said {count} times: {text}" for text, count in said.items() if not text.startswith(EXPECTED)
    ]
    return Verdict(
        problems=fill.problems,
        figures={
            "times full": rounds,
            "acknowledged": talk.acknowledged,
            "until the next one, once freed": spread(fill.back_ms),
            "calls that went while talk waited": fill.calls,
            "Redis that ended over a full disk": fill.ended,
            "Redis in all": len(servers.redis_pids),
        },
        seconds=monotonic() - began_s,
    )


class _Fill:
    """The two ways of filling the disk, and what they find. ended: Redis that did not outlive it."""

    def __init__(self, talk: Talk, ballast: Ballast) -> None:
        self.talk, self.ballast = talk, ballast
        self.problems: list[str] = []
        self.back_ms: list[float] = []
        self.calls = self.ended = 0

    async def slowly(self) -> None:
        """Less and less: talk waits, then everything does; Redis lives on a disk without a byte left."""
        talk, redis = self.talk, await self.talk.servers.redis()
        talk.begin()
        await talk.until_answered(BACK_S)
        await self._leave(1.5 * RESERVE_MB)
        await self._talk_waits()
        await self._leave(0.75 * RESERVE_MB)
        await self._read_only()
        self.ballast.leave(0)
        await asyncio.sleep(HELD_S)
        if await talk.servers.redis() != redis:
            self.ended += 1
            self.problems.append("Redis ended although the town was read-only before the disk was full")
        await self._free()

    async def at_once(self) -> None:
        """From plenty to nothing between two looks: Redis may end, as it must where it can't keep its word."""
        redis = await self.talk.servers.redis()
        self.talk.begin()
        await self.talk.until_answered(BACK_S)
        await asyncio.to_thread(self.ballast.leave, 0)
        await asyncio.sleep(HELD_S)
        await self._free()
        self.ended += await self.talk.servers.redis() != redis

    async def _leave(self, mb: float) -> None:
        """So much room, until both servers have seen it and what was under way is over."""
        self.ballast.leave(mb)
        async with asyncio.timeout(SEEN_S):
            while max(await self.talk.servers.figures("bart_disk_free_bytes")) > mb * (1 << 20):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        await asyncio.sleep(STILL_S)

    async def _talk_waits(self) -> None:
        """Talk is told to wait, and a call goes through."""
        talk, since, before = self.talk, len(self.talk.history.records), self.talk.acknowledged
        talk.call()
        if await talk.until_answered(SEEN_S) is None:
            self.problems.append("a call did not go through while only talk was to wait")
        else:
            self.calls += 1
        await within(SEEN_S, lambda: bool(talk.codes(since)))
        await asyncio.sleep(STILL_S)
        if talk.acknowledged > before + 1 or not talk.codes(since)["storage_low"]:
            self.problems.append(f"talk went on although the disk was nearly full: {talk.codes(since)}")

    async def _read_only(self) -> None:
        """Everybody is told, and so is whoever watches over the servers."""
        talk, since, before = self.talk, len(self.talk.history.records), self.talk.acknowledged
        talk.call()
        await within(SEEN_S, lambda: bool(talk.codes(since)))
        await asyncio.sleep(STILL_S)
        if talk.acknowledged > before or not talk.codes(since)["storage_low"]:
            self.problems.append(f"something was written below the reserve: {talk.codes(since)}")
        ready = await talk.servers.health()
        if ready != {"ok": True, "read_only": True}:
            self.problems.append(f"/readyz does not tell: {ready}")
        if await talk.servers.figures("bart_read_only") != [1] * len(talk.servers.all):
            self.problems.append("/metrics does not tell")

    async def _free(self) -> None:
        """Room again: everything goes on, in time."""
        self.ballast.remove()
        back_s = await self.talk.until_answered(6 * BACK_S)
        if back_s is None or back_s > BACK_S:
            self.problems.append(f"nobody was answered within {BACK_S:g} s after there was room again: {back_s}")
        self.back_ms.append((back_s or 6 * BACK_S) * 1000)
        await self.talk.end()
