"""How often: a token bucket each person (in the deed's own script) or each connection (in the process). Pure."""

from __future__ import annotations

import msgspec

from rooms.refusal import Refusal


class Limit(msgspec.Struct, frozen=True):
    """*burst* at once, then one more every *every_ms* milliseconds."""

    burst: int
    every_ms: int


LIMITS: dict[str, Limit] = {
    "talk": Limit(10, 2_000),  # promise.md 3: messages per person
    "touch": Limit(30, 500),  # reactions, edits, retractions, moves of a case: one tap each
    "warning": Limit(3, 1_200_000),  # promise.md 3: per person and hour
    "danger": Limit(10, 360_000),  # the same, of kinds with danger
    "answer": Limit(30, 1_000),  # one-tap answers to warnings
    "check": Limit(20, 500),  # looks at a warning that is being written, per connection
    "report": Limit(10, 360_000),  # reports of entries, and appeals
    "alert": Limit(20, 3_000),  # previews of alerts, per connection: each counts a whole area
    "read": Limit(60, 100),  # pages and cursors, per connection
    "typing": Limit(3, 2_000),  # per connection
    "outside": Limit(10, 1_000),  # commands refused for want of a right, per connection
}
"""The defaults; `BART_LIMIT_<NAME>=burst/every_ms` changes one."""


class Bucket:
    """The bucket of one connection. Kept as the moment at which it will be full again (GCRA), one number."""

    __slots__ = ("_full_at_ms",)

    def __init__(self) -> None:
        self._full_at_ms = 0

    def spend(self, limit: Limit, now_ms: int) -> None:
        """Take one. Raises Refusal("too_fast", retry_after_ms) when the bucket is empty."""
        full_at_ms = max(self._full_at_ms, now_ms)
        if full_at_ms > now_ms + limit.burst * limit.every_ms:  # only where the clock was set back
            full_at_ms = now_ms
        wait_ms = full_at_ms - now_ms - (limit.burst - 1) * limit.every_ms
        if wait_ms > 0:
            raise Refusal("too_fast", retry_after_ms=wait_ms)
        self._full_at_ms = full_at_ms + limit.every_ms
