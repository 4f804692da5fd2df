"""Duty: on and off by hand, off by itself when the last device has been gone for five minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import msgspec

from rooms import event, keys, roster
from rooms.call import Call, Reply
from rooms.case_event import DutyChanged
from rooms.case_payload import Duty
from rooms.on_call import OnDuty
from rooms.overdue import duty_changed
from rooms.person import Person
from rooms.pipeline import Argument
from rooms.shape import By
from rooms.town import Town

DUE = "duty:"
_ROSTER = [keys.DUTY, keys.DUTY_LEASE, keys.due(keys.TOWN), keys.feed(keys.TOWN), keys.clock(keys.TOWN)]


async def start(town: Town, call: Call[Duty]) -> Reply:
    """Go on duty: waiting cases page this person from now on.

    Raises Refusal: not_permitted (the account is ending), too_fast, stale, client_id_reused.
    """
    until_ms = call.now_ms + town.policy.duty_ms + roster.RENEW_MS
    await _run(town, call, "start_duty", True, [keys.STAFF], roster.entry(call.person, call.now_ms), until_ms)
    return {"ok": True, "on": True}


async def stop(town: Town, call: Call[Duty]) -> Reply:
    """Go off duty: what this person owns is paged anew. Raises Refusal: too_fast, stale, client_id_reused."""
    await _run(town, call, "stop_duty", False, [])
    return {"ok": True, "on": False}


async def _run(town: Town, call: Call[Duty], name: str, on: bool, also: list[str], *more: Argument) -> None:
    device, counter = call.numbered(call.payload.client_id)
    person, spend = call.person, town.policy.limits["touch"]
    done, bucket = keys.done(keys.TOWN, person.id, device), keys.bucket(keys.TOWN, "touch", person.id)
    await town.store.run(
        name,
        [*done, bucket, *_ROSTER, *also],
        [call.now_ms, person.id, counter, call.digest, spend.burst, spend.every_ms,
         person.organisation or "", _packed(msgspec.convert(person.by(), By), on), *more],
    )  # fmt: skip
    await _let_follow(town, [person.id], call.now_ms)


async def _let_follow(town: Town, persons: Iterable[str], now_ms: int) -> None:
    """Let the cases follow a change of that moment, in one look for all; the deadlines stand until they have."""
    if items := [f"{DUE}{person}:{now_ms}" for person in persons]:
        await _look(town)
        await town.store.read("ZREM", keys.due(keys.TOWN), *items)


async def _look(town: Town) -> None:
    """One look at every open case for all who come and go while another is under way: a shift changes at once."""
    await town.together.ask("duty", "", lambda _: duty_changed(town, town.clock.now_ms()))


async def lapse(town: Town) -> int:
    """Take those off duty whose last device has been gone for long, all before the cases are looked at; how many.

    One for whom that fails keeps nobody else on duty; what failed is raised when the others are off.
    """
    now_ms, gone = town.clock.now_ms(), await roster.over(town)
    ended = await asyncio.gather(*(_end(town, member, now_ms) for member in gone), return_exceptions=True)
    off = [member.person for member, is_off in zip(gone, ended, strict=True) if is_off is True]
    await _let_follow(town, off, now_ms)
    for answer in ended:
        if isinstance(answer, BaseException):
            raise answer
    return len(off)


async def _end(town: Town, member: OnDuty, now_ms: int) -> bool:
    """Take one off whose lease is over; False where it was renewed meanwhile."""
    told = _packed(member.by, False)
    (ended,) = await town.store.run("lapse_duty", _ROSTER, [now_ms, member.person, member.organisation or "", told])
    return bool(ended)


async def dismiss(town: Town, person: Person) -> None:
    """Take somebody off duty whose account ends; a "start" that is under way finds that it does. May be said again."""
    now_ms, told = town.clock.now_ms(), _packed(msgspec.convert(person.by(), By), False)
    arguments: list[Argument] = [now_ms, person.id, person.organisation or "", told]
    await town.store.run("dismiss", [*_ROSTER, keys.STAFF], arguments)
    await _let_follow(town, [person.id], now_ms)


async def overdue(town: Town, now_ms: int) -> int:
    """See to it that the cases have followed every change of duty, where a process died before; returns how many."""
    items = await town.store.read("ZRANGE", keys.due(keys.TOWN), "-inf", now_ms, "BYSCORE")
    if items:
        await _look(town)
        await town.store.read("ZREM", keys.due(keys.TOWN), *items)
    return len(items)


def _packed(by: By, on: bool) -> bytes:
    return event.packed_signal("duty.changed", msgspec.to_builtins(DutyChanged(by, on)))
