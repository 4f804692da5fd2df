"""A long run: one town that gets old, and rounds, each with people of its own, part of the plan, and a whole verdict.

Rounds, because a history lives in the process that saw it: what was under way when that process died nobody can tell,
so a runner that died could only guess. Between two rounds all that counts is in the folder: the plan by its seed, what
each round found, the town's data, and a mark of every entry that stood in a log. A round that was broken off is played
again; what was done in it stays in the town, and has to stay there.

    state.json  what was asked, and each round that is over     data/         the town, with its Redis
    marks       of every entry at the end of the last round     lock          held while somebody runs it
    history-N   of a round that broke the promise, to look at
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic

import msgspec

from server.redis_folder import RedisFolder
from tests.chaos.checker import Violation
from tests.chaos.logs import Log
from tests.chaos.nemesis import Plan, plan
from tests.chaos.progress import Show, bar
from tests.chaos.run import Options, Outcome, Progress, Run

KINDS = {"kills": "kill_", "stops": "stop_", "cuts": "cut", "restarts": "restart"}
SHOWN = 20
Marks = Mapping[str, Mapping[int, int]]
"""room -> seq -> mark of the entry there."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of a long run. limit_s: of one round; every other name as in run.Options and nemesis.plan."""

    seed: int
    clients: int
    rooms: int
    servers: int
    kills: int
    stops: int
    cuts: int
    posts: int
    rate: float
    moves_per_s: float
    calls_per_s: float
    rounds: int
    limit_s: float = 900

    @property
    def plan(self) -> Plan:
        return plan(self.kills, self.stops, self.cuts)

    def part(self, number: int) -> tuple[str, ...]:
        """The faults of one round, counted from 0: the same in every run of this seed."""
        actions = self.plan.actions(Random(f"{self.seed}:plan"))
        return tuple(actions[number :: self.rounds])

    def options(self, number: int) -> Options:
        return Options(
            seed=self.seed * 1000 + number, plan=self.plan, actions=self.part(number), clients=self.clients,
            rooms=self.rooms, servers=self.servers, posts=-(-self.posts // self.rounds), rate=self.rate,
            moves_per_s=self.moves_per_s, calls_per_s=self.calls_per_s, limit_s=self.limit_s,
        )  # fmt: skip


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one: see run.Outcome."""

    seconds: float
    finished: bool
    seen: dict[str, int]
    done: dict[str, int]
    stories: dict[str, int]
    entries: int
    redis: int
    starts_failed: int
    violations: list[str]
    faults: dict[str, int]

    @property
    def is_broken(self) -> bool:
        return bool(self.violations) or not self.finished

    @property
    def good(self) -> bool:
        return not self.is_broken and not self.faults


class State(msgspec.Struct, kw_only=True):
    """tries: how often a round was begun, this one and those that were broken off too."""

    wanted: Wanted
    rounds: list[Round] = []
    tries: int = 0

    @property
    def seconds(self) -> float:
        return sum(one.seconds for one in self.rounds)

    @property
    def is_over(self) -> bool:
        """A round that broke the promise is the last one; what servers complained of makes the run bad, and it goes
        on."""
        return len(self.rounds) == self.wanted.rounds or any(one.is_broken for one in self.rounds)

    @property
    def good(self) -> bool:
        return len(self.rounds) == self.wanted.rounds and all(one.good for one in self.rounds)

    def total(self, field: str) -> Counter[str]:
        """Of `seen`, `done`, `stories` or `faults`, over all rounds."""
        return sum((Counter(getattr(one, field)) for one in self.rounds), Counter[str]())

    def told(self) -> str:
        """The verdict over all rounds, and the figures."""
        seen, done, stories = self.total("seen"), self.total("done"), self.total("stories")
        broken = [violation for one in self.rounds for violation in one.violations]
        faults = self.total("faults")
        verdict = "the promise held" if self.good else f"{len(broken)} VIOLATIONS, {len(faults)} FAULTS"
        missing = self.wanted.rounds - len(self.rounds) + sum(not one.finished for one in self.rounds)
        return "\n".join(
            [
                *(f"  {violation}" for violation in broken[:SHOWN]),
                *(f"  a server complained {count} times: {text}" for text, count in faults.most_common(SHOWN)),
                (
                    f"faults: {', '.join(f'{_of(done, kind)} {kind}' for kind in KINDS)} "
                    f"({', '.join(f'{count} {name}' for name, count in sorted(done.items()))})"
                ),
                (
                    f"{sum(one.redis for one in self.rounds)} Redis, "
                    f"{sum(one.starts_failed for one in self.rounds)} starts failed"
                ),
                (
                    f"said: {seen['Ok']} acknowledged with a number ({seen['Ok'] / max(self.seconds, 1):.0f}/s), "
                    f"{seen['Done']} without, {seen['Unknown']} unknown, {seen['Refused']} refused"
                ),
                (
                    f"seen: {seen['Given']} given, {sum(one.entries for one in self.rounds)} entries in the logs, "
                    f"{seen['Connected']} connections, {seen['Resumed']} cursors, {seen['Moved']} moves, "
                    f"{seen['Hidden']} hidden, {seen['Muting'] // 4} mutes, {seen['Expelling'] // 2} expelled, "
                    f"{seen['QuietEnded']} quiets"
                ),
                f"told: {', '.join(f'{name} {count}' for name, count in sorted(stories.items()))}",
                (
                    f"{verdict}{f', {missing} ROUNDS NOT FINISHED' if missing else ''}; {len(self.rounds)} rounds, "
                    f"{self.tries} begun; {self.seconds:.0f} s; seed {self.wanted.seed}"
                ),
            ]
        )


def _of(done: Mapping[str, int], kind: str) -> int:
    return sum(count for name, count in done.items() if name.startswith(KINDS[kind]))


# the folder ------------------------------------------------------------------------------------------


class Folder:
    """What is kept of a long run."""

    def __init__(self, path: Path) -> None:
        self.path, self.data = path.resolve(), path.resolve() / "data"

    @property
    def is_new(self) -> bool:
        return not (self.path / "state.json").exists()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else runs it meanwhile. Raises BlockingIOError."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield

    def load(self) -> State:
        return msgspec.json.decode((self.path / "state.json").read_bytes(), type=State)

    def save(self, state: State) -> None:
        self._write("state.json", msgspec.json.format(msgspec.json.encode(state)))

    def marks(self) -> Marks:
        path = self.path / "marks"
        if not path.exists():
            return {}
        return msgspec.msgpack.decode(path.read_bytes(), type=dict[str, dict[int, int]])

    def save_marks(self, logs: Mapping[str, Log]) -> None:
        """Those of other rooms stay as they were."""
        now = {room: {seq: row.mark for seq, row in log.rows.items()} for room, log in logs.items()}
        self._write("marks", msgspec.msgpack.encode({**self.marks(), **now}))

    def save_history(self, number: int, run: Run) -> None:
        records = [f"{type(record).__name__} {record}" for record in run.history.records]
        self._write(f"history-{number + 1}", "\n".join(records).encode())

    def _write(self, name: str, content: bytes) -> None:
        """All of it or nothing."""
        aside = self.path / f".{name}"
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.path / name)

    def clear_away(self) -> int:
        """End the servers that a runner which died left behind; their Redis is adopted by the next ones. Returns how
        many there were."""
        found = 0
        for pid, command in _processes():
            if f"unixsocket:{RedisFolder(self.data).socket}" in command:
                os.kill(pid, signal.SIGCONT)  # a runner that died may have stopped it
            elif f"--data {self.data} " in command and " serve " in command and pid != os.getpid():
                os.kill(pid, signal.SIGKILL)
                found += 1
        return found


def _processes() -> Iterator[tuple[int, str]]:
    listed = subprocess.run(["ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        pid, _, command = line.strip().partition(" ")
        yield int(pid), command


# running ---------------------------------------------------------------------------------------------


async def play(folder: Folder, state: State, show: Show, seconds: float = float("inf")) -> State:
    """The rounds that are left, each kept when it is over; no further one is begun after so many seconds."""
    until_s = monotonic() + seconds
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    while not state.is_over and monotonic() < until_s:
        folder.clear_away()
        state.tries += 1
        folder.save(state)
        await _round(folder, state, show)
    return state


async def _round(folder: Folder, state: State, show: Show) -> None:
    number = len(state.rounds)
    run = Run(state.wanted.options(number), _said(state, show), folder.data, tag=f" {state.tries}")
    outcome = await run.play()
    lost = [*vanished(folder.marks(), run.before)]
    state.rounds.append(_kept(outcome, lost))
    if state.rounds[-1].is_broken:
        folder.save_history(number, run)
        print("\n".join(outcome.traces), file=sys.stderr)
    folder.save_marks(run.logs)
    folder.save(state)


def vanished(marks: Marks, now: Mapping[str, Log]) -> Iterator[Violation]:
    """What stood in a log at the end of the round before and does not at the beginning of this one. PURE."""
    for room, rows in marks.items():
        log = now.get(room)
        for seq, mark in rows.items():
            if log is None or (seq not in log.blank and (seq not in log.rows or log.rows[seq].mark != mark)):
                yield Violation("kept", room, f"what stood at {seq} when the round before ended is gone")


def _kept(outcome: Outcome, lost: Sequence[Violation]) -> Round:
    return Round(
        seconds=outcome.seconds, finished=outcome.finished, seen=dict(outcome.seen), done=dict(outcome.done),
        stories=dict(outcome.stories), entries=outcome.entries, redis=outcome.redis,
        starts_failed=outcome.starts_failed, violations=[str(one) for one in (*outcome.violations, *lost)],
        faults=dict(outcome.faults),
    )  # fmt: skip


def _said(state: State, show: Show) -> Callable[[Progress], None]:
    """How far the whole is, at every step of this round."""
    wanted, before, seen = state.wanted, state.total("done"), state.total("seen")
    began_s = state.seconds
    planned = {"kills": wanted.kills, "stops": wanted.stops, "cuts": wanted.cuts}

    def say(progress: Progress) -> None:
        done = before + progress.done
        acks, seconds = seen["Ok"] + progress.acknowledged, began_s + progress.seconds
        faults = sum(_of(done, kind) for kind in planned) / max(sum(planned.values()), 1)
        share = min(acks / wanted.posts if wanted.posts else 1.0, faults if sum(planned.values()) else 1.0, 1.0)
        told = "  ".join(f"{_of(done, kind)}/{most} {kind}" for kind, most in planned.items())
        rate = progress.acknowledged / max(progress.seconds, 0.1)
        where = f"round {len(state.rounds) + 1}/{wanted.rounds}"
        show(f"{bar(share, seconds)}  {acks}/{wanted.posts} acks {rate:.0f}/s  {told}  {where}")

    return say
