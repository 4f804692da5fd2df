"""A new version goes out while everybody talks: two servers are restarted in turn, and nobody loses or misses a word.

SIGTERM, drain, end, start: every twenty seconds the other server. The checker judges all that was seen.
"""

from __future__ import annotations

import asyncio
from itertools import pairwise
from random import Random
from time import monotonic

from tests.chaos.faults_servers import FaultServers, Talk
from tests.chaos.faults_verdict import Say, Verdict, spread
from tests.chaos.history import Ok

EVERY_S = 20.0
TALKERS, ROOMS = 20, 6
PER_S, MOVES_PER_S = 100, 0.5
SILENT_S = 5.0
"""The longest that nobody at all may be answered: one server is there at any time."""


async def run(rng: Random, restarts: int, say: Say, every_s: float = EVERY_S) -> Verdict:
    """So many restarts, of one server and then of the other."""
    began_s = monotonic()
    servers = FaultServers([{"BART_DRAIN_S": str(min(5, int(every_s)))}] * 2)
    talk = Talk(servers, rng.random())
    took_ms: list[float] = []
    try:
        await servers.start()
        await talk.gather(TALKERS, ROOMS)
        talking = asyncio.get_running_loop().create_task(talk.crowd.talk(PER_S, MOVES_PER_S))
        for number in range(restarts):
            say(f"{monotonic() - began_s:5.0f} s  {number} restarts  {talk.acknowledged} acknowledged")
            next_s = monotonic() + every_s
            took_ms.append(await _restart(servers, number))
            await asyncio.sleep(max(0.0, next_s - monotonic()))
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
        await talk.settle()
        problems = await talk.violations()
    finally:
        await talk.crowd.close()
        said = await servers.close()
    silent_s = max((after - before for before, after in pairwise(_answers(talk))), default=0.0)
    if silent_s > SILENT_S:
        problems.append(f"for {silent_s:.1f} s nobody was answered, although one server was there at any time")
    problems += [f"a server said {count} times: {text}" for text, count in said.items()]
    return Verdict(
        problems=problems,
        figures={
            "restarts": restarts,
            "each took": spread(took_ms),
            "acknowledged": talk.acknowledged,
            "asked again": talk.history.counts["Unknown"],
            "connections": talk.history.counts["Connected"],
            "longest time without any answer": f"{silent_s * 1000:.0f} ms",
            "Redis in all": len(servers.redis_pids),
        },
        seconds=monotonic() - began_s,
    )


async def _restart(servers: FaultServers, number: int) -> float:
    """Of this or the other one; how many milliseconds until it was back."""
    began_s, server = monotonic(), servers.all[number % len(servers.all)]
    await server.stop()
    await server.start()
    await servers.redis()
    return (monotonic() - began_s) * 1000


def _answers(talk: Talk) -> list[float]:
    """When somebody was answered, while all were to talk."""
    return [one.at_s for one in talk.history.records if isinstance(one, Ok)]
