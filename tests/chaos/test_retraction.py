"""A small street in which a warning is taken back, and what the judge of such a run must not overlook."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.app import Running
from tests.chaos.retraction import Line, Sizes, judge, play, read

SMALL = Sizes(given=20, away=5, second=3, died=3, left=3, missed=3)


@pytest.fixture
async def lines(server: Running, tmp_path: Path) -> list[Line]:
    """The log of a run."""
    path = tmp_path / "log.jsonl"
    with path.open("w") as file:
        await play(server, SMALL, file)
    return read(path)


async def test_everybody_gets_what_is_theirs(lines: list[Line]) -> None:
    """Who was there at once, who was away or died first thing, who left the date and the kind, who missed it nothing;
    and a judge who is handed a changed log sees each of these promises broken."""
    assert judge(lines, SMALL) == []
    given = [place for place, line in enumerate(lines) if line["event"] == "correction.given"]
    welcomed = [place for place, line in enumerate(lines) if line.get("corrections")]
    assert judge([line for place, line in enumerate(lines) if place != given[0]], SMALL), "nobody told"
    assert judge([line for place, line in enumerate(lines) if place != welcomed[0]], SMALL), "nobody told on return"
    assert judge([*lines[: given[0]], lines[given[0]], *lines[given[0] :]], SMALL), "told twice"
    assert judge([*lines, lines[given[0]]], SMALL), "told after it was seen"
    stranger = {**lines[given[0]], "who": f"Buur {SMALL.given:04}", "device": 1}
    assert judge([*lines[: given[0]], stranger, *lines[given[0] :]], SMALL), "told though never given"
