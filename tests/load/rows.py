"""Rows that every server is measured in: throughput, pace, a command with its answer, coming, memory."""

from __future__ import annotations

import asyncio

from server.ground import open_town
from server.settings import Settings
from tests.load import crowd, machine
from tests.load.bench import AT_ONCE, CONNECT_S, WARM_S, Bench, Figures, answers, deliveries
from tests.load.client import LoadClient
from tests.load.crowd import Member
from tests.load.servers import Server

UNDER_WAY = (1, 8)
PACE_PER_S, PACE_SIZE = 20, 1000
ASKERS = 50  # connections with one command under way each
FIRST = 500  # connections before memory is counted: the program's own start is not theirs
SETTLE_S = 3.0
ECHOES = ("bart", "stock", "node", "node-msgpack")  # those that answer
COME = (*ECHOES, "bare")


def room_of(size: int) -> str:
    """The crowd of a room of that size."""
    return f"N{size}"


async def relay(bench: Bench, name: str) -> None:
    """throughput, pace and command, with one process of a server."""
    wanted = {"throughput", "pace", "command"} & set(bench.options.rows)
    async with bench.serving(name) as server:
        if server is None:
            return
        for size in bench.options.sizes:
            async with bench.client(server, room_of(size)) as client:
                await bench.come(client, size)
                await client.do("burst", WARM_S, 1)
                if "throughput" in wanted:
                    await _throughput(bench, server, client, size)
                if "pace" in wanted and size == PACE_SIZE:
                    await _pace(bench, server, client)
                if "command" in wanted and size == bench.options.sizes[0] and name in ECHOES:
                    await _command(bench, server, client)


async def _throughput(bench: Bench, server: Server, client: LoadClient, size: int) -> None:
    """Deliveries a second, one message at a time and eight under way; a message is under way until all have it."""
    for under_way in UNDER_WAY:

        async def once(under_way: int = under_way) -> Figures:
            return await bench.measured(server, client, deliveries, "burst", bench.options.seconds, under_way)

        await bench.repeated(f"throughput N={size} W={under_way}", server.name, once)


async def _pace(bench: Bench, server: Server, client: LoadClient) -> None:
    """How long a delivery takes when nothing is pressed: 20 messages a second into 1,000."""

    async def once() -> Figures:
        return await bench.measured(server, client, deliveries, "rate", max(2.0, bench.options.seconds), PACE_PER_S)

    await bench.repeated("pace", server.name, once)


async def _command(bench: Bench, server: Server, client: LoadClient) -> None:
    """A command with its answer that touches no store: of BART connection.check (read, paid for, permitted by the
    role, counted), of the peers an echo of a text."""

    async def once() -> Figures:
        return await bench.measured(server, client, answers, "storeless", bench.options.seconds, ASKERS, 0)

    await bench.repeated("command", server.name, once)


async def coming(bench: Bench, name: str) -> None:
    """storm and memory, each on a fresh process."""
    if "memory" in bench.options.rows and name in COME:
        figures = await _memory(bench, name)
        if figures:
            bench.keep("memory", name, [figures])
    if "storm" in bench.options.rows and name in COME:
        await _storms(bench, name)


async def _storms(bench: Bench, name: str) -> None:
    """The storm after a restart, on a fresh process each time, and after it that of a network that comes back."""
    first: list[Figures] = []
    again: list[Figures] = []
    people = await _who_was_here(bench) if name == "bart" else room_of(bench.options.largest)
    for _ in range(bench.options.repeat):
        async with bench.serving(name) as server:
            if server is None:
                return
            first.append(await _storm(bench, server, people))
            again.append(await _storm(bench, server, people))
    bench.keep("storm", name, first)
    bench.keep("storm again", name, again)


async def _who_was_here(bench: Bench) -> list[Member]:
    """The people of the largest room with the cursors they would come back with: they have missed nothing."""
    async with open_town(Settings(data=str(bench.data)), default=False) as ground:
        return await crowd.behind(ground.town, bench.crowds[room_of(bench.options.largest)], 0)


async def _storm(bench: Bench, server: Server, people: str | list[Member]) -> Figures:
    """All at once, until the last is subscribed: of BART until each has its welcome."""
    count = bench.options.storm
    async with bench.client(server, people) as client:
        figures = await bench.measured(server, client, lambda _: count, "connect", 0, count, count, CONNECT_S)
    return {"s": count / figures["per_s"], **figures}


async def _memory(bench: Bench, name: str) -> Figures:
    """Resident memory of the server's process per connection that does nothing, when it has settled."""
    count = bench.options.storm
    async with bench.serving(name) as server:
        if server is None:
            return {}
        async with bench.client(server, room_of(bench.options.largest)) as client:
            await bench.come(client, min(FIRST, count // 2))
            await asyncio.sleep(SETTLE_S)
            first, before = min(FIRST, count // 2), machine.resident_bytes(server.pid)
            await client.do("connect", first, count, AT_ONCE, CONNECT_S)
            await asyncio.sleep(SETTLE_S)
            after = machine.resident_bytes(server.pid)
            idle_s, spent = 2.0, server.cpu_s()
            await asyncio.sleep(idle_s)
            idle = (server.cpu_s()[0] - spent[0]) / idle_s
    return {"kb": (after - before) / (count - first) / 1000, "mb_before": before / 1e6, "idle_core": idle}
