"""aiohttp on uvloop without Socket.IO: a frame made once, and `transport.write` to each. No answer and no check."""

from __future__ import annotations

import asyncio
import json
from typing import cast

import uvloop
from aiohttp import WSMsgType, web

from server.frames import frame

BACKLOG = 4096
members: set[asyncio.WriteTransport] = set()


async def talk(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    transport = cast("asyncio.WriteTransport", request.transport)  # uvloop's own class is none of asyncio's
    members.add(transport)
    try:
        async for message in socket:
            if message.type is WSMsgType.BINARY:
                ready = frame(message.data)
                for member in members:
                    member.write(ready)
    finally:
        members.discard(transport)
    return socket


async def main() -> None:
    app = web.Application()
    app.router.add_get("/", talk)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=BACKLOG).start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
