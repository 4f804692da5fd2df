"""Whom an alert would reach: residents by room, those of them who are connected, who could approve it; and whether it
is not one too many for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from rooms import alert_record, alert_rules, keys, roster
from rooms.alert_chain import Alert
from rooms.alert_shape import AlertMembers
from rooms.cover import Cover, is_inside
from rooms.keys import room_keys
from rooms.place import Place
from rooms.refusal import Refusal
from rooms.shape import By
from rooms.town import Town

AT_ONCE = 5
"""Rooms of one call, each of maybe thousands: a script holds up everybody else."""
MOST_AT_ONCE = 10
"""Alerts of one organisation in one neighbourhood. Who connects is told all of them at once, and a connection to which
more has to be said than it can take is ended: with a hundred long ones nobody would come in any more."""


class Audience(msgspec.Struct, frozen=True):
    """Of an area. members, connected: residents; neighbourhoods: where they live, in the order of the town."""

    members: int
    connected: int
    neighbourhoods: tuple[AlertMembers, ...]


async def count(town: Town, cover: Cover) -> Audience:
    """Count whom these rooms hold now. Raises Refusal("unavailable")."""
    batches = list(keys.batches(cover.rooms, AT_ONCE))
    handed_in = [town.store.begin("count_members", _names(batch), [town.clock.now_ms()]) for batch in batches]
    members: dict[str, int] = dict.fromkeys(cover.neighbourhoods, 0)
    connected = 0
    for batch, answer in zip(batches, handed_in, strict=True):
        numbers = await answer
        connected += sum(numbers[1::2])
        for room, residents in zip(batch, numbers[::2], strict=True):
            members[_home(town, room).id] += residents
    return Audience(sum(members.values()), connected, tuple(_counted(town, members)))


def _names(rooms: Sequence[str]) -> list[str]:
    return [name for one in map(room_keys, rooms) for name in (one.members, one.here)]


def _home(town: Town, room: str) -> Place:
    """The neighbourhood of a room; a cover has no other rooms than theirs and their streets'."""
    home = town.places.neighbourhood_of(room)
    assert home is not None
    return home


def _counted(town: Town, members: dict[str, int]) -> list[AlertMembers]:
    return [AlertMembers(home, _home(town, home).name, residents) for home, residents in members.items()]


async def approvers(town: Town, author: By, area_ids: Sequence[str]) -> int:
    """How many others are on duty who could approve an alert of this author for this area."""
    duty = await roster.everyone(town)
    return sum(
        alert_rules.may_approve(one.by, author) and is_inside(town.places, one.jurisdiction, area_ids) for one in duty
    )


async def check_not_full(town: Town, alert: Alert, now_ms: int) -> None:
    """Raises Refusal("bad_request", field="places") where as many as may be wait or are in force already."""
    found = await alert_record.changed_since(town, now_ms - alert_rules.LATEST_MS)
    stand = [one for one in found if one.state in ("waiting", "in_force") and one.organisation == alert.organisation]
    counts = Counter(place.id for one in stand for place in one.neighbourhoods)
    if any(counts[place.id] >= MOST_AT_ONCE for place in alert.neighbourhoods):
        message = f"{MOST_AT_ONCE} of your alerts are in force there; update or end one of them."
        raise Refusal("bad_request", field="places", message=message)
