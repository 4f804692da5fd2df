"""Staff at work in the domain's stories: on duty, paged, owning cases; without a server."""

from __future__ import annotations

from typing import Any

from rooms import case_record, overdue
from rooms import staff as staff_accounts
from rooms.case import Case
from rooms.person import Organisation, Role
from rooms.town import Town
from tests.rooms.voice import Voice
from tests.town import ESCAMP, PASSWORD, MovedClock, PlainPasswords

MOERWIJK = "WK051836"
WARNING = {"kind": "burglary", "text": "Er wordt ingebroken.", "emergency": "called"}
MEMBERS: dict[str, tuple[Role, Organisation, tuple[str, ...]]] = {
    "Officer Vega": (Role.OFFICER, Organisation.POLICE, (MOERWIJK,)),
    "Sergeant Prins": (Role.OFFICER, Organisation.POLICE, (ESCAMP,)),
    "Officer Yilmaz": (Role.OFFICER, Organisation.POLICE, ("GM0518.leidschenveen-ypenburg",)),
    "Moderator Bakker": (Role.MODERATOR, Organisation.MUNICIPALITY, (ESCAMP,)),
    "Moderator Ver": (Role.MODERATOR, Organisation.MUNICIPALITY, ("GM0518.leidschenveen-ypenburg",)),
    "Moderator Visser": (Role.MODERATOR, Organisation.MUNICIPALITY, (ESCAMP,)),
    "Moderator Politie": (Role.MODERATOR, Organisation.POLICE, (ESCAMP,)),
}
"""Of the neighbourhood's wijk, of the district, of the other end of town; the municipality, here and there, and
a moderator of the police."""


class Desk:
    """The staff of a town, by name, and the hand that moves the clock and its deadlines."""

    def __init__(self, town: Town, clock: MovedClock) -> None:
        self.town, self.clock = town, clock
        self.voices: dict[str, Voice] = {}

    async def voice(self, name: str, like: str = "") -> Voice:
        """One of MEMBERS, or somebody *like* one of them."""
        if name not in self.voices:
            role, organisation, areas = MEMBERS[like or name]
            made = await staff_accounts.add(
                self.town, PlainPasswords(), name, role, organisation, areas, PASSWORD, title=name
            )
            self.voices[name] = Voice(self.town, made.person)
        return self.voices[name]

    async def on_duty(self, *names: str) -> None:
        for name in names:
            await (await self.voice(name)).ask("duty.start")

    async def off_duty(self, *names: str) -> None:
        for name in names:
            await (await self.voice(name)).ask("duty.stop")

    async def call(self, asker: Voice, **more: Any) -> dict[str, Any]:
        """Call the police, urgently, from the asker's street."""
        said = {"to": "police", "urgency": "urgent", "text": "Er wordt ingebroken.", "emergency": "called"}
        return await asker.ask("escalation.raise", **{**said, **more})

    async def ask(self, name: str, command: str, case: str, **more: Any) -> dict[str, Any]:
        return await (await self.voice(name)).ask(command, case=case, **more)

    async def refused(self, code: str, name: str, command: str, case: str, **more: Any) -> dict[str, object]:
        return await (await self.voice(name)).refused(code, command, case=case, **more)

    async def case(self, case_id: str) -> Case:
        loaded = await case_record.load(self.town, case_id)
        assert loaded is not None
        return loaded.case

    async def names(self, persons: tuple[str, ...]) -> set[str]:
        """Who these persons are."""
        by_id = {voice.id: name for name, voice in self.voices.items()}
        return {by_id[person] for person in persons}

    async def forward(self, **by: float) -> int:
        """Turn the clock, and let what is due happen; returns how many deadlines were."""
        self.clock.forward(**by)  # type: ignore[arg-type]  # ms alone is whole
        return await overdue.overdue(self.town, self.clock.now_ms())


async def warn(voice: Voice, **more: Any) -> int:
    """Warn of a burglary, or of what else is said; returns the seq."""
    return int((await voice.ask("warning.raise", **{**WARNING, **more}))["seq"])


async def events(voice: Voice, **asked: Any) -> list[str]:
    """The names of the entries of a page, without the comings of neighbours."""
    return [entry["event"] for entry in await voice.page(**asked) if entry["event"] != "member.joined"]
