"""The command `bart demo`: starts the server and the neighbours, says how to come in, and clears all away.

Leaves nothing behind unless a data folder was given; then the same neighbours are there again the next time.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from server.demo import cast, child
from server.demo.child import Orders

READY_WITHIN_S = 60
DRAIN_S = 1
"""Nobody has to find their way to another server, one after the other."""
ENDED = {
    "server": "The server has ended; its reason stands above.",
    "neighbours": "The neighbours have ended; their reason stands above.",
}
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WHO = {
    "resident": f"a resident of {cast.STORY_STREET}",
    "officer": "an officer of the police",
    "second-officer": "a second officer, who approves",
    "police": "a moderator of the police",
    "municipality": "a moderator of the municipality",
}


async def run(orders: Orders, *, quiet: bool, json_ready: bool = False) -> None:
    """Serve until Ctrl-C, SIGTERM or SIGHUP. quiet: nobody but the guests.  json_ready: tell it as one line of JSON.

    Raises RuntimeError when the server or the neighbours do not start, or end by themselves.
    """
    living = asyncio.create_task(_serve_and_live(orders, quiet=quiet, json_ready=json_ready))
    ending = asyncio.Event()

    def end() -> None:
        if not ending.is_set():  # a second Ctrl-C must not interrupt the clearing away
            ending.set()
            living.cancel()

    for number in ENDS:
        asyncio.get_running_loop().add_signal_handler(number, end)
    with contextlib.suppress(asyncio.CancelledError):
        await living


async def _serve_and_live(orders: Orders, *, quiet: bool, json_ready: bool) -> None:
    settings = msgspec.structs.replace(orders.settings, drain_s=min(orders.settings.drain_s, DRAIN_S))
    kept = bool(settings.data or settings.redis)
    folder = settings.data_folder() if kept else Path(tempfile.mkdtemp(prefix="bart-demo-"))
    town = settings if kept else msgspec.structs.replace(settings, data=str(folder))
    try:
        async with _child("server.demo.serving", Orders(settings=town)) as server:
            told = await _ready(server)
            there = msgspec.structs.replace(orders, settings=town, url=told["url"])
            await _live(there, server, told, quiet=quiet, json_ready=json_ready)
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


async def _live(orders: Orders, server: Process, told: dict[str, Any], *, quiet: bool, json_ready: bool) -> None:
    """Tell how to come in, let the neighbours in, and stay as long as all are there; then raises RuntimeError."""
    (_tell_programs if json_ready else _tell)(told)
    if quiet:
        await server.wait()
        raise RuntimeError(ENDED["server"])
    async with _child("server.demo.living", orders) as neighbours:
        both = {asyncio.create_task(server.wait()): "server", asyncio.create_task(neighbours.wait()): "neighbours"}
        done, waiting = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        raise RuntimeError(ENDED[both[done.pop()]])


@asynccontextmanager
async def _child(module: str, orders: Orders) -> AsyncIterator[Process]:
    process = await child.start(module, orders)
    try:
        yield process
    finally:
        await child.end(process)


async def _ready(server: Process) -> dict[str, Any]:
    """What the server tells when it accepts connections. Raises RuntimeError where nothing comes."""
    assert server.stdout is not None
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            line = await server.stdout.readline()
    except TimeoutError:
        raise RuntimeError(f"The server was not ready within {READY_WITHIN_S} s.") from None
    if not line:
        raise RuntimeError("The server did not start; its reason stands above.")
    told: dict[str, Any] = json.loads(line)
    return told


def _tell(told: dict[str, Any]) -> None:
    click.echo(f"\n  BART is at {told['url']}")
    click.echo("\n  Open these, each in a window of its own. They sign in by themselves:\n")
    for who, link in told["links"].items():
        click.echo(f"    {WHO[who]:34} {link}")
    click.echo(f"\n  or join with the letter code {told['code']}.  Ctrl-C ends it.\n")
    sys.stdout.flush()


def _tell_programs(told: dict[str, Any]) -> None:
    click.echo(json.dumps(told))
    sys.stdout.flush()
