"""Presence: a number, never names; leases that end by themselves when a process dies."""

from __future__ import annotations

import pytest

from rooms import presence
from rooms.keys import RoomKeys
from rooms.store import Store
from rooms.town import Town
from tests.town import BETJE_WOLFFSTRAAT, JAN_LUYKENLAAN, MOERWIJK_WEST, MovedClock

ROOMS = (JAN_LUYKENLAAN, MOERWIJK_WEST)


async def here(town: Town, room: str = JAN_LUYKENLAAN) -> int:
    return (await presence.counts(town, [room]))[room]


async def test_everybody_counts_once_in_every_room(town: Town) -> None:
    """Two devices and two processes of one neighbour are one neighbour."""
    for _ in range(2):
        await presence.renew(town, {JAN_LUYKENLAAN: ["ada", "ben"], MOERWIJK_WEST: ["ada", "ben", "cor"]})
    assert await presence.counts(town, [*ROOMS, BETJE_WOLFFSTRAAT]) == {
        JAN_LUYKENLAAN: 2, MOERWIJK_WEST: 3, BETJE_WOLFFSTRAAT: 0,
    }  # fmt: skip


async def test_a_lease_ends_by_itself(town: Town, clock: MovedClock) -> None:
    """Who was connected to a process that was killed is gone after 25 seconds, renewed or not at all."""
    await presence.renew(town, {JAN_LUYKENLAAN: ["ada"]})
    clock.forward(seconds=24)
    assert await here(town) == 1
    await presence.renew(town, {JAN_LUYKENLAAN: ["ada"]})
    clock.forward(seconds=24)
    assert await here(town) == 1
    clock.forward(seconds=2)
    assert await here(town) == 0


async def test_who_leaves_one_process_is_counted_until_another_would_have_renewed(
    town: Town, clock: MovedClock
) -> None:
    """A phone that goes while the tablet stays makes no flicker; without a tablet the number falls soon."""
    await presence.renew(town, {JAN_LUYKENLAAN: ["ada", "ben"]})
    await presence.left(town, "ada", ROOMS)
    await presence.left(town, "ben", ROOMS)
    clock.forward(seconds=10)
    await presence.renew(town, {JAN_LUYKENLAAN: ["ada"]})
    clock.forward(seconds=3)
    assert await here(town) == 1


async def test_leaving_lengthens_no_lease_and_makes_none(town: Town, clock: MovedClock) -> None:
    """A late goodbye does not bring anybody back."""
    await presence.left(town, "ada", ROOMS)
    assert await here(town) == 0
    await presence.renew(town, {JAN_LUYKENLAAN: ["ada"]})
    clock.forward(seconds=20)
    await presence.left(town, "ada", ROOMS)
    clock.forward(seconds=6)
    assert await here(town) == 0


async def test_ended_leases_are_dropped(town: Town, store: Store, clock: MovedClock) -> None:
    """Who was here is kept nowhere."""
    await presence.renew(town, {JAN_LUYKENLAAN: ["ada"]})
    clock.forward(seconds=20)
    await presence.renew(town, {JAN_LUYKENLAAN: ["ben"]})
    clock.forward(seconds=10)
    await presence.forget(town, ROOMS)
    assert await store.read("ZRANGE", RoomKeys(JAN_LUYKENLAAN).here, 0, -1) == [b"ben"]


async def test_a_room_without_anybody_is_not_renewed(town: Town, store: Store) -> None:
    """Nobody here is no lease, and no error."""
    await presence.renew(town, {JAN_LUYKENLAAN: []})
    assert await store.read("EXISTS", RoomKeys(JAN_LUYKENLAAN).here) == 0


@pytest.mark.parametrize(("number", "told"), [(0, None), (1, None), (4, None), (5, 5), (14, 14)])
def test_fewer_than_five_are_a_few(town: Town, number: int, told: int | None) -> None:
    """Nobody learns from the number who is away."""
    assert presence.told(town, number) == told
