"""`python -m tests.chaos.escalations`: calls of three tiers that nobody answers, while servers and Redis are killed.

Every call must pass its tiers once each, none early, and late only by what the outage took: three steps per call, read
from the rooms' logs at the end. Exit code 0: the promise held.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import uvloop

from rooms import log
from rooms.refusal import Refusal
from rooms.store import StoreFault
from rooms.town import Town
from server.ground import open_town
from server.settings import Settings
from tests.conftest import code_for
from tests.journeys.duty import call, go_on_duty
from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.town import JAN_LUYKENLAAN

TIER_S = 10
PATH = ["escalation.raised", "escalation.widened", "escalation.widened", "escalation.unanswered"]
LATE_MS = 2_000
POLL_S = 0.02


class Outage(msgspec.Struct, frozen=True):
    """From a kill until Redis answers and a server runs again; ms since 1970."""

    began: float
    ended: float


def main() -> int:
    """Run as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=20, help="of servers")
    parser.add_argument("--redis", type=int, default=5, help="kills of Redis")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bart-chaos-") as folder:
        return uvloop.run(_run(Path(folder), asked.calls, asked.kills, asked.redis, asked.seed))


async def _run(folder: Path, calls: int, kills: int, redis: int, seed: int) -> int:
    settings = {"BART_TIERS_URGENT": "/".join([str(TIER_S)] * 3), "BART_LOG_LEVEL": "error"}
    servers = [ServerProcess(folder / "data", **settings) for _ in range(2)]
    for one in servers:
        await one.start()
    try:
        async with _beside(servers[0]) as town:
            cases = await _raise(servers[0], town, calls)
            outages = await _kill(servers, town, ["server"] * kills + ["redis"] * redis, Random(seed))
            paths = await _until_all_passed(town, cases)
        return _told(paths, outages)
    finally:
        for one in reversed(servers):
            await one.end()


@asynccontextmanager
async def _beside(server: ServerProcess) -> AsyncIterator[Town]:
    async with open_town(Settings(data=str(server.data))) as ground:
        yield ground.town


async def _raise(server: ServerProcess, town: Town, calls: int) -> list[str]:
    """Put one of each tier on duty and let Ada call; they need not stay."""
    staff = await go_on_duty(server.url, town)
    ada = Neighbour(server.url, "Ada")
    await ada.join(await code_for(town, JAN_LUYKENLAAN))
    await ada.connect()
    cases = []
    for _ in range(calls // 20):
        replies = await asyncio.gather(*(call(ada) for _ in range(20)))
        cases += [reply["case"] for reply in replies]
    for one in (ada, *staff):
        await one.close()
    return cases


async def _kill(servers: list[ServerProcess], town: Town, plan: list[str], rng: Random) -> list[Outage]:
    """Kill by turns while the tiers pass, and start what was killed again."""
    rng.shuffle(plan)
    outages = []
    for number, what in enumerate(plan):
        await asyncio.sleep(rng.uniform(0, 3 * TIER_S / len(plan)))  # and about as long to start again
        began = time.time() * 1000
        if what == "redis":
            pid = next(line for line in (await _info(town)).splitlines() if line.startswith("process_id:"))
            os.kill(int(pid.partition(":")[2]), signal.SIGKILL)
        else:
            await servers[number % 2].kill9()
            await servers[number % 2].start()
        await _info(town)
        outages.append(Outage(began, time.time() * 1000))
    return outages


async def _info(town: Town) -> str:
    """What Redis says of itself, as soon as it says something."""
    while True:
        try:
            return str((await town.store.read("INFO", "server")).decode())
        except (Refusal, StoreFault):
            await asyncio.sleep(POLL_S)


async def _until_all_passed(town: Town, cases: list[str]) -> dict[str, list[tuple[str, int, dict[str, Any]]]]:
    """(event, at, case) of every entry of each case, once nobody has answered any."""
    while True:
        paths = defaultdict(list)
        head = (await log.heads(town.store, [JAN_LUYKENLAAN]))[JAN_LUYKENLAAN].seq
        for first in range(1, head + 1, 1_000):
            for entry in await log.between(town.store, JAN_LUYKENLAAN, first, min(head, first + 999)):
                if entry.name.startswith("escalation."):
                    paths[entry.data["case"]["id"]].append((entry.name, entry.at, entry.data["case"]))
        if all(paths[case] and paths[case][-1][0] == PATH[-1] for case in cases):
            return dict(paths)
        await asyncio.sleep(1)


def _told(paths: dict[str, list[tuple[str, int, dict[str, Any]]]], outages: list[Outage]) -> int:
    wrong = Counter(tuple(name for name, _, _ in path) for path in paths.values())
    steps = [(before[2]["deadline"], after[1]) for path in paths.values() for before, after in pairwise(path)]
    late = sorted(at - due for due, at in steps)
    beside = sorted(at - due - _overlap(outages, due, at) for due, at in steps)
    print(f"{len(paths)} calls, {len(steps)} steps, {len(outages)} kills")
    print(f"paths: {dict(wrong)}")
    middle, p99 = len(late) // 2, len(late) * 99 // 100
    print(f"late, ms: median {late[middle]}, p99 {late[p99]}, most {late[-1]}, least {late[0]}")
    print(f"late beside outages, ms: p99 {beside[p99]:.0f}, most {beside[-1]:.0f}")
    held = set(wrong) == {tuple(PATH)} and late[0] >= 0 and beside[-1] < LATE_MS
    print("held" if held else "BROKEN")
    return 0 if held else 1


def _overlap(outages: list[Outage], due: float, at: float) -> float:
    """How many ms between the deadline and the step something was down."""
    return sum(max(0.0, min(one.ended, at) - max(one.began, due)) for one in outages)


if __name__ == "__main__":
    raise SystemExit(main())
