"""What happens to warnings by itself: their ends, and the notices that are owed.

The scripts let one process end a warning, and find a notice that was given.
"""

from __future__ import annotations

from rooms import correction, deadline, warning_record
from rooms.town import Town


async def overdue(town: Town, now_ms: int) -> int:
    """End every warning whose time is over, and give every notice that is owed; how many deadlines that were.

    Raises Refusal("unavailable").
    """
    return await deadline.carry_out(town, KINDS, now_ms)


async def _expire(town: Town, _partition: str, rest: str) -> None:
    room, _, seq = rest.rpartition(":")
    await warning_record.expire(town, room, int(seq), town.clock.now_ms())


async def _tell(town: Town, _partition: str, rest: str) -> None:
    room, _, seq = rest.rpartition(":")
    await correction.carry_out(town, room, int(seq))


KINDS: dict[str, deadline.Deed] = {
    warning_record.DUE: _expire,
    correction.DUE: _tell,
}
