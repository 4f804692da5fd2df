"""The town that is there before any other is imported: two districts of The Hague.

Names and codes are those of Statistics Netherlands (CBS), CC BY 4.0; the streets are a sample of real ones.
"""

from collections.abc import Iterator
from functools import cache
from importlib import resources

import msgspec

from rooms.place import Place, street_id, uncoded_id


class _Neighbourhood(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    name: str
    streets: tuple[str, ...]


class _Wijk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """centre: (latitude, longitude); streets: those of which only the wijk is known."""

    code: str
    name: str
    centre: tuple[float, float]
    neighbourhoods: tuple[_Neighbourhood, ...]
    streets: tuple[str, ...] = ()


class _District(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    wijken: tuple[_Wijk, ...]


class _Municipality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    name: str


class _Town(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    municipality: _Municipality
    districts: tuple[_District, ...]


def default_town() -> list[Place]:
    """The places of the default town, parents first."""
    town = _read()
    return [Place(town.municipality.code, town.municipality.name, "municipality"), *_districts(town)]


def source() -> str:
    """Where the names come from, and under which licence: to be shown wherever they are."""
    return _read().source


@cache
def _read() -> _Town:
    file = resources.files("rooms").joinpath("data/the_hague.json")
    return msgspec.json.decode(file.read_bytes(), type=_Town)


def _districts(town: _Town) -> Iterator[Place]:
    for district in town.districts:
        district_id = uncoded_id(town.municipality.code, district.name)
        yield Place(district_id, district.name, "district", town.municipality.code)
        for wijk in district.wijken:
            yield Place(wijk.code, wijk.name, "wijk", district_id, centre=wijk.centre)
            yield from _neighbourhoods(wijk)


def _neighbourhoods(wijk: _Wijk) -> Iterator[Place]:
    # Streets of which only the wijk is known stand under its first neighbourhood, so that someone can live there.
    unplaced = wijk.streets
    for neighbourhood in wijk.neighbourhoods:
        yield Place(neighbourhood.code, neighbourhood.name, "neighbourhood", wijk.code)
        for name in dict.fromkeys(neighbourhood.streets + unplaced):
            yield Place(street_id(neighbourhood.code, name), name, "street", neighbourhood.code)
        unplaced = ()
