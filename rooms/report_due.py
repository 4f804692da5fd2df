"""What happens by itself to reports, notices, stays and arrangements: their deadlines."""

from __future__ import annotations

import structlog

from rooms import arrangement, deadline, inside, keys, notice, report_record, reporting
from rooms.room import in_log
from rooms.town import Town

log = structlog.get_logger("report_due")


async def overdue(town: Town, now_ms: int) -> int:
    """Carry out every deadline that is over; how many that were. Raises Refusal("unavailable")."""
    return await deadline.carry_out(town, KINDS, now_ms)


async def _decide(town: Town, partition: str, report_id: str) -> None:
    """A report that is gone has no deadline; one that can't be read is looked at again, and told of."""
    if await reporting.overdue(town, report_id):
        return
    item = f"{report_record.DUE}{report_id}"
    if not await town.store.read("EXISTS", keys.report(report_id)):
        await town.store.read("ZREM", keys.due(partition), item)
    elif await report_record.load(town, report_id) is None:
        log.error("alarm: a report cannot be read", report=in_log(report_id))
        await deadline.put_off(town, partition, item)


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


KINDS: dict[str, deadline.Deed] = {
    report_record.DUE: _decide,
    notice.DUE: notice.give,
    inside.BY_DEVICE: _put_out,
    inside.BY_GROUND: _look,
    arrangement.DUE: _end,
    "readmit:": _readmit,
}
