"""Wrong clocks: an hour ahead, an hour behind, too fast, and set right while calls wait; of a server, and of Redis.

The judge is Redis's clock, as it is the servers': a server's own clock must never make a deadline early, nor more than
two seconds late. Where the clock of Redis itself is set while a call waits, its deadline moves with it (a town has no
other clock); then numbers and times must still be sane, and the servers must say so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from time import monotonic

import msgspec

from server import redis_binary
from tests.chaos.cases_run import Options, Outcome
from tests.chaos.cases_run import run as run_cases
from tests.chaos.cases_servers import LIBRARIES, VARIABLES, CaseServers
from tests.chaos.faults_verdict import Cannot, Say, Verdict, spread

TIER_S, SHORT_TIER_S = 4, 2
"""Of each tier: by hand, and in the tests. The calls are raised during the first, the clock is set in the second."""
LEAST_OFF_S = 20.0
JUMPED = "alarm: the clock of the store was set"
MOVED_ALONG = frozenset({"early", "late", "clock", "deadline"})
"""What setting Redis's clock explains."""


class Wrong(msgspec.Struct, frozen=True):
    """server, redis: as libfaketime reads it, '' for a right clock; is_set: it is put right while calls wait."""

    server: str = ""
    redis: str = ""
    is_set: bool = False

    @property
    def is_fast(self) -> bool:
        return "x" in self.server + self.redis


CLOCKS = {
    "server an hour ahead": Wrong(server="+3600"),
    "server an hour behind": Wrong(server="-3600"),
    "server 5 % too fast": Wrong(server="+0 x1.05"),
    "server set right": Wrong(server="+3600", is_set=True),
    "redis an hour ahead": Wrong(redis="+3600"),
    "redis an hour behind": Wrong(redis="-3600"),
    "redis 2 % too fast": Wrong(redis="+0 x1.02"),
    "redis set back": Wrong(redis="+30", is_set=True),
    "redis set forward": Wrong(redis="-30", is_set=True),
}


class ClockServers(CaseServers):
    """The last server with a wrong clock, or all with a wrong Redis. The clock reads a file that can be set."""

    def __init__(self, wrong: Wrong, library: Path, tiers: str, count: int) -> None:
        self._wrong, self._library = wrong, library
        super().__init__(count, tiers)
        self._clock = self._folder / "clock"
        self._clock.write_text((wrong.server or wrong.redis) + "\n")
        if wrong.server:
            self.all[-1]._environ = {**self.all[-1]._environ, **self._variables()}
        self.how_wrong = str(wrong)

    def off_s(self) -> float:
        """How far the clock is off in a process that has it."""
        asked = [sys.executable, "-c", "import time; print(time.time())"]
        said = subprocess.run(asked, env={**os.environ, **self._variables()}, capture_output=True, check=True).stdout
        return float(said) - time.time()

    def set_right(self) -> None:
        self._clock.write_text("+0\n")

    def _variables(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._folder / "clock"),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_NO_CACHE": "1",
        }

    def _redis_with_the_right_clock(self) -> Path:
        """Or with the wrong one, where that is what is tried."""
        program = self._folder / "redis-server"
        clear = f"unset {' '.join(VARIABLES)} FAKETIME_TIMESTAMP_FILE FAKETIME_NO_CACHE\n"
        fake = "".join(f'export {name}="{value}"\n' for name, value in self._variables().items())
        program.write_text(
            f'#!/bin/sh\n{clear}{fake if self._wrong.redis else ""}exec "{redis_binary.find().path}" "$@"\n'
        )
        program.chmod(0o755)
        return program


async def run(rng: Random, cases: int, say: Say) -> Verdict:
    """So many calls that nobody answers, under each of the wrong clocks."""
    began_s, problems, figures = monotonic(), list[str](), dict[str, object]()
    for name in CLOCKS:
        outcome, found = await try_clock(
            name, rng.randrange(10**6), cases, lambda text, name=name: say(f"{name}: {text}")
        )
        problems += [f"{name}: {problem}" for problem in found]
        figures[name] = f"{len(outcome.late)} transitions, late {spread([one.late_ms for one in outcome.late])}"
    return Verdict(problems=problems, figures=figures, seconds=monotonic() - began_s)


async def try_clock(
    name: str, seed: int, cases: int, say: Say, tier_s: int = TIER_S, count: int = 2
) -> tuple[Outcome, list[str]]:
    """One run with that clock, and what was wrong with it. Raises Cannot without libfaketime."""
    wrong, tiers = CLOCKS[name], f"{tier_s}/{tier_s}/{tier_s}"
    servers = ClockServers(wrong, _library(), tiers, count)
    if not wrong.is_fast and abs(servers.off_s()) < LEAST_OFF_S:
        raise Cannot("libfaketime does not change the clock of a process here")
    options = Options(seed=seed, cases=cases, tiers=tiers, raise_s=tier_s, grace_s=60 if wrong.is_set else 10)
    began_s: list[float] = []

    def tell(text: str) -> None:
        """Called many times a second from the first call on: the moment to set the clock."""
        began_s[:] = began_s or [monotonic()]
        if wrong.is_set and monotonic() - began_s[0] > 1.75 * tier_s:
            servers.set_right()
        say(text)

    outcome = await run_cases(options, tell, servers)
    is_moved = bool(wrong.redis) and wrong.is_set
    found = [str(one) for one in outcome.violations if not (is_moved and one.rule in MOVED_ALONG)]
    found += [f"a server said {n} times: {text}" for text, n in outcome.faults.items() if not text.startswith(JUMPED)]
    if is_moved and not any(text.startswith(JUMPED) for text in outcome.faults):
        found.append("no server said that the clock was set")
    return outcome, found


def _library() -> Path:
    for pattern in LIBRARIES:
        for library in Path("/").glob(pattern.removeprefix("/")):
            return library
    raise Cannot("libfaketime is not installed")
