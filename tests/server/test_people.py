"""Whom of the staff a word for their organisation concerns."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from rooms.default_town import default_town
from rooms.feed import Told
from rooms.person import Organisation, Person, Role
from rooms.place import Places
from server.client import Client
from server.people import concerns
from tests.town import ESCAMP, GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST

PLACES = Places(default_town())


def _officer(*areas: str) -> Client:
    person = Person(id="a", name="a", role=Role.OFFICER, organisation=Organisation.POLICE, jurisdiction=areas)
    return cast("Client", SimpleNamespace(person=person, person_id=person.id, rooms=set()))


def _alert(*areas: str, organisation: str = "police") -> Told:
    data: dict[str, Any] = {"alert": {"areas": [{"id": area, "name": ""} for area in areas]}}
    return Told("alert.changed", data, organisation=organisation)


@pytest.mark.parametrize(
    ("held", "alerted", "told"),
    [
        (ESCAMP, [JAN_LUYKENLAAN], True),
        (MOERWIJK_WEST, [ESCAMP], True),
        (MOERWIJK_WEST, [GOUDKARPERSINGEL, JAN_LUYKENLAAN], True),
        (MOERWIJK_WEST, [GOUDKARPERSINGEL], False),
    ],
)
def test_an_alert_concerns_whose_area_it_touches(held: str, alerted: list[str], told: bool) -> None:
    """Wherever else it is sent."""
    assert concerns(_alert(*alerted), _officer(held), PLACES) is told


def test_an_alert_of_their_area_is_told_to_those_it_is_told_for() -> None:
    """What is for the municipality's staff, the police are not told by it."""
    assert not concerns(_alert(JAN_LUYKENLAAN, organisation="municipality"), _officer(ESCAMP), PLACES)
