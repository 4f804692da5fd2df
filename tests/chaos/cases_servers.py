"""The servers of a run with cases: short or real tiers, and one of them with a clock of its own that is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from server import redis_binary
from tests.chaos.servers import ChaosServer, Servers

BUGS = "tests.chaos.cases_planted"
DUTY_S = 30
"""How long duty outlives the last device: short, so that staff who do not come back would be missed."""
LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/local/lib/faketime/libfaketimeMT.so.1")
VARIABLES = ("LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC")
SHARED = Path("/dev/shm")
CLOSE_S = 2


class CaseServers(Servers):
    """wrong_clock_s: how far the last server's own clock is off, 0 for not at all; planted: a bug of cases_planted.

    how_wrong: by what means its clock is off.
    """

    def __init__(self, count: int, tiers: str, wrong_clock_s: int = 0, planted: str = "") -> None:
        super().__init__(0)
        self.how_wrong = "no clock is wrong"
        program = self._redis_with_the_right_clock()
        environ = {"BART_TIERS_URGENT": tiers, "BART_DUTY_S": str(DUTY_S), "BART_REDIS_SERVER": str(program)}
        for number in range(1, count + 1):
            bugs, more = [planted] if planted else [], {}
            if wrong_clock_s and number == count:
                more = wrong_clock(wrong_clock_s)
                bugs += [] if more else [f"wrong_clock:{wrong_clock_s}"]
                means = "libfaketime" if more else "time.time() put over: libfaketime is not installed"
                self.how_wrong = f"server {number}'s own clock is {wrong_clock_s:+} s off ({means})"
            log = self._folder / f"{number}.log"
            server = ChaosServer(self._data, log, ",".join(bugs), bugs=BUGS, environ={**environ, **more})
            self.all.append(server)

    @property
    def data(self) -> Path:
        return self._data

    async def close(self) -> Counter[str]:
        """As Servers; libfaketime leaves shared memory behind for every process that was killed."""
        try:
            return await super().close()
        finally:
            for pid in {pid for server in self.all for pid in server.pids}:
                for name in (f"faketime_shm_{pid}", f"sem.faketime_sem_{pid}"):
                    (SHARED / name).unlink(missing_ok=True)

    def _redis_with_the_right_clock(self) -> Path:
        """A program that starts Redis without the wrong clock of the server that starts it: Redis's is the judge."""
        program = self._folder / "redis-server"
        program.write_text(f'#!/bin/sh\nunset {" ".join(VARIABLES)}\nexec "{redis_binary.find().path}" "$@"\n')
        program.chmod(0o755)
        return program


def wrong_clock(seconds: int) -> dict[str, str]:
    """The variables that give a process a clock that is so far off; {} where that can't be had here."""
    for pattern in LIBRARIES:
        for library in Path("/").glob(pattern.removeprefix("/")):
            environ = dict(zip(VARIABLES, (str(library), f"{seconds:+}s", "1"), strict=True))
            if abs(_time_there(environ) - time.time() - seconds) < CLOSE_S:
                return environ
    return {}


def _time_there(environ: dict[str, str]) -> float:
    """What time it is in a process with these variables."""
    asked = [sys.executable, "-c", "import time; print(time.time())"]
    return float(subprocess.run(asked, env={**os.environ, **environ}, capture_output=True, check=True).stdout)
