"""`erased.list` in the data folder: who was erased, kept outside the store, so that an older backup brings nobody back.

A line is the id of one person and nothing else; lines are only ever added. Several processes share the file.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
from pathlib import Path

NAME = "erased.list"
_ID = re.compile(r"[a-z2-7]{12}")


def read(path: Path) -> list[str]:
    """The persons of such a file, in the order in which they came; none where there is no file. A line that a power cut
    tore is passed over.

    Raises RuntimeError where not one line is an id; OSError.
    """
    try:
        lines = path.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []
    found = [line for line in lines if _ID.fullmatch(line)]
    if lines and not found:
        raise RuntimeError(f"{path} is no list of those who were erased.")
    return list(dict.fromkeys(found))


class ErasedList:
    """One process's way to the file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def persons(self) -> list[str]:
        """Everybody in it. Raises RuntimeError, OSError as `read`."""
        return read(self.path)

    async def note(self, person: str) -> None:
        """`add`, off the loop: it waits for the disk."""
        await asyncio.to_thread(self.add, person)

    def add(self, person: str) -> None:
        """Write a person down, once, and wait for the disk. Raises OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if person not in read(self.path):
                size = os.fstat(descriptor).st_size
                torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
                os.write(descriptor, (("\n" if torn else "") + f"{person}\n").encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _sync_folder(self.path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
