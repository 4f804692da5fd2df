"""Up to where this process gave everybody each room's log, until the next sweep writes it down.

Kept in the order in which it happened: who goes and comes again within one sweep is here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from rooms.given import Point

Points = dict[str, list[Point]]
"""By room."""


class Ledger:
    """What `rooms.given.note` has not been told yet. there: the persons who are given a room here, now."""

    def __init__(self, there: Callable[[str], Iterable[str]]) -> None:
        self._there = there
        self._points: Points = defaultdict(list)
        self._warned: list[tuple[str, int]] = []

    def came(self, person: str, room: str, *seqs: int) -> None:
        """The person holds the log up to each of these."""
        self._points[room].extend(Point(person, seq) for seq in seqs)

    def went(self, person: str, room: str, seq: int) -> None:
        """The person's last connection of this process went; everything up to *seq* had been sent."""
        self._points[room].append(Point(person, seq, is_here=False))

    def warned(self, room: str, seq: int) -> None:
        """Everybody there was just given this warning. Who they are is looked up by the sweep, not in the fan-out."""
        self._warned.append((room, seq))

    def take(self) -> Points:
        """Everything since this was last asked."""
        points, self._points = self._points, defaultdict(list)
        warned, self._warned = self._warned, []
        for room, seq in warned:
            points[room].extend(Point(person, seq) for person in self._there(room))
        return points

    def put_back(self, points: Points) -> None:
        """They could not be written: in front of what came since."""
        for room, some in points.items():
            self._points[room][:0] = some
