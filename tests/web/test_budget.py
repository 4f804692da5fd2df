"""What the first visit costs. The times of the budget are measured by `python -m tests.web.budget`."""

from __future__ import annotations

import pytest

from tests.web.budget import MOST_BYTES, first_load
from tests.web.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_first_visit_fits_the_budget(stage: Stage) -> None:
    """Everything that the door needs, compressed, is below 90 kB."""
    loaded = await first_load(stage.browser, stage.process.url)
    assert any(path.endswith(".js") for path in loaded)
    assert sum(loaded.values()) < MOST_BYTES, loaded
