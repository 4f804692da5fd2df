"""The people of a run with cases: neighbours who call, and three on duty, one of each tier, who never answer."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

from rooms import letter, staff
from rooms.person import Organisation, Role
from rooms.place import Place, Places
from rooms.town import Town
from server.sign_in import Argon2
from tests import authenticator
from tests.chaos.cases_check import Ack
from tests.chaos.client import Client, Reply
from tests.chaos.history import History
from tests.chaos.servers import Servers
from tests.town import PASSWORD

STREETS = 8
CALLERS = 40
RAISE = "escalation.raise"
DELIVERED = "page.delivered"
TIERS = {"Buurtagent Bos": "neighbourhood", "Sergeant Prins": "district", "Officier Yilmaz": "municipality"}
"""The kind of place that stands in the jurisdiction of each: in tier 1, 2 and 3 for the first time."""


class Caller(Client):
    """A neighbour who calls the police, and remembers what was answered."""

    def __init__(self, *arguments: Any, street: str) -> None:
        super().__init__(*arguments)
        self.street = street
        self.acks: list[Ack] = []

    def call(self) -> None:
        """Call; repeated under the same client_id until it is answered."""
        self.say(RAISE, self.street, to="police", urgency="urgent", text="Er wordt ingebroken.", emergency="called")

    async def _ask(self, name: str, payload: dict[str, Any]) -> Reply | None:
        reply = await super()._ask(name, payload)
        if name == RAISE and reply is not None and reply["ok"]:
            self.acks.append(Ack(payload["room"], payload["client_id"], reply["seq"], reply["case"]))
        return reply


class OnDuty(Client):
    """Somebody of the police whose device says that it has the page, and who never says more. heard: cases."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.heard: set[str] = set()

    async def go_on_duty(self) -> None:
        """Sign in, stay connected from now on, and go on duty."""
        body = {"name": self.name, "password": PASSWORD, "device": self.device}
        status, answer = await self._post("/api/sign-in", body)
        assert status == 200, answer
        status, answer = await self._post("/api/second-factor", authenticator.shown(self.name, answer))
        assert status == 200, answer
        self._token, self.person = answer["token"], answer["person"]["id"]
        self._spawn(self._stay_connected())
        async with asyncio.timeout(60):
            await self.connected.wait()
            self._count += 1
            await self._insist("duty.start", {"client_id": f"{self.device}:{self._count}"})

    def _take(self, event: str, data: dict[str, Any]) -> None:
        super()._take(event, data)
        pages = [data["case"]] if event == "escalation.paged" else data.get("cases", ()) if event == "welcome" else ()
        for page in pages:
            if page.get("paged") and page["id"] not in self.heard:
                self.heard.add(page["id"])
                self._spawn(self._insist(DELIVERED, {"case": page["id"]}))
                self._called(page)

    def _called(self, page: dict[str, Any]) -> None:
        """Somebody calls. These here never answer."""

    async def _insist(self, name: str, payload: dict[str, Any]) -> Reply:
        """The final answer."""
        while (reply := await self._ask(name, payload)) is None or (not reply["ok"] and reply["error"]["retryable"]):
            await self._pause()
            await self.connected.wait()
        return reply


class CasesCrowd:
    """Everybody of a run."""

    def __init__(self, servers: Servers, history: History, rng: Random) -> None:
        self._servers, self._history, self._rng = servers, history, rng
        self.callers: list[Caller] = []
        self.staff: list[OnDuty] = []
        self.rooms: tuple[str, ...] = ()

    async def gather(self) -> None:
        """Make the accounts, go on duty, move in, and wait until all are connected."""
        town = await self._servers.town()
        try:
            streets = _streets(town.places, self._rng)
            self.rooms = tuple(street.id for street in streets)
            await self._hire(town, streets)
            await self._move_in(town, streets)
        finally:
            await town.store.close()
        async with asyncio.timeout(60):
            for caller in self.callers:
                await caller.connected.wait()

    async def _hire(self, town: Town, streets: list[Place]) -> None:
        argon2 = Argon2()
        for name, kind in TIERS.items():
            places = {place for street in streets for of, place in town.places.line(street.id) if of == kind}
            await staff.add(town, argon2, name, Role.OFFICER, Organisation.POLICE, tuple(sorted(places)), PASSWORD)
            member = OnDuty(name, *self._rest())
            self.staff.append(member)
            await member.go_on_duty()
        argon2.close()

    async def _move_in(self, town: Town, streets: list[Place]) -> None:
        codes = {street.id: (await letter.make(town, street, 1, CALLERS))[0] for street in streets}
        for number in range(CALLERS):
            street = streets[number % len(streets)]
            caller = Caller(f"Buur {number + 1}", *self._rest(), street=street.id)
            self.callers.append(caller)
            await caller.join(codes[street.id])

    def _rest(self) -> tuple[Any, ...]:
        return self._servers.urls, self._history, Random(self._rng.random())

    async def call(self, cases: int, within_s: float) -> None:
        """So many calls, evenly over this time."""
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        for number in range(cases):
            await asyncio.sleep(max(0.0, began_s + number * within_s / cases - loop.time()))
            self.callers[number % len(self.callers)].call()

    def acks(self) -> list[Ack]:
        return [ack for caller in self.callers for ack in caller.acks]

    def unanswered(self) -> list[str]:
        return [client_id for caller in self.callers for client_id in caller.waiting()]

    async def close(self) -> None:
        await asyncio.gather(*(client.close() for client in (*self.callers, *self.staff)))


def _streets(places: Places, rng: Random) -> list[Place]:
    """One in each of so many neighbourhoods."""
    neighbourhoods = [
        place
        for place in places
        if place.kind == "neighbourhood" and any(child.kind == "street" for child in places.children(place.id))
    ]
    return [
        next(child for child in places.children(place.id) if child.kind == "street")
        for place in rng.sample(neighbourhoods, STREETS)
    ]
