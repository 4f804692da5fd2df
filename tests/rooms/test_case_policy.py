"""Policies: an organisation's own numbers and an area's own, the nearest first, for every process and every case."""

from __future__ import annotations

import asyncio

import pytest

from rooms.case_policy import EVERYWHERE, Rule, Where, policy_for, where
from rooms.on_call import POLICIES, CasePolicy, tiers
from rooms.refusal import Refusal
from rooms.shape import OrganisationName
from rooms.store import Store
from rooms.town import Town
from tests.conftest import CODE_KEY
from tests.rooms.case_cast import LINE
from tests.rooms.desk_cast import MOERWIJK, Desk
from tests.rooms.voice import Voice
from tests.town import BETJE_WOLFFSTRAAT, ESCAMP, GOUDKARPERSINGEL, JAN_LUYKENLAAN

POLICE = Where("police", "urgent")
FAST, SLOW = Rule(tiers=tiers(10, 10, 10)), Rule(tiers=tiers(90, 90, 90))


@pytest.fixture
async def other(town: Town, store: Store) -> Town:
    """Another process of the same town."""
    other = Town(store, CODE_KEY, clock=town.clock)
    await other.load_places()
    await other.load_rules()
    return other


# the rule --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "seconds"),
    [
        ({}, 60),
        ({EVERYWHERE: 1}, 1),
        ({EVERYWHERE: 1, "GM1": 2}, 2),
        ({"GM1": 2, "D1": 3, EVERYWHERE: 1}, 3),
        ({"D1": 3, "WK1": 4}, 4),
        ({"BU1": 5, "WK1": 4, EVERYWHERE: 1}, 5),
        ({"BU1:laan": 6, "BU1": 5}, 6),
        ({"BU2": 9, "WK2": 9}, 60),
    ],
)
def test_the_nearest_place_wins(places: dict[str, int], seconds: int) -> None:
    """The street before the neighbourhood, and so on up; then the organisation's own numbers, then the town's."""
    rules = {Where("police", "urgent", place): Rule(tiers=tiers(lasts)) for place, lasts in places.items()}
    assert _of(rules).tiers[0].lasts_ms == seconds * 1000


def _of(rules: dict[Where, Rule], organisation: OrganisationName = "police") -> CasePolicy:
    return policy_for(rules, POLICIES["urgent"], organisation, "urgent", LINE)


def test_each_number_is_looked_for_by_itself() -> None:
    """An area with tiers of its own keeps what its organisation says of the owner, and the town of the rest."""
    rules = {POLICE: Rule(accepted_ms=1_000, reminder_ms=2_000), Where("police", "urgent", "D1"): FAST}
    policy = _of(rules)
    assert (policy.tiers, policy.accepted_ms, policy.reminder_ms) == (tiers(10, 10, 10), 1_000, 2_000)
    assert policy.handing_over_ms == POLICIES["urgent"].handing_over_ms


def test_one_organisation_changes_nothing_for_the_other() -> None:
    """Nor one urgency for another."""
    rules = {POLICE: FAST, Where("municipality", "soon"): SLOW}
    assert _of(rules, "municipality") == POLICIES["urgent"]


@pytest.mark.parametrize("place", [EVERYWHERE, ESCAMP, JAN_LUYKENLAAN])
def test_where_comes_out_of_the_store_as_it_went_in(place: str) -> None:
    """A street's id holds a colon."""
    at = Where("police", "urgent", place)
    assert where(at.field) == at


# in town ---------------------------------------------------------------------------------------------


async def test_a_case_keeps_the_policy_with_which_it_opened(desk: Desk, town: Town, ada: Voice) -> None:
    """What an admin sets later is for later cases; of another place and organisation nothing changes."""
    await desk.on_duty("Officer Vega", "Moderator Bakker")
    await town.set_rule(Where("police", "urgent", MOERWIJK), FAST)
    case = await desk.case((await desk.call(ada))["case"])
    assert (case.policy.tiers, case.due_at) == (tiers(10, 10, 10), case.since + 10_000)
    await town.set_rule(Where("police", "urgent", MOERWIJK), SLOW)
    assert (await desk.case(case.id)).policy == case.policy
    assert (await desk.case((await desk.call(ada))["case"])).policy.tiers == tiers(90, 90, 90)
    assert (await desk.case((await desk.call(ada, to="municipality"))["case"])).policy == POLICIES["urgent"]
    assert town.case_policy("police", "urgent", BETJE_WOLFFSTRAAT).tiers == tiers(90, 90, 90)
    assert town.case_policy("police", "urgent", GOUDKARPERSINGEL) == POLICIES["urgent"]


async def test_what_is_said_soon_follows_the_organisation_too(desk: Desk, town: Town, ada: Voice) -> None:
    """A case whose urgency rises runs by the policy of the higher one, of its organisation and place."""
    await desk.on_duty("Officer Vega")
    await town.set_rule(Where("police", "urgent", MOERWIJK), FAST)
    said = {"kind": "nuisance", "text": "Veel lawaai op straat."}
    seq = (await ada.ask("warning.raise", **said))["seq"]
    case = (await desk.call(ada, urgency="soon", warning=seq))["case"]
    assert (await desk.call(ada, urgency="urgent", warning=seq))["case"] == case
    assert (await desk.case(case)).policy.tiers == tiers(10, 10, 10)


async def test_every_process_goes_by_the_same_rules(town: Town, other: Town) -> None:
    """Soon after they were set; a quiet town is not read every two seconds."""
    assert not await other.load_rules()
    await town.set_rule(POLICE, FAST)
    assert await other.load_rules()
    assert other.rules == town.rules == {POLICE: FAST}
    assert not await other.load_rules()
    assert await other.clear_rule(POLICE)
    assert await town.load_rules()
    assert town.case_policy("police", "urgent", JAN_LUYKENLAAN) == POLICIES["urgent"]


async def test_two_who_set_at_once_undo_nothing(town: Town, other: Town) -> None:
    """Each number that was set stands, also where they are of one rule."""
    await asyncio.gather(
        town.set_rule(POLICE, Rule(reminder_ms=1_000)),
        other.set_rule(POLICE, FAST),
        other.set_rule(Where("municipality", "soon"), SLOW),
    )
    await town.load_rules()
    both = Rule(tiers=tiers(10, 10, 10), reminder_ms=1_000)
    assert town.rules == {POLICE: both, Where("municipality", "soon"): SLOW}


@pytest.mark.parametrize(
    ("at", "rule"),
    [(POLICE, Rule()), (Where("police", "information"), FAST), (Where("fire", "urgent"), FAST)],  # type: ignore[arg-type]  # what is refused
)
async def test_a_rule_that_says_nothing_or_pages_nobody_is_refused(
    town: Town, other: Town, at: Where, rule: Rule
) -> None:
    """And nothing is kept of it."""
    with pytest.raises(Refusal, match="bad_request"):
        await town.set_rule(at, rule)
    assert not await other.load_rules()


async def test_what_was_never_set_is_not_taken_away(town: Town) -> None:
    """A rule for a district is none for its streets."""
    await town.set_rule(Where("police", "urgent", ESCAMP), FAST)
    assert not await town.clear_rule(Where("police", "urgent", JAN_LUYKENLAAN))
    assert await town.clear_rule(Where("police", "urgent", ESCAMP))
    assert not await town.clear_rule(Where("police", "urgent", ESCAMP))
