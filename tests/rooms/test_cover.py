"""An area reaches each of its residents once, and nobody else."""

from collections.abc import Iterable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.cover import Cover, cover, is_inside
from rooms.place import Kind, Place, Places
from rooms.refusal import Refusal

TOWN = Place("GM0518", "'s-Gravenhage", "municipality")
ESCAMP = Place("GM0518.escamp", "Escamp", "district", TOWN.id)
CENTRUM = Place("GM0518.centrum", "Centrum", "district", TOWN.id)
MOERWIJK = Place("WK051836", "Moerwijk", "wijk", ESCAMP.id)
WEST = Place("BU05183637", "Moerwijk-West", "neighbourhood", MOERWIJK.id)
OOST = Place("BU05183620", "Moerwijk-Oost", "neighbourhood", MOERWIJK.id)
ZUIDERPARK = Place("BU05183699", "Zuiderpark", "neighbourhood", MOERWIJK.id)
HOFKWARTIER = Place("BU05182811", "Hofkwartier", "neighbourhood", CENTRUM.id)
BETJE = Place("BU05183637:betje-wolffstraat", "Betje Wolffstraat", "street", WEST.id)
LUYKEN = Place("BU05183637:jan-luykenlaan", "Jan Luykenlaan", "street", WEST.id)
ERASMUS_WEST = Place("BU05183637:erasmusweg", "Erasmusweg", "street", WEST.id)
ERASMUS_OOST = Place("BU05183620:erasmusweg", "Erasmusweg", "street", OOST.id)
MOLENSTRAAT = Place("BU05182811:molenstraat", "Molenstraat", "street", HOFKWARTIER.id)
ALL = (TOWN, ESCAMP, CENTRUM, MOERWIJK, WEST, OOST, ZUIDERPARK, HOFKWARTIER,
       BETJE, LUYKEN, ERASMUS_WEST, ERASMUS_OOST, MOLENSTRAAT)  # fmt: skip
THE_HAGUE = Places(ALL)


def covered(*places: Place) -> Cover:
    return cover(THE_HAGUE, [place.id for place in places])


def ids(*places: Place) -> tuple[str, ...]:
    return tuple(place.id for place in places)


# -- rooms


def test_single_streets_are_reached_in_their_own_rooms() -> None:
    """Two of three streets: the third hears nothing."""
    assert covered(LUYKEN, BETJE).rooms == ids(BETJE, LUYKEN)


def test_a_whole_neighbourhood_is_reached_in_its_room() -> None:
    """One copy in one room, however it was named."""
    assert covered(WEST).rooms == covered(BETJE, LUYKEN, ERASMUS_WEST).rooms == ids(WEST)
    assert covered(OOST).rooms == ids(OOST)


def test_the_only_street_of_a_neighbourhood_stays_as_it_was_named() -> None:
    """One room either way: a street that is built next week was not meant."""
    assert covered(ERASMUS_OOST).rooms == ids(ERASMUS_OOST)


def test_a_street_of_a_neighbourhood_that_is_meant_whole_adds_no_copy() -> None:
    """What lies inside another place of the area is absorbed."""
    both = covered(BETJE, WEST, ERASMUS_OOST, WEST)
    assert both.areas == ids(WEST, ERASMUS_OOST)
    assert both.rooms == ids(WEST, ERASMUS_OOST)
    assert both.neighbourhoods == ids(WEST, OOST)


def test_larger_places_are_reached_neighbourhood_by_neighbourhood() -> None:
    """A wijk has no room; a park without streets has nobody to reach."""
    assert covered(MOERWIJK).rooms == covered(ESCAMP).rooms == ids(WEST, OOST)
    assert covered(TOWN).rooms == ids(WEST, OOST, HOFKWARTIER)


def test_one_area_gives_one_answer_in_any_order() -> None:
    """The preview and the broadcast come to the same rooms."""
    assert covered(MOLENSTRAAT, WEST, BETJE) == covered(BETJE, WEST, MOLENSTRAAT)


# -- refusals


@pytest.mark.parametrize("named", [[], ["BU1"], [WEST.id, "BU1"], [ZUIDERPARK.id]])
def test_an_area_that_reaches_nobody_is_refused(named: list[str]) -> None:
    """No place, an unknown one, a park: refused, and never widened."""
    with pytest.raises(Refusal) as refused:
        cover(THE_HAGUE, named)
    assert (refused.value.code, refused.value.facts) == ("bad_request", {"field": "places"})


# -- districts


def test_districts_are_those_that_the_area_touches() -> None:
    """One street over the border, and a second officer is asked."""
    assert covered(WEST, OOST).districts == covered(ESCAMP).districts == ids(ESCAMP)
    assert not covered(ESCAMP).crosses_districts
    assert covered(BETJE, MOLENSTRAAT).districts == covered(TOWN).districts == ids(ESCAMP, CENTRUM)
    assert covered(BETJE, MOLENSTRAAT).crosses_districts


def test_the_municipality_stands_for_what_lies_in_no_district() -> None:
    """A town without districts counts as one, and land outside them as one more."""
    undivided = Places([TOWN, Place(WEST.id, "West", "neighbourhood", TOWN.id), BETJE])
    assert cover(undivided, [TOWN.id]).districts == (TOWN.id,)
    duin = Place("BU05180001", "Duin", "neighbourhood", TOWN.id)
    mixed = Places([*ALL, duin, Place("BU05180001:duinweg", "Duinweg", "street", duin.id)])
    assert cover(mixed, [duin.id, BETJE.id]).districts == (TOWN.id, ESCAMP.id)


# -- jurisdiction


def test_a_place_lies_in_a_jurisdiction_that_covers_it() -> None:
    """Below what an officer holds everything, beside it nothing, above it nothing."""
    assert is_inside(THE_HAGUE, [ESCAMP.id], ids(BETJE, WEST, MOERWIJK, ESCAMP))
    assert not is_inside(THE_HAGUE, [ESCAMP.id], ids(BETJE, MOLENSTRAAT))
    assert not is_inside(THE_HAGUE, [ESCAMP.id], ids(TOWN))
    assert not is_inside(THE_HAGUE, [], ids(BETJE))
    assert not is_inside(THE_HAGUE, [TOWN.id], ["BU1"])


def test_parts_that_make_a_whole_are_the_whole() -> None:
    """Who holds every district may alert the town; who holds all but one may not."""
    assert is_inside(THE_HAGUE, ids(ESCAMP, CENTRUM), ids(TOWN))
    assert is_inside(THE_HAGUE, ids(WEST, OOST, ZUIDERPARK), ids(ESCAMP))
    assert not is_inside(THE_HAGUE, ids(WEST, OOST), ids(ESCAMP))


# -- every small town, against brute force


@st.composite
def towns_and_areas(draw: st.DrawFn) -> tuple[Places, list[str]]:
    """A town of a few neighbourhoods under any levels, and some of its places."""
    places = [Place("GM1", "Town", "municipality")]
    levels: tuple[Kind, ...] = ("district", "wijk", "neighbourhood")
    for number, kind in enumerate(draw(st.lists(st.sampled_from(levels), min_size=1, max_size=5))):
        above = [p for p in places if p.kind in ("municipality", *levels[: levels.index(kind)])]
        places.append(Place(f"X{number}", f"Place {number}", kind, draw(st.sampled_from(above)).id))
    homes = [place for place in places if place.kind == "neighbourhood"]
    for number in range(draw(st.integers(0, 7)) if homes else 0):
        home = draw(st.sampled_from(homes))
        places.append(Place(f"{home.id}:s{number}", f"Street {number}", "street", home.id))
    named = draw(st.lists(st.sampled_from([place.id for place in places]), min_size=1, max_size=6))
    return Places(draw(st.permutations(places))), named


def reaches_each_once(town: Places, rooms: Iterable[str], living: set[str]) -> bool:
    """By definition: a resident of each street in the area counts one copy, any other none."""
    chosen = set(rooms)
    streets = [place.id for place in town if place.kind == "street"]
    copies = {street: sum(room.id in chosen for room in town.rooms_of_resident(street)) for street in streets}
    return all(count == (street in living) for street, count in copies.items())


@given(towns_and_areas())
def test_every_resident_gets_one_copy_in_the_fewest_rooms(given_town: tuple[Places, list[str]]) -> None:
    """Each resident of the area has exactly one copy, nobody else any, and no smaller set of rooms does that."""
    town, named = given_town
    living = town.streets_in(named)
    if not living:
        with pytest.raises(Refusal):
            cover(town, named)
        return
    found = cover(town, named)
    assert reaches_each_once(town, found.rooms, living)
    homes = [room.id for room in town.rooms() if room.kind in ("street", "neighbourhood")]
    smaller = (rooms for size in range(len(found.rooms)) for rooms in combinations(homes, size))
    assert not any(reaches_each_once(town, rooms, living) for rooms in smaller)


@given(towns_and_areas())
def test_areas_are_normalised_and_mean_the_same(given_town: tuple[Places, list[str]]) -> None:
    """No area lies in another, none is new, and the rest of the answer stays what it was."""
    town, named = given_town
    if not town.streets_in(named):
        return
    found = cover(town, named)
    assert set(found.areas) <= set(named)
    assert not any(town.covers(one, other) for one in found.areas for other in found.areas if one != other)
    assert cover(town, found.areas) == found
    assert is_inside(town, found.areas, named)
    assert set(found.neighbourhoods) == {town.rooms_of_resident(street)[1].id for street in town.streets_in(named)}
