"""The people of a run: who lives where, what they say, when they move."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import cycle, islice
from random import Random

import msgspec

from rooms import letter
from rooms.place import Place, Places
from rooms.town import Town
from tests.chaos.client import Client
from tests.chaos.history import History
from tests.chaos.servers import Servers

HOUSEHOLD = 50
LETTERS = 100  # for moving, per street
OUTBOX = 3  # who has so many waiting in a room says nothing more there
REACTIONS = ("thumbs_up", "heart", "thanks", None)
SAYS = ("post",) * 17 + ("react", "edit", "retract")
TICK_S = 0.02


class Home(msgspec.Struct, frozen=True):
    """A street to live in. rooms: those of its residents; codes: each good for 50; letters: each good for one move."""

    rooms: tuple[str, ...]
    codes: tuple[str, ...]
    letters: list[str]


class Crowd:
    """All clients, and the streets they live in. trespass: how often somebody speaks in any room at all."""

    def __init__(
        self, servers: Servers, history: History, rng: Random, *, fills: bool = True, trespass: float = 0
    ) -> None:
        self.clients: list[Client] = []
        self.rooms: tuple[str, ...] = ()
        self._servers, self._history, self._rng, self._fills = servers, history, rng, fills
        self._trespass = trespass
        self._homes: list[Home] = []
        self._moving: dict[Client, asyncio.Task[None]] = {}

    async def gather(self, clients: int, rooms: int) -> None:
        """Make so many people at home in so many rooms, and wait until all are connected."""
        town = await self._servers.town()
        try:
            streets = _streets(town.places, rooms)
            self._homes = [await _home(town, street, 1 + clients // HOUSEHOLD) for street in streets]
        finally:
            await town.store.close()
        self.rooms = tuple(sorted({room for home in self._homes for room in home.rooms}))
        for number, home in enumerate(islice(cycle(self._homes), clients), 1):
            name = f"Buur {number}"
            client = Client(name, self._servers.urls, self._history, Random(self._rng.random()), fills=self._fills)
            self.clients.append(client)
            await client.join(home.codes[number // len(self._homes) // HOUSEHOLD])
        async with asyncio.timeout(60):
            for client in self.clients:
                await client.connected.wait()

    # a day in town -------------------------------------------------------------------------------

    async def talk(self, per_s: float, moves_per_s: float) -> None:
        """Say about so much a second, and move now and then, until cancelled."""
        owed = 0.0
        while True:
            owed = min(owed + per_s * TICK_S, per_s)
            while owed >= 1:
                owed -= 1
                self._say(self._rng.choice(self.clients))
            if self._rng.random() < moves_per_s * TICK_S:
                self._move(self._rng.choice(self.clients))
            await asyncio.sleep(TICK_S)

    def _say(self, client: Client) -> None:
        trespasses = self._rng.random() < self._trespass
        room = self._rng.choice(self.rooms if trespasses else client.rooms)
        if len(client.outboxes.get(room, ())) >= OUTBOX:
            return
        what = self._rng.choice(SAYS)
        target = client.may_react(room) if what == "react" else client.may_change(room)
        text = f"Bericht {self._rng.randrange(10**9)}"
        if what == "post" or target is None:
            client.say("message.post", room, text=text)
        elif what == "react":
            client.say("message.react", room, target=target, reaction=self._rng.choice(REACTIONS))
        elif what == "edit":
            client.say("message.edit", room, target=target, text=text)
        else:
            client.say("message.retract", room, target=target)

    def _move(self, client: Client) -> None:
        """To another street; half of the time the connection is lost in the same moment."""
        home = self._rng.choice(self._homes)
        if client in self._moving or not home.letters or set(home.rooms) == set(client.rooms):
            return
        task = asyncio.get_running_loop().create_task(client.move(home.letters.pop(), home.rooms))
        self._moving[client] = task
        task.add_done_callback(lambda _: self._moving.pop(client, None))
        if self._rng.random() < 0.5:
            client.drop()

    # quiet ---------------------------------------------------------------------------------------

    def unanswered(self) -> tuple[str, ...]:
        """client_ids of commands, and names of those who move, that wait for an answer."""
        waiting = [client_id for client in self.clients for client_id in client.waiting()]
        return (*waiting, *(f"move of {client.name}" for client in self._moving))

    def holds(self, heads: Mapping[str, int]) -> bool:
        """Whether everybody holds all of their rooms up to these seqs."""
        return all(
            client.connected.is_set() and client.has(room, heads[room])
            for client in self.clients
            for room in client.rooms
        )

    async def close(self) -> None:
        for task in list(self._moving.values()):
            task.cancel()
        await asyncio.gather(*(client.close() for client in self.clients))


async def _home(town: Town, street: Place, codes: int) -> Home:
    rooms = tuple(sorted(room.id for room in town.places.rooms_of_resident(street.id)))
    letters = await letter.make(town, street, LETTERS, household=1)
    return Home(rooms, tuple(await letter.make(town, street, codes, HOUSEHOLD)), letters)


def _streets(places: Places, rooms: int) -> list[Place]:
    """Streets whose residents are at home in about so many rooms: one in each neighbourhood, then a second ..."""
    by_neighbourhood = [
        [street for street in places.children(place.id) if street.kind == "street"]
        for place in places
        if place.kind == "neighbourhood"
    ]
    chosen: list[Place] = []
    homes: set[str] = set()
    for turn in range(max(map(len, by_neighbourhood))):
        for streets in by_neighbourhood:
            if turn < len(streets) and (len(homes) < rooms or len(chosen) < 2):
                chosen.append(streets[turn])
                homes |= {room.id for room in places.rooms_of_resident(streets[turn].id)}
    return chosen
