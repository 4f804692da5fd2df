"""Where there is little room all can still be read and reached: beside wide words, at 400 % zoom, by keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.web.browser import chromium
from tests.web.catalogue import WORDS
from tests.web.populated import Populated, populated
from tests.web.views import VIEWS
from tests.web.visit import Visit

pytestmark = pytest.mark.asyncio(loop_scope="module")

LEAST_PX = 24
TABLET, ZOOMED = {"width": 768, "height": 1024}, {"width": 320, "height": 200}
FOUR_LINES = "Dank je.\n\nKun je hem dan ook laten staan\nbij de bocht?"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Populated]:
    async with populated(tmp_path_factory.mktemp("street") / "data") as town:
        yield town


async def box_of(shown: Locator) -> tuple[float, float, float, float]:
    """Left, top, right and bottom on the screen."""
    box = await shown.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


async def test_what_a_mouse_finds_beside_an_entry_is_large_enough_and_inside(browser: Browser, town: Populated) -> None:
    """Also beside the widest words, where there is no room for three of them."""
    visit = Visit(browser, town, viewport=TABLET)
    window = await VIEWS["reading_back"](visit)
    left, _, right, _ = await box_of(window.page.get_by_role("region", name="Jan Luykenlaan"))
    seen = 0
    for entry in await window.at("entry").all():
        await entry.hover()
        for button in await entry.get_by_role("button").all():
            from_left, top, to_right, bottom = await box_of(button)
            assert min(to_right - from_left, bottom - top) >= LEAST_PX, await entry.inner_text()
            assert left <= from_left, await entry.inner_text()
            assert to_right <= right, await entry.inner_text()
            seen += 1
    assert seen > await window.at("entry").count()
    await visit.close()


async def test_a_long_reply_leaves_room_for_what_is_replied_to(browser: Browser, town: Populated) -> None:
    """At 400 % zoom of a small laptop: the words that are replied to, some of the talk, and the button that sends."""
    visit = Visit(browser, town, viewport=ZOOMED)
    window = await VIEWS["replying"](visit)
    await window.at("composer").fill(FOUR_LINES)
    await expect(window.at("mode").get_by_text("Van mij, ik zet hem zo weg.")).to_be_in_viewport(ratio=1)
    await expect(window.at("cancel")).to_be_in_viewport(ratio=1)
    await expect(window.at("send")).to_be_in_viewport(ratio=1)
    await expect(window.at("composer")).to_be_in_viewport(ratio=1)
    _, top, _, bottom = await box_of(window.page.get_by_role("region", name="Jan Luykenlaan"))
    assert bottom - top >= 2 * LEAST_PX
    await visit.close()


async def test_what_is_taken_back_leaves_the_focus_in_its_place(browser: Browser, town: Populated) -> None:
    """On the marker, from which Tab goes on; not at the top of the page, where nobody was."""
    visit = Visit(browser, town)
    window = await visit.room(town.me.name)
    await window.write("Dit neem ik terug.")
    await window.expect_entry("Dit neem ik terug.")
    await window.choose_for("Dit neem ik terug.", "retract", "retract")
    await expect(window.at("blank").filter(has_text=WORDS["blank.retracted"]).last).to_be_focused()
    for _ in ("warn", "call for help", "write"):
        await window.page.keyboard.press("Tab")
    await expect(window.at("composer")).to_be_focused()
    await visit.close()


async def test_what_is_thrown_away_leaves_the_focus_beside_it(browser: Browser, town: Populated) -> None:
    """On what stands before it."""
    visit = Visit(browser, town)
    window = await VIEWS["refused"](visit)
    await window.entries("En ik zeg het toch").get_by_test_id("discard").click()
    await expect(window.entries("En ik zeg het toch")).to_have_count(0)
    await expect(window.at("entry").or_(window.at("blank")).last).to_be_focused()
    await visit.close()
