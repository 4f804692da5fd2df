"""The table of commands: name, payload, capability, limit, handler. Dispatch, documents and client types read it.

A command whose payload has a `client_id` changes something, once in effect; its limit is spent by its own script, after
the repeat has been recognised. The limit of any other command is spent per connection, before it runs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from rooms import check, message, reading
from rooms.call import Call, Payload, Reply
from rooms.town import Town

Handler = Callable[[Town, Call[Any]], Awaitable[Reply]]
_ROOM = "BU05183637:jan-luykenlaan"
_CLIENT_ID = "5f2b8c1e9a7d4036b1c2d3e4f5a60718:42"


class Row(msgspec.Struct, frozen=True):
    """One command. capability: of permission.MATRIX; limit: of limit.LIMITS; reply: its fields and their types."""

    payload: type[Payload]
    handler: Handler
    capability: str
    limit: str
    summary: str
    example: dict[str, Any]
    reply: dict[str, str]
    changes: bool = False  # it carries a client_id and leaves an entry

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "changes", "client_id" in self.payload.__struct_fields__)


COMMANDS: dict[str, Row] = {
    "message.post": Row(
        message.Post, message.post, "talk", "talk", "Say something in a room, maybe in reply to an entry.",
        {"room": _ROOM, "client_id": _CLIENT_ID, "text": "Ziet iemand het licht?"}, {"seq": "number"},
    ),
    "message.edit": Row(
        message.Edit, message.edit, "talk", "touch", "Word your own message anew, within 15 minutes.",
        {"room": _ROOM, "client_id": _CLIENT_ID, "target": 117, "text": "Ziet iemand dat licht?"}, {"seq": "number"},
    ),
    "message.retract": Row(
        message.Retract, message.retract, "talk", "touch", "Take your own message back, within 15 minutes.",
        {"room": _ROOM, "client_id": _CLIENT_ID, "target": 117}, {"seq": "number"},
    ),
    "message.react": Row(
        message.React, message.react, "talk", "touch", "Leave one reaction on a message, or null to take it back.",
        {"room": _ROOM, "client_id": _CLIENT_ID, "target": 117, "reaction": "thanks"}, {"seq": "number"},
    ),
    "room.history": Row(
        reading.History, reading.history, "read_room", "read",
        "A page of at most 200 entries and 128 KiB: after a seq, before a seq, or the newest.",
        {"room": _ROOM, "after": 118, "limit": 50},
        {"entries": "Entry[]", "head": "number", "epoch": "number", "oldest": "number", "more": "boolean"},
    ),
    "room.read": Row(
        reading.Read, reading.read, "read_room", "read", "You have read up to here; your other devices follow.",
        {"room": _ROOM, "seq": 118}, {"seq": "number"},
    ),
    "room.typing": Row(
        reading.Typing, reading.typing, "talk", "typing", "You are writing; send it at most every few seconds.",
        {"room": _ROOM}, {},
    ),
    "connection.check": Row(
        check.Check, check.check, "be_here", "read", "Is anybody there? Ask when nothing has been heard for a while.",
        {}, {"now": "number"},
    ),
}  # fmt: skip
