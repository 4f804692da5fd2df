"""A phone on 2G that drives into a tunnel: nothing is lost, nothing comes twice, and the page says when it is not live.

Time in the page is moved; WEB_LONG=1 waits the minute out as well.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable

import pytest

from tests.web.browser import Window
from tests.web.line import TWO_G, After, Line
from tests.web.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

CUT_S = 60
HONEST_WITHIN_S = 10

Wait = Callable[[Window, int], Awaitable[None]]


async def moved(window: Window, seconds: int) -> None:
    """Let so much of the page's time go by, second by second, so that what one timer starts meets the next.

    Then it stands still: what the page shows now, it shows within that time.
    """
    await window.stop_time()
    for _ in range(seconds - 1):
        await window.page.clock.run_for(1000)


async def go_on(window: Window) -> None:
    await window.page.clock.resume()


async def waited_out(_window: Window, seconds: int) -> None:
    await asyncio.sleep(seconds)


LONG = pytest.mark.skipif(os.environ.get("WEB_LONG") != "1", reason="WEB_LONG=1 waits a minute in real time")


async def write_all(window: Window, texts: tuple[str, ...]) -> None:
    for text in texts:
        await window.write(text)


async def in_tunnel(window: Window, line: Line, wait: Wait, texts: tuple[str, ...]) -> None:
    """Write on, with the line cut in the middle of it for a minute."""
    await write_all(window, texts[:4])
    line.cut()  # some of these have been sent, and some of them answered
    await write_all(window, texts[4:6])
    await wait(window, HONEST_WITHIN_S)
    await window.expect_not_live()
    await write_all(window, texts[6:])
    await wait(window, CUT_S - HONEST_WITHIN_S)
    await window.expect_not_live()
    for text in texts[6:]:
        await window.expect_entry(text, state="waiting")


@pytest.mark.parametrize(
    ("name", "wait", "after"),
    [
        pytest.param("Ada", moved, "whole", id="late"),
        pytest.param("Ben", moved, "black hole", id="forgotten"),
        pytest.param("Cor", waited_out, "black hole", id="in real time", marks=LONG),
    ],
)
@pytest.mark.timeout(240)
async def test_a_minute_in_a_tunnel_loses_nothing(stage: Stage, name: str, wait: Wait, after: After) -> None:
    """What was written before, in and after the tunnel stands there once, in order, for its author and for others."""
    line = await stage.line()
    hers, his = await stage.home(f"{name} op reis", line=line, has_clock=True), await stage.home(f"{name} thuis")
    texts = tuple(f"{name} schrijft bericht {number:02}" for number in range(1, 13))
    line.pace = TWO_G
    await in_tunnel(hers, line, wait, texts[:10])

    line.mend(after)
    await go_on(hers)
    await write_all(hers, texts[10:])
    await hers.expect_live()
    for window in (hers, his):
        for text in texts:
            await window.expect_entry(text)
        assert await window.in_order(texts) == list(texts)


async def test_a_silent_line_is_told_within_ten_seconds(stage: Stage) -> None:
    """Also to somebody who writes nothing; and the bar goes when the line is back."""
    line = await stage.line()
    cleo = await stage.home("Cleo", line=line, has_clock=True)
    await moved(cleo, 30)  # a quiet street
    await cleo.expect_live()
    await go_on(cleo)
    line.cut()
    await moved(cleo, HONEST_WITHIN_S)
    await cleo.expect_not_live()
    line.mend("black hole")
    await go_on(cleo)
    await cleo.expect_live()
