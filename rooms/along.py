"""What this process's own deeds put into the feeds, asked for behind the last of them in the same write.

A waiting XREAD is answered with the first entry there is: of eight messages that were stored together one would go out
and then seven, two writes to every member instead of one. Asked behind the deeds, all eight come at once, with the
answers to the deeds and after the same fsync. Nothing is told by it that the feeds would not tell: it is the same
stream, and who reads both passes over what is known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rooms.keys import is_feed
from rooms.pipeline import Command, Unanswered

COUNT = 1_000


class Along:
    """One question at a time. ask: hands a command to the connection of the deeds.  positions: where this process is in
    each feed.  came: called when an answer is there."""

    def __init__(
        self, ask: Callable[[Command], asyncio.Future[Any]], positions: Mapping[str, str], came: Callable[[], object]
    ) -> None:
        self._ask, self._came = ask, came
        self.positions = positions
        self._written: set[str] = set()
        self._answer: asyncio.Future[Any] | None = None

    def note(self, keys: Sequence[str]) -> None:
        """A deed with these keys leaves in this turn."""
        self._written.update(key for key in keys if is_feed(key))

    def ask_behind(self) -> None:
        """The turn's deeds are about to leave: ask for what they will have written. While an answer is under way the
        waiting XREAD has to do; two answers would hold the same entries."""
        feeds, self._written = [name for name in self._written if name in self.positions], set()
        if feeds and self._answer is None:
            places = [self.positions[name] for name in feeds]
            self._answer = self._ask(("XREAD", "COUNT", COUNT, "STREAMS", *feeds, *places))
            self._answer.add_done_callback(lambda _: self._came())

    @property
    def is_under_way(self) -> bool:
        return self._answer is not None and not self._answer.done()

    def take(self) -> list[Any]:
        """Rows by stream as XREAD gives them; empty where nothing came, or no answer: the feeds have it all."""
        if self._answer is None or not self._answer.done():
            return []
        answer, self._answer = self._answer, None
        try:
            said = answer.result()
        except Unanswered:
            return []
        return said if isinstance(said, list) else []
