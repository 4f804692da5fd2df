"""The demo's time: pauses that go by its pace, and the hour of the day in the town's zone."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class Pace:
    """times: how many times as fast as life.  hour: of every day, None for the clock's.  chance: what varies."""

    def __init__(self, times: float = 1.0, hour: int | None = None, zone: str = "UTC", chance: Random | None = None):
        self._times, self.fixed_hour = times, hour
        self.chance = chance or Random()  # noqa: S311 - a pace and a choice of words, no secret
        try:
            self._zone: ZoneInfo | None = ZoneInfo(zone)
        except (ValueError, OSError, ZoneInfoNotFoundError):  # a machine without any zones
            self._zone = None

    def hour(self) -> float:
        """The hour of the day, such as 22.5."""
        if self.fixed_hour is not None:
            return float(self.fixed_hour)
        now = datetime.fromtimestamp(time.time(), self._zone)
        return now.hour + now.minute / 60

    async def pause(self, seconds: float) -> None:
        """Wait so long, give or take a third."""
        await asyncio.sleep(seconds * self.chance.uniform(0.67, 1.33) / self._times)

    async def exactly(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._times)
