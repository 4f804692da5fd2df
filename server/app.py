"""The composition root: what exists, what runs, and in which order it stops."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import random
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from rooms import erasure
from rooms.clock import Clock
from rooms.feed import Feed
from rooms.refusal import Refusal
from rooms.town import Town
from server import engine, metrics
from server.board import Board
from server.connection import Connection
from server.demo import mark
from server.door import Site
from server.erased_list import ErasedList
from server.fanout import Fanout
from server.gateway import Gateway
from server.ground import Ground, open_town
from server.handshake import HEADER_DEADLINE_S
from server.logging import where
from server.packet import event_frame
from server.routes import web_client
from server.routes.account import AccountRoutes, answer
from server.routes.alerts import AlertRoutes
from server.routes.health import HealthRoutes
from server.routes.places import PlaceRoutes
from server.settings import Settings
from server.sign_in import Argon2
from server.socketio_server import Server
from server.sweeps import Sweeps

log = structlog.get_logger("app")
Look = Callable[[Town], Awaitable[None]]
Routes = Callable[[Town], list[web.RouteDef]]
SCRIPTS_S = 5.0  # promise.md 3: how long a restart waits for commands under way
RECONNECT_MS = (500, 3000)


class Running:
    """A server that accepts connections. Given by `running`, which also stops it."""

    def __init__(self, ground: Ground, also: Routes | None = None) -> None:
        settings = ground.settings
        self.ground, self.town, self._also = ground, ground.town, also
        origins = tuple(part.strip() for part in settings.origins.split(",") if part.strip())
        self.sio = Server(engine.Settings(origins=origins, handshakes_per_s=settings.handshakes_per_s))
        self.fanout = Fanout(self.town, self.sio.engine)
        self.gateway = Gateway(self.town, self.sio, self.fanout)
        self.board = Board(self.town, self.sio.engine.spawn)
        self.gateway.after = {"board.watch": self.board.watch, "board.unwatch": self.board.unwatch}
        self.fanout.on_item = self.board.take
        self.sweeps = Sweeps(self.town, self.fanout, settings, self.board)
        self.feed = Feed(self.town.store)
        self.argon2 = Argon2()
        self.port = 0

    @property
    def url(self) -> str:
        host = self.ground.settings.host
        shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "") else host  # noqa: S104 - compared, not bound
        return f"http://{shown}:{self.port}"

    def app(self) -> web.Application:
        """Everything that answers HTTP."""
        app = web.Application(middlewares=[refusals], client_max_size=64 * 1024)
        self.sio.attach(app)
        app.add_routes(AccountRoutes(self.town, self.argon2, self.ground.settings).table())
        redis = self.ground.redis
        app.add_routes(
            HealthRoutes(self.town, self.gateway, self.sweeps, lambda: redis.restarts if redis else 0).table()
        )
        app.add_routes(AlertRoutes(self.town, self.ground.settings).table())
        app.add_routes(PlaceRoutes(self.town).table())
        app.add_routes(self._also(self.town) if self._also else [])
        web_client.add(app, (self.town.signing.public,))
        return app

    async def drain(self) -> None:
        """Take nothing new, finish what is under way, send everybody to come back."""
        await self.gateway.settle(SCRIPTS_S)
        await self.sio.engine.drain(_come_back, self.ground.settings.drain_s)


@asynccontextmanager
async def running(
    settings: Settings, *, clock: Clock | None = None, first: Look | None = None, also: Routes | None = None
) -> AsyncIterator[Running]:
    """A whole server in this event loop: opened in this order, closed in the opposite one.

    first: looks at the town before anybody is let in, and may refuse it.  also: more to answer over HTTP.
    """
    async with AsyncExitStack() as stack:
        ground = await stack.enter_async_context(open_town(settings, clock=clock))
        await erasure.again(ground.town, ErasedList(settings.data_folder()).persons())
        if first is not None:
            await first(ground.town)
        server = Running(ground, also)
        stack.callback(server.argon2.close)
        await server.feed.start()
        if ground.redis is not None:
            await _start(stack, ground.redis.watch(), "redis")
        await _start(stack, server.fanout.run(server.feed), "fan-out")
        await _start(stack, server.sweeps.run(), "sweeps")
        stack.push_async_callback(server.sweeps.end)
        runner = web.AppRunner(
            server.app(), access_log=None, keepalive_timeout=HEADER_DEADLINE_S, shutdown_timeout=1, handle_signals=False
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = Site(runner, server.sio.engine, settings.host, settings.port)
        await site.start()
        server.port = runner.addresses[0][1]
        stack.push_async_callback(server.drain)
        yield server


async def _start(stack: AsyncExitStack, coroutine: object, name: str) -> None:
    """Run beside everything else until it is this one's turn to stop; if it ends by itself, say so."""
    task: asyncio.Task[object] = asyncio.get_running_loop().create_task(coroutine, name=name)  # type: ignore[arg-type]  # a coroutine

    def ended(task: asyncio.Task[object]) -> None:
        if not task.cancelled() and (error := task.exception()):
            metrics.faults.inc()
            log.error("part of the server ended", part=name, error=type(error).__name__, where=where(error))

    async def stop() -> None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task

    task.add_done_callback(ended)
    stack.push_async_callback(stop)


def _come_back(_connection: Connection) -> bytes:
    """Each connection is given a moment of its own, or all would come at once."""
    return event_frame("drain", {"reconnect_in_ms": random.randint(*RECONNECT_MS)})  # noqa: S311 - jitter


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal as {ok: false, error}; every fault as one, with a number that stands in the log."""
    try:
        return await handler(request)
    except Refusal as refusal:
        response = answer(refusal.reply(), refusal.row.status)
        if "retry_after_ms" in refusal.facts:
            response.headers["Retry-After"] = str(-(-int(refusal.facts["retry_after_ms"]) // 1000))
        return response
    except web.HTTPException:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, an answer and a line in the log
        number = secrets.token_hex(4)
        metrics.faults.inc()
        log.error("fault", id=number, path=request.path, error=type(error).__name__, where=where(error))
        return answer(Refusal("fault", id=number).reply(), 500)


def settle_collector() -> None:
    """What is here now stays: let the garbage collector pass it over, and come by less often.

    Many short-lived futures and tasks made it a fifth of the CPU.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def told_to_stop() -> asyncio.Event:
    """Set by SIGTERM or SIGINT; a second one ends the process at once."""
    stopping = asyncio.Event()

    def stop() -> None:
        if stopping.is_set():
            os._exit(1)
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    return stopping


async def serve(settings: Settings, *, json_ready: bool, say: Callable[[str], None] = print) -> None:
    """Run until SIGTERM or SIGINT; the first drains. Raises RuntimeError for the town of a demo."""
    stopping = told_to_stop()
    async with running(settings, first=mark.refuse) as server:
        redis = server.ground.redis
        if json_ready:
            say(json.dumps({"url": server.url, "pid": os.getpid(), "redis_pid": redis.pid if redis else None}))
        else:
            say(f"BART serves {server.url}")
        sys.stdout.flush()
        settle_collector()
        await stopping.wait()
        log.info("stopping")
