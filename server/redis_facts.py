"""What a Redis says of itself, and the few orders an administrator gives it.

One connection per question, never repeated by the client: whoever asks repeats, and knows what silence means.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from server.redis_binary import NoRedis

TIMEOUT_S = 2.0
POLL_S = 0.02

# Without each of these an answer would promise more than the disk holds, or a purge less.
REQUIRED = {"appendonly": "yes", "appendfsync": "always", "aof-use-rdb-preamble": "no"}


@dataclass(frozen=True, slots=True)
class Facts:
    """One Redis, by its own words: INFO and CONFIG GET, which it answers while it is loading too."""

    pid: int
    version: str
    is_loading: bool
    folder: Path
    settings: dict[str, str]

    def check(self, folder: Path) -> None:
        """Raises NoRedis unless it works in *folder* and is durable."""
        if self.folder != folder:
            raise NoRedis(f"The Redis that answers (pid {self.pid}) works in {self.folder}, not in {folder}.")
        for name, required in REQUIRED.items():
            if self.settings[name] != required:
                raise NoRedis(
                    f"The Redis that runs in {folder} (pid {self.pid}) has {name} {self.settings[name]}, "
                    f"and BART needs {required}. Stop it, and start BART again."
                )


async def ask(socket: Path) -> Facts | None:
    """Who listens at *socket*; None for silence: nothing there, no answer in time, or one that says nothing."""
    try:
        async with _connected(socket) as redis:
            server = await redis.info("server")
            persistence = await redis.info("persistence")
            settings = {name: await _setting(redis, name) for name in (*REQUIRED, "dir")}
    except (RedisError, OSError):
        return None
    return Facts(
        pid=server["process_id"],
        version=str(server.get("valkey_version") or server["redis_version"]),
        is_loading=bool(persistence["loading"]),
        folder=Path(settings.pop("dir")),
        settings=settings,
    )


async def set_maxmemory(socket: Path, maxmemory_bytes: int) -> None:
    """A Redis that dies meanwhile is started again with the right limit, so its silence is no fault."""
    with suppress(RedisError, OSError):
        async with _connected(socket) as redis:
            await redis.config_set("maxmemory", maxmemory_bytes)


async def shut_down(socket: Path) -> None:
    """Ask it to end; it writes and syncs its file first. Whether it did is seen by its lock, not here."""
    with suppress(RedisError, OSError):
        async with _connected(socket) as redis:
            await redis.shutdown(nosave=True)


async def keeps_listening(socket: Path) -> bool:
    """Whether a process accepts connections there, be it silent, and goes on doing so.

    One that is ending lets go of its lock a moment before its socket; that moment is waited out.
    """
    deadline = time.monotonic() + TIMEOUT_S
    while await _is_listening(socket):
        if time.monotonic() > deadline:
            return True
        await asyncio.sleep(POLL_S)
    return False


async def _is_listening(socket: Path) -> bool:
    try:
        _, writer = await asyncio.wait_for(asyncio.open_unix_connection(socket), TIMEOUT_S)
    except (ConnectionRefusedError, FileNotFoundError):
        return False
    except OSError:
        return True  # its queue is full
    writer.close()
    return True


async def _setting(redis: Redis, name: str) -> str:
    return str((await redis.config_get(name))[name])


@asynccontextmanager
async def _connected(socket: Path) -> AsyncIterator[Redis]:
    redis = Redis(
        unix_socket_path=os.fspath(socket),
        retry=Retry(NoBackoff(), 0),
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        decode_responses=True,
        encoding_errors="surrogateescape",  # as Python reads file names
    )
    try:
        yield redis
    finally:
        await redis.aclose()
