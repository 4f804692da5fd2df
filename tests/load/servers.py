"""The servers under test, one at a time: each a process on its own core, stopped when its turn is over."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import click
import msgspec

from server.ground import open_town
from server.settings import Settings
from tests.load import build, machine
from tests.load.peers import nchan
from tests.process import ServerProcess

READY_S, QUIET_S = 60, 60
WIDE = "999999/1"  # a limit that limits nobody
LIMITS = {
    "BART_LIMIT_TALK": WIDE,
    "BART_LIMIT_ANSWER": WIDE,
    "BART_LIMIT_READ": WIDE,
    "BART_HANDSHAKES_PER_S": "1000000",
}


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """A server that accepts connections. redis_pid: of BART alone."""

    name: str
    dialect: str
    port: int
    pid: int
    redis_pid: int | None = None
    path: str = "/socket.io/?EIO=4&transport=websocket"

    def cpu_s(self) -> tuple[float, float]:
        """Processor time used so far by the server, and by its Redis."""
        return machine.cpu_s(self.pid), machine.cpu_s(self.redis_pid) if self.redis_pid else 0.0


@asynccontextmanager
async def bart(data: Path, core: int | None, redis_core: int | None) -> AsyncIterator[Server]:
    """The whole server on a data folder, and its Redis on a core of its own or on the same."""
    process = ServerProcess(data, 0, log=None, **LIMITS)
    with machine.on_core(core):
        await process.start()
    try:
        if redis_core is not None:
            os.sched_setaffinity(process.redis_pid, {redis_core})
        await _settled(data)
        yield Server(name="bart", dialect="bart", port=process.port, pid=process.pid, redis_pid=process.redis_pid)
    finally:
        await process.stop()


async def _settled(data: Path) -> None:
    """Until Redis has ended a rewriting of its file that setting up has brought about."""
    async with open_town(Settings(data=str(data)), default=False) as ground:
        async with asyncio.timeout(READY_S):
            store = ground.town.store
            while b"aof_rewrite_in_progress:1" in await store.read("INFO", "persistence"):  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.2)


async def _accepting(child: asyncio.subprocess.Process, port: int) -> None:
    """Until there is somebody at the port: a peer that becomes another program tells it before that one listens."""
    while True:
        if child.returncode is not None:
            raise click.ClickException("a peer ended before it listened; its reason stands above")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return


async def connections(server: Server) -> int:
    """How many have joined, as BART's own figures have it."""
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{server.port}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return int(float(next(line for line in lines if line.startswith("bart_connections ")).split()[1]))


async def quiet(server: Server, files: int) -> None:
    """Until the sockets of an earlier client are gone, so that closing them is not counted with what comes next."""
    async with asyncio.timeout(QUIET_S):
        while machine.open_files(server.pid) > files:  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(0.05)


class Peer(msgspec.Struct, frozen=True):
    """How to start one. command: the words of its process, None where this machine lacks what it needs."""

    dialect: str
    what: str
    command: Callable[[Path], list[str] | None]
    path: str = "/socket.io/?EIO=4&transport=websocket"


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", f"tests.load.peers.{name}"]


def _node(parser: str, folder: Path) -> list[str] | None:
    copy = build.node_peer(folder)
    return ["node", str(copy / "server.mjs"), parser] if copy else None


def _floor(folder: Path, *words: str) -> list[str] | None:
    program = build.compiled(folder, "floor", "peers/floor.c")
    return [str(program), *words] if program else None


PEERS: dict[str, Peer] = {
    "stock": Peer("msgpack", "python-socketio on aiohttp and uvloop, msgpack", lambda _: _module("stock")),
    "node": Peer("json", "Node, socket.io", lambda folder: _node("json", folder)),
    "node-msgpack": Peer("msgpack", "Node, socket.io, msgpack", lambda folder: _node("msgpack", folder)),
    "bare": Peer("bare", "aiohttp and uvloop, frame once, write to each", lambda _: _module("bare"), "/"),
    "floor": Peer("bare", "C, epoll, one write per member", _floor, "/"),
    "floor-joined": Peer("bare", "C, epoll, writes of a turn joined", lambda folder: _floor(folder, "joined"), "/"),
    "nchan": Peer("bare", "nginx with nchan", nchan.command, "/everybody"),
}
EVERYONE = ("bart", *PEERS)


@asynccontextmanager
async def peer(name: str, folder: Path, core: int | None) -> AsyncIterator[Server | None]:
    """A peer that accepts connections; None where this machine can't run it."""
    row = PEERS[name]
    command = row.command(folder)
    if command is None:
        yield None
        return
    with machine.on_core(core):
        child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert child.stdout is not None
        async with asyncio.timeout(READY_S):
            ready = json.loads(await child.stdout.readline())
            await _accepting(child, ready["port"])
        yield Server(name=name, dialect=row.dialect, port=ready["port"], pid=child.pid, path=row.path)
    finally:
        if child.returncode is None:
            child.terminate()
        await child.wait()
