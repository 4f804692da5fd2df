"""What leaves at the end of a turn of the loop: every frame made once, one write per socket, in slices.

Nearly always one room's entries are all there is to fan out in a turn. They stay together as a Batch: joined once for
everybody, and each member's socket is touched once, when it is written to. As soon as anything else is sent in that
turn, the batch is spread over the members' own `out`, so that nobody is given anything out of order.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.connection import Connection

SLICE_S = 0.004  # how long one flush may keep the loop; the rest waits a turn, where more frames may join it
LOOK_EVERY = 32  # connections between two looks at the clock
TURN_BYTES = 256 * 1024  # what one turn may gather for one client; more is written at once


class Batch:
    """Frames for the same connections. begun: how many of them have theirs already."""

    __slots__ = ("begun", "connections", "frames", "size")

    def __init__(self, connections: Sequence[Connection], data: bytes) -> None:
        self.connections, self.frames, self.size = connections, [data], len(data)
        self.begun = 0

    def takes(self, connections: Sequence[Connection], data: bytes) -> bool:
        """Add a frame if it is for the very same connections and there is room."""
        if connections is not self.connections or self.begun or self.size + len(data) > TURN_BYTES:
            return False
        self.frames.append(data)
        self.size += len(data)
        return True

    def rest(self) -> Sequence[Connection]:
        return self.connections[self.begun :] if self.begun else self.connections

    def write(self, monotonic: Callable[[], float], stop_s: float) -> bool:
        """Write to one after the other; False when time is up before everybody has it."""
        frames, whole = self.frames, len(self.connections)
        data = frames[0] if len(frames) == 1 else b"".join(frames)
        while self.begun < whole:
            some = self.connections[self.begun : self.begun + LOOK_EVERY]
            self.begun += len(some)
            for connection in some:
                direct = connection.direct
                if direct is not None and not connection.out:
                    direct(data)
                elif connection.open:
                    connection.write_batch(data, frames)
            if monotonic() > stop_s:
                break
        return self.begun >= whole


class Turn:
    """The connections that have something to be written. Until `start`, nothing leaves."""

    __slots__ = ("_is_awake", "_is_mixed", "_loop", "_monotonic", "batch", "dirty")

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._loop: asyncio.AbstractEventLoop | None = None
        self.dirty: deque[Connection] = deque()  # those with something in `out`
        self.batch: Batch | None = None
        self._is_awake = False  # a flush is coming
        self._is_mixed = False  # this turn had to spread a batch: frames join in `out`

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._wake()

    def fan_out(self, connections: Sequence[Connection], data: bytes) -> None:
        """One frame for many, whom the caller leaves as they are; those that are no longer open are passed over.

        The same object again means the same receivers: their frames are joined once for all.
        """
        if self.batch is None and not self._is_mixed:
            self.batch = Batch(connections, data)
        elif self.batch is None or not self.batch.takes(connections, data):
            self.spread()
            self._append(connections, [data])
        self._wake()

    def add(self, connection: Connection) -> None:
        """A connection of which `out` was empty gets a frame. One client's answer goes before a broadcast."""
        self.dirty.appendleft(connection)
        self._wake()

    def spread(self) -> None:
        """Give every member of the batch its frames as its own: something is coming that must be behind them."""
        batch, self.batch = self.batch, None
        if batch is not None:
            self._is_mixed = True
            self._append(batch.rest(), batch.frames)

    def _append(self, connections: Sequence[Connection], frames: Sequence[bytes]) -> None:
        size, add = sum(map(len, frames)), self.dirty.append
        for connection in connections:
            if connection.open:
                out = connection.out
                if not out:
                    add(connection)
                out.extend(frames)
                connection.out_bytes += size
                if connection.out_bytes > TURN_BYTES:
                    connection.relieve()

    def _wake(self) -> None:
        if not self._is_awake and self._loop is not None:
            self._is_awake = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        dirty, stop_s, is_over = self.dirty, self._monotonic() + SLICE_S, False
        while dirty and not is_over:
            for _ in range(min(len(dirty), LOOK_EVERY)):
                dirty.popleft().write_out()
            is_over = self._monotonic() > stop_s
        if self.batch is not None and not dirty and self.batch.write(self._monotonic, stop_s):
            self.batch = None
        self._is_awake, self._is_mixed = False, bool(dirty)
        if dirty or self.batch is not None:
            self._wake()
