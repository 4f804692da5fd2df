"""The state machine of a case: who may do what in each state, and what it does. Pure; product.md 5 specifies it.

TRANSITIONS is the whole of it. What it does not name is refused: `wrong_state` for a blank cell, and for somebody who
is not meant `not_permitted` or what says more. Every move is made against a version, so that of two at once one looks
again (rooms/desk.py).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from rooms import case_joining as joining
from rooms import case_move as moves
from rooms import case_passing as passing
from rooms import on_call
from rooms.case import Case
from rooms.case_move import Action, ActionName, Move
from rooms.on_call import Duty
from rooms.refusal import Refusal
from rooms.shape import By, CaseState

Who = Literal["staff", "owner", "asker", "neighbour", "clock"]


class Step(msgspec.Struct, frozen=True):
    """A move. events: for the room, in order; paged, withdrawn: persons called from now on, and no longer;
    entered, left: staff who come into the room, and go."""

    case: Case
    events: tuple[str, ...]
    paged: tuple[str, ...]
    withdrawn: tuple[str, ...]
    entered: By | None
    left: By | None


class Cell(msgspec.Struct, frozen=True):
    who: Who
    move: Move


def step(case: Case, action: Action, now_ms: int, duty: Duty) -> Step:
    """Move *case* by one *action*; touch nothing else.

    now_ms: milliseconds since 1970, by the town's clock.  duty: everybody on duty in town, as read just before.
    Raises Refusal: wrong_state, not_permitted, not_on_duty, outside_jurisdiction, already_taken, nobody_on_duty.
    """
    cell = TRANSITIONS[case.state].get(action.name)
    if cell is None or (case.is_final and case.state == "resolved"):
        raise Refusal("wrong_state")
    _permit(cell.who, case, action, duty)
    after, events = cell.move(case, action, now_ms, duty)
    return _difference(case, after, events)


def begin(case: Case, now_ms: int, duty: Duty) -> Step:
    """The first move of a new case: it is paged, or listed where it is for information or beyond the asker's share."""
    after, events = moves.wait_again(case, now_ms, duty)
    return _difference(case, after, ("escalation.raised", *events))


def _difference(before: Case, after: Case, events: tuple[str, ...]) -> Step:
    """What a move changes for people. Who was called for something less urgent is called anew."""
    still = frozenset(before.paged if after.urgency == before.urgency else ())
    called = frozenset(after.paged)
    came, went = after.in_room, before.in_room
    changed = (came.id if came else "") != (went.id if went else "")
    return Step(
        case=msgspec.structs.replace(after, reached=moves.both(after.reached, after.paged)),
        events=events,
        paged=tuple(person for person in after.paged if person not in still),
        withdrawn=tuple(person for person in before.paged if person not in called),
        entered=came if changed else None,
        left=went if changed else None,
    )


# who may ---------------------------------------------------------------------------------------------


def _permit(who: Who, case: Case, action: Action, duty: Duty) -> None:
    """Raises Refusal where the action is somebody else's."""
    if who == "staff":
        _permit_staff(case, action, duty)
        return
    meant = {
        "owner": case.owner is not None and case.owner.id == action.person,
        "asker": case.person == action.person,
        "neighbour": action.person != "",
        "clock": action.person == "",
    }
    if not meant[who]:
        raise Refusal("not_permitted")


def _permit_staff(case: Case, action: Action, duty: Duty) -> None:
    """On duty for an organisation that the case concerns, and there: by the own area, or because one was called."""
    member = moves.on_duty(action.person, duty)
    if member is None:
        raise Refusal("not_on_duty")
    if member.organisation not in case.organisations:
        raise Refusal("not_permitted")
    if not on_call.covers(member, case.line) and action.person not in case.reached:
        raise Refusal("outside_jurisdiction")


_EVERYWHERE: dict[ActionName, Cell] = {
    "join": Cell("neighbour", joining.join),
    "attach": Cell("neighbour", joining.attach),
}
TRANSITIONS: dict[CaseState, dict[ActionName, Cell]] = {
    "listed": {
        "accept": Cell("staff", moves.accept),
        "decline": Cell("staff", moves.note),
        "send": Cell("clock", moves.send),
        "deliver": Cell("clock", moves.deliver),
        "see": Cell("clock", moves.see),
        "withdraw": Cell("asker", moves.withdraw),
        "due": Cell("clock", passing.when_due(passing.lapse)),
        "duty": Cell("clock", passing.strike_off_the_absent),
        **_EVERYWHERE,
    },
    "paging": {
        "accept": Cell("staff", moves.accept),
        "decline": Cell("staff", moves.strike_off),
        "send": Cell("clock", moves.send),
        "deliver": Cell("clock", moves.deliver),
        "see": Cell("clock", moves.see),
        "withdraw": Cell("asker", moves.withdraw),
        "due": Cell("clock", passing.when_due(passing.pass_tier)),
        "duty": Cell("clock", passing.recall),
        **_EVERYWHERE,
    },
    "unanswered": {
        "accept": Cell("staff", moves.accept),
        "decline": Cell("staff", moves.note),
        "send": Cell("clock", moves.send),
        "deliver": Cell("clock", moves.deliver),
        "see": Cell("clock", moves.see),
        "withdraw": Cell("asker", moves.withdraw),
        "due": Cell("clock", passing.when_due(passing.lapse)),
        "duty": Cell("clock", passing.recall_unanswered),
        **_EVERYWHERE,
    },
    "accepted": {
        "accept": Cell("staff", moves.accept_taken),
        "release": Cell("owner", moves.release),
        "alive": Cell("owner", moves.show_life),
        "hand_over": Cell("owner", moves.hand_over),
        "resolve": Cell("owner", moves.resolve),
        "withdraw": Cell("asker", moves.mark),
        "send": Cell("clock", moves.send),
        "due": Cell("clock", passing.when_due(passing.remind)),
        "duty": Cell("clock", passing.own_on_duty),
        **_EVERYWHERE,
    },
    "handing_over": {
        "accept": Cell("staff", moves.take_over),
        "decline": Cell("staff", moves.decline_hand_over),
        "send": Cell("clock", moves.send),
        "deliver": Cell("clock", moves.deliver),
        "see": Cell("clock", moves.see),
        "release": Cell("owner", moves.release_to_target),
        "resolve": Cell("owner", moves.resolve),
        "withdraw": Cell("asker", moves.mark),
        "due": Cell("clock", passing.when_due(passing.give_back)),
        "duty": Cell("clock", passing.hand_over_on_duty),
        **_EVERYWHERE,
    },
    "resolved": {
        "rate": Cell("asker", moves.rate),
        "reopen": Cell("asker", moves.reopen),
        "due": Cell("clock", passing.when_due(passing.end)),
    },
    "withdrawn": {},
    "lapsed": {},
}
