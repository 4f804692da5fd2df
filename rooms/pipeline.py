"""One connection to Redis on which all calls of a turn leave in one write, so that they share one fsync.

hiredis packs and parses; nothing lies between: no task, no pool and no timeout per call. A post of the whole server
costs half of what it did through redis-py's pipelines (tests/load). One timer watches the oldest answer that is
awaited; when it is late, or the connection breaks, every call under way is *unknown* and whoever asked asks again.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

import hiredis
import msgspec

Argument = str | bytes | int
Command = tuple[Any, ...]  # of Argument; hiredis knows tuples of one only


class Unanswered(Exception):  # noqa: N818 - the absence of an answer, not an error
    """No answer came: the call was carried out once or not at all."""


class Address(msgspec.Struct, frozen=True):
    """Where a Redis listens. path: of a Unix socket, else host and port."""

    path: str = ""
    host: str = ""
    port: int = 6379
    tls: bool = False
    username: str = ""
    password: str = ""
    database: int = 0


def address(url: str) -> Address:
    """Read redis://, rediss:// or unix://. Raises ValueError, without the text: it may hold a password."""
    try:
        return _read(url)
    except ValueError:
        raise ValueError("an address of a Redis is redis://, rediss:// or unix://...") from None


def _read(url: str) -> Address:
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError("scheme")
    database = parse_qs(parts.query).get("db", [parts.path.strip("/") if parts.scheme != "unix" else ""])[0]
    if database and not database.isdigit():
        raise ValueError("database")
    on_socket = parts.scheme == "unix"
    return Address(
        path=unquote(parts.path) if on_socket else "",
        host="" if on_socket else parts.hostname or "localhost",
        port=parts.port or 6379,
        tls=parts.scheme == "rediss",
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=int(database or 0),
    )


class Pipeline(asyncio.Protocol):
    """A connection that opens itself when it is needed.

    answer_within_s: for the oldest call under way.  greeting: said on every new connection, before any call.
    """

    def __init__(self, where: Address, answer_within_s: float, greeting: Sequence[Command] = ()) -> None:
        self._where, self._answer_within_s, self._greeting = where, answer_within_s, greeting
        self._reader = hiredis.Reader()
        self._transport: asyncio.Transport | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._out: list[bytes] = []  # packed, of this turn
        self._handed_in: list[asyncio.Future[Any]] = []
        self._awaited: deque[tuple[asyncio.Future[Any], float]] = deque()
        self._watch: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.before_leaving: Callable[[], None] | None = None
        """Called before a turn's calls leave; what it asks leaves behind them."""

    def ask(self, command: Command) -> asyncio.Future[Any]:
        """Hand a call in; it leaves at the end of this turn, also when its caller goes.

        The future holds what Redis said (bytes, int, list, None, or a hiredis.ReplyError) or raises Unanswered.
        """
        loop = self._loop = self._loop or asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        if not self._out:
            loop.call_soon(self._flush)
        self._out.append(hiredis.pack_command(command))
        self._handed_in.append(answer)
        return answer

    async def settle(self) -> None:
        """Wait until everything that was handed in has been answered, or is lost."""
        while waiting := [*self._handed_in, *(answer for answer, _ in self._awaited)]:
            await asyncio.wait(waiting)

    def close(self) -> None:
        """Let go. Whatever is under way is lost."""
        if self._connecting is not None:
            self._connecting.cancel()
        if self._transport is not None:
            self._transport.abort()
        if self._watch is not None:
            self._watch.cancel()
        self._lose()

    # out -----------------------------------------------------------------------------------------

    def _flush(self) -> None:
        """Everything of this turn in one write; when there is no connection, as soon as there is one.

        Nothing overtakes the password and the database that a new connection says first.
        """
        if not self._out or self._connecting is not None or self._loop is None:
            return
        if self._transport is None:
            self._connecting = self._loop.create_task(self._connect())
            return
        if self.before_leaving is not None:
            self.before_leaving()
        now_s = monotonic()
        self._transport.write(b"".join(self._out))
        self._awaited.extend((answer, now_s) for answer in self._handed_in)
        self._out.clear()
        self._handed_in.clear()
        self._watch_over()

    async def _connect(self) -> None:
        try:
            async with asyncio.timeout(self._answer_within_s):
                await self._open()
                await self._introduce()
        except (OSError, hiredis.HiredisError, Unanswered) as error:
            if self._transport is not None:
                self._transport.abort()
                self._transport = None
            self._lose(str(type(error).__name__))
        finally:
            self._connecting = None
        self._flush()

    async def _open(self) -> None:
        loop, where = asyncio.get_running_loop(), self._where
        if where.path:
            await loop.create_unix_connection(lambda: self, where.path)
        else:
            context = ssl.create_default_context() if where.tls else None
            await loop.create_connection(lambda: self, where.host, where.port, ssl=context)

    async def _introduce(self) -> None:
        """Say the password, choose the database, greet. Raises hiredis.ReplyError when Redis says no."""
        where = self._where
        if where.password:
            await self._say(("AUTH", *filter(None, (where.username,)), where.password))
        if where.database:
            await self._say(("SELECT", where.database))
        await self._say(*self._greeting)

    async def _say(self, *commands: Command) -> None:
        assert self._transport is not None
        answers = [asyncio.get_running_loop().create_future() for _ in commands]
        self._awaited.extend((answer, monotonic()) for answer in answers)
        self._transport.write(b"".join(map(hiredis.pack_command, commands)))
        for said in await asyncio.gather(*answers):
            if isinstance(said, hiredis.ReplyError):
                raise said

    # in ------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one in all but name
        self._reader = hiredis.Reader()

    def data_received(self, data: bytes) -> None:
        reader, awaited = self._reader, self._awaited
        reader.feed(data)
        while (said := reader.gets()) is not False:
            answer, _ = awaited.popleft()
            if not answer.done():  # its caller has gone
                answer.set_result(said)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None and not self._transport.is_closing():
            return  # the end of an earlier connection; this one is well
        self._transport = None
        self._lose(type(exc).__name__ if exc else "closed")

    def _lose(self, why: str = "closed") -> None:
        """Everything under way is unknown, and what waited for the connection too: it could not be made."""
        lost = [*(answer for answer, _ in self._awaited), *self._handed_in]
        self._awaited.clear()
        self._handed_in.clear()
        self._out.clear()
        for answer in lost:
            if not answer.done():
                answer.set_exception(Unanswered(why))
                answer.exception()  # a caller that has gone must not leave a warning behind

    # time ----------------------------------------------------------------------------------------

    def _watch_over(self) -> None:
        if self._watch is None and self._loop is not None:
            self._watch = self._loop.call_later(self._answer_within_s, self._look)

    def _look(self) -> None:
        """Break the connection when the oldest answer is late: a new one may reach a Redis that is well."""
        self._watch = None
        if not self._awaited or self._loop is None:
            return
        left_s = self._awaited[0][1] + self._answer_within_s - monotonic()
        if left_s > 0:
            self._watch = self._loop.call_later(left_s, self._look)
        elif self._transport is not None:
            self._transport.abort()
