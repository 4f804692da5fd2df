"""A tab that slept for a night: what was said meanwhile is all there when it is looked at again."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.async_api import expect

from tests.town import JAN_LUYKENLAAN
from tests.web.line import After
from tests.web.stage import Stage, say_all

pytestmark = pytest.mark.asyncio(loop_scope="module")

MISSED = 900
SLEPT = "08:00:00"


@pytest.mark.parametrize(("name", "after"), [("Ada", "reset"), ("Ben", "black hole")])
async def test_a_night_of_talk_is_there_on_waking(
    stage: Stage, name: str, after: After, record_property: Callable[[str, object], None]
) -> None:
    """900 entries later the newest is there and the bar is gone; reading back finds each of them, in order, once."""
    line = await stage.line()
    window = await stage.home(name, line=line, has_clock=True)
    talker = await stage.talker(f"Wakkere buur van {name}")
    await say_all(talker, JAN_LUYKENLAAN, [f"welterusten {name}"])
    await window.expect_entry(f"welterusten {name}")

    await window.look_away()
    line.cut()
    texts = [f"{name} mist nummer {number:03}" for number in range(MISSED)]
    seqs = await say_all(talker, JAN_LUYKENLAAN, texts)
    assert seqs == list(range(seqs[0], seqs[0] + MISSED))
    line.mend(after)

    woke = time.perf_counter()
    await window.look_again(SLEPT)
    await window.expect_entry(texts[-1])
    await expect(window.at("not-live")).to_have_count(0)
    right_s = time.perf_counter() - woke
    record_property("right_within_s", round(right_s, 2))
    print(f"\n  after {SLEPT} asleep and {MISSED} missed ({after}): right within {right_s:.2f} s of waking")

    held = await window.read_back(seqs[0])
    assert [seq for seq in held if seq >= seqs[0]] == seqs
    assert [held[seq] for seq in seqs] == texts
