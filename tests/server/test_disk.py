"""The watch over the disk: it stops the town before there is no room, says so, and lets it go on."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from structlog.testing import capture_logs

from rooms.space import Space
from rooms.town import Town
from server import disk, metrics
from server.app import Running
from server.disk import DiskWatch
from server.settings import Settings

RESERVE_MB = 256
MB = 1 << 20


class Disk:
    """A disk that holds what a test says."""

    def __init__(self) -> None:
        self.free_mb, self.written_mb = 100_000, 0

    def measured(self, _folder: Path) -> tuple[int, int]:
        return self.free_mb * MB, self.written_mb * MB


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Disk:
    small = Disk()
    monkeypatch.setattr(disk, "_measured", small.measured)
    return small


@pytest.fixture
def watch(town: Town, small: Disk, tmp_path: Path) -> DiskWatch:
    return DiskWatch(town, Settings(data=str(tmp_path), disk_reserve_mb=RESERVE_MB))


async def test_the_town_stops_step_by_step_and_says_each_once(town: Town, small: Disk, watch: DiskWatch) -> None:
    """Talk, commands, the clock; with room again everything goes on."""
    said = []
    for small.free_mb, space, closed, read_only in (
        (511, Space.TALK_WAITS, False, 0), (255, Space.READ_ONLY, False, 1), (127, Space.CLOSED, True, 1),
        (9_000, Space.AMPLE, False, 0),
    ):  # fmt: skip
        with capture_logs() as lines:
            await watch.look()
            await watch.look()
        said += [(line["event"], line["log_level"]) for line in lines]
        assert (town.space, town.store.closed) == (space, closed)
        assert metrics.REGISTRY.get_sample_value("bart_read_only") == read_only
    assert said == [
        ("alarm: the disk is nearly full, talk waits", "error"),
        ("alarm: the disk is nearly full, the town is read-only", "error"),
        ("alarm: the disk is full, deadlines wait too", "error"),
        ("the disk has room again, everything goes", "warning"),
    ]


async def test_a_file_that_would_not_fit_twice_is_not_rewritten(town: Town, small: Disk, watch: DiskWatch) -> None:
    """Redis writes its file anew beside the old one; by itself it would fill the disk with it."""

    async def percentage() -> bytes:
        await watch.look()
        await watch.hold_rewriting()
        return bytes((await town.store.read("CONFIG", "GET", "auto-aof-rewrite-percentage"))[1])

    small.written_mb, small.free_mb = 4_000, 4_000
    with capture_logs() as lines:
        assert await percentage() == b"0"
        assert await percentage() == b"0"
    assert [line["event"] for line in lines] == [
        "alarm: the disk has no room to write the store's file anew; it only grows"
    ]
    small.free_mb = 5_000
    assert await percentage() == b"100"


async def test_without_a_reserve_nothing_is_watched(town: Town, small: Disk, tmp_path: Path) -> None:
    """Nor for a Redis elsewhere, whose disk is not ours."""
    small.free_mb = 0
    for settings in (Settings(data=str(tmp_path), disk_reserve_mb=0), Settings(data=str(tmp_path), redis="unix:///a")):
        await DiskWatch(town, settings).look()
        assert town.space is Space.AMPLE


async def test_a_read_only_town_is_ready_and_says_what_it_is(server: Running) -> None:
    """Sent elsewhere, people would find nobody to read from."""
    server.town.space = Space.READ_ONLY
    async with aiohttp.ClientSession() as http, http.get(server.url + "/readyz") as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True, "read_only": True})


def test_the_file_is_measured_where_redis_writes_it(tmp_path: Path) -> None:
    """Base and increments; a folder without a Redis has none."""
    assert disk._measured(tmp_path)[1] == 0
    parts = tmp_path / "redis" / "appendonlydir"
    parts.mkdir(parents=True)
    (parts / "appendonly.aof.1.base.aof").write_bytes(b"x" * 100)
    (parts / "appendonly.aof.1.incr.aof").write_bytes(b"x" * 11)
    (parts / "appendonly.aof.manifest").write_bytes(b"x")
    assert disk._measured(tmp_path)[1] == 111
