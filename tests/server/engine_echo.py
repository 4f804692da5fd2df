"""A tiny application on the engine: what a test needs a server for, and nothing of BART's rooms."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from socketio.exceptions import ConnectionRefusedError as Refused

from server import packet
from server.connection import Connection
from server.door import Site
from server.engine import Settings
from server.handshake import HEADER_DEADLINE_S
from server.socketio_server import Server
from tests.server.engine_raw import until

REFUSAL = {"ok": False, "error": {"code": "signed_out", "message": "Sign in again.", "retryable": False}}


Serve = Callable[..., Awaitable["Echo"]]
"""The fixture `serve`: starts an Echo with settings of the engine."""


class Echo:
    """Echoes every event, but for those with a deed of their own (DEEDS). Time passes when a test says so."""

    def __init__(self, settings: Settings) -> None:
        self.now_s = 0.0
        self.sio = Server(settings, self.monotonic, ticking=False)
        self.engine = self.sio.engine
        self.gate = asyncio.Event()  # what "hold" waits for
        self.heard: list[tuple[str, tuple[Any, ...]]] = []
        self.left: list[tuple[str, str]] = []  # sid, reason
        self.port = 0
        self.sio.on("connect", self._connect)
        self.sio.on("disconnect", self._disconnect)
        self.sio.on("*", self._event)

    def monotonic(self) -> float:
        return self.now_s

    async def start(self, header_deadline_s: float = HEADER_DEADLINE_S) -> None:
        app = web.Application()
        self.sio.attach(app)
        self.runner = web.AppRunner(app, access_log=None, keepalive_timeout=header_deadline_s)
        await self.runner.setup()
        await Site(self.runner, self.engine, "127.0.0.1", 0, silence_s=header_deadline_s).start()
        self.port = self.runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop, and demand that nothing of any client is left."""
        self.gate.set()
        await self.runner.cleanup()
        await self.expect_empty()

    async def expect_empty(self) -> None:
        engine = self.engine
        await until(lambda: not engine._tasks)  # they tell that they have ended a turn later
        assert (len(engine.connections), len(engine.deadlines), len(self.sio.manager), len(self.sio.environ)) == (
            (0, 0, 0, 0)
        )
        assert not any(engine._pings._slots)
        assert engine.turn.batch is None
        assert not any(connection.out for connection in engine.turn.dirty)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connections(self) -> list[Connection]:
        return [connection for connection in self.engine.connections.values() if connection.open]

    async def pass_s(self, seconds: float) -> None:
        """Let the engine's time pass, with a turn of the loop in each tick."""
        for _ in range(round(seconds / self.engine.settings.tick_s)):
            self.now_s += self.engine.settings.tick_s
            self.engine.tick()
            await asyncio.sleep(0)

    def tell_all(self, name: str, payload: dict[str, Any]) -> None:
        self.engine.turn.fan_out(self.connections(), packet.event_frame(name, payload))

    # The application --------------------------------------------------------------------------------------------

    async def _connect(self, sid: str, _environ: dict[str, Any], auth: dict[str, Any] | None) -> None:
        wish = (auth or {}).get("wish")
        if wish == "refuse":
            raise Refused("Sign in again.", REFUSAL)
        if wish == "break":
            raise KeyError("secret of the house")
        if wish == "welcome":
            self._connection(sid).send(packet.event_frame("welcome", {"auth": auth}))
        if wish == "hold":
            await self.gate.wait()
        self._connection(sid).state = auth

    async def _disconnect(self, sid: str, reason: str) -> None:
        assert self.sio.connection(sid) is not None
        self.left.append((sid, reason))

    async def _event(self, name: str, sid: str, *arguments: Any) -> Any:
        self.heard.append((name, arguments))
        deed = DEEDS.get(name)
        if deed is not None:
            return await deed(self, sid, *arguments)
        return {"ok": True, "name": name, "arguments": list(arguments)}

    def _connection(self, sid: str) -> Connection:
        connection = self.sio.connection(sid)
        assert connection is not None
        return connection

    async def hold(self, _sid: str, *_arguments: Any) -> dict[str, Any]:
        await self.gate.wait()
        return {"ok": True}

    async def boom(self, _sid: str, *_arguments: Any) -> None:
        raise KeyError("secret of the house")

    async def strange(self, _sid: str, *_arguments: Any) -> set[int]:
        return {1}

    async def two(self, _sid: str, *_arguments: Any) -> tuple[int, int]:
        return (1, 2)

    async def tell(self, _sid: str, count: int) -> dict[str, Any]:
        """*count* events to everybody, numbered, and then the answer."""
        for number in range(count):
            self.tell_all("told", {"number": number})
        return {"ok": True, "told": count}

    async def ask_back(self, sid: str, *_arguments: Any) -> Any:
        return await self.sio.call("asked", {"bytes": b"\x00\xff"}, to=sid)

    async def kick(self, sid: str, *_arguments: Any) -> None:
        await self.sio.disconnect(sid)


DEEDS = {
    "hold": Echo.hold,
    "boom": Echo.boom,
    "strange": Echo.strange,
    "two": Echo.two,
    "tell": Echo.tell,
    "ask_back": Echo.ask_back,
    "kick": Echo.kick,
}
