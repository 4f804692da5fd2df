"""Random paths, legal and illegal, against the real scripts: one owner, one deadline, no lost case, whoever races whom.

Each seed is one story: neighbours call, staff do whatever comes to mind, several at the same moment; the clock jumps;
processes look for what is due. After every step the store must agree with itself and with what was acknowledged.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from typing import Any

import msgpack
import pytest

from rooms import case_record, keys, overdue
from rooms.case import Case
from rooms.keys import RoomKeys
from rooms.refusal import Refusal
from rooms.town import Town
from tests.rooms.desk_cast import MEMBERS, Desk
from tests.rooms.voice import Voice
from tests.town import JAN_LUYKENLAAN, MovedClock

STEPS = 120
FORWARD_S = (1, 20, 61, 121, 601, 901, 86_401)
MORE: dict[str, dict[str, Any]] = {
    "resolve": {"outcome": "other", "text": "Het is afgehandeld."}, "rate": {"helped": True},
}  # fmt: skip
BY_STAFF = ("accept", "accept", "decline", "release", "alive", "hand_over", "resolve", "withdraw", "join")
BY_NEIGHBOURS = ("withdraw", "rate", "reopen", "join", "accept", "resolve")
NEXT: dict[str, set[str]] = {
    "listed": {"listed", "paging", "unanswered", "accepted", "withdrawn", "lapsed"},
    "paging": {"paging", "unanswered", "accepted", "withdrawn"},
    "unanswered": {"unanswered", "paging", "accepted", "withdrawn", "lapsed"},
    "accepted": {"accepted", "handing_over", "resolved", "paging", "unanswered", "listed"},
    "handing_over": {"handing_over", "accepted", "resolved", "paging", "unanswered", "listed"},
    "resolved": {"resolved", "paging", "unanswered", "listed"},
    "withdrawn": set(),
    "lapsed": set(),
}
"""What may follow on what, by product.md's table."""


FORESEEN = {"already_taken", "nobody_on_duty", "not_found", "not_on_duty", "not_permitted", "outside_jurisdiction",
            "wrong_state"}  # fmt: skip
"""A path that nobody foresaw is refused like this; `busy` would mean that somebody always came too late."""


class Story:
    """One seed's story. cases: every case that was acknowledged to anybody."""

    def __init__(self, seed: int, desk: Desk, neighbours: list[Voice]) -> None:
        self._chance, self._desk, self._neighbours = random.Random(seed), desk, neighbours
        self.cases: set[str] = set()
        self.refused: set[str] = set()
        self._repeat: list[tuple[Voice, str, dict[str, Any], dict[str, Any]]] = []

    async def step(self) -> None:
        """One thing happens, or several at once."""
        deeds = [self._deed() for _ in range(self._chance.choice((1, 1, 2, 5)))]
        await asyncio.gather(*deeds)

    async def _deed(self) -> None:
        roll = self._chance.random()
        if roll < 0.2:
            await self._call()
        elif roll < 0.35:
            await self._time()
        elif roll < 0.45:
            await self._duty()
        elif roll < 0.5 and self._repeat:
            await self._again()
        elif self.cases and roll < 0.65:
            await self._rush()
        elif self.cases:
            await self._act(self._chance.choice(sorted(self.cases)))

    async def _ask(self, who: Voice, command: str, **payload: Any) -> dict[str, Any]:
        """Send a command and note the reply: whatever was acknowledged must be answered so for ever."""
        payload["client_id"] = who.next_id()
        try:
            reply = await who.ask(command, **payload)
        except Refusal as refusal:
            self.refused.add(refusal.code)
            return {}
        self._repeat.append((who, command, payload, reply))
        return reply

    async def _again(self) -> None:
        who, command, payload, reply = self._chance.choice(self._repeat)
        assert await who.ask(command, **payload) == reply

    async def _call(self) -> None:
        said = {
            "to": self._chance.choice(("police", "municipality")), "text": "Help!", "emergency": "called",
            "urgency": self._chance.choice(("urgent", "urgent", "soon", "information")),
            "private": self._chance.random() < 0.2, "warning": self._chance.choice((None, None, 3)),
        }  # fmt: skip
        reply = await self._ask(self._chance.choice(self._neighbours), "escalation.raise", **said)
        if reply:
            self.cases.add(reply["case"])

    async def _rush(self) -> None:
        """Everybody at once, at one case."""
        case = self._chance.choice(sorted(self.cases))
        await asyncio.gather(*(self._act(case) for _ in range(8)))

    async def _act(self, case: str) -> None:
        if self._chance.random() < 0.7:
            who, name = await self._staff(), self._chance.choice(BY_STAFF)
        else:
            who, name = self._chance.choice(self._neighbours), self._chance.choice(BY_NEIGHBOURS)
        more = {"to": self._chance.choice(("police", "municipality"))} if name == "hand_over" else MORE.get(name, {})
        await self._ask(who, f"escalation.{name}", case=case, **more)

    async def _duty(self) -> None:
        await self._ask(await self._staff(), self._chance.choice(("duty.start", "duty.start", "duty.stop")))

    async def _staff(self) -> Voice:
        return await self._desk.voice(self._chance.choice(sorted(MEMBERS)))

    async def _time(self) -> None:
        """The clock jumps, and two processes look at once for what is due."""
        self._desk.clock.forward(seconds=self._chance.choice(FORWARD_S))
        now_ms = self._desk.clock.now_ms()
        await asyncio.gather(*(overdue.overdue(self._desk.town, now_ms) for _ in range(2)))


# what must hold --------------------------------------------------------------------------------------


async def check(town: Town, acknowledged: set[str]) -> None:
    """The store agrees with itself: no lost case, one deadline, one owner and in the room, listed where it belongs."""
    found = await case_record.load_all(town, sorted(acknowledged))
    cases = {one.case.id: one.case for one in found if one is not None}
    assert set(cases) == acknowledged
    due = _scores(await town.store.read("ZRANGE", keys.due("p07"), 0, -1, "WITHSCORES"))
    of_cases = {item: at for item, at in due.items() if item.startswith(case_record.DUE)}
    assert of_cases == {f"escalation:{case.id}": case.due_at for case in cases.values() if case.due_at is not None}
    listed = set(_scores(await town.store.read("ZRANGE", keys.open_cases("p07"), 0, -1, "WITHSCORES")))
    assert listed == {case.id for case in cases.values() if case.is_open}
    await _check_rooms(town, list(cases.values()))


def _scores(flat: list[bytes]) -> dict[str, int]:
    return {name.decode(): int(score) for name, score in zip(flat[::2], flat[1::2], strict=True)}


async def _check_rooms(town: Town, cases: list[Case]) -> None:
    for room in {case.room for case in cases}:
        here = [case for case in cases if case.room == room]
        shown = {view.id: view.state for view in await case_record.views(town, room)}
        assert shown == {case.id: case.state for case in here if not case.is_final}
        members = await town.store.read("HGETALL", RoomKeys(room).members)
        grounds = {
            (person.decode(), case)
            for person, packed in zip(members[::2], members[1::2], strict=True)
            for case in msgpack.unpackb(packed).get("grounds", {})
        }
        owned = {(case.in_room.id, case.id) for case in here if case.in_room is not None}
        assert grounds == owned | {(case.person, case.id) for case in here if case.private}


async def check_path(town: Town, room: str) -> None:
    """What the room was told is a path of the table, entry by entry, and ends where the case is."""
    head = int(await town.store.read("HGET", RoomKeys(room).head, "seq"))
    rows = await town.store.read("XRANGE", RoomKeys(room).log, "-", "+", "COUNT", head)
    states, taken = dict[str, str](), defaultdict(list)
    for _, fields in rows:
        entry = msgpack.unpackb(fields[5])
        case = entry["data"].get("case")
        if case is None:
            continue
        assert case["state"] in NEXT.get(states.get(case["id"], "listed"), set()), (entry["name"], states)
        assert ("owner" in case) or case["state"] not in ("accepted", "handing_over")
        was, states[case["id"]] = states.get(case["id"], "listed"), case["state"]
        assert entry["name"] != "escalation.accepted" or was in ("listed", "paging", "unanswered"), was
        if entry["name"] in ("escalation.accepted", "escalation.handed_over"):
            taken[case["id"]].append(case["owner"]["id"])
    for one in await case_record.load_all(town, states):
        assert one is not None
        assert one.case.state == states[one.case.id]
        assert one.case.owner is None or one.case.owner.id == taken[one.case.id][-1]


@pytest.mark.parametrize("seed", range(4))
async def test_no_path_loses_a_case(
    seed: int, unhurried: Town, clock: MovedClock, desk: Desk, ada: Voice, ben: Voice
) -> None:
    """However calls, moves, duty and time mix and race."""
    await ada.ask("warning.raise", kind="burglary", text="Er wordt ingebroken.", emergency="called")
    story = Story(seed, desk, [ada, ben])
    for name in MEMBERS:
        await desk.voice(name)
    await desk.on_duty("Officer Vega", "Moderator Bakker")
    for _ in range(STEPS):
        await story.step()
        await check(unhurried, story.cases)
    assert len(story.cases) > 10
    assert story.refused <= FORESEEN
    for case in await case_record.load_all(unhurried, sorted(story.cases)):
        assert case is not None
        await check_path(unhurried, case.case.room)
    await check_path(unhurried, JAN_LUYKENLAAN)
