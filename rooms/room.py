"""A room: of a street, of a neighbourhood, a desk of staff, or of a private case. PURE.

Everything of a neighbourhood falls into one partition, and the three desks of a district into another, so that one
script can change what belongs together; `partition_key` says what goes with what.
"""

import re
from typing import Final, Literal

import msgspec

RoomKind = Literal["street", "neighbourhood", "desk", "case"]
DeskOwner = Literal["police", "municipality", "shared"]

ORGANISATIONS: Final[tuple[str, ...]] = ("police", "municipality")
DESK_OWNERS: Final[tuple[DeskOwner, ...]] = ("police", "municipality", "shared")


IN_LOG = 3
"""Characters of the twelve by chance."""
_CASE: Final = re.compile(r"p(?:0[0-9]|1[0-5])\.([a-z0-9]{12})$")
_CASE_ROOM: Final = re.compile(r"case:(p(?:0[0-9]|1[0-5])\.([a-z0-9]{12}))")


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


def case_room_id(case: str) -> str:
    """The id of the room of a private case."""
    return f"case:{case}"


def case_of(room_id: str) -> str | None:
    """The id of the case whose room this is, None for any other room."""
    found = _CASE_ROOM.fullmatch(room_id)
    return found[1] if found else None


def in_log(room_or_case: str) -> str:
    """As the program's own log names a room or a case: of a case no more than its beginning, for whoever must find it
    in Redis."""
    case = _CASE.search(room_or_case)
    return room_or_case if case is None else f"{room_or_case[: case.start(1) + IN_LOG]}..."


def case_room(room_id: str) -> Room | None:
    """The room of a private case, by its id alone: whether there is one, and whose it is, its members say.

    Its name is a handle that both sides can say to each other and that tells nothing else.
    """
    found = _CASE_ROOM.fullmatch(room_id)
    return Room(room_id, found[2][:4].upper(), "case", "") if found else None


def partition_key(room_id: str) -> str:
    """What decides the partition of a room: the same for a neighbourhood and its streets, and for a seat's desks."""
    head, colon, _ = room_id.rpartition(":")
    return head if colon else room_id
