"""Keys: the dictionary tells every key there is, and what belongs together lies in one partition."""

from __future__ import annotations

import re

import pytest

from rooms import keys
from rooms.key_dictionary import DICTIONARY, Key
from rooms.keys import PersonKeys, RoomKeys
from rooms.store import Store
from rooms.town import Town
from tests.rooms.story import everything_happens
from tests.town import BETJE_WOLFFSTRAAT, JAN_LUYKENLAAN, MOERWIJK_WEST, POLICE_DESK, SHARED_DESK, MovedClock

ENDING = ("asked", "bucket", "code", "corrections", "notices", "preview", "ticket", "tries")


def _matches(row: Key, key: str) -> bool:
    pattern = re.escape(row.pattern).replace(re.escape("{tag}"), r"\{(p\d\d|town)\}")
    return re.fullmatch(re.sub(r"<\w+>", "[^{} ]+", pattern), key) is not None


def _row(key: str) -> Key | None:
    """The row of the dictionary that has the fewest holes and fits."""
    fitting = sorted((row for row in DICTIONARY if _matches(row, key)), key=lambda row: row.pattern.count("<"))
    return fitting[0] if fitting else None


async def test_the_dictionary_has_every_key_that_there_is(town: Town, store: Store, clock: MovedClock) -> None:
    """After everything has happened, no key of the store is missing from it or of another type."""
    await everything_happens(town, clock)
    found = sorted(key.decode() for key in await store.read("KEYS", "*"))
    types = await store.read_all(("TYPE", key) for key in found)
    for key, kind in zip(found, types, strict=True):
        row = _row(key)
        assert row is not None, key
        assert kind.decode() in row.type, (key, kind, row)


async def test_what_has_a_lifetime_ends(town: Town, store: Store, clock: MovedClock) -> None:
    """Buckets, codes and tries end by themselves; what must stay does not."""
    await everything_happens(town, clock)
    for raw in await store.read("KEYS", "*"):
        key, ends = raw.decode(), await store.read("PTTL", raw) > 0
        name = key.partition("}:")[2].partition(":")[0]
        if name != "purged":  # the sweep sets it, with its day
            assert ends == (name in ENDING), key


def test_a_neighbourhood_and_its_streets_are_one_partition() -> None:
    """One script can change what belongs together."""
    assert len({keys.partition_of(room) for room in (JAN_LUYKENLAAN, BETJE_WOLFFSTRAAT, MOERWIJK_WEST)}) == 1
    assert keys.partition_of(POLICE_DESK) == keys.partition_of(SHARED_DESK)


def test_a_batch_is_of_one_partition() -> None:
    """Every room is in one of them, none in two, and none holds more than it may."""
    rooms = [JAN_LUYKENLAAN, BETJE_WOLFFSTRAAT, MOERWIJK_WEST, POLICE_DESK, SHARED_DESK, "BU05184420"]
    batches = list(keys.batches(rooms, 2))
    assert sorted(room for batch in batches for room in batch) == sorted(rooms)
    assert all(len(batch) <= 2 and len({keys.partition_of(room) for room in batch}) == 1 for batch in batches)
    assert len(batches) == 4


def test_a_case_carries_its_partition() -> None:
    """Its room, its record and its deadline lie where it was raised."""
    assert keys.partition_of("case:p03.k3m9x2w7q4v5") == "p03"
    assert keys.case("p03.k3m9x2w7q4v5").startswith("{p03}:")


@pytest.mark.parametrize(
    "room", ["case:", "case:p16.k3m9x2w7q4v5", "case:p07.", "case:p07.KORT", "case:town.aaaaaaaaaaaa"]
)
def test_what_only_looks_like_a_case_lies_somewhere_too(room: str) -> None:
    """Nobody chooses a partition that there is not."""
    assert keys.partition_of(room) in keys.ALL[:-1]


def test_every_partition_has_a_feed() -> None:
    """Sixteen, and the town's own."""
    assert len(set(keys.ALL)) == len(keys.ALL) == 17


def test_the_rooms_of_a_town_are_spread(town: Town) -> None:
    """No partition carries the whole town."""
    assert len({keys.partition_of(room.id) for room in town.places.rooms()}) > 8


@pytest.mark.parametrize("room", [JAN_LUYKENLAAN, MOERWIJK_WEST, POLICE_DESK, "case:p07.k3m9x2w7q4v5"])
def test_all_keys_of_a_room_carry_one_tag(room: str) -> None:
    """Whatever a script is given of a room lies in one slot."""
    mine = RoomKeys(room)
    found = [value for name, value in vars(mine).items() if name not in ("room", "partition")]
    found += [*mine.done("ada", "0" * 32), mine.bucket("talk", "ada")]
    assert all(key.startswith("{" + mine.partition + "}:") for key in found)
    assert len(set(found)) == len(found)
    assert all(_row(key) for key in found)


def test_all_keys_of_a_person_carry_one_tag() -> None:
    """Account, sessions and the feed that tells of them."""
    mine = PersonKeys("k3v9x2m7q4w8")
    found = [value for name, value in vars(mine).items() if name != "partition"]
    assert all(key.startswith("{" + mine.partition + "}:") for key in found)
    assert all(_row(key) for key in found)


def test_partitions_never_change() -> None:
    """The partition of a room is written in every key: another one would lose the room."""
    assert keys.partition_of(JAN_LUYKENLAAN) == "p07"
    assert keys.partition_of(POLICE_DESK) == keys.partition_of("desk:GM0518.escamp:municipality")
