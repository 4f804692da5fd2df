"""The embedded Redis: a real server as a child on a Unix socket, one for all servers on a data folder.

Two Redis on one directory is the worst failure, so the lock is Redis' own: it inherits the descriptor, and the lock
lives as long as it does. Nobody starts a Redis without that lock; whoever finds it taken asks the socket, checks who
answers, and adopts it: another server's child, or the orphan that a killed server left behind.

`rooms/store.py` is the one file that reads and writes data in Redis; this one speaks to it as its administrator only
(who are you, what are your settings, shut down).
"""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Self
from urllib.parse import quote

import structlog
from structlog.typing import FilteringBoundLogger

from server import redis_binary, redis_facts
from server.redis_binary import Binary, NoRedis
from server.redis_facts import Facts
from server.redis_folder import RedisFolder

POLL_S = 0.02
WAIT_S = 60
STOP_S = 5  # per way of asking
REAPED_WITHIN_S = 1
BACKOFF_FIRST_S = 0.1
BACKOFF_LAST_S = 5.0
STEADY_AFTER_S = 30
# A Redis that somebody killed while it started is started again; one that keeps being killed is not.
STARTS_MAX = 3
LOG_TAIL_BYTES = 16 * 1024
DAMAGE = re.compile(
    rb"(reading|opening) the append only file|append log file|the AOF file|AOF manifest|AOF loading aborted"
    rb"|truncated file is not the last",
    re.IGNORECASE,
)

# The child of this process on each socket, so that whoever sees it end can reap it: the object that started it may
# have been closed before, while others still used that Redis.
_children: dict[Path, subprocess.Popen[bytes]] = {}


class EmbeddedRedis:
    """This server's seat at the Redis of a data folder. Made by `open`, given up by `close`; `watch` keeps it alive."""

    def __init__(
        self, folder: RedisFolder, binary: Binary, maxmemory_bytes: int, wait_s: float, log: FilteringBoundLogger
    ) -> None:
        self.socket: Path = folder.socket
        self.pid = 0
        self.restarts = 0
        self._folder = folder
        self._binary = binary
        self._maxmemory_bytes = maxmemory_bytes
        self._wait_s = wait_s
        self._log = log
        self._server_lock: int | None = None
        self._log_offset = 0
        self._closing = asyncio.Event()
        self._turn = asyncio.Lock()  # one of attaching and leaving at a time

    @classmethod
    async def open(
        cls,
        data: Path,
        *,
        binary: Binary | None = None,
        maxmemory_bytes: int = 0,
        wait_s: float = WAIT_S,
        log: FilteringBoundLogger | None = None,
    ) -> Self:
        """Start the Redis of a data folder, or adopt the one that runs; return when it answers.

        maxmemory_bytes: 0 for no limit; a running Redis then keeps the one it has. wait_s: how long a Redis that holds
        the lock may be silent; reading a long append-only file is not silence. The caller runs `watch` beside it and
        must `close` it.
        Raises NoRedis, with what a person can do.
        """
        found = await asyncio.to_thread(redis_binary.find) if binary is None else binary
        try:
            folder = RedisFolder(data)
        except OSError as error:
            raise NoRedis(f"{data} can't be the data folder: {error}") from error
        redis = cls(folder, found, maxmemory_bytes, wait_s, log or structlog.get_logger("redis"))
        try:
            await redis._take_seat()
            await redis._attach()
        except BaseException:
            await redis.close()
            raise
        return redis

    @property
    def url(self) -> str:
        """As redis-py reads it: `unix://` and the quoted path."""
        return "unix://" + quote(os.fsencode(self.socket))

    async def watch(self) -> None:
        """Bring Redis back whenever it dies, or adopt the one that another server started; return when closed."""
        backoff_s = BACKOFF_FIRST_S
        while not self._closing.is_set():
            since = time.monotonic()
            await self._until_lost()
            if time.monotonic() - since >= STEADY_AFTER_S:
                backoff_s = BACKOFF_FIRST_S
            await self._pause(backoff_s)
            backoff_s = min(2 * backoff_s, BACKOFF_LAST_S)
            await self._attach_again()

    async def close(self) -> None:
        """Leave; the last server out stops Redis and waits until it is gone. May be called twice."""
        self._closing.set()
        async with self._turn:
            if self._server_lock is None:
                return
            try:
                is_last = self._folder.is_last(self._server_lock)
                if is_last and (self.pid or self.socket in _children):  # else it never had one: not its to stop
                    await self._stop()
            finally:
                os.close(self._server_lock)
                self._server_lock = None

    # Attaching: adopt or start

    async def _take_seat(self) -> None:
        """The shared lock of a server; waits while the last one out is stopping Redis."""
        deadline = time.monotonic() + self._wait_s + STOP_S
        while (lock := self._folder.lock_server()) is None:
            if time.monotonic() > deadline:
                raise NoRedis(f"Another server has been stopping the Redis of {self._folder.data} for too long.")
            await asyncio.sleep(POLL_S)
        self._server_lock = lock

    async def _attach(self) -> None:
        """Until a Redis that is ours answers: start one whenever the lock is free, and wait while it is not."""
        heard_at, starts = time.monotonic(), 0
        while not self._closing.is_set():
            starts += await self._start_if_none(starts)
            facts = await redis_facts.ask(self.socket)
            if facts is None and time.monotonic() - heard_at > self._wait_s:
                raise NoRedis(self._silence())
            if facts is not None:
                facts.check(self._folder.redis)
                heard_at = time.monotonic()
                if not facts.is_loading:
                    return await self._adopt(facts)
            await self._pause(POLL_S)
        return None

    async def _start_if_none(self, starts: int) -> bool:
        lock = self._folder.lock_redis()
        if lock is None:
            return False
        try:
            self._refuse_restart(starts)
            if await redis_facts.keeps_listening(self.socket):
                raise NoRedis(
                    f"A Redis listens at {self.socket}, but {self._folder.data / 'redis.lock'} is not locked: "
                    "was that file replaced? No second one is started. Stop that Redis first."
                )
            self._folder.check_files(self._binary)
            self._spawn(lock)
        except OSError as error:
            raise NoRedis(f"Redis can't be started in {self._folder.redis}: {error}") from error
        finally:
            os.close(lock)  # never LOCK_UN: the child has the same lock, and keeps it
        return True

    def _spawn(self, lock: int) -> None:
        """In a session of its own, so that Ctrl-C leaves it to the servers, which drain first.

        No parent-death signal: it fires when the thread that started the child ends, and would take Redis from the
        other servers of this folder.
        """
        with self._folder.open_log() as log:
            self._log_offset = log.tell()
            child = subprocess.Popen(  # noqa: S603  # the program that the finder examined
                [self._binary.path, self._folder.prepare(self._maxmemory_bytes)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder.redis,
                pass_fds=(lock,),
                start_new_session=True,
                umask=0o077,
            )
        _reap(self.socket)  # the one before
        _children[self.socket] = child
        version = ".".join(map(str, self._binary.version))
        self._log.info("redis.started", pid=child.pid, program=str(self._binary.path), version=version)

    def _refuse_restart(self, starts: int) -> None:
        """The lock came free after we started one: it has ended. Raises NoRedis unless it was merely killed."""
        if not starts:
            return
        code = _reap(self.socket)
        if code == -signal.SIGKILL and starts < STARTS_MAX:
            return
        with self._folder.log.open("rb") as log:
            log.seek(max(self._log_offset, log.seek(0, os.SEEK_END) - LOG_TAIL_BYTES))
            said = log.read()
        raise NoRedis(self._damage() if code == 1 and DAMAGE.search(said) else self._ended(code))

    async def _adopt(self, facts: Facts) -> None:
        """Take the Redis that answers, whoever started it, as ours."""
        child = _children.get(self.socket)
        if child is None or child.pid != facts.pid:
            _reap(self.socket)  # ours has ended: the one that answers has its lock
            self._log.info("redis.adopted", pid=facts.pid, version=facts.version)
        if self._maxmemory_bytes:  # an orphan, or one that a command started, may have another limit
            await redis_facts.set_maxmemory(self.socket, self._maxmemory_bytes)
        if self.pid not in (0, facts.pid):
            self.restarts += 1
        self.pid = facts.pid

    # Watching

    async def _until_lost(self) -> None:
        """Returns when Redis has died, by the end of a connection that nothing is ever sent on, or when closed."""
        try:
            reader, writer = await asyncio.open_unix_connection(self.socket)
        except OSError:
            return
        end = asyncio.ensure_future(reader.read())
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait((end, closing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            closing.cancel()
            writer.close()
            with contextlib.suppress(OSError):
                await end

    async def _attach_again(self) -> None:
        async with self._turn:
            if self._closing.is_set():
                return
            self._log.warning("redis.lost", pid=self.pid)
            try:
                await self._attach()
            except (NoRedis, OSError) as reason:
                # Tried again after the back-off: a person mends the folder, a full disk or the open files meanwhile.
                self._log.error("redis.unavailable", reason=str(reason))

    # Stopping

    async def _stop(self) -> None:
        """Shut Redis down and wait for its lock. Only with the servers' lock held alone: nobody can come meanwhile.

        A kill loses nothing: every answer that Redis gave was on the disk before.
        """
        if await self._is_gone(within_s=0):
            return
        facts = await redis_facts.ask(self.socket)
        pid = facts.pid if facts else self.pid  # another server may have restarted it a moment ago
        await redis_facts.shut_down(self.socket)
        for signal_number in (signal.SIGTERM, signal.SIGKILL, None):
            if await self._is_gone(within_s=STOP_S):
                _reap(self.socket)
                self._log.info("redis.stopped", pid=pid)
                return
            if not self._signal(signal_number):
                break
        self._log.error("redis.left_running", pid=pid, socket=str(self.socket))

    def _signal(self, number: signal.Signals | None) -> bool:
        """Only to a child not yet reaped: any other process id may have become somebody else's."""
        child = _children.get(self.socket)
        if number is None or child is None or child.poll() is not None:
            return False
        child.send_signal(number)
        return True

    async def _is_gone(self, within_s: float) -> bool:
        deadline = time.monotonic() + within_s
        while (lock := self._folder.lock_redis()) is None:
            if time.monotonic() >= deadline:
                return False
            await asyncio.sleep(POLL_S)
        os.close(lock)
        return True

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)

    # What a person is told

    def _silence(self) -> str:
        return (
            f"A Redis holds {self._folder.data / 'redis.lock'} but has not answered at {self.socket} for "
            f"{self._wait_s:g} s. No second one is started beside it. Look at that process and at {self._folder.log}; "
            "when it is gone, start again."
        )

    def _damage(self) -> str:
        return (
            f"Redis can't read its append-only file; {self._folder.log} says where. Nothing was changed or deleted. "
            f"A person decides: keep a copy of {self._folder.redis} first, then repair it (redis-check-aof) or restore "
            "a backup."
        )

    def _ended(self, code: int | None) -> str:
        return f"Redis ended while it started (exit code {code}). {self._folder.log} says why."


def _reap(socket: Path) -> int | None:
    """The exit code of a child that has let go of its lock, so it ends within milliseconds; None: no child of ours.

    Raises NoRedis when it has not ended: then it is not the one whose lock came free.
    """
    child = _children.get(socket)
    if child is None:
        return None
    try:
        code = child.wait(REAPED_WITHIN_S)
    except subprocess.TimeoutExpired as error:
        raise NoRedis(f"Redis (pid {child.pid}) runs without its lock; was that file replaced? Stop it.") from error
    del _children[socket]
    return code
