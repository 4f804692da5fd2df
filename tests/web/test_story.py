"""One evening in one street, told in five windows of a real browser, from the letter to the open book."""

from __future__ import annotations

from pathlib import Path

from tests.web.album import KEPT, MOST_BYTES
from tests.web.story import tell


async def test_a_street_is_warned_helped_and_told(tmp_path: Path) -> None:
    """Joined, warned, confirmed, called, taken, alerted, seen, over, reported, and read in the book; nothing is cut."""
    album = await tell(tmp_path / "album", tmp_path / "data")
    assert album.faults == []
    taken = {picture.name for picture in album.folder.iterdir()}
    assert taken == {picture.name for picture in KEPT.iterdir()}, f"python -m tests.web.story --folder {KEPT}"


def test_readme_shows_every_picture_and_stays_light() -> None:
    """None is kept that README does not show, and all of them together stay below a megabyte."""
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    assert [picture.name for picture in KEPT.iterdir() if f"{KEPT.name}/{picture.name}" not in readme] == []
    assert sum(picture.stat().st_size for picture in KEPT.iterdir()) < MOST_BYTES
