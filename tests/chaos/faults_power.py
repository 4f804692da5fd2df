"""A power cut takes what was not synced: no answer may leave Redis before its append is on the disk.

kill -9 can't show this, for the system's cache outlives a process. So strace watches the calls of Redis under load: for
every post, the append's fdatasync has returned before the first answer on that connection and before anybody is given
the entry. The control is `everysec`, with which the same judge must find answers that left too early.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from bisect import bisect
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from time import monotonic
from typing import Literal

import msgspec

from rooms.keys import room_keys
from rooms.store import Store, streams
from server.embedded_redis import EmbeddedRedis
from tests.chaos.faults_store import Writer, writers_of
from tests.chaos.faults_verdict import Cannot, Say, Verdict
from tests.chaos.history import History, Ok

CALLS = "read,readv,recvfrom,write,writev,sendto,sendmsg,fdatasync,fsync"
TRACED_S = 20.0
TOKEN = re.compile(r"[0-9a-f]{32}:\d+")
LINE = re.compile(r"(\d+) +(?:<\.\.\. )?(\w+)(?: resumed>|\()(.*)", re.DOTALL)
FILE = re.compile(r"(\d+)<([^>]*)>")
IN, OUT = ("read", "recvfrom", "readv"), ("write", "writev", "sendto", "sendmsg")
SYNCS = ("fdatasync", "fsync")
Policy = Literal["always", "everysec"]


class Step(msgspec.Struct, frozen=True):
    """One call of Redis. began, ended: places in the trace; file: `socket:...` or a path, with its number before it."""

    name: str
    file: str
    began: int
    ended: int
    tokens: frozenset[str]

    @property
    def is_of_socket(self) -> bool:
        return "socket:" in self.file

    @property
    def is_of_log(self) -> bool:
        return self.file.endswith(".aof")


class Early(msgspec.Struct, frozen=True):
    """What left before it was on the disk. why: which rule."""

    token: str
    why: str


def steps(lines: Sequence[str]) -> Iterator[Step]:
    """The calls in a trace of `strace -f -y`, in the order in which they ended. Interrupted ones are put together."""
    begun: dict[str, tuple[int, str]] = {}
    for place, line in enumerate(lines):
        match = LINE.match(line)
        if match is None:
            continue
        process, name, rest = match.groups()
        if "<unfinished ...>" in rest:
            begun[process] = place, rest
            continue
        began, before = begun.pop(process, (place, "")) if " resumed>" in line else (place, "")
        text = before + rest
        if (file := FILE.search(text)) is not None and not re.search(r"= -1 ", text[-80:]):
            yield Step(name, f"{file[1]} {file[2]}", began, place, frozenset(TOKEN.findall(text)))


def judge(trace: Sequence[Step], acknowledged: Sequence[str]) -> list[Early]:
    """Each acknowledged client_id that was answered or given before it was synced, or whose way can't be seen."""
    seen = _Trace(trace)
    return [Early(token, why) for token in acknowledged if (why := seen.fault(token))]


class _Trace:
    """Where in a trace each client_id was read, appended and given for the first time, and what left when."""

    def __init__(self, trace: Sequence[Step]) -> None:
        self._read: dict[str, Step] = {}
        self._appended: dict[str, Step] = {}
        self._given: dict[str, Step] = {}
        self._out: dict[str, list[int]] = defaultdict(list)
        self._syncs = [step for step in trace if step.name in SYNCS and step.is_of_log]
        for step in trace:
            first = self._appended if step.is_of_log else self._read if step.name in IN else self._given
            for token in step.tokens:
                first.setdefault(token, step)
            if step.name in OUT and step.is_of_socket:
                self._out[step.file].append(step.began)

    def fault(self, token: str) -> str:
        """What is wrong with this one; '' for nothing. The first answer on its connection after it was read is its own,
        or one before it: both must wait for its append where that was written before them."""
        read, appended = self._read.get(token), self._appended.get(token)
        if read is None or appended is None:
            return "was acknowledged, and the trace does not show its append"
        answers = self._out[read.file]
        answered = bisect(answers, read.ended)
        if answered == len(answers):
            return "was acknowledged, and the trace does not show its answer"
        place = bisect(self._syncs, appended.ended, key=lambda step: step.began)
        if place == len(self._syncs) or answers[answered] < self._syncs[place].ended:
            return "was answered before its append was synced"
        if token in self._given and self._given[token].began < self._syncs[place].ended:
            return "was given to a reader before its append was synced"
        return ""


async def run(rng: Random, posts: int, say: Say) -> Verdict:
    """So many posts with each policy."""
    began_s = monotonic()
    if shutil.which("strace") is None:
        raise Cannot("strace is not installed")
    always, seen = await _early("always", posts, say)
    everysec, seen_of_control = await _early("everysec", max(50, posts // 10), say)
    problems = [f"{early.token} {early.why}" for early in always]
    if not everysec:
        problems.append("the control was not caught: with everysec nothing left too early, so the judge sees nothing")
    return Verdict(
        problems=problems,
        figures={
            "answers with `always`": len(seen),
            "of them too early": len(always),
            "answers with `everysec` (control)": len(seen_of_control),
            "of them too early ": len(everysec),
        },
        seconds=monotonic() - began_s,
    )


async def _early(policy: Policy, posts: int, say: Say) -> tuple[list[Early], list[str]]:
    """What left too early in a run with this policy, and the client_ids that were acknowledged while strace watched."""
    history = History()
    with tempfile.TemporaryDirectory(prefix="bart-power-") as folder:
        trace = Path(folder) / "trace"
        redis = await EmbeddedRedis.open(Path(folder) / "data")
        store = Store(redis.url)
        try:
            await store.read("CONFIG", "SET", "appendfsync", policy)
            writers = await writers_of(store, history)
            async with _traced(redis.pid, trace):
                await _post(store, writers, history, posts, lambda: say(f"{policy}: {history.counts['Ok']} answered"))
        finally:
            await store.close()
            await redis.close()
        acknowledged = [record.client_id for record in history.records if isinstance(record, Ok)]
        found = await asyncio.to_thread(lambda: judge(list(steps(trace.read_text().splitlines())), acknowledged))
    return found, acknowledged


@asynccontextmanager
async def _traced(pid: int, trace: Path) -> AsyncIterator[None]:
    """strace beside it, from its first line to its last. Raises Cannot where the system does not allow it."""
    child = await asyncio.create_subprocess_exec(
        "strace", "-f", "-y", "-s", "1000000", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(trace),
        "-p", str(pid),
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stderr is not None
    async with asyncio.timeout(TRACED_S):
        said = (await child.stderr.readline()).decode()
    if "attached" not in said:
        raise Cannot(f"strace may not watch a process here: {said.strip()}")
    try:
        yield
    finally:
        child.terminate()
        await child.wait()


async def _post(store: Store, writers: list[Writer], history: History, posts: int, tell: Callable[[], None]) -> None:
    """Until so many have been acknowledged; a reader of the feeds is given them all meanwhile."""
    stopping = asyncio.Event()
    reading = asyncio.ensure_future(_read_along(store, [room_keys(writer.room).feed for writer in writers]))
    writing = [asyncio.ensure_future(writer.write(stopping)) for writer in writers]
    while history.counts["Ok"] < posts:
        tell()
        await asyncio.sleep(0.01)
    stopping.set()
    await asyncio.gather(*writing)
    reading.cancel()


async def _read_along(store: Store, feeds: list[str]) -> None:
    """As a server does: whoever waits is answered before the script's author."""
    positions = dict.fromkeys(feeds, "$")
    while True:
        for stream, rows in streams(await store.begin_tail(positions, 1000, 1000)):
            positions[stream] = rows[-1][0].decode()
