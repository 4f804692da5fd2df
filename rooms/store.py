"""Redis, as the rest of BART knows it: deeds and reads. The only way to the data.

Every change is one idempotent script, so a call whose answer did not come is *unknown*, not failed: it is sent again
until it is answered or ten seconds are over. Calls of one turn of the event loop leave in one write, whose commands
share one fsync. A call that was handed in is carried out even when its caller has gone (promise.md 2).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable, Mapping, Sequence
from functools import partial
from time import monotonic
from typing import Any, TypeVar

import hiredis
import msgpack
import structlog

from rooms.along import Along
from rooms.pipeline import Argument, Command, Pipeline, Unanswered, address
from rooms.refusal import Refusal
from rooms.script import Script, names, script
from rooms.space import read_only

TRY_S = 2.0
GIVE_UP_S = 10.0
TAIL_S = 5.0  # above every wait of `begin_tail`
Stream = tuple[str, list[tuple[bytes, list[bytes]]]]
WRITES = frozenset({"BGREWRITEAOF", "DEL", "HDEL", "HINCRBY", "HSET", "SET", "XADD", "XDEL", "ZADD", "ZREM"})
"""Commands outside of scripts that put something on the disk."""
AWAY = ("LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN")
"""A Redis that says so will be well again: the call is repeated like one without an answer."""

log = structlog.get_logger("store")
T = TypeVar("T")


class Changed(Exception):  # noqa: N818 - an answer of the store, not an error
    """The record is not of the version that the caller read: load it again and step once more."""


class StoreFault(Exception):  # noqa: N818
    """Redis answered with an error that no rule foresees."""


class HandedIn(Awaitable[T]):
    """A call that is under way. Await it once, or leave it: it is carried out either way."""

    __slots__ = ("_finish",)

    def __init__(self, finish: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._finish = finish

    def __await__(self) -> Generator[Any, Any, T]:
        return self._finish().__await__()


class Store:
    """One process's way to Redis. Close it when done. Raises ValueError for an address that is none."""

    def __init__(self, url: str) -> None:
        self.url = url
        where = address(url)
        self._calls = Pipeline(where, TRY_S, [("SCRIPT", "LOAD", script(name).source) for name in names()])
        self._tail = Pipeline(where, TAIL_S)
        self._along: Along | None = None
        self.closed = False
        """Nothing is written: the disk is full, and Redis would end over it (rooms/space.py)."""

    async def close(self) -> None:
        """Wait for what was handed in, then let go."""
        await self._calls.settle()
        self._calls.close()
        self._tail.close()

    # deeds ---------------------------------------------------------------------------------------

    async def run(self, name: str, keys: Sequence[str], args: Iterable[Argument]) -> list[Any]:
        """Carry out the deed `name` and return what it says after 'ok'.

        A deed that was done before under the same client_id returns [its reply as it was given].  Raises Refusal as
        the script decides, or `unavailable` after ten seconds without an answer; Changed where the version differs.
        """
        return await self.begin(name, keys, args)

    def begin(self, name: str, keys: Sequence[str], args: Iterable[Argument]) -> HandedIn[list[Any]]:
        """The same, handed in at once: for several that shall leave in one turn."""
        deed = script(name)
        if self.closed and deed.writes:
            return HandedIn(_refuse)
        command = ("EVALSHA", deed.sha, len(keys), *keys, *args)
        if self._along is not None:
            self._along.note(keys)
        return HandedIn(partial(self._done, name, command, deed, self._calls.ask(command)))

    async def _done(self, name: str, command: Command, deed: Script, first: asyncio.Future[Any]) -> list[Any]:
        answer = await self._ask(command, deed, first)
        status = answer[0]
        if status == b"ok":
            return answer[1:]  # type: ignore[no-any-return]  # redis-py is untyped here
        if status == b"known":
            return [msgpack.unpackb(answer[1])]
        if status == b"changed":
            raise Changed(name)
        if status == b"refused":
            raise Refusal.of(answer[1].decode(), _facts(answer[2:]))
        raise StoreFault(f"{name} answered {status!r}")

    async def read(self, *command: Argument) -> Any:
        """Ask Redis something, or say something that may safely be said twice."""
        return await self._ask(command, None)

    async def read_all(self, commands: Iterable[Command]) -> list[Any]:
        """Several at once, in one turn."""
        return await self.begin_all(commands)

    def begin_all(self, commands: Iterable[Command]) -> HandedIn[list[Any]]:
        """The same, handed in at once."""
        asked = list(commands)
        if self.closed and any(command[0] in WRITES for command in asked):
            return HandedIn(_refuse)
        return HandedIn(partial(self._read, [(command, self._calls.ask(command)) for command in asked]))

    async def _read(self, asked: Sequence[tuple[Command, asyncio.Future[Any]]]) -> list[Any]:
        return [await self._ask(command, None, answer) for command, answer in asked]

    async def _ask(self, command: Command, deed: Script | None, answer: asyncio.Future[Any] | None = None) -> Any:
        """What Redis says. answer: of a first try that was handed in already."""
        give_up_s, pause_s = 0.0, 0.02
        while True:
            if answer is None and self.closed and (command[0] in WRITES if deed is None else deed.writes):
                raise read_only()
            waiting, answer = answer or self._calls.ask(command), None
            try:
                said = await waiting
                if not isinstance(said, hiredis.ReplyError):
                    return said
                if await self._may_repeat(command, deed, str(said)):
                    continue
            except Unanswered:
                pass  # unknown: the same again
            now_s = monotonic()
            give_up_s = give_up_s or now_s + GIVE_UP_S - TRY_S
            if now_s + pause_s >= give_up_s:
                log.warning("store does not answer", command=str(command[0]))
                raise Refusal("unavailable", retry_after_ms=1000)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 0.5)

    async def _may_repeat(self, command: Command, deed: Script | None, error: str) -> bool:
        """What to do about an error: True for again at once, False for again after a pause, else raise.

        Raises Refusal("storage_low"), or StoreFault.
        """
        kind = error.partition(" ")[0]
        if kind == "NOSCRIPT" and deed is not None:  # Redis restarted without our scripts
            await self.read("SCRIPT", "LOAD", deed.source)
            return True
        if kind == "OOM" or "OOM command not allowed" in error:  # Redis 6 wraps what a script met
            raise Refusal("storage_low", retry_after_ms=30_000)
        if kind not in AWAY:
            raise StoreFault(f"{command[0]!r}: {error}")
        return False

    # the feeds -----------------------------------------------------------------------------------

    def read_along(self, positions: Mapping[str, str], came: Callable[[], object]) -> Along:
        """From now on the feeds' reader is given what this process's deeds write, with their answers."""
        self._along = Along(self._calls.ask, positions, came)
        self._calls.before_leaving = self._along.ask_behind
        return self._along

    def begin_tail(self, positions: Mapping[str, str], block_ms: int, count: int) -> asyncio.Future[Any]:
        """Ask for the entries after the given ids of several streams; waits at most *block_ms* for the first.
        `streams` reads the answer, or raises Unanswered from it: the feed's reader knows what to do when Redis has
        gone."""
        return self._tail.ask(("XREAD", "COUNT", count, "BLOCK", block_ms, "STREAMS", *positions, *positions.values()))

    async def time_ms(self) -> float:
        """Redis's own clock, in milliseconds since 1970."""
        seconds, micros = await self.read("TIME")
        return float(int(seconds) * 1000 + int(micros) / 1000)


async def _refuse() -> Any:
    raise read_only()


def streams(said: Any) -> list[Stream]:
    """What XREAD answered, by stream. Raises StoreFault."""
    if isinstance(said, hiredis.ReplyError):
        raise StoreFault(str(said))
    return [(stream.decode(), rows) for stream, rows in said or ()]


def fields_of(flat: Sequence[bytes]) -> dict[bytes, bytes]:
    """Redis's flat list of names and values as a dict."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _facts(flat: Sequence[Any]) -> dict[str, str | int]:
    return {
        name.decode(): value.decode() if isinstance(value, bytes) else int(value)
        for name, value in zip(flat[::2], flat[1::2], strict=True)
    }
