"""The moves of a case: who comes, who goes, whom that calls, and what its asker may do afterwards."""

from __future__ import annotations

import pytest

from rooms.escalation import begin
from rooms.on_call import OnDuty
from rooms.refusal import Refusal
from tests.rooms.case_cast import BAKKER, DUTY, FAR, NOW, PRINS, VEGA, VISSER, YILMAZ, act, in_state, new_case

# coming and going ------------------------------------------------------------------------------------


def test_who_accepts_enters_and_every_page_ends() -> None:
    """One owner, in the room; nobody is called for what is taken."""
    taken = act(in_state("paging"), "accept", "yilmaz")
    assert (taken.entered, taken.left) == (YILMAZ.by, None)
    assert (taken.withdrawn, taken.case.paged) == (("vega", "yilmaz"), ())


@pytest.mark.parametrize(("action", "who"), [("release", "vega"), ("resolve", "vega")])
@pytest.mark.parametrize("state", ["accepted", "handing_over"])
def test_who_lets_go_or_is_done_leaves(state: str, action: str, who: str) -> None:
    """Nobody stays in a room without a ground."""
    assert act(in_state(state), action, who).left == VEGA.by


def test_who_releases_is_not_called_for_it() -> None:
    """The others are, from tier 1 on."""
    released = act(in_state("accepted"), "release", "vega")
    assert (released.paged, released.case.tier, released.case.due_at) == (("yilmaz",), 1, NOW + 60_000)


def test_the_giver_owns_it_until_another_takes_it() -> None:
    """Handing over leaves no moment without an owner."""
    asked = act(in_state("accepted"), "hand_over", "vega")
    assert (asked.case.owner, asked.left, asked.paged) == (VEGA.by, None, ("bakker", "visser"))
    taken = act(asked.case, "accept", "visser")
    assert (taken.left, taken.entered, taken.case.to) == (VEGA.by, VISSER.by, "municipality")
    assert taken.withdrawn == ("bakker", "visser")


def test_handing_over_to_nobody_is_refused() -> None:
    """It stays where it is."""
    with pytest.raises(Refusal, match="nobody_on_duty"):
        act(in_state("accepted"), "hand_over", "vega", duty=(VEGA, PRINS))
    with pytest.raises(Refusal, match="nobody_on_duty"):
        act(in_state("accepted"), "hand_over", "vega", duty=(VEGA, BAKKER), to="police")


def test_when_all_of_the_target_decline_the_giver_keeps_it() -> None:
    """One no is one no; the last one brings it back."""
    case = act(in_state("handing_over"), "decline", "bakker").case
    back = act(case, "decline", "visser", NOW + 1_000)
    assert back.events == ("escalation.declined", "escalation.returned")
    assert (back.case.state, back.case.owner, back.case.due_at) == ("accepted", VEGA.by, NOW + 901_000)


def test_when_all_of_a_tier_decline_its_time_is_over() -> None:
    """Nobody waits for those who have said no."""
    case = act(in_state("paging"), "decline", "vega").case
    next_tier = act(case, "decline", "yilmaz")
    assert next_tier.events == ("escalation.declined", "escalation.widened")
    assert (next_tier.case.tier, next_tier.paged) == (2, ("prins",))


def test_who_comes_on_duty_is_called_and_who_goes_is_struck_off() -> None:
    """Only those of the tier; and when the last one goes, its time is over."""
    case = begin(new_case(), NOW, (VEGA, PRINS)).case
    came = act(case, "duty", "", duty=(VEGA, PRINS, YILMAZ))
    assert (came.paged, came.withdrawn, came.events) == (("yilmaz",), (), ())
    went = act(came.case, "duty", "", duty=(YILMAZ, PRINS))
    assert (went.paged, went.withdrawn, went.case.tier) == ((), ("vega",), 1)
    assert act(went.case, "duty", "", duty=(PRINS,)).case.tier == 2


def test_who_comes_on_duty_at_last_is_called_and_the_state_stays() -> None:
    """Nobody has answered until somebody does."""
    came = act(in_state("unanswered"), "duty", "", duty=(FAR,))
    assert (came.paged, came.case.state) == (("far",), "unanswered")
    assert act(came.case, "accept", "far", duty=(FAR,)).case.owner == FAR.by


@pytest.mark.parametrize(("state", "to"), [("accepted", "police"), ("handing_over", "municipality")])
def test_an_owner_off_duty_owns_nothing(state: str, to: str) -> None:
    """It is paged again; what was being handed over is paged where it was going."""
    gone = act(in_state(state), "duty", "", duty=(YILMAZ, PRINS, BAKKER))
    assert (gone.case.state, gone.case.to, gone.left) == ("paging", to, VEGA.by)
    assert gone.events == ("escalation.released",)


def test_a_target_that_goes_off_duty_gives_it_back() -> None:
    """Nobody is left who could take it over."""
    gone = act(in_state("handing_over"), "duty", "", duty=(VEGA, PRINS))
    assert (gone.case.state, gone.case.owner, gone.events) == ("accepted", VEGA.by, ("escalation.returned",))


def test_who_lapsed_from_duty_stayed_struck_off_for_ever() -> None:
    """An owner whose duty ends loses the case, and is called like anybody else when back on duty."""
    gone = act(in_state("accepted"), "duty", "", duty=(YILMAZ, PRINS))
    assert (gone.paged, gone.case.declined) == (("yilmaz",), ())
    back = act(gone.case, "duty", "", NOW + 1_000, duty=(YILMAZ, PRINS, VEGA))
    assert back.paged == ("vega",)


def test_who_gave_it_back_on_the_way_home_stayed_struck_off_for_ever() -> None:
    """A no lasts as long as the duty in which it was said: releasing, going off duty and coming back is a new one."""
    gone = act(in_state("accepted"), "release", "vega", duty=(YILMAZ, PRINS)).case
    assert act(gone, "duty", "", duty=(YILMAZ, PRINS, VEGA)).paged == ("vega",)
    released = act(in_state("accepted"), "release", "vega").case
    assert act(released, "duty", "", duty=DUTY).paged == ()
    gone = act(released, "duty", "", duty=(YILMAZ, PRINS)).case
    assert act(gone, "duty", "", duty=(YILMAZ, PRINS, VEGA)).paged == ("vega",)


@pytest.mark.parametrize(("state", "who"), [("paging", VEGA), ("unanswered", VEGA), ("handing_over", BAKKER)])
def test_who_declined_and_went_home_was_not_called_when_back(state: str, who: OnDuty) -> None:
    """Wherever one can decline; as long as the duty lasts, the no does."""
    there = in_state("unanswered") if state == "unanswered" else in_state(state)
    others = tuple(member for member in DUTY if member != who)
    declined = act(act(there, "duty", "").case, "decline", who.person).case
    assert act(declined, "duty", "").paged == ()
    home = act(declined, "duty", "", duty=others).case
    assert act(home, "duty", "").paged == (who.person,)


# the asker -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["accepted", "handing_over"])
def test_who_owns_a_withdrawn_case_still_owes_the_outcome(state: str) -> None:
    """It is marked, once, and goes on."""
    marked = act(in_state(state), "withdraw", "ada")
    assert (marked.events, marked.case.withdrawn, marked.case.state) == (("escalation.withdrawn",), True, state)
    assert act(marked.case, "withdraw", "ada").events == ()
    assert act(marked.case, "resolve", "vega").case.state == "resolved"


def test_a_rating_can_be_changed() -> None:
    """The latest one counts; the same again is nothing new."""
    rated = act(in_state("resolved"), "rate", "ada", helped=True)
    assert (rated.case.helped, rated.events) == (True, ("escalation.rated",))
    assert act(rated.case, "rate", "ada", helped=True).events == ()
    assert act(rated.case, "rate", "ada", helped=False).case.helped is False


def test_a_case_is_reopened_once_and_the_last_owner_is_called_too() -> None:
    """From tier 1, whatever the owner's area; a second time it is done for good."""
    owned_by_far = act(begin(new_case(), NOW, (FAR, VEGA)).case, "due", "", NOW + 60_000, duty=(FAR, VEGA)).case
    owned_by_far = act(owned_by_far, "due", "", NOW + 120_000, duty=(FAR, VEGA)).case
    done = act(act(owned_by_far, "accept", "far").case, "resolve", "far").case
    again = act(done, "reopen", "ada")
    assert set(again.paged) == {"far", "vega", "yilmaz"}
    assert (again.case.tier, again.case.outcome, again.events) == (1, None, ("escalation.reopened",))
    twice = act(act(again.case, "accept", "vega").case, "resolve", "vega").case
    with pytest.raises(Refusal, match="wrong_state"):
        act(twice, "reopen", "ada")


def test_the_last_owner_of_a_case_for_information_did_not_hear_that_it_was_reopened() -> None:
    """There are no tiers, but there is somebody who knows it: called until taken, gone off duty, or said no."""
    done = act(act(in_state("listed"), "accept", "vega").case, "resolve", "vega").case
    again = act(done, "reopen", "ada")
    assert (again.case.state, again.paged, again.events) == ("listed", ("vega",), ("escalation.reopened",))
    seen = act(again.case, "see", "", persons=("vega",)).case
    assert (seen.sent, seen.delivered, seen.seen) == (("vega",),) * 3
    second = act(again.case, "attach", "ben", call=new_case("information"))
    assert (second.case.paged, second.withdrawn) == (("vega",), ())
    assert act(again.case, "duty", "", duty=(YILMAZ, PRINS)).withdrawn == ("vega",)
    for name in ("accept", "decline"):
        assert act(again.case, name, "vega").withdrawn == ("vega",)
    assert act(again.case, "withdraw", "ada").withdrawn == ("vega",)
    assert act(done, "reopen", "ada", duty=(YILMAZ,)).paged == ()


def test_after_a_week_what_is_resolved_is_final() -> None:
    """It can be neither rated nor opened again."""
    case = in_state("resolved")
    final = act(case, "due", "", case.due_at or 0).case
    assert (final.state, final.due_at) == ("resolved", None)
    for action in ("rate", "reopen", "due"):
        with pytest.raises(Refusal, match="wrong_state"):
            act(final, action, "" if action == "due" else "ada")
