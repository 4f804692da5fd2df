"""Parts of several journeys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.process import ServerProcess


@pytest.fixture
async def busy(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server as a process whose residents may talk and read without pause."""
    process = ServerProcess(tmp_path / "data", BART_LIMIT_TALK="1000/1", BART_LIMIT_READ="1000/1")
    await process.start()
    yield process
    await process.end()
