"""What one person is told, kept in that person's partition until a device has seen it: notices and corrections."""

from __future__ import annotations

from rooms import event
from rooms.call import Call, Reply
from rooms.keys import PersonKeys, bucket, done
from rooms.report_payload import SeenNotice
from rooms.town import Town
from rooms.warning_payload import SeenCorrection


async def see(town: Town, call: Call[SeenNotice] | Call[SeenCorrection], name: str, closed: str) -> Reply:
    """One device has seen it: no other need show it.

    name: the key that holds it.  closed: the event by which the person's other devices hear of it.
    Raises Refusal: too_fast, stale, client_id_reused, unavailable.
    """
    mine, person, asked = PersonKeys(call.person.id), call.person.id, call.payload
    device, counter = call.numbered(asked.client_id)
    spend, told = town.policy.limits["touch"], event.packed_signal(closed, {"id": asked.id})
    of_device = *done(mine.partition, person, device), bucket(mine.partition, "touch", person)
    await town.store.run(
        "see_correction",
        [*of_device, name, mine.feed, mine.clock],
        [call.now_ms, person, counter, call.digest, spend.burst, spend.every_ms, asked.id, told],
    )
    return {"ok": True}
