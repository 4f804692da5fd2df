"""Who is here: a lease per person and room, renewed by the processes that hold a connection; told as a number.

A lease of 25 s is renewed every 10 s by every process where the person is connected. When a person's last connection
of one process goes, that process shortens the lease to what another process would need to renew it; nobody has to know
about the others, and the number neither flickers nor counts anybody twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rooms.keys import room_keys
from rooms.town import Town

RENEW_EVERY_MS = 10_000
LINGER_MS = 12_000


async def renew(town: Town, here: Mapping[str, Iterable[str]]) -> None:
    """Keep the leases of these persons, per room."""
    until = town.clock.now_ms() + town.policy.lease_ms
    await town.store.read_all(
        ("ZADD", room_keys(room).here, *(part for person in persons for part in (until, person)))
        for room, persons in here.items()
        if persons
    )


async def left(town: Town, person: str, rooms: Iterable[str]) -> None:
    """The person's last connection of this process has gone."""
    until = town.clock.now_ms() + LINGER_MS
    await town.store.read_all(("ZADD", room_keys(room).here, "XX", "LT", until, person) for room in rooms)


async def counts(town: Town, rooms: Iterable[str]) -> dict[str, int]:
    """How many are here, per room."""
    asked, now_ms = list(rooms), town.clock.now_ms()
    numbers = await town.store.read_all(("ZCOUNT", room_keys(room).here, f"({now_ms}", "+inf") for room in asked)
    return dict(zip(asked, numbers, strict=True))


async def forget(town: Town, rooms: Iterable[str]) -> None:
    """Drop the leases that have ended; of those that no process gave back, note what may have been sent (given.py)."""
    now_ms = town.clock.now_ms()
    for of in [room_keys(room) for room in rooms]:
        await town.store.run("forget_leases", [of.here, of.given, of.warned], [now_ms])


def told(town: Town, number: int) -> int | None:
    """The number as neighbours are told it: None for "a few", so that nobody learns who is away."""
    return number if number >= town.policy.few_below else None
