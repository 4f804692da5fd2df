"""The state machine: the whole table of product.md 5, every state by every action by everybody, and every deadline."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from rooms.case import view
from rooms.case_move import ActionName
from rooms.escalation import TRANSITIONS, begin
from rooms.refusal import Refusal
from rooms.shape import CaseState, Reached
from tests.rooms.case_cast import ACTORS, BAKKER, DUTY, FAR, NOW, PRINS, VEGA, act, in_state, new_case

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
