"""The door: the first protocol of every socket, which looks at its first bytes and decides whose it is.

A whole and plain WebSocket handshake becomes a Connection at once. Everything else is aiohttp's, byte for byte as it
came: pages, half a request, and every handshake about which there is any doubt, which is refused there in words. When
a whole town comes back together, aiohttp's way to a handler that only takes the socket over costs more than all the
rest of letting a client in.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from aiohttp import web

from server import handshake
from server.handshake import HEADER_DEADLINE_S

if TYPE_CHECKING:
    from server.engine import Engine

BACKLOG = 4096
"""A town that comes back after an outage is not turned away by the kernel."""


class Door(asyncio.Protocol):
    """One socket until its first bytes."""

    __slots__ = ("_site", "_transport")

    def __init__(self, site: Site) -> None:
        self._site = site
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._site.came(self)

    def data_received(self, data: bytes) -> None:
        transport, site = self._transport, self._site
        assert transport is not None  # there are bytes, so there is a socket
        site.went(self)
        asked = handshake.read(data, site.engine.path, site.engine.settings.origins)
        if asked is not None and site.engine.admit(asked, transport):
            return
        protocol = site.http()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        protocol.data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - whoever says nothing may go
        self._site.went(self)

    def shut(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class Site(web.BaseSite):
    """Where the server listens, and who stands at its door without a word: nobody for longer than *silence_s*.

    Stopping it shuts them out.
    """

    def __init__(
        self,
        runner: web.AppRunner,
        engine: Engine,
        host: str,
        port: int,
        *,
        backlog: int = BACKLOG,
        silence_s: float = HEADER_DEADLINE_S,
    ) -> None:
        super().__init__(runner, backlog=backlog)
        self.engine, self.http = engine, cast("Callable[[], asyncio.Protocol]", runner.server)
        self._host, self._port, self._silence_s = host, port, silence_s
        self._silent: dict[Door, float] = {}  # since when, by the loop's time; in the order in which they came
        self._watch: asyncio.TimerHandle | None = None
        self._is_over = False
        self._loop = asyncio.get_running_loop()

    @property
    def name(self) -> str:
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Raises OSError where the port is taken."""
        await super().start()
        self._server = await self._loop.create_server(lambda: Door(self), self._host, self._port, backlog=self._backlog)
        for listening in self._server.sockets:
            # What is accepted has it from here. Or the kernel would take in up to 4 MiB before the limits on what
            # waits out see anything.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.engine.settings.send_buffer_bytes)

    async def stop(self) -> None:
        await super().stop()
        self._is_over = True
        for door in list(self._silent):
            door.shut()
        if self._watch is not None:
            self._watch.cancel()

    def came(self, door: Door) -> None:
        if self._is_over:  # the kernel had let it in before
            door.shut()
            return
        self._silent[door] = self._loop.time()
        if self._watch is None:
            self._watch = self._loop.call_later(self._silence_s, self._look)

    def went(self, door: Door) -> None:
        self._silent.pop(door, None)

    def _look(self) -> None:
        """Shut out who has been silent for long, and look again when the next one will have been."""
        self._watch = None
        now_s = self._loop.time()
        for door, since_s in list(self._silent.items()):
            left_s = since_s + self._silence_s - now_s
            if left_s > 0:
                self._watch = self._loop.call_later(left_s, self._look)
                return
            door.shut()
