"""Deadlines in real time: kept by whatever process is there, at once after a restart, once, and never early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rooms.clock import Clock
from rooms.town import Town
from server.app import Running, running
from server.ground import open_town
from server.settings import Settings
from tests.conftest import CODE_KEY, Join, code_for
from tests.journeys.duty import Colleague, call, colleague, go_on_duty
from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.town import JAN_LUYKENLAAN

__all__ = ["colleague"]
QUICK = {"BART_TIERS_URGENT": "1/1/1", "BART_LIMIT_READ": "1000/1"}
PATH = ["escalation.raised", "escalation.widened", "escalation.widened", "escalation.unanswered"]
LATE_MS = 2_000


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[list[ServerProcess]]:
    """Two processes on one data folder, whose tiers last a second each."""
    both = [ServerProcess(tmp_path / "data", **QUICK) for _ in range(2)]
    for one in both:
        await one.start()
    yield both
    for one in reversed(both):
        await one.end()


@asynccontextmanager
async def _beside(server: ServerProcess) -> AsyncIterator[Town]:
    """The town, as an admin at the command line has it while the server runs."""
    async with open_town(Settings(data=str(server.data))) as ground:
        yield ground.town


async def _asker(server: ServerProcess, town: Town) -> Neighbour:
    ada = Neighbour(server.url, "Ada")
    await ada.join(await code_for(town, JAN_LUYKENLAAN))
    return await ada.connect()


async def _unanswered(ada: Neighbour, cases: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Wait until nobody has answered any of these; the entries of each."""
    waiting = set(cases)
    async with asyncio.timeout(60):
        while waiting:
            told = await ada.expect("escalation.unanswered")
            waiting.discard(told["data"]["case"]["id"])
    entries = [one for one in await ada.pull(JAN_LUYKENLAAN, 0) if one["event"].startswith("escalation.")]
    return {case: [one for one in entries if one["data"]["case"]["id"] == case] for case in cases}


def _lateness(path: list[dict[str, Any]]) -> list[int]:
    """How many ms after its deadline each step of a case came; none may be early."""
    late = [after["at"] - before["data"]["case"]["deadline"] for before, after in pairwise(path)]
    assert min(late) >= 0
    return late


async def test_a_deadline_survives_the_process(servers: list[ServerProcess]) -> None:
    """Both servers die in the middle of a tier; the one that comes back carries on where the case stands."""
    first, second = servers
    async with _beside(first) as town:
        ada, staff = await _asker(first, town), await go_on_duty(first.url, town)
    case = (await call(ada))["case"]
    await ada.expect("escalation.raised")
    cursors = ada.cursors()
    await second.kill9()
    await first.kill9()
    await ada.gone()
    await first.start()
    ada.url = first.url
    await ada.connect(cursors)
    path = (await _unanswered(ada, [case]))[case]
    assert [entry["event"] for entry in path] == PATH
    assert max(_lateness(path)[1:]) < LATE_MS  # the first waited for the restart
    for one in (ada, *staff):
        await one.close()


async def test_two_servers_carry_out_each_deadline_once(servers: list[ServerProcess]) -> None:
    """Thirty calls of three tiers: ninety steps, each once, none early, and none two seconds late."""
    first, _ = servers
    async with _beside(first) as town:
        ada, staff = await _asker(first, town), await go_on_duty(first.url, town)
    cases = [(await call(ada))["case"] for _ in range(30)]
    paths = await _unanswered(ada, cases)
    assert [[entry["event"] for entry in paths[case]] for case in cases] == [PATH] * 30
    assert max(late for case in cases for late in _lateness(paths[case])) < LATE_MS
    for one in (ada, *staff):
        await one.close()


async def test_a_server_whose_clock_is_wrong_is_not_early(
    server: Running, join: Join, colleague: Colleague, empty_redis: str, tmp_path: Path
) -> None:
    """A process a minute ahead of the others goes by Redis's time like them."""
    wrong = Clock()
    wrong._offset_ms += 60_000
    settings = Settings(port=0, redis=empty_redis, data=str(tmp_path), code_key=CODE_KEY.hex())
    ada = await join("Ada")
    for name in ("Officer Vega", "Sergeant Prins"):
        await colleague(name)
    async with running(settings, clock=wrong) as second:
        assert abs(second.town.clock.now_ms() - await server.town.store.time_ms()) < 1_000
        await call(ada)
        await second.sweeps.step_cases()
        await ada.expect_nothing("escalation.widened")
