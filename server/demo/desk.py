"""The staff on duty in the demo: who is called says so, and after a while takes the call, helps, and gives the outcome.

Visitors come first: where one of them is on duty for the same organisation, it takes longer before the demo's own staff
take a call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from rooms.person import Organisation
from server.demo import phrases
from server.demo.neighbour import Neighbour
from server.demo.pace import Pace
from server.demo.phrases import Words

OPEN = frozenset({"paging", "listed", "unanswered"})
SEEN_S, TAKE_S, LET_VISITORS_S = 4.0, 20.0, 50.0
"""A page is looked at; a call is taken, and later where a visitor of the same organisation could."""
HELLO_S, WORKS_S, OUTCOME_S = 6.0, 30.0, 75.0
APPROVE_S = 90.0
"""After which a colleague approves the alert that a visitor made, where nobody else has."""


class Desk:
    """Those on duty. take: who takes the calls of an organisation.

    turn: held by whoever calls for a case that is not the desk's to take, until its id stands in `left`.
    """

    def __init__(self, pace: Pace) -> None:
        self.turn, self.left = asyncio.Lock(), set[str]()
        self._pace = pace
        self._members: dict[str, Neighbour] = {}
        self._takes: dict[str, Neighbour] = {}
        self._visitors: dict[str, str] = {}
        self._busy = set[str]()
        self._tasks = set[asyncio.Task[None]]()
        self._hearing: dict[str, Callable[[Neighbour, dict[str, Any]], None]] = {
            "welcome": self._welcome,
            "escalation.paged": self._page,
            "case.changed": self._case,
            "duty.changed": self._duty,
            "alert.changed": self._alert,
        }

    def add(self, member: Neighbour, *, takes: bool) -> None:
        """Before somebody comes, so that their welcome is heard. takes: the calls of their organisation."""
        self._members[member.person.id] = member
        if takes:
            self._takes[self._organisation(member)] = member

    def hear(self, person: str, event: str, data: dict[str, Any]) -> None:
        """What came to one of the staff."""
        heard = self._hearing.get(event)
        if heard is not None and person in self._members:
            heard(self._members[person], data)

    def _welcome(self, member: Neighbour, data: dict[str, Any]) -> None:
        for colleague in data.get("duty", {}).get("colleagues", []):
            self._note(colleague, on=True)
        for case in data.get("cases", []):
            self._look(member, case)

    def _page(self, member: Neighbour, data: dict[str, Any]) -> None:
        self._start(self._acknowledge(member, data["case"]["id"]))
        self._look(member, data["case"])

    def _case(self, member: Neighbour, data: dict[str, Any]) -> None:
        self._look(member, data["case"])

    def _duty(self, _: Neighbour, data: dict[str, Any]) -> None:
        self._note(data["person"], on=data["on"])

    def _alert(self, member: Neighbour, data: dict[str, Any]) -> None:
        alert = data["alert"]
        if alert["state"] == "waiting" and alert["by"]["id"] not in self._members and not self._is_taker(member):
            self._start(self._approve(member, alert["alert"]))

    def _note(self, person: dict[str, Any], *, on: bool) -> None:
        if person["id"] not in self._members:
            self._visitors.pop(person["id"], None)
            if on:
                self._visitors[person["id"]] = person.get("organisation", "")

    def _look(self, member: Neighbour, case: dict[str, Any]) -> None:
        """Take a case that waits for this member's organisation, once at a time."""
        waits = case["state"] in OPEN and case["to"] == self._organisation(member)
        if waits and self._is_taker(member) and case["id"] not in self._busy:
            self._busy.add(case["id"])
            self._start(self._take(member, case))

    async def _take(self, member: Neighbour, case: dict[str, Any]) -> None:
        organisation = Organisation(self._organisation(member))
        await self._pace.pause(LET_VISITORS_S if organisation.value in self._visitors.values() else TAKE_S)
        async with self.turn:  # whoever is calling for a case of their own says so first
            is_left = case["id"] in self.left
        if not is_left and (await member.do("escalation.accept", case=case["id"]))["ok"]:
            await self._help(member, case, phrases.read().desk[organisation])
        self._busy.discard(case["id"])

    async def _help(self, member: Neighbour, case: dict[str, Any], lines: phrases.Desk) -> None:
        words, room = Words(phrases.read(), self._pace.chance), _room_of(case)
        for seconds, sentences in ((HELLO_S, lines.hello), (WORKS_S, lines.works)):
            await self._pace.pause(seconds)
            await member.say(room, words.one_of(sentences))
        await self._pace.pause(OUTCOME_S)
        code, text = self._pace.chance.choice(lines.outcomes)
        await member.do("escalation.resolve", case=case["id"], outcome=code, text=text)

    async def _acknowledge(self, member: Neighbour, case: str) -> None:
        await member.ask("page.delivered", {"case": case})
        await self._pace.pause(SEEN_S)
        await member.ask("page.seen", {"case": case})

    async def _approve(self, member: Neighbour, alert: str) -> None:
        await self._pace.pause(APPROVE_S)
        await member.do("alert.approve", alert=alert)

    def _is_taker(self, member: Neighbour) -> bool:
        return self._takes.get(self._organisation(member)) is member

    def _organisation(self, member: Neighbour) -> str:
        return member.person.organisation.value if member.person.organisation else ""

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _room_of(case: dict[str, Any]) -> str:
    """A private case has a room of its own."""
    return f"case:{case['id']}" if case.get("private") else str(case["room"])
