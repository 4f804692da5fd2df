"""Redis, as the rest of BART knows it: deeds and reads. The only file that speaks to redis-py for data.

Every change is one idempotent script, so a call whose answer did not come is *unknown*, not failed: it is sent again
until it is answered or ten seconds are over. Calls of one turn of the event loop leave in one pipeline, whose commands
share one fsync. A call that was handed in is carried out even when its caller has gone (promise.md 2).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Any

import msgpack
import structlog
from redis import exceptions as errors
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from rooms.refusal import Refusal
from rooms.script import script

TRY_S = 2.0
GIVE_UP_S = 10.0
BATCH = 256
CONNECTIONS = 16
Argument = str | bytes | int
Command = tuple[Argument, ...]
Stream = tuple[str, list[tuple[bytes, list[bytes]]]]
UNKNOWN = (errors.ConnectionError, errors.TimeoutError, errors.BusyLoadingError, OSError)

log = structlog.get_logger("store")


class Changed(Exception):  # noqa: N818 - an answer of the store, not an error
    """The record is not of the version that the caller read: load it again and step once more."""


class StoreFault(Exception):  # noqa: N818
    """Redis answered with an error that no rule foresees."""


class _Call:
    __slots__ = ("answer", "command", "source")

    def __init__(self, command: Command, source: str | None) -> None:
        self.command, self.source = command, source
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()


class Store:
    """One process's way to Redis. Close it when done."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._redis = self._client(CONNECTIONS, TRY_S)
        self._tail = self._client(1, None)
        self._waiting: list[_Call] = []
        self._batches: set[asyncio.Task[None]] = set()
        self.last_answer_s = monotonic()

    def _client(self, connections: int, timeout_s: float | None) -> Any:
        """redis-py without its retries (a repeated write would count twice) and without its rewording of answers."""
        pool = BlockingConnectionPool.from_url(
            self.url, max_connections=connections, timeout=None, socket_timeout=timeout_s,
            socket_connect_timeout=TRY_S, retry=Retry(NoBackoff(), 0), retry_on_error=[], protocol=2,
        )  # fmt: skip
        client = Redis.from_pool(pool)
        client.response_callbacks.clear()
        return client

    async def close(self) -> None:
        """Send what was handed in, wait for what is under way, then let go of every connection."""
        self._send_waiting()
        while self._batches:
            await asyncio.wait(self._batches)
        await self._redis.aclose(close_connection_pool=True)
        await self._tail.aclose(close_connection_pool=True)

    # deeds ---------------------------------------------------------------------------------------

    async def run(self, name: str, keys: Sequence[str], args: Iterable[Argument]) -> list[Any]:
        """Carry out the deed `name` and return what it says after 'ok'.

        A deed that was done before under the same client_id returns [its reply as it was given].  Raises Refusal as
        the script decides, or `unavailable` after ten seconds without an answer; Changed where the version differs.
        """
        deed = script(name)
        answer = await self._ask(("EVALSHA", deed.sha, len(keys), *keys, *args), deed.source)
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
        return await asyncio.gather(*(self._ask(command, None) for command in commands))

    async def _ask(self, command: Command, source: str | None) -> Any:
        give_up = monotonic() + GIVE_UP_S
        pause_s = 0.02
        while True:
            call = _Call(command, source)
            self._hand_in(call)
            try:
                return await asyncio.shield(call.answer)
            except UNKNOWN as error:
                if monotonic() + pause_s >= give_up:
                    log.warning("store does not answer", error=type(error).__name__, command=str(command[0]))
                    raise Refusal("unavailable", retry_after_ms=1000) from None
            except errors.OutOfMemoryError:
                raise Refusal("storage_low", retry_after_ms=30_000) from None
            except errors.RedisError as error:
                if "OOM command not allowed" in str(error):  # Redis 6 wraps what a script met
                    raise Refusal("storage_low", retry_after_ms=30_000) from None
                raise StoreFault(f"{command[0]!r}: {type(error).__name__}: {error}") from None
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 0.5)

    # one pipeline a turn -------------------------------------------------------------------------

    def _hand_in(self, call: _Call) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._send_waiting)
        self._waiting.append(call)

    def _send_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for start in range(0, len(waiting), BATCH):
            task = asyncio.get_running_loop().create_task(self._send(waiting[start : start + BATCH]))
            self._batches.add(task)
            task.add_done_callback(self._batches.discard)

    async def _send(self, calls: list[_Call]) -> None:
        try:
            answers = await self._pipeline(calls)
            if any(isinstance(answer, errors.NoScriptError) for answer in answers):
                answers = await self._with_scripts(calls, answers)
        except Exception as error:  # noqa: BLE001 - whatever it is, every caller must hear of it
            answers = [error] * len(calls)
        else:
            self.last_answer_s = monotonic()
        for call, answer in zip(calls, answers, strict=True):
            _settle(call.answer, answer)

    async def _pipeline(self, calls: Sequence[_Call]) -> list[Any]:
        async with asyncio.timeout(TRY_S):
            pipeline = self._redis.pipeline(transaction=False)
            for call in calls:
                pipeline.execute_command(*call.command)
            answers: list[Any] = await pipeline.execute(raise_on_error=False)
            return answers

    async def _with_scripts(self, calls: Sequence[_Call], answers: list[Any]) -> list[Any]:
        """Redis restarted without our scripts: load those that are missing and run just these deeds again."""
        missing = [index for index, answer in enumerate(answers) if isinstance(answer, errors.NoScriptError)]
        for source in {calls[index].source for index in missing} - {None}:
            await self._redis.execute_command("SCRIPT LOAD", source)
        for index, answer in zip(missing, await self._pipeline([calls[index] for index in missing]), strict=True):
            answers[index] = answer
        return answers

    # the feeds -----------------------------------------------------------------------------------

    async def tail(self, positions: dict[str, str], block_ms: int, count: int) -> list[Stream]:
        """Entries after the given ids of several streams; waits at most *block_ms* for the first.

        Raises what redis-py raises: the feed's reader knows what to do when Redis has gone.
        """
        async with asyncio.timeout(block_ms / 1000 + TRY_S):
            answer = await self._tail.execute_command(
                "XREAD", "COUNT", count, "BLOCK", block_ms, "STREAMS", *positions.keys(), *positions.values()
            )
        return [(stream.decode(), rows) for stream, rows in answer or ()]

    async def time_ms(self) -> float:
        """Redis's own clock, in milliseconds since 1970."""
        seconds, micros = await self.read("TIME")
        return float(int(seconds) * 1000 + int(micros) / 1000)


def fields_of(flat: Sequence[bytes]) -> dict[bytes, bytes]:
    """Redis's flat list of names and values as a dict."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _settle(future: asyncio.Future[Any], answer: Any) -> None:
    if future.done():
        return
    if isinstance(answer, BaseException):
        future.set_exception(answer)
        future.exception()  # a caller that has gone must not leave a warning behind
    else:
        future.set_result(answer)


def _facts(flat: Sequence[Any]) -> dict[str, str | int]:
    return {
        name.decode(): value.decode() if isinstance(value, bytes) else int(value)
        for name, value in zip(flat[::2], flat[1::2], strict=True)
    }
