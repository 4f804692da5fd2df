"""Reading a room: pages of its log, the read cursor that follows a person, and the sign that somebody is writing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from rooms import event, log
from rooms.call import Call, Id, Payload, Reply
from rooms.keys import room_keys
from rooms.shape import Seq
from rooms.town import Town

Number = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class History(Payload, frozen=True):
    room: Id
    after: Number | None = None
    before: Seq | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=log.PAGE)] = log.PAGE

    def __post_init__(self) -> None:
        """With the payload, before anybody looks for the room."""
        if self.after is not None and self.before is not None:
            raise ValueError("Ask for what came after a seq or before one, not both - at `$.before`")


class Read(Payload, frozen=True):
    room: Id
    seq: Seq


class Typing(Payload, frozen=True):
    room: Id


async def history(town: Town, call: Call[History]) -> Reply:
    """A page after a seq, before a seq, or the newest. Raises Refusal("not_found")."""
    asked = call.payload
    page = await log.history(
        town.store, asked.room, call.person.id, after=asked.after, before=asked.before, limit=asked.limit
    )
    entries = [entry.row() for entry in page.entries]
    return {
        "ok": True,
        "entries": entries,
        "head": page.head,
        "epoch": page.epoch,
        "oldest": page.oldest,
        "more": page.more,
    }


async def read(town: Town, call: Call[Read]) -> Reply:
    """Move the own read cursor on; one that points back changes nothing. Raises Refusal("not_found")."""
    asked, keys = call.payload, room_keys(call.payload.room)
    moved = event.packed_signal("room.read_moved", {"room": asked.room, "seq": asked.seq})
    (seq,) = await town.store.run(
        "read", [keys.head, keys.members, keys.read, keys.fleeting], [call.person.id, asked.seq, moved]
    )
    return {"ok": True, "seq": seq}


async def typing(town: Town, call: Call[Typing]) -> Reply:
    """Tell the room that somebody is writing; only staff are named. Raises Refusal: not_found, muted, room_locked."""
    room, keys = call.payload.room, room_keys(call.payload.room)
    named = {"by": call.person.by()} if call.person.is_staff else {}
    started = event.packed_signal("typing.started", {"room": room, **named})
    await town.store.run(
        "typing", [keys.head, keys.members, keys.fleeting], [call.person.id, room, call.now_ms, started]
    )
    return {"ok": True}
