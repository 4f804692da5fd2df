"""The packets of one client that wait for its handlers: one after the other, in the order in which they came.

A line exists only while something is in it or in hand; an idle connection has neither line nor task.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

from server.packet import Received

Waiting = Received | None
"""None stands for the client's leaving, which is handled after what it said before."""


class Line:
    """One client's packets and the task that works through them; *emptied* is called when there is nothing left."""

    __slots__ = ("_cut", "_emptied", "_handle", "_task", "_waiting")

    def __init__(
        self,
        spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        handle: Callable[[Waiting], Awaitable[None]],
        emptied: Callable[[], None],
    ) -> None:
        self._handle, self._emptied = handle, emptied
        self._waiting: deque[Waiting] = deque()
        self._cut = False
        self._task = spawn(self._work())

    def __len__(self) -> int:
        """How many wait; the one in hand does not count."""
        return len(self._waiting)

    def add(self, waiting: Waiting) -> None:
        self._waiting.append(waiting)

    def drop(self) -> None:
        """Forget what waits; the one in hand goes on."""
        self._waiting.clear()

    def cut(self) -> None:
        """Cancel the one in hand, which does not end, and forget what waits, except for the client's leaving."""
        if self._waiting:
            self._waiting.clear()
            self._waiting.append(None)
        self._cut = True
        self._task.cancel()

    async def _work(self) -> None:
        while self._waiting:
            try:
                await self._handle(self._waiting.popleft())
            except asyncio.CancelledError:
                if not self._cut:
                    raise  # the program ends
                self._cut = False
                cast("asyncio.Task[None]", asyncio.current_task()).uncancel()
        self._emptied()
