"""What somebody sees who watches the activity board through a socket: a screen that follows every difference."""

from __future__ import annotations

from typing import Any

from rooms.activity import HOUR, MINUTE_MS
from tests import contract as fits
from tests.neighbour import Neighbour


class Screen:
    """The board of one member of staff. rows: per room, as it was told and moved on; areas: the places above them."""

    def __init__(self, who: Neighbour) -> None:
        self.who = who
        self.rows: dict[str, dict[str, Any]] = {}
        self.areas: list[dict[str, Any]] = []
        self.count = self._taken = self._now_ms = 0

    async def watch(self) -> Screen:
        """Ask for the board and wait until every room has been told."""
        reply = await self.who.ask("board.watch", {})
        assert reply["ok"], reply
        fits.check_reply("board.watch", reply)
        self.areas, self.count = reply["areas"], reply["rooms"]
        while len(self.rows) < self.count:
            await self.who.expect("board.changed")
            self.follow()
        return self

    async def until(self, room: str, **fields: Any) -> dict[str, Any]:
        """Wait until a room looks like this; the row."""
        self.follow()
        while not fields.items() <= self.rows[room].items():
            await self.who.expect("board.changed")
            self.follow()
        return self.rows[room]

    def follow(self) -> None:
        """Take in everything that has come."""
        told = [payload for name, payload in self.who.events if name == "board.changed"]
        for one in told[self._taken :]:
            fits.check_event("board.changed", one)
            self._take(one)
        self._taken = len(told)

    def minutes(self, room: str, now_ms: int) -> list[int]:
        """Messages in each of the last sixty minutes, as they stand now."""
        self._move(now_ms)
        minutes: list[int] = self.rows[room]["minutes"]
        return minutes

    def _take(self, told: dict[str, Any]) -> None:
        if told.get("whole"):
            self.rows = {}
        self._move(told["now"])
        for row in told["rooms"]:
            known = self.rows.setdefault(row["room"], {})
            minutes = row.get("minutes", [])
            known |= row
            if minutes and len(minutes) < HOUR:
                known["minutes"] = known["before"][: HOUR - len(minutes)] + minutes
            known["before"] = known["minutes"]

    def _move(self, now_ms: int) -> None:
        gone = now_ms // MINUTE_MS - self._now_ms // MINUTE_MS
        self._now_ms = max(self._now_ms, now_ms)
        for row in self.rows.values():
            row["minutes"] = row["before"] = (row["minutes"] + [0] * max(gone, 0))[-HOUR:]
