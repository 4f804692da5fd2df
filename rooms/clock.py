"""One clock for all processes: Redis's time, followed by a monotonic one. Tests move it instead of sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Milliseconds since 1970 by Redis's clock; never runs back by itself.

    A server whose own clock is wrong must not fire deadlines early, so the wall clock is only the guess of the first
    second, until `follow` has been told what Redis says.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._offset_ms = time.time() * 1000 - monotonic() * 1000

    def now_ms(self) -> int:
        return int(self._monotonic() * 1000 + self._offset_ms)

    def follow(self, redis_ms: float) -> float:
        """Take over what Redis answered to TIME, in milliseconds; returns by how many the town's time jumped."""
        before_ms, self._offset_ms = self._offset_ms, redis_ms - self._monotonic() * 1000
        return self._offset_ms - before_ms
