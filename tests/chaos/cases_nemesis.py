"""Kills at seeded moments while calls wait, and the outages that they make: no server, or no Redis."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Coroutine
from random import Random
from typing import Any, Literal

import msgspec

from server import redis_facts
from server.redis_folder import RedisFolder
from tests.chaos.cases_check import Outage
from tests.chaos.cases_servers import CaseServers
from tests.chaos.servers import ChaosServer

What = Literal["server", "redis"]
POLL_S = 0.02
DOWN_S = 2.0  # the longest that a server stays away before it is started again
TOGETHER_S = 0.3  # one kill in four comes so soon after another
REDIS_S = 60.0


class Fault(msgspec.Struct, frozen=True, order=True):
    """at_s: after the first call; down_s: how long a server stays away."""

    at_s: float
    what: What
    down_s: float


def schedule(rng: Random, kills: int, redis_kills: int, raise_s: float, tiers_s: list[float]) -> list[Fault]:
    """The faults in order: most in the times in which calls are raised or deadlines act, some of them together."""
    ends = [0.0]
    for lasts_s in tiers_s:
        ends.append(ends[-1] + lasts_s)
    whats: list[What] = ["redis" if number < redis_kills else "server" for number in range(redis_kills + kills)]
    rng.shuffle(whats)
    faults: list[Fault] = []
    for what in whats:
        if faults and rng.random() < 0.25:
            at_s = rng.choice(faults).at_s + rng.uniform(0, TOGETHER_S)
        elif rng.random() < 0.15:
            at_s = rng.uniform(0, ends[-1] + raise_s)
        else:
            at_s = rng.choice(ends) + rng.uniform(0, raise_s)
        faults.append(Fault(at_s, what, rng.uniform(0, DOWN_S)))
    return sorted(faults)


class CasesNemesis:
    """Works through a schedule, and starts again what it killed; Redis is brought back by the servers alone."""

    def __init__(self, servers: CaseServers, faults: list[Fault], rng: Random) -> None:
        self._servers, self._faults, self._rng = servers, faults, rng
        self._away: dict[ChaosServer, list[Outage]] = {server: [] for server in servers.all}
        self._silent: list[Outage] = []
        self._healing: set[asyncio.Task[None]] = set()
        self.done: Counter[str] = Counter()

    async def run(self) -> None:
        """Until all is done and healed."""
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        for fault in self._faults:
            await asyncio.sleep(max(0.0, began_s + fault.at_s - loop.time()))
            if fault.what == "server":
                await self._kill_server(fault.down_s)
            else:
                await self._kill_redis()
        while self._healing:
            await asyncio.gather(*self._healing)

    async def _kill_server(self, down_s: float) -> None:
        while not (alive := self._servers.alive()):  # noqa: ASYNC110 - a process tells nobody that it is there
            await asyncio.sleep(POLL_S)
        victim, began_ms = self._rng.choice(alive), _now_ms()
        await victim.kill()
        self.done["server"] += 1
        self._heal(self._start(victim, began_ms, down_s))

    async def _start(self, victim: ChaosServer, began_ms: float, down_s: float) -> None:
        await asyncio.sleep(down_s)
        await victim.start()
        self._away[victim].append(Outage(began_ms, _now_ms(), "no server"))

    async def _kill_redis(self) -> None:
        pid = await self._servers.redis(REDIS_S)
        began_ms = _now_ms()
        os.kill(pid, signal.SIGKILL)
        self.done["redis"] += 1
        self._heal(self._until_it_answers(pid, began_ms))

    async def _until_it_answers(self, killed: int, began_ms: float) -> None:
        """Until another one answers, and has read its file."""
        socket = RedisFolder(self._servers.data).socket
        async with asyncio.timeout(REDIS_S):
            while (facts := await redis_facts.ask(socket)) is None or facts.is_loading or facts.pid == killed:  # noqa: ASYNC110
                await asyncio.sleep(POLL_S)
        self._servers.redis_pids.add(facts.pid)
        self._silent.append(Outage(began_ms, _now_ms(), "no Redis"))

    def _heal(self, healing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(healing)
        self._healing.add(task)
        task.add_done_callback(self._healing.discard)

    def outages(self) -> list[Outage]:
        """The times without Redis, and those in which all servers were away at once."""
        first, *others = self._away.values()
        together = list(first)
        for away in others:
            together = [both for one in together for other in away if (both := _both(one, other))]
        return sorted([*self._silent, *together])


def _both(one: Outage, other: Outage) -> Outage | None:
    began_ms, ended_ms = max(one.began_ms, other.began_ms), min(one.ended_ms, other.ended_ms)
    return Outage(began_ms, ended_ms, one.what) if began_ms < ended_ms else None


def _now_ms() -> float:
    return time.time() * 1000
