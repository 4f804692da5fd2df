"""What happens to alerts by itself: what waits lapses, what is in force ends, and what is under way arrives.

Any process may do any of it at any time, and several at once: the version lets one of them move the record, and rooms
take each message once. An alert that can't be carried on, for a fault of ours or a record that can't be read, stops no
other.
"""

from __future__ import annotations

import asyncio

import structlog

from rooms import alert_delivery, keys
from rooms.refusal import Refusal
from rooms.town import Town

PUT_OFF_MS = 30_000
"""What failed is tried again after this, and not with every tick."""
log = structlog.get_logger("alert_due")


async def overdue(town: Town, now_ms: int) -> int:
    """Carry out every deadline of an alert that is over; how many those were. Raises Refusal("unavailable")."""
    rows = await town.store.read("ZRANGE", keys.ALERT_DUE, "-inf", now_ms, "BYSCORE")
    ids = [row.decode() for row in rows]
    answers = await asyncio.gather(*(alert_delivery.follow(town, alert_id) for alert_id in ids), return_exceptions=True)
    for alert_id, answer in zip(ids, answers, strict=True):
        if answer is not None:
            await _put_off(town, alert_id, answer)
    return len(ids)


async def _put_off(town: Town, alert_id: str, error: BaseException) -> None:
    """Raises *error* where the store is away: then none can be carried on."""
    if isinstance(error, Refusal) or not isinstance(error, Exception):
        raise error
    log.error("alarm: an alert cannot be carried on", alert=alert_id, error=type(error).__name__)
    await town.store.read("ZADD", keys.ALERT_DUE, "XX", "GT", town.clock.now_ms() + PUT_OFF_MS, alert_id)
