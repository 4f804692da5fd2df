"""Time as the engine knows it: counted in its own ticks.

A deadline lies a number of ticks ahead, not at a time of day: while the whole server stands still no tick passes, and
nobody is blamed for what we did not read. One dict for all connections, looked through once a tick: an idle connection
has no entry, no timer and no task.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Generic, TypeVar

Owner = TypeVar("Owner", bound=Hashable)


class Deadlines(Generic[Owner]):
    """Named deadlines of any number of owners, at most one of a name each."""

    def __init__(self, tick_s: float) -> None:
        self._tick_s = tick_s
        self._ticks = 0
        self._due: dict[tuple[Owner, str], int] = {}

    def __len__(self) -> int:
        return len(self._due)

    @property
    def now_s(self) -> float:
        """Seconds of ticks since the start."""
        return self._ticks * self._tick_s

    def arm(self, owner: Owner, name: str, seconds: float) -> None:
        """Set the deadline *name* of *owner*; one that is set already stays as it is."""
        self._due.setdefault((owner, name), self._ticks + math.ceil(seconds / self._tick_s))

    def disarm(self, owner: Owner, *names: str) -> None:
        for name in names:
            self._due.pop((owner, name), None)

    def pass_tick(self) -> list[tuple[Owner, str]]:
        """One tick later: take out and return the (owner, name) of every deadline that is over."""
        self._ticks += 1
        over = [entry for entry, due in self._due.items() if due <= self._ticks]
        for entry in over:
            del self._due[entry]
        return over
