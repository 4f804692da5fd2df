"""kill -9 while neighbours talk as fast as they can: nothing acknowledged is lost, doubled or out of order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from tests.conftest import until
from tests.journeys.steady import Reader, Writer
from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.town import JAN_LUYKENLAAN

EACH = 100
Kill = Callable[[ServerProcess], Awaitable[None]]


async def kill_the_server(process: ServerProcess) -> None:
    """Redis lives on and is adopted."""
    await process.kill9()
    await process.start()


async def kill_redis(process: ServerProcess) -> None:
    """The server brings it back; who asks meanwhile waits or is told to come again."""
    process.kill9_redis()


async def kill_both(process: ServerProcess) -> None:
    """What a power cut leaves, but for the disk's own cache."""
    process.kill9_redis()
    await process.kill9()
    await process.start()


def _answered(writers: list[Writer], count: int) -> bool:
    return sum(len(writer.answered) for writer in writers) >= count


@pytest.mark.parametrize("kill", [kill_the_server, kill_redis, kill_both])
async def test_nothing_acknowledged_is_lost(busy: ServerProcess, kill: Kill) -> None:
    """After two kills every answered message stands at its number, each once, in its author's order, without a hole;
    and who read along has exactly the log."""
    code = await busy.code()
    people = [
        await (await Neighbour(busy.url, name).join(code)).connect() for name in ("Ada", "Ben", "Cor", "Dirk", "Eva")
    ]
    eva = people.pop()
    writers = [Writer(neighbour, JAN_LUYKENLAAN, EACH) for neighbour in people]
    reader = Reader(eva, JAN_LUYKENLAAN)
    async with asyncio.TaskGroup() as group:
        group.create_task(reader.run("Klaar."))
        writing = [group.create_task(writer.run()) for writer in writers]
        for share in (1, 2):
            await until(partial(_answered, writers, share * EACH))
            await kill(busy)
        await asyncio.wait(writing)
        await writers[0].until_answered(people[0].next_id(), "Klaar.")

    log = await people[0].pull(JAN_LUYKENLAAN, 0)
    assert [entry["seq"] for entry in log] == list(range(1, len(log) + 1))
    at = {entry["data"]["client_id"]: entry for entry in log if entry["event"] == "message.posted"}
    assert len(at) == 4 * EACH + 1 == sum(entry["event"] == "message.posted" for entry in log)
    for writer in writers:
        assert {name: at[name]["seq"] for name in writer.sent} == writer.answered
        assert list(writer.answered.values()) == sorted(writer.answered.values())
        assert [at[name]["data"]["text"] for name in writer.sent] == list(writer.sent.values())
    assert [entry["seq"] for entry in reader.applied] == [entry["seq"] for entry in log if entry["seq"] > reader.begin]
    assert [entry["data"] for entry in reader.applied] == [
        entry["data"] for entry in log if entry["seq"] > reader.begin
    ]
    for neighbour in (*people, eva):
        await neighbour.close()
