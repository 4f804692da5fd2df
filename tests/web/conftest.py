"""One server and one browser for all stories of a file; a window that did something wrong fails its story."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.process import ServerProcess
from tests.web.browser import chromium
from tests.web.stage import QUICK_TALK, Stage


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def one_stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with chromium() as browser:
        process = ServerProcess(tmp_path_factory.mktemp("town") / "data", **QUICK_TALK)
        await process.start()
        yield Stage(process, browser)
        await process.end()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(one_stage: Stage) -> AsyncIterator[Stage]:
    """The stage, with nobody on it."""
    if not one_stage.process.alive:  # a story that failed may have left it dead
        await one_stage.process.start()
    yield one_stage
    assert await one_stage.close_windows() == []
