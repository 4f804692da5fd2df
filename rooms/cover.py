"""Whom an area reaches: the fewest rooms in which each resident of it gets exactly one copy. PURE.

A resident is a member of two rooms, the own street's and the own neighbourhood's. So a whole neighbourhood is reached
in its own room and single streets in theirs, and of one neighbourhood never both. Who lives where is not known here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from rooms.place import Place, Places
from rooms.refusal import Refusal


class Cover(msgspec.Struct, frozen=True):
    """What an area comes to; ids only, each in the order of the town's places.

    areas: the places as they were named, without those inside another.  rooms: each resident of the areas is a member
    of exactly one, and no one else of any.  neighbourhoods: where those residents live.  districts: what the areas
    touch; the municipality stands for whatever lies in no district.
    """

    areas: tuple[str, ...]
    rooms: tuple[str, ...]
    neighbourhoods: tuple[str, ...]
    districts: tuple[str, ...]

    @property
    def crosses_districts(self) -> bool:
        """Whether a second officer is needed for that alone (product.md 6)."""
        return len(self.districts) > 1


def cover(places: Places, area_ids: Iterable[str]) -> Cover:
    """The rooms that reach everybody who lives in these places, and nobody else.

    Raises Refusal("bad_request", field="places") for no place, an unknown one, or an area without any street: what
    nobody can live in is refused and never widened.
    """
    named = dict.fromkeys(area_ids)
    if not named:
        raise _refused("Name at least one place.")
    for area_id in named:
        if area_id not in places:
            raise _refused("One of these places does not exist.")
    streets = places.streets_in(named)
    if not streets:
        raise _refused("Nobody can be reached there: these places have no street.")
    outermost = {area_id for area_id in named if not any(above.id in named for above in places.ancestors(area_id))}
    reached = list(_by_neighbourhood(places, streets))
    return Cover(
        areas=_ordered(places, outermost),
        rooms=_ordered(places, {room for home, lived in reached for room in _rooms(places, home, lived, outermost)}),
        neighbourhoods=_ordered(places, {home for home, _ in reached}),
        districts=_ordered(places, {_seat(places, place) for place in _below(places, outermost)}),
    )


def is_inside(places: Places, jurisdiction: Iterable[str], area_ids: Iterable[str]) -> bool:
    """Whether every one of these places lies in the jurisdiction: in a place of it, or part by part in several.

    An unknown place lies in none.
    """
    held = frozenset(jurisdiction)
    return all(_lies_in(places, held, area_id) for area_id in area_ids)


def _lies_in(places: Places, held: frozenset[str], area_id: str) -> bool:
    if any(place_id in held for _, place_id in places.line(area_id)):
        return True
    # An officer for each wijk of a district may say "the district".
    parts = places.children(area_id)
    return bool(parts) and all(_lies_in(places, held, part.id) for part in parts)


def _rooms(places: Places, home: str, lived: set[str], areas: set[str]) -> set[str]:
    """The rooms of one neighbourhood: its own when it is meant whole, else those of the streets."""
    is_named = any(place_id in areas for _, place_id in places.line(home))
    # One room beats several. A neighbourhood of one street costs the same either way and stays as it was named.
    is_fewer = len(lived) > 1 and len(lived) == len(places.children(home))
    return {home} if is_named or is_fewer else lived


def _by_neighbourhood(places: Places, streets: set[str]) -> Iterator[tuple[str, set[str]]]:
    """Each neighbourhood with those of its streets that are in the area."""
    found: dict[str, set[str]] = defaultdict(set)
    for street in streets:
        _, home = places.rooms_of_resident(street)
        found[home.id].add(street)
    yield from found.items()


def _below(places: Places, area_ids: Iterable[str]) -> Iterator[Place]:
    """The places of these areas and all in them, without municipalities: those are no part of themselves."""
    for area_id in area_ids:
        place = places.get(area_id)
        if place is not None and place.kind != "municipality":
            yield place
        yield from _below(places, (child.id for child in places.children(area_id)))


def _seat(places: Places, place: Place) -> str:
    """The district of *place*, or its municipality where it lies in no district."""
    district = places.district_of(place.id)
    return district.id if district else places.ancestors(place.id)[-1].id


def _ordered(places: Places, ids: set[str]) -> tuple[str, ...]:
    """As the town lists them, so that one area always gives one answer."""
    return tuple(place.id for place in places if place.id in ids)


def _refused(message: str) -> Refusal:
    return Refusal("bad_request", field="places", message=message)
