"""The sessions that this process has found to be good: for them it may look ahead before it has asked again.

It says nothing about now: a session may have ended since, and is looked up every time.
"""

from __future__ import annotations

from collections import OrderedDict

MOST = 20_000


class Familiar:
    """The newest so many sessions, by their digests."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._sessions: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, session: str) -> bool:
        return session in self._sessions

    def meet(self, session: str) -> None:
        """This session was good a moment ago."""
        self._sessions[session] = None
        self._sessions.move_to_end(session)
        if len(self._sessions) > self._most:
            self._sessions.popitem(last=False)
