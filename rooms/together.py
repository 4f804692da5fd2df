"""What many ask for at the same moment, done in few goes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable
from typing import Any

Go = Callable[[Collection[str]], Awaitable[Any]]


class Together:
    """Who asks while a go for the same is under way is in the next one, with all others who ask meanwhile.

    Or a hundred devices that tell at once that they have a page would each read and write its case, and of all but one
    each go would be in vain.
    """

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[Any]] = {}
        self._next: dict[Hashable, tuple[set[str], asyncio.Task[Any]]] = {}

    async def ask(self, what: Hashable, who: str, go: Go) -> Any:
        """Wait for a go that begins from now on, and has *who* among the others.

        Returns what it returns, or raises what it raises, to all.
        """
        if what not in self._next:
            asking = set[str]()
            task = asyncio.create_task(self._go(what, asking, self._under_way.get(what), go))
            self._next[what] = asking, task
        asking, task = self._next[what]
        asking.add(who)
        return await asyncio.shield(task)  # who stops waiting must not end it for the others

    async def _go(self, what: Hashable, asking: set[str], before: asyncio.Task[Any] | None, go: Go) -> Any:
        if before is not None:
            await asyncio.wait([before])
        _, self._under_way[what] = self._next.pop(what)
        try:
            return await go(asking)
        finally:
            if what not in self._next:
                del self._under_way[what]
