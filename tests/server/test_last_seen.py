"""When sessions were used last: noted once an hour for who is connected, a few at a time."""

from __future__ import annotations

from typing import Any, cast

import pytest

from rooms import session
from rooms.town import Town
from server import last_seen
from server.client import Client
from server.connection import Connection
from server.last_seen import LastSeen
from server.people import People
from tests.town import MovedClock


class Lobby:
    """People of one process, and which of their sessions were noted, in order."""

    def __init__(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        self.people, self.noted = People(), list[str]()
        self.last_seen = LastSeen(town, self.people)
        monkeypatch.setattr(session, "note_seen", self._note)

    async def _note(self, _town: Town, sessions: Any) -> None:
        self.noted += [mark for _, mark in sessions]

    def come(self, person: str, mark: str, *, is_known: bool = True) -> Client:
        client = Client(cast(Connection, None), "sid", person, mark)
        self.people.arrive(client)
        if is_known:
            self.people.recognise(client)
        return client


@pytest.fixture
def lobby(town: Town, monkeypatch: pytest.MonkeyPatch) -> Lobby:
    return Lobby(town, monkeypatch)


async def test_each_session_is_noted_once_an_hour(lobby: Lobby, clock: MovedClock) -> None:
    """However many connections it has and however often it is looked at; who is being looked up is nobody yet."""
    for person, mark in (("ada", "phone"), ("ada", "phone"), ("ada", "tablet"), ("ben", "desk")):
        lobby.come(person, mark)
    stranger = lobby.come("cor", "unknown", is_known=False)
    for _ in range(3):
        await lobby.last_seen.note()
    assert sorted(lobby.noted) == ["desk", "phone", "tablet"]
    lobby.people.recognise(stranger)
    await lobby.last_seen.note()
    assert sorted(lobby.noted) == ["desk", "phone", "tablet", "unknown"]
    clock.forward(minutes=60)
    await lobby.last_seen.note()
    assert len(lobby.noted) == 8


async def test_of_many_some_are_noted_at_a_time(lobby: Lobby, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others with the next goes, and none of them twice."""
    monkeypatch.setattr(last_seen, "MOST", 3)
    for number in range(8):
        lobby.come(f"person {number}", f"session {number}")
    counts = []
    for _ in range(4):
        await lobby.last_seen.note()
        counts.append(len(lobby.noted))
    assert counts == [3, 6, 8, 8]
    assert len(set(lobby.noted)) == 8
