"""kill -9 of servers alone: their Redis lives on, whoever comes next adopts it, and there are never two on one folder.

After every kill one server or two at once take over, sometimes beside another that has just come; all the while the
processes that run in the folder are counted.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from random import Random
from time import monotonic

from server import redis_binary
from tests.chaos.faults_servers import FaultServers, Talk
from tests.chaos.faults_verdict import Cannot, Say, Verdict, spread
from tests.chaos.servers import ChaosServer

TALKERS, ROOMS = 6, 4
COUNT_EVERY_S = 0.02
ANSWERED_S = 30.0
PROCESSES = Path("/proc")
TAKES_OVER = (0.0, 0.3)


class Census:
    """Counts the Redis of a folder until told to stop. most: at once; pids: all that there ever were. Raises Cannot."""

    def __init__(self, data: Path) -> None:
        if not PROCESSES.exists():
            raise Cannot("counting processes by their folder needs /proc")
        self._folder, self._program = data.resolve() / "redis", redis_binary.find().path.resolve()
        self.most, self.looks, self.pids = 0, 0, set[int]()

    async def count(self) -> None:
        while True:
            here = self._here()
            self.pids |= here
            self.most, self.looks = max(self.most, len(here)), self.looks + 1
            await asyncio.sleep(COUNT_EVERY_S)

    def _here(self) -> set[int]:
        return {int(process.name) for process in PROCESSES.glob("[0-9]*") if self._is_ours(process)}

    def _is_ours(self, process: Path) -> bool:
        with suppress(OSError):  # it has ended meanwhile
            return (process / "cwd").readlink() == self._folder and (process / "exe").readlink() == self._program
        return False


async def run(rng: Random, kills: int, say: Say) -> Verdict:
    """So many times all servers at once, which leaves Redis alone."""
    began_s, problems, back_ms = monotonic(), list[str](), list[float]()
    servers = FaultServers([{}] * 2)
    talk = Talk(servers, rng.random())
    census = Census(servers.data)
    try:
        await servers.start()
        counting = asyncio.get_running_loop().create_task(census.count())
        await talk.gather(TALKERS, ROOMS)
        talk.begin()
        for number in range(kills):
            say(f"{monotonic() - began_s:5.0f} s  {number} kills  {talk.acknowledged} acknowledged")
            back_ms.append(await _orphan(servers, talk, rng))
        await talk.settle()
        problems += await talk.violations()
        counting.cancel()
        await asyncio.gather(counting, return_exceptions=True)
    finally:
        await talk.crowd.close()
        said = await servers.close()
    if census.most > 1 or len(census.pids) != 1:
        problems.append(f"{census.most} Redis at once on one folder, {len(census.pids)} in all")
    problems += [f"a server said {count} times: {text}" for text, count in said.items()]
    return Verdict(
        problems=problems,
        figures={
            "kills of all servers": kills,
            "until somebody was answered": spread(back_ms),
            "Redis in all, at most at once": f"{len(census.pids)}, {census.most} ({census.looks} looks)",
            "acknowledged": talk.acknowledged,
        },
        seconds=monotonic() - began_s,
    )


async def _orphan(servers: FaultServers, talk: Talk, rng: Random) -> float:
    """Kill them all and let others come; milliseconds from the kill to the next answer. Raises TimeoutError."""
    await talk.until_answered(ANSWERED_S)
    began_s = monotonic()
    await asyncio.gather(*(server.kill() for server in servers.all))
    await asyncio.gather(*(_start_later(server, rng.choice(TAKES_OVER)) for server in servers.all))
    if await talk.until_answered(ANSWERED_S) is None:
        raise TimeoutError("nobody was answered after the servers had come back")
    return (monotonic() - began_s) * 1000


async def _start_later(server: ChaosServer, delay_s: float) -> None:
    await asyncio.sleep(delay_s)
    await server.start()
