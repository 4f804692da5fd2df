"""Fixtures of the engine's tests; a test module asks for them with `pytest_plugins`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import uvloop

from server.engine import Settings
from tests.server.engine_clients import Client, JsClient, PythonClient
from tests.server.engine_echo import Echo, Serve
from tests.web import npm

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}
ON_BOTH_LOOPS = ("test_connection", "test_engine", "test_engine_clients")
JS_CLIENT = Path(__file__).parent / "js_client"


@pytest.hookimpl(tryfirst=True)
def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]] | None:
    """The engine's tests run on the standard loop and on uvloop; for all others the conftest decides."""
    return LOOPS if item.path.stem in ON_BOTH_LOOPS else None


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start an Echo with the given settings; at the end nothing of it may be left."""
    started: list[Echo] = []

    async def start(header_deadline_s: float = 10, **settings: Any) -> Echo:
        echo = Echo(Settings(**{"leave_within_s": 1, **settings}))
        await echo.start(header_deadline_s)
        started.append(echo)
        return echo

    yield start
    for echo in started:
        await echo.stop()


@pytest.fixture
async def echo(serve: Serve) -> Echo:
    return await serve()


@pytest.fixture(scope="session")
def node() -> str:
    """Node, with the official client installed beside the script."""
    folder = npm.node()[0]
    if not (JS_CLIENT / "node_modules").exists():
        done = npm.run("ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=JS_CLIENT)
        assert done.returncode == 0, done.stderr
    return str(folder / ("node.exe" if os.name == "nt" else "node"))


@pytest.fixture(params=["javascript", "python"])
async def client(request: pytest.FixtureRequest, echo: Echo) -> AsyncIterator[Client]:
    """Each of the two official clients in turn; it ends before its server, or it would try to come back."""
    made = JsClient(request.getfixturevalue("node")) if request.param == "javascript" else PythonClient()
    await made.start()
    yield made
    await made.stop()
