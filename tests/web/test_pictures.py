"""The pictures can be taken, and a few of them are; `python -m tests.web.pictures` takes them all."""

from __future__ import annotations

from pathlib import Path

from tests.web.browser import chromium
from tests.web.pictures import SIZES, take
from tests.web.populated import populated

FEW = (
    "street",
    "me",
    "rules",
    "case_paging",
    "case_nobody",
    "private_case",
    "warn_where",
    "warning_many",
    "notice",
    "desk",
    "desk_page",
    "desk_resolve",
)


async def test_a_few_views_fit_in_english_and_in_the_dark(tmp_path: Path) -> None:
    """Other words are longer; nothing is cut and nothing scrolls sideways, also at 320 pixels and at 400 %."""
    async with chromium() as browser, populated(tmp_path / "data") as town:
        assert await take(browser, town, tmp_path, FEW, SIZES, ("dark",), ("en-GB",)) == []
    assert all((tmp_path / f"{view}-en-{size.name}-dark.png").stat().st_size > 0 for view in FEW for size in SIZES)
