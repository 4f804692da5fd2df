"""One officer to everybody: a signed alert to thousands of sockets, and a text of the same size through a peer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgpack
import msgspec
import socketio

from rooms import log, session, staff
from rooms.person import Organisation, Role
from rooms.town import Town
from server.ground import open_town
from server.settings import Settings
from tests.load import crowd
from tests.load.bench import Bench, Figures, deliveries
from tests.load.client import LoadClient
from tests.load.crowd import Member
from tests.load.rows import room_of
from tests.load.servers import Server
from tests.town import PlainPasswords

PEER, ROW = "node-msgpack", "alert"
HEAR_S, ANSWER_S = 60, 60
DEVICE = "load-officer"
SAYS: dict[str, Any] = {
    "headline": "Grote brand in een loods", "severity": "moderate", "urgency": "immediate", "certainty": "observed",
    "category": "fire", "instruction": "Houd ramen en deuren dicht en blijf binnen.",
    "text": "Een loods staat in brand. De rook trekt naar het noorden. De brandweer is ter plaatse. " * 5,
}  # fmt: skip
Send = Callable[[], Awaitable[None]]


class Officer:
    """Of the whole town, with a real socket. home: the neighbourhood that is alerted."""

    def __init__(self, socket: socketio.AsyncClient, home: str) -> None:
        self._socket, self._home = socket, home
        self._count, self._preview, self.alert = 0, "", ""

    async def look(self) -> None:
        self._preview = (await self._ask("alert.preview", {**SAYS, "places": [self._home]}))["preview"]

    async def broadcast(self) -> None:
        self.alert = (await self._command("alert.broadcast", preview=self._preview))["alert"]

    async def clear(self) -> None:
        await self._command("alert.clear", alert=self.alert)

    async def _command(self, name: str, **fields: str) -> dict[str, Any]:
        self._count += 1
        return await self._ask(name, {**fields, "client_id": f"{DEVICE}:{self._count}"})

    async def _ask(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Raises RuntimeError where it is refused."""
        reply: dict[str, Any] = await self._socket.call(name, payload, timeout=ANSWER_S)
        if not reply["ok"]:
            raise RuntimeError(f"{name}: {reply['error']['code']}")
        return reply


async def alerts(bench: Bench) -> None:
    """How long it takes until the last of all has it, from the officer's command on: of BART with the record, the
    signature, the log and the fsyncs between, of the peer without any of that."""
    size = max(bench.options.sizes)
    entry_bytes = await _through_bart(bench, size)
    if PEER in bench.options.servers:
        await _through_the_peer(bench, size, entry_bytes)


async def _through_bart(bench: Bench, size: int) -> int:
    """Returns how many bytes the entry of such an alert has."""
    people = [_in_both(member) for member in bench.crowds[room_of(size)]]
    home = people[0].second_room
    async with bench.serving("bart") as server:
        assert server is not None
        async with open_town(Settings(data=str(bench.data)), default=False) as ground:
            auth = {"token": await _hired(ground.town)}
            async with bench.client(server, people) as client, _socket(server, auth) as socket:
                officer = Officer(socket, home)
                await bench.come(client, size)

                async def once() -> Figures:
                    await officer.look()
                    figures = await _measured(bench, server, client, officer.broadcast)
                    await _measured(bench, server, client, officer.clear)  # what is in force is told to who comes
                    return figures

                await bench.repeated(ROW, server.name, once)
            return await _entry_bytes(ground.town, home)


def _in_both(member: Member) -> Member:
    """With the room of the neighbourhood, in which an alert to all of it comes."""
    return msgspec.structs.replace(member, second_room=member.room.partition(":")[0])


async def _hired(town: Town) -> str:
    """The token of an officer of the whole town."""
    area = next(place.id for place in town.places if place.kind == "municipality")
    hired = await staff.add(
        town, PlainPasswords(), "Officier Lading", Role.OFFICER, Organisation.POLICE, (area,), crowd.NO_PASSWORD * 20
    )
    return await session.begin(town, hired.person.id, DEVICE)


async def _entry_bytes(town: Town, home: str) -> int:
    head, _ = await crowd.head_of(town, home)
    entries = await log.between(town.store, home, 1, head)
    return max(len(msgpack.packb(entry.wire())) for entry in entries if entry.name == "alert.broadcast")


async def _through_the_peer(bench: Bench, size: int, entry_bytes: int) -> None:
    text = "x" * entry_bytes
    async with bench.serving(PEER) as server:
        if server is None:
            return
        async with bench.client(server, room_of(size)) as client, _socket(server, None) as socket:
            await bench.come(client, size)

            async def once() -> Figures:
                figures = await _measured(bench, server, client, lambda: socket.emit("message", text))
                return {**figures, "answer_ms": 0}

            await bench.repeated(ROW, server.name, once)


@asynccontextmanager
async def _socket(server: Server, auth: dict[str, str] | None) -> AsyncIterator[socketio.AsyncClient]:
    """Somebody who is none of the load client's."""
    socket = socketio.AsyncClient(serializer="msgpack", reconnection=False)
    await socket.connect(f"http://127.0.0.1:{server.port}", auth=auth, transports=["websocket"])
    try:
        yield socket
    finally:
        await socket.disconnect()


async def _measured(bench: Bench, server: Server, client: LoadClient, send: Send) -> Figures:
    """first_ms, last_ms: from sending to the first and the last delivery; answer_ms: to the end of *send*, which of a
    peer is no answer."""
    await client.do("listen", 1)
    measuring = asyncio.create_task(bench.measured(server, client, deliveries, "heard", HEAR_S))
    await asyncio.sleep(0)  # it looks at the clocks first
    sent_ns = time.monotonic_ns()
    await send()
    answered_ns = time.monotonic_ns()
    figures = await measuring
    first_ns, last_ns = figures.pop("first_ns", sent_ns), figures.pop("last_ns", sent_ns)
    for of_nothing in ("p50_ms", "p99_ms", "per_s", "sent"):
        del figures[of_nothing]
    return {
        "last_ms": (last_ns - sent_ns) / 1e6, "first_ms": (first_ns - sent_ns) / 1e6,
        "answer_ms": (answered_ns - sent_ns) / 1e6, **figures,
    }  # fmt: skip
