"""Between the clients and one server: a TCP proxy that cuts, so that neither side is touched and both are hurt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import Literal, cast

Way = Literal["abort", "lose answers", "lose words", "hold"]


class _End(asyncio.Protocol):
    """One socket of a link. What it reads is written to the other end, unless the link loses or holds it."""

    def __init__(self, link: Link, other: Callable[[], _End | None], flow: _Flow) -> None:
        self._link, self._other, self._flow = link, other, flow
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's are none by class
        self._link.made(self)

    def data_received(self, data: bytes) -> None:
        if not self._flow.lost:
            self._flow.waiting.append(data)
            self.pass_on()

    def pass_on(self) -> None:
        other = self._other()
        if other is None or other.transport is None or self._flow.held:
            return
        for data in self._flow.waiting:
            other.transport.write(data)
        self._flow.waiting.clear()

    def connection_lost(self, _error: Exception | None) -> None:
        self.transport = None
        self._link.end()


class _Flow:
    """One direction of a link."""

    __slots__ = ("held", "lost", "waiting")

    def __init__(self) -> None:
        self.lost = self.held = False
        self.waiting: list[bytes] = []


class Link:
    """One client's connection through the proxy."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self.words, self.answers = _Flow(), _Flow()
        self.client = _End(self, lambda: self.server, self.words)
        self.server: _End | None = None
        self._dialling: asyncio.Task[None] | None = None

    def made(self, end: _End) -> None:
        if end is self.client:
            self._proxy.links.add(self)
            self._dialling = asyncio.get_running_loop().create_task(self._dial())
        else:
            self.server = end
            self.client.pass_on()

    async def _dial(self) -> None:
        make = lambda: _End(self, lambda: self.client, self.answers)  # noqa: E731 - a factory, as asyncio wants one
        try:
            await asyncio.get_running_loop().create_connection(make, "127.0.0.1", self._proxy.target)
        except OSError:
            self.end()

    def release(self) -> None:
        """Let flow what was held."""
        self.words.held = self.answers.held = False
        for end in (self.client, self.server):
            if end is not None:
                end.pass_on()

    def end(self) -> None:
        """Abort both sockets. Safe to call again."""
        self._proxy.links.discard(self)
        for end in (self.client, self.server):
            if end is not None and end.transport is not None:
                end.transport.abort()


class Proxy:
    """Forwards to 127.0.0.1:*target*."""

    def __init__(self, target: int) -> None:
        self.target, self.port = target, 0
        self.links: set[Link] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.get_running_loop().create_server(lambda: Link(self).client, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def hurt(self, way: Way, share: float, seconds: float, rng: Random) -> int:
        """Do this to a share of the links; returns how many there were.

        abort: both sockets at once. lose answers: commands arrive for so many seconds and answers do not, then abort.
        lose words: the other way round. hold: both directions stand still, then flow on.
        """
        links = [link for link in self.links if rng.random() < share]
        if not links:
            return 0
        for link in links:
            link.answers.lost = way == "lose answers"
            link.words.lost = way == "lose words"
            link.words.held = link.answers.held = way == "hold"
        if way != "abort":
            await asyncio.sleep(seconds)
        for link in links:
            if way == "hold":
                link.release()
            else:
                link.end()
        return len(links)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for link in list(self.links):
            link.end()
