"""Servers as a fault wants them: on a folder that it chose, each with variables of its own; and people who talk."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import aiohttp

from tests.chaos.checker import check
from tests.chaos.client import Client
from tests.chaos.crowd import Crowd
from tests.chaos.history import History, Ok, QuietBegan, QuietEnded, Unknown
from tests.chaos.logs import read_heads, read_logs
from tests.chaos.servers import ChaosServer, Servers

CALL = {"to": "police", "urgency": "urgent", "text": "Er wordt ingebroken.", "emergency": "called"}
OUTBOX = 2
ANSWERED_S, CONVERGED_S = 60.0, 60.0
POLL_S = 0.02


class FaultServers(Servers):
    """environs: more variables, one mapping per server; data: the data folder, one of its own where not given."""

    def __init__(self, environs: Sequence[Mapping[str, str]], data: Path | None = None) -> None:
        super().__init__(0, data=data)
        self.all = [
            ChaosServer(self._data, self._folder / f"{index}.log", environ=environ)
            for index, environ in enumerate(environs)
        ]

    @property
    def data(self) -> Path:
        return self._data

    async def health(self, path: str = "/readyz") -> dict[str, Any]:
        """What the first server says of itself."""
        async with aiohttp.ClientSession() as http, http.get(self.all[0].proxy.url + path) as answer:
            body: dict[str, Any] = await answer.json()
            return body

    async def figures(self, name: str) -> list[float]:
        """One of the figures, of each server."""
        return [await _figure(server.proxy.url, name) for server in self.all]


class Talk:
    """People who talk as fast as they are answered, and one who only calls the police when told to."""

    def __init__(self, servers: FaultServers, seed: float, *, text: str = "Bericht") -> None:
        self.history = History()
        self.servers, self._text = servers, text
        self.crowd = Crowd(servers, self.history, Random(seed), trespass=0)
        self._talking: asyncio.Task[None] | None = None

    async def gather(self, clients: int, rooms: int) -> None:
        await self.crowd.gather(clients + 1, rooms)

    @property
    def caller(self) -> Client:
        return self.crowd.clients[-1]

    @property
    def acknowledged(self) -> int:
        return self.history.counts["Ok"]

    def begin(self) -> None:
        self._talking = asyncio.get_running_loop().create_task(self._talk())

    async def _talk(self) -> None:
        while True:
            for client in self.crowd.clients[:-1]:
                for room in client.rooms:
                    if len(client.outboxes.get(room, ())) < OUTBOX:
                        client.say("message.post", room, text=self._text)
            await asyncio.sleep(POLL_S)

    async def end(self) -> None:
        if self._talking is not None:
            self._talking.cancel()
            await asyncio.gather(self._talking, return_exceptions=True)
            self._talking = None

    def call(self) -> None:
        """Call the police from the caller's own street."""
        street = max(self.caller.rooms, key=len)
        self.caller.say("escalation.raise", street, **CALL)

    def codes(self, since: int) -> Counter[str]:
        """Why commands were not carried out, among the records from this place on."""
        return Counter(one.why for one in self.history.records[since:] if isinstance(one, Unknown))

    async def until_answered(self, within_s: float) -> float | None:
        """Seconds until the next acknowledgement of anybody; None where none came in time."""
        began_s, before = monotonic(), self.acknowledged
        while self.acknowledged == before:
            if monotonic() - began_s > within_s:
                return None
            await asyncio.sleep(POLL_S)
        return monotonic() - began_s

    async def settle(self) -> None:
        """Nobody says anything new; what waits is answered, and everybody is given everything, or the time is over."""
        await self.end()
        await within(ANSWERED_S, lambda: not self.crowd.unanswered())
        heads = await asyncio.to_thread(read_heads, self.servers.redis_url, self.crowd.rooms)
        self.history.note(QuietBegan, "", self.crowd.unanswered(), heads)
        await within(CONVERGED_S, lambda: self.crowd.holds(heads))
        self.history.note(QuietEnded, "")

    async def violations(self) -> list[str]:
        """What the checker finds in all that was seen, by the logs as they are now. An officer who alerts a room is no
        neighbour of it."""
        records = list(self.history.records)  # first: a deadline may add to the logs at any time
        logs = await asyncio.to_thread(read_logs, self.servers.redis_url, self.crowd.rooms)
        found = check(records, logs)
        return [str(one) for one in found if not (one.rule == "stranger" and one.facts.startswith("alert."))]

    def was_acknowledged(self, client_id: str) -> bool:
        return any(isinstance(one, Ok) and one.client_id == client_id for one in self.history.records)


async def _figure(url: str, name: str) -> float:
    async with aiohttp.ClientSession() as http, http.get(url + "/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith(f"{name} "))


async def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Wait until it holds; False where the time was over before."""
    give_up_s = monotonic() + seconds
    while not holds():
        if monotonic() > give_up_s:
            return False
        await asyncio.sleep(POLL_S)
    return True
