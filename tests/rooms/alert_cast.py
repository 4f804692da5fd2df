"""What the stories about alerts share: officers who send them, what is sent, and what the rooms were given."""

from __future__ import annotations

from typing import Any

import msgspec

from rooms import alert_due, log
from rooms import alert_record as record
from rooms import staff as staff_accounts
from rooms.alert_chain import Alert
from rooms.event import Entry
from rooms.person import Organisation, Role
from rooms.town import Town
from tests.rooms.voice import Voice
from tests.town import ESCAMP, MOERWIJK_WEST, PASSWORD, MovedClock, PlainPasswords

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
EAST = "GM0518.leidschenveen-ypenburg"
STAFF: dict[str, tuple[Role, Organisation, tuple[str, ...]]] = {
    "Officer Vega": (Role.OFFICER, Organisation.POLICE, (ESCAMP,)),
    "Officer Kok": (Role.OFFICER, Organisation.POLICE, (ESCAMP,)),
    "Officer Yilmaz": (Role.OFFICER, Organisation.POLICE, (EAST,)),
    "Chief Prins": (Role.OFFICER, Organisation.POLICE, ("GM0518",)),
    "Chief Dekker": (Role.OFFICER, Organisation.POLICE, ("GM0518",)),
    "Moderator Smit": (Role.MODERATOR, Organisation.POLICE, (ESCAMP,)),
    "Moderator Bakker": (Role.MODERATOR, Organisation.MUNICIPALITY, (ESCAMP,)),
    "Moderator Visser": (Role.MODERATOR, Organisation.MUNICIPALITY, (ESCAMP,)),
}
"""Two of the district, one of the other end of town, two of the whole town; and moderators of both organisations."""
SMOKE: dict[str, Any] = {
    "places": [MOERWIJK_WEST], "headline": "Rook in Moerwijk", "text": "Een loods staat in brand.",
    "instruction": "Houd ramen en deuren dicht.", "severity": "moderate", "urgency": "immediate",
    "certainty": "observed", "category": "fire",
}  # fmt: skip
GRAVE = {**SMOKE, "severity": "severe"}
ENGLISH = {"language": "en", "headline": "Smoke in Moerwijk", "text": "A shed is on fire."}


class Station:
    """The staff of a town who send alerts, by name, and the hand that moves the clock and its deadlines."""

    def __init__(self, town: Town, clock: MovedClock) -> None:
        self.town, self.clock = town, clock
        self._voices: dict[str, Voice] = {}

    async def voice(self, name: str) -> Voice:
        if name not in self._voices:
            role, organisation, areas = STAFF[name]
            made = await staff_accounts.add(
                self.town, PlainPasswords(), name, role, organisation, areas, PASSWORD, title=name
            )
            self._voices[name] = Voice(self.town, made.person)
        return self._voices[name]

    async def ask(self, name: str, command: str, **payload: Any) -> dict[str, Any]:
        return await (await self.voice(name)).ask(command, **payload)

    async def refused(self, code: str, name: str, command: str, /, **payload: Any) -> dict[str, Any]:
        """The error that the command is answered."""
        reply = await (await self.voice(name)).refused(code, command, **payload)
        return msgspec.convert(reply["error"], dict[str, Any])

    async def send(self, name: str, said: dict[str, Any]) -> dict[str, Any]:
        """Look, and broadcast what was seen."""
        seen = await self.ask(name, "alert.preview", **said)
        code = {"code": seen["code"]} if "code" in seen else {}
        return await self.ask(name, "alert.broadcast", preview=seen["preview"], **code)

    async def alert(self, alert_id: str) -> Alert:
        found = await record.load(self.town, alert_id)
        assert found is not None
        return found

    async def forward(self, **by: float) -> int:
        """Turn the clock, and let what is due happen; returns how many deadlines were."""
        self.clock.forward(**by)  # type: ignore[arg-type]  # ms alone is whole
        return await alert_due.overdue(self.town, self.clock.now_ms())


async def entries(town: Town, room: str) -> list[Entry]:
    """The entries of alerts in a room, in their order."""
    found = await log.between(town.store, room, 1, 10_000)
    return [entry for entry in found if entry.name.startswith("alert.")]


async def chain(town: Town, room: str) -> list[tuple[str, int]]:
    """(name, n) of each."""
    return [(entry.name.removeprefix("alert."), entry.data["n"]) for entry in await entries(town, room)]
