"""What a client holds of one room. PURE."""

from __future__ import annotations

from collections import deque
from typing import Any

RECENT = 50


class Holding:
    """last: the seq up to which everything is held, None before the first page. messages, warnings: (seq, author),
    recent."""

    __slots__ = ("epoch", "highest", "last", "messages", "warnings")

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch
        self.last: int | None = None
        self.highest = 0
        self.messages: deque[tuple[int, str]] = deque(maxlen=RECENT)
        self.warnings: deque[tuple[int, str]] = deque(maxlen=RECENT)

    def begin(self, after: int) -> None:
        self.last = after

    def take(self, event: str, entry: dict[str, Any], *, skips: bool = False) -> bool:
        """Take over the next entry; False for any other. skips: take over later ones too, as a bug would."""
        seq = entry["seq"]
        self.highest = max(self.highest, seq)
        if self.last is None or seq <= self.last or (seq > self.last + 1 and not skips):
            return False
        self.last = seq
        if event == "message.posted":
            self.messages.append((seq, entry["by"]["id"]))
        elif event == "warning.raised":
            self.warnings.append((seq, entry["by"]["id"]))
        return True

    def misses(self, seq: int) -> bool:
        """Whether an entry of this number shows a hole."""
        return self.last is not None and seq > self.last

    def is_behind(self, head: int) -> bool:
        """Whether something is known to be there that is not held."""
        return self.last is not None and self.last < max(head, self.highest)
