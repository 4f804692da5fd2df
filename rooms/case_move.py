"""The moves of a case: what becomes of it, and what its room is told. Pure.

A move says nothing about who may make it; `escalation.TRANSITIONS` does. Everything here is a function of the case, the
action, the time and who is on duty.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from rooms import on_call
from rooms.case import Case
from rooms.on_call import Duty, OnDuty
from rooms.refusal import Refusal
from rooms.shape import By, CaseState, OrganisationName, Outcome, OutcomeCode

ActionName = Literal[
    "accept", "decline", "release", "alive", "hand_over", "resolve", "withdraw", "rate", "reopen", "join", "attach",
    "send", "deliver", "see", "due", "duty",
]  # fmt: skip


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """What is done, and by whom; '' where the clock or somebody's duty does it. The rest belongs to some actions.

    call: of a second call for the same, the case that it would have been.  persons: to whom a page was sent, or whose
    device has it or showed it.
    """

    name: ActionName
    person: str = ""
    to: OrganisationName | None = None
    outcome: OutcomeCode | None = None
    text: str = ""
    helped: bool | None = None
    call: Case | None = None
    persons: tuple[str, ...] = ()


Moved = tuple[Case, tuple[str, ...]]
Move = Callable[[Case, Action, int, Duty], Moved]


def on_duty(person: str, duty: Duty) -> OnDuty | None:
    return next((member for member in duty if member.person == person), None)


def is_off_duty(case: Case, duty: Duty) -> bool:
    """Whether the owner may own it no longer: off duty, gone, or of another organisation by now."""
    member = on_duty(case.owner.id, duty) if case.owner else None
    return member is None or case.owner is None or member.organisation != case.owner.organisation


# waiting ---------------------------------------------------------------------------------------------


def wait_again(case: Case, now_ms: int, duty: Duty) -> Moved:
    """From tier 1 on; listed where there are no tiers or the asker's share is used up. Who was called still is."""
    if case.quiet or not case.policy.tiers:
        due_at, still = now_ms + case.policy.listed_ms, still_called(case, duty)
        return _waiting(case, "listed", tier=0, skipped=(), due_at=due_at, paged=still), ()
    return _page_from(case, 1, now_ms, duty)


def _waiting(case: Case, state: CaseState, **changes: object) -> Case:
    return msgspec.structs.replace(
        case, state=state, owner=None, handing_to=None, reminded=False, outcome=None, helped=None, **changes
    )


def _page_from(case: Case, first: int, now_ms: int, duty: Duty) -> Moved:
    """Page the next tier with someone, else say that nobody answers. Who was called before is called still."""
    tiers, still = case.policy.tiers, still_called(case, duty)
    number, skipped = on_call.next_tier(duty, case.to, tiers, case.line, case.declined, first)
    passed = skipped if first == 1 else (*case.skipped, *skipped)
    if not number:
        due_at = now_ms + case.policy.unanswered_ms
        after = _waiting(case, "unanswered", tier=0, skipped=passed, due_at=due_at, paged=still)
        return after, ("escalation.unanswered",)
    tier = tiers[number - 1]
    called = on_call.people(duty, case.to, tier, case.line, case.declined)
    paged = both(still, called)
    due_at = now_ms + tier.lasts_ms
    return _waiting(case, "paging", tier=number, skipped=passed, due_at=due_at, paged=paged), ()


def still_called(case: Case, duty: Duty) -> tuple[str, ...]:
    there = frozenset(on_call.everyone(duty, case.to, case.declined))
    return tuple(person for person in case.paged if person in there)


def both(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Everybody once, in order. With two hundred on duty, looking for each in a tuple was most of what a move cost."""
    return tuple(dict.fromkeys((*some, *others)))


def restart(case: Case, now_ms: int, duty: Duty, giver: str = "") -> Moved:
    """To tier 1, without the giver where somebody gave it back.

    Who is off duty is not struck off: whoever comes back on duty is called like anybody else.
    """
    declined = (giver,) if on_duty(giver, duty) else ()
    fresh = msgspec.structs.replace(case, declined=declined, paged=())
    after, events = wait_again(fresh, now_ms, duty)
    return after, ("escalation.released", *events)


# the moves -------------------------------------------------------------------------------------------


def accept(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    member = on_duty(action.person, duty)
    assert member is not None
    return _taken(case, member.by, now_ms), ("escalation.accepted",)


def _taken(case: Case, owner: By, now_ms: int) -> Case:
    """The owner's own from now on; all pages end."""
    return msgspec.structs.replace(
        case, state="accepted", owner=owner, handing_to=None, tier=0, paged=(), declined=(), reminded=False,
        quiet=False, due_at=now_ms + case.policy.accepted_ms,
    )  # fmt: skip


def accept_taken(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    """The owner's second tap is a sign of life; anybody else is too late."""
    assert case.owner is not None
    if case.owner.id != action.person:
        raise Refusal("already_taken", owner=case.owner.name)
    return show_life(case, action, now_ms, duty)


def take_over(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    """Of the target: theirs now. Everybody else finds it taken, the giver too."""
    member = on_duty(action.person, duty)
    assert member is not None
    assert case.owner is not None
    assert case.handing_to is not None
    if member.organisation != case.handing_to or action.person == case.owner.id:
        raise Refusal("already_taken", owner=case.owner.name)
    to = msgspec.structs.replace(case, to=case.handing_to)
    return _taken(to, member.by, now_ms), ("escalation.handed_over",)


def note(case: Case, action: Action, _now_ms: int, _duty: Duty) -> Moved:
    """Somebody can't; nothing else changes."""
    if action.person in case.declined:
        return case, ()
    return _struck_off(case, action.person), ("escalation.declined",)


def _struck_off(case: Case, person: str) -> Case:
    paged = tuple(one for one in case.paged if one != person)
    return msgspec.structs.replace(case, declined=(*case.declined, person), paged=paged)


def strike_off(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    """Somebody can't; when nobody of the tier is left, its time is over."""
    after, events = note(case, action, now_ms, duty)
    moved, more = unless_somebody(after, now_ms, duty)
    return moved, (*events, *more)


def unless_somebody(case: Case, now_ms: int, duty: Duty) -> Moved:
    tier = case.policy.tiers[case.tier - 1]
    if on_call.people(duty, case.to, tier, case.line, case.declined):
        return case, ()
    return widen(case, now_ms, duty)


def widen(case: Case, now_ms: int, duty: Duty) -> Moved:
    after, events = _page_from(case, case.tier + 1, now_ms, duty)
    return after, events or ("escalation.widened",)


def decline_hand_over(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    """Somebody of the target can't; when all of them can't, the giver keeps it."""
    assert case.owner is not None
    member = on_duty(action.person, duty)
    if member is None or member.organisation != case.handing_to or action.person == case.owner.id:
        raise Refusal("not_permitted")
    after, events = note(case, action, now_ms, duty)
    return (after, events) if takers(after, duty) else kept(after, now_ms, events)


def takers(case: Case, duty: Duty) -> tuple[str, ...]:
    """Who could still take it over."""
    assert case.handing_to is not None
    assert case.owner is not None
    return on_call.everyone(duty, case.handing_to, {*case.declined, case.owner.id})


def kept(case: Case, now_ms: int, before: tuple[str, ...] = ()) -> Moved:
    assert case.owner is not None
    return _taken(case, case.owner, now_ms), (*before, "escalation.returned")


def release(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    return restart(case, now_ms, duty, action.person)


def release_to_target(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    assert case.handing_to is not None
    target = msgspec.structs.replace(case, to=case.handing_to)
    return restart(target, now_ms, duty, action.person)


def show_life(case: Case, _action: Action, now_ms: int, _duty: Duty) -> Moved:
    return msgspec.structs.replace(case, reminded=False, due_at=now_ms + case.policy.accepted_ms), ()


def hand_over(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    asked = msgspec.structs.replace(case, handing_to=action.to, declined=())
    there = takers(asked, duty)
    if not there:
        raise Refusal("nobody_on_duty")
    due_at = now_ms + case.policy.handing_over_ms
    after = msgspec.structs.replace(asked, state="handing_over", paged=there, due_at=due_at, reminded=False)
    return after, ("escalation.handing_over",)


def resolve(case: Case, action: Action, now_ms: int, _duty: Duty) -> Moved:
    assert action.outcome is not None
    assert case.owner is not None
    outcome = Outcome(action.outcome, action.text, case.owner)
    after = msgspec.structs.replace(
        case, state="resolved", outcome=outcome, handing_to=None, paged=(), reminded=False,
        due_at=now_ms + case.policy.resolved_ms,
    )  # fmt: skip
    return after, ("escalation.resolved",)


def withdraw(case: Case, _action: Action, _now_ms: int, _duty: Duty) -> Moved:
    after = msgspec.structs.replace(case, state="withdrawn", withdrawn=True, tier=0, paged=(), due_at=None)
    return after, ("escalation.withdrawn",)


def mark(case: Case, _action: Action, _now_ms: int, _duty: Duty) -> Moved:
    """The asker needs it no longer; who owns it still owes the outcome."""
    return msgspec.structs.replace(case, withdrawn=True), () if case.withdrawn else ("escalation.withdrawn",)


def rate(case: Case, action: Action, _now_ms: int, _duty: Duty) -> Moved:
    same = case.helped == action.helped
    return msgspec.structs.replace(case, helped=action.helped), () if same else ("escalation.rated",)


def reopen(case: Case, _action: Action, now_ms: int, duty: Duty) -> Moved:
    """Once. The last owner is called too, whatever the tier, and where there is none."""
    if case.reopened:
        raise Refusal("wrong_state")
    last = (case.owner.id,) if case.owner and not is_off_duty(case, duty) else ()
    again = msgspec.structs.replace(case, reopened=True, withdrawn=False, declined=(), paged=last)
    after, events = wait_again(again, now_ms, duty)
    return after, ("escalation.reopened", *events)


# who has been reached ---------------------------------------------------------------------------------


def send(case: Case, action: Action, _now_ms: int, _duty: Duty) -> Moved:
    """A page was written to a connected device of theirs; also where somebody else took the case meanwhile."""
    fresh = tuple(person for person in action.persons if person in case.reached and person not in case.sent)
    return msgspec.structs.replace(case, sent=(*case.sent, *fresh)), ()


def deliver(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    """Devices of people who are called say that they have the page."""
    called = _called(case, action)
    sent, _ = send(case, called, now_ms, duty)
    fresh = tuple(person for person in called.persons if person not in case.delivered)
    return msgspec.structs.replace(sent, delivered=(*case.delivered, *fresh)), ()


def see(case: Case, action: Action, now_ms: int, duty: Duty) -> Moved:
    """And showed it."""
    called = _called(case, action)
    there, _ = deliver(case, called, now_ms, duty)
    fresh = tuple(person for person in called.persons if person not in case.seen)
    return msgspec.structs.replace(there, seen=(*case.seen, *fresh)), ()


def _called(case: Case, action: Action) -> Action:
    """Of the action's persons those who are being called."""
    return msgspec.structs.replace(action, persons=tuple(one for one in action.persons if one in case.paged))
