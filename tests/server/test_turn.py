"""A turn of the loop: whatever is fanned out and sent in it, everybody is given theirs once and in order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any, cast

import pytest

from server.connection import Connection
from server.engine import Engine, Settings
from server.turn import Turn

CLIENTS, TURNS, SEEDS = 6, 60, range(40)


class Wire:
    """A transport that keeps what is written to it. writes: how often."""

    def __init__(self) -> None:
        self.written, self.writes = b"", 0

    def write(self, data: bytes) -> None:
        self.written += data
        self.writes += 1

    def get_extra_info(self, _name: str) -> None:
        return None

    def can_write_eof(self) -> bool:
        return False

    def close(self) -> None:
        """It stays readable for the test."""


class Street:
    """Connected clients on wires, and a turn that ends when the test says so."""

    def __init__(self, count: int = CLIENTS) -> None:
        self.engine = Engine(Settings(), ticking=False)
        self.wires = [Wire() for _ in range(count)]
        self.clients = [self._join(wire) for wire in self.wires]
        self.end_turn()
        for wire in self.wires:
            wire.written, wire.writes = b"", 0

    @property
    def turn(self) -> Turn:
        return self.engine.turn

    def _join(self, wire: Wire) -> Connection:
        connection = Connection(self.engine, self.engine.generate_id())
        connection.begin(cast(asyncio.Transport, wire), b"")
        connection.answer_connect(b"!")
        return connection

    def end_turn(self) -> None:
        """Flush once, as the loop would: one slice."""
        self.turn._flush()

    def settle(self) -> None:
        while self.turn.dirty or self.turn.batch:
            self.end_turn()


@pytest.fixture
async def street() -> Street:
    return Street()


async def test_entries_of_one_room_leave_in_one_write_each(street: Street) -> None:
    """Frames for the same clients are joined once for all of them."""
    room = street.clients[:4]
    for word in (b"one ", b"two ", b"three "):
        street.turn.fan_out(room, word)
    street.end_turn()
    assert [(wire.written, wire.writes) for wire in street.wires[:4]] == [(b"one two three ", 1)] * 4
    assert not any(wire.writes for wire in street.wires[4:])


async def test_an_answer_after_an_entry_stays_behind_it(street: Street) -> None:
    """What is sent to one client after something was fanned out comes after it, in the same write."""
    street.turn.fan_out(street.clients, b"entry ")
    street.clients[0].send(b"answer ")
    street.turn.fan_out(street.clients, b"next ")
    street.end_turn()
    assert [wire.written for wire in street.wires[:2]] == [b"entry answer next ", b"entry next "]
    assert street.wires[0].writes == street.wires[1].writes == 1


async def test_an_answer_before_an_entry_stays_before_it(street: Street) -> None:
    """A client with something of its own pending gets the entry behind it."""
    street.clients[0].send(b"answer ")
    street.turn.fan_out(street.clients, b"entry ")
    street.end_turn()
    assert street.wires[0].written == b"answer entry "


async def test_who_is_sent_away_is_given_what_came_before(street: Street) -> None:
    """A client that is closed after something was fanned out is given it, and nothing after."""
    street.turn.fan_out(street.clients, b"entry ")
    street.clients[0].close("kicked")
    street.turn.fan_out(street.clients, b"next ")
    street.settle()
    assert street.wires[0].written.startswith(b"entry \x88")
    assert b"next" not in street.wires[0].written
    assert street.wires[1].written == b"entry next "


async def test_a_large_batch_is_written_before_it_grows_without_bound(street: Street) -> None:
    """What one turn gathers is bounded: more is written at once."""
    for _ in range(20):
        street.turn.fan_out(street.clients, b"x" * 100_000)
    assert all(wire.writes and connection.out_bytes <= 300_000 for wire, connection in zip(
        street.wires, street.clients, strict=True
    ))  # fmt: skip
    street.settle()
    assert [len(wire.written) for wire in street.wires] == [2_000_000] * CLIENTS


@pytest.mark.parametrize("seed", SEEDS)
async def test_any_course_of_turns_keeps_everybodys_order(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms that overlap, answers, leavers, flushes that are cut anywhere: each client reads what a list would say."""
    monkeypatch.setattr("server.turn.LOOK_EVERY", 1)
    chance, street = random.Random(seed), Street()
    expected = [b""] * CLIENTS
    rooms = [chance.sample(range(CLIENTS), chance.randint(1, CLIENTS)) for _ in range(3)]
    lists = [[street.clients[index] for index in room] for room in rooms]
    monkeypatch.setattr(street.engine, "_monotonic", lambda: chance.random() * 0.012)  # a slice ends at any look
    number = 0

    def tell_a_room() -> None:
        room = chance.randrange(len(rooms))
        street.turn.fan_out(lists[room], b"%d," % number)
        for index in rooms[room]:
            if street.clients[index].open:
                expected[index] += b"%d," % number

    def answer() -> None:
        index = chance.randrange(CLIENTS)
        street.clients[index].send(b"%d;" % number)
        if street.clients[index].open:
            expected[index] += b"%d;" % number

    def leave() -> None:
        index = chance.randrange(CLIENTS)
        if street.clients[index].open and chance.random() < 0.1:
            street.clients[index].close("left")
            expected[index] += street.wires[index].written[-4:]  # its close frame

    deeds: list[Callable[[], Any]] = [tell_a_room, tell_a_room, tell_a_room, answer, leave, street.end_turn]
    for number in range(TURNS * 4):  # noqa: B007 - the deeds read it
        chance.choice(deeds)()
    street.settle()
    assert [wire.written for wire in street.wires] == expected
