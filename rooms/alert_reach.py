"""How far an alert has come: sent, delivered to a device, seen by a person; counted per neighbourhood.

A town answers within two seconds of being alerted. So the devices of one room that have it are noted in few goes, and
nobody is counted before a member of staff looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from rooms import alert_record, alert_rules
from rooms.alert_chain import Alert
from rooms.alert_payload import DeliveredAlert, ReachOfAlert, SeenAlert
from rooms.alert_shape import AlertReach
from rooms.call import Call, Reply
from rooms.keys import room_keys
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.room import partition_key
from rooms.store import HandedIn
from rooms.town import Town

AT_ONCE = 500
"""Persons of one script, which holds up everybody else."""
FOR_MS = 1_000
"""How long a count is good for all who look."""
COUNTED = ("members", "sent", "delivered", "seen")
"""Of the residents of a room, in the order in which its script tells them."""


async def delivered(town: Town, call: Call[DeliveredAlert]) -> Reply:
    """Once per person. Raises Refusal("not_found")."""
    room, alert_id = call.payload.room, call.payload.alert

    async def note(persons: Collection[str]) -> set[str]:
        return await _note(town, room, alert_id, sorted(persons))

    there = await town.together.ask(("alert.delivered", room, alert_id), call.person.id, note)
    if call.person.id not in there:
        raise Refusal("not_found")
    return {"ok": True}


async def _note(town: Town, room: str, alert_id: str, persons: Sequence[str]) -> set[str]:
    """Returns those who are of the room, which has or had the alert."""
    of, there = room_keys(room), set[str]()
    for first in range(0, len(persons), AT_ONCE):
        some = persons[first : first + AT_ONCE]
        (found,) = await town.store.run("note_alert", [of.members, of.alerted, of.alert_known], [alert_id, *some])
        there.update(person.decode() for person in found)
    return there


async def seen(town: Town, call: Call[SeenAlert]) -> Reply:
    """Once per person and message, the newest one where none is named; what is over meanwhile is seen.

    Raises Refusal: not_found, too_fast, stale, client_id_reused.
    """
    asked, person = call.payload, call.person.id
    of, spend = room_keys(asked.room), town.policy.limits["touch"]
    device, counter = call.numbered(asked.client_id)
    names = [
        *of.done(person, device), of.bucket("touch", person), of.members, of.alerts, of.alerted, of.alert_known,
        of.fleeting,
    ]  # fmt: skip
    arguments: list[Argument] = [
        call.now_ms, person, of.room, counter, call.digest, spend.burst, spend.every_ms, asked.alert, asked.n or 0,
    ]  # fmt: skip
    await town.store.run("see_alert", names, arguments)
    return {"ok": True}


async def reach(town: Town, call: Call[ReachOfAlert]) -> Reply:
    """{members, sent, delivered, seen, neighbourhoods}. Raises Refusal: not_found, outside_jurisdiction."""
    alert, person = await alert_record.load(town, call.payload.alert), call.person
    if alert is None or not (alert.is_public or person.organisation == alert.organisation):
        raise Refusal("not_found")
    if not alert_rules.touches(town.places, person.jurisdiction, alert.area_ids):
        raise Refusal("outside_jurisdiction")
    rows: list[AlertReach] = await town.lately.ask(
        ("alert.reach", alert.id), call.now_ms, FOR_MS, lambda: _count(town, alert)
    )
    whole: dict[str, Any] = {name: sum(getattr(row, name) for row in rows) for name in COUNTED}
    return {"ok": True, **whole, "neighbourhoods": [msgspec.to_builtins(row) for row in rows]}


async def _count(town: Town, alert: Alert) -> list[AlertReach]:
    """Each neighbourhood of the area, in its order."""
    asked = [(partition_key(room), _ask(town, room, alert.id)) for room in alert.rooms]
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(COUNTED))
    for neighbourhood, numbers in asked:
        counts[neighbourhood] = [one + two for one, two in zip(counts[neighbourhood], await numbers, strict=True)]
    return [AlertReach(place.id, place.name, *counts[place.id]) for place in alert.neighbourhoods]


def _ask(town: Town, room: str, alert_id: str) -> HandedIn[list[int]]:
    """Handed in at once: the numbers of one room."""
    of = room_keys(room)
    names = [of.members, of.alerted, of.alert_known, of.given, of.here, of.alerts]
    return town.store.begin("reach_alert", names, [alert_id])
