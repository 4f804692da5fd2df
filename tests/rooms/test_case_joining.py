"""Neighbours who need the same: what a second call adds, and what it leaves as it is."""

from __future__ import annotations

import pytest

from rooms.escalation import begin
from rooms.on_call import POLICIES
from tests.rooms.case_cast import DUTY, NOW, VEGA, act, in_state, new_case


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
