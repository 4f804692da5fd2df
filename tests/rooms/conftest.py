"""The parts of the domain's stories: people who speak straight to dispatch, and a town that hurries nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgpack
import msgspec
import pytest

from rooms.keys import RoomKeys
from rooms.limit import Limit
from rooms.person import Person
from rooms.store import Store
from rooms.town import Town
from tests.rooms.desk_cast import Desk
from tests.rooms.voice import Voice
from tests.town import MovedClock

Resident = Callable[..., Awaitable[Person]]
SetMember = Callable[..., Awaitable[None]]


@pytest.fixture
async def ada(town: Town, resident: Resident) -> Voice:
    """Lives in the Jan Luykenlaan."""
    return Voice(town, await resident("Ada"))


@pytest.fixture
async def ben(town: Town, resident: Resident, ada: Voice) -> Voice:
    """Her neighbour, who came after her."""
    return Voice(town, await resident("Ben"))


@pytest.fixture
def desk(town: Town, clock: MovedClock) -> Desk:
    """The staff of the town."""
    return Desk(town, clock)


@pytest.fixture
def unhurried(town: Town) -> Town:
    """The town, with limits that no story reaches."""
    town.policy = msgspec.structs.replace(town.policy, limits=dict.fromkeys(town.policy.limits, Limit(100_000, 1)))
    return town


@pytest.fixture
def set_member(store: Store) -> SetMember:
    """`await set_member(ada, room, muted_until=...)`: what a moderator or a later feature would note of a member."""

    async def change(voice: Voice, room: str, **fields: Any) -> None:
        members = RoomKeys(room).members
        member = msgpack.unpackb(await store.read("HGET", members, voice.id)) | fields
        await store.read("HSET", members, voice.id, msgpack.packb(member))

    return change
