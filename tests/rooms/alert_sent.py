"""An alert of the desk's own staff, for stories that begin when it is out: Sergeant Prins has the district."""

from __future__ import annotations

from typing import Any

from tests.rooms.desk_cast import Desk
from tests.town import MOERWIJK_WEST

SAYS: dict[str, Any] = {
    "headline": "Rook in Moerwijk", "text": "De rook trekt naar het noorden.", "severity": "moderate",
    "urgency": "immediate", "certainty": "observed", "category": "fire",
}  # fmt: skip


async def broadcast(desk: Desk, *places: str, by: str = "Sergeant Prins", **more: Any) -> str:
    """An alert to these places, Moerwijk-West by default, that needs nobody's approval; its id."""
    officer = await desk.voice(by)
    preview = await officer.ask("alert.preview", places=list(places or [MOERWIJK_WEST]), **{**SAYS, **more})
    reply = await officer.ask("alert.broadcast", preview=preview["preview"])
    assert reply["state"] == "in_force"
    return str(reply["alert"])
