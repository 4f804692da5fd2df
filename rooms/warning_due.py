"""What happens to warnings by itself: their ends, and the notices that are owed.

Any process may do any of it at any time, and several at once: the scripts let one of them end a warning, and find a
notice that was given.  What can't be carried out, for a fault of ours or a record that can't be read, stops nothing
else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from rooms import correction, keys, warning_record
from rooms.refusal import Refusal
from rooms.room import in_log
from rooms.town import Town

log = structlog.get_logger("warning_due")

PUT_OFF_MS = 30_000
"""What failed is tried again after this, and not with every tick."""


async def overdue(town: Town, now_ms: int) -> int:
    """End every warning whose time is over, and give every notice that is owed; how many deadlines that were."""
    names = [name for name in keys.ALL if name != keys.TOWN]
    rows = await town.store.read_all(("ZRANGE", keys.due(name), "-inf", now_ms, "BYSCORE") for name in names)
    items = [(name, item.decode()) for name, row in zip(names, rows, strict=True) for item in row]
    mine = [(name, item) for name, item in items if item.startswith(tuple(KINDS))]
    for name, item in mine:
        await _carry_out(town, name, item)
    return len(mine)


async def _carry_out(town: Town, partition: str, item: str) -> None:
    """One deadline. Raises Refusal where the store is away: then none can be carried out."""
    kind, _, rest = item.partition(":")
    room, _, seq = rest.rpartition(":")
    try:
        await KINDS[f"{kind}:"](town, room, int(seq))
    except Exception as error:
        if isinstance(error, Refusal) and error.row.retryable:
            raise
        log.error("alarm: a deadline cannot be carried out", kind=kind, room=in_log(room), error=type(error).__name__)
        await town.store.read("ZADD", keys.due(partition), "XX", "GT", town.clock.now_ms() + PUT_OFF_MS, item)


async def _expire(town: Town, room: str, seq: int) -> bool:
    return await warning_record.expire(town, room, seq, town.clock.now_ms())


KINDS: dict[str, Callable[[Town, str, int], Awaitable[object]]] = {
    warning_record.DUE: _expire,
    correction.DUE: correction.carry_out,
}
