"""Tiers: who is paged when, by what their jurisdiction names, and what becomes of a tier with nobody in it."""

from __future__ import annotations

import pytest

from rooms import on_call
from rooms.on_call import POLICIES, Duty, OnDuty, Tier
from rooms.shape import By

LINE = (("street", "BU1:laan"), ("neighbourhood", "BU1"), ("wijk", "WK1"), ("district", "D1"), ("municipality", "GM1"))
NEIGHBOURHOOD, DISTRICT, TOWN = POLICIES["urgent"].tiers


def officer(name: str, *areas: str, organisation: str = "police") -> OnDuty:
    return OnDuty(name, By(name, name, "officer", organisation), areas)  # type: ignore[arg-type]  # a word of the two


AT: dict[str, OnDuty] = {
    "street": officer("street", "BU1:laan"),
    "neighbourhood": officer("neighbourhood", "BU1"),
    "wijk": officer("wijk", "WK1"),
    "district": officer("district", "D1"),
    "municipality": officer("municipality", "GM1"),
    "elsewhere": officer("elsewhere", "WK2"),
    "bakker": officer("bakker", "WK1", organisation="municipality"),
}
ALL: Duty = tuple(AT.values())


@pytest.mark.parametrize(
    ("tier", "who"),
    [
        (NEIGHBOURHOOD, {"street", "neighbourhood", "wijk"}),
        (DISTRICT, {"street", "neighbourhood", "wijk", "district"}),
        (TOWN, {"street", "neighbourhood", "wijk", "district", "municipality", "elsewhere"}),
    ],
)
def test_a_tier_is_wider_than_the_one_before(tier: Tier, who: set[str]) -> None:
    """Those of the neighbourhood and its wijk, those of the district as well, everyone of the organisation in town."""
    assert set(on_call.people(ALL, "police", tier, LINE, ())) == who


def test_the_other_organisation_is_never_paged() -> None:
    """Who calls the police calls nobody else."""
    assert on_call.people(ALL, "municipality", TOWN, LINE, ()) == ("bakker",)


def test_who_was_struck_off_is_not_in_a_tier() -> None:
    """Nobody is asked twice in one tier."""
    assert on_call.people(ALL, "police", NEIGHBOURHOOD, LINE, {"wijk", "street"}) == ("neighbourhood",)


@pytest.mark.parametrize(
    ("there", "first", "number", "skipped"),
    [
        (("wijk",), 1, 1, ()),
        (("district",), 1, 2, (1,)),
        (("elsewhere",), 1, 3, (1, 2)),
        (("bakker",), 1, 0, (1, 2, 3)),
        ((), 1, 0, (1, 2, 3)),
        (("wijk",), 2, 2, ()),
        (("elsewhere",), 2, 3, (2,)),
        (("wijk",), 4, 0, ()),
    ],
)
def test_an_empty_tier_is_passed_over(
    there: tuple[str, ...], first: int, number: int, skipped: tuple[int, ...]
) -> None:
    """The first one with someone is next; where there is none, nobody answers."""
    duty = tuple(AT[name] for name in there)
    assert on_call.next_tier(duty, "police", POLICIES["urgent"].tiers, LINE, (), first) == (number, skipped)


def test_the_times_are_those_that_were_promised() -> None:
    """Urgent 60, 60 and 120 seconds; soon 10, 20 and 60 minutes; for information none (product.md 5)."""
    assert [tier.lasts_ms for tier in POLICIES["urgent"].tiers] == [60_000, 60_000, 120_000]
    assert [tier.lasts_ms for tier in POLICIES["soon"].tiers] == [600_000, 1_200_000, 3_600_000]
    assert POLICIES["information"].tiers == ()
    assert (POLICIES["urgent"].accepted_ms, POLICIES["soon"].accepted_ms) == (900_000, 3_600_000)


@pytest.mark.parametrize(("name", "covered"), [(name, name not in ("elsewhere",)) for name in AT])
def test_a_jurisdiction_covers_what_lies_in_it(name: str, covered: bool) -> None:
    """Whoever names the place or anything above it."""
    assert on_call.covers(AT[name], LINE) is covered
