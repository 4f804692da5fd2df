"""One row of the table of commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from rooms.call import Call, Payload, Reply
from rooms.town import Town

Handler = Callable[[Town, Call[Any]], Awaitable[Reply]]


class Row(msgspec.Struct, frozen=True):
    """One command. capability: of permission.MATRIX; limit: of limit.LIMITS, None for what is never refused for load;
    reply: its fields and their types; fresh: only with the second factor shown a short time ago."""

    payload: type[Payload]
    handler: Handler
    capability: str
    limit: str | None
    summary: str
    example: dict[str, Any]
    reply: dict[str, str]
    fresh: bool = False
    changes: bool = False  # it carries a client_id and is once in effect

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "changes", "client_id" in self.payload.__struct_fields__)
