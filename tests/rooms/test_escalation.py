"""The state machine: the whole table of product.md 5, every state by every action by everybody, and every deadline."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from rooms.case import view
from rooms.case_move import ActionName
from rooms.escalation import TRANSITIONS, begin
from rooms.on_call import POLICIES, OnDuty
from rooms.refusal import Refusal
from rooms.shape import CaseState, Reached
from tests.rooms.case_cast import ACTORS, BAKKER, DUTY, FAR, NOW, PRINS, VEGA, VISSER, YILMAZ, act, in_state, new_case

STATES, ACTIONS = get_args(CaseState), get_args(ActionName)
STAFF = {"ada": "not_on_duty", "ben": "not_on_duty", "off": "not_on_duty", "": "not_on_duty",
         "bakker": "not_permitted", "far": "outside_jurisdiction"}  # fmt: skip
"""What those hear who may not, where staff of the police are asked, and BAKKER is of the municipality."""
NOBODY = dict.fromkeys(ACTORS, "not_permitted")


def staff(result: str, **others: str) -> dict[str, str]:
    return {**dict.fromkeys(("vega", "yilmaz", "prins"), result), **STAFF, **others}


def only(who: str, result: str) -> dict[str, str]:
    return {**NOBODY, who: result}


def neighbours(result: str, **others: str) -> dict[str, str]:
    return {**dict.fromkeys(ACTORS, result), "": "not_permitted", **others}


TABLE: dict[tuple[str, str], dict[str, str]] = {
    ("listed", "accept"): staff("accepted"),
    ("listed", "decline"): staff("listed"),
    ("listed", "withdraw"): only("ada", "withdrawn"),
    ("listed", "due"): only("", "lapsed"),
    ("listed", "duty"): only("", "listed"),
    ("listed", "send"): only("", "listed"),
    ("listed", "deliver"): only("", "listed"),
    ("listed", "see"): only("", "listed"),
    ("listed", "join"): neighbours("listed"),
    ("listed", "attach"): neighbours("paging"),  # each says that it is urgent
    ("paging", "accept"): staff("accepted"),
    ("paging", "decline"): staff("paging"),
    ("paging", "send"): only("", "paging"),
    ("paging", "deliver"): only("", "paging"),
    ("paging", "see"): only("", "paging"),
    ("paging", "withdraw"): only("ada", "withdrawn"),
    ("paging", "due"): only("", "paging"),
    ("paging", "duty"): only("", "paging"),
    ("paging", "join"): neighbours("paging"),
    ("paging", "attach"): neighbours("paging"),
    ("unanswered", "accept"): staff("accepted"),
    ("unanswered", "decline"): staff("unanswered"),
    ("unanswered", "deliver"): only("", "unanswered"),
    ("unanswered", "see"): only("", "unanswered"),
    ("unanswered", "withdraw"): only("ada", "withdrawn"),
    ("unanswered", "due"): only("", "lapsed"),
    ("unanswered", "duty"): only("", "unanswered"),
    ("unanswered", "join"): neighbours("unanswered"),
    ("unanswered", "attach"): neighbours("paging", ada="unanswered"),  # who has called already
    ("unanswered", "send"): only("", "unanswered"),
    ("accepted", "accept"): staff("already_taken", vega="accepted"),
    ("accepted", "send"): only("", "accepted"),
    ("accepted", "release"): only("vega", "paging"),
    ("accepted", "alive"): only("vega", "accepted"),
    ("accepted", "hand_over"): only("vega", "handing_over"),
    ("accepted", "resolve"): only("vega", "resolved"),
    ("accepted", "withdraw"): only("ada", "accepted"),
    ("accepted", "due"): only("", "accepted"),
    ("accepted", "duty"): only("", "accepted"),
    ("accepted", "join"): neighbours("accepted"),
    ("accepted", "attach"): neighbours("accepted"),
    ("handing_over", "accept"): staff("already_taken", bakker="accepted"),
    ("handing_over", "decline"): staff("not_permitted", bakker="handing_over"),
    ("handing_over", "send"): only("", "handing_over"),
    ("handing_over", "deliver"): only("", "handing_over"),
    ("handing_over", "see"): only("", "handing_over"),
    ("handing_over", "release"): only("vega", "paging"),
    ("handing_over", "resolve"): only("vega", "resolved"),
    ("handing_over", "withdraw"): only("ada", "handing_over"),
    ("handing_over", "due"): only("", "accepted"),
    ("handing_over", "duty"): only("", "handing_over"),
    ("handing_over", "join"): neighbours("handing_over"),
    ("handing_over", "attach"): neighbours("handing_over"),
    ("resolved", "rate"): only("ada", "resolved"),
    ("resolved", "reopen"): only("ada", "paging"),
    ("resolved", "due"): only("", "resolved"),
}
"""Every cell that is not blank: what everybody comes to, a state or a refusal."""


# the table -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "action"), list(product(STATES, ACTIONS)))
def test_every_action_in_every_state_by_everybody(state: str, action: str) -> None:
    """A cell does what product.md says, for those it names; a blank one is refused to everybody."""
    expected = TABLE.get((state, action), dict.fromkeys(ACTORS, "wrong_state"))
    case = in_state(state)
    now_ms = case.due_at or NOW
    assert {who: _outcome(state, action, who, now_ms) for who in ACTORS} == expected


def _outcome(state: str, action: str, who: str, now_ms: int) -> str:
    try:
        return act(in_state(state), action, who, now_ms).case.state
    except Refusal as refusal:
        return refusal.code


def test_the_table_of_the_code_has_these_cells_and_no_others() -> None:
    """A cell that nobody expected would be a way that nobody watches."""
    assert {(state, name) for state, row in TRANSITIONS.items() for name in row} == set(TABLE)


@pytest.mark.parametrize(("state", "action"), list(TABLE))
def test_every_state_has_its_deadline_and_its_owner(state: str, action: str) -> None:
    """Whatever happens: what waits has a deadline, what is owned has one owner, and nobody is called for the rest."""
    for who in ACTORS:
        case = in_state(state)
        try:
            after = act(case, action, who, case.due_at or NOW).case
        except Refusal:
            continue
        assert (after.due_at is not None) == (after.state not in ("withdrawn", "lapsed") and not _ended(state, action))
        assert (after.in_room is not None) == (after.state in ("accepted", "handing_over"))
        assert not after.paged or after.state in ("paging", "unanswered", "handing_over")
        assert (after.handing_to is not None) == (after.state == "handing_over")
        assert (after.tier > 0) == (after.state == "paging")


def _ended(state: str, action: str) -> bool:
    return (state, action) == ("resolved", "due")


# a new case ------------------------------------------------------------------------------------------


def test_a_new_case_pages_the_first_tier_with_someone() -> None:
    """Those of the wijk are called; the others hear of it only as a list."""
    first = begin(new_case(), NOW, DUTY)
    assert (first.events, first.paged) == (("escalation.raised",), ("vega", "yilmaz"))
    assert (first.case.tier, first.case.due_at) == (1, NOW + 60_000)


def test_a_new_case_passes_over_empty_tiers_at_once() -> None:
    """Where nobody of the wijk is on duty, the district is called in the same step, and the case says so."""
    first = begin(new_case(), NOW, (PRINS, FAR))
    assert (first.paged, first.case.tier, first.case.skipped) == (("prins",), 2, (1,))


def test_nobody_on_duty_is_said_at_once() -> None:
    """No clock runs against nobody."""
    first = begin(new_case(), NOW, (BAKKER,))
    assert first.events == ("escalation.raised", "escalation.unanswered")
    assert (first.case.state, first.case.skipped, first.case.due_at) == ("unanswered", (1, 2, 3), NOW + 86_400_000)


@pytest.mark.parametrize(("urgency", "quiet"), [("information", False), ("soon", True)])
def test_what_is_for_information_or_beyond_ones_share_is_listed(urgency: str, quiet: bool) -> None:
    """It is kept, it is seen, and it wakes nobody."""
    first = begin(new_case(urgency, quiet=quiet), NOW, DUTY)  # type: ignore[arg-type]  # a word of the three
    assert (first.case.state, first.paged, first.case.due_at) == ("listed", (), NOW + 7 * 86_400_000)


# deadlines -------------------------------------------------------------------------------------------

DEADLINES = {"listed": 7 * 86_400_000, "paging": 60_000, "unanswered": 86_400_000, "accepted": 900_000,
             "handing_over": 600_000, "resolved": 7 * 86_400_000}  # fmt: skip


@pytest.mark.parametrize("state", DEADLINES)
def test_a_deadline_acts_at_its_moment_and_not_before(state: str) -> None:
    """One millisecond early is refused; the moment itself is not."""
    case = in_state(state)
    assert case.due_at == NOW + DEADLINES[state]
    with pytest.raises(Refusal, match="wrong_state"):
        act(case, "due", "", case.due_at - 1)
    assert act(case, "due", "", case.due_at).case != case


def test_tiers_pass_and_then_nobody_has_answered() -> None:
    """60 seconds, 60 more, 120 more; each calls only who was not called before."""
    case, calls = begin(new_case(), NOW, DUTY).case, []
    for seconds in (60, 60, 120):
        assert case.due_at is not None
        moved = act(case, "due", "", case.due_at)
        calls.append((moved.events, moved.paged, moved.withdrawn))
        case = moved.case
        assert seconds
    assert calls == [
        (("escalation.widened",), ("prins",), ()),
        (("escalation.widened",), ("far",), ()),
        (("escalation.unanswered",), (), ()),
    ]
    assert case.due_at == NOW + 240_000 + 86_400_000


def test_a_silent_owner_is_reminded_and_then_loses_it() -> None:
    """After 15 minutes a word, five minutes later it is paged again: the owner like everybody else of the tier."""
    case = in_state("accepted")
    reminded = act(case, "due", "", NOW + 900_000)
    assert (reminded.events, reminded.case.due_at) == (("escalation.reminded",), NOW + 1_200_000)
    lost = act(reminded.case, "due", "", NOW + 1_200_000)
    assert (lost.events, lost.paged, lost.left) == (("escalation.released",), ("vega", "yilmaz"), VEGA.by)


def test_a_silent_owner_who_is_alone_on_duty_was_not_called_again() -> None:
    """The room does not read that nobody is on duty while somebody is."""
    case = act(in_state("accepted"), "due", "", NOW + 900_000).case
    lost = act(case, "due", "", NOW + 1_200_000, duty=(VEGA,))
    assert (lost.case.state, lost.paged) == ("paging", ("vega",))


def test_a_sign_of_life_starts_the_deadline_anew() -> None:
    """Also after the reminder."""
    reminded = act(in_state("accepted"), "due", "", NOW + 900_000).case
    alive = act(reminded, "alive", "vega", NOW + 1_000_000).case
    assert (alive.due_at, alive.reminded) == (NOW + 1_900_000, False)


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


# reached ---------------------------------------------------------------------------------------------


def test_a_page_that_went_to_no_device_counted_as_sent() -> None:
    """Who is on duty without a connected device is called, and nothing was sent; what has arrived was sent too."""
    case = in_state("paging")
    assert view(case).reached == Reached(paged=2)
    case = act(case, "send", "", persons=("vega", "prins")).case
    assert view(act(case, "send", "", persons=("vega",)).case).reached == Reached(paged=2, sent=1)
    assert view(act(case, "deliver", "", persons=("yilmaz",)).case).reached == Reached(paged=2, sent=2, delivered=1)


def test_a_page_that_somebody_else_took_at_once_was_sent_all_the_same() -> None:
    """The count comes a moment after the page."""
    taken = act(in_state("paging"), "accept", "vega").case
    assert act(taken, "send", "", persons=("vega", "yilmaz")).case.sent == ("vega", "yilmaz")


def test_who_is_reached_is_counted_once() -> None:
    """Paged, on a device, shown on it; who is not called counts for nothing."""
    case = act(in_state("paging"), "deliver", "", persons=("vega",)).case
    case = act(act(case, "deliver", "", persons=("vega",)).case, "see", "", persons=("yilmaz", "prins")).case
    case = act(case, "see", "", persons=("yilmaz",)).case
    assert (len(case.reached), case.delivered, case.seen) == (2, ("vega", "yilmaz"), ("yilmaz",))


# a second call ---------------------------------------------------------------------------------------


def test_a_second_call_raises_the_urgency_and_starts_again() -> None:
    """The higher urgency counts, with its tiers, and who was called for something less urgent is called anew."""
    case = begin(new_case("soon"), NOW, DUTY).case
    case = act(case, "due", "", NOW + 600_000).case
    again = act(case, "attach", "ben", NOW + 700_000)
    assert (again.case.urgency, again.case.tier, again.case.due_at) == ("urgent", 1, NOW + 760_000)
    assert (again.paged, again.withdrawn) == (("vega", "yilmaz", "prins"), ())
    assert (again.case.joined, again.case.policy) == (("ben",), POLICIES["urgent"])


def test_a_second_call_by_somebody_else_starts_again() -> None:
    """Also at the same urgency; who was called already is not called twice."""
    again = act(in_state("paging"), "attach", "ben", NOW + 50_000)
    assert (again.case.tier, again.case.due_at, again.paged) == (1, NOW + 110_000, ())


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_calling_again_and_again_pushed_the_clock_back_for_ever(who: str) -> None:
    """Who has called already, or joined, changes no deadline by saying the same again; the words are still told."""
    case = act(in_state("paging"), "join", "ben").case
    again = act(case, "attach", who, NOW + 50_000)
    assert (again.case, again.events) == (case, ("escalation.joined",))
    widened = act(case, "due", "", NOW + 60_000).case
    assert act(widened, "attach", who, NOW + 70_000).case == widened


def test_who_calls_again_more_urgently_is_heard() -> None:
    """The asker too."""
    again = act(begin(new_case("soon"), NOW, DUTY).case, "attach", "ada", NOW + 1_000)
    assert (again.case.urgency, again.case.due_at, again.case.joined) == ("urgent", NOW + 61_000, ())


def test_calling_again_undid_the_share() -> None:
    """What was beyond the asker's share pages nobody because the same person says it twice."""
    case = begin(new_case("soon", quiet=True), NOW, DUTY).case
    assert act(case, "attach", "ada", NOW + 1_000, call=new_case("soon")).case == case
    assert act(case, "attach", "ben", call=new_case("soon", quiet=True)).case.state == "listed"
    for who, call in (("ben", new_case("soon")), ("ada", new_case("urgent"))):
        paged = act(case, "attach", who, call=call)
        assert (paged.case.state, paged.case.quiet, paged.paged) == ("paging", False, ("vega", "yilmaz"))


def test_more_urgent_but_beyond_the_share_is_quiet() -> None:
    """It is of the higher urgency then, and pages nobody; the room sees why."""
    listed = act(in_state("listed"), "attach", "ben", call=new_case("soon", quiet=True))
    assert (listed.case.state, listed.case.urgency, listed.case.quiet, listed.paged) == ("listed", "soon", True, ())


def test_a_second_call_of_less_urgency_changes_none() -> None:
    """Urgent stays urgent."""
    assert act(in_state("paging"), "attach", "ben", call=new_case("soon")).case.urgency == "urgent"


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (None, "not_urgent", "not_urgent"), (None, None, None), ("not_urgent", "called", "called"),
        ("called", "not_urgent", "called"), ("called_by_other", "called", "called"), ("called", None, "called"),
        ("not_urgent", "called_by_other", "not_urgent"),
    ],
)  # fmt: skip
def test_the_answer_of_a_second_caller_was_dropped(first: str | None, second: str | None, kept: str | None) -> None:
    """That 112 was called is worth knowing from whomever it comes; where the first said nothing, the second counts."""
    case = begin(new_case("soon", emergency=first), NOW, DUTY).case
    assert act(case, "attach", "ben", call=new_case("soon", emergency=second)).case.emergency == kept


def test_the_kind_of_a_second_caller_was_dropped() -> None:
    """What the first left open, the second may say; what the first said stays."""
    call = new_case("soon", kind="violence")
    for said, kept in ((None, "violence"), ("nuisance", "nuisance")):
        case = begin(new_case("soon", kind=said), NOW, DUTY).case
        assert act(case, "attach", "ben", call=call).case.kind == kept


def test_a_second_call_leaves_the_owner_in_peace() -> None:
    """What is taken is not paged again."""
    attached = act(in_state("accepted"), "attach", "ben")
    assert (attached.events, attached.case.owner, attached.paged) == (("escalation.joined",), VEGA.by, ())
    assert attached.case.due_at == in_state("accepted").due_at


def test_an_owner_was_not_told_that_it_has_become_urgent() -> None:
    """An urgent case has 15 minutes, from the moment on at which it is one; and its owner hears of it."""
    case = act(begin(new_case("soon"), NOW, DUTY).case, "accept", "vega").case
    assert case.due_at == NOW + 3_600_000
    pressed = act(case, "attach", "ben", NOW + 60_000)
    assert pressed.events == ("escalation.joined", "escalation.reminded")
    assert (pressed.case.due_at, pressed.case.reminded, pressed.case.owner) == (NOW + 960_000, False, VEGA.by)
    nearly = act(case, "attach", "ben", NOW + 3_590_000)
    assert nearly.case.due_at == case.due_at
    handing = act(act(case, "hand_over", "vega").case, "attach", "ben", NOW + 1_000)
    assert (handing.case.due_at, handing.paged) == (NOW + 600_000, ("bakker", "visser"))


def test_a_neighbour_joins_once_and_the_asker_not_at_all() -> None:
    """The number is of neighbours."""
    joined = act(in_state("paging"), "join", "ben")
    assert joined.events == ("escalation.joined",)
    assert act(joined.case, "join", "ben").events == ()
    assert act(joined.case, "join", "ada").case.joined == ("ben",)
