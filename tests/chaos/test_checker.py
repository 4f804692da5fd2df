"""The checker sees what is wrong and nothing else: histories made by hand, each with one break of the promise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.chaos import history as seen
from tests.chaos.checker import check
from tests.chaos.history import History
from tests.chaos.logs import Log, Row

STREET, SQUARE = "laan", "plein"


class Scene:
    """Ada and Ben are members of the street; everybody speaks by `say`, which does all that goes well."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.history = History(lambda: self.now_s)
        self.rows: dict[str, dict[int, Row]] = {STREET: {}, SQUARE: {}}
        self.blank: dict[str, set[int]] = {STREET: set(), SQUARE: set()}
        self.extra_head = 0
        for name in ("ada", "ben"):
            self.note(seen.Joined, name, name, f"device-{name}", (STREET,))
            self.append(STREET, "member.joined", name)
        for name in ("ada", "ben"):
            self.note(seen.Began, name, STREET, 0)
            for seq in (1, 2):
                self.give(name, STREET, seq)

    def note(self, kind: type[seen.Record], client: str, *fields: Any) -> None:
        self.history.note(kind, client, *fields)

    def append(self, room: str, event: str, person: str, client_id: str = "") -> int:
        seq = len(self.rows[room]) + 1
        self.rows[room][seq] = Row(event, person, client_id, mark=1000 + seq)
        return seq

    def give(self, client: str, room: str, seq: int, *, applied: bool = True, mark: int | None = None) -> None:
        row = self.rows[room].get(seq)
        mark = (row.mark if row else 0) if mark is None else mark
        self.note(seen.Given, client, room, seq, mark, row.event if row else "message.posted", "event", applied)

    def send(self, client: str, client_id: str, room: str = STREET) -> None:
        self.note(seen.Sent, client, room, client_id)

    def say(self, client: str, client_id: str, *, to: tuple[str, ...] = ("ada", "ben")) -> int:
        self.send(client, client_id)
        seq = self.append(STREET, "message.posted", client, client_id)
        self.note(seen.Ok, client, STREET, client_id, seq)
        for name in to:
            self.give(name, STREET, seq)
        return seq

    def quiet(self) -> None:
        self.note(seen.QuietBegan, "", (), {room: len(rows) for room, rows in self.rows.items()})
        self.note(seen.QuietEnded, "")

    def rules(self) -> list[str]:
        """What the checker finds, each rule once."""
        logs = {
            room: Log(max(rows, default=0) + self.extra_head * (room == STREET), 1, rows, frozenset(self.blank[room]))
            for room, rows in self.rows.items()
        }
        return sorted({violation.rule for violation in check(self.history.records, logs)})


def all_goes_well(scene: Scene) -> None:
    scene.say("ada", "a:1")
    scene.say("ben", "b:1")
    scene.quiet()


def event_before_ok(scene: Scene) -> None:
    scene.send("ada", "a:1")
    seq = scene.append(STREET, "message.posted", "ada", "a:1")
    scene.give("ada", STREET, seq)
    scene.note(seen.Ok, "ada", STREET, "a:1", seq)


def unknown_that_took_effect_is_told_so(scene: Scene) -> None:
    scene.send("ada", "a:1")
    seq = scene.append(STREET, "message.posted", "ada", "a:1")
    scene.note(seen.Unknown, "ada", STREET, "a:1", "no answer")
    scene.send("ada", "a:1")
    scene.note(seen.Ok, "ada", STREET, "a:1", seq)


def unknown_that_took_no_effect(scene: Scene) -> None:
    scene.send("ada", "a:1")
    scene.note(seen.Unknown, "ada", STREET, "a:1", "no answer")


def two_at_once_in_either_order(scene: Scene) -> None:
    scene.send("ada", "a:1")
    scene.send("ben", "b:1")
    first, second = (scene.append(STREET, "message.posted", who, f"{who[0]}:1") for who in ("ben", "ada"))
    scene.note(seen.Ok, "ada", STREET, "a:1", second)
    scene.note(seen.Ok, "ben", STREET, "b:1", first)


def given_again_is_passed_over(scene: Scene) -> None:
    seq = scene.say("ada", "a:1")
    scene.give("ben", STREET, seq, applied=False)


def a_marker_in_its_place(scene: Scene) -> None:
    seq = scene.say("ada", "a:1", to=("ada",))
    scene.blank[STREET].add(seq)
    scene.note(seen.Given, "ben", STREET, seq, 77, "entry.blanked", "page", True)


def left_and_given_the_last_word(scene: Scene) -> None:
    _ben_moves(scene)
    scene.now_s += 0.5
    scene.give("ben", STREET, scene.say("ada", "a:1", to=("ada",)), applied=False)


def left_and_came_back(scene: Scene) -> None:
    _ben_moves(scene)
    seq = scene.say("ada", "a:1", to=("ada",))
    scene.now_s += 5
    scene.note(seen.MoveAsked, "ben", (STREET,))
    scene.append(STREET, "member.joined", "ben")
    scene.note(seen.Moved, "ben", (STREET,))
    scene.note(seen.Began, "ben", STREET, seq - 1)
    scene.give("ben", STREET, seq)


def _ben_moves(scene: Scene) -> None:
    scene.note(seen.MoveAsked, "ben", (SQUARE,))
    scene.append(STREET, "member.left", "ben")
    scene.append(SQUARE, "member.joined", "ben")
    scene.note(seen.Moved, "ben", (SQUARE,))
    scene.give("ada", STREET, 3)


def muted_and_talks_again(scene: Scene) -> None:
    _mute(scene, is_mute=True)
    scene.send("ben", "b:1")
    scene.note(seen.Refused, "ben", STREET, "b:1", "muted")
    _mute(scene, is_mute=False)
    scene.say("ben", "b:2")


def muted_while_it_was_under_way(scene: Scene) -> None:
    scene.send("ben", "b:1")
    _mute(scene, is_mute=True)
    scene.note(seen.Refused, "ben", STREET, "b:1", "muted")


def muted_and_told_of_what_was_done_before(scene: Scene) -> None:
    scene.send("ben", "b:1")
    seq = scene.append(STREET, "message.posted", "ben", "b:1")
    _mute(scene, is_mute=True)
    scene.send("ben", "b:1")
    scene.note(seen.Ok, "ben", STREET, "b:1", seq)


def hidden_and_a_marker_is_there(scene: Scene) -> None:
    seq = scene.say("ben", "b:1")
    scene.blank[STREET].add(seq)
    scene.note(seen.Hidden, "vega", STREET, seq)


def expelled_and_given_the_last_word(scene: Scene) -> None:
    _expel(scene)
    scene.give("ben", STREET, scene.say("ada", "a:1", to=("ada",)), applied=False)
    scene.quiet()


def an_answer_that_changed_nothing(scene: Scene) -> None:
    scene.note(seen.Sent, "ada", STREET, "a:1", "warning.answer")
    scene.note(seen.Ok, "ada", STREET, "a:1", 0)
    scene.note(seen.Ok, "ada", STREET, "a:1", 0)


def staff_come_in_and_speak(scene: Scene) -> None:
    scene.append(STREET, "staff.entered", "vega")
    scene.send("vega", "v:1")
    scene.append(STREET, "message.posted", "vega", "v:1")


def _mute(scene: Scene, *, is_mute: bool) -> None:
    for is_done in (False, True):
        scene.note(seen.Muting, "vega", STREET, "ben", is_mute, is_done)


def _expel(scene: Scene) -> None:
    scene.note(seen.Expelling, "ben", STREET, False)
    scene.append(STREET, "member.left", "ben")
    scene.note(seen.Expelling, "ben", STREET, True)
    scene.give("ada", STREET, 3)


def acknowledged_and_not_there(scene: Scene) -> None:
    scene.send("ada", "a:1")
    scene.note(seen.Ok, "ada", STREET, "a:1", 3)


def acknowledged_with_the_seq_of_another(scene: Scene) -> None:
    scene.say("ben", "b:1")
    scene.say("ada", "a:1")
    scene.note(seen.Ok, "ada", STREET, "a:1", 3)


def in_the_log_twice(scene: Scene) -> None:
    scene.say("ada", "a:1")
    scene.append(STREET, "message.posted", "ada", "a:1")


def in_two_rooms(scene: Scene) -> None:
    scene.say("ada", "a:1")
    scene.append(SQUARE, "member.joined", "ada")
    scene.append(SQUARE, "message.posted", "ada", "a:1")


def sent_by_nobody(scene: Scene) -> None:
    scene.append(STREET, "message.posted", "ada", "a:1")


def a_hole_in_the_log(scene: Scene) -> None:
    scene.say("ada", "a:1")
    scene.rows[STREET][5] = Row("message.posted", "ben", "", 0)


def a_head_beyond_the_log(scene: Scene) -> None:
    scene.extra_head = 1


def told_two_numbers(scene: Scene) -> None:
    seq = scene.say("ada", "a:1")
    scene.note(seen.Ok, "ada", STREET, "a:1", seq + 1)


def refused_and_in_the_log(scene: Scene) -> None:
    scene.send("ada", "a:1")
    scene.append(STREET, "message.posted", "ada", "a:1")
    scene.note(seen.Refused, "ada", STREET, "a:1", "wrong_target")


def refused_for_no_reason(scene: Scene) -> None:
    scene.send("ada", "a:1")
    scene.note(seen.Refused, "ada", STREET, "a:1", "stale")


def member_is_told_there_is_no_room(scene: Scene) -> None:
    scene.send("ada", "a:1")
    scene.note(seen.Refused, "ada", STREET, "a:1", "not_found")


def answered_before_it_was_sent(scene: Scene) -> None:
    scene.send("ada", "a:1")
    scene.append(STREET, "message.posted", "ben", "b:1")
    seq = scene.append(STREET, "message.posted", "ada", "a:1")
    scene.note(seen.Ok, "ada", STREET, "a:1", seq)
    scene.send("ben", "b:1")
    scene.note(seen.Ok, "ben", STREET, "b:1", seq - 1)


def stands_before_what_was_read(scene: Scene) -> None:
    scene.send("ada", "a:1")
    scene.append(STREET, "message.posted", "ben", "b:1")
    seq = scene.append(STREET, "message.posted", "ada", "a:1")
    scene.give("ben", STREET, seq, applied=False)
    scene.send("ben", "b:1")


def given_and_vanished(scene: Scene) -> None:
    scene.give("ben", STREET, 3)


def given_in_other_words(scene: Scene) -> None:
    seq = scene.say("ada", "a:1", to=("ada",))
    scene.give("ben", STREET, seq, mark=5)


def applied_across_a_hole(scene: Scene) -> None:
    scene.say("ada", "a:1", to=("ada",))
    scene.say("ada", "a:2")


def applied_twice(scene: Scene) -> None:
    scene.give("ben", STREET, scene.say("ada", "a:1"))


def a_stranger_speaks(scene: Scene) -> None:
    scene.send("cor", "c:1")
    seq = scene.append(STREET, "message.posted", "cor", "c:1")
    scene.note(seen.Ok, "cor", STREET, "c:1", seq)


def given_after_leaving(scene: Scene) -> None:
    _ben_moves(scene)
    seq = scene.say("ada", "a:1", to=("ada",))
    scene.now_s += 1.5
    scene.give("ben", STREET, seq, applied=False)


def reset_without_a_reason(scene: Scene) -> None:
    scene.note(seen.Reset, "ben", STREET, 2, 1)


def a_session_that_nobody_ended(scene: Scene) -> None:
    scene.note(seen.TurnedAway, "ben", "signed_out")


def never_delivered(scene: Scene) -> None:
    scene.say("ada", "a:1", to=("ada",))
    scene.quiet()


def in_the_log_and_told_to_nobody(scene: Scene) -> None:
    scene.append(STREET, "member.joined", "cor")
    scene.quiet()


def never_told_of_a_new_room(scene: Scene) -> None:
    _ben_moves(scene)
    scene.quiet()


def never_answered(scene: Scene) -> None:
    scene.send("ada", "a:1")
    scene.note(seen.QuietBegan, "", ("a:1",), {})


def talks_although_muted(scene: Scene) -> None:
    _mute(scene, is_mute=True)
    scene.note(seen.Sent, "ben", STREET, "b:1", "message.post")
    seq = scene.append(STREET, "message.posted", "ben", "b:1")
    scene.note(seen.Ok, "ben", STREET, "b:1", seq)


def muted_by_nobody(scene: Scene) -> None:
    scene.send("ben", "b:1")
    scene.note(seen.Refused, "ben", STREET, "b:1", "muted")


def muted_for_ever(scene: Scene) -> None:
    _mute(scene, is_mute=True)
    _mute(scene, is_mute=False)
    muted_by_nobody(scene)


def hidden_and_there_to_read(scene: Scene) -> None:
    scene.note(seen.Hidden, "vega", STREET, scene.say("ben", "b:1"))


def given_after_being_expelled(scene: Scene) -> None:
    _expel(scene)
    seq = scene.say("ada", "a:1", to=("ada",))
    scene.now_s += 1.5
    scene.give("ben", STREET, seq, applied=False)


def two_answers_to_one_measure(scene: Scene) -> None:
    for state in ("decided", "final"):
        scene.note(seen.Done, "vega", STREET, "v:1", state)


def changed_nothing_and_is_in_the_log(scene: Scene) -> None:
    scene.send("ada", "a:1")
    scene.append(STREET, "warning.answered", "ada", "a:1")
    scene.note(seen.Ok, "ada", STREET, "a:1", 0)


def refused_for_what_is_no_reason_there(scene: Scene) -> None:
    scene.note(seen.Sent, "ada", STREET, "a:1", "message.post")
    scene.note(seen.Refused, "ada", STREET, "a:1", "wrong_target")


def staff_speak_when_they_have_gone(scene: Scene) -> None:
    scene.append(STREET, "staff.entered", "vega")
    scene.append(STREET, "staff.left", "vega")
    scene.send("vega", "v:1")
    scene.append(STREET, "message.posted", "vega", "v:1")


Story = Callable[[Scene], None]

KEPT: tuple[Story, ...] = (
    all_goes_well, event_before_ok, unknown_that_took_effect_is_told_so, unknown_that_took_no_effect,
    two_at_once_in_either_order, given_again_is_passed_over, a_marker_in_its_place, left_and_given_the_last_word,
    left_and_came_back, muted_and_talks_again, muted_while_it_was_under_way, muted_and_told_of_what_was_done_before,
    hidden_and_a_marker_is_there, expelled_and_given_the_last_word, an_answer_that_changed_nothing,
    staff_come_in_and_speak,
)  # fmt: skip
BROKEN: dict[Story, str] = {
    acknowledged_and_not_there: "acknowledged",
    acknowledged_with_the_seq_of_another: "acknowledged",
    in_the_log_twice: "twice",
    in_two_rooms: "twice",
    sent_by_nobody: "unsent",
    a_hole_in_the_log: "hole",
    a_head_beyond_the_log: "hole",
    told_two_numbers: "told",
    refused_and_in_the_log: "told",
    refused_for_no_reason: "refused",
    member_is_told_there_is_no_room: "refused",
    answered_before_it_was_sent: "order",
    stands_before_what_was_read: "order",
    given_and_vanished: "given",
    given_in_other_words: "given",
    applied_across_a_hole: "applied",
    applied_twice: "applied",
    a_stranger_speaks: "stranger",
    given_after_leaving: "outsider",
    reset_without_a_reason: "reset",
    a_session_that_nobody_ended: "session",
    never_delivered: "converged",
    in_the_log_and_told_to_nobody: "converged",
    never_told_of_a_new_room: "converged",
    never_answered: "unanswered",
    talks_although_muted: "muted",
    muted_by_nobody: "refused",
    muted_for_ever: "refused",
    hidden_and_there_to_read: "hidden",
    given_after_being_expelled: "outsider",
    two_answers_to_one_measure: "told",
    changed_nothing_and_is_in_the_log: "told",
    refused_for_what_is_no_reason_there: "refused",
    staff_speak_when_they_have_gone: "stranger",
}


@pytest.mark.parametrize("story", KEPT, ids=lambda story: story.__name__)
def test_a_promise_that_was_kept_is_not_complained_of(story: Story) -> None:
    """What the promise leaves open, the checker leaves open."""
    scene = Scene()
    story(scene)
    assert scene.rules() == []


@pytest.mark.parametrize("story", BROKEN, ids=lambda story: story.__name__)
def test_a_promise_that_was_broken_is_found(story: Story) -> None:
    """Each invariant, broken once, is found by its own rule."""
    scene = Scene()
    story(scene)
    assert BROKEN[story] in scene.rules()


BEFORE = {STREET: Log(2, 1, {1: Row("member.joined", "ada", "", 1), 2: Row("message.posted", "ada", "a:1", 2)})}
"""A log as it stood before anybody began to write down what they saw."""


@pytest.mark.parametrize(
    "rows",
    [{1: BEFORE[STREET].rows[1]}, {**BEFORE[STREET].rows, 2: Row("message.posted", "ada", "a:1", 3)}],
    ids=["gone", "in other words"],
)
def test_what_stood_in_a_log_once_stands_there_for_good(rows: dict[int, Row]) -> None:
    """A town that goes on keeps what was said before; only a marker may take its place."""
    assert check([], BEFORE, BEFORE) == []
    assert "kept" in {violation.rule for violation in check([], {STREET: Log(2, 1, rows)}, BEFORE)}
    assert check([], {STREET: Log(2, 1, {1: BEFORE[STREET].rows[1]}, frozenset({2}))}, BEFORE) == []


def test_what_nobody_is_known_to_have_sent_may_only_be_old() -> None:
    """Entries from before the first record have an author that no record knows; later ones must have one."""
    assert {violation.rule for violation in check([], BEFORE)} == {"unsent"}
