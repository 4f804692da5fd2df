"""Beginning at once: what does not wait costs no task, and what waits goes on as if it had had one from the start."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from server.eager import first_step


async def _finished(rest: Coroutine[Any, Any, None] | None) -> None:
    assert rest is not None
    await asyncio.create_task(rest)


async def test_what_does_not_wait_is_done_at_once() -> None:
    """A coroutine without a wait has ended when first_step returns, and leaves nothing to be run."""
    done = []

    async def answer() -> None:
        done.append("answered")

    assert first_step(answer()) is None
    assert done == ["answered"]


async def test_what_waits_goes_on_in_a_task_as_often_as_it_must() -> None:
    """Every later wait is waited for, in order, and what was waited for arrives."""
    heard: list[str] = []
    promises = [asyncio.get_running_loop().create_future() for _ in range(3)]

    async def listen() -> None:
        for promise in promises:
            word = await promise
            heard.append(word)

    rest = first_step(listen())
    assert heard == []
    promises[0].set_result("one")  # before its task has begun
    task = asyncio.create_task(_finished(rest))
    for promise, word in zip(promises[1:], ("two", "three"), strict=True):
        await asyncio.sleep(0)
        promise.set_result(word)
    await task
    assert heard == ["one", "two", "three"]


@pytest.mark.parametrize("steps", [0, 1, 2])
async def test_an_error_is_the_tasks_whenever_it_happens(steps: int) -> None:
    """What goes wrong in the first step or later is raised by the task, never into the one who began."""

    async def fail() -> None:
        for _ in range(steps):
            await asyncio.sleep(0)
        raise LookupError("ours")

    rest = first_step(fail())
    with pytest.raises(LookupError, match="ours"):
        await _finished(rest)


async def test_a_cancellation_reaches_the_place_that_waits() -> None:
    """The coroutine sees it where it waits, may tidy up with further waits, and ends as cancelled."""
    seen = []

    async def wait() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            seen.append("tidied up")
            raise

    rest = first_step(wait())
    assert rest is not None
    task = asyncio.create_task(rest)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["tidied up"]
