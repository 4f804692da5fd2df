"""A child of the demo: it is given its orders as one line of JSON, and ends when whoever gave them has gone.

By standard input: an argument would stand in the list of processes with the address of a Redis and its password, and
a pipe ends however the parent does, by kill -9 as well.
"""

from __future__ import annotations

import asyncio
import sys

import msgspec

from server.logging import configure
from server.settings import Settings


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """How the town of this demo is to be. url: of the server, for the neighbours. pace: how many times as fast as life.

    hour: the hour of the day for the neighbours, whatever the clock says.
    """

    settings: Settings
    url: str = ""
    pace: float = 1.0
    hour: int | None = None


async def orders() -> tuple[Orders, asyncio.StreamReader]:
    """What this child is to do, and the pipe by which it hears that the parent has gone: `parent_gone`.

    Raises RuntimeError where there are none.
    """
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    line = await reader.readline()
    if not line:
        raise RuntimeError("Nobody says what is to be done; `bart demo` starts this.")
    given = msgspec.json.decode(line, type=Orders)
    configure(given.settings.log_format, given.settings.log_level)
    return given, reader


async def parent_gone(pipe: asyncio.StreamReader) -> None:
    """Return when the parent has closed the pipe, or has ended."""
    await pipe.read()


async def start(module: str, given: Orders) -> asyncio.subprocess.Process:
    """Run `python -m module` with these orders; its standard output is piped, and closing its input ends it.

    In a session of its own: a terminal's Ctrl-C is for the parent, which ends its children one after the other.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert child.stdin is not None
    child.stdin.write(msgspec.json.encode(given) + b"\n")
    return child


async def end(child: asyncio.subprocess.Process) -> None:
    """Close its input and wait until it has gone."""
    assert child.stdin is not None
    child.stdin.close()
    await child.wait()
