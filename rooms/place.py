"""The tree of places, and the rooms that follow from it. PURE.

Municipality > district > wijk > neighbourhood > street; a town may leave levels out, but a street always stands under
a neighbourhood, because its residents belong to both. Rooms are stored nowhere: the room of a street or a neighbourhood
carries the place's id, desks follow from the districts. `room.py` has the room itself, `place_name.py` the spelling.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, Literal

import msgspec

from rooms.place_name import fold, slug
from rooms.room import DESK_OWNERS, ORGANISATIONS, Room, case_room, desk_id, partition_key

__all__ = [
    "LEVELS",
    "Kind",
    "MultiPolygon",
    "Place",
    "PlaceError",
    "Places",
    "Room",
    "partition_key",
    "problems_of",
    "slug",
    "street_id",
    "uncoded_id",
]

Kind = Literal["municipality", "district", "wijk", "neighbourhood", "street"]
LEVELS: Final[dict[Kind, int]] = {"municipality": 0, "district": 1, "wijk": 2, "neighbourhood": 3, "street": 4}

# Polygons, each of rings (the first the border, the others holes), each of (longitude, latitude) in degrees, WGS 84.
# Tuples, so that a place stays frozen and hashable to its last point.
MultiPolygon = tuple[tuple[tuple[tuple[float, float], ...], ...], ...]

LONGEST_NAME: Final = 100
LONGEST_ID: Final = 200
# Ids become parts of Redis keys, where braces and spaces would change the partition; the colon is the street's alone.
_ID: Final = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
_STREET_TAIL: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place. parent: the id above it, None for a municipality alone. centre: (latitude, longitude) in degrees."""

    id: str
    name: str
    kind: Kind
    parent: str | None = None
    centre: tuple[float, float] | None = None
    geometry: MultiPolygon | None = None


class PlaceError(ValueError):
    """These places make no tree; `problems` names every reason, one sentence each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        more = [f"and {len(self.problems) - 10} more"] if len(self.problems) > 10 else []
        super().__init__("; ".join([*self.problems[:10], *more]))


def street_id(neighbourhood: str, name: str) -> str:
    """The id of the street called *name* in *neighbourhood*: "BU05183637:betje-wolffstraat"."""
    return f"{neighbourhood}:{slug(name)}"


def uncoded_id(parent: str, name: str) -> str:
    """The id of a place above the street that has no code of its own: "GM0518.escamp"."""
    return f"{parent}.{slug(name)}"


class Places:
    """All places of a town, checked once and never changed; every answer keeps the order in which they were given.

    An id that nobody knows has no parent, no children and no rooms, and is covered by nothing: asking is harmless.
    Raises PlaceError with all problems when the places make no tree.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        given = tuple(places)
        self._by_id = {place.id: place for place in given}
        if problems := [sentence for _, sentence in problems_of(given)]:
            raise PlaceError(problems)
        self._children: dict[str, list[Place]] = defaultdict(list)
        self._by_name: dict[str, list[Place]] = defaultdict(list)
        self._by_lower_id = {place.id.lower(): place for place in given}
        for place in given:
            self._by_name[fold(place.name)].append(place)
            if place.parent is not None:
                self._children[place.parent].append(place)
        self._desks = tuple(self._make_desks())
        self._rooms = {room.id: room for room in (*self._make_homes(), *self._desks)}

    def __iter__(self) -> Iterator[Place]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, place_id: str) -> bool:
        return place_id in self._by_id

    # -- the tree ------------------------------------------------------------------------------------------------------

    def get(self, place_id: str) -> Place | None:
        """The place of this id, or None."""
        return self._by_id.get(place_id)

    def children(self, place_id: str) -> tuple[Place, ...]:
        """The places directly under this one."""
        return tuple(self._children.get(place_id, ()))

    def ancestors(self, place_id: str) -> tuple[Place, ...]:
        """The places above this one, the nearest first, the municipality last; the place itself is not among them."""
        return self._line(place_id)[1:]

    def line(self, place_id: str) -> tuple[tuple[str, str], ...]:
        """(kind, id) of the place and of everything above it, the nearest first."""
        return tuple((place.kind, place.id) for place in self._line(place_id))

    def neighbourhood_of(self, place_id: str) -> Place | None:
        """The neighbourhood that this place is or lies in; None above neighbourhoods."""
        return self._at_level(place_id, "neighbourhood")

    def district_of(self, place_id: str) -> Place | None:
        """The district that this place is or lies in; None for a municipality and where the town has no districts."""
        return self._at_level(place_id, "district")

    def breadcrumb(self, place_id: str) -> str:
        """The way down to this place, for people: "'s-Gravenhage › Escamp › Moerwijk"."""
        return " › ".join(place.name for place in reversed(self._line(place_id)))

    def find(self, text: str, kind: str | None = None) -> list[Place]:
        """The places that *text* may mean, by id or by name, of *kind* only when that is given.

        Case, accents, apostrophes and hyphens don't matter. An id comes first, then names spelled exactly so.
        Several streets of one name are several answers: the caller asks which.
        """
        wanted = text.strip()
        by_id = self._by_id.get(wanted) or self._by_lower_id.get(wanted.lower())
        named = sorted(self._by_name.get(fold(wanted), ()), key=lambda place: place.name != wanted)
        found = [by_id, *(place for place in named if place is not by_id)] if by_id else named
        return [place for place in found if kind is None or place.kind == kind]

    def updated(self, places: Iterable[Place]) -> "Places":
        """These places with *places* added, those of a known id replaced. Raises PlaceError and leaves these as is."""
        given = tuple(places)
        if doubles := [sentence for _, sentence in _doubles(given)]:
            raise PlaceError(doubles)
        return Places({**self._by_id, **{place.id: place for place in given}}.values())

    # -- who is covered by this area -----------------------------------------------------------------------------------

    def covers(self, area_id: str, place_id: str) -> bool:
        """Whether *place_id* is the area or lies in it."""
        return any(place.id == area_id for place in self._line(place_id))

    def streets_in(self, area_ids: Iterable[str]) -> set[str]:
        """The ids of all streets in any of these areas; a street is an area of itself."""
        waiting = [place for area_id in area_ids if (place := self._by_id.get(area_id))]
        seen: set[str] = set()
        streets: set[str] = set()
        while waiting:
            place = waiting.pop()
            if place.id in seen:
                continue
            seen.add(place.id)
            if place.kind == "street":
                streets.add(place.id)
            waiting.extend(self._children.get(place.id, ()))
        return streets

    # -- rooms ---------------------------------------------------------------------------------------------------------

    def rooms(self) -> tuple[Room, ...]:
        """Every room of the town."""
        return tuple(self._rooms.values())

    def room(self, room_id: str) -> Room | None:
        """The room of this id, or None; a wijk has none, for instance. Any private case could have its room."""
        return self._rooms.get(room_id) or case_room(room_id)

    def rooms_of_resident(self, street: str) -> tuple[Room, Room]:
        """The two rooms of who lives in *street*: the street's, then its neighbourhood's. KeyError: no such street."""
        place = self._by_id[street]
        if place.kind != "street" or place.parent is None:
            raise KeyError(street)
        return self._rooms[street], self._rooms[place.parent]

    def desks_of(self, jurisdiction: Iterable[str], organisation: str | None) -> tuple[Room, ...]:
        """The desks of who works for *organisation* in these areas: the organisation's own and the shared ones.

        A municipality gives all its desks; anything inside a district gives that district's. No organisation, no desk.
        """
        if organisation not in ORGANISATIONS:
            return ()
        seats = {seat for area_id in jurisdiction for seat in self._seats_of(area_id)}
        mine = (organisation, "shared")
        return tuple(room for room in self._desks if room.organisation in mine and room.place in seats)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _line(self, place_id: str) -> tuple[Place, ...]:
        """The place and everything above it, the municipality last."""
        line: list[Place] = []
        place = self._by_id.get(place_id)
        while place is not None:
            line.append(place)
            place = self._by_id.get(place.parent) if place.parent is not None else None
        return tuple(line)

    def _at_level(self, place_id: str, kind: Kind) -> Place | None:
        return next((place for place in self._line(place_id) if place.kind == kind), None)

    def _seats(self) -> Iterator[Place]:
        """The places that have desks: districts, and a municipality of which some part lies in no district."""
        for place in self._by_id.values():
            below = self._children.get(place.id, ())
            undivided = not below or any(child.kind != "district" for child in below)
            if place.kind == "district" or (place.kind == "municipality" and undivided):
                yield place

    def _seats_of(self, area_id: str) -> set[str]:
        all_seats = {desk.place for desk in self._desks}
        inside = {seat for seat in all_seats if self.covers(area_id, seat)}
        # Only the nearest: in a town with a part outside the districts, the municipality above has desks too.
        above = (place.id for place in self._line(area_id) if place.id in all_seats)
        return inside or set(islice(above, 1))

    def _make_homes(self) -> Iterator[Room]:
        for place in self._by_id.values():
            if place.kind == "street" or place.kind == "neighbourhood":
                yield Room(place.id, place.name, place.kind, place.id)

    def _make_desks(self) -> Iterator[Room]:
        for seat in self._seats():
            for owner in DESK_OWNERS:
                yield Room(desk_id(seat.id, owner), f"{seat.name}, {owner}", "desk", seat.id, owner)


def problems_of(places: Iterable[Place]) -> Iterator[tuple[str, str]]:
    """Everything that keeps *places* from being a tree: the id of the place and a sentence, for each problem."""
    given = tuple(places)
    by_id = {place.id: place for place in given}
    yield from _doubles(given)
    for place in given:
        yield from ((place.id, f"{place.id} ({place.name}): {problem}") for problem in _problems_of(place, by_id))


def _problems_of(place: Place, by_id: Mapping[str, Place]) -> Iterator[str]:
    if place.kind not in LEVELS:
        yield f"unknown kind {place.kind}"
        return
    if not place.name.strip() or len(place.name) > LONGEST_NAME or not place.name.isprintable():
        yield f"a name has 1 to {LONGEST_NAME} characters that can be seen"
    if not _is_fitting_id(place):
        yield f"not an id for a {place.kind}"
    if place.parent is not None:
        yield from _problems_with_parent(place, by_id.get(place.parent))
    elif place.kind != "municipality":
        yield f"a {place.kind} needs a parent"


def _problems_with_parent(place: Place, parent: Place | None) -> Iterator[str]:
    if parent is None:
        yield f"its parent {place.parent} does not exist"
    # Kinds only ever descend, so a cycle can't be without one of these.
    elif LEVELS.get(parent.kind, -1) >= LEVELS[place.kind]:
        yield f"a {place.kind} can't stand under the {parent.kind} {parent.id}"
    elif place.kind == "street" and parent.kind != "neighbourhood":
        yield f"a street stands under a neighbourhood, not under the {parent.kind} {parent.id}"


def _doubles(given: tuple[Place, ...]) -> Iterator[tuple[str, str]]:
    """The id and a sentence for every id that is given more than once; two spellings of one street are such a case."""
    names: dict[str, list[str]] = defaultdict(list)
    for place in given:
        names[place.id].append(place.name)
    for place_id, same in names.items():
        if len(same) > 1:
            yield place_id, f"{place_id}: the same id for {' and '.join(dict.fromkeys(same))}, given {len(same)} times"


def _is_fitting_id(place: Place) -> bool:
    """A street's id begins with its neighbourhood's, so that both fall into one partition; no other has a colon."""
    if len(place.id) > LONGEST_ID:
        return False
    if place.kind != "street":
        return _ID.fullmatch(place.id) is not None
    neighbourhood, _, tail = place.id.rpartition(":")
    return neighbourhood == place.parent and _STREET_TAIL.fullmatch(tail) is not None
