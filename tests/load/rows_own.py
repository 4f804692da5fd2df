"""Rows of BART alone: many rooms, durable writes, a long log, and clients that never read."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import msgspec

from server.ground import open_town
from server.settings import Settings
from tests.load import crowd, machine, servers
from tests.load.bench import CONNECT_S, WARM_S, Bench, Figures, answers, deliveries, messages
from tests.load.client import LoadClient
from tests.load.crowd import Member
from tests.load.servers import Server

ROOM_SIZE = 20
WRITERS = 128
RECORD_BYTES = 600  # about what one post leaves in the append-only file
VISITORS, MISSED = 100, 50
SHORT_LOG = 100
DEAF, READERS, DEAF_TEXT, DEAF_PER_S = 700, 300, 2000, 20
WATCH_S = 0.25


async def rooms(bench: Bench) -> None:
    """The same messages into many rooms of 20 (each person in two of them) and into one."""
    crowds = {"rooms": "rooms", "one room": room_name(ROOM_SIZE)}
    async with bench.serving("bart") as server:
        assert server is not None
        for row, name in crowds.items():
            people = bench.crowds[name]
            async with bench.client(server, people) as client:
                await bench.come(client, len(people))
                idle = await _idle(server)
                await client.do("burst", WARM_S, 1)
                await bench.repeated(row, "bart", lambda: _per_message(bench, server, client, idle))  # noqa: B023


async def _idle(server: Server, seconds: float = 4.0) -> float:
    """Share of its core that the server uses for these connections when nobody speaks."""
    before = server.cpu_s()[0]
    await asyncio.sleep(seconds)
    return (server.cpu_s()[0] - before) / seconds


async def _per_message(bench: Bench, server: Server, client: LoadClient, idle: float) -> Figures:
    figures = await bench.measured(server, client, messages, "burst", max(1.0, bench.options.seconds), 1)
    return {**figures, "cpu_us_beyond_idle": figures["cpu_us"] - idle / figures["per_s"] * 1e6, "idle_core": idle}


def room_name(size: int) -> str:
    return f"N{size}"


# durable writes --------------------------------------------------------------------------------------


async def writes(bench: Bench) -> None:
    """128 people in 128 streets, each posts again when answered; with Redis where it is in every row, and beside the
    load client, which has little to do here. Then an append and fdatasync loop."""
    async with bench.serving("bart") as server:
        assert server is not None
        assert server.redis_pid is not None
        async with bench.client(server, "writers") as client:
            await bench.come(client, WRITERS)
            await client.do("posts", WARM_S, WRITERS, 0)

            async def once() -> Figures:
                return await bench.measured(server, client, answers, "posts", bench.options.seconds, WRITERS, 0)

            await bench.repeated("writes", "bart", once)
            if bench.options.client_core is not None:
                os.sched_setaffinity(server.redis_pid, {bench.options.client_core})
                await bench.repeated("writes, Redis apart", "bart", once)
    with machine.on_core(bench.options.server_core):
        runs = [_append_and_sync(bench.folder / "appended", bench.options.seconds) for _ in range(bench.options.repeat)]
    bench.keep("writes", "fdatasync", runs)


def _append_and_sync(path: Path, seconds: float) -> Figures:
    """A record and a sync, one after the other, on the disk that BART writes to."""
    record, count = b"x" * RECORD_BYTES, 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        os.write(descriptor, record)
        os.fdatasync(descriptor)
        count += 1
    took = time.monotonic() - began
    os.close(descriptor)
    path.unlink()
    return {"per_s": count / took}


# a long log ------------------------------------------------------------------------------------------


async def log(bench: Bench) -> None:
    """Connecting, resuming and posting where the log has a million entries and where it has a hundred."""
    data = bench.folder / "long"
    async with open_town(Settings(data=str(data)), default=False) as ground:
        crowds = await crowd.settle(ground.town, {"LONG": VISITORS, "SHORT": VISITORS})
        resuming: dict[str, list[Member]] = {}
        for name, length in {"LONG": bench.options.log_entries, "SHORT": SHORT_LOG + VISITORS}.items():
            await crowd.lengthen(ground.town, crowds[name][0].room, length)
            resuming[name] = await crowd.behind(ground.town, crowds[name], MISSED)
    async with servers.bart(data, bench.options.server_core, bench.options.redis_core) as server:
        await _visits(bench, server, "connect", crowds)
        await _visits(bench, server, "resume", resuming)
        await _posts(bench, server, crowds)


async def _visits(bench: Bench, server: Server, row: str, crowds: dict[str, list[Member]]) -> None:
    """One after the other, until welcomed and given what was missed; the two rooms in turn, so that both have the
    same weather."""
    runs: dict[str, list[Figures]] = {name: [] for name in crowds}
    for _ in range(bench.options.repeat + 1):
        for name, people in crowds.items():
            async with bench.client(server, people) as client:
                runs[name].append(await bench.measured(
                    server, client, lambda _: VISITORS, "connect", 0, VISITORS, 1, CONNECT_S
                ))  # fmt: skip
    for name, all_runs in runs.items():
        bench.keep(f"log {row} {name}", "bart", all_runs[1:])  # the first warms up


async def _posts(bench: Bench, server: Server, crowds: dict[str, list[Member]]) -> None:
    everyone = [member for people in crowds.values() for member in people[:1]]
    runs: dict[str, list[Figures]] = {name: [] for name in crowds}
    async with bench.client(server, everyone) as client:
        await bench.come(client, len(everyone))
        for _ in range(bench.options.repeat + 1):
            for index, name in enumerate(crowds):
                seconds = bench.options.seconds
                runs[name].append(await bench.measured(server, client, answers, "posts", seconds, 1, index))
    for name, all_runs in runs.items():
        bench.keep(f"log post {name}", "bart", all_runs[1:])


# clients that never read -----------------------------------------------------------------------------


class Watched(msgspec.Struct):
    """What was seen while some did not read. gone_s: until the server had let the last of them go."""

    server_bytes: int = 0
    kernel_bytes: int = 0
    gone_s: float = 0.0


async def deaf(bench: Bench) -> None:
    """1,000 in a room, 20 messages of 2,000 letters a second; then 700 of them stop reading."""
    bench_options = bench.options
    wordy = Bench(msgspec.structs.replace(bench_options, text_bytes=DEAF_TEXT), bench.folder, bench.program)
    wordy.crowds, wordy.results = bench.crowds, bench.results
    async with wordy.serving("bart") as server:
        assert server is not None
        async with wordy.client(server, room_name(READERS + DEAF)) as client:
            await wordy.come(client, READERS + DEAF)
            await client.do("rate", 1, DEAF_PER_S)
            before = await wordy.measured(server, client, deliveries, "rate", 5, DEAF_PER_S)
            rss, kernel = machine.resident_bytes(server.pid), machine.socket_bytes()
            await client.do("deaf", READERS, READERS + DEAF)
            watching = asyncio.create_task(_watch(server, bench_options.deaf_s))
            during = await wordy.measured(server, client, deliveries, "rate", bench_options.deaf_s, DEAF_PER_S)
            seen = await watching
    wordy.keep("deaf", "bart", [{
        "p99_before_ms": before["p99_ms"], "p99_ms": during["p99_ms"], "gone_s": seen.gone_s,
        "server_mb": (seen.server_bytes - rss) / 1e6, "kernel_mb": (seen.kernel_bytes - kernel) / 1e6,
    }])  # fmt: skip


async def _watch(server: Server, seconds: float) -> Watched:
    began, seen = time.monotonic(), Watched()
    while time.monotonic() < began + seconds:
        seen.server_bytes = max(seen.server_bytes, machine.resident_bytes(server.pid))
        seen.kernel_bytes = max(seen.kernel_bytes, machine.socket_bytes())
        if not seen.gone_s and await servers.connections(server) <= READERS:
            seen.gone_s = time.monotonic() - began
        await asyncio.sleep(WATCH_S)
    return seen
