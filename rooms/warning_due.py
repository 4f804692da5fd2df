"""What happens to warnings by itself: their ends, and the notices that are owed.

Any process may do any of it at any time, and several at once: the scripts let one of them end a warning, and find a
notice that was given.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from rooms import correction, keys, warning_record
from rooms.town import Town

MOST = 1_000  # of a partition in one look


async def overdue(town: Town, now_ms: int) -> int:
    """End every warning whose time is over, and give every notice that is owed; how many deadlines that were."""
    names = [name for name in keys.ALL if name != keys.TOWN]
    rows = await town.store.read_all(
        ("ZRANGE", keys.due(name), "-inf", now_ms, "BYSCORE", "LIMIT", 0, MOST) for name in names
    )
    items = [item.decode() for row in rows for item in row]
    count = 0
    for item in items:
        for kind, carry_out in KINDS.items():
            if item.startswith(kind):
                room, _, seq = item.removeprefix(kind).rpartition(":")
                await carry_out(town, room, int(seq))
                count += 1
    return count


async def _expire(town: Town, room: str, seq: int) -> bool:
    return await warning_record.expire(town, room, seq, town.clock.now_ms())


KINDS: dict[str, Callable[[Town, str, int], Awaitable[object]]] = {
    warning_record.DUE: _expire,
    correction.DUE: correction.carry_out,
}
