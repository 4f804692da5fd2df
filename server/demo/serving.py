"""`python -m server.demo.serving`: the server of `bart serve` with a door for the demo's guests. Its child."""

from __future__ import annotations

import asyncio
import json

from server import app
from server.cli_ground import run
from server.demo import child
from server.demo.guests import Guests, links


async def serve() -> None:
    """Serve until the parent has gone. Prints {url, code, links} when connections are accepted."""
    stopping = app.told_to_stop()
    orders, pipe = await child.orders()
    guests = Guests()
    async with app.running(orders.settings, first=guests.come, also=guests.routes) as server:
        found = links(orders.settings, server.url, guests.keys)
        print(json.dumps({"url": server.url, "code": guests.code, "links": found}), flush=True)  # noqa: T201
        app.settle_collector()
        gone = asyncio.ensure_future(child.parent_gone(pipe))
        gone.add_done_callback(lambda _: stopping.set())
        await stopping.wait()


if __name__ == "__main__":
    run(serve())
