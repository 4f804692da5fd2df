"""A lean Engine.IO server for WebSockets alone, under python-socketio: the ways in and out, fan-out, and time.

Every frame is made once and appended to each receiver's `out`; all frames of one turn of the loop leave in one write
per socket. One tick serves all pings and deadlines. connection.py tells how one client is served. It replaces
python-engineio's server, which has a queue and a task per connection, no bounds, and pings by the wall clock.
"""

from __future__ import annotations

import asyncio
import base64
import math
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ClassVar

import engineio
import msgspec
import structlog
from aiohttp import web

from rooms.refusal import Refusal
from server import handshake
from server.connection import DRAINED, FAULT, JOIN, SHUT_DOWN, Connection
from server.deadlines import Deadlines
from server.eager import first_step
from server.frames import GOING_AWAY, RESTART, frame
from server.handshake import Handshake
from server.packet import MAX_ITEMS, MAX_NESTING, Received
from server.pings import PingWheel
from server.turn import Turn

log = structlog.get_logger()

DRAIN_BATCHES = 20
ID_BYTES, ID_LENGTH, IDS_AT_ONCE = 15, 20, 64


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of promise.md 3, and the rhythm. Raises ValueError when the pings would not fit the ticks."""

    max_frame_bytes: int = 64 * 1024
    max_nesting: int = MAX_NESTING
    max_items: int = MAX_ITEMS
    max_waiting_commands: int = 32  # per connection, besides the one in hand
    max_out_bytes: int = 1024 * 1024
    max_out_frames: int = 256
    max_out_age_s: float = 10
    send_buffer_bytes: int = 256 * 1024  # of the kernel, per connection; set where the server listens
    join_within_s: float = 10
    leave_within_s: float = 5  # for a peer to close, and then for its handlers to end
    ping_interval_s: float = 25
    ping_timeout_s: float = 20
    tick_s: float = 0.25
    handshakes_per_s: int = 2000
    origins: tuple[str, ...] = ()  # empty: only pages from our own host

    def __post_init__(self) -> None:
        if not self.tick_s < self.ping_timeout_s < self.ping_interval_s:
            raise ValueError("settings: need tick_s < ping_timeout_s < ping_interval_s")


class Rate:
    """At most so many a second, with one second's worth at once (a token bucket)."""

    def __init__(self, per_s: float, monotonic: Callable[[], float]) -> None:
        self._per_s, self._monotonic = per_s, monotonic
        self._left, self._at_s = per_s, monotonic()

    def take(self) -> bool:
        """Take one; False when none is left."""
        now_s = self._monotonic()
        self._left = min(self._per_s, self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Engine:
    """What socketio.AsyncServer takes for its Engine.IO server, and what the application fans out with."""

    async_mode = "aiohttp"
    reason: ClassVar[type] = engineio.AsyncServer.reason

    def __init__(
        self,
        settings: Settings,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        ticking: bool = True,
        **_: object,
    ) -> None:
        """ticking=False leaves it to the caller to move time with tick(). Other options of python-engineio's server
        are taken and not heeded."""
        self.settings, self._monotonic, self._ticking = settings, monotonic, ticking
        self.connections: dict[str, Connection] = {}  # until both the socket and the handlers have ended
        self.ended: Counter[str] = Counter()  # reasons, for the metrics
        self.deadlines: Deadlines[Connection] = Deadlines(settings.tick_s)
        self._handlers: dict[str, Callable[..., Any]] = {}
        self._pings = PingWheel(
            math.ceil(settings.ping_interval_s / settings.tick_s), math.ceil(settings.ping_timeout_s / settings.tick_s)
        )
        self._rate = Rate(settings.handshakes_per_s, monotonic)
        self.turn = Turn(self._now_s)
        self.path = b"/socket.io/"
        self._leaving = False
        self._ids: list[str] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._empty = asyncio.Event()
        self._empty.set()

    # The way in -------------------------------------------------------------------------------------------------

    def attach(self, app: web.Application, path: str = "socket.io") -> None:
        self.path = f"/{path.strip('/')}/".encode()
        app.router.add_route("*", self.path.decode(), self.handle_request)
        app.on_shutdown.append(self.shutdown)

    async def handle_request(self, request: web.Request) -> web.StreamResponse:
        """Turn a good handshake into a Connection; answer any other with a refusal as JSON."""
        try:
            self._check(request)
        except Refusal as refusal:
            self.ended[f"handshake {refusal.code}"] += 1
            return handshake.refuse(refusal)
        remote, connection = request.remote, Connection(self, self.generate_id())
        await self._begin(connection, handshake.take_over(request, connection), handshake.of(request), remote)
        return handshake.UPGRADED

    def admit(self, asked: Handshake, transport: asyncio.Transport) -> bool:
        """Make a Connection of a socket whose handshake is beyond doubt; False where it has to be refused in words."""
        if self._leaving or transport.is_closing() or not self._rate.take():
            return False
        connection, peer = Connection(self, self.generate_id()), transport.get_extra_info("peername")
        transport.set_protocol(connection)
        rest = first_step(self._begin(connection, transport, asked, peer[0] if peer else None))
        if rest is not None:
            self.spawn(rest)
        return True

    def _check(self, request: web.Request) -> None:
        handshake.check(request, self.settings.origins)
        if self._leaving or request.transport is None or request.transport.is_closing():
            raise Refusal("draining", retry_after_ms=1000)
        if not self._rate.take():
            raise Refusal("busy", retry_after_ms=1000)

    async def _begin(
        self, connection: Connection, transport: asyncio.Transport, asked: Handshake, remote: str | None
    ) -> None:
        self._take_in(connection)
        connection.begin(transport, handshake.accept(asked, connection.sid, self.settings))
        try:
            await self._handlers["connect"](connection.sid, handshake.environ(asked, remote))
        except Exception:
            connection.abort(FAULT)  # unknown to the application, it could neither be served nor forgotten
            raise

    def _take_in(self, connection: Connection) -> None:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self.turn.start(self._loop)
            if self._ticking:
                self._timer = self._loop.call_later(self.settings.tick_s, self._tick_on)
        self.connections[connection.sid] = connection
        self._empty.clear()
        self._pings.add(connection)
        self.deadlines.arm(connection, JOIN, self.settings.join_within_s)

    # What a connection tells ------------------------------------------------------------------------------------

    def received(self, connection: Connection, received: Received) -> Awaitable[None]:
        return self._handlers["message"](connection, received)  # type: ignore[no-any-return]

    def acknowledged(self, sid: str, received: Received) -> None:
        self._handlers["acknowledge"](sid, received)

    def disconnected(self, sid: str, reason: str) -> Awaitable[None]:
        return self._handlers["disconnect"](sid, reason)  # type: ignore[no-any-return]

    def parted(self, connection: Connection) -> None:
        """No longer open: no more pings. It stays known until its handlers have ended."""
        self._pings.remove(connection)
        self.ended[connection.reason] += 1

    def forget(self, connection: Connection) -> None:
        self.connections.pop(connection.sid, None)
        if not self.connections:
            self._empty.set()

    def _now_s(self) -> float:
        return self._monotonic()

    # Time -------------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """One tick later, for everybody."""
        self._pings.turn()
        for connection, deadline in self.deadlines.pass_tick():
            connection.expire(deadline)

    def _tick_on(self) -> None:
        assert self._loop is not None
        self._timer = self._loop.call_later(self.settings.tick_s, self._tick_on)
        self.tick()

    # The way out ------------------------------------------------------------------------------------------------

    async def drain(self, reconnect: bytes | Callable[[Connection], bytes], within_s: float) -> None:
        """Let nobody in, tell everybody to come back, and close with 1012 in batches.

        reconnect: the frame that says so, or what makes one per connection (each with a moment of its own).
        Ends after at most *within_s*, with nobody left or with some for shutdown() to cut.
        """
        self._leaving = True
        leaving = list(self.connections.values())
        for connection in leaving:
            connection.send(reconnect(connection) if callable(reconnect) else reconnect)
        size = max(1, math.ceil(len(leaving) / DRAIN_BATCHES))
        for start in range(0, len(leaving), size):
            await asyncio.sleep(within_s / 2 / DRAIN_BATCHES)
            for connection in leaving[start : start + size]:
                connection.close(DRAINED, RESTART)
        await self._emptied(within_s / 2)

    async def shutdown(self, _app: web.Application | None = None) -> None:
        """Close everything and end, at the latest after three times leave_within_s."""
        self._leaving = True
        for connection in list(self.connections.values()):
            connection.close(SHUT_DOWN, GOING_AWAY)
        if not await self._emptied(self.settings.leave_within_s):
            await self._cut()
        if self._timer is not None:
            self._timer.cancel()

    async def _cut(self) -> None:
        """Peers that don't go, then handlers that don't end, then whatever is left."""
        for _ in range(2):
            for connection in list(self.connections.values()):
                connection.let_go()
            if await self._emptied(self.settings.leave_within_s):
                return
        for task in list(self._tasks):
            task.cancel()
        log.warning("engine cut short", connections=len(self.connections), tasks=len(self._tasks))

    async def _emptied(self, within_s: float) -> bool:
        try:
            async with asyncio.timeout(within_s):
                await self._empty.wait()
        except TimeoutError:
            return False
        return True

    # What python-socketio calls ---------------------------------------------------------------------------------

    def on(self, event: str, handler: Callable[..., Any]) -> None:
        self._handlers[event] = handler

    async def send(self, sid: str, data: bytes) -> None:
        """Send one encoded packet; a client that has gone is passed over."""
        if sid in self.connections:
            self.connections[sid].send(frame(data))

    async def get_session(self, sid: str) -> dict[str, Any]:
        connection = self.connections[sid]
        if connection.session is None:
            connection.session = {}
        return connection.session

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        loop = self._loop or asyncio.get_running_loop()  # asking asyncio costs a system call
        task = loop.create_task(coroutine)
        self._tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._task_ended)
        return task

    def _task_ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("task failed", error=type(task.exception()).__name__)

    def start_background_task(
        self, target: Callable[..., Coroutine[Any, Any, None]], *args: Any, **kwargs: Any
    ) -> asyncio.Task[None]:
        return self.spawn(target(*args, **kwargs))

    def generate_id(self) -> str:
        """120 random bits. They are drawn for many at once: asking the kernel costs more than the rest of an id."""
        if not self._ids:
            drawn = base64.urlsafe_b64encode(os.urandom(ID_BYTES * IDS_AT_ONCE)).decode()
            self._ids = [drawn[at : at + ID_LENGTH] for at in range(0, len(drawn), ID_LENGTH)]
        return self._ids.pop()

    def create_event(self, *_: Any, **__: Any) -> asyncio.Event:
        return asyncio.Event()

    async def sleep(self, seconds: float = 0) -> None:
        await asyncio.sleep(seconds)

    def transport(self, _sid: str) -> str:
        return "websocket"
