"""The town: its places are the same in every process, soon after somebody imported."""

from __future__ import annotations

import pytest

from rooms.default_town import default_town
from rooms.place import Place, PlaceError
from rooms.store import Store
from rooms.town import Town
from tests.conftest import CODE_KEY
from tests.town import JAN_LUYKENLAAN, MOERWIJK_WEST

NEW_STREET = Place("BU05183637:nieuwe-straat", "Nieuwe straat", "street", MOERWIJK_WEST)


@pytest.fixture
async def other(town: Town, store: Store) -> Town:
    """Another process of the same town."""
    other = Town(store, CODE_KEY, clock=town.clock)
    await other.load_places()
    return other


async def test_every_process_has_the_same_places(town: Town, other: Town) -> None:
    """What one imported, the others read whole: names, parents, centres."""
    assert {place.id: place for place in other.places} == {place.id: place for place in default_town()}


async def test_places_are_read_again_only_when_somebody_imported(town: Town, other: Town) -> None:
    """A quiet town is not read every two seconds."""
    assert not await other.load_places()
    await town.import_places([NEW_STREET])
    assert other.places.room(NEW_STREET.id) is None
    assert await other.load_places()
    assert other.places.room(NEW_STREET.id) is not None
    assert not await other.load_places()


async def test_an_import_adds_and_changes_and_loses_nothing(town: Town) -> None:
    """A street more, and one of another name; everything else stays."""
    before = len(town.places)
    renamed = Place(JAN_LUYKENLAAN, "Jan Luijkenlaan", "street", MOERWIJK_WEST)
    assert await town.import_places([NEW_STREET, renamed]) == before + 1
    found = town.places.get(JAN_LUYKENLAAN)
    assert found is not None
    assert found.name == "Jan Luijkenlaan"


async def test_an_import_that_makes_no_tree_changes_nothing(town: Town, other: Town) -> None:
    """One bad row, and nothing is half imported, here or elsewhere."""
    bad = Place("BU99999999:nergens", "Nergens", "street", "BU99999999")
    with pytest.raises(PlaceError):
        await town.import_places([NEW_STREET, bad])
    assert town.places.get(NEW_STREET.id) is None
    assert not await other.load_places()


async def test_an_import_builds_on_what_others_imported(town: Town, other: Town) -> None:
    """A process that is behind looks first, and undoes nothing."""
    await town.import_places([NEW_STREET])
    another = Place("BU05183637:andere-straat", "Andere straat", "street", MOERWIJK_WEST)
    await other.import_places([another])
    await town.load_places()
    assert town.places.get(NEW_STREET.id) is not None
    assert town.places.get(another.id) is not None


async def test_an_empty_import_is_none(town: Town, other: Town) -> None:
    """Nothing to import is nothing to read again."""
    before = len(town.places)
    assert await town.import_places([]) == before
    assert not await other.load_places()


async def test_an_empty_store_is_an_empty_town(store: Store) -> None:
    """Before the first import there are no places, and asking is harmless."""
    town = Town(store, CODE_KEY)
    assert not await town.load_places()
    assert len(town.places) == 0
    assert town.places.room(JAN_LUYKENLAAN) is None
