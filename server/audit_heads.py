"""`audit.heads` in the data folder: heads of the open books, kept where nobody who changes the store comes by.

A line is `<time of the row, ms> <book> <n> <seal of row n>`. Lines are only ever added. Who copies the file to another
machine from time to time holds the operator himself to what was written.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from rooms.audit_chain import Seen

NAME = "audit.heads"
Heads = Mapping[str, tuple[Seen, ...]]
_HEAD = re.compile(r"([0-9]{1,16}) (\S+) ([0-9]{1,16}) ([0-9a-f]{64})")


def read(path: Path) -> dict[str, tuple[Seen, ...]]:
    """Every head of every book in the file, none where there is no file. A line that a power cut tore is passed over.

    Raises ValueError where not one line is a head; OSError.
    """
    found: dict[str, list[Seen]] = defaultdict(list)
    lines = _lines(path)
    for line in lines:
        if (head := _HEAD.fullmatch(line)) is not None:
            found[head[2]].append(Seen(int(head[3]), head[4], int(head[1]), path.name))
    if lines and not found:
        raise ValueError(f"{path.name} holds no heads of books")
    return {book: tuple(heads) for book, heads in found.items()}


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


class HeadsFile:
    """One process's way to the file; several may write it at once, each a line at a time."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._last: dict[str, Seen] | None = None

    def keep(self, heads: Mapping[str, Seen]) -> list[str]:
        """Write down the heads that are new, and wait for the disk.

        Returns the books whose head is behind what was written down: somebody cut their end off, or restored an old
        copy of the store.  Raises OSError, ValueError as `read`.
        """
        if self._last is None:
            self._last = {book: max(seen, key=lambda one: one.n) for book, seen in read(self.path).items()}
        last = self._last
        behind = [book for book, seen in last.items() if book not in heads or heads[book].n < seen.n]
        new = {book: seen for book, seen in heads.items() if book not in last or last[book].n < seen.n}
        if new:
            self._append("".join(f"{seen.at} {book} {seen.n} {seen.hash}\n" for book, seen in sorted(new.items())))
            last.update(new)
        return sorted(behind)

    def _append(self, lines: str) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            os.write(descriptor, (("\n" if torn else "") + lines).encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
