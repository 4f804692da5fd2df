"""The line between a browser and its server: a TCP proxy that can be slow, go dead without a word, and be mended.

Chromium's own throttling passes WebSockets by, and a process that is stopped still closes its sockets; a phone in a
tunnel does neither.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Literal, NamedTuple

CHUNK_BYTES = 1460
Way = Literal["up", "down"]
After = Literal["whole", "reset", "black hole"]
"""What has become of the connections of before a cut when the line is mended.

whole: what was under way arrives late, as TCP would have it.  reset: the server has given them up, and says so to
whoever writes on.  black hole: the server has given them up, and nobody ever says a word.
"""


class Pace(NamedTuple):
    """bytes_s: what a direction carries, None where the line is no limit.  delay_s: one way."""

    down_bytes_s: float | None = None
    up_bytes_s: float | None = None
    delay_s: float = 0.0


AT_ONCE = Pace()
TWO_G = Pace(down_bytes_s=50_000 / 8, up_bytes_s=20_000 / 8, delay_s=0.25)
"""GPRS as it is in a village: 50 kbit/s down, 20 kbit/s up, half a second for a question and its answer."""


class Line:
    """Forwards to 127.0.0.1:*target*."""

    def __init__(self, target: int, pace: Pace = AT_ONCE) -> None:
        self.target, self.pace, self.port = target, pace, 0
        self.links: set[_Link] = set()
        self._server: asyncio.Server | None = None
        self.open = asyncio.Event()
        self.open.set()
        self._free_at = {"up": 0.0, "down": 0.0}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> Line:
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def cut(self) -> None:
        """From now on nothing arrives, whichever way it goes, and nobody is told; new connections hang."""
        self.open.clear()

    def mend(self, after: After = "whole") -> None:
        for link in self.links:
            link.suffer(after)
        self.open.set()

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for link in self.links:
            await link.end()

    async def carry(self, size: int, way: Way) -> None:
        """Wait until so many bytes have gone over the line, which all connections share."""
        bytes_s = self.pace.up_bytes_s if way == "up" else self.pace.down_bytes_s
        now = asyncio.get_running_loop().time()
        self._free_at[way] = max(now, self._free_at[way]) + (size / bytes_s if bytes_s else 0.0)
        await asyncio.sleep(self._free_at[way] - now)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.links.add(_Link(self, reader, writer))


class _Link:
    """One connection of the browser's."""

    def __init__(self, line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._line, self._reader, self._writer = line, reader, writer
        self._fate: After = "whole"
        self._server: asyncio.StreamWriter | None = None
        self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        """Until both directions have ended."""
        await asyncio.sleep(2 * self._line.pace.delay_s)  # the handshake of TCP
        await self._line.open.wait()
        try:
            reader, self._server = await asyncio.open_connection("127.0.0.1", self._line.target)
        except OSError:
            return
        async with asyncio.TaskGroup() as group:
            ways: tuple[tuple[Way, asyncio.StreamReader, asyncio.StreamWriter], ...]
            ways = (("up", self._reader, self._server), ("down", reader, self._writer))
            for way, source, target in ways:
                under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
                group.create_task(self._take(source, under_way, way))
                group.create_task(self._give(under_way, target, way))

    def suffer(self, fate: After) -> None:
        """What a cut did to it; one that was begun during the cut has lost nothing."""
        if self._server is not None and fate != "whole":
            self._fate = fate
            self._server.transport.abort()

    async def end(self) -> None:
        self._running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._running
        self._abort()

    def _abort(self) -> None:
        for writer in (self._writer, self._server):
            if writer is not None:
                writer.transport.abort()

    async def _take(
        self, source: asyncio.StreamReader, under_way: asyncio.Queue[tuple[float, bytes]], way: Way
    ) -> None:
        """Read to the end; b"" in the queue is the end."""
        data = b"?"
        while data:
            data = await _read(source)
            if way == "up" and self._fate == "reset":
                self._abort()
            under_way.put_nowait((asyncio.get_running_loop().time() + self._line.pace.delay_s, data))

    async def _give(
        self, under_way: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter, way: Way
    ) -> None:
        """Pass it on when it is due, at the line's pace, and not while the line is cut."""
        while True:
            due, data = await under_way.get()
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            await self._line.carry(len(data), way)
            await self._line.open.wait()
            if self._fate != "whole":
                continue
            with contextlib.suppress(OSError, RuntimeError):  # the other end has gone, as its own direction tells
                if not data or target.is_closing():
                    return target.close()
                target.write(data)


async def _read(source: asyncio.StreamReader) -> bytes:
    """What came, b"" at the end, however it ended."""
    try:
        return await source.read(CHUNK_BYTES)
    except OSError:
        return b""
