"""`bart` as people run it: a process, its exit code, and what it printed; and processes that run beside a test."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from rooms.store import Store
from server import redis_binary

ROOT = Path(__file__).resolve().parents[2]
BART = (sys.executable, "-m", "server")
WITHIN_S = 60


class Done:
    """A command that has ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def json(self) -> Any:
        """What it printed, which must be one JSON value and nothing else."""
        assert self.code == 0, self.err
        return json.loads(self.out)

    def refused(self, *words: str) -> None:
        """It failed with one clear sentence and no traceback; what it said holds these words."""
        assert self.code != 0, self.out
        sentences = [line for line in self.err.splitlines() if line.startswith("Error: ")]
        assert len(sentences) == 1, self.err
        assert re.fullmatch(r"Error: \S.{8,}[^:,\s]|Error: .*:", sentences[0])
        assert "Traceback" not in self.err
        assert "object at 0x" not in self.err
        for word in words:
            assert word in self.err, self.err


async def bart(*command: str, stdin: str = "", **environ: str) -> Done:
    """Run `bart COMMAND` to its end."""
    async with asyncio.timeout(WITHIN_S):
        child = await asyncio.create_subprocess_exec(
            *BART, *command, cwd=ROOT, env=clean(**environ), stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await child.communicate(stdin.encode())
    return Done(child.returncode or 0, out.decode(), err.decode())


def clean(**environ: str) -> dict[str, str]:
    """This process's environment without any setting of BART, and with those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BART_")}
    kept |= {name: os.environ[name] for name in ("BART_REDIS_SERVER",) if name in os.environ}
    return {**kept, **environ}


class Beside:
    """A process that runs beside the test. lines: what it has printed, standard output and errors together."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self.child, self.lines = child, list[str]()

    async def until(self, seen: Callable[[list[str]], bool]) -> list[str]:
        """Read on until the lines hold what is looked for. AssertionError when the process ends before."""
        assert self.child.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            while not seen(self.lines):
                line = await self.child.stdout.readline()
                assert line, "".join(["it ended:\n", *self.lines])
                self.lines.append(line.decode())
        return self.lines

    async def ended(self) -> int:
        """Its exit code, once it has ended and everything was read."""
        assert self.child.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            self.lines += (await self.child.stdout.read()).decode().splitlines(keepends=True)
            return await self.child.wait()

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The structured lines of this event (of a process with BART_LOG_FORMAT=json), whoever's prefix they have."""
        rows = [json.loads(line[line.index("{") :]) for line in self.lines if '{"' in line and line.endswith("}\n")]
        return [row for row in rows if row.get("event") == event]


@asynccontextmanager
async def beside(*command: str | Path, **environ: str) -> AsyncIterator[Beside]:
    """Run a program in a session of its own; kill it, should it still be there in the end."""
    child = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=clean(**environ), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        yield Beside(child)
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


@asynccontextmanager
async def redis_elsewhere(folder: Path, *options: str) -> AsyncIterator[str]:
    """A Redis that is not BART's own, in this folder, and its address."""
    socket = folder / "redis.sock"
    command: list[str | Path] = [
        redis_binary.find().path,
        "--port",
        "0",
        "--unixsocket",
        socket,
        "--dir",
        folder,
        "--save",
        "",
        *options,
    ]
    async with beside(*command):
        store = Store(f"unix://{socket}")
        await store.read("PING")  # the store asks until it is answered
        await store.close()
        yield store.url


def processes_about(folder: Path) -> dict[int, str]:
    """Process id -> command line of the processes that name this folder."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it ended meanwhile
            continue
        if str(folder) in command:
            found[int(file.parent.name)] = command
    return found


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
