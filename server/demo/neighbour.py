"""One of the demo's people: a real Socket.IO client with a session that was begun for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import socketio
from socketio.exceptions import SocketIOError

from rooms.person import Person
from server.demo.pace import Pace

PATIENCE_S = 10.0
AGAIN_S = 1.0
DELIVERED_S, SEEN_S = 1.5, 15.0
"""After which a device says that an alert has come, and its owner that it is seen."""
SEEN = 0.7
"""Of those who are there."""
Told = Callable[[str, dict[str, Any]], None]


class Neighbour:
    """Somebody with one device. on_event: hears everything that comes, by name; most do not listen."""

    def __init__(
        self, url: str, person: Person, token: str, device: str, pace: Pace, on_event: Told | None = None
    ) -> None:
        self.url, self.person, self._pace = url, person, pace
        self.rooms: tuple[str, ...] = ()
        self._token, self._device, self._count = token, device, 0
        # handle_sigint would take the signal from us and stop the loop before the others are told
        self._client = socketio.AsyncClient(
            serializer="msgpack", logger=False, engineio_logger=False, handle_sigint=False
        )
        self._client.on("welcome", self._welcomed)
        self._client.on("alert.broadcast", self._alerted)
        if on_event is not None:
            self._client.on("*", on_event)
        self._on_event = on_event
        self._is_welcome = asyncio.Event()

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def is_here(self) -> bool:
        return bool(self._client.connected)

    async def come(self) -> None:
        """Connect and wait to be welcome; again for as long as the server does not let anybody in."""
        while not self.is_here:
            with contextlib.suppress(SocketIOError):
                await self._client.connect(self.url, auth={"token": self._token}, transports=["websocket"])
                break
            await asyncio.sleep(AGAIN_S)
        await self._is_welcome.wait()

    async def go(self) -> None:
        """Disconnect, as one who goes to sleep."""
        self._is_welcome.clear()
        await self._client.disconnect()

    def _welcomed(self, welcome: dict[str, Any]) -> None:
        self.rooms = tuple(room["id"] for room in welcome["rooms"])
        self._is_welcome.set()
        if self._on_event is not None:
            self._on_event("welcome", welcome)

    async def _alerted(self, entry: dict[str, Any]) -> None:
        asked = {"alert": entry["data"]["alert"], "room": entry["room"]}
        await self._pace.pause(DELIVERED_S)
        await self.ask("alert.delivered", asked)
        await self._pace.pause(SEEN_S)
        if self._pace.chance.random() < SEEN:
            await self.do("alert.seen", **asked)

    async def do(self, command: str, **payload: Any) -> dict[str, Any]:
        """Ask for a command that changes something, with the same number until it is answered for good; the reply,
        which may be a refusal."""
        self._count += 1
        asked = {**payload, "client_id": f"{self._device}:{self._count}"}
        while True:
            reply = await self.ask(command, asked)
            if reply["ok"] or not reply["error"]["retryable"]:
                return reply
            await asyncio.sleep(reply["error"].get("retry_after_ms", 1000 * AGAIN_S) / 1000)

    async def ask(self, command: str, payload: dict[str, Any]) -> dict[str, Any]:
        """One command and its reply, after a while of no connection too."""
        while True:
            try:
                reply: dict[str, Any] = await self._client.call(command, payload, timeout=PATIENCE_S)
            except SocketIOError:
                await asyncio.sleep(AGAIN_S)
            else:
                return reply

    async def say(self, room: str, text: str, **more: Any) -> int:
        """Post a message; its seq, or 0 where it was refused."""
        return int((await self.do("message.post", room=room, text=text, **more)).get("seq", 0))

    async def write(self, room: str) -> None:
        """Show that one is writing."""
        with contextlib.suppress(SocketIOError):
            await self._client.emit("room.typing", {"room": room})
