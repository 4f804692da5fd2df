"""A street in which everything happens that a timeline can show, over three days: for pictures and for axe."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgpack
import redis.asyncio

from rooms import keys, letter
from server.app import Running, running
from server.settings import Settings
from tests.neighbour import Neighbour
from tests.town import JAN_LUYKENLAAN, MovedClock
from tests.web.called import Called
from tests.web.stage import QUICK_TALK, say_all

LONG = (
    "Vannacht om half drie hoorde ik glas breken aan de kant van het plein. Ik heb 112 gebeld en de politie is komen "
    "kijken, maar er was niemand meer. Let alsjeblieft even op je fiets en op je auto, en laat het hier weten als je "
    "iets hebt gezien.\n\nMijn camera heeft niets opgenomen."
)
ENDLESS = "https://voorbeeld.example/" + "een-heel-lang-adres-zonder-spaties/" * 4
ARABIC = "مرحبا يا جيران، هل انقطعت الكهرباء عندكم أيضا؟"
NEVER_MS = 2**52


class Populated:
    """The street. me: whose window is looked at; there is a message of hers that can still be changed."""

    def __init__(self, server: Running, code: str) -> None:
        self.server, self.code = server, code
        self.me = self._neighbour("Marieke Bloem-van der Laan")
        self.kees = self._neighbour("Kees")
        self.fatma = self._neighbour("Fatma Yıldız")
        self.muted = self._neighbour("Luidruchtige Leo")
        self.called = Called(server)
        self._joined = 0

    @property
    def url(self) -> str:
        return self.server.url

    def another_name(self) -> str:
        """Of somebody who is about to join."""
        self._joined += 1
        return f"Nieuwe buur {self._joined}"

    async def live(self, clock: MovedClock) -> None:
        """Three days of talk, ending now."""
        for neighbour in (self.me, self.kees, self.fatma, self.muted):
            await neighbour.join(self.code)
        await self._day_before_yesterday()
        clock.forward(days=1)
        await self._yesterday()
        clock.forward(days=1)
        await self._today()
        await self._mute(self.muted)
        await self.called.start()

    async def close(self) -> None:
        await self.called.close()
        for neighbour in (self.me, self.kees, self.fatma):
            await neighbour.close()

    async def _day_before_yesterday(self) -> None:
        await self._connected()
        await say_all(self.kees, JAN_LUYKENLAAN, ["Goedemorgen buren.", "Zaterdag vegen we samen de straat.", "👍"])
        await say_all(self.me, JAN_LUYKENLAAN, ["Ik doe mee!", LONG])
        await say_all(self.fatma, JAN_LUYKENLAAN, [f"Praatje nummer {number}" for number in range(1, 41)])

    async def _yesterday(self) -> None:
        await self._connected()
        asked = await self.fatma.say(JAN_LUYKENLAAN, "Is het licht bij jullie ook uit?")
        await self.kees.say(JAN_LUYKENLAAN, "Ja, de hele straat is donker.", reply_to=asked)
        await self.me.say(JAN_LUYKENLAAN, ARABIC, reply_to=asked)
        meant = await self.kees.say(JAN_LUYKENLAAN, "De storing duurt tot drie uur.")
        await self._change(self.kees, "message.edit", meant, text="De storing duurt tot vier uur.")
        taken_back = await self.fatma.say(JAN_LUYKENLAAN, "verkeerde ruimte")
        await self._change(self.fatma, "message.retract", taken_back)
        await self.kees.say(JAN_LUYKENLAAN, ENDLESS)
        for neighbour, reaction in ((self.me, "thanks"), (self.fatma, "thanks"), (self.kees, "laugh")):
            await self._change(neighbour, "message.react", meant, reaction=reaction)

    async def _today(self) -> None:
        await self._connected()
        await say_all(self.kees, JAN_LUYKENLAAN, ["Er staat een witte bus half op de stoep.", "Van wie is die?"])
        mine = await self.me.say(JAN_LUYKENLAAN, "Van mij, ik zet hem zo weg.")
        await self._change(self.fatma, "message.react", mine, reaction="heart")

    async def _connected(self) -> None:
        """Time has moved since they came: the leases of their connections are over."""
        for neighbour in (self.me, self.kees, self.fatma):
            await neighbour.connect()

    async def _change(self, neighbour: Neighbour, command: str, target: int, **more: str) -> None:
        payload = {"room": JAN_LUYKENLAAN, "client_id": neighbour.next_id(), "target": target, **more}
        reply = await neighbour.ask(command, payload)
        assert reply["ok"], reply

    async def _mute(self, neighbour: Neighbour) -> None:
        """As a moderator will; what they write is refused for good."""
        assert self.server.ground.redis is not None
        store = redis.asyncio.Redis.from_url(self.server.town.store.url)
        members = keys.room_keys(JAN_LUYKENLAAN).members
        record = msgpack.unpackb(await store.hget(members, neighbour.id))
        await store.hset(members, neighbour.id, msgpack.packb({**record, "muted_until": NEVER_MS}))
        await store.aclose()

    def _neighbour(self, name: str) -> Neighbour:
        return Neighbour(self.server.url, name)


@asynccontextmanager
async def populated(folder: Path) -> AsyncIterator[Populated]:
    """The street, lived in, with a server of its own in this process."""
    clock = MovedClock()
    clock.forward(days=-2)
    limits = {name.removeprefix("BART_").lower(): value for name, value in QUICK_TALK.items()}
    settings = Settings(port=0, data=str(folder), drain_s=1, log_level="warning", **limits)
    async with running(settings, clock=clock) as server:
        place = server.town.places.get(JAN_LUYKENLAAN)
        assert place is not None
        (code,) = await letter.make(server.town, place, 1, household=50)
        town = Populated(server, code)
        await town.live(clock)
        yield town
        await town.close()
