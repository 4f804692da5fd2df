"""Stock python-socketio on aiohttp and uvloop: a room, an event for it, an echo. `python -m tests.load.peers.stock`."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import socketio
import uvloop
from aiohttp import web

BACKLOG = 4096
ROOM = "everybody"
sio = socketio.AsyncServer(async_mode="aiohttp", serializer="msgpack", cors_allowed_origins="*")


async def connect(sid: str, _environ: dict[str, Any], _auth: Any = None) -> None:
    await sio.enter_room(sid, ROOM)


async def message(_sid: str, text: str) -> None:
    await sio.emit("message", text, room=ROOM)


async def echo(_sid: str, text: str) -> str:
    return text


async def main() -> None:
    for handler in (connect, message, echo):
        sio.on(handler.__name__, handler)
    app = web.Application()
    sio.attach(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=BACKLOG).start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
