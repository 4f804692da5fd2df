"""The moves that nobody makes: what a deadline does to a case, and what follows from who is on duty. Pure."""

from __future__ import annotations

import msgspec

from rooms import on_call
from rooms.case import Case
from rooms.case_move import (
    Action,
    Move,
    Moved,
    is_off_duty,
    kept,
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
    """First a word to the owner; after that it is paged again, without an owner who says nothing."""
    if case.reminded:
        return restart(case, case.owner.id if case.owner else "", now_ms, duty, "escalation.released")
    due_at = now_ms + case.policy.reminder_ms
    return msgspec.structs.replace(case, reminded=True, due_at=due_at), ("escalation.reminded",)


def give_back(case: Case, _action: Action, now_ms: int, _duty: Duty) -> Moved:
    return kept(case, now_ms)


def end(case: Case, _action: Action, _now_ms: int, _duty: Duty) -> Moved:
    return msgspec.structs.replace(case, due_at=None), ()


def nothing(case: Case, _action: Action, _now_ms: int, _duty: Duty) -> Moved:
    """A list is looked at; who comes on duty finds the case there."""
    return case, ()


def recall(case: Case, _action: Action, now_ms: int, duty: Duty) -> Moved:
    """Who came on duty and belongs to the tier is called, who went is struck off."""
    tier = case.policy.tiers[case.tier - 1]
    called = on_call.people(duty, case.to, tier, case.line, case.declined)
    still = still_called(case, duty)
    after = msgspec.structs.replace(case, paged=(*still, *(person for person in called if person not in still)))
    return unless_somebody(after, now_ms, duty)


def recall_unanswered(case: Case, _action: Action, _now_ms: int, duty: Duty) -> Moved:
    """Who comes on duty at last is called; the state stays."""
    there = on_call.everyone(duty, case.to, case.declined)
    still = still_called(case, duty)
    return msgspec.structs.replace(case, paged=(*still, *(person for person in there if person not in still))), ()


def own_on_duty(case: Case, _action: Action, now_ms: int, duty: Duty) -> Moved:
    if not is_off_duty(case, duty):
        return case, ()
    return restart(case, case.owner.id if case.owner else "", now_ms, duty, "escalation.released")


def hand_over_on_duty(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    if is_off_duty(case, duty):
        giver = msgspec.structs.replace(action, person=case.owner.id if case.owner else "")
        return release_to_target(case, giver, now_ms, duty)
    there = takers(case, duty)
    after = msgspec.structs.replace(case, paged=there)
    return (after, ()) if there else kept(after, now_ms)
