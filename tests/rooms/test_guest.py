"""Hints at rooms that no account names: noted before there is a membership, dropped when they lead nowhere for long."""

from __future__ import annotations

from rooms import guest
from rooms.keys import PersonKeys
from rooms.store import Store
from rooms.town import Town
from tests.rooms.voice import Voice
from tests.town import MovedClock

ROOM = "case:p07.k3m9x2w7q4v5"


async def _hints(store: Store, who: Voice) -> list[bytes]:
    hints: list[bytes] = await store.read("HKEYS", PersonKeys(who.id).guest)
    return hints


async def test_a_hint_is_kept_until_it_has_led_nowhere_for_a_day(
    town: Town, store: Store, ada: Voice, clock: MovedClock
) -> None:
    """A young one may be of a membership that is only beginning."""
    await guest.note(town, ada.id, ROOM)
    await guest.drop(town, ada.id, [ROOM])
    assert await _hints(store, ada) == [ROOM.encode()]
    clock.forward(days=1.1)
    await guest.drop(town, ada.id, [])
    assert await _hints(store, ada) == [ROOM.encode()]
    await guest.drop(town, ada.id, [ROOM])
    assert await _hints(store, ada) == []


async def test_a_hint_noted_again_is_young_again(town: Town, store: Store, ada: Voice, clock: MovedClock) -> None:
    """Who enters a room a second time finds it."""
    await guest.note(town, ada.id, ROOM)
    clock.forward(days=2)
    await guest.note(town, ada.id, ROOM)
    await guest.drop(town, ada.id, [ROOM])
    assert await _hints(store, ada) == [ROOM.encode()]
