"""What every row needs: the options, the town prepared, a server with its client, and a figure taken several times."""

from __future__ import annotations

import statistics
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import click
import msgspec

from tests.load import crowd, machine, servers
from tests.load.client import Counted, LoadClient, connected_to
from tests.load.crowd import Member
from tests.load.servers import Server

CONNECT_S = 60
AT_ONCE = 200  # handshakes, where connecting is not what is measured
WARM_S = 0.3
MOST_OTHERS = 0.1  # of a core, used by other programs during a measurement
Figures = dict[str, float]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """sizes: members of one room. seconds: of each measurement. log_entries: of the long log.

    patience: how often a measurement that other programs disturbed is taken again."""

    rows: tuple[str, ...]
    servers: tuple[str, ...]
    sizes: tuple[int, ...]
    repeat: int
    patience: int
    seconds: float
    text_bytes: int
    awake_us: int
    rooms: int
    storm: int
    log_entries: int
    deaf_s: float
    server_core: int | None
    redis_core: int | None
    client_core: int | None

    @property
    def largest(self) -> int:
        """Members of the largest room that is needed."""
        return max(*self.sizes, self.storm)


class Result(msgspec.Struct, frozen=True):
    """One row of one server: medians, and each measurement they are of. wrong: see Counted; of all measurements."""

    row: str
    server: str
    figures: Figures
    runs: list[Figures]
    wrong: int


class Bench:
    """One comparison. folder: for everything it makes; program: the load client's command."""

    def __init__(self, options: Options, folder: Path, program: list[str]) -> None:
        self.options, self.folder, self.program = options, folder, program
        self.crowds: dict[str, list[Member]] = {}
        self.results: list[Result] = []
        self.failed: list[str] = []
        self._wrong = 0

    def of(self, row: str, server: str) -> Figures:
        """The medians of a row; nothing where it was not measured."""
        return next((one.figures for one in self.results if (one.row, one.server) == (row, server)), {})

    @property
    def data(self) -> Path:
        """BART's data folder."""
        return self.folder / "bart"

    @asynccontextmanager
    async def serving(self, name: str) -> AsyncIterator[Server | None]:
        """A server in its place; None where this machine can't run it."""
        core = self.options.server_core
        own = servers.bart(self.data, core, self.options.redis_core)
        async with own if name == "bart" else servers.peer(name, self.folder, core) as server:
            if server is None:
                click.echo(f"  {name}: not on this machine", err=True)
            yield server

    @asynccontextmanager
    async def client(self, server: Server, people: str | list[Member]) -> AsyncIterator[LoadClient]:
        """A load client with these people, none connected yet: a crowd of the town, of peers as many strangers."""
        known = self.crowds[people] if isinstance(people, str) else people
        members = known if server.name == "bart" else crowd.strangers(len(known))
        path = crowd.write(members, self.folder / "people")
        core, size, files = self.options.client_core, self.options.text_bytes, machine.open_files(server.pid)
        where = server.port, server.dialect, server.path
        async with connected_to(self.program, core, *where, path, size, self.options.awake_us) as client:
            yield client
        await servers.quiet(server, files + 20)

    async def come(self, client: LoadClient, count: int, first: int = 0) -> None:
        """Connect so many, without haste. Raises RuntimeError where somebody was not let in."""
        came = await client.do("connect", first, first + count, AT_ONCE, CONNECT_S)
        if came.settled != count or came.failed:
            raise RuntimeError(f"{came.settled - came.failed} of {count} were let in")

    async def measured(
        self, server: Server, client: LoadClient, units: Callable[[Counted], float], *command: float | str
    ) -> Figures:
        """One command, and what it cost the server. units: what `per_s` and the CPU are counted by."""
        name, *numbers = command
        before, cores = server.cpu_s(), self._cores(client)
        counted = await client.do(str(name), *map(float, numbers))
        used, used_redis = (now - then for now, then in zip(server.cpu_s(), before, strict=True))
        busy = self._cores(client) - cores - used - used_redis
        self._wrong += counted.wrong
        count = max(units(counted), 1)
        heard = {"first_ns": counted.first_ns, "last_ns": counted.last_ns} if counted.last_ns else {}
        return {**heard, "per_s": count / counted.s, "cpu_us": used / count * 1e6, "redis_us": used_redis / count * 1e6,
                "p50_ms": counted.p50_ms, "p99_ms": counted.p99_ms, "client_busy": counted.client_busy,
                "refused": counted.refused, "sent": counted.sent,
                "others": max(0.0, busy / counted.s)}  # fmt: skip

    def _cores(self, client: LoadClient) -> float:
        """Time that the cores in use have worked, less the client's own."""
        chosen = {self.options.server_core, self.options.redis_core, self.options.client_core}
        cores = [core for core in chosen if core is not None] if self.options.server_core is not None else []
        return sum(map(machine.busy_s, cores)) - machine.cpu_s(client.pid)

    async def undisturbed(self, once: Callable[[], Awaitable[Figures]]) -> Figures:
        """A measurement during which others took more of the cores than they may is taken again, some times; the
        least disturbed one counts."""
        tried: list[Figures] = []
        for _ in range(1 + self.options.patience):
            tried.append(await once())
            if tried[-1]["others"] <= MOST_OTHERS:
                break
        return min(tried, key=lambda figures: figures["others"])

    async def repeated(self, row: str, server: str, once: Callable[[], Awaitable[Figures]]) -> None:
        """Take a figure as often as asked and keep the medians."""
        self.keep(row, server, [await self.undisturbed(once) for _ in range(self.options.repeat)])

    def keep(self, row: str, server: str, runs: Sequence[Figures]) -> None:
        figures = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
        self.results.append(Result(row, server, figures, list(runs), self._wrong))
        told = "  ".join(f"{name} {value:,.5g}" for name, value in figures.items())
        click.echo(f"  {row:28} {server:13} {told}{f'  WRONG {self._wrong}' if self._wrong else ''}", err=True)
        self._wrong = 0


def deliveries(counted: Counted) -> float:
    return counted.deliveries


def answers(counted: Counted) -> float:
    return counted.answers


def messages(counted: Counted) -> float:
    return counted.sent
