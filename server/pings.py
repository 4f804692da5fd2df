"""Pings of all connections from one wheel: as many slots as ticks lie between two pings of one client.

Each tick the hand moves one slot: those in it are pinged, those that were pinged a timeout ago are looked at. The
timeout is shorter than the interval, so one flag per connection is enough to tell who has not answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.connection import Connection


class PingWheel:
    def __init__(self, interval_ticks: int, timeout_ticks: int) -> None:
        self._slots: list[set[Connection]] = [set() for _ in range(interval_ticks)]
        self._timeout_ticks = timeout_ticks
        self._hand = self._added = 0

    def add(self, connection: Connection) -> None:
        # Round robin: or 5,000 that came back together would be pinged together ever after.
        self._added += 1
        connection.slot = self._slots[self._added % len(self._slots)]
        connection.slot.add(connection)

    def remove(self, connection: Connection) -> None:
        if connection.slot is not None:
            connection.slot.discard(connection)

    def turn(self) -> None:
        """One tick later. No catching up: after a stall of the whole server the pongs that wait are read first."""
        self._hand = (self._hand + 1) % len(self._slots)
        for connection in self._in(self._hand - self._timeout_ticks):
            connection.expect_pong()
        for connection in self._in(self._hand):
            connection.ping()

    def _in(self, slot: int) -> Iterator[Connection]:
        yield from tuple(self._slots[slot])
