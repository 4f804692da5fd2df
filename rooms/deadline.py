"""Deadlines that are over, carried out one after the other: what they are of is a table of whoever asks.

Any process may do any of it at any time, and several at once. What can't be carried out, for a fault of ours or a
record that can't be read, stops nothing else. Cases and alerts, of which a thousand may be over at once, have ways of
their own (overdue, alert_due).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog

from rooms import keys
from rooms.refusal import Refusal
from rooms.town import Town

log = structlog.get_logger("deadline")
PUT_OFF_MS = 30_000
"""What failed is tried again after this, and not with every tick."""

Deed = Callable[[Town, str, str], Awaitable[object]]
"""What is done about an item: given the partition, and what comes after the item's kind and its colon."""
Kinds = Mapping[str, Deed]
"""How items begin, with the colon."""


async def carry_out(town: Town, kinds: Kinds, now_ms: int) -> int:
    """Carry out every deadline of these kinds that is over; how many that were. Raises Refusal("unavailable")."""
    names = [name for name in keys.ALL if name != keys.TOWN]
    rows = await town.store.read_all(("ZRANGE", keys.due(name), "-inf", now_ms, "BYSCORE") for name in names)
    items = [(name, item.decode()) for name, row in zip(names, rows, strict=True) for item in row]
    mine = [(name, item) for name, item in items if item.startswith(tuple(kinds))]
    for name, item in mine:
        await _carry_out(town, kinds, name, item)
    return len(mine)


async def _carry_out(town: Town, kinds: Kinds, partition: str, item: str) -> None:
    """One deadline. Raises Refusal where the store is away: then none can be carried out."""
    kind, _, rest = item.partition(":")
    try:
        await kinds[f"{kind}:"](town, partition, rest)
    except Exception as error:
        if isinstance(error, Refusal) and error.row.retryable:
            raise
        log.error("alarm: a deadline cannot be carried out", kind=kind, partition=partition, error=type(error).__name__)
        await put_off(town, partition, item)


async def put_off(town: Town, partition: str, item: str) -> None:
    """It is looked at again later, unless it is gone or was set anew meanwhile."""
    await town.store.read("ZADD", keys.due(partition), "XX", "GT", town.clock.now_ms() + PUT_OFF_MS, item)
