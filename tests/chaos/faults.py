"""`python -m tests.chaos.faults NAME|all`: one fault of the machine at a time, by hand. Exit code 0: the promise held.

Each fault is a module of its own, whose docstring says what must hold; tests/chaos/test_faults.py has the short forms.
"""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from time import monotonic

import msgspec
import structlog
import uvloop

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
from tests.chaos.faults_verdict import Cannot, Say, Verdict

EVERY_S = 10


class Fault(msgspec.Struct, frozen=True):
    """How to run one: its function, how much of it by default, and of what."""

    run: Callable[[Random, int, Say], Awaitable[Verdict]]
    size: int
    unit: str


FAULTS: Mapping[str, Fault] = {
    "store": Fault(faults_store.run, 2000, "kills of Redis"),
    "power": Fault(faults_power.run, 3000, "posts under strace"),
    "disk": Fault(faults_disk.run, 10, "times a full disk"),
    "memory": Fault(faults_memory.run, 48, "MiB of memory"),
    "clock": Fault(faults_clock.run, 100, "calls under each wrong clock"),
    "restart": Fault(faults_restart.run, 30, "restarts, one every twenty seconds"),
    "orphan": Fault(faults_orphan.run, 50, "kills of every server"),
    "fuzz": Fault(faults_fuzz.run, 1_000_000, "frames"),
}


def main() -> int:
    """Run as the arguments say: 0 where everything held, 2 where this machine can't."""
    asked = _arguments()
    seed = asked.seed if asked.seed is not None else secrets.randbelow(10**6)
    names = list(FAULTS) if asked.name == "all" else [asked.name]
    return max(_run(name, seed, asked.size or FAULTS[name].size) for name in names)


def _run(name: str, seed: int, size: int) -> int:
    fault = FAULTS[name]
    print(f"{name}: {size} {fault.unit}; seed {seed}", flush=True)
    try:
        verdict = uvloop.run(_judged(fault, Random(f"{seed}:{name}"), size))
    except Cannot as reason:
        print(f"{name}: CAN'T BE DONE HERE: {reason}", flush=True)
        return 2
    print(verdict.told(name, seed), flush=True)
    return 0 if verdict.good else 1


async def _judged(fault: Fault, rng: Random, size: int) -> Verdict:
    return await fault.run(rng, size, _now_and_then())


def _now_and_then() -> Say:
    """A line every ten seconds."""
    next_s = 0.0

    def show(text: str) -> None:
        nonlocal next_s
        if monotonic() >= next_s:
            next_s = monotonic() + EVERY_S
            print(text, file=sys.stderr, flush=True)

    return show


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.faults", description=__doc__)
    parser.add_argument("name", choices=(*FAULTS, "all"))
    parser.add_argument("--size", type=int, help="how much of it, in its own unit; the long run by default")
    parser.add_argument("--seed", type=int)
    return parser.parse_args()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))  # what is meant to break is no news
    sys.exit(main())
