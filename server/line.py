"""The packets of one client that wait for its handlers: one after the other, in the order in which they came.

A line exists only while something is in it or in hand; an idle connection has neither line nor task.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

from server.eager import first_step
from server.packet import Received

Waiting = Received | None
"""None stands for the client's leaving, which is handled after what it said before."""


class Line:
    """One client's packets and the task that works through them; *emptied* is called when there is nothing left.

    It begins with `begin` or with `spawn`, once.
    """

    __slots__ = ("_cut", "_emptied", "_handle", "_spawn", "_task", "_waiting")

    def __init__(
        self,
        spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        handle: Callable[[Waiting], Awaitable[None]],
        emptied: Callable[[], None],
    ) -> None:
        self._spawn, self._handle, self._emptied = spawn, handle, emptied
        self._waiting: deque[Waiting] = deque()
        self._task: asyncio.Task[None] | None = None
        self._cut = False

    def __len__(self) -> int:
        """How many wait; the one in hand does not count."""
        return len(self._waiting)

    def begin(self, first: Waiting) -> None:
        """Handle *first* now; a task goes on where it has to wait."""
        self._waiting.append(first)
        rest = first_step(self._work())
        if rest is not None:
            self._task = self._spawn(rest)

    def spawn(self, first: Waiting) -> None:
        """Handle *first* in a task, in a turn of its own."""
        self._waiting.append(first)
        self._task = self._spawn(self._work())

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
        if self._task is not None:
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
