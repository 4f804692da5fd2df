"""The staff of a run: officers who are called and of whom one takes the case, and moderators who take measures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from rooms import arrangement, staff
from rooms.person import Organisation, Role
from rooms.town import Town
from server.sign_in import Argon2
from tests.chaos import history as seen
from tests.chaos.cases_crowd import OnDuty
from tests.chaos.client import Client, Reply
from tests.town import PASSWORD

THINKS_S = 0.3  # at most, before a page is answered
WORKS_S = 2.0  # at most, on a case
MUTES_S = (0.5, 3.0)
WHY = {"rule": "insult", "facts": "Er wordt gescholden in de straat."}
REASON = "Er is veel onrust in de straat."
DAYS = 7


class Officer(OnDuty):
    """Of the police. Every one of them tries to take every case; whoever has it says after a while what came of it."""

    def _called(self, page: dict[str, Any]) -> None:
        self._spawn(self._take_case(page["id"], page["room"]))

    async def _take_case(self, case: str, room: str) -> None:
        await asyncio.sleep(self._rng.uniform(0, THINKS_S))
        self.do("escalation.accept", room, lambda reply: self._answered(reply, case, room), case=case)

    def _answered(self, reply: Reply, case: str, room: str) -> None:
        if reply["ok"]:
            self._spawn(self._work(case, room))

    async def _work(self, case: str, room: str) -> None:
        await asyncio.sleep(self._rng.uniform(0, WORKS_S))
        self.do("escalation.resolve", room, None, case=case, outcome="on_site", text="Wij zijn ter plaatse geweest.")


class Moderator(OnDuty):
    """Of the municipality, and in every room of the run."""

    async def come_in(self, grounds: dict[str, str]) -> None:
        """Enter these rooms, each on an arrangement of this id. From now on the checker knows it as a member."""
        for room, ground in grounds.items():
            self._count += 1
            asked = {"room": room, "client_id": f"{self.device}:{self._count}", "ground": _arrangement(ground)}
            reply = await self._insist("room.enter", asked)
            assert reply["ok"], reply
        self.rooms = tuple(sorted(grounds))
        self.note(seen.Joined, self.person, self.device, self.rooms)

    def hide(self, room: str, target: int) -> None:
        def hidden(reply: Reply) -> None:
            if reply["ok"]:
                self.note(seen.Hidden, room, target)

        self._measure(room, target, "hide", hidden)

    def mute(self, room: str, target: int, whom: Client, then: Callable[[], None]) -> None:
        """Until a moment later. then: is called when they talk again."""

        def muted(reply: Reply) -> None:
            self.note(seen.Muting, room, whom.person, bool(reply["ok"]), True)
            if reply["ok"]:
                self._spawn(self._unmute(room, target, whom, then))
            else:
                then()

        self.note(seen.Muting, room, whom.person, True, False)
        self._measure(room, target, "mute", muted, minutes=60)

    async def _unmute(self, room: str, target: int, whom: Client, then: Callable[[], None]) -> None:
        await asyncio.sleep(self._rng.uniform(*MUTES_S))

        def talks(reply: Reply) -> None:
            if reply["ok"]:  # else the mute stands, and the author stays where it is
                self.note(seen.Muting, room, whom.person, False, True)
                then()

        self.note(seen.Muting, room, whom.person, False, False)
        self._measure(room, target, "unmute", talks)

    def expel(self, room: str, target: int, whom: Client, other: Moderator, then: Callable[[bool], None]) -> None:
        """The *other* one agrees. then: is told whether it happened."""

        def asked(reply: Reply) -> None:
            if reply["ok"]:
                other.agree(reply["report"], room, whom, then)
            else:
                then(False)

        self._measure(room, target, "expel", asked)

    def agree(self, report: str, room: str, whom: Client, then: Callable[[bool], None]) -> None:
        def gone(reply: Reply) -> None:
            if reply["ok"]:
                whom.rooms = tuple(one for one in whom.rooms if one != room)
                whom.note(seen.Expelling, room, True)
            then(reply["ok"])

        whom.note(seen.Expelling, room, False)
        self.do("report.second", room, gone, report=report, agree=True)

    def _measure(
        self, room: str, target: int, measure: str, then: Callable[[Reply], None] | None = None, **more: Any
    ) -> None:
        self.do("measure.take", room, then, room=room, target=target, measure=measure, **WHY, **more)


def _arrangement(ground: str) -> dict[str, str]:
    return {"kind": "arrangement", "id": ground}


class Team(msgspec.Struct, frozen=True):
    """Everybody who works in a run."""

    officers: list[Officer]
    moderators: list[Moderator]

    def all(self) -> list[OnDuty]:
        return [*self.officers, *self.moderators]


async def hire(town: Town, tag: str, rest: Callable[[], tuple[Any, ...]]) -> Team:
    """Two of each, of the whole town, on duty from now on. tag: makes their names those of this run."""
    areas = tuple(place.id for place in town.places if place.kind == "municipality")
    team, argon2 = Team([], []), Argon2()
    try:
        for number in (1, 2):
            officer = Officer(f"Agent{tag} {number}", *rest())
            moderator = Moderator(f"Moderator{tag} {number}", *rest())
            await staff.add(town, argon2, officer.name, Role.OFFICER, Organisation.POLICE, areas, PASSWORD)
            await staff.add(town, argon2, moderator.name, Role.MODERATOR, Organisation.MUNICIPALITY, areas, PASSWORD)
            team.officers.append(officer)
            team.moderators.append(moderator)
            await officer.go_on_duty()
            await moderator.go_on_duty()
    finally:
        argon2.close()
    return team


async def arranged(town: Town, rooms: Iterable[str]) -> dict[str, str]:
    """A standing arrangement of the municipality in each room: its id."""
    return {room: (await arrangement.make(town, room, "municipality", REASON, DAYS)).id for room in rooms}
