"""The faults of a machine, one after the other and short; `python -m tests.chaos.faults` runs them long."""

from __future__ import annotations

from collections.abc import Awaitable
from random import Random

import pytest

from tests.chaos import (
    faults_clock,
    faults_disk,
    faults_fuzz,
    faults_memory,
    faults_orphan,
    faults_power,
    faults_restart,
    faults_store,
)
from tests.chaos.faults_power import Step, judge, steps
from tests.chaos.faults_verdict import Cannot, Verdict

SEED = 20261124
AOF, SOCKET = "9 /data/redis/appendonlydir/appendonly.aof.1.incr.aof", "11 socket:[7]"
ADA = f"{'a' * 32}:1"


def quiet(_: str) -> None:
    """Nobody watches."""


async def verdict_of(running: Awaitable[Verdict]) -> Verdict:
    """What it came to; a machine that can't says why."""
    try:
        verdict = await running
    except Cannot as reason:
        pytest.skip(str(reason))
    assert not verdict.problems, verdict.problems[:5]
    return verdict


async def test_a_redis_that_is_killed_over_and_over_loses_nothing() -> None:
    """Each kill hits a store that is being written to, and some hit one that writes its file anew."""
    verdict = await verdict_of(faults_store.run(Random(SEED), 15, quiet))
    assert verdict.figures["kills of Redis"] == 15


async def test_no_answer_leaves_before_its_append_is_synced() -> None:
    """By the calls of Redis itself; with `everysec` the same judge finds answers that left too early."""
    verdict = await verdict_of(faults_power.run(Random(SEED), 60, quiet))
    assert verdict.figures["answers with `always`"] >= 60  # type: ignore[operator]


async def test_a_full_disk_costs_no_word() -> None:
    """Filled step by step: talk waits, then everything, and Redis lives on a disk without a byte left."""
    verdict = await verdict_of(faults_disk.run(Random(SEED), 1, quiet, 1))
    assert verdict.figures["Redis in all"] == 1


@pytest.mark.timeout(180)
async def test_when_memory_runs_out_calls_and_alerts_still_go() -> None:
    """Talk is refused first; at the last byte nothing is done by half."""
    verdict = await verdict_of(faults_memory.run(Random(SEED), 24, quiet, 1))
    assert verdict.figures["what went while talk waited"] == "a call, a warning, an alert, deadlines"


async def test_a_wrong_clock_makes_no_deadline_early_or_late() -> None:
    """An hour off, and set right while calls wait."""
    clock, tier_s = "server set right", faults_clock.SHORT_TIER_S
    try:
        outcome, problems = await faults_clock.try_clock(clock, SEED, 15, quiet, tier_s, 1)
    except Cannot as reason:
        pytest.skip(str(reason))
    assert not problems, problems
    assert len(outcome.late) == 3 * 15


async def test_servers_that_are_restarted_in_turn_lose_nobody() -> None:
    """Three times, while everybody talks and some move."""
    verdict = await verdict_of(faults_restart.run(Random(SEED), 3, quiet, every_s=1))
    assert verdict.figures["Redis in all"] == 1


async def test_an_orphaned_redis_is_adopted_and_never_doubled() -> None:
    """All servers die at once, and two that come at once find the Redis that lives on."""
    verdict = await verdict_of(faults_orphan.run(Random(SEED), 2, quiet))
    assert str(verdict.figures["Redis in all, at most at once"]).startswith("1, 1 ")


async def test_strange_frames_leave_no_trace_on_a_whole_server() -> None:
    """No death, no ghost after a second, no traceback, while neighbours talk."""
    verdict = await verdict_of(faults_fuzz.run(Random(SEED), 3_000, quiet))
    assert verdict.figures["acknowledged beside them"] > 0  # type: ignore[operator]


# the judge of the order of fsync and answer ----------------------------------------------------------


def trace(*calls: tuple[str, str, bool]) -> list[Step]:
    """Calls in this order; whether each speaks of Ada's command."""
    said = {True: frozenset({ADA}), False: frozenset[str]()}
    return [Step(name, file, place, place, said[tells]) for place, (name, file, tells) in enumerate(calls)]


READ, APPEND = ("read", SOCKET, True), ("write", AOF, True)
SYNC, ANSWER, GIVEN = ("fdatasync", AOF, False), ("write", SOCKET, False), ("write", "12 socket:[8]", True)


@pytest.mark.parametrize(
    ("calls", "caught"),
    [
        ((READ, APPEND, SYNC, GIVEN, ANSWER), False),
        ((READ, APPEND, SYNC, ANSWER), False),
        ((READ, APPEND, ANSWER, SYNC), True),
        ((READ, ANSWER, APPEND, SYNC), True),
        ((READ, APPEND, GIVEN, SYNC, ANSWER), True),
        ((READ, APPEND, ANSWER), True),
        ((READ, SYNC, APPEND, ANSWER), True),
        ((READ, SYNC, ANSWER), True),
        ((READ, APPEND, SYNC), True),
    ],
)
def test_the_judge_sees_what_leaves_too_early(calls: tuple[tuple[str, str, bool], ...], caught: bool) -> None:
    """An answer or an entry before the sync of its append, or one whose way can't be seen at all."""
    assert bool(judge(trace(*calls), [ADA])) is caught


def test_a_call_that_strace_tells_in_two_lines_is_one() -> None:
    """It begins where it was interrupted, and has ended only where it goes on."""
    found = list(
        steps(
            [
                f'7 read(11<socket:[7]>, "{ADA}", 16384) = 99',
                f'7 write(9</d/a.incr.aof>, "x\\37{ADA}\\n", 99) = 99',
                "8 fdatasync(9</d/a.incr.aof> <unfinished ...>",
                '7 write(11<socket:[7]>, ":1", 2) = 2',
                "8 <... fdatasync resumed>) = 0",
                "7 fdatasync(9</d/a.incr.aof>) = -1 EIO (Input/output error)",
            ]
        )
    )
    assert [(step.name, step.began, step.ended) for step in found] == [
        ("read", 0, 0), ("write", 1, 1), ("write", 3, 3), ("fdatasync", 2, 4),
    ]  # fmt: skip
    assert judge(found, [ADA])
