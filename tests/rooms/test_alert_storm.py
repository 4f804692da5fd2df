"""Everything at once: officers, deadlines and dying processes, in two processes whose clocks differ.

Whatever they did, at the end every alert is over, its chain is whole, and each of its rooms has each message once and
in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from rooms import alert_due, keys
from rooms import alert_record as record
from rooms.alert_chain import Alert, MessageType
from rooms.alert_shape import AlertState
from rooms.keys import RoomKeys
from rooms.refusal import Refusal
from rooms.store import Store
from rooms.town import Town
from tests.conftest import CODE_KEY
from tests.rooms.alert_cast import MINUTE_MS, SMOKE, Station, entries
from tests.rooms.conftest import Resident
from tests.rooms.test_alert_delivery import Killed
from tests.rooms.voice import Voice
from tests.town import ESCAMP, MovedClock

NAMES = ("Officer Vega", "Officer Kok", "Chief Prins")
ENDS: dict[AlertState, MessageType] = {"cancelled": "cancel", "cleared": "clear", "expired": "expired"}
DEEDS = ("open_alert", "step_alert", "pass_alert", "deliver_alert")
DIES = 0.15
"""The share of scripts after which their process is no more."""


class LateClock(MovedClock):
    """Another process's idea of the time."""

    def __init__(self, clock: MovedClock, late_ms: int) -> None:
        super().__init__()
        self._clock, self._late_ms = clock, late_ms

    def now_ms(self) -> int:
        return self._clock.now_ms() - self._late_ms


class Storm:
    """Two processes, and officers with a device at each."""

    def __init__(self, town: Town, other: Town, clock: MovedClock, rng: Random) -> None:
        self.towns, self.clock, self.rng = (town, other), clock, rng
        self.station, self.voices, self.is_deadly = Station(town, clock), dict[str, tuple[Voice, Voice]](), False

    async def begin(self) -> None:
        for name in NAMES:
            voice = await self.station.voice(name)
            self.voices[name] = voice, Voice(self.towns[1], voice.person, 2)
        for town in self.towns:
            self._make_deadly(town)

    def _make_deadly(self, town: Town) -> None:
        begin = town.store.begin

        def hand_in(name: str, names: Sequence[str], args: Any) -> Any:
            handed_in = begin(name, names, args)
            if self.is_deadly and name in DEEDS and self.rng.random() < DIES:
                raise Killed
            return handed_in

        town.store.begin = hand_in  # type: ignore[method-assign,assignment]

    def _voice(self) -> Voice:
        return self.rng.choice(self.voices[self.rng.choice(NAMES)])

    async def blow(self) -> None:
        """One broadcast, sent twice by its device, then anything to any alert while both processes look what is due."""
        self.is_deadly = False
        author = self._voice()
        said = {**SMOKE, "places": [ESCAMP], "severity": self.rng.choice(("moderate", "severe"))}
        expires_at = self.clock.now_ms() + self.rng.choice((6, 10)) * MINUTE_MS
        seen = await author.ask("alert.preview", **said, expires_at=expires_at)
        send = {"preview": seen["preview"], "client_id": author.next_id(), "code": seen.get("code", "none")}
        alert_ids = [alert.id for alert in await record.changed_since(self.towns[0], 0)]
        self.is_deadly = True
        await self._all(*(author.ask("alert.broadcast", **send) for _ in range(2)))
        deeds = [self._deed(self.rng.choice(alert_ids)) for _ in range(self.rng.randint(2, 6)) if alert_ids]
        await self._all(*deeds, *(alert_due.overdue(town, town.clock.now_ms()) for town in self.towns))
        self.clock.forward(ms=self.rng.choice((10, 2_500, MINUTE_MS + 1, 5 * MINUTE_MS + 1)))

    async def _all(self, *deeds: Awaitable[Any]) -> None:
        await asyncio.gather(*map(self._survived, deeds))

    async def _survived(self, deed: Awaitable[Any]) -> None:
        with suppress(Refusal, Killed):  # what has been kept counts, not what was answered
            await deed

    def _deed(self, alert_id: str) -> Awaitable[Any]:
        voice, number = self._voice(), self.rng.randint(0, 999)
        name, more = self.rng.choice((
            ("approve", {}), ("decline", {}), ("update", {"text": f"Nieuws {number}."}), ("clear", {}),
            ("update", {"severity": "extreme"}), ("cancel", {"reason": "Het klopte niet."}),
            ("update", {"expires_at": voice.town.clock.now_ms() + MINUTE_MS + 1}),
        ))  # fmt: skip
        return voice.ask(f"alert.{name}", alert=alert_id, **more)

    async def calm(self) -> list[Alert]:
        """Until all is over; every alert that there was."""
        self.is_deadly = False
        for _ in range(3):
            self.clock.forward(minutes=20)
            await alert_due.overdue(self.towns[0], self.clock.now_ms())
        return await record.changed_since(self.towns[0], 0)


@pytest.fixture
async def other(unhurried: Town, clock: MovedClock, empty_redis: str) -> AsyncIterator[Town]:
    """The same town in another process, a second and a half behind."""
    store = Store(empty_redis)
    town = Town(store, CODE_KEY, clock=LateClock(clock, 1_500), policy=unhurried.policy, signing=unhurried.signing)
    await town.load_places()
    yield town
    await store.close()


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_happens_every_room_has_every_message_once(
    unhurried: Town, other: Town, clock: MovedClock, resident: Resident, seed: int
) -> None:
    """Commands, repeats, deadlines and deaths at the same moments, in the order of this seed."""
    await resident("Ada")
    storm = Storm(unhurried, other, clock, Random(seed))
    await storm.begin()
    for _ in range(6):
        await storm.blow()
    alerts = await storm.calm()
    assert len(alerts) == 6, "a preview is one alert, however often it was sent and whoever died"
    for alert in alerts:
        _check_chain(alert)
        await _check_rooms(unhurried, alert)
    assert await unhurried.store.read("ZCARD", keys.ALERT_DUE) == 0


def _check_chain(alert: Alert) -> None:
    """Numbered, in the order of time, with one end that fits the state; nothing of what never was in force."""
    types: list[MessageType] = [message.type for message in alert.messages]
    assert [message.n for message in alert.messages] == list(range(1, len(types) + 1))
    assert [message.sent for message in alert.messages] == sorted(message.sent for message in alert.messages)
    if alert.state in ("lapsed", "declined"):
        assert types == []
    else:
        assert (types[0], types[-1], set(types[1:-1]) <= {"update"}) == ("alert", ENDS[alert.state], True)


async def _check_rooms(town: Town, alert: Alert) -> None:
    """Each room has the chain, once and in order, and nothing is pinned any longer."""
    chain = [(message.n, message.body) for message in alert.messages]
    for room in alert.rooms:
        given = [entry.data for entry in await entries(town, room) if entry.data["alert"] == alert.id]
        assert [(data["n"], data.get("body", "")) for data in given] == chain, room
        assert await town.store.read("HEXISTS", RoomKeys(room).alerts, alert.id) == 0
