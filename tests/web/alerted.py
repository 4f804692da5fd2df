"""Official alerts for stories and pictures: an officer broadcasts, a second one approves, without a browser."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.neighbour import Neighbour
from tests.web.called import done

HOUR_MS = 3_600_000
SAYS: dict[str, Any] = {
    "headline": "Auto-inbraken in deze straat",
    "text": "Er zijn nu veel auto-inbraken. De daders lopen te voet in de richting van het park.",
    "instruction": "Laat niets in je auto liggen. Zie je iemand aan portieren voelen? Bel 112.",
    "severity": "moderate", "urgency": "immediate", "certainty": "observed", "category": "security",
    "languages": [{
        "language": "en", "headline": "Car break-ins in this street",
        "text": "There are many car break-ins now. The thieves are on foot and heading for the park.",
        "instruction": "Leave nothing in your car. Do you see somebody trying car doors? Call 112.",
    }],
}  # fmt: skip
GAS: dict[str, Any] = {
    "headline": "Gaslek: verlaat je huis nu",
    "text": "Er is een groot gaslek bij de school. Er is kans op een ontploffing.",
    "instruction": "Ga naar buiten en loop naar het park. Gebruik geen bel, geen lift en geen telefoon in huis.",
    "severity": "extreme", "urgency": "immediate", "certainty": "observed", "category": "safety",
    "languages": [{
        "language": "en", "headline": "Gas leak: leave your home now",
        "text": "There is a large gas leak at the school. There may be an explosion.",
        "instruction": "Go outside and walk to the park. Use no bell, no lift and no phone indoors.",
    }],
}  # fmt: skip


class Officers:
    """vega writes, prins approves; both are police of the district, connected and on duty."""

    def __init__(self, vega: Neighbour, prins: Neighbour) -> None:
        self.vega, self.prins = vega, prins
        self._open: list[str] = []

    async def alert(self, *places: str, says: dict[str, Any] = SAYS, **more: Any) -> str:
        """Broadcast, and approved where it must be; the alert, in force."""
        now_ms = (await self.vega.ask("connection.check", {}))["now"]
        wanted = {"places": list(places), "expires_at": now_ms + 2 * HOUR_MS, **says, **more}
        preview = await self.vega.ask("alert.preview", wanted)
        assert preview["ok"], preview
        code = {"code": preview["code"]} if "code" in preview else {}
        sent = await done(self.vega, "alert.broadcast", {"preview": preview["preview"], **code})
        if sent["state"] == "waiting":
            sent = await done(self.prins, "alert.approve", {"alert": sent["alert"]})
        assert sent["state"] == "in_force", sent
        self._open.append(sent["alert"])
        return str(sent["alert"])

    async def of(self, deed: str, alert: str, **more: Any) -> None:
        """update, cancel or clear."""
        await done(self.vega, f"alert.{deed}", {"alert": alert, **more})

    async def clear(self) -> None:
        """Nothing that was broadcast here is in force any more."""
        for alert in self._open:
            await self.vega.ask("alert.clear", {"alert": alert, "client_id": self.vega.next_id()})
        self._open.clear()

    async def reach(self, alert: str, **wanted: int) -> None:
        """Until the reach of the alert says so. It is counted once a second; the test's own timeout ends this."""
        reach: dict[str, Any] = {}
        while {name: reach.get(name) for name in wanted} != wanted:
            await asyncio.sleep(0.1)
            reach = await self.vega.ask("alert.reach", {"alert": alert})

    async def close(self) -> None:
        await self.vega.close()
        await self.prins.close()
