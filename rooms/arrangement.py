"""Standing arrangements: staff of an organisation may read along in one room for a while, for a reason that everybody
there can read. An admin makes and withdraws them on the server's own command line.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from typing import Any, Literal

import msgpack
import msgspec

from rooms import event, inside, keys
from rooms.audit_deed import AuditRow, packed
from rooms.keys import room_keys
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.report_event import ArrangementEnded, ArrangementMade
from rooms.reporting import is_of_a_place
from rooms.shape import ArrangementView, By, OrganisationName
from rooms.town import DAY_MS, Town

DUE = "arrangement:"
MOST_DAYS = 30
LEAST_REASON, MOST_REASON = 10, 280
ADMIN: dict[str, Any] = {"id": "admin", "name": "Beheer", "role": "admin"}
"""As whom the command line stands in a room's log."""


async def make(town: Town, room: str, organisation: OrganisationName, reason: str, days: int) -> ArrangementView:
    """Make one; the room is told at once. Raises Refusal: not_found (no room of neighbours), bad_request (field)."""
    if not is_of_a_place(town, room):
        raise Refusal("not_found", message=f"{room} is no room of a street or a neighbourhood.")
    if not 1 <= days <= MOST_DAYS:
        raise Refusal("bad_request", field="days", message=f"An arrangement stands for 1 to {MOST_DAYS} days.")
    said = reason.strip()
    if not LEAST_REASON <= len(said) <= MOST_REASON:
        message = f"The reason that residents read has {LEAST_REASON} to {MOST_REASON} characters."
        raise Refusal("bad_request", field="reason", message=message)
    now_ms = town.clock.now_ms()
    arrangement_id = b32encode(secrets.token_bytes(8)).decode().lower()[:12]
    made = ArrangementView(
        id=arrangement_id, organisation=organisation, reason=said, since=now_ms, until=now_ms + days * DAY_MS
    )
    of = room_keys(room)
    names = [of.arrangements, of.head, of.log, of.feed, of.clock, of.due, of.audit, of.audit_head]
    told = event.packed("arrangement.made", ADMIN, ArrangementMade(made))
    row = _row("arrangement.made", room, arrangement_id, organisation)
    arguments: list[Argument] = [
        now_ms,
        room,
        keys.book_of(room),
        arrangement_id,
        msgspec.msgpack.encode(made),
        told,
        row,
    ]
    await town.store.run("make_arrangement", names, arguments)
    return made


async def those(town: Town) -> list[tuple[str, ArrangementView]]:
    """(room, arrangement) of all that stand, in the order of the rooms."""
    rooms = [room.id for room in town.places.rooms() if is_of_a_place(town, room.id)]
    rows = await town.store.read_all(("HVALS", room_keys(room).arrangements) for room in rooms)
    return [(room, view(body)) for room, row in zip(rooms, rows, strict=True) for body in row]


async def withdraw(town: Town, arrangement_id: str) -> str:
    """End one now: who is inside on it reads nothing more. Returns its room. Raises Refusal("not_found")."""
    for room, one in await those(town):
        if one.id == arrangement_id:
            await end(town, room, arrangement_id, "withdrawn")
            return room
    raise Refusal("not_found", message=f"There is no arrangement {arrangement_id}.")


async def end(town: Town, room: str, arrangement_id: str, reason: Literal["withdrawn", "over"]) -> bool:
    """End one; False where it had ended before."""
    of = room_keys(room)
    told = event.packed("arrangement.ended", ADMIN, ArrangementEnded(arrangement_id, reason))
    row = _row("arrangement.ended", room, arrangement_id, reason)
    arguments: list[Argument] = [town.clock.now_ms(), room, keys.book_of(room), arrangement_id, told, row]
    (ended,) = await town.store.run("end_arrangement", [of.arrangements, *inside.names(of)], arguments)
    return bool(ended)


def _row(deed: str, room: str, arrangement_id: str, code: str) -> bytes:
    by = msgspec.convert(ADMIN, By)
    return packed(AuditRow(deed=deed, by=by, room=room, target=arrangement_id, code=code))


def view(packed_view: bytes) -> ArrangementView:
    """What a room keeps of one, as everybody there sees it."""
    kept = msgpack.unpackb(packed_view)
    return msgspec.convert({name: value for name, value in kept.items() if name != "seq"}, ArrangementView)
