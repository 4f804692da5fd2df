"""The desk: the commands about cases. Load, read who is on duty, step, commit; of two at once one looks again.

Whoever may not know of a case hears what is heard of none: `not_found`. What a command has done is answered as it was,
whatever has become of the case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from rooms import case_record as record
from rooms import escalation, guest, raising, roster
from rooms.call import Call, Reply
from rooms.case import Case
from rooms.case_move import Action, ActionName
from rooms.case_payload import HandOver, OfCase, OfPage, RaiseCase, Rate, Resolve
from rooms.case_record import Loaded, Told
from rooms.deed import already_done, turn_away
from rooms.escalation import Step
from rooms.keys import room_keys
from rooms.on_call import Duty
from rooms.person import STAFF_IN_ROOMS, Person
from rooms.refusal import Refusal
from rooms.room import case_of
from rooms.store import Changed
from rooms.town import Town

TRIES = 50
"""How often a move looks again, each time because somebody else was first."""


# raising ---------------------------------------------------------------------------------------------


async def raise_case(town: Town, call: Call[RaiseCase]) -> Reply:
    """Open a case, or attach the call to the open one for the same warning and organisation.

    Raises Refusal: not_found, wrong_target, call_112_first, not_permitted, bad_request, stale, client_id_reused.
    """
    done = await already_done(town, call)
    if done is not None:
        return done
    if not await raising.is_member(town, call.payload.room, call.person.id):
        if case_of(call.payload.room) is not None:
            raise Refusal("not_found")
        raise await turn_away(town, call, call.payload.room)
    warning = await raising.warning_of(town, call)
    raising.check_emergency(call, warning)
    await raising.check_alert(town, call)
    for _ in range(TRIES):
        case = await raising.draft(town, call, warning)
        try:
            if (same := await _same(town, case)) is not None:
                return await _attach(town, call, same, case)
            return await _open(town, call, case)
        except Changed:
            continue
    raise Refusal("busy", retry_after_ms=1_000)


async def _open(town: Town, call: Call[RaiseCase], case: Case) -> Reply:
    await raising.make_room(town, case)
    duty = await roster.everyone(town)
    step = escalation.begin(case, call.now_ms, duty)
    told = Told(by=_by(case.asker), client_id=None if case.private else call.payload.client_id)
    reply = await record.open_case(town, call, call.payload.room, step, told)
    await _keep_up(town, reply["case"], duty, call.now_ms)
    return {"ok": True, **reply}


async def _keep_up(town: Town, case_id: str, duty: Duty, now_ms: int) -> None:
    """Who went on or off duty while a move was being stored has looked for cases before this one stood so."""
    if await roster.everyone(town) != duty:
        await follow(town, case_id, Action(name="duty"), now_ms)


async def _same(town: Town, case: Case) -> Loaded | None:
    """The open case to which this one would be a second call. What leads to none that can be read leads nobody any
    longer: a call is never refused for a record."""
    name, called = record.called(case), room_keys(case.room).called
    found = await town.store.read("HGET", called, name) if name else None
    if found is None:
        return None
    (same,) = await record.load_all(town, [found.decode()])
    if same is None:
        await town.store.read("HDEL", called, name)
    return same


async def _attach(town: Town, call: Call[RaiseCase], same: Loaded, case: Case) -> Reply:
    action = Action(name="attach", person=call.person.id, call=case)
    duty = await roster.everyone(town)
    try:
        step = escalation.step(same.case, action, call.now_ms, duty)
    except Refusal:
        raise Changed("attach") from None  # it has just ended: what is asked is a case of its own
    told = Told(call.person.by(), call.payload.client_id, {"seq": 0, "case": same.case.id}, case.text)
    reply = await record.move(town, call, same, step, told, is_limited=False, by_neighbour=True)
    await _keep_up(town, same.case.id, duty, call.now_ms)
    return {"ok": True, **reply}


# moving ----------------------------------------------------------------------------------------------


async def accept(town: Town, call: Call[OfCase]) -> Reply:
    """Take a case and enter its room. Raises Refusal: already_taken (owner), not_on_duty, or as `_act` says."""
    return await _act(town, call, Action(name="accept", person=call.person.id))


async def decline(town: Town, call: Call[OfCase]) -> Reply:
    """Be asked no longer. Raises Refusal: not_on_duty, or as `_act` says."""
    return await _act(town, call, Action(name="decline", person=call.person.id))


async def release(town: Town, call: Call[OfCase]) -> Reply:
    """Let one's case go. Raises Refusal as `_act` says."""
    return await _act(town, call, Action(name="release", person=call.person.id))


async def alive(town: Town, call: Call[OfCase]) -> Reply:
    """Start the deadline of one's case anew. Raises Refusal as `_act` says."""
    return await _act(town, call, Action(name="alive", person=call.person.id))


async def hand_over(town: Town, call: Call[HandOver]) -> Reply:
    """Ask others to take one's case over. Raises Refusal: nobody_on_duty, or as `_act` says."""
    return await _act(town, call, Action(name="hand_over", person=call.person.id, to=call.payload.to))


async def resolve(town: Town, call: Call[Resolve]) -> Reply:
    """Give the outcome of one's case. Raises Refusal as `_act` says."""
    said = call.payload
    action = Action(name="resolve", person=call.person.id, outcome=said.outcome, text=said.text.strip())
    return await _act(town, call, action)


async def withdraw(town: Town, call: Call[OfCase]) -> Reply:
    """The asker needs it no longer. Raises Refusal as `_act` says."""
    return await _act(town, call, Action(name="withdraw", person=call.person.id))


async def rate(town: Town, call: Call[Rate]) -> Reply:
    """The asker says whether it helped. Raises Refusal as `_act` says."""
    return await _act(town, call, Action(name="rate", person=call.person.id, helped=call.payload.helped))


async def reopen(town: Town, call: Call[OfCase]) -> Reply:
    """The asker needs it after all. Raises Refusal as `_act` says."""
    return await _act(town, call, Action(name="reopen", person=call.person.id))


async def join(town: Town, call: Call[OfCase]) -> Reply:
    """A neighbour needs the same. Raises Refusal: not_permitted (no member), or as `_act` says."""
    return await _act(town, call, Action(name="join", person=call.person.id))


async def pages_sent(town: Town, case_id: str, persons: Iterable[str], now_ms: int) -> bool:
    """Count that a page was written to a connected device; once per person. Raises Refusal("unavailable")."""
    return await follow(town, case_id, Action(name="send", persons=tuple(sorted(persons))), now_ms)


async def deliver_page(town: Town, call: Call[OfPage]) -> Reply:
    """Count that a page has reached a device; once per person. Raises Refusal: not_found."""
    return await _count(town, call, "deliver")


async def see_page(town: Town, call: Call[OfPage]) -> Reply:
    """Count that a page is shown on a device; once per person. Raises Refusal: not_found."""
    return await _count(town, call, "see")


async def _count(town: Town, call: Call[OfPage], name: ActionName) -> Reply:
    """A page reaches all who are called at once, and so all their devices tell of it at once."""
    case_id = call.payload.case
    if not await _may_know(town, call.person, await record.load(town, case_id)):
        raise Refusal("not_found")

    async def count(persons: Collection[str]) -> None:
        await follow(town, case_id, Action(name=name, persons=tuple(sorted(persons))), town.clock.now_ms())

    await town.together.ask((name, case_id), call.person.id, count)
    return {"ok": True}


async def _act(town: Town, call: Call[Any], action: Action) -> Reply:
    """Carry out one action.

    Raises Refusal: not_found (may not know of it), not_permitted, wrong_state, stale, client_id_reused, too_fast, busy,
    unavailable.
    """
    done = await already_done(town, call)
    if done is not None:
        return done
    for _ in range(TRIES):
        loaded = await record.load(town, call.payload.case)
        if loaded is None:
            raise Refusal("not_found")
        if not await _may_know(town, call.person, loaded):
            raise await turn_away(town, call, loaded.case.id)
        duty = await roster.everyone(town)
        try:
            await _check_neighbour(town, loaded.case, action)
            step = escalation.step(loaded.case, action, call.now_ms, duty)
        except Refusal:
            done = await already_done(town, call)  # another copy of this command may have moved it meanwhile
            if done is not None:
                return done
            raise
        if step.entered is not None:
            await guest.note(town, step.entered.id, step.case.room)
        try:
            by_neighbour = action.name == "join"
            reply = await record.move(town, call, loaded, step, _told(call, step), by_neighbour=by_neighbour)
        except Changed:
            continue
        await _keep_up(town, loaded.case.id, duty, call.now_ms)
        return {"ok": True, **reply}
    raise Refusal("busy", retry_after_ms=1_000)


def _told(call: Call[Any], step: Step) -> Told:
    """The asker of a private case is there under its name of this case, and without the number of a device."""
    case, reply = step.case, {"state": step.case.state}
    if call.person.id == case.person:
        return Told(_by(case.asker), None if case.private else call.payload.client_id, reply)
    return Told(call.person.by(), call.payload.client_id, reply)


def _by(author: Any) -> dict[str, Any]:
    by: dict[str, Any] = msgspec.to_builtins(author)
    return by


async def _check_neighbour(town: Town, case: Case, action: Action) -> None:
    """Who joins belongs to the room. Raises Refusal("not_permitted")."""
    if action.name == "join" and (case.private or not await raising.is_member(town, case.room, action.person)):
        raise Refusal("not_permitted")


async def _may_know(town: Town, person: Person, loaded: Loaded | None) -> bool:
    """Whether this person may know that there is such a case: its asker, who is in its room, and the staff it concerns;
    of a private one only those who could be called."""
    if loaded is None:
        return False
    case = loaded.case
    if person.id == case.person or await raising.is_member(town, case.room, person.id):
        return True
    if person.role not in STAFF_IN_ROOMS or person.organisation not in case.organisations:
        return False
    return not case.private or concerns(case, person)


def concerns(case: Case, person: Person) -> bool:
    """Whether a case is on this member of staff's desk: of the organisation, and in the area or called for."""
    if person.organisation not in case.organisations:
        return False
    return person.id in case.reached or any(place in person.jurisdiction for _, place in case.line)


# what nobody commands --------------------------------------------------------------------------------


async def follow(town: Town, case_id: str, action: Action, now_ms: int) -> bool:
    """Let a case follow the clock, a change of duty or a sign of life; True where that changed something.

    What can't be done any longer, or has been done by another process, is passed over.
    """
    for _ in range(TRIES):
        loaded = await record.load(town, case_id)
        if loaded is None:
            return False
        try:
            step = escalation.step(loaded.case, action, now_ms, await roster.everyone(town))
            if step.case == loaded.case and not step.events:
                return False
            await record.pass_on(town, loaded, step, now_ms)
        except Changed:
            continue
        except Refusal as refusal:
            if refusal.row.retryable:
                raise
            return False
        return True
    return False
