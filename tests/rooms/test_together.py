"""What many ask for at once: everybody gets a go that began after they asked, and hears how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from rooms.together import Together


class Goes:
    """What was gone for: the names of each go; each waits until the test lets it end."""

    def __init__(self) -> None:
        self.together = Together()
        self.names: list[list[str]] = []
        self.began, self.may_end = asyncio.Semaphore(0), asyncio.Semaphore(0)
        self.fails = False

    async def go(self, names: Collection[str]) -> list[str]:
        self.names.append(sorted(names))
        self.began.release()
        await self.may_end.acquire()
        if self.fails:
            raise ValueError("gone wrong")
        return sorted(names)

    def ask(self, name: str, what: str = "one") -> asyncio.Task[list[str]]:
        return asyncio.create_task(self.together.ask(what, name, self.go))


async def test_who_asks_meanwhile_is_in_the_next_go_with_the_others() -> None:
    """The one under way has looked already, before they asked."""
    goes = Goes()
    first = goes.ask("ada")
    await goes.began.acquire()
    others = [goes.ask(name) for name in ("ben", "cor", "ada")]
    elsewhere = goes.ask("dirk", what="two")
    await goes.began.acquire()
    assert goes.names == [["ada"], ["dirk"]]
    for _ in range(3):
        goes.may_end.release()
    everybody = ["ada", "ben", "cor"]
    assert await asyncio.gather(first, elsewhere, *others) == [["ada"], ["dirk"], everybody, everybody, everybody]
    assert goes.names == [["ada"], ["dirk"], ["ada", "ben", "cor"]]
    assert not goes.together._under_way
    assert not goes.together._next


async def test_everybody_hears_of_a_failure_and_the_next_go_begins() -> None:
    """Nobody takes it for done, and nothing is stuck."""
    goes = Goes()
    goes.fails = True
    asked = [goes.ask(name) for name in ("ada", "ben")]
    await goes.began.acquire()
    later = goes.ask("cor")
    goes.may_end.release()
    for one in asked:
        with pytest.raises(ValueError, match="gone wrong"):
            await one
    goes.fails = False
    goes.may_end.release()
    await later
    assert goes.names == [["ada", "ben"], ["cor"]]


async def test_who_gives_up_ends_it_for_nobody_else() -> None:
    """A connection that is cut has its command cancelled; the others wait for the same."""
    goes = Goes()
    ada, ben = goes.ask("ada"), goes.ask("ben")
    await goes.began.acquire()
    ada.cancel()
    goes.may_end.release()
    await ben
    assert ada.cancelled()
