"""Neighbours who need the same: who joins an open case, and a second call for the same warning. Pure."""

from __future__ import annotations

import msgspec

from rooms.case import OWNED, URGENCIES, Case
from rooms.case_move import Action, Moved, wait_again
from rooms.on_call import Duty


def join(case: Case, action: Action, _now_ms: int, _duty: Duty) -> Moved:
    if _is_known(case, action.person):
        return case, ()
    return msgspec.structs.replace(case, joined=(*case.joined, action.person)), ("escalation.joined",)


def _is_known(case: Case, person: str) -> bool:
    return person == case.person or person in case.joined


def attach(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    """A second call for the same: the higher urgency counts, and while it waits it starts again at tier 1.

    Not for somebody who calls again and says no more than before, or the clock could be set back for ever.
    """
    assert action.call is not None
    call = action.call
    rises = URGENCIES.index(call.urgency) > URGENCIES.index(case.urgency)
    joined, _ = join(case, action, now_ms, duty)
    after = _with_what_is_said(joined, call, rises=rises)
    if case.state in OWNED:
        return _pressed(after, now_ms) if rises else (after, ("escalation.joined",))
    if call.quiet or (_is_known(case, action.person) and not rises):
        return msgspec.structs.replace(after, quiet=case.quiet or rises), ("escalation.joined",)
    again, events = wait_again(msgspec.structs.replace(after, quiet=False, declined=()), now_ms, duty)
    return again, ("escalation.joined", *events)


def _with_what_is_said(case: Case, call: Case, *, rises: bool) -> Case:
    """What the second call knows better: that 112 was called, and what the first left open."""
    is_answer = case.emergency is None or call.emergency == "called"
    said = msgspec.structs.replace(
        case, emergency=call.emergency if is_answer else case.emergency, kind=case.kind or call.kind
    )
    return msgspec.structs.replace(said, urgency=call.urgency, policy=call.policy) if rises else said


def _pressed(case: Case, now_ms: int) -> Moved:
    """More urgent than its owner knew: less time, and a word to the owner."""
    assert case.due_at is not None
    due_at = min(case.due_at, now_ms + case.policy.accepted_ms) if case.state == "accepted" else case.due_at
    return msgspec.structs.replace(case, due_at=due_at), ("escalation.joined", "escalation.reminded")
