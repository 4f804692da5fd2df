"""The ground of every command: the secret of the letters, and the Redis it stands on."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from rooms import store
from rooms.signature import KeyPair
from server import ground
from server.ground import ALERT_KEY_FILE, KEY_FILE, alert_key, code_key, open_town
from server.redis_binary import NoRedis
from server.settings import SettingError, Settings


def test_the_key_is_made_once(tmp_path: Path) -> None:
    """The first start makes it, in a folder and a file that nobody else reads; every other start finds it."""
    folder = tmp_path / "data"
    key = code_key(Settings(), folder)
    assert len(key) == 32
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert code_key(Settings(), folder) == key
    assert [file.name for file in folder.iterdir()] == [KEY_FILE]


def test_two_first_starts_end_with_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have seen that there is none; the slower one takes the key of the faster, and nobody reads half of one."""
    starts = 8
    together, write = Barrier(starts), ground._write_key

    def write_together(path: Path) -> None:
        together.wait(10)
        write(path)

    monkeypatch.setattr(ground, "_write_key", write_together)
    with ThreadPoolExecutor(starts) as threads:
        keys = list(threads.map(lambda _: code_key(Settings(), tmp_path), range(starts)))
    assert len(set(keys)) == 1
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_a_damaged_key_is_refused(tmp_path: Path, content: bytes) -> None:
    """A key made anew would void every letter in town; a person restores it."""
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(SettingError, match="damaged; restore it"):
        code_key(Settings(), tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == content


def test_a_key_that_is_set_needs_no_file(tmp_path: Path) -> None:
    """BART_CODE_KEY is for servers that share a Redis elsewhere; nothing is written then."""
    folder = tmp_path / "data"
    assert code_key(Settings(code_key="ab" * 32), folder) == b"\xab" * 32
    assert not folder.exists()


def test_the_key_of_alerts_is_a_secret_of_its_own(tmp_path: Path) -> None:
    """Made at the first start, 0600, found by every other; who knows one of the two secrets does not know the other."""
    seed = alert_key(Settings(), tmp_path)
    assert stat.S_IMODE((tmp_path / ALERT_KEY_FILE).stat().st_mode) == 0o600
    assert alert_key(Settings(), tmp_path) == seed != code_key(Settings(), tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {KEY_FILE, ALERT_KEY_FILE}
    assert alert_key(Settings(alert_key="cd" * 32), tmp_path / "none") == b"\xcd" * 32


def test_a_damaged_key_of_alerts_is_refused(tmp_path: Path) -> None:
    """With another one every client would say that it can't verify the town's alerts."""
    (tmp_path / ALERT_KEY_FILE).write_bytes(b"x" * 31)
    with pytest.raises(SettingError, match=r"alert\.key .* damaged; restore it"):
        alert_key(Settings(), tmp_path)


async def test_a_town_signs_by_its_key(tmp_path: Path, empty_redis: str) -> None:
    """The same after every start."""
    settings, found = Settings(redis=empty_redis, data=str(tmp_path)), []
    for _ in range(2):
        async with open_town(settings, default=False) as opened:
            found.append(opened.town.signing.id)
    assert found == [KeyPair((tmp_path / ALERT_KEY_FILE).read_bytes()).id] * 2


async def test_a_redis_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a sentence about Redis, without its address: that may hold a password."""
    monkeypatch.setattr(store, "GIVE_UP_S", 0.1)
    settings = Settings(redis=f"unix://u:geheim@{tmp_path}/none.sock", data=str(tmp_path))
    with pytest.raises(NoRedis) as raised:
        async with open_town(settings):
            raise AssertionError("there is no town")
    assert "No Redis answers" in str(raised.value)
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize("address", ["localhost", "http://localhost", "redis://localhost:port"])
async def test_an_address_that_is_none_is_said(tmp_path: Path, address: str) -> None:
    """With what one looks like, and without what was given."""
    with pytest.raises(SettingError, match="redis://") as raised:
        async with open_town(Settings(redis=address, data=str(tmp_path))):
            raise AssertionError("there is no town")
    assert "localhost" not in str(raised.value)


async def test_an_empty_town_becomes_the_default_one_unless_told_otherwise(empty_redis: str, tmp_path: Path) -> None:
    """`bart places import` starts from nothing; every other command finds a town to work in."""
    settings = Settings(redis=empty_redis, data=str(tmp_path))
    async with open_town(settings, default=False) as opened:
        assert len(opened.town.places) == 0
        assert opened.redis is None
    async with open_town(settings) as opened:
        laid_out = len(opened.town.places)
        assert laid_out > 200
    async with open_town(settings) as opened:
        assert len(opened.town.places) == laid_out
