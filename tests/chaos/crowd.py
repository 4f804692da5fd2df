"""The people of a run: who lives where, what they say and warn of, when they call and move."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import cycle, islice
from random import Random
from typing import Any

import msgspec

from rooms import letter
from rooms.place import Place, Places
from rooms.town import Town
from tests.chaos.client import Client
from tests.chaos.history import History
from tests.chaos.servers import Servers
from tests.chaos.staff_crowd import Moderator, Team, arranged, hire

HOUSEHOLD = 50
LETTERS = 100  # for moving, per street
OUTBOX = 3  # who has so many waiting in a room says nothing more there
REACTIONS = ("thumbs_up", "heart", "thanks", None)
SAYS = (*["post"] * 156, *["react", "edit", "retract"] * 9, *["answer"] * 11, *["warn"] * 3, "correct", "clear",
        "take_back")  # fmt: skip
KINDS = ("nuisance", "suspicious", "vandalism", "traffic", "fire")
ANSWERS = ("see", "not_here", "over", "over", None)
EXPELLED = 10  # of so many at most one
TICK_S = 0.02


class Home(msgspec.Struct, frozen=True):
    """A street to live in. rooms: those of its residents; codes: each good for 50; letters: each good for one move."""

    rooms: tuple[str, ...]
    codes: tuple[str, ...]
    letters: list[str]


class Crowd:
    """All clients, and the streets they live in. trespass: how often somebody speaks in any room at all; works: with
    staff, whom the neighbours call and who take measures; tag: makes the names those of this run."""

    def __init__(
        self,
        servers: Servers,
        history: History,
        rng: Random,
        *,
        fills: bool = True,
        trespass: float = 0,
        works: bool = False,
        tag: str = "",
    ) -> None:
        self.clients: list[Client] = []
        self.team = Team([], [])
        self.rooms: tuple[str, ...] = ()
        self._servers, self._history, self._rng, self._fills = servers, history, rng, fills
        self._trespass, self._works, self._tag = trespass, works, tag
        self._settled: set[Client] = set()  # these don't move: somebody measures them
        self._expelled = 0
        self._homes: list[Home] = []
        self._moving: dict[Client, asyncio.Task[None]] = {}

    async def gather(self, clients: int, rooms: int) -> None:
        """Make so many people at home in so many rooms, and wait until all are connected."""
        town = await self._servers.town()
        try:
            streets = _streets(town.places, rooms)
            self._homes = [await _home(town, street, 1 + clients // HOUSEHOLD) for street in streets]
            self.rooms = tuple(sorted({room for home in self._homes for room in home.rooms}))
            if self._works:
                self.team = await hire(town, self._tag, self._rest)
                grounds = await arranged(town, self.rooms)
                for moderator in self.team.moderators:
                    await moderator.come_in(grounds)
        finally:
            await town.store.close()
        for number, home in enumerate(islice(cycle(self._homes), clients), 1):
            client = Client(f"Buur{self._tag} {number}", *self._rest(), fills=self._fills)
            self.clients.append(client)
            await client.join(home.codes[number // len(self._homes) // HOUSEHOLD])
        async with asyncio.timeout(60):
            for client in self.clients:
                await client.connected.wait()

    def _rest(self) -> tuple[Any, ...]:
        return self._servers.urls, self._history, Random(self._rng.random())

    # a day in town -------------------------------------------------------------------------------

    async def talk(self, per_s: float, moves_per_s: float, calls_per_s: float = 0) -> None:
        """Say about so much a second, and move now and then, until cancelled. calls_per_s: to the police; as many
        measures are taken."""
        owed = 0.0
        while True:
            owed = min(owed + per_s * TICK_S, per_s)
            while owed >= 1:
                owed -= 1
                self._say(self._rng.choice(self.clients))
            if self._rng.random() < moves_per_s * TICK_S:
                self._move(self._rng.choice(self.clients))
            if self._works and self._rng.random() < calls_per_s * TICK_S:
                self._call(self._rng.choice(self.clients))
            if self._works and self._rng.random() < calls_per_s * TICK_S:
                self._measure(*self._rng.sample(self.team.moderators, 2))
            await asyncio.sleep(TICK_S)

    def _say(self, client: Client) -> None:
        trespasses = self._rng.random() < self._trespass
        room = self._rng.choice(self.rooms if trespasses else client.rooms)
        if len(client.outboxes.get(room, ())) >= OUTBOX:
            return
        what = self._rng.choice(SAYS)
        if what in ("answer", "correct", "clear", "take_back"):
            target = client.warning(room, is_mine=what != "answer")
        else:
            target = client.may_react(room) if what == "react" else client.may_change(room)
        if target is None and what != "warn":
            what = "post"
        name, fields = self._words(what)
        client.say(name, room, **fields, **({} if what in ("post", "warn") else {"target": target}))

    def _words(self, what: str) -> tuple[str, dict[str, Any]]:
        """The command, and what it says beside its target."""
        text, choice = f"Bericht {self._rng.randrange(10**9)}", self._rng.choice
        emergency = "called_by_other"  # answered always, so that no kind wants for it
        said: dict[str, tuple[str, dict[str, Any]]] = {
            "post": ("message.post", {"text": text}),
            "react": ("message.react", {"reaction": choice(REACTIONS)}),
            "edit": ("message.edit", {"text": text}),
            "retract": ("message.retract", {}),
            "warn": ("warning.raise", {"kind": choice(KINDS), "text": text, "emergency": emergency}),
            "answer": ("warning.answer", {"answer": choice(ANSWERS)}),
            "correct": ("warning.correct", {"reason": "Het is anders.", "text": text}),
            "clear": ("warning.clear", {}),
            "take_back": ("warning.retract", {"reason": "Ik had het mis."}),
        }
        return said[what]

    def _call(self, client: Client) -> None:
        room = self._rng.choice(client.rooms)
        if len(client.outboxes.get(room, ())) < OUTBOX:
            told = {"to": "police", "urgency": "urgent", "text": "Er wordt ingebroken.", "emergency": "called"}
            client.say("escalation.raise", room, **told)

    def _measure(self, moderator: Moderator, other: Moderator) -> None:
        """Against an entry, or against its author, who then stays where they live until it is over."""
        room = self._rng.choice(self.rooms)
        holding = moderator.holdings.get(room)
        if holding is None or not holding.messages or len(moderator.outboxes.get(room, ())) >= OUTBOX:
            return
        target, author = self._rng.choice(holding.messages)
        whom = next((one for one in self.clients if one.person == author and room in one.rooms), None)
        what = self._rng.choice(("hide", "mute", "mute", "expel"))
        if what == "hide" or whom is None or whom in self._settled or whom in self._moving:
            moderator.hide(room, target)
            return
        self._settled.add(whom)
        if what == "expel" and self._expelled < len(self.clients) // EXPELLED and len(whom.rooms) > 1:
            self._expelled += 1
            moderator.expel(room, target, whom, other, lambda happened: None if happened else self._release(whom))
        else:
            moderator.mute(room, target, whom, lambda: self._release(whom))

    def _release(self, client: Client) -> None:
        self._settled.discard(client)

    def _move(self, client: Client) -> None:
        """To another street; half of the time the connection is lost in the same moment."""
        home = self._rng.choice(self._homes)
        stays = client in self._moving or client in self._settled
        if stays or not home.letters or set(home.rooms) == set(client.rooms):
            return
        task = asyncio.get_running_loop().create_task(client.move(home.letters.pop(), home.rooms))
        self._moving[client] = task
        task.add_done_callback(lambda _: self._moving.pop(client, None))
        if self._rng.random() < 0.5:
            client.drop()

    # quiet ---------------------------------------------------------------------------------------

    def unanswered(self) -> tuple[str, ...]:
        """client_ids of commands, and names of those who move, that wait for an answer."""
        waiting = [client_id for client in self._everybody() for client_id in client.waiting()]
        return (*waiting, *(f"move of {client.name}" for client in self._moving))

    def holds(self, heads: Mapping[str, int]) -> bool:
        """Whether everybody holds all of their rooms up to these seqs."""
        return all(
            client.connected.is_set() and client.has(room, heads[room])
            for client in self._everybody()
            for room in client.rooms
        )

    def held(self) -> list[str]:
        """The rooms of the run, and the desks that its staff have."""
        return sorted({*self.rooms, *(room for client in self._everybody() for room in client.holdings)})

    def _everybody(self) -> list[Client]:
        return [*self.clients, *self.team.all()]

    async def close(self) -> None:
        for task in list(self._moving.values()):
            task.cancel()
        await asyncio.gather(*(client.close() for client in self._everybody()))


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
