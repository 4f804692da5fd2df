"""The default town is the two pilot districts of The Hague, with the facts we were given."""

import json
from pathlib import Path

import pytest

from rooms.default_town import default_town, source
from rooms.place import Places, street_id

GEOGRAPHY = Path(__file__).resolve().parents[3] / "shared" / "geography.json"


@pytest.fixture(scope="module")
def town() -> Places:
    return Places(default_town())


def test_pilot_districts_and_a_known_street_are_there(town):
    """A street of the pilot is found under its own neighbourhood."""
    assert [place.id for place in town.children("GM0518")] == ["GM0518.escamp", "GM0518.leidschenveen-ypenburg"]
    (street,) = town.find("Betje Wolffstraat", "street")
    assert street.id == "BU05183637:betje-wolffstraat"
    assert town.breadcrumb(street.id) == "'s-Gravenhage › Escamp › Moerwijk › Moerwijk-West › Betje Wolffstraat"


def test_street_that_crosses_neighbourhoods_has_a_room_in_each(town):
    """Dedemsvaartweg runs through two neighbourhoods of one wijk and a third of the next."""
    homes = {town.neighbourhood_of(street.id).name for street in town.find("Dedemsvaartweg")}
    assert homes == {"Venen, Oorden en Raden", "Dreven en Gaarden", "Morgenstond-West"}


def test_streets_known_only_for_a_wijk_stand_under_its_first_neighbourhood(town):
    """Nobody's street is lost because its neighbourhood is not known."""
    (reviusstraat,) = town.find("Reviusstraat")
    assert town.neighbourhood_of(reviusstraat.id).name == "Moerwijk-Oost"


def test_source_is_named():
    """The licence asks for the name of who made the data."""
    assert "Statistics Netherlands (CBS)" in source()
    assert "CC BY 4.0" in source()


def test_town_equals_the_facts_given(town):
    """Every name, code, centre and street of the given geography is in the town, and nothing else."""
    if not GEOGRAPHY.exists():
        pytest.skip(f"{GEOGRAPHY.name} is not beside this project")
    facts = json.loads(GEOGRAPHY.read_text(encoding="utf-8"))
    expected = {(facts["municipality"]["code"], facts["municipality"]["name"], "municipality", None, None)}
    for district in facts["districts"]:
        district_id = f"{facts['municipality']['code']}.{district['id']}"
        expected.add((district_id, district["name"], "district", facts["municipality"]["code"], None))
        for wijk in district["wijken"]:
            expected.add((wijk["code"], wijk["name"], "wijk", district_id, tuple(wijk["centre"])))
            expected |= set(facts_below(wijk))
    assert {(place.id, place.name, place.kind, place.parent, place.centre) for place in town} == expected


def facts_below(wijk):
    """The neighbourhoods and streets of a wijk as tuples of id, name, kind, parent and centre."""
    for number, neighbourhood in enumerate(wijk["neighbourhoods"]):
        code = neighbourhood["code"]
        yield code, neighbourhood["name"], "neighbourhood", wijk["code"], None
        for name in neighbourhood["streets"] + (wijk.get("streets_of_wijk", []) if number == 0 else []):
            yield street_id(code, name), name, "street", code, None
