"""What others see of a case: its room all of it, the desk a page without a word of what was said."""

from __future__ import annotations

import msgspec
import pytest

from rooms.case import Case, page, view
from rooms.shape import CaseView
from tests.rooms.case_cast import in_state, new_case

STATES = ("listed", "paging", "unanswered", "accepted", "handing_over", "resolved", "withdrawn", "lapsed")
SAID = ("text", "asker", "warning", "outcome", "helped")


@pytest.mark.parametrize("state", STATES)
def test_a_case_comes_out_of_the_store_as_it_went_in(state: str) -> None:
    """Body and view alike, in every state."""
    case = in_state(state)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(case), type=Case) == case
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(view(case)), type=CaseView) == view(case)


@pytest.mark.parametrize("state", STATES)
def test_a_page_holds_nothing_of_what_was_said(state: str) -> None:
    """Kind, place, urgency and how it stands; who called and what was said come with accepting."""
    told = msgspec.to_builtins(page(msgspec.structs.replace(in_state(state), warning=7, helped=True), "vega"))
    assert not told.keys() & set(SAID)
    assert "ingebroken" not in str(told)
    assert told["place"]["name"] == "Laan"


def test_a_page_says_whether_one_is_called() -> None:
    """It is the same for everybody else."""
    case = in_state("paging")
    assert page(case, "vega").paged
    assert not page(case, "prins").paged
    assert not page(case).paged


def test_the_persons_behind_a_case_are_in_no_view() -> None:
    """Who is paged, who declined and who joined are numbers; the asker of a private case is an alias."""
    case = msgspec.structs.replace(in_state("paging"), joined=("ben",), declined=("prins",), seen=("vega",))
    told = msgspec.to_builtins(view(case))
    assert (told["joined"], told["reached"]) == (1, {"paged": 2, "seen": 1})
    assert not {"ben", "prins", "vega", "yilmaz"} & set(str(told).replace("'", " ").split())


def test_a_private_case_names_no_warning() -> None:
    """Its number would lead to the street."""
    assert view(new_case(private=True, warning=7)).warning is None
    assert view(new_case(warning=7)).warning == 7


@pytest.mark.parametrize(
    ("state", "is_open", "is_final"),
    [(state, state in STATES[:5], state in ("withdrawn", "lapsed")) for state in STATES],
)
def test_a_case_is_open_until_it_is_resolved_and_final_when_nothing_can_follow(
    state: str, is_open: bool, is_final: bool
) -> None:
    """A resolved one may still be rated and opened again."""
    assert (in_state(state).is_open, in_state(state).is_final) == (is_open, is_final)
