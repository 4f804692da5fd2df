"""The client's own tests, so that one command runs every layer."""

from __future__ import annotations

import pytest

from tests.web import npm


@pytest.fixture(autouse=True)
def installed() -> None:
    """The build of the client has installed what its tests need; a server-only install has not."""
    if not (npm.CLIENT / "node_modules").is_dir():
        done = npm.run("ci", "--ignore-scripts")
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", ["check", "test"])
def test_the_client_holds(script: str) -> None:
    """TypeScript's types and vitest's tests pass."""
    done = npm.run("run", script)
    assert done.returncode == 0, done.stdout + done.stderr
