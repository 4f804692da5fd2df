"""What waits behind one stalled socket: how many frames, and for how long.

The transport tells bytes only. So each write is noted with the position in the stream at which it ends; what the peer
has taken is the position reached, and the rest is what waits.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple


class Write(NamedTuple):
    """One write that had to wait. end: bytes written to the socket with it; at_s: the engine's time of it."""

    end: int
    frames: int
    at_s: float


class Backlog:
    """Kept from the moment a socket stalls until it flows again; a connection that flows has none."""

    __slots__ = ("_writes", "frames")

    def __init__(self) -> None:
        self._writes: deque[Write] = deque()
        self.frames = 0  # waiting

    def add(self, end: int, frames: int, at_s: float) -> None:
        self._writes.append(Write(end, frames, at_s))
        self.frames += frames

    def taken(self, position: int) -> None:
        """The peer's machine has everything up to *position*."""
        while self._writes and self._writes[0].end <= position:
            self.frames -= self._writes.popleft().frames

    def age_s(self, now_s: float) -> float:
        """How long the oldest write has waited."""
        return now_s - self._writes[0].at_s if self._writes else 0
