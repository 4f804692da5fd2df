"""Begin a coroutine at once, and give it a task only if it has to wait.

Most commands are answered, or handed to the store, in their first step; a task and its turn of the loop cost as much
as such a command itself. (Python 3.12 has it as eager tasks.) In its first step a coroutine has no task of its own:
`asyncio.timeout` and `asyncio.current_task` are for later steps.
"""

from __future__ import annotations

import types
from collections.abc import Coroutine, Generator
from typing import Any


def first_step(coroutine: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None] | None:
    """Run it up to its first wait. Returns the rest, for a task; None where it is done.

    What it raises, the rest raises: whoever runs tasks knows what to do about it.
    """
    try:
        waits_for = coroutine.send(None)
    except StopIteration:
        return None
    except Exception as error:  # noqa: BLE001 - see above
        return _raise(error)
    return _await(coroutine, waits_for)


async def _raise(error: Exception) -> None:
    raise error


async def _await(coroutine: Coroutine[Any, Any, None], waits_for: object) -> None:
    await _rest(coroutine, waits_for)


@types.coroutine
def _rest(coroutine: Coroutine[Any, Any, None], waits_for: object) -> Generator[object, None, None]:
    """Every later step, and whatever is thrown in: a cancellation reaches the coroutine where it waits."""
    while True:
        thrown: BaseException | None = None
        try:
            yield waits_for
        except BaseException as error:  # noqa: BLE001 - handed on
            thrown = error
        try:
            waits_for = coroutine.send(None) if thrown is None else coroutine.throw(thrown)
        except StopIteration:
            return
