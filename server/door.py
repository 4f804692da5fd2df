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
    """One socket until its first bytes. silence_s: how long it may say nothing; waiting: all that stand here, so that
    none outlives the server."""

    __slots__ = ("_engine", "_http", "_silence", "_silence_s", "_transport", "_waiting")

    def __init__(
        self, engine: Engine, http: Callable[[], asyncio.Protocol], silence_s: float, waiting: set[Door]
    ) -> None:
        self._engine, self._http, self._silence_s, self._waiting = engine, http, silence_s, waiting
        self._transport: asyncio.Transport | None = None
        self._silence: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._silence = asyncio.get_running_loop().call_later(self._silence_s, self.shut)
        self._waiting.add(self)

    def data_received(self, data: bytes) -> None:
        transport = self._transport
        assert transport is not None  # there are bytes, so there is a socket
        self._leave()
        asked = handshake.read(data, self._engine.path, self._engine.settings.origins)
        if asked is not None and self._engine.admit(asked, transport):
            return
        protocol = self._http()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        protocol.data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - whoever says nothing may go
        self._leave()

    def shut(self) -> None:
        """Nobody waits here for ever."""
        if self._transport is not None:
            self._transport.abort()

    def _leave(self) -> None:
        self._waiting.discard(self)
        if self._silence is not None:
            self._silence.cancel()


class Site(web.BaseSite):
    """Where the server listens. Stopping it shuts out whoever still stands at the door."""

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
        self._silence_s = silence_s
        self._http = cast("Callable[[], asyncio.Protocol]", runner.server)
        self._engine, self._host, self._port = engine, host, port
        self._waiting: set[Door] = set()

    @property
    def name(self) -> str:
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Raises OSError where the port is taken."""
        await super().start()
        self._server = await asyncio.get_running_loop().create_server(
            self._open, self._host, self._port, backlog=self._backlog
        )
        for listening in self._server.sockets:
            # What is accepted has it from here. Or the kernel would take in up to 4 MiB before the limits on what
            # waits out see anything.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self._engine.settings.send_buffer_bytes)

    def _open(self) -> Door:
        return Door(self._engine, self._http, self._silence_s, self._waiting)

    async def stop(self) -> None:
        await super().stop()
        for door in list(self._waiting):
            door.shut()
