"""Is anybody there? A client that is looked at and has heard nothing for some seconds asks; Engine.IO's pings, made to
spare phones that lie in a pocket, would tell it of a dead connection only after 45 s."""

from __future__ import annotations

from rooms.call import Call, Payload, Reply
from rooms.town import Town


class Check(Payload, frozen=True):
    """No fields."""


async def check(_town: Town, call: Call[Check]) -> Reply:
    """The server's clock, in ms since 1970. Touches no store: it asks about the way here alone."""
    return {"ok": True, "now": call.now_ms}
