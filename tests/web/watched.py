"""A town that is watched: talk in many rooms, calls, warnings, somebody inside; for the stories of the board."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from rooms import letter
from rooms import staff as staff_accounts
from rooms.activity import HOUR, IN_MINUTE, minute_of
from rooms.keys import room_keys
from rooms.person import Organisation, Role
from rooms.place import Place
from server.app import Running, running
from server.settings import Settings
from tests.neighbour import Neighbour
from tests.town import BETJE_WOLFFSTRAAT, ESCAMP, JAN_LUYKENLAAN, MOERWIJK_WEST, PASSWORD, MovedClock
from tests.web.called import done
from tests.web.stage import QUICK_TALK

THE_HAGUE = "GM0518"
SECRET = "Dit gesprek leest niemand mee"
SEED = 20261124
STAFF: dict[str, tuple[Role, Organisation, str, str]] = {
    "Moderator Smit": (Role.MODERATOR, Organisation.POLICE, THE_HAGUE, "Moderator politie"),
    "Moderator Bakker": (Role.MODERATOR, Organisation.MUNICIPALITY, THE_HAGUE, "Moderator gemeente"),
    "Officer Vega": (Role.OFFICER, Organisation.POLICE, ESCAMP, "Wijkagent Moerwijk"),
}


class Watched:
    """The town. smit and bakker: who watch; vega: who answers calls; ada, ben and cor: who live in three rooms."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.smit, self.bakker, self.vega = (Neighbour(server.url, name) for name in STAFF)
        self.ada, self.ben, self.cor = (Neighbour(server.url, name) for name in ("Ada", "Ben", "Cor"))

    async def start(self) -> Watched:
        for member, (role, organisation, area, title) in zip(self.staff, STAFF.values(), strict=True):
            await staff_accounts.add(
                self.server.town, self.server.argon2, member.name, role, organisation, (area,), PASSWORD, title=title
            )
            await member.sign_in()
        for neighbour, street in (
            (self.ada, JAN_LUYKENLAAN),
            (self.ben, BETJE_WOLFFSTRAAT),
            (self.cor, JAN_LUYKENLAAN),
        ):
            place = self.server.town.places.get(street)
            assert place is not None
            (code,) = await letter.make(self.server.town, place, 1)
            await (await neighbour.join(code)).connect()
        await self.vega.connect()
        await done(self.vega, "duty.start", {})
        return self

    @property
    def staff(self) -> tuple[Neighbour, ...]:
        return self.smit, self.bakker, self.vega

    async def close(self) -> None:
        for person in (*self.staff, self.ada, self.ben, self.cor):
            await person.close()

    async def murmur(self, rooms: Iterable[str], share: float = 0.4) -> None:
        """An hour of talk in this share of the rooms, as the scripts would have counted it."""
        chance, now = random.Random(SEED), minute_of(self.server.town.clock.now_ms())
        commands = []
        for room in rooms:
            loud = chance.random() ** 3 * 6 if chance.random() < share else 0
            counts = [int(chance.random() * loud + chance.random() * 0.6) if loud else 0 for _ in range(HOUR - 1)]
            hour = "".join(f"{(now - 1 - ago) * IN_MINUTE + count}" for ago, count in enumerate(counts) if count)
            if hour:
                commands.append(("HSET", room_keys(room).head, "hour", hour))
        await self.server.town.store.read_all(commands)

    async def events(self) -> None:
        """A call that waits, one that somebody has, a warning of danger and one without; and words in all of them."""
        await self.ada.say(JAN_LUYKENLAAN, SECRET)
        await self.call(self.cor, urgency="soon", emergency="not_urgent", kind="nuisance")
        taken = await self.call(self.ben, urgency="urgent", emergency="called", kind="burglary")
        await done(self.vega, "escalation.accept", {"case": taken})
        await self.warn(self.ada, MOERWIJK_WEST, kind="fire", severity="severe", emergency="called")
        await self.warn(self.ben, BETJE_WOLFFSTRAAT, kind="theft", severity="moderate", emergency="not_urgent")

    async def call(self, asker: Neighbour, **more: Any) -> str:
        """The police, from the own street; the case."""
        said = {"room": asker.person["street"]["id"], "to": "police", "urgency": "urgent", "text": SECRET,
                "emergency": "called"}  # fmt: skip
        return str((await done(asker, "escalation.raise", {**said, **more}))["case"])

    async def warn(self, who: Neighbour, room: str, **more: Any) -> int:
        said = {"room": room, "kind": "theft", "severity": "moderate", "urgency": "immediate", "certainty": "observed",
                "text": SECRET}  # fmt: skip
        return int((await done(who, "warning.raise", {**said, **more}))["seq"])


@asynccontextmanager
async def watched(folder: Path, streets: int = 0) -> AsyncIterator[Watched]:
    """The town, with a server of its own in this process. streets: how many there are beside those of the map."""
    clock = MovedClock()
    limits = {name.removeprefix("BART_").lower(): value for name, value in QUICK_TALK.items()}
    settings = Settings(port=0, data=str(folder), drain_s=1, log_level="warning", **limits)
    async with running(settings, clock=clock) as server:
        await server.town.import_places(_more(server, streets))
        town = await Watched(server).start()
        yield town
        await town.close()


def _more(server: Running, count: int) -> list[Place]:
    """So many streets, spread over the neighbourhoods there are."""
    hoods = [place for place in server.town.places if place.kind == "neighbourhood"]
    return [
        Place(f"{hood.id}:zijstraat-{number}", f"Zijstraat {number}", "street", hood.id)
        for number in range(count)
        for hood in [hoods[number % len(hoods)]]
    ]
