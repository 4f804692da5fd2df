"""The load client as a process that answers one command at a time. client.c tells the commands."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from tests.load import machine

ANSWERS_WITHIN_S = 120


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What one command came to. p50_ms, p99_ms: from posting to each delivery, from asking to the answer, or from the
    first SYN to being subscribed. client_busy: share of its core that the client itself used. first_ns, last_ns: when
    the first and the last entry of somebody else came, by the machine's monotonic clock; of `heard` alone."""

    s: float
    client_busy: float
    sent: int
    deliveries: int
    answers: int
    refused: int
    missing: int
    unanswered: int
    lost: int
    doubled: int
    reordered: int
    strangers: int
    closed: int
    failed: int
    settled: int
    p50_ms: float
    p99_ms: float
    first_ns: int = 0
    last_ns: int = 0

    @property
    def wrong(self) -> int:
        """Deliveries lost, doubled, out of order or to the wrong person, answers that never came, connections cut."""
        return (self.missing + self.lost + self.doubled + self.reordered + self.strangers + self.unanswered
                + self.closed + self.failed)  # fmt: skip


class LoadClient:
    """Connections from one process. pid: for those who want to know what it uses."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child
        self.pid = child.pid

    async def do(self, command: str, *numbers: float) -> Counted:
        """Raises RuntimeError where the client has ended."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write((" ".join([command, *map(str, numbers)]) + "\n").encode())
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            line = await self._child.stdout.readline()
        if not line:
            raise RuntimeError(f"the load client ended during {command}")
        return msgspec.json.decode(line, type=Counted)


def program(built: Path | None) -> list[str]:
    """The compiled client, or where there is no compiler the same in Python."""
    return [str(built)] if built else [sys.executable, "-m", "tests.load.client_asyncio"]


@asynccontextmanager
async def connected_to(
    command: list[str],
    core: int | None,
    port: int,
    dialect: str,
    path: str,
    people: Path,
    text_bytes: int,
    awake_us: int,
) -> AsyncIterator[LoadClient]:
    """A client for one server; its connections end with it. awake_us: how long it looks again before it sleeps."""
    with machine.on_core(core):
        child = await asyncio.create_subprocess_exec(
            *command, str(port), dialect, str(people), path, str(text_bytes), str(awake_us),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
    try:
        yield LoadClient(child)
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
