"""Calls for help in every state, for pictures and for axe: each in a street of its own, with an asker of its own.

The residents' views are set in Escamp, where an officer is on duty for them; the desk is that of the other district,
so that its queue holds what its own view has put there and nothing else. The municipality has nobody on duty.
"""

from __future__ import annotations

import itertools
from typing import Any

from rooms import letter
from rooms import staff as staff_accounts
from rooms.person import Organisation, Role
from server.app import Running
from tests.neighbour import Neighbour
from tests.town import ESCAMP, JAN_LUYKENLAAN, PASSWORD

YPENBURG = "GM0518.leidschenveen-ypenburg"
STAFF = {"Officer Vega": (ESCAMP, "Wijkagent Moerwijk"), "Officer Yilmaz": (YPENBURG, "Wijkagent Ypenburg"),
         "Officer Daalder": (YPENBURG, "Hoofdagent")}  # fmt: skip
"""Of the police: whose district, and what others read."""
GROUND = "Twee jongens voelen bij alle deuren. Ze lopen nu richting het plein."


class Called:
    """Who calls and who is called. vega answers in Escamp; yilmaz's desk is looked at, daalder is a colleague there."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.vega, self.yilmaz, self.daalder = (Neighbour(server.url, name) for name in STAFF)
        self._streets = {district: itertools.cycle(self._streets_of(district)) for district in (ESCAMP, YPENBURG)}
        self._codes: dict[str, str] = {}
        self._number = itertools.count(1)
        self._open: list[tuple[Neighbour, str]] = []
        self._askers: list[Neighbour] = []

    async def start(self) -> Called:
        for member, (district, title) in zip(self.staff, STAFF.values(), strict=True):
            await staff_accounts.add(
                self.server.town, self.server.argon2, member.name, Role.OFFICER, Organisation.POLICE, (district,),
                PASSWORD, title=title,
            )  # fmt: skip
            await (await member.sign_in()).connect()
            await self.duty(member, on=True)
        return self

    @property
    def staff(self) -> tuple[Neighbour, ...]:
        return self.vega, self.yilmaz, self.daalder

    async def close(self) -> None:
        for person in (*self.staff, *self._askers):
            await person.close()

    async def duty(self, member: Neighbour, *, on: bool) -> None:
        await done(member, "duty.start" if on else "duty.stop", {})

    async def asker(self, district: str = ESCAMP, street: str = "", name: str = "Sanne de Wit") -> Neighbour:
        """Somebody who lives in this street, or in the district's next one; connected. name: a number is put behind."""
        street = street or next(self._streets[district])
        place = self.server.town.places.get(street)
        assert place is not None
        if street not in self._codes:
            (self._codes[street],) = await letter.make(self.server.town, place, 1, household=50)
        neighbour = Neighbour(self.server.url, f"{name} {next(self._number)}")
        self._askers.append(neighbour)
        return await (await neighbour.join(self._codes[street])).connect()

    async def call(self, asker: Neighbour, **more: Any) -> str:
        """The police, soon, from the own street; the case."""
        said = {"room": asker.person["street"]["id"], "to": "police", "urgency": "soon", "text": GROUND,
                "emergency": "not_urgent"}  # fmt: skip
        case = str((await done(asker, "escalation.raise", {**said, **more}))["case"])
        self._open.append((asker, case))
        return case

    async def of(self, who: Neighbour, deed: str, case: str, **more: Any) -> None:
        await done(who, f"escalation.{deed}", {"case": case, **more})

    async def clear(self) -> None:
        """Nothing is open any more that was called before: who owns it closes it."""
        for asker, case in self._open:
            outcome = {"case": case, "outcome": "advice", "text": "Het is opgelost."}
            for owner in self.staff:
                await tried(owner, "escalation.resolve", outcome)
            await tried(asker, "escalation.withdraw", {"case": case})
        self._open.clear()

    def _streets_of(self, district: str) -> list[str]:
        return sorted(self.server.town.places.streets_in([district]) - {JAN_LUYKENLAAN})


async def tried(who: Neighbour, command: str, payload: dict[str, Any]) -> dict[str, Any]:
    return await who.ask(command, {**payload, "client_id": who.next_id()})


async def done(who: Neighbour, command: str, payload: dict[str, Any]) -> dict[str, Any]:
    """What must be carried out; its reply."""
    reply = await tried(who, command, payload)
    assert reply["ok"], reply
    return reply
