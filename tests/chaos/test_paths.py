"""Warnings and cases in a log: what the checker of their paths allows, and each way in which one can be broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.chaos.cases_check import Kept
from tests.chaos.logs import Log, Row
from tests.chaos.paths_check import check_paths

STREET, CASE = "laan", "p07.aaaaaaaaaaaa"
NOBODY = {"see": 0, "not_here": 0, "over": 0}


class Scene:
    """A street in which Ada warned of noise (1) and called the police (2), and Vega took the case (3)."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.in_force = {1}
        self.kept: Kept | None = None
        self.version = 0
        self.warn("raised", "ada", kind="nuisance")
        self.call("raised", "paging")
        self.call("accepted", "accepted", owner="vega")

    def append(self, event: str, person: str, data: dict[str, Any]) -> int:
        seq = len(self.rows) + 1
        self.rows[seq] = Row(event, person, "", 0, data)
        return seq

    def warn(self, what: str, person: str, **data: Any) -> int:
        return self.append(f"warning.{what}", person, data if what == "raised" else {"target": 1, **data})

    def answer(self, person: str, answer: str | None, **counts: int) -> int:
        said = {"answer": answer} if answer else {}
        return self.warn("answered", person, **said, counts={**NOBODY, **counts})

    def call(self, what: str, state: str, *, owner: str = "", due: int | None = 9_000, **more: Any) -> int:
        """A move of the case, and Redis holds it so."""
        self.version += 1
        view = {"id": CASE, "version": self.version, "state": state, "deadline": due, **more}
        view |= {"owner": {"id": owner}} if owner else {}
        self.kept = Kept(state=state, due_at=due, scores=() if due is None else (due,), is_open=True, owner=owner)
        return self.append(f"escalation.{what}", owner, {"case": view})

    def rules(self) -> set[str]:
        """What the checker finds."""
        log = Log(len(self.rows), 1, self.rows, in_force=frozenset(self.in_force))
        kept = {} if self.kept is None else {CASE: self.kept}
        return {violation.rule for violation in check_paths({STREET: log}, kept)}


def all_goes_well(scene: Scene) -> None:
    scene.answer("ben", "see", see=1)
    scene.answer("cor", "see", see=2)
    scene.answer("ben", "not_here", see=1, not_here=1)
    scene.answer("cor", None, not_here=1)
    scene.call("resolved", "resolved", owner="vega", due=None)


def three_for_whom_it_is_over(scene: Scene) -> None:
    for number, person in enumerate(("ben", "cor", "dee"), 1):
        scene.answer(person, "over", over=number)
    scene.warn("cleared", "system")
    scene.in_force.clear()


def a_danger_that_neighbours_do_not_end(scene: Scene) -> None:
    scene.warn("corrected", "ada", kind="fire")
    for number, person in enumerate(("ben", "cor", "dee"), 1):
        scene.answer(person, "over", over=number)


def taken_back_when_it_was_over(scene: Scene) -> None:
    scene.warn("expired", "system")
    scene.warn("corrected", "ada", text="Het was harder.")
    scene.warn("retracted", "ada")
    scene.in_force.clear()


def taken_away_and_taken_again(scene: Scene) -> None:
    scene.call("released", "paging")
    scene.call("accepted", "accepted", owner="kok")


def two_events_of_one_move(scene: Scene) -> None:
    scene.call("released", "unanswered")
    view = scene.rows[len(scene.rows)].data
    scene.append("escalation.unanswered", "system", dict(view))


def counted_one_too_few(scene: Scene) -> None:
    scene.answer("ben", "see", see=1)
    scene.answer("cor", "see", see=1)


def counted_twice(scene: Scene) -> None:
    scene.answer("ben", "see", see=1)
    scene.answer("ben", "over", see=1, over=1)


def three_for_whom_it_is_over_and_it_goes_on(scene: Scene) -> None:
    for number, person in enumerate(("ben", "cor", "dee"), 1):
        scene.answer(person, "over", over=number)


def answered_when_it_was_over(scene: Scene) -> None:
    scene.warn("cleared", "ada")
    scene.in_force.clear()
    scene.answer("ben", "see", see=1)


def expired_twice(scene: Scene) -> None:
    for _ in range(2):
        scene.warn("expired", "system")
    scene.in_force.clear()


def about_what_is_no_warning(scene: Scene) -> None:
    scene.append("warning.cleared", "ada", {"target": 2})


def over_and_still_in_force(scene: Scene) -> None:
    scene.warn("cleared", "ada")


def forgotten_although_nobody_ended_it(scene: Scene) -> None:
    scene.in_force.clear()


def two_take_it(scene: Scene) -> None:
    scene.call("accepted", "accepted", owner="kok")


def it_changes_hands_without_a_word(scene: Scene) -> None:
    scene.call("reminded", "accepted", owner="kok")


def it_goes_on_when_it_was_resolved(scene: Scene) -> None:
    scene.call("resolved", "resolved", owner="vega")
    scene.call("accepted", "accepted", owner="kok")


def the_same_move_again(scene: Scene) -> None:
    scene.version -= 1
    scene.append("message.posted", "ada", {})
    scene.call("accepted", "accepted", owner="vega")
    scene.version -= 1
    scene.call("resolved", "resolved", owner="vega")
    scene.version -= 2
    scene.call("resolved", "resolved", owner="vega")


def taken_by_nobody(scene: Scene) -> None:
    scene.call("released", "paging")
    scene.call("accepted", "accepted")


def waits_for_no_time(scene: Scene) -> None:
    scene.call("released", "paging", due=None)


def due_and_in_no_queue(scene: Scene) -> None:
    scene.kept = Kept(state="accepted", due_at=9_000, scores=(), is_open=True, owner="vega")


def told_and_kept_differ(scene: Scene) -> None:
    scene.kept = Kept(state="paging", due_at=9_000, scores=(9_000,), is_open=True)


def entries_without_a_record(scene: Scene) -> None:
    scene.kept = None


Story = Callable[[Scene], None]
ALLOWED: tuple[Story, ...] = (
    all_goes_well, three_for_whom_it_is_over, a_danger_that_neighbours_do_not_end, taken_back_when_it_was_over,
    taken_away_and_taken_again, two_events_of_one_move,
)  # fmt: skip
BROKEN: dict[Story, str] = {
    counted_one_too_few: "counts",
    counted_twice: "counts",
    three_for_whom_it_is_over_and_it_goes_on: "counts",
    answered_when_it_was_over: "warning",
    expired_twice: "warning",
    about_what_is_no_warning: "warning",
    over_and_still_in_force: "warning",
    forgotten_although_nobody_ended_it: "warning",
    two_take_it: "path",
    it_changes_hands_without_a_word: "owner",
    it_goes_on_when_it_was_resolved: "path",
    the_same_move_again: "path",
    taken_by_nobody: "owner",
    waits_for_no_time: "deadline",
    due_and_in_no_queue: "deadline",
    told_and_kept_differ: "told",
    entries_without_a_record: "lost",
}


@pytest.mark.parametrize("story", ALLOWED, ids=lambda story: story.__name__)
def test_a_path_that_there_is_is_not_complained_of(story: Story) -> None:
    """What the promise leaves open, the checker leaves open."""
    scene = Scene()
    story(scene)
    assert scene.rules() == set()


@pytest.mark.parametrize("story", BROKEN, ids=lambda story: story.__name__)
def test_a_path_that_there_is_none_of_is_found(story: Story) -> None:
    """Each rule, broken once, is found by its own name."""
    scene = Scene()
    story(scene)
    assert BROKEN[story] in scene.rules()
