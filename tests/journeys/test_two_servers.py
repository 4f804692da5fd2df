"""Two servers on one data folder are one town: one order, one count, one end of a session, one Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.town import DE_VISSEN, GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST

Servers = tuple[ServerProcess, ServerProcess]


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[Servers]:
    """Two `bart serve` beside each other, started at once."""
    here, there = (ServerProcess(tmp_path / "data", BART_LIMIT_TALK="1000/1") for _ in range(2))
    pair = here, there
    await asyncio.gather(*(server.start() for server in pair))
    yield pair
    for server in pair:
        if server.alive:
            await server.stop()


async def arrive(server: ServerProcess, name: str, code: str) -> Neighbour:
    return await (await Neighbour(server.url, name).join(code)).connect()


async def test_two_servers_give_one_order(servers: Servers) -> None:
    """Neighbours at two servers who talk at once see the same entries in the same order, each once."""
    code = await servers[0].code()
    assert servers[0].redis_pid == servers[1].redis_pid
    people = [
        await arrive(servers[number % 2], name, code) for number, name in enumerate(("Ada", "Ben", "Cor", "Dirk"))
    ]

    async def talk(neighbour: Neighbour) -> None:
        for number in range(50):
            await neighbour.say(JAN_LUYKENLAAN, f"{neighbour.name} {number}")

    await asyncio.gather(*(talk(neighbour) for neighbour in people))
    last = await people[0].say(JAN_LUYKENLAAN, "Klaar.")
    for neighbour in people:
        await neighbour.expect("message.posted", seq=last)
        seqs = neighbour.seqs(JAN_LUYKENLAAN)
        assert seqs == list(range(seqs[0], last + 1))
        assert neighbour.texts(JAN_LUYKENLAAN) == people[0].texts(JAN_LUYKENLAAN)
    for name in ("Ada", "Ben", "Cor", "Dirk"):
        own = [text for text in people[0].texts(JAN_LUYKENLAAN) if text.startswith(name)]
        assert own == [f"{name} {number}" for number in range(50)]
    for neighbour in people:
        await neighbour.close()


async def test_a_person_at_two_servers_is_counted_once(servers: Servers) -> None:
    """Five people of whom one is connected to both servers are five."""
    code = await servers[0].code()
    ada = await arrive(servers[0], "Ada", code)
    tablet = await ada.other_device(url=servers[1].url)
    people = [
        await arrive(servers[number % 2], name, code) for number, name in enumerate(("Ben", "Cor", "Dirk", "Eva"))
    ]
    for neighbour in (ada, tablet, *people):
        await neighbour.expect("presence.changed", room=JAN_LUYKENLAAN, here=5)
    assert {payload["here"] for name, payload in ada.events if name == "presence.changed"} <= {5, None}
    for neighbour in (ada, *people):
        await neighbour.close()


async def test_moving_at_one_server_ends_delivery_at_the_other(servers: Servers) -> None:
    """The rooms of a connection follow its person, whichever server did the deed."""
    here, there = servers
    code, new = await here.code(), await here.code("Goudkarpersingel")
    ada, ben, cor = await arrive(here, "Ada", code), await arrive(there, "Ben", code), await arrive(there, "Cor", new)
    moving = Neighbour(there.url, "Ada")
    assert (await moving.post("/api/move", {"code": new}, ada.token))[0] == 200
    assert {(await ada.expect("room.closed"))["room"] for _ in range(2)} == {JAN_LUYKENLAAN, MOERWIJK_WEST}
    assert {(await ada.expect("room.opened"))["room"]["id"] for _ in range(2)} == {GOUDKARPERSINGEL, DE_VISSEN}
    await ben.say(JAN_LUYKENLAAN, "Is Ada al weg?")
    await cor.say(DE_VISSEN, "Welkom.")
    await ada.expect("message.posted", text="Welkom.")
    ben_after = await ben.say(MOERWIJK_WEST, "Ja.")
    await ben.expect("message.posted", seq=ben_after)
    await ada.expect_nothing("message.posted")
    assert ada.texts(JAN_LUYKENLAAN) + ada.texts(MOERWIJK_WEST) == []
    for neighbour in (ada, ben, cor):
        await neighbour.close()


async def test_signing_out_at_one_server_ends_the_connection_at_the_other(servers: Servers) -> None:
    """The end of a session finds its connections at every server."""
    here, there = servers
    ada = await arrive(here, "Ada", await here.code())
    tablet = await ada.other_device(url=there.url)
    assert (await Neighbour(there.url, "Ada").post("/api/sign-out-everywhere", token=ada.token))[0] == 200
    for device in (ada, tablet):
        assert await device.expect("session.ended") == {"reason": "everywhere"}
        await device.gone()


async def test_the_last_one_out_stops_redis(servers: Servers) -> None:
    """One server stops and the town goes on; with the last one the own Redis stops too, and nothing is lost."""
    here, there = servers
    code = await here.code()
    ada, ben = await arrive(here, "Ada", code), await arrive(there, "Ben", code)
    said = await ada.say(JAN_LUYKENLAAN, "Ik ga zo.")
    assert await here.stop() == 0
    after = await ben.say(JAN_LUYKENLAAN, "Dag Ada.")
    assert after == said + 1
    assert await redis_answers(here)
    assert await there.stop() == 0
    assert not await redis_answers(here)

    await there.start()
    await ben.resume()
    assert [entry["seq"] for entry in await ben.pull(JAN_LUYKENLAAN, said - 1)] == [said, after]
    await ben.close()


async def redis_answers(server: ServerProcess) -> bool:
    """Whether the own Redis of the data folder takes connections."""
    sockets = list(server.data.rglob("*.sock"))
    for path in sockets:
        client = Redis(unix_socket_path=str(path))
        try:
            await client.ping()
        except RedisError:
            continue
        finally:
            await client.aclose()
        return True
    return False
