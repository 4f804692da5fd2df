"""A restart: everybody is told when to come back, nothing new is begun, nothing under way is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.journeys.test_two_servers import redis_answers
from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.server.engine_raw import Raw, pack
from tests.town import JAN_LUYKENLAAN


@pytest.fixture
async def slow(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server that takes a second for each client that it sends away."""
    process = ServerProcess(tmp_path / "data", BART_DRAIN_S="40")
    await process.start()
    yield process
    if process.alive:
        await process.stop()


async def test_a_restart_sends_everybody_to_come_back(slow: ServerProcess) -> None:
    """At SIGTERM each client is told in how many milliseconds to return, commands wait for then, the close is 1012."""
    process, code = slow, await slow.code()
    ada, ben = await Neighbour(process.url, "Ada").join(code), await Neighbour(process.url, "Ben").join(code)
    raw = await Raw.open(process.port)
    raw.send(pack(0, {"token": ada.token}))
    while "welcome" not in (await raw.packet())["data"]:
        pass
    await ben.connect()
    seq = await ben.say(JAN_LUYKENLAAN, "Vlak voor de herstart.")

    stopping = asyncio.create_task(process.stop())
    assert 500 <= (await ben.expect("drain"))["reconnect_in_ms"] <= 3000
    late = {"room": JAN_LUYKENLAAN, "client_id": ben.next_id(), "text": "Te laat."}
    refused = await ben.refused("draining", "message.post", late)
    assert (refused["retryable"], refused["retry_after_ms"]) == (True, 2000)
    async with aiohttp.ClientSession() as http:
        async with http.get(process.url + "/readyz") as answer:
            assert (answer.status, await answer.json()) == (503, {"ok": False, "reason": "draining"})
        async with http.get(process.url + "/healthz") as answer:
            assert answer.status == 200
    assert await raw.closed() == 1012
    await ben.gone()
    assert await stopping == 0
    assert not await redis_answers(process)

    await process.start()
    await ben.resume()
    assert (await ben.ask("message.post", late)) == {"ok": True, "seq": seq + 1}
    await ben.close()


async def test_an_empty_server_stops_at_once(tmp_path: Path) -> None:
    """With nobody connected a restart waits for nothing, however long it might."""
    process = ServerProcess(tmp_path / "data", BART_DRAIN_S="100000")
    await process.start()
    assert await process.stop() == 0
    assert not await redis_answers(process)


async def test_what_was_under_way_is_answered(process: ServerProcess) -> None:
    """Every command that a restart finds under way is answered: carried out, or `draining` and sent again."""
    ada = await (await Neighbour(process.url, "Ada").join(await process.code())).connect()
    commands = [{"room": JAN_LUYKENLAAN, "client_id": ada.next_id(), "text": f"Bericht {n}."} for n in range(8)]
    asking = [asyncio.create_task(ada.ask("message.post", command)) for command in commands]
    await ada.expect("message.posted", text="Bericht 0.")
    stopping = asyncio.create_task(process.stop())
    replies = await asyncio.gather(*asking)
    assert {reply["ok"] or reply["error"]["code"] for reply in replies} <= {True, "draining"}
    assert await stopping == 0
    await process.start()
    await ada.connect()
    for command, reply in zip(commands, replies, strict=True):
        assert not reply["ok"] or await ada.ask("message.post", command) == reply
    await ada.close()
