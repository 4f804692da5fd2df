"""Arriving: from a token to everything one is given, in as few questions to the store as there can be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from rooms import keys
from rooms.keys import PersonKeys
from rooms.script import script
from server.app import Running
from tests.conftest import Join
from tests.neighbour import Neighbour
from tests.town import DE_VISSEN, GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST, POLICE_DESK, SHARED_DESK


class Questions:
    """What is asked of the store for somebody who arrives, by the round trip in which it is asked, from 1.

    What follows from an answer is asked one trip after it.
    """

    def __init__(self, server: Running, concerns: Callable[[tuple[Any, ...]], bool]) -> None:
        self._ask, self._concerns = server.town.store._calls.ask, concerns
        self._answered = 0
        self.trips: dict[int, int] = {}
        self.looks: list[int] = []
        """The trip of every look into a room."""
        self.asked: set[Any] = set()

    def ask(self, command: tuple[Any, ...]) -> asyncio.Future[Any]:
        answer = self._ask(command)
        if self._concerns(command):
            trip = self._answered + 1
            self.asked.add(command[1])
            self.trips[trip] = self.trips.get(trip, 0) + 1
            self.looks += [trip] if command[:2] == ("EVALSHA", script("resume").sha) else []
            answer.add_done_callback(lambda _: self._came(trip))
        return answer

    def _came(self, trip: int) -> None:
        self._answered = max(self._answered, trip)


def _of_arriving(neighbour: Neighbour) -> Callable[[tuple[Any, ...]], bool]:
    """Whether a command is part of this person's arriving: no sweep asks any of these."""
    mine = PersonKeys(neighbour.id)
    own = {mine.sessions, mine.account, mine.guest, keys.DUTY, *map(keys.open_cases, keys.ALL)}
    return lambda command: command[1] == script("resume").sha or command[1] in own


async def _arrive(
    neighbour: Neighbour, server: Running, monkeypatch: pytest.MonkeyPatch, cursors: dict[str, Any]
) -> Questions:
    questions = Questions(server, _of_arriving(neighbour))
    monkeypatch.setattr(server.town.store._calls, "ask", questions.ask)
    await neighbour.connect(cursors)
    monkeypatch.undo()
    return questions


async def test_a_neighbour_who_names_the_rooms_is_in_them_after_one_round_trip(
    join: Join, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what is held of them, or with nothing: the looks leave together with the look-up of the session."""
    ada = await join("Ada")
    for cursors in (ada.cursors(), {JAN_LUYKENLAAN: None, MOERWIJK_WEST: None}, {JAN_LUYKENLAAN: None}):
        questions = await _arrive(ada, server, monkeypatch, cursors)
        assert questions.looks == [1, 1], cursors
        assert list(questions.trips) == [1]
        assert {room["id"] for room in ada.welcome["rooms"]} == {JAN_LUYKENLAAN, MOERWIJK_WEST}


async def test_who_names_no_room_is_in_after_two(join: Join, server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows the rooms before the account."""
    ada = await join("Ada")
    assert (await _arrive(ada, server, monkeypatch, {})).looks == [2, 2]


async def test_staff_who_name_their_desks_are_in_them_after_one_round_trip(
    staff: Join, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what the desk begins with was asked in the same one; only the cases themselves take another."""
    vega = await staff("Officer Vega")
    questions = await _arrive(vega, server, monkeypatch, dict.fromkeys(vega.cursors()))
    assert questions.looks == [1, 1]
    assert list(questions.trips) == [1]
    assert vega.welcome["duty"] == {"on": False, "colleagues": []}
    assert {room["id"] for room in vega.welcome["rooms"]} == {POLICE_DESK, SHARED_DESK}


async def test_nothing_comes_unasked_of_a_room_of_which_nothing_is_held(join: Join) -> None:
    """A null cursor says that one is of the room, not that one wants its past."""
    ada, ben = await join("Ada"), await join("Ben")
    await ben.say(JAN_LUYKENLAAN, "Van voor die tijd.")
    ada.events.clear()
    await ada.connect({JAN_LUYKENLAAN: None})
    seq = await ben.say(JAN_LUYKENLAAN, "Van nu.")
    await ada.expect("message.posted", seq=seq)
    assert ada.texts(JAN_LUYKENLAAN) == ["Van nu."]


async def test_naming_the_rooms_of_others_gives_nothing(join: Join) -> None:
    """A room is given to its members, and a desk to its staff, whatever is presented."""
    cor = await join("Cor", GOUDKARPERSINGEL)
    await cor.connect(dict.fromkeys((JAN_LUYKENLAAN, POLICE_DESK)))
    assert {room["id"] for room in cor.welcome["rooms"]} == {GOUDKARPERSINGEL, DE_VISSEN}
    assert "duty" not in cor.welcome
    assert "cases" not in cor.welcome


async def test_a_made_up_token_buys_few_questions(
    staff: Join, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever names desks and many rooms has no more looked up than a resident needs, until a session was good."""
    vega = await staff("Officer Vega")
    rooms = [JAN_LUYKENLAAN, POLICE_DESK, SHARED_DESK, GOUDKARPERSINGEL, DE_VISSEN]
    questions = Questions(server, _of_arriving(vega))
    monkeypatch.setattr(server.town.store._calls, "ask", questions.ask)
    made_up = {"token": f"{vega.id}.{'A' * 43}", "cursors": dict.fromkeys(rooms)}
    error = await vega.refused_to_connect(made_up)
    monkeypatch.undo()
    assert error["code"] == "signed_out"
    assert questions.looks == [1, 1]
    assert keys.DUTY not in questions.asked
