"""`bart serve` as a process that tests may kill."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

READY_S = 60


class ServerProcess:
    """A server with its data folder. port: kept over restarts, chosen by the system at the first start.

    settings: more variables, as BART_LOG_LEVEL.  log: a file for its standard error, which is the test's own otherwise.
    """

    def __init__(self, data: Path, port: int = 0, *, log: Path | None = None, **settings: str) -> None:
        self.data, self.port = data, port
        self.url, self.redis_pid = "", 0
        self._settings, self._log = settings, log
        self._child: asyncio.subprocess.Process | None = None
        self._redis_pids: set[int] = set()

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.returncode is None

    async def start(self) -> None:
        """Start and wait until connections are accepted."""
        environ = {**os.environ, "BART_LOG_LEVEL": "warning", "BART_DRAIN_S": "1", **self._settings}
        with contextlib.nullcontext() if self._log is None else self._log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "server", "serve", "--data", str(self.data), "--port", str(self.port),
                "--json-ready", env=environ, stdout=asyncio.subprocess.PIPE, stderr=log, start_new_session=True,
            )  # fmt: skip
        assert self._child.stdout is not None
        async with asyncio.timeout(READY_S):
            line = await self._child.stdout.readline()
        assert line, "the server did not start"
        ready: dict[str, Any] = json.loads(line)
        self.url, self.redis_pid = ready["url"], ready["redis_pid"]
        self.port = int(self.url.rpartition(":")[2])
        self._redis_pids.add(self.redis_pid)

    async def kill9(self) -> None:
        """kill -9 the server; its Redis lives on."""
        assert self._child is not None
        if self._child.returncode is None:
            self._child.kill()
        await self._child.wait()

    def kill9_redis(self) -> None:
        """kill -9 the Redis; the server brings it back."""
        try:
            os.kill(self.redis_pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    async def stop(self) -> int:
        """SIGTERM, and the exit code."""
        assert self._child is not None
        if self._child.returncode is None:
            self._child.terminate()
        return await self._child.wait()

    async def run(self, *command: str, stdin: str = "") -> tuple[int, str, str]:
        """`bart COMMAND --data ...` beside the server: (exit code, output, errors)."""
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "server", *command, "--data", str(self.data),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await child.communicate(stdin.encode())
        return child.returncode or 0, out.decode(), err.decode()

    async def code(self, street: str = "Jan Luykenlaan") -> str:
        """A letter code for a household of 50."""
        status, out, err = await self.run("invite", street, "--household", "50", "--json")
        assert status == 0, err
        return str(json.loads(out)[0]["code"])

    async def end(self) -> None:
        """Stop the server and whatever Redis is left of it."""
        if self.alive:
            await self.stop()
        else:
            await self.start()  # the only way to reach an orphaned Redis is to adopt it
            await self.stop()
