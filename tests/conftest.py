"""The parts that tests are made of: a real Redis (one per run, flushed per test), a clock, a server, people."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as redis_py
import uvloop

from rooms import keys, letter, membership
from rooms import staff as staff_accounts
from rooms.default_town import default_town
from rooms.person import Person
from rooms.store import Store
from rooms.town import Policy, Town
from server import redis_binary
from server.app import Running, running
from server.settings import Settings
from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.town import JAN_LUYKENLAAN, PASSWORD, STAFF, MovedClock, PlainPasswords

CODE_KEY = bytes(range(32))
Join = Callable[..., Awaitable[Neighbour]]


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop that the server runs on."""
    return {"uvloop": uvloop.new_event_loop}


# the store -------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """One real Redis for the whole run, as durable as the one of a town."""
    folder = Path(tempfile.mkdtemp(prefix="bart-test-"))
    socket = folder / "redis.sock"
    child = subprocess.Popen(
        [redis_binary.find().path, "--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "",
         "--appendonly", "yes", "--appendfsync", "always", "--aof-use-rdb-preamble", "no", "--loglevel", "warning"],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"unix://{socket}"
    try:
        _wait_until_it_answers(url, child)
        yield url
    finally:
        child.kill()
        child.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_answers(url: str, child: subprocess.Popen[bytes]) -> None:
    client = redis_py.Redis.from_url(url)
    for _ in range(500):
        assert child.poll() is None, "Redis did not start"
        try:
            client.ping()
        except redis_py.RedisError:
            time.sleep(0.02)
        else:
            client.close()
            return
    raise AssertionError("Redis does not answer")


@pytest.fixture
def empty_redis(redis_url: str) -> str:
    """The address of that Redis, with nothing in it."""
    with redis_py.Redis.from_url(redis_url) as client:
        client.flushall()
        client.script_flush()
    return redis_url


@pytest.fixture
def clock() -> MovedClock:
    """Time, moved by `clock.forward(minutes=15)`."""
    return MovedClock()


@pytest.fixture
async def store(empty_redis: str) -> AsyncIterator[Store]:
    store = Store(empty_redis)
    yield store
    await store.close()


@pytest.fixture
async def town(store: Store, clock: MovedClock) -> Town:
    """The default town, without a server."""
    town = Town(store, CODE_KEY, clock=clock, policy=Policy())
    await town.import_places(default_town())
    return town


@pytest.fixture
def resident(town: Town) -> Callable[..., Awaitable[Person]]:
    """`await resident("Ada")`: somebody who has joined, without a server."""

    async def join(name: str, street: str = JAN_LUYKENLAAN) -> Person:
        place = town.places.get(street)
        assert place is not None
        (code,) = await letter.make(town, place, 1)
        return (await membership.join(town, PlainPasswords(), "192.0.2.1", code, name, PASSWORD, "0" * 32)).person

    return join


# a server in the test's own loop ---------------------------------------------------------------------


@pytest.fixture
def settings() -> dict[str, Any]:
    """What a test file's server has set otherwise; such a file has a fixture of this name."""
    return {}


@pytest.fixture
async def server(
    empty_redis: str, clock: MovedClock, tmp_path: Path, settings: dict[str, Any]
) -> AsyncIterator[Running]:
    """A whole server; its clock is the test's."""
    given = {"port": 0, "redis": empty_redis, "data": str(tmp_path), "code_key": CODE_KEY.hex(), "drain_s": 1}
    async with running(Settings(**{**given, **settings}), clock=clock) as server:
        yield server


@pytest.fixture
async def join(server: Running) -> AsyncIterator[Join]:
    """`ada = await join("Ada")`: a neighbour who joined by a letter code and is connected."""
    everyone: list[Neighbour] = []

    async def join(name: str, street: str = JAN_LUYKENLAAN, *, connected: bool = True) -> Neighbour:
        neighbour = Neighbour(server.url, name, lambda: settled(server))
        everyone.append(neighbour)
        await neighbour.join(await code_for(server.town, street))
        return await neighbour.connect() if connected else neighbour

    yield join
    for neighbour in everyone:
        await neighbour.close()


@pytest.fixture
async def staff(server: Running) -> AsyncIterator[Join]:
    """`vega = await staff("Officer Vega")`: one of town.STAFF, signed in and connected."""
    everyone: list[Neighbour] = []

    async def sign_in(name: str) -> Neighbour:
        role, organisation, areas = STAFF[name]
        await staff_accounts.add(server.town, server.argon2, name, role, organisation, areas, PASSWORD)
        member = Neighbour(server.url, name, lambda: settled(server))
        everyone.append(member)
        return await (await member.sign_in()).connect()

    yield sign_in
    for member in everyone:
        await member.close()


async def code_for(town: Town, street: str, household: int | None = None) -> str:
    """A letter code of a street."""
    place = town.places.get(street)
    assert place is not None
    (code,) = await letter.make(town, place, 1, household)
    return code


async def until(happened: Callable[[], object]) -> None:
    """Wait for a fact; the test's own timeout ends what never happens."""
    while not happened():  # noqa: ASYNC110 - what happens elsewhere tells nobody
        await asyncio.sleep(0.002)


async def settled(server: Running) -> None:
    """Wait until this server has fanned out everything that has been committed."""
    wanted = [
        int(number or 0)
        for number in await server.town.store.read_all(("HGET", keys.clock(name), "feed") for name in keys.ALL)
    ]
    async with asyncio.timeout(10):
        while any(server.feed.numbers[name] < number for name, number in zip(keys.ALL, wanted, strict=True)):  # noqa: ASYNC110
            await asyncio.sleep(0.002)  # the feed tells nobody how far it is
    await asyncio.sleep(0)


# servers as processes --------------------------------------------------------------------------------


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """`bart serve` as a process with a data folder and Redis of its own; can be killed and started again."""
    process = ServerProcess(tmp_path / "data")
    await process.start()
    yield process
    await process.end()


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own BART_ variables reaches a test."""
    for name in [name for name in os.environ if name.startswith("BART_") and name != "BART_REDIS_SERVER"]:
        monkeypatch.delenv(name)
