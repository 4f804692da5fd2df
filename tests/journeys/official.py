"""A neighbour whose client is npm's own socket.io-client, in Node: the same face, the same stories."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from tests.neighbour import PATIENCE_S, Neighbour
from tests.server.engine_clients import Fact, JsClient


class OfficialNeighbour(Neighbour):
    """Joins and signs in as any neighbour; talks through the official client, which reconnects by itself.

    drops: for every end of a connection, whether the client means to come back. refusals: [message, data] of each
    connection that was refused.
    """

    def __init__(self, node: str, url: str, name: str, settle: Any = None) -> None:
        super().__init__(url, name, settle)
        self._node = node
        self._official: JsClient | None = None
        self._asked: deque[asyncio.Future[dict[str, Any]]] = deque()
        self._reading: asyncio.Task[None] | None = None
        self.connects = 0
        self.drops: list[bool] = []
        self.refusals: list[list[Any]] = []

    async def connect(self, cursors: dict[str, Any] | None = None) -> Neighbour:
        """A new client in a new Node, welcomed."""
        await self.open({"token": self.token, **({} if cursors is None else {"cursors": cursors})})
        self.welcome = await self.expect("welcome")
        return self

    async def resume(self) -> Neighbour:
        return await self.connect(self.cursors())

    async def open(self, auth: Any) -> None:
        """A new client in a new Node, which may be refused."""
        await self.close()
        self.unread.clear()
        self._official = JsClient(self._node)
        await self._official.start()
        self._reading = asyncio.create_task(self._read(self._official))
        self._official.open(self.url, auth)

    async def ask(self, name: str, payload: Any) -> dict[str, Any]:
        assert self._official is not None
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)  # one connection's commands are answered in their order
        self._official.ask(name, payload)
        return await asyncio.wait_for(answer, PATIENCE_S)

    async def seen(self, facts: list[Any]) -> None:
        """Wait until there is one of these: drops or refusals."""
        async with asyncio.timeout(PATIENCE_S), self._changed:
            while not facts:
                await self._changed.wait()

    async def _read(self, official: JsClient) -> None:
        while True:
            await self._fact(await official._facts.get())

    async def _fact(self, fact: Fact) -> None:
        match fact:
            case ["event", name, [payload]]:
                await self._take(name, payload)
            case ["answer", _, [reply]]:
                self._asked.popleft().set_result(reply)
            case ["connect"]:
                self.connects += 1
            case ["disconnect", returns]:
                await self._note(self.drops, returns)
            case ["connect_error", *what]:
                await self._note(self.refusals, what)

    async def _note(self, facts: list[Any], fact: Any) -> None:
        async with self._changed:
            facts.append(fact)
            self._changed.notify_all()

    @property
    def connected(self) -> bool:
        return self._official is not None

    async def close(self) -> None:
        await super().close()
        if self._official is not None and self._reading is not None:
            self._official.leave()
            await self._official.stop()
            self._reading.cancel()
            self._official = None
