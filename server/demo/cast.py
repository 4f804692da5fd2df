"""Who lives where in the demo: some 300 neighbours in 40 streets, the staff on duty, and the guests of the links.

The same places give the same people, so that those of a kept folder come back.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import zip_longest

import msgspec

from rooms.person import Organisation, Role
from rooms.place import Place, Places

STORY_STREET = "Jan Luykenlaan"
STREETS, IN_THE_STORY, ELSEWHERE = 40, 14, 7
"""How many streets, and neighbours per street; every third street has one more."""
RESIDENT = "Noor"
"""The neighbour of the story's street who is left to whoever opens the link."""


class Home(msgspec.Struct, frozen=True):
    """A street and its neighbours, by name."""

    street: Place
    names: tuple[str, ...]


class Colleague(msgspec.Struct, frozen=True):
    """Somebody of the staff. name: what others see; nobody signs in with it. at_home: the wijk of the story as well as
    the districts, so that its calls come to them first."""

    name: str
    role: Role
    organisation: Organisation
    at_home: bool = False


class _Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    first_names: tuple[str, ...]
    initials: str
    story: tuple[str, ...]


OFFICER = Colleague("Wijkagent van dienst", Role.OFFICER, Organisation.POLICE, at_home=True)
SECOND = Colleague("Officier van dienst", Role.OFFICER, Organisation.POLICE)
POLICE = Colleague("Avonddienst politie", Role.MODERATOR, Organisation.POLICE)
MUNICIPALITY = Colleague("Avonddienst gemeente", Role.MODERATOR, Organisation.MUNICIPALITY, at_home=True)
ON_DUTY = (OFFICER, SECOND, POLICE, MUNICIPALITY)
TAKERS = (OFFICER, MUNICIPALITY)
"""Who takes the calls of their organisation."""


def story_names() -> tuple[str, ...]:
    """Those of the story's street by whom the evening is told."""
    return _names().story


def homes(places: Places) -> list[Home]:
    """The streets of the demo with their neighbours, the story's street first. Raises RuntimeError where there is no
    street at all."""
    names = _neighbours()
    found = _streets(places)
    if not found:
        raise RuntimeError("The demo needs a street; there is none in this town.")
    first = Home(found[0], (*story_names(), *(next(names) for _ in range(IN_THE_STORY - len(story_names())))))
    rest = [Home(street, tuple(next(names) for _ in range(ELSEWHERE + (number % 3 == 0))))
            for number, street in enumerate(found[1:])]  # fmt: skip
    return [first, *rest]


def _streets(places: Places) -> list[Place]:
    """The story's street, the others of its neighbourhood, then one of every neighbourhood, and so on."""
    streets = [place for place in places if place.kind == "street"]
    by_neighbourhood: dict[str, list[Place]] = {}
    for street in sorted(streets, key=lambda street: street.name != STORY_STREET):
        by_neighbourhood.setdefault(street.parent or "", []).append(street)
    first, *others = by_neighbourhood.values() or [[]]
    rounds = (street for row in zip_longest(*others) for street in row if street is not None)
    return [*first, *rounds][:STREETS]


def _neighbours() -> Iterator[str]:
    """Names without end: Aisha B., Anouk D., Arjan G. ..."""
    names = _names()
    number = 0
    while True:
        letter = names.initials[(number + number // len(names.first_names)) % len(names.initials)]
        yield f"{names.first_names[number % len(names.first_names)]} {letter}."
        number += 1


def area(places: Places, colleague: Colleague) -> tuple[str, ...]:
    """The jurisdiction: every district, or what stands highest where there is none; with the story's wijk where the
    colleague is at home."""
    districts = [place.id for place in places if place.kind == "district"]
    top = [place.id for place in places if not place.parent]
    story = _streets(places)[0]
    wijk = [place.id for place in places.ancestors(story.id) if place.kind == "wijk"]
    return (*(wijk if colleague.at_home else ()), *(districts or top))


@cache
def _names() -> _Names:
    return msgspec.json.decode(resources.files("server.demo").joinpath("cast.json").read_bytes(), type=_Names)
