"""What is asked all the time is looked up once in a while, and never given when it is too old."""

from __future__ import annotations

import asyncio

import pytest

from rooms.lately import Lately


class Source:
    """Something that changes with every look; each look waits until the test lets it end."""

    def __init__(self) -> None:
        self.lately = Lately()
        self.looks = 0
        self.may_end = asyncio.Event()
        self.fails = False

    async def look(self) -> int:
        self.looks += 1
        await self.may_end.wait()
        if self.fails:
            raise ValueError("gone wrong")
        return self.looks

    def ask(self, now_ms: int, what: str = "reach") -> asyncio.Task[int]:
        return asyncio.create_task(self.lately.ask(what, now_ms, 1_000, self.look))


async def test_many_who_ask_within_a_second_cost_one_look() -> None:
    """Those who ask while it is under way, and those who ask after it; in the next second it is looked up anew."""
    source = Source()
    source.may_end.set()
    assert await asyncio.gather(*(source.ask(now_ms) for now_ms in (0, 1, 500))) == [1, 1, 1]
    assert await source.ask(999) == 1
    assert await source.ask(1_000) == 2
    assert await source.ask(1_000, what="another") == 3
    assert await source.ask(5_000) == 4
    assert len(source.lately._found) == 1


async def test_who_stops_waiting_ends_it_for_nobody_else() -> None:
    """A connection that goes takes no answer with it."""
    source = Source()
    leaving, staying = source.ask(0), source.ask(1)
    await asyncio.sleep(0)
    leaving.cancel()
    source.may_end.set()
    assert await staying == 1
    assert await source.ask(2) == 1


async def test_a_failure_is_not_kept() -> None:
    """All who waited hear of it; the next one looks again."""
    source = Source()
    source.fails = True
    source.may_end.set()
    for asked in [source.ask(0), source.ask(1)]:
        with pytest.raises(ValueError, match="gone wrong"):
            await asked
    source.fails = False
    assert await source.ask(2) == 2
