"""`bart audit`: what was changed is named, and the exit code says so; heads are kept beside the data."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from rooms import keys
from rooms.audit_chain import Seen
from rooms.audit_deed import AuditRow, packed
from rooms.keys import book_keys
from rooms.shape import By
from rooms.store import Store
from rooms.town import Town
from server import audit_heads
from server.app import Running
from server.audit_heads import HeadsFile
from tests.process import ServerProcess
from tests.rooms.audit_changes import NAME
from tests.server.command import BART, Done, bart, beside, redis_elsewhere
from tests.town import JAN_LUYKENLAAN, MOERWIJK_WEST

BOOK = MOERWIJK_WEST
NUMBERS = itertools.count()


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server with a data folder of its own."""
    process = ServerProcess(tmp_path / "data", BART_LOG_LEVEL="error")
    await process.start()
    yield process
    await process.end()


@pytest.fixture
async def store(process: ServerProcess) -> AsyncIterator[Store]:
    """The store of that server, as somebody finds it who has the machine."""
    store = Store(f"unix://{_socket(process.data)}")
    yield store
    await store.close()


def _socket(data: Path) -> Path:
    (found,) = [path for path in data.rglob("*.sock") if path.is_socket()]
    return found


async def deed(store: Store, count: int = 1) -> None:
    """Deeds of an officer in Ada's street."""
    town = Town(store, bytes(32))
    town.clock.follow(await store.time_ms())
    of = book_keys(BOOK)
    vega = By("v", "Wijkagent", "officer", "police")
    for _ in range(count):
        said = packed(AuditRow(deed="case.accepted", by=vega, room=JAN_LUYKENLAAN, code=f"{next(NUMBERS)}"))
        await store.run(
            "note_refused", [of.audit, of.audit_head, of.due], [town.clock.now_ms(), BOOK, said, "v", JAN_LUYKENLAAN]
        )


async def sealed(store: Store, count: int) -> None:
    """Wait until the server has sealed that many rows."""
    async with asyncio.timeout(20):
        while not (await store.read("HGET", keys.AUDIT_HEADS, BOOK) or b"").startswith(f"{count} ".encode()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # the sealer tells nobody


async def audit(process: ServerProcess, *command: str) -> Done:
    return await bart("audit", *command, "--data", str(process.data))


async def test_a_whole_town_is_verified_beside_its_server(process: ServerProcess, store: Store) -> None:
    """Exit code 0, and how much was looked at."""
    await deed(store, 3)
    await sealed(store, 3)
    done = await audit(process, "verify")
    assert done.code == 0, done.err
    assert "3 rows" in done.out
    assert "everything is as it was written" in done.out
    assert (await audit(process, "verify", "--json")).json()["problems"] == []


async def test_a_changed_row_is_named(process: ServerProcess, store: Store) -> None:
    """Exit code 1, the book, the number of the first wrong row, and no traceback."""
    await deed(store, 3)
    await sealed(store, 3)
    await store.read("HSET", book_keys(BOOK).seals, 2, "0" * 64)
    done = await audit(process, "verify")
    done.refused("no longer as written")
    assert done.code == 1
    assert f"{BOOK}, row 2: the row or its seal was changed." in done.out


async def test_an_end_that_was_cut_off_is_told_by_the_heads(process: ServerProcess, store: Store) -> None:
    """A book that was set back to an earlier state, the town's own head with it: the file beside the data knows."""
    await deed(store, 2)
    await sealed(store, 2)
    before = await store.read("HGETALL", book_keys(BOOK).audit_head)
    await deed(store, 1)
    await sealed(store, 3)
    assert await process.stop() == 0
    assert f" {BOOK} 3 " in (process.data / audit_heads.NAME).read_text()
    await process.start()
    store = Store(store.url)
    of = book_keys(BOOK)
    seal = (await store.read("HGET", of.seals, 2)).decode()
    await store.read("XDEL", of.audit, "3-0")
    await store.read("HDEL", of.seals, 3)
    await store.read("HSET", of.audit_head, *before)
    await store.read("HSET", keys.AUDIT_HEADS, BOOK, f"2 {seal} 1")
    done = await audit(process, "verify")
    await store.close()
    done.refused()
    assert "the end is cut off: audit.heads holds a head of row 3" in done.out


async def test_an_export_is_verified_without_a_town(process: ServerProcess, store: Store, tmp_path: Path) -> None:
    """What was exported is whole elsewhere; one changed letter in it is found, and so is a head it does not have."""
    await deed(store, 3)
    await sealed(store, 3)
    file = tmp_path / "audit.jsonl"
    assert "3 rows" in (await audit(process, "export", str(file))).out
    assert "everything is as it was written" in (await bart("audit", "verify", "--file", str(file))).out
    heads = tmp_path / "kept"
    heads.write_text(f"1 {BOOK} 9 {'a' * 64}\n")
    done = await bart("audit", "verify", "--file", str(file), "--heads", str(heads))
    assert (done.code, "kept holds a head of row 9" in done.out) == (1, True)
    heads.write_text(f"1 BU05183638 2 {'a' * 64}\n")
    done = await bart("audit", "verify", "--file", str(file), "--heads", str(heads))
    assert (done.code, "BU05183638, row 1: the end is cut off" in done.out) == (1, True), "a whole book is missing"
    changed = tmp_path / "changed.jsonl"
    changed.write_text(file.read_text().replace("Wijkagent", "Wijkagente", 1))
    assert (await bart("audit", "verify", "--file", str(changed))).code == 1
    assert file.stat().st_mode & 0o077 == 0
    (await audit(process, "export", str(file))).refused("exists already")


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("no file nergens", ("verify", "--file", "nergens")),
        ("no file nergens", ("verify", "--heads", "nergens")),
        ("Line 1 is no line", ("verify", "--file", "README.md")),
        ("README.md holds no heads", ("verify", "--heads", "README.md")),
    ],
)
async def test_a_file_that_cannot_be_meant_is_refused(words: str, command: tuple[str, ...]) -> None:
    """One clear sentence each, before any town is opened."""
    (await bart("audit", *command)).refused(words)


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\xff\xfe\x00", b"[1, 2]\n", b'{"book": "BU05183637"}\n', b"null\n"]
)
async def test_an_empty_file_is_no_proof(tmp_path: Path, content: bytes) -> None:
    """What holds no book at all, or none that can be read, is refused and never called as it was written."""
    file = tmp_path / "audit.jsonl"
    file.write_bytes(content)
    done = await bart("audit", "verify", "--file", str(file))
    assert (done.code, done.out, "Traceback" in done.err) == (1, "", False)


# the file of heads -----------------------------------------------------------------------------------

A, B, C = (letter * 64 for letter in "abc")


def test_heads_are_kept_once_each_and_never_rewritten(tmp_path: Path) -> None:
    """Every new head of a book is a line; what was there before stays."""
    file = HeadsFile(tmp_path)
    assert file.keep({NAME: Seen(1, A, 10)}) == []
    assert file.keep({NAME: Seen(1, A, 10)}) == []
    assert HeadsFile(tmp_path).keep({NAME: Seen(3, C, 30)}) == []
    assert file.path.read_text() == f"10 {NAME} 1 {A}\n30 {NAME} 3 {C}\n"
    assert [seen.n for seen in audit_heads.read(file.path)[NAME]] == [1, 3]


def test_a_book_that_became_shorter_is_told(tmp_path: Path) -> None:
    """An older head than the one that was written down, or none: somebody cut the end off."""
    file = HeadsFile(tmp_path)
    file.keep({NAME: Seen(3, C, 30), "BU1": Seen(1, A, 1)})
    assert HeadsFile(tmp_path).keep({NAME: Seen(2, B, 20)}) == sorted(("BU1", NAME))


def test_a_line_that_a_power_cut_tore_stops_nothing(tmp_path: Path) -> None:
    """It is passed over, and the next head begins a line of its own."""
    file = HeadsFile(tmp_path)
    file.keep({NAME: Seen(1, A, 10)})
    with file.path.open("a") as torn:
        torn.write(f"20 {NAME} 2 {B[:30]}")
    HeadsFile(tmp_path).keep({NAME: Seen(3, C, 30)})
    assert [seen.n for seen in audit_heads.read(file.path)[NAME]] == [1, 3]


# sealing by processes --------------------------------------------------------------------------------


async def test_two_processes_seal_once(tmp_path: Path) -> None:
    """Two servers on one Redis: every row has one seal, the chain holds, and both keep its head."""
    async with redis_elsewhere(tmp_path, "--appendonly", "yes") as url:
        async with _serving(url, tmp_path / "one"), _serving(url, tmp_path / "other"):
            store = Store(url)
            for _ in range(5):
                await deed(store, 4)
            await sealed(store, 20)
            await store.close()
        done = await bart("audit", "verify", "--redis", url, BART_DATA=str(tmp_path / "one"))
        assert "20 rows" in done.out, done.err
        assert done.code == 0
        kept = [audit_heads.read(tmp_path / name / audit_heads.NAME) for name in ("one", "other")]
        assert [heads[BOOK][-1].n for heads in kept] == [20, 20]


@asynccontextmanager
async def _serving(url: str, data: Path) -> AsyncIterator[None]:
    """A server on a Redis elsewhere, ended as a restart ends it."""
    environ = {"BART_CODE_KEY": "0" * 64, "BART_DATA": str(data), "BART_LOG_LEVEL": "error", "BART_DRAIN_S": "1"}
    async with beside(*BART, "serve", "--redis", url, "--port", "0", "--json-ready", **environ) as server:
        await server.until(lambda lines: any('"url"' in line for line in lines))
        yield
        server.child.terminate()
        await server.ended()


async def test_a_server_that_is_killed_leaves_its_deeds_to_the_next(process: ServerProcess, store: Store) -> None:
    """kill -9 between a deed and its seal: the row is there, and whoever starts next seals it."""
    await process.kill9()
    await deed(store, 2)
    done = await bart("audit", "verify", "--data", str(process.data))
    assert "2 rows not sealed yet" in done.out, done.err
    await process.start()
    await sealed(store, 2)
    assert (await audit(process, "verify")).code == 0


async def test_a_shorter_book_is_an_alarm(server: Running) -> None:
    """A server that finds a head behind the one it wrote down says so, by the book, every minute anew."""
    heads = server.town.store
    await heads.read("HSET", keys.AUDIT_HEADS, BOOK, f"3 {C} 30")
    await server.sweeps.keep_heads()
    await heads.read("HSET", keys.AUDIT_HEADS, BOOK, f"2 {B} 20")
    with capture_logs() as lines:
        await server.sweeps.keep_heads()
    assert [line["book"] for line in lines if line["event"].startswith("alarm")] == [BOOK]
