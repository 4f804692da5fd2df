"""A whole run: servers, people, faults, quiet in between, and the verdict."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from time import monotonic

import msgspec
import structlog

from tests.chaos.checker import Violation, check
from tests.chaos.crowd import Crowd
from tests.chaos.history import (
    Closed,
    Connected,
    History,
    Joined,
    MoveAsked,
    Moved,
    QuietBegan,
    QuietEnded,
    Record,
    Sent,
)
from tests.chaos.logs import read_heads, read_logs
from tests.chaos.nemesis import Nemesis, Plan
from tests.chaos.servers import Servers

POLL_S = 0.05
SHOWN = 20
TRACED = 2
BELONGING = (Joined, MoveAsked, Moved, Connected, Closed)
log = structlog.get_logger("chaos")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What to run. posts: commands that must be acknowledged at least; rate: tried a second; converge_s: how long the
    promise allows; limit_s: the run ends then, done or not; planted: a bug of planted.BUGS, '' for none; trespass: the
    share of commands that go to any room at all, mostly one of others."""

    seed: int
    plan: Plan
    clients: int = 12
    rooms: int = 4
    servers: int = 2
    posts: int = 0
    rate: float = 200
    moves_per_s: float = 1
    quiet_every_s: float = 8
    converge_s: float = 60
    limit_s: float = 600
    planted: str = ""
    fills: bool = True
    trespass: float = 0.02


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict and its figures. faults: what the servers logged that no fault of ours explains; redis: processes;
    traces: what led to the first violations; starts_failed: servers that ended while they started."""

    violations: list[Violation]
    finished: bool
    seen: Counter[str]
    done: Counter[str]
    faults: Counter[str]
    redis: int
    traces: list[str]
    entries: int
    starts_failed: int
    seconds: float

    @property
    def good(self) -> bool:
        return self.finished and not self.violations and not self.faults

    def told(self, seed: int) -> str:
        """The verdict, what was broken, and the figures, a line each."""
        seen = self.seen
        done = ", ".join(f"{count} {name}" for name, count in sorted(self.done.items()))
        verdict = "the promise held" if self.good else f"{len(self.violations)} VIOLATIONS, {len(self.faults)} FAULTS"
        lines = [
            *(f"  {violation}" for violation in self.violations[:SHOWN]),
            *(f"    {line}" for line in self.traces),
            *(f"  a server complained {count} times: {text}" for text, count in self.faults.most_common(SHOWN)),
            f"faults: {done or 'none'}; {self.redis} Redis; {self.starts_failed} starts failed",
            f"said: {seen['Ok']} acknowledged ({seen['Ok'] / self.seconds:.0f}/s), {seen['Unknown']} unknown",
            f"seen: {seen['Refused']} refused, {seen['Given']} given, {self.entries} entries in the logs",
            f"went: {seen['Connected']} connections, {seen['Moved']} moves, {seen['QuietEnded']} quiets",
            f"{verdict}{'' if self.finished else ', NOT FINISHED'}; {self.seconds:.0f} s; seed {seed}",
        ]
        return "\n".join(lines)


class _Run:
    def __init__(self, options: Options, say: Callable[[str], None]) -> None:
        self.options, self._say = options, say
        self.history = History()
        self.servers = Servers(options.servers, options.planted)
        self.crowd = Crowd(
            self.servers, self.history, Random(f"{options.seed}:crowd"), fills=options.fills, trespass=options.trespass
        )
        self.nemesis = Nemesis(
            self.servers, options.plan, Random(f"{options.seed}:nemesis"), lambda: self.history.counts["Ok"]
        )
        self._began_s = monotonic()

    @property
    def _seconds(self) -> float:
        return monotonic() - self._began_s

    async def go(self) -> bool:
        """Until plan and posts are done, or the time is over, or a quiet was broken; True where all was done."""
        await self.servers.start()
        await self.crowd.gather(self.options.clients, self.options.rooms)
        self._began_s = monotonic()
        nemesis = asyncio.get_running_loop().create_task(self.nemesis.run())
        try:
            while self._seconds < self.options.limit_s:
                await self._talk(nemesis)
                if not await self._quiet():
                    return False
                if nemesis.done():
                    nemesis.result()
                    if self.history.counts["Ok"] >= self.options.posts:
                        return True
            return False
        finally:
            nemesis.cancel()
            await asyncio.gather(nemesis, return_exceptions=True)

    async def _talk(self, nemesis: asyncio.Task[None]) -> None:
        """Faults and talk, until it is time to be quiet."""
        self.nemesis.go_on()
        talking = asyncio.get_running_loop().create_task(self.crowd.talk(self.options.rate, self.options.moves_per_s))
        until_s = min(self._seconds + self.options.quiet_every_s, self.options.limit_s)
        while self._seconds < until_s and not (nemesis.done() and self._is_done()):
            self._tell()
            await asyncio.sleep(POLL_S)
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)

    def _is_done(self) -> bool:
        return self.history.counts["Ok"] >= self.options.posts

    async def _quiet(self) -> bool:
        """Heal everything, let everybody be answered and be given everything; False where that did not happen."""
        await self.nemesis.pause()
        answered = await self._within(lambda: not self.crowd.unanswered())
        heads = await asyncio.to_thread(read_heads, self.servers.redis_url, self.crowd.rooms)
        self.history.note(QuietBegan, "", self.crowd.unanswered(), heads)
        converged = answered and await self._within(lambda: self.crowd.holds(heads))
        self.history.note(QuietEnded, "")
        return converged

    async def _within(self, holds: Callable[[], bool]) -> bool:
        give_up_s = monotonic() + self.options.converge_s
        while not holds():
            if monotonic() > give_up_s:
                return False
            await asyncio.sleep(POLL_S)
        return True

    def _tell(self) -> None:
        counts = self.history.counts
        self._say(
            f"{self._seconds:5.0f} s  {counts['Ok']} acknowledged  {counts['Unknown']} unknown  "
            f"{sum(self.nemesis.done[name] for name in self.options.plan.__struct_fields__)} faults, "
            f"{self.nemesis.left} to come"
        )


async def run(options: Options, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Run it all and judge. say: is told how far it is, many times a second."""
    this = _Run(options, say)
    try:
        finished = await this.go()
        seconds = this._seconds
        logs = await asyncio.to_thread(read_logs, this.servers.redis_url, this.crowd.rooms)
    finally:
        await this.crowd.close()
        faults = await this.servers.close()
    violations = check(this.history.records, logs)
    return Outcome(
        violations=violations,
        traces=_traces(this.history.records, violations),
        finished=finished,
        seen=this.history.counts,
        done=this.nemesis.done,
        faults=faults,
        redis=len(this.servers.redis_pids),
        starts_failed=sum(server.starts_failed for server in this.servers.all),
        entries=sum(len(log.rows) for log in logs.values()),
        seconds=seconds,
    )


def _traces(records: Sequence[Record], violations: Sequence[Violation]) -> list[str]:
    """What happened to the first commands that something is wrong with, and to their authors' belonging."""
    about = {violation.about for violation in violations if violation.about}
    told = set(sorted(about)[:TRACED])
    authors = {record.client for record in records if isinstance(record, Sent) and record.client_id in told}
    return [
        f"{record.at_s - records[0].at_s:9.3f} {record}"
        for record in records
        if getattr(record, "client_id", None) in told or (record.client in authors and isinstance(record, BELONGING))
    ]
