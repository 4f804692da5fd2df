"""How much room is left where the store keeps its file, and what still goes. PURE.

With every answer synced, Redis ends when its disk is full (promise.md 2); so the town stops before, in steps: talk
first, then every command, and last whatever the clock does by itself. Reading goes on throughout.
"""

from __future__ import annotations

from enum import IntEnum

from rooms.refusal import Refusal

RETRY_AFTER_MS = 5_000
"""A person frees room in a moment; whoever waits shall not wait much longer than that."""


class Space(IntEnum):
    """What still goes, from everything to nothing but reading."""

    AMPLE = 0
    TALK_WAITS = 1
    READ_ONLY = 2
    CLOSED = 3


def space(free_bytes: int, reserve_bytes: int) -> Space:
    """Talk waits below twice the reserve; commands below the reserve; deadlines and leases below half of it.

    A reserve of 0 asks for nothing of all this.
    """
    if not reserve_bytes or free_bytes >= 2 * reserve_bytes:
        return Space.AMPLE
    if free_bytes >= reserve_bytes:
        return Space.TALK_WAITS
    return Space.READ_ONLY if 2 * free_bytes >= reserve_bytes else Space.CLOSED


def read_only() -> Refusal:
    """What is said to whoever wants to write something then."""
    message = "The disk is nearly full; nothing can be written until there is room again. Your client tries again."
    return Refusal("storage_low", message=message, retry_after_ms=RETRY_AFTER_MS)
