"""The people of a run with alerts: a resident in every neighbourhood of the town, and two officers of all of it."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

from rooms import letter, staff
from rooms.person import Organisation, Role
from rooms.place import Place, Places
from rooms.town import Town
from server.sign_in import Argon2
from tests.chaos import history as seen
from tests.chaos.alerts_check import Ack, Device, Entry
from tests.chaos.cases_crowd import OnDuty
from tests.chaos.client import Client, Reply
from tests.chaos.history import History
from tests.chaos.servers import Servers
from tests.rooms.alert_sent import SAYS
from tests.town import PASSWORD

OFFICERS = ("Commissaris Prins", "Commissaris Kok")
HOUSEHOLD = 50
READY_S = 60


class Resident(Client):
    """A neighbour whose device notes every entry of an alert that it takes over, and what came to it once more.

    began: after which seq the device began to note, by room.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.given: list[Entry] = []
        self.again: list[Entry] = []
        self.began: dict[str, int] = {}
        self._pulled: set[str] = set()

    def begin(self) -> None:
        self.began = {room: held.last or 0 for room, held in self.holdings.items()}
        self.given.clear()

    @property
    def is_settled(self) -> bool:
        """Whether it is connected, and knows where it stands in each of its rooms."""
        lasts = [held.last for held in self.holdings.values()]
        return self.connected.is_set() and len(lasts) == len(self.rooms) and None not in lasts

    def device_now(self) -> Device:
        rooms = {room: (after, held.last or 0) for room, after in self.began.items()
                 if (held := self.holdings.get(room))}  # fmt: skip
        return Device(rooms, tuple(self.given), tuple(self.again))

    def _take(self, event: str, data: dict[str, Any]) -> None:
        if event == "welcome":
            self._pulled.clear()
        super()._take(event, data)

    def _apply(self, event: str, entry: dict[str, Any], how: seen.How) -> None:
        held = self.holdings.get(entry["room"])
        before = held.last if held else None
        super()._apply(event, entry, how)
        if not event.startswith("alert.") or held is None or before is None:
            return
        if held.last == entry["seq"] != before:
            self.given.append(entry_of(entry["room"], entry["seq"], entry["at"], event, entry["data"]))
        elif how == "event" and entry["seq"] <= before and entry["room"] not in self._pulled:
            self.again.append(entry_of(entry["room"], entry["seq"], entry["at"], event, entry["data"]))

    def _pull(self, room: str) -> None:
        """What is pulled may still be on its way as an event: then it comes twice, and nobody is to blame."""
        self._pulled.add(room)
        super()._pull(room)


class Officer(OnDuty):
    """Of the whole town. acks: what was answered ok; cut: commands that had to be asked again."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.acks: list[Ack] = []
        self.cut = 0

    async def look(self, places: list[str], says: str) -> Reply:
        """The preview of an alert whose text is *says*."""
        return await self._must("alert.preview", {**SAYS, "places": places, "text": says})

    async def broadcast(self, preview: Reply) -> Reply:
        typed = {"code": preview["code"]} if "code" in preview else {}
        return await self.command("alert.broadcast", preview=preview["preview"], **typed)

    async def command(self, name: str, **fields: Any) -> Reply:
        """Asked under one client_id until it is answered, which must be ok."""
        self._count += 1
        return await self._must(name, {"client_id": f"{self.device}:{self._count + 1}", **fields})

    def acknowledged(self, alert: str, kind: str, says: str) -> None:
        self.acks.append(Ack(alert, kind, says))

    async def _must(self, name: str, payload: dict[str, Any]) -> Reply:
        await self.connected.wait()
        reply = await self._ask(name, payload)
        self.cut += not _is_final(reply)
        while not _is_final(reply):
            await self._pause()
            await self.connected.wait()
            reply = await self._ask(name, payload)
        assert reply is not None
        assert reply["ok"], (name, reply)
        return reply


def _is_final(reply: Reply | None) -> bool:
    return reply is not None and (reply["ok"] or not reply["error"]["retryable"])


def entry_of(room: str, seq: int, at: int, event: str, data: dict[str, Any]) -> Entry:
    signed = {name: data[name] for name in ("body", "signature", "key") if name in data}
    return Entry(room=room, seq=seq, at=at, event=event, alert=data["alert"], n=data["n"], **signed)


class AlertsCrowd:
    """Everybody of a run."""

    def __init__(self, servers: Servers, history: History, rng: Random) -> None:
        self._servers, self._history, self._rng = servers, history, rng
        self.residents: list[Resident] = []
        self.officers: list[Officer] = []
        self.town_id = ""
        self.rooms: tuple[str, ...] = ()

    @property
    def author(self) -> Officer:
        return self.officers[0]

    @property
    def approver(self) -> Officer:
        return self.officers[1]

    async def gather(self, residents: int) -> None:
        """Make the accounts, move in, and wait until all know where they stand."""
        town = await self._servers.town()
        try:
            self.town_id = next(place.id for place in town.places if place.kind == "municipality")
            self.rooms = tuple(room.id for room in town.places.rooms() if room.kind in ("street", "neighbourhood"))
            await self._hire(town)
            await self._move_in(town, residents)
        finally:
            await town.store.close()
        async with asyncio.timeout(READY_S):
            while not all(resident.is_settled for resident in self.residents):  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.02)
        for resident in self.residents:
            resident.begin()

    async def _hire(self, town: Town) -> None:
        argon2 = Argon2()
        for name in OFFICERS:
            await staff.add(town, argon2, name, Role.OFFICER, Organisation.POLICE, (self.town_id,), PASSWORD)
            officer = Officer(name, *self._rest())
            self.officers.append(officer)
            await officer.go_on_duty()
        argon2.close()

    async def _move_in(self, town: Town, residents: int) -> None:
        homes = homes_in(town.places)
        codes = {home.id: (await letter.make(town, home, 1, HOUSEHOLD))[0] for home in homes[:residents]}
        for number in range(residents):
            home = homes[number % len(homes)]
            resident = Resident(f"Buur {number + 1}", *self._rest())
            self.residents.append(resident)
            await resident.join(codes[home.id])

    def _rest(self) -> tuple[Any, ...]:
        return self._servers.urls, self._history, Random(self._rng.random())

    def holds(self, heads: dict[str, int]) -> bool:
        """Whether every device holds its rooms up to these seqs."""
        return all(resident.has(room, heads[room]) for resident in self.residents for room in resident.rooms)

    async def close(self) -> None:
        await asyncio.gather(*(client.close() for client in (*self.residents, *self.officers)))


def homes_in(places: Places) -> list[Place]:
    """The first street of each neighbourhood that has one."""
    neighbourhoods = (place for place in places if place.kind == "neighbourhood")
    streets = (places.children(place.id) for place in neighbourhoods)
    return [found[0] for found in streets if found]
