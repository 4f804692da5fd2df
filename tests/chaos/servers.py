"""The servers of a run: processes on one data folder, each behind a proxy, and the Redis that they keep."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from rooms.store import Store
from rooms.town import Town
from server import redis_facts
from server.ground import KEY_FILE
from server.redis_folder import RedisFolder
from tests.chaos.proxy import Proxy

log = structlog.get_logger("chaos")
READY_S = 60.0
STOP_S = 30.0
STARTS_MAX = 10
BUGS = "tests.chaos.planted"
QUIET_EVENTS = (
    "redis.lost", "store does not answer", "commands left under way", "the sources of the web client", "The web client",
)  # fmt: skip
"""How what servers may warn of begins; anything else at warning or above is a fault of theirs."""
SETTINGS = {
    "BART_LOG_LEVEL": "warning",
    "BART_LOG_FORMAT": "json",
    "BART_DRAIN_S": "1",
    "BART_LIMIT_TALK": "1000/1",
    "BART_LIMIT_TOUCH": "1000/1",
    "BART_LIMIT_READ": "1000/1",
    "BART_LIMIT_WARNING": "1000/1",
    "BART_LIMIT_DANGER": "1000/1",
    "BART_LIMIT_ANSWER": "1000/1",
    "BART_PROOF_MINUTES": "100000",
    "BART_TRUSTED_PROXIES": "127.0.0.1/32",  # each client has an address of its own, as in a town
}


class ChaosServer:
    """One `bart serve`. planted: the bug it is started with, '' for none; bugs: the module that plants it; environ:
    more variables."""

    def __init__(
        self, data: Path, errors: Path, planted: str = "", *, bugs: str = BUGS, environ: Mapping[str, str] | None = None
    ) -> None:
        self._data, self._errors = data, errors
        self._module = [bugs, planted] if planted else ["server"]
        self._environ = {**SETTINGS, **(environ or {})}
        self._child: asyncio.subprocess.Process | None = None
        self._ready = self._paused = False
        self.proxy = Proxy(0)
        self.starts_failed = self.deaths = 0  # while somebody killed its Redis; by itself
        self.pids: set[int] = set()

    @property
    def alive(self) -> bool:
        """Accepts connections and is not stopped: a client that comes is served."""
        return self._ready and not self._paused and self._child is not None and self._child.returncode is None

    async def start(self) -> None:
        """Start, again where it ended at once (as whoever supervises it would), until it accepts connections."""
        for _ in range(STARTS_MAX):
            if await self._start():
                return
            self.starts_failed += 1
            await asyncio.sleep(0.3)
        raise RuntimeError("the server does not start")

    async def _start(self) -> bool:
        with self._errors.open("ab") as errors:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *self._module, "serve", "--data", str(self._data),
                "--port", str(self.proxy.target), "--json-ready", env={**os.environ, **self._environ},
                stdout=asyncio.subprocess.PIPE, stderr=errors, start_new_session=True,
            )  # fmt: skip
        self.pids.add(self._child.pid)
        assert self._child.stdout is not None
        async with asyncio.timeout(READY_S):
            line = await self._child.stdout.readline()
        if not line:
            await self._child.wait()
            return False
        self.proxy.target = int(json.loads(line)["url"].rpartition(":")[2])
        if not self.proxy.port:
            await self.proxy.start()
        self._ready = True
        return True

    async def kill(self) -> None:
        """kill -9."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM: it drains and ends; killed where it does not."""
        try:
            async with asyncio.timeout(STOP_S):
                await self._end(signal.SIGTERM)
        except TimeoutError:
            log.error("a server did not stop")
            await self.kill()

    async def _end(self, number: signal.Signals) -> None:
        if self._child is not None:
            self.deaths += self._ready and self._child.returncode is not None
            self._ready = False
            self._signal(number)
            await self._child.wait()

    def pause(self) -> None:
        """SIGSTOP, until `go_on`."""
        self._signal(signal.SIGSTOP)
        self._paused = True

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)
        self._paused = False

    def _signal(self, number: signal.Signals) -> None:
        if self._child is not None and self._child.returncode is None:
            self._child.send_signal(number)

    async def close(self) -> None:
        self.go_on()
        await self.stop()
        await self.proxy.close()

    def faults(self) -> Counter[str]:
        """What it logged at warning or above that no fault of ours explains, by event; tracebacks among them."""
        found = Counter({"died by itself": self.deaths}) if self.deaths else Counter[str]()
        for line in self._errors.read_text().splitlines() if self._errors.exists() else ():
            event = _event(line)
            if event and not event.startswith(QUIET_EVENTS):
                found[event] += 1
        return found


def _event(line: str) -> str:
    if line.startswith("Traceback"):
        return "traceback"
    try:
        said: Any = json.loads(line)
    except ValueError:
        return ""
    return " ".join(str(said[name]) for name in ("event", "error", "where", "job", "reason") if said.get(name))


class Servers:
    """All of a run's processes, in a folder of its own that goes with them. data: another one, which stays."""

    def __init__(self, count: int, planted: str = "", data: Path | None = None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="bart-chaos-"))
        self._data = data or self._folder / "data"
        self.all = [ChaosServer(self._data, self._folder / f"{index}.log", planted) for index in range(count)]
        self.redis_pids: set[int] = set()
        self._stopped_redis = 0

    async def start(self) -> None:
        for server in self.all:
            await server.start()
        await self.redis()

    @property
    def redis_url(self) -> str:
        return f"unix://{RedisFolder(self._data).socket}"

    def urls(self) -> list[str]:
        """Where clients find the servers that run; where none does, all of them."""
        return [one.proxy.url for one in self.all if one.alive] or [one.proxy.url for one in self.all]

    def alive(self) -> list[ChaosServer]:
        return [server for server in self.all if server.alive]

    async def redis(self, within_s: float = 20) -> int:
        """The process id of the Redis that answers in our own folder; waits for it. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while (facts := await redis_facts.ask(RedisFolder(self._data).socket)) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        self.redis_pids.add(facts.pid)
        return facts.pid

    async def kill_redis(self) -> bool:
        """kill -9; False where none answered in time. Only the servers bring it back."""
        try:
            os.kill(await self.redis(), signal.SIGKILL)
        except (TimeoutError, ProcessLookupError):
            return False
        return True

    async def pause_redis(self) -> bool:
        try:
            self._stopped_redis = await self.redis()
            os.kill(self._stopped_redis, signal.SIGSTOP)
        except (TimeoutError, ProcessLookupError):
            return False
        return True

    def go_on_redis(self) -> None:
        """Wake it up; a process that has gone meanwhile stays gone."""
        if self._stopped_redis:
            try:
                os.kill(self._stopped_redis, signal.SIGCONT)
            except ProcessLookupError:
                log.info("redis had gone")
            self._stopped_redis = 0

    async def town(self) -> Town:
        """The town, read beside the servers; its store is to be closed."""
        town = Town(Store(self.redis_url), (self._data / KEY_FILE).read_bytes())
        town.clock.follow(await town.store.time_ms())
        await town.load_places()
        return town

    async def close(self) -> Counter[str]:
        """End everything that was started here; the last server out stops Redis. Returns what servers complained of."""
        self.go_on_redis()
        for server in self.all:
            server.go_on()
        try:
            if not self.alive():
                await self.all[0].start()  # the only way to reach an orphaned Redis is to adopt it
        finally:
            await asyncio.gather(*(server.close() for server in self.all))
            if (left := await redis_facts.ask(RedisFolder(self._data).socket)) is not None:
                os.kill(left.pid, signal.SIGKILL)  # nobody could be started to stop it
            faults = sum((server.faults() for server in self.all), Counter[str]())
            shutil.rmtree(self._folder, ignore_errors=True)
        return faults
