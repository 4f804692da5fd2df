"""A room: of a street, of a neighbourhood, or a desk of staff. PURE.

Everything of a neighbourhood falls into one partition, and the three desks of a district into another, so that one
script can change what belongs together; `partition_key` says what goes with what.
"""

from typing import Final, Literal

import msgspec

RoomKind = Literal["street", "neighbourhood", "desk"]
DeskOwner = Literal["police", "municipality", "shared"]

ORGANISATIONS: Final[tuple[str, ...]] = ("police", "municipality")
DESK_OWNERS: Final[tuple[DeskOwner, ...]] = ("police", "municipality", "shared")


class Room(msgspec.Struct, frozen=True, omit_defaults=True):
    """One room. place: the id of the place it belongs to; organisation: whose desk it is, None for other rooms."""

    id: str
    name: str
    kind: RoomKind
    place: str
    organisation: DeskOwner | None = None


def desk_id(seat: str, owner: str) -> str:
    """The id of a desk's room; seat: the district, or the municipality where there are no districts."""
    return f"desk:{seat}:{owner}"


def partition_key(room_id: str) -> str:
    """What decides the partition of a room: the same for a neighbourhood and its streets, and for a seat's desks."""
    head, colon, _ = room_id.rpartition(":")
    return head if colon else room_id
