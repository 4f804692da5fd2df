"""Watching the activity board: which rooms it has for a member of staff. Their rows follow from the server's board."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from rooms.activity import rooms_of
from rooms.activity_shape import BoardArea
from rooms.call import Call, Payload, Reply
from rooms.place import Places
from rooms.room import Room
from rooms.town import Town


class Watch(Payload, frozen=True):
    """No fields."""


class Unwatch(Payload, frozen=True):
    """No fields."""


async def watch(town: Town, call: Call[Watch]) -> Reply:
    """The places above the rooms of one's jurisdiction, and how many rooms there are."""
    rooms = rooms_of(town.places, call.person.jurisdiction)
    areas = [msgspec.to_builtins(area) for area in areas_of(town.places, rooms)]
    return {"ok": True, "rooms": len(rooms), "areas": areas}


async def unwatch(_town: Town, _call: Call[Unwatch]) -> Reply:
    return {"ok": True}


def areas_of(places: Places, rooms: Iterable[Room]) -> list[BoardArea]:
    """Every place above these rooms, each once, the higher ones first."""
    found: dict[str, BoardArea] = {}
    for room in rooms:
        line = [place for _, place_id in reversed(places.line(room.place)) if (place := places.get(place_id))]
        for place in line:
            if place.kind != "street":
                found.setdefault(place.id, BoardArea(place.id, place.name, place.kind, place.parent))
    return list(found.values())
