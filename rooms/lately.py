"""What was found out a moment ago, given to all who ask within it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

Finding = tuple[int, asyncio.Task[Any]]
"""(until when it is good, in ms; what finds it out)."""


class Lately:
    """Twenty screens that look every two seconds, and whoever asks without pause, cost one look in *for_ms*."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Finding] = {}

    async def ask(self, what: Hashable, now_ms: int, for_ms: int, find: Callable[[], Awaitable[Any]]) -> Any:
        """What *find* returns, now or less than *for_ms* ago. Raises what it raises, to all who wait for it; who asks
        after that begins anew."""
        kept = self._found.get(what)
        if kept is None or now_ms >= kept[0]:
            self._found = {name: found for name, found in self._found.items() if now_ms < found[0]}
            kept = self._found[what] = now_ms + for_ms, asyncio.ensure_future(_run(find))
        try:
            return await asyncio.shield(kept[1])  # who stops waiting must not end it for the others
        except BaseException:
            if _failed(kept[1]) and self._found.get(what) is kept:
                del self._found[what]
            raise


def _failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


async def _run(find: Callable[[], Awaitable[Any]]) -> Any:
    return await find()
