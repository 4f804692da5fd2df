"""People who go on through kills: a writer that repeats until it is answered, and a reader that resumes."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import socketio

from tests.neighbour import Neighbour

AGAIN_S = 0.05
GONE = (socketio.exceptions.SocketIOError, aiohttp.ClientError, TimeoutError, OSError)


class Writer:
    """Somebody who says *count* things one after the other, each until it is answered `ok`.

    answered: seq by client_id. sent: every client_id with its text, in the order in which they were first sent.
    """

    def __init__(self, neighbour: Neighbour, room: str, count: int) -> None:
        self.neighbour, self._room, self._count = neighbour, room, count
        self.answered: dict[str, int] = {}
        self.sent: dict[str, str] = {}

    async def run(self) -> None:
        for number in range(self._count):
            client_id, text = self.neighbour.next_id(), f"{self.neighbour.name} {number}"
            self.sent[client_id] = text
            self.answered[client_id] = await self.until_answered(client_id, text)

    async def until_answered(self, client_id: str, text: str) -> int:
        while True:
            try:
                if not self.neighbour.client.connected:
                    await self.neighbour.resume()
                reply = await self._ask({"room": self._room, "client_id": client_id, "text": text})
            except GONE:
                await asyncio.sleep(AGAIN_S)
                continue
            if reply["ok"]:
                return int(reply["seq"])
            assert reply["error"]["retryable"], reply
            await asyncio.sleep(reply["error"].get("retry_after_ms", 0) / 1000)

    async def _ask(self, command: dict[str, Any]) -> dict[str, Any]:
        """The reply, or that the connection has ended: then none will come."""
        asking = asyncio.create_task(self.neighbour.ask("message.post", command))
        ending = asyncio.create_task(self.neighbour.dropped.wait())
        await asyncio.wait((asking, ending), return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            ending.cancel()
            return asking.result()
        asking.cancel()
        raise ConnectionResetError


class Reader:
    """Somebody who reads along, resumes after every loss, and pulls what a page left out.

    applied: the entries of one room in the order in which they were taken, each once or the test fails.
    """

    def __init__(self, neighbour: Neighbour, room: str) -> None:
        self.neighbour, self._room = neighbour, room
        self.applied: list[dict[str, Any]] = []
        self.begin = neighbour.cursors()[room][1]

    async def run(self, until_text: str) -> None:
        """Read until somebody says this."""
        while not self.applied or self.applied[-1]["data"].get("text") != until_text:
            try:
                if not self.neighbour.client.connected:
                    await self._resume()
                await self._take(await asyncio.wait_for(self.neighbour.any_entry(self._room), AGAIN_S))
            except GONE:
                continue

    @property
    def last(self) -> int:
        return self.applied[-1]["seq"] if self.applied else self.begin

    async def _resume(self) -> None:
        epoch = self.neighbour.room(self._room)["epoch"]
        await self.neighbour.connect({self._room: [epoch, self.last]})

    async def _take(self, entry: dict[str, Any]) -> None:
        """An entry at the next number is applied; what lies between is pulled first; nothing comes twice."""
        if entry["seq"] > self.last + 1:
            self.applied += await self.neighbour.pull(self._room, self.last)
        elif entry["seq"] == self.last + 1:
            self.applied.append(entry)
