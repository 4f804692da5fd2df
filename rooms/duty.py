"""Duty: on and off by hand, off by itself when the last device has been gone for five minutes."""

from __future__ import annotations

import msgspec

from rooms import event, keys, roster
from rooms.call import Call, Reply
from rooms.case_event import DutyChanged
from rooms.case_payload import Duty
from rooms.on_call import OnDuty
from rooms.overdue import duty_changed
from rooms.pipeline import Argument
from rooms.shape import By
from rooms.town import Town

DUE = "duty:"
GRACE_MS = 2_000
"""How long the cases may take to follow before another process sees to it."""


async def start(town: Town, call: Call[Duty]) -> Reply:
    """Go on duty: waiting cases page this person from now on. Raises Refusal: too_fast, stale, client_id_reused."""
    until_ms = call.now_ms + town.policy.duty_ms + roster.RENEW_MS
    await _run(town, call, "start_duty", True, roster.entry(call.person, call.now_ms), until_ms)
    return {"ok": True, "on": True}


async def stop(town: Town, call: Call[Duty]) -> Reply:
    """Go off duty: what this person owns is paged anew. Raises Refusal: too_fast, stale, client_id_reused."""
    await _run(town, call, "stop_duty", False)
    return {"ok": True, "on": False}


async def _run(town: Town, call: Call[Duty], name: str, on: bool, *more: Argument) -> None:
    device, counter = call.numbered(call.payload.client_id)
    person, spend = call.person, town.policy.limits["touch"]
    done, bucket = keys.done(keys.TOWN, person.id, device), keys.bucket(keys.TOWN, "touch", person.id)
    await town.store.run(
        name,
        [*done, bucket, keys.DUTY, keys.DUTY_LEASE, keys.due(keys.TOWN), keys.feed(keys.TOWN), keys.clock(keys.TOWN)],
        [call.now_ms, person.id, counter, call.digest, spend.burst, spend.every_ms, *more,
         person.organisation or "", _packed(msgspec.convert(person.by(), By), on)],
    )  # fmt: skip
    await _let_follow(town, person.id, call.now_ms)


async def _let_follow(town: Town, person: str, now_ms: int) -> None:
    """Let the cases follow; the deadline stands until they have."""
    await duty_changed(town, now_ms)
    await town.store.read("ZREM", keys.due(keys.TOWN), DUE + person)


async def lapse(town: Town) -> int:
    """Take those off duty whose last device has been gone for long; returns how many."""
    gone = await roster.over(town)
    for member in gone:
        await end(town, member)
    return len(gone)


async def dismiss(town: Town, person: str) -> None:
    """Take somebody off duty whose account ends."""
    await town.store.read("ZADD", keys.DUTY_LEASE, "XX", 0, person)
    await lapse(town)


async def end(town: Town, member: OnDuty) -> None:
    """Take somebody off duty whose lease is over."""
    now_ms = town.clock.now_ms()
    (ended,) = await town.store.run(
        "lapse_duty",
        [keys.DUTY, keys.DUTY_LEASE, keys.due(keys.TOWN), keys.feed(keys.TOWN), keys.clock(keys.TOWN)],
        [now_ms, member.person, member.organisation or "", _packed(member.by, False)],
    )
    if ended:
        await _let_follow(town, member.person, now_ms)


async def overdue(town: Town, now_ms: int) -> int:
    """See to it that the cases have followed a change of duty, where a process died before; returns how many."""
    before = now_ms - GRACE_MS
    rows = await town.store.read("ZRANGE", keys.due(keys.TOWN), "-inf", before, "BYSCORE")
    for item in rows:
        await _let_follow(town, item.decode().removeprefix(DUE), now_ms)
    return len(rows)


def _packed(by: By, on: bool) -> bytes:
    return event.packed_signal("duty.changed", msgspec.to_builtins(DutyChanged(by, on)))
