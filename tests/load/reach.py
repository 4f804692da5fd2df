"""What BART is to reach, as ratios within one run, and by how much it does or does not."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tests.load.bench import Bench


class Goal(msgspec.Struct, frozen=True):
    """ratio: None where a part of it was not measured. at_least: else at most. unit: of figures that are no ratio."""

    what: str
    bound: float
    at_least: bool
    ratio: Callable[[Bench], float | None]
    unit: str = ": 1"


class Verdict(msgspec.Struct, frozen=True):
    what: str
    goal: str
    found: float | None
    says: str


def _between(figure: str, row: str, one: str, other: str, other_row: str = "") -> Callable[[Bench], float | None]:
    """The figure of one server to that of another."""

    def ratio(bench: Bench) -> float | None:
        mine, theirs = bench.of(row, one).get(figure), bench.of(other_row or row, other).get(figure)
        return mine / theirs if mine is not None and theirs else None

    return ratio


def _within(figure: str, row: str, other_row: str) -> Callable[[Bench], float | None]:
    return _between(figure, row, "bart", "bart", other_row)


def _itself(figure: str, row: str) -> Callable[[Bench], float | None]:
    return lambda bench: bench.of(row, "bart").get(figure)


def _throughput(size: int, under_way: int, peer: str, bound: float) -> Goal:
    row = f"throughput N={size} W={under_way}"
    return Goal(f"deliveries/s, N={size} W={under_way}, : {peer}", bound, True, _between("per_s", row, "bart", peer))


_N1000 = "throughput N=1000 W=1"

GOALS: tuple[Goal, ...] = (
    _throughput(1000, 1, "stock", 9),
    _throughput(1000, 1, "node-msgpack", 1.7),
    _throughput(5000, 1, "stock", 15),
    _throughput(5000, 1, "node-msgpack", 1.8),
    _throughput(100, 8, "node-msgpack", 2.5),
    _throughput(1000, 8, "node-msgpack", 4.5),
    _throughput(5000, 8, "node-msgpack", 9),
    Goal("CPU per delivery, N=1000 W=1, : node-msgpack", 0.5, False,
         _between("cpu_us", _N1000, "bart", "node-msgpack")),
    Goal("CPU per delivery, N=1000 W=1, : C floor", 1.4, False, _between("cpu_us", _N1000, "bart", "floor")),
    Goal("CPU per delivery, W=1, N=5000 : N=100", 1.6, False,
         _within("cpu_us", "throughput N=5000 W=1", "throughput N=100 W=1")),
    Goal("CPU per message, rooms of 20 : one of 20", 1.15, False, _within("cpu_us", "rooms", "one room")),
    Goal("p99 of delivery at 20/s, N=1000, : node-msgpack", 0.8, False,
         _between("p99_ms", "pace", "bart", "node-msgpack")),
    Goal("CPU per command without store, : node echo", 2, False, _between("cpu_us", "command", "bart", "node")),
    Goal("all at once until subscribed, node : ours", 1.3, True, _between("s", "storm", "node", "bart")),
    Goal("the same, on processes that did it before", 1.3, True, _between("s", "storm again", "node", "bart")),
    Goal("memory per idle connection, : node", 0.5, False, _between("kb", "memory", "bart", "node")),
    Goal("fsynced posts/s, 128 under way", 10_000, True, _itself("per_s", "writes"), "/s"),
    Goal("the same, Redis on the other core", 10_000, True, _itself("per_s", "writes, Redis apart"), "/s"),
    Goal("long log : short, connecting (p50)", 1.1, False, _within("p50_ms", "log connect LONG", "log connect SHORT")),
    Goal("long log : short, resuming (p50)", 1.1, False, _within("p50_ms", "log resume LONG", "log resume SHORT")),
    Goal("long log : short, posting (p50)", 1.1, False, _within("p50_ms", "log post LONG", "log post SHORT")),
    Goal("CPU per delivery, 200/s, answers : messages", 1.1, False, _within("cpu_us", "answers", "answers: messages")),
    Goal("p99 of delivery, 200/s, answers : messages", 1.1, False, _within("p99_ms", "answers", "answers: messages")),
    Goal("an alert to all, signed and kept: the last has it, : node-msgpack", 1, False,
         _between("last_ms", "alert", "bart", "node-msgpack")),
    Goal("20 boards open, fan-out into 1,000, : without", 0.95, True,
         _within("per_s", "board: fan-out", "board: fan-out without")),
    Goal("20 boards open, p50 of delivery at 200/s in 2,000 rooms, : without", 1.05, False,
         _within("p50_ms", "board", "board: without")),
    Goal("20 boards open: what they cost of a core", 0.1, False,
         lambda bench: (row["core"] - bench.of("board: without", "bart")["core"]) if (row := bench.of("board", "bart"))
         else None, "cores"),
    Goal("20 boards open: delay of their numbers", 1_000, False, _itself("delay_ms", "board"), "ms"),
    Goal("700 that never read: gone after", 30, False, _itself("gone_s", "deaf"), "s"),
    Goal("700 that never read: memory", 300, False, _itself("server_mb", "deaf"), "MB"),
    Goal("700 that never read: others' p99", 2, False,
         lambda bench: (row["p99_ms"] / row["p99_before_ms"]) if (row := bench.of("deaf", "bart")) else None),
)  # fmt: skip


def verdicts(bench: Bench) -> list[Verdict]:
    """Every goal of which the figures are there."""
    found = [(goal, goal.ratio(bench)) for goal in GOALS]
    return [Verdict(goal.what, _bound(goal), ratio, _says(goal, ratio)) for goal, ratio in found if ratio is not None]


def _bound(goal: Goal) -> str:
    return f"{'at least' if goal.at_least else 'at most'} {goal.bound:g} {goal.unit}"


def _says(goal: Goal, found: float) -> str:
    if (found >= goal.bound) if goal.at_least else (found <= goal.bound):
        return "reached"
    return f"missed by {abs(found / goal.bound - 1):.0%}"
