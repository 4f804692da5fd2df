"""The roster: who is on duty in town, and the leases that keep them there.

On duty holds by hand, and only as long as some process holds a connection of theirs, or did less than five minutes
ago. A lease ends by the sweep that takes the person off, never by being overlooked in a reading: between the two nobody
could say who is on duty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec
import structlog

from rooms import keys
from rooms.on_call import Duty, OnDuty
from rooms.person import Person
from rooms.shape import By
from rooms.store import fields_of
from rooms.town import Town

RENEW_MS = 10_000
"""How much longer than its five minutes a lease may be found, because it is not renewed every moment."""
ASK = ("HGETALL", keys.DUTY)
log = structlog.get_logger("roster")


class _Kept(msgspec.Struct, frozen=True):
    since: int
    on_duty: OnDuty


async def everyone(town: Town) -> Duty:
    """Everybody on duty, in the order in which they came."""
    return those_in(await town.store.read(*ASK))


def those_in(roster: Sequence[bytes]) -> Duty:
    """The same, of what Redis answers to ASK; an entry that can't be read takes nobody else off."""
    kept = [one for body in fields_of(roster).values() if (one := _read(body)) is not None]
    return tuple(one.on_duty for one in sorted(kept, key=lambda one: (one.since, one.on_duty.person)))


@lru_cache(maxsize=1_000)
def _read(body: bytes) -> _Kept | None:
    """Every move of every case reads the whole roster, which hardly changes: what it says is decoded once."""
    try:
        return msgspec.msgpack.decode(body, type=_Kept)
    except msgspec.DecodeError:
        return None


def entry(person: Person, now_ms: int) -> bytes:
    """What the roster keeps of somebody who goes on duty."""
    by = msgspec.convert(person.by(), By)
    return msgspec.msgpack.encode(_Kept(now_ms, OnDuty(person.id, by, person.jurisdiction)))


async def renew(town: Town, persons: Iterable[str], linger_ms: int = RENEW_MS) -> None:
    """These persons are connected here: who of them is on duty stays so.

    linger_ms: beyond the five minutes; 0 where somebody's last connection of this process has just gone.
    """
    until_ms = town.clock.now_ms() + town.policy.duty_ms + linger_ms
    leases = [part for person in persons for part in (until_ms, person)]
    if leases:
        await town.store.read("ZADD", keys.DUTY_LEASE, "XX", *leases)


async def over(town: Town) -> list[OnDuty]:
    """Who has been away for too long. An entry that can't be read is dropped here: it says not whom to tell."""
    now_ms = town.clock.now_ms()
    persons = await town.store.read("ZRANGE", keys.DUTY_LEASE, "-inf", now_ms, "BYSCORE")
    if not persons:
        return []
    bodies = await town.store.read("HMGET", keys.DUTY, *persons)
    kept = [(person, _read(body)) for person, body in zip(persons, bodies, strict=True) if body is not None]
    if unreadable := [person for person, one in kept if one is None]:
        log.error("alarm: entries of the roster cannot be read", count=len(unreadable))
        await town.store.read_all([("HDEL", keys.DUTY, *unreadable), ("ZREM", keys.DUTY_LEASE, *unreadable)])
    return [one.on_duty for _, one in kept if one is not None]
