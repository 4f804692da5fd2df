"""A whole run: servers, people, faults, quiet in between, and the verdict."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from time import monotonic

import msgspec
import structlog

from tests.chaos.cases_check import Kept
from tests.chaos.cases_logs import read_kept
from tests.chaos.checker import EMPTY, Violation, check
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
from tests.chaos.logs import Log, read_heads, read_logs
from tests.chaos.nemesis import Nemesis, Plan
from tests.chaos.paths_check import check_paths
from tests.chaos.servers import Servers

POLL_S = 0.05
SHOWN = 20
TRACED = 2
BELONGING = (Joined, MoveAsked, Moved, Connected, Closed)
log = structlog.get_logger("chaos")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What to run. posts: commands that must be acknowledged at least; rate: tried a second; converge_s: how long the
    promise allows; limit_s: the run ends then, done or not; planted: a bug of planted.BUGS, '' for none; trespass: the
    share of commands that go to any room at all, mostly one of others; works: with staff; calls_per_s: to them, and
    measures by them; actions: the part of the plan that is to be done, None for all."""

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
    works: bool = True
    calls_per_s: float = 0.5
    actions: tuple[str, ...] | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict and its figures. faults: what the servers logged that no fault of ours explains; redis: processes;
    traces: what led to the first violations; starts_failed: servers that ended while they started; stories: entries by
    what happened."""

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
    stories: Counter[str] = msgspec.field(default_factory=Counter)

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
            f"told: {_most(self.stories)}",
            f"went: {seen['Connected']} connections, {seen['Moved']} moves, {seen['QuietEnded']} quiets",
            f"{verdict}{'' if self.finished else ', NOT FINISHED'}; {self.seconds:.0f} s; seed {seed}",
        ]
        return "\n".join(lines)


def _most(stories: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(stories.items()) if not name.startswith("member."))


class Progress(msgspec.Struct, frozen=True):
    """How far a run is. done: faults by name; left: those to come."""

    acknowledged: int
    unknown: int
    done: Counter[str]
    left: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.seconds:5.0f} s  {self.acknowledged} acknowledged  {self.unknown} unknown  "
            f"{self.done.total()} faults, {self.left} to come"
        )


Say = Callable[[Progress], None]


class Run:
    """One run. data: the folder of a town that is there already, and stays; tag: makes the people's names new there.

    before: what stood in the logs when it began; logs: at the end, cases: then.
    """

    def __init__(self, options: Options, say: Say = lambda _: None, data: Path | None = None, tag: str = "") -> None:
        self.options, self._say = options, say
        self.history = History()
        self.servers = Servers(options.servers, options.planted, data)
        self.crowd = Crowd(
            self.servers, self.history, Random(f"{options.seed}:crowd"), fills=options.fills,
            trespass=options.trespass, works=options.works, tag=tag,
        )  # fmt: skip
        self.nemesis = Nemesis(
            self.servers, options.plan, Random(f"{options.seed}:nemesis"), lambda: self.history.counts["Ok"],
            options.actions,
        )  # fmt: skip
        self.before: Mapping[str, Log] = {}
        self.logs: Mapping[str, Log] = {}
        self.cases: Mapping[str, Kept] = {}
        self._began_s = monotonic()
        self._is_old = data is not None and data.exists()

    async def play(self) -> Outcome:
        """Run it all and judge."""
        try:
            finished = await self._go()
            seconds = self._seconds
            self.logs, self.cases = await asyncio.to_thread(read_end, self.servers.redis_url, self.crowd.held())
        finally:
            await self.crowd.close()
            faults = await self.servers.close()
        violations = self.judge()
        return Outcome(
            violations=violations,
            traces=_traces(self.history.records, violations),
            finished=finished,
            seen=self.history.counts,
            done=self.nemesis.done,
            faults=faults,
            redis=len(self.servers.redis_pids),
            starts_failed=sum(server.starts_failed for server in self.servers.all),
            entries=sum(log.head for log in self.logs.values()) - sum(log.head for log in self.before.values()),
            stories=Counter(
                row.event
                for room, log in self.logs.items()
                for seq, row in log.rows.items()
                if seq > self.before.get(room, EMPTY).head
            ),
            seconds=seconds,
        )

    def judge(self) -> list[Violation]:
        """What was seen against what is there."""
        return [*check(self.history.records, self.logs, self.before), *check_paths(self.logs, self.cases)]

    async def beside(self) -> None:
        """What else is done while everybody talks; the run goes on until that is done. Nothing here."""

    async def _rooms(self) -> list[str]:
        """Those of all neighbours in town."""
        town = await self.servers.town()
        try:
            return [room.id for room in town.places.rooms()]
        finally:
            await town.store.close()

    @property
    def _seconds(self) -> float:
        return monotonic() - self._began_s

    async def _go(self) -> bool:
        """Until plan and posts are done, or the time is over, or a quiet was broken; True where all was done."""
        await self.servers.start()
        if self._is_old:
            self.before = await asyncio.to_thread(read_logs, self.servers.redis_url, await self._rooms())
        await self.crowd.gather(self.options.clients, self.options.rooms)
        self._began_s = monotonic()
        loop = asyncio.get_running_loop()
        works = [loop.create_task(self.nemesis.run()), loop.create_task(self.beside())]
        try:
            while self._seconds < self.options.limit_s:
                await self._talk(works)
                if not await self._quiet():
                    return False
                if all(work.done() for work in works):
                    for work in works:
                        work.result()
                    if self._is_done():
                        return True
            return False
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    async def _talk(self, works: Sequence[asyncio.Task[None]]) -> None:
        """Faults and talk, until it is time to be quiet."""
        self.nemesis.go_on()
        options = self.options
        talk = self.crowd.talk(options.rate, options.moves_per_s, options.calls_per_s)
        talking = asyncio.get_running_loop().create_task(talk)
        until_s = min(self._seconds + options.quiet_every_s, options.limit_s)
        while self._seconds < until_s and not (all(work.done() for work in works) and self._is_done()):
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
        late = () if answered else self.crowd.unanswered()  # staff may begin something at any moment
        self.history.note(QuietBegan, "", late, heads)
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
        counts, done = self.history.counts, self.nemesis.done
        faults = Counter({name: done[name] for name in self.options.plan.__struct_fields__ if done[name]})
        self._say(Progress(counts["Ok"], counts["Unknown"], faults, self.nemesis.left, self._seconds))


async def run(options: Options, say: Say = lambda _: None) -> Outcome:
    """Run it all in a folder of its own and judge. say: is told how far it is, many times a second."""
    return await Run(options, say).play()


def read_end(url: str, rooms: Sequence[str]) -> tuple[dict[str, Log], dict[str, Kept]]:
    """Logs and cases as they are at one moment: a deadline that acts in between shows, and all is read once more."""
    while True:
        before, _ = read_kept(url)
        logs = read_logs(url, rooms)
        after, _ = read_kept(url)
        if before == after:
            return logs, after


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
