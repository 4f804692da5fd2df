"""What happens by itself to reports, notices, stays and arrangements: their deadlines.

Any process may do any of it at any time, and several at once. What can't be carried out, for a fault of ours or a
record that can't be read, stops nothing else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from rooms import arrangement, inside, keys, notice, report_record, reporting
from rooms.refusal import Refusal
from rooms.room import in_log
from rooms.town import Town

log = structlog.get_logger("report_due")
PUT_OFF_MS = 30_000
"""What failed is tried again after this, and not with every tick."""


async def overdue(town: Town, now_ms: int) -> int:
    """Carry out every deadline that is over; how many that were. Raises Refusal("unavailable")."""
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
    try:
        await KINDS[f"{kind}:"](town, partition, rest)
    except Exception as error:
        if isinstance(error, Refusal) and error.row.retryable:
            raise
        log.error("alarm: a deadline cannot be carried out", kind=kind, error=type(error).__name__)
        await town.store.read("ZADD", keys.due(partition), "XX", "GT", town.clock.now_ms() + PUT_OFF_MS, item)


async def _decide(town: Town, partition: str, report_id: str) -> None:
    """A report that is gone has no deadline; one that can't be read is looked at again, and told of."""
    if await reporting.overdue(town, report_id):
        return
    item = f"{report_record.DUE}{report_id}"
    if not await town.store.read("EXISTS", keys.report(report_id)):
        await town.store.read("ZREM", keys.due(partition), item)
    elif await report_record.load(town, report_id) is None:
        log.error("alarm: a report cannot be read", report=in_log(report_id))
        await town.store.read("ZADD", keys.due(partition), "XX", "GT", town.clock.now_ms() + PUT_OFF_MS, item)


async def _put_out(town: Town, _partition: str, rest: str) -> None:
    person, _, room = rest.partition(":")
    await inside.put_out(town, person, room)


async def _look(town: Town, _partition: str, rest: str) -> None:
    person, _, room = rest.partition(":")
    await inside.look(town, person, room)


async def _end(town: Town, _partition: str, rest: str) -> None:
    arrangement_id, _, room = rest.partition(":")
    await arrangement.end(town, room, arrangement_id, "over")


async def _readmit(town: Town, _partition: str, rest: str) -> None:
    person, _, room = rest.partition(":")
    await reporting.readmit(town, person, room)


KINDS: dict[str, Callable[[Town, str, str], Awaitable[object]]] = {
    report_record.DUE: _decide,
    notice.DUE: notice.give,
    inside.BY_DEVICE: _put_out,
    inside.BY_GROUND: _look,
    arrangement.DUE: _end,
    "readmit:": _readmit,
}
