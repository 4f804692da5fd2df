"""Backup and restore: the whole town in one file, and nothing that is not whole becomes a town."""

from __future__ import annotations

import io
import os
import stat
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server import backup
from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.server.command import Done, bart
from tests.town import JAN_LUYKENLAAN

NOW_MS = 1_795_442_461_234


@pytest.fixture
async def open_town(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A town that is open to everybody."""
    process = ServerProcess(tmp_path / "data")
    await process.start()
    yield process
    await process.end()


async def join(process: ServerProcess, name: str) -> Neighbour:
    made = await bart("invite", JAN_LUYKENLAAN, "--json", "--data", str(process.data))
    neighbour = Neighbour(process.url, name)
    await neighbour.join(made.json()[0]["code"])
    return await neighbour.connect()


async def back_up(process: ServerProcess, target: Path) -> Done:
    return await bart("backup", str(target), "--data", str(process.data))


async def restored(source: Path, data: Path) -> ServerProcess:
    done = await bart("restore", str(source), "--data", str(data))
    assert done.code == 0, done.err
    process = ServerProcess(data)
    await process.start()
    return process


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_what_was_acknowledged_before_a_backup_is_in_it(open_town: ServerProcess, tmp_path: Path) -> None:
    """Word for word and at its number; what came later is not, and who held that begins anew."""
    ada = await join(open_town, "Ada")
    seqs = [await ada.say(JAN_LUYKENLAAN, f"Bericht {number}") for number in range(10)]
    done = await back_up(open_town, tmp_path / "town.tar")
    assert done.code == 0, done.err
    ben = await join(open_town, "Ben")
    late = await ben.say(JAN_LUYKENLAAN, "Van na de reservekopie.")
    await ben.close()
    await ada.expect("message.posted", seq=late)
    cursors = ada.cursors()
    anew = await restored(tmp_path / "town.tar", tmp_path / "anew")
    ada.url = anew.url
    await ada.connect(cursors)
    reset = await ada.expect("reset", room=JAN_LUYKENLAAN)
    assert reset["head"] == seqs[-1] < late
    page = await ada.ask("room.history", {"room": JAN_LUYKENLAAN})
    told = {entry["seq"]: entry["data"].get("text") for entry in page["entries"]}
    assert [told[seq] for seq in seqs] == [f"Bericht {number}" for number in range(10)]
    assert late not in told
    await ada.close()
    await anew.end()


async def test_a_backup_is_private_and_written_over_nothing(open_town: ServerProcess, tmp_path: Path) -> None:
    """It holds every word; and a name that is taken is somebody's file."""
    target = tmp_path / "town.tar"
    assert (await back_up(open_town, target)).code == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    before = target.read_bytes()
    (await back_up(open_town, target)).refused("is there already")
    assert target.read_bytes() == before
    assert names_in(tmp_path) == ["data", "town.tar"]
    assert not [name for name in names_in(open_town.data) if name.startswith(".backup")]


async def test_a_folder_that_is_there_is_never_restored_over(open_town: ServerProcess, tmp_path: Path) -> None:
    """A slip of the hand must not cost a town."""
    assert (await back_up(open_town, tmp_path / "town.tar")).code == 0
    done = await bart("restore", str(tmp_path / "town.tar"), "--data", str(open_town.data))
    done.refused("is there already")
    ada = await join(open_town, "Ada")
    assert await ada.say(JAN_LUYKENLAAN, "Wij zijn er nog.")
    await ada.close()


def lay_out(data: Path, parts: dict[str, bytes]) -> Path:
    """A data folder with these parts of an append-only file."""
    folder = data / backup.PARTS
    folder.mkdir(parents=True)
    for name, content in parts.items():
        (folder / name).write_bytes(content)
    listed = "".join(f"file {name} seq 1 type b\n" for name in parts)
    (folder / "appendonly.aof.manifest").write_text(listed)
    (data / "code.key").write_bytes(b"k" * 32)
    return data


@pytest.fixture
def taken(tmp_path: Path) -> Path:
    """A backup of a small folder."""
    data = lay_out(
        tmp_path / "data", {"appendonly.aof.1.base.aof": b"base", "appendonly.aof.1.incr.aof": b"more" * 999}
    )
    target = tmp_path / "small.tar"
    backup.take(data, target, NOW_MS)
    return target


def test_what_is_unpacked_is_what_was_taken(taken: Path, tmp_path: Path) -> None:
    """Parts, list and secrets, for nobody else to read."""
    with backup.unpacked(taken, tmp_path / "anew") as laid:
        assert laid.backup.taken_ms == NOW_MS
    anew, data = tmp_path / "anew", tmp_path / "data"
    files = sorted(path.relative_to(data) for path in data.rglob("*") if path.is_file())
    assert sorted(path.relative_to(anew) for path in anew.rglob("*") if path.is_file()) == files
    for name in files:
        assert (anew / name).read_bytes() == (data / name).read_bytes()
        assert stat.S_IMODE((anew / name).stat().st_mode) == 0o600


def test_a_backup_that_was_cut_off_is_refused(taken: Path, tmp_path: Path) -> None:
    """Wherever: nothing of it is left behind."""
    whole = taken.read_bytes()
    for size in (0, 100, 512, 2_000, len(whole) // 2):
        taken.write_bytes(whole[:size])
        with pytest.raises(backup.BackupError), backup.unpacked(taken, tmp_path / "anew"):
            pytest.fail("was taken for a whole one")
    assert names_in(tmp_path) == ["data", "small.tar"]


def test_a_backup_with_another_byte_is_refused(taken: Path, tmp_path: Path) -> None:
    """A disk that forgot something is found before anybody relies on it."""
    whole = bytearray(taken.read_bytes())
    whole[whole.index(b"moremore") + 2] ^= 1
    taken.write_bytes(whole)
    with pytest.raises(backup.BackupError, match="damaged"), backup.unpacked(taken, tmp_path / "anew"):
        pytest.fail("was taken for a whole one")


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "redis/appendonlydir/../../x", "redis.conf"])
def test_a_file_that_is_not_ours_is_refused(name: str, tmp_path: Path) -> None:
    """An archive of somebody else's can't write where it likes."""
    source = tmp_path / "odd.tar"
    with tarfile.open(source, "w") as tar:
        row = tarfile.TarInfo(name)
        row.size = 1
        tar.addfile(row, io.BytesIO(b"x"))
    with pytest.raises(backup.BackupError, match="no backup of BART"), backup.unpacked(source, tmp_path / "anew"):
        pytest.fail("was taken for one")
    assert not (tmp_path / "anew").exists()


def test_links_in_an_archive_are_refused(tmp_path: Path) -> None:
    """Neither does one lead out of the folder."""
    source = tmp_path / "odd.tar"
    with tarfile.open(source, "w") as tar:
        row = tarfile.TarInfo("code.key")
        row.type, row.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(row)
    with pytest.raises(backup.BackupError, match="no backup of BART"), backup.unpacked(source, tmp_path / "anew"):
        pytest.fail("was taken for one")


def test_a_list_that_changes_meanwhile_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis writes its file anew: the parts of one moment, and no mixture."""
    data = lay_out(tmp_path / "data", {"old.aof": b"old"})
    link, moved = os.link, list[Any]()

    def and_rewrite(source: Any, target: Any) -> None:
        link(source, target)
        if not moved and Path(source).name == "old.aof":
            moved.append(source)
            Path(source).unlink()
            (data / backup.PARTS / "new.aof").write_bytes(b"new")
            (data / backup.PARTS / "appendonly.aof.manifest").write_text("file new.aof seq 2 type b\n")

    monkeypatch.setattr(os, "link", and_rewrite)
    taken = backup.take(data, tmp_path / "town.tar", NOW_MS)
    assert moved
    assert sorted(taken.files) == ["code.key", f"{backup.PARTS}/appendonly.aof.manifest", f"{backup.PARTS}/new.aof"]
