"""What the embedded Redis has on disk: its folders, who may enter them, its two locks, its configuration.

    data/                0700
      redis.lock         flock, exclusive: held by Redis itself (and by its child that rewrites the file) while it lives
      servers.lock       flock, shared: held by every server on this folder; whoever can have it alone is the last one
      redis/             0700  append-only file, redis.conf, redis.log
      run/redis.sock     0600, in a 0700 folder; in the system's folder for temporary files when the path is too long

Every lock is tried without waiting; the caller decides how long to try.
"""

import hashlib
import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

from server.redis_binary import Binary, NoRedis, require_unix

if sys.platform != "win32":
    import fcntl

# A Unix socket's path ends at 104 bytes on macOS and 108 on Linux, with its final zero.
SOCKET_PATH_MAX_BYTES = 103
LOG_MAX_BYTES = 4 * 1024 * 1024

CONFIGURATION = """\
# Written by BART at every start of Redis; a change made here does not last.
port 0
unixsocketperm 600
daemonize no
databases 1
loglevel notice

# An answer means: on the disk.
appendonly yes
appendfsync always
no-appendfsync-on-rewrite no
aof-load-truncated yes
auto-aof-rewrite-percentage 100
auto-aof-rewrite-min-size 64mb
save ""

# XDEL leaves the deleted bytes in the stream's node, and a base in RDB form would carry them to the disk. A base made
# of commands holds what is there, and no more: so a purge is gone from the folder once the file is rewritten.
aof-use-rdb-preamble no
# The same in memory: a small node is freed soon after its entries were deleted.
stream-node-max-bytes 4096
stream-node-max-entries 100

# The slow log and the report of a crash hold the arguments of commands: what people wrote.
slowlog-log-slower-than -1
crash-log-enabled no
crash-memcheck-enabled no

# Nothing may be dropped to make room: a write is refused instead.
maxmemory-policy noeviction
"""


class RedisFolder:
    """One data folder, made and tightened. Raises NoRedis where it can't be ours alone."""

    def __init__(self, data: Path) -> None:
        require_unix()
        # Real paths: the name of the runtime folder and the check of an adopted Redis depend on them.
        self.data = _own_data(data.absolute()).resolve()
        self.redis = _own(self.data / "redis")
        self.log = self.redis / "redis.log"
        self.socket = _socket(self.data)

    def lock_redis(self) -> int | None:
        """The descriptor of the lock when no Redis lives here, to be inherited by the one to start; else None.

        It must be closed, never unlocked: unlocking would take it from the child that has inherited it.
        """
        return self._lock("redis.lock", fcntl.LOCK_EX)

    def lock_server(self) -> int | None:
        """The descriptor of this server's shared lock; None while the last server out is stopping Redis."""
        return self._lock("servers.lock", fcntl.LOCK_SH)

    def is_last(self, server_lock: int) -> bool:
        """Give up the shared lock, and tell whether this server has the folder alone now (nobody can enter then).

        Of several that leave at the same moment exactly one is told so: each has let go before it asks, so whoever
        asks last finds nobody. Turning the lock in one step would do that on Linux only.
        """
        fcntl.flock(server_lock, fcntl.LOCK_UN)
        return _flock(server_lock, fcntl.LOCK_EX)

    def check_files(self, binary: Binary) -> None:
        """Raises NoRedis where Redis would not complain, but start empty beside the data it does not see."""
        parts = self.redis / "appendonlydir"
        if not any(part.stat().st_size for part in parts.glob("*.aof")):
            return
        if binary.version < (7,):
            raise NoRedis(f"{parts} was written by Redis 7 or newer; {binary.path} is older and would not see it.")
        if not any(parts.glob("*.manifest")):
            raise NoRedis(
                f"The manifest in {parts} is missing. Nothing was changed or deleted. A person decides: "
                f"keep a copy of {self.redis} first, then write the manifest anew or restore a backup."
            )

    def prepare(self, maxmemory_bytes: int) -> Path:
        """Write the configuration and clear away what a killed Redis left. Only with the lock of Redis in hand."""
        for leftover in (*self.redis.glob("temp-*.aof"), *self.redis.glob("temp-*.rdb")):
            leftover.unlink()  # half a rewritten file: it may hold words that were purged since
        path = self.redis / "redis.conf"
        path.touch(mode=0o600)
        wanted = self._configuration(maxmemory_bytes)
        if path.read_bytes() != wanted:  # else a full disk need not keep Redis from starting
            path.write_bytes(wanted)
        return path

    def open_log(self) -> BinaryIO:
        """What Redis tells, to be appended to; a long one is laid aside first, in the place of the one before."""
        if self.log.exists() and self.log.stat().st_size > LOG_MAX_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600)
        return self.log.open("ab")

    def _configuration(self, maxmemory_bytes: int) -> bytes:
        paths = {"dir": self.redis, "unixsocket": self.socket, "logfile": self.log}
        lines = [CONFIGURATION.encode(), b"maxmemory %d" % maxmemory_bytes]
        return b"\n".join([*lines, *(name.encode() + b" " + _quoted(path) for name, path in paths.items()), b""])

    def _lock(self, name: str, kind: int) -> int | None:
        descriptor = os.open(self.data / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        if _flock(descriptor, kind):
            return descriptor
        os.close(descriptor)
        return None


def _flock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _own_data(path: Path) -> Path:
    """Tighten a folder that is BART's; refuse one that others can enter and that holds other people's things."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    is_shared = stat.S_IMODE(path.stat().st_mode) & 0o077
    if is_shared and any(path.iterdir()) and not (path / "redis.lock").exists():
        raise NoRedis(
            f"{path} is open to others and holds things that are not BART's. "
            f"Give a folder of its own with --data, or close this one: chmod 700 {path}"
        )
    return _own(path)


def _own(path: Path) -> Path:
    path.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise NoRedis(f"{path} belongs to somebody else. Run BART as its owner, or give another folder with --data.")
    path.chmod(0o700)
    return path


def _socket(data: Path) -> Path:
    near = data / "run" / "redis.sock"
    if len(os.fsencode(near)) <= SOCKET_PATH_MAX_BYTES:
        return _own(near.parent) / near.name
    return _runtime_folder(data) / near.name


def _runtime_folder(data: Path) -> Path:
    """A short folder in a place where everybody may write: what lies there already is believed only if it is ours.

    Somebody who could put a folder or a link there first would be given every word that is written.
    """
    mark = hashlib.sha256(b"%d:%b" % (os.getuid(), os.fsencode(data))).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"bart-{mark}"
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
        if not is_ours:
            raise NoRedis(
                f"{path} is not a folder of ours alone, so Redis' socket can't be there. "
                "Look who made it and remove it, or give a shorter path with --data."
            ) from None
    return path


def _quoted(path: Path) -> bytes:
    """A path as one word of a Redis configuration, whatever its bytes are."""
    escaped = b"".join(
        b"%c" % byte if 0x20 <= byte < 0x7F and byte not in b'"\\' else b"\\x%02x" % byte for byte in os.fsencode(path)
    )
    return b'"%b"' % escaped
