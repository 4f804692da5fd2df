"""The moves that nobody makes: what a deadline does to a case, and what follows from who is on duty. Pure."""

from __future__ import annotations

import msgspec

from rooms import on_call
from rooms.case import Case
from rooms.case_move import (
    Action,
    Move,
    Moved,
    both,
    is_off_duty,
    kept,
    on_duty,
    release_to_target,
    restart,
    still_called,
    takers,
    unless_somebody,
    widen,
)
from rooms.on_call import Duty
from rooms.refusal import Refusal


def when_due(move: Move) -> Move:
    """The move, not a moment before the deadline. Raises Refusal("wrong_state")."""

    def due(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
        if case.due_at is None or now_ms < case.due_at:
            raise Refusal("wrong_state")
        return move(case, action, now_ms, duty)

    return due


def pass_tier(case: Case, _action: Action, now_ms: int, duty: Duty) -> Moved:
    return widen(case, now_ms, duty)


def lapse(case: Case, _action: Action, _now_ms: int, _duty: Duty) -> Moved:
    return msgspec.structs.replace(case, state="lapsed", paged=(), due_at=None), ("escalation.lapsed",)


def remind(case: Case, _action: Action, now_ms: int, duty: Duty) -> Moved:
    """First a word to the owner; after that it is paged again. The owner is among the called: where nobody else is on
    duty, that is still somebody."""
    if case.reminded:
        return restart(case, now_ms, duty)
    due_at = now_ms + case.policy.reminder_ms
    return msgspec.structs.replace(case, reminded=True, due_at=due_at), ("escalation.reminded",)


def give_back(case: Case, _action: Action, now_ms: int, _duty: Duty) -> Moved:
    return kept(case, now_ms)


def end(case: Case, _action: Action, _now_ms: int, _duty: Duty) -> Moved:
    return msgspec.structs.replace(case, due_at=None), ()


def strike_off_the_absent(case: Case, _action: Action, _now_ms: int, duty: Duty) -> Moved:
    """A list is looked at; who comes on duty finds the case there. Only its last owner is called for it, once it was
    opened again."""
    return msgspec.structs.replace(case, paged=still_called(case, duty)), ()


def recall(case: Case, _action: Action, now_ms: int, duty: Duty) -> Moved:
    """Who came on duty and belongs to the tier is called, who went is struck off."""
    there = _without_the_absent(case, duty)
    tier = there.policy.tiers[there.tier - 1]
    called = on_call.people(duty, there.to, tier, there.line, there.declined)
    return unless_somebody(_calling(there, called, duty), now_ms, duty)


def recall_unanswered(case: Case, _action: Action, _now_ms: int, duty: Duty) -> Moved:
    """Who comes on duty at last is called; the state stays."""
    there = _without_the_absent(case, duty)
    return _calling(there, on_call.everyone(duty, there.to, there.declined), duty), ()


def _without_the_absent(case: Case, duty: Duty) -> Case:
    """A no lasts as long as the duty in which it was said: who goes off duty is called when back."""
    return msgspec.structs.replace(case, declined=tuple(one for one in case.declined if on_duty(one, duty)))


def _calling(case: Case, called: tuple[str, ...], duty: Duty) -> Case:
    return msgspec.structs.replace(case, paged=both(still_called(case, duty), called))


def own_on_duty(case: Case, _action: Action, now_ms: int, duty: Duty) -> Moved:
    return restart(case, now_ms, duty) if is_off_duty(case, duty) else (case, ())


def hand_over_on_duty(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    if is_off_duty(case, duty):
        return release_to_target(case, action, now_ms, duty)
    there = _without_the_absent(case, duty)
    after = msgspec.structs.replace(there, paged=takers(there, duty))
    return (after, ()) if after.paged else kept(after, now_ms)
