"""The activity board in a real browser: what changes, who uses the keyboard, the way in, thousands of rooms."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.town import BETJE_WOLFFSTRAAT, ESCAMP, JAN_LUYKENLAAN, MOERWIJK_WEST
from tests.web import layout
from tests.web.browser import Window, chromium
from tests.web.called import done
from tests.web.pictures import SIZES, resize
from tests.web.test_access import axe
from tests.web.watched import SECRET, Watched, watched

pytestmark = pytest.mark.asyncio(loop_scope="module")

STREETS = 2_000
EVERY = "2203"
"""Rows: of these, of the 202 rooms of the map, and of the names of the columns."""
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 1400}, "reduced_motion": "reduce"}
TO_END = (
    "() => { const grid = document.querySelector('[data-testid=board-grid]'); grid.scrollTop = grid.scrollHeight; }"
)
BUSY = """() => {
  const touch = () => document.querySelector('[data-testid=board-grid]').dispatchEvent(new Event('pointermove'));
  touch();
  setInterval(touch, 100);
}"""
"""A hand on the list that does not rest."""
CHANGED = """room => {
  window.changed = 0;
  const watcher = new MutationObserver(changes => { window.changed += changes.length; });
  for (const row of document.querySelectorAll('[data-testid=board-row]'))
    if (row.dataset.room !== room)
      watcher.observe(row, {subtree: true, childList: true, attributes: true, characterData: true});
}"""
"""Counts what changes in the rows of other rooms."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watched]:
    """A town of 2,202 rooms."""
    async with watched(tmp_path_factory.mktemp("watched") / "data", STREETS) as town:
        await town.murmur(room.id for room in town.server.town.places.rooms() if room.kind != "desk")
        yield town


@pytest_asyncio.fixture(loop_scope="module")
async def board(browser: Browser, town: Watched) -> AsyncIterator[Window]:
    """The board of a moderator of the police, with every room of the town on it."""
    window = await Window.open(browser, town.server.url, **WIDE)
    await window.come_as(town.smit)
    await window.at("to-board").click()
    await expect(window.at("board-grid")).to_have_attribute("aria-rowcount", EVERY)
    yield window
    await window.page.context.close()
    assert window.faults == []


def row(window: Window, room: str) -> Locator:
    return window.page.locator(f'[data-testid=board-row][data-room="{room}"]')


async def out_of_the_way(window: Window) -> None:
    """No hand is on the list: its order follows what is needed."""
    await window.page.mouse.move(640, 5)
    await expect(window.at("board-held")).to_have_count(0)


async def test_what_happens_is_on_top_and_nothing_is_read(board: Window, town: Watched) -> None:
    """A call and its end, a warning and its end; who talks is counted; and no word of it is anywhere in the page."""
    await out_of_the_way(board)
    case = await town.call(town.ada)
    street = row(board, JAN_LUYKENLAAN)
    await expect(street).to_have_attribute("data-why", "urgent_waiting")
    await expect(board.at("board-row").first).to_have_attribute("data-room", JAN_LUYKENLAAN)
    await expect(street).to_have_attribute("aria-rowindex", "2")
    await expect(board.at("sum-calls")).to_have_text("1")
    await town.ada.say(JAN_LUYKENLAAN, SECRET)
    await street.click()
    await expect(board.at("card-case")).to_have_attribute("data-state", "paging")
    await done(town.vega, "escalation.accept", {"case": case})
    await expect(board.at("card-case")).to_have_attribute("data-state", "accepted")
    await expect(board.at("sum-staff")).to_have_text("1")

    warning = await town.warn(town.ben, BETJE_WOLFFSTRAAT, kind="fire", severity="extreme", emergency="called")
    await out_of_the_way(board)
    await expect(board.at("board-row").first).to_have_attribute("data-room", BETJE_WOLFFSTRAAT)
    await done(town.ben, "warning.answer", {"room": BETJE_WOLFFSTRAAT, "target": warning, "answer": "over"})
    await expect(board.at("sum-warnings")).to_have_text("0")
    outcome = {"case": case, "outcome": "on_site", "text": "Het is opgelost."}
    await done(town.vega, "escalation.resolve", outcome)
    await expect(board.at("sum-calls")).to_have_text("0")
    await expect(board.at("card-case")).to_have_count(0)
    page = await board.page.content()
    assert SECRET not in page
    assert "Ada" not in page


async def test_only_what_is_in_sight_is_drawn(board: Window, town: Watched) -> None:
    """Of 2,202 rooms a few dozen are rows, at the top and at the end; a message draws one of them anew."""
    assert await board.at("board-row").count() < 60
    await board.page.evaluate(TO_END)
    await expect(board.page.locator(f'[data-testid=board-row][aria-rowindex="{EVERY}"]')).to_be_visible()
    assert await board.at("board-row").count() < 60

    await board.at("board-search").fill("jan luyken")
    await expect(row(board, JAN_LUYKENLAAN)).to_be_visible()
    await board.at("board-clear").click()
    await out_of_the_way(board)
    await board.page.evaluate(CHANGED, MOERWIJK_WEST)
    warning = await town.warn(town.ada, MOERWIJK_WEST, kind="traffic", severity="minor", emergency="not_urgent")
    await expect(board.at("sum-warnings")).to_have_text("1")
    moved = await board.page.evaluate("changed")
    await done(town.ada, "warning.answer", {"room": MOERWIJK_WEST, "target": warning, "answer": "over"})
    await expect(board.at("sum-warnings")).to_have_text("0")
    rows = await board.at("board-row").count()
    assert moved <= 3 * rows, "every row was drawn anew"  # its place and its number, where another went before it


async def test_rooms_are_found_by_name_place_and_state(board: Window, town: Watched) -> None:
    """Each choice narrows the board; the map picks a neighbourhood; one press shows everything again."""
    warning = await town.warn(town.ada, JAN_LUYKENLAAN, kind="theft", emergency="not_urgent")
    await board.at("board-state").select_option("warned")
    await expect(board.at("board-row")).to_have_count(1)
    await board.at("board-clear").click()
    await board.at("board-district").select_option(ESCAMP)
    await board.at("board-search").fill("luykenlaan")
    await expect(board.at("board-row")).to_have_count(1)
    await board.at("board-search").fill("gibtsnicht")
    await expect(board.at("board-row")).to_have_count(0)
    await board.at("board-search").fill("")
    await board.page.locator(f'[data-testid=board-patch][data-id="{MOERWIJK_WEST}"]').click()
    await board.at("board-search").fill("jan luyken")
    await expect(board.at("board-row")).to_have_count(1)
    await board.at("board-clear").click()
    await expect(board.at("board-grid")).to_have_attribute("aria-rowcount", EVERY)
    await done(town.ada, "warning.answer", {"room": JAN_LUYKENLAAN, "target": warning, "answer": "over"})


async def test_the_keyboard_is_enough(board: Window, town: Watched) -> None:
    """Tab stops once among the rooms; arrows lead on, also to what is out of sight; Enter shows the room."""
    first = board.at("board-row").first
    await first.focus()
    assert await board.page.locator('[data-testid=board-row][tabindex="0"]').count() == 1
    await board.page.keyboard.press("ArrowDown")
    await expect(board.page.locator("[data-testid=board-row]:focus")).to_have_attribute("aria-rowindex", "3")
    await board.page.keyboard.press("End")
    focused = board.page.locator("[data-testid=board-row]:focus")
    await expect(focused).to_have_attribute("aria-rowindex", EVERY)
    await board.page.keyboard.press("Home")
    await expect(focused).to_have_attribute("aria-rowindex", "2")
    await board.page.keyboard.press("PageDown")
    await board.page.keyboard.press("Enter")
    chosen = await focused.get_attribute("data-room")
    await expect(row(board, chosen or "")).to_have_attribute("aria-selected", "true")
    await expect(board.at("board-card")).to_be_visible()


async def test_no_row_moves_under_a_hand(board: Window, town: Watched) -> None:
    """While somebody is busy in the list a new call waits in its place; one press sorts it, and so does patience."""
    await out_of_the_way(board)
    before = await board.at("board-row").first.get_attribute("data-room")
    await board.page.evaluate(BUSY)
    case = await town.call(town.cor)
    await expect(board.at("sum-calls")).to_have_text("1")
    await expect(board.at("board-held")).to_be_visible()
    assert await board.at("board-row").first.get_attribute("data-room") == before
    await board.page.reload()
    await board.at("to-board").click()
    await expect(board.at("board-row").first).to_have_attribute("data-room", JAN_LUYKENLAAN)
    await done(town.cor, "escalation.withdraw", {"case": case})


async def test_what_is_new_and_urgent_is_in_the_title(board: Window, town: Watched) -> None:
    """And said to who hears the page, until somebody has touched it."""
    case = await town.call(town.cor)
    await expect(board.page).to_have_title("(1) Dringend · BART")
    await expect(board.at("board-news")).to_contain_text("Jan Luykenlaan")
    await board.page.keyboard.press("Shift")
    await expect(board.page).to_have_title("BART")
    await done(town.cor, "escalation.withdraw", {"case": case})


async def test_a_room_is_entered_on_a_ground(board: Window, town: Watched) -> None:
    """Without one there is no way in; with a colleague's call there is, and the neighbours see who came."""
    await board.at("board-search").fill("betje wolff")
    await row(board, BETJE_WOLFFSTRAAT).click()
    await expect(board.at("board-card")).to_be_visible()
    await expect(board.at("board-enter")).to_have_count(0)
    case = await town.call(town.ben)
    await done(town.vega, "escalation.accept", {"case": case})
    await board.at("board-enter").click()
    await expect(board.at("board")).to_have_count(0)
    await expect(board.page.locator("main.room .room-head h2")).to_have_text("Betje Wolffstraat")
    await town.ben.expect("staff.entered", ground={"kind": "case", "id": case})
    await done(town.vega, "escalation.resolve", {"case": case, "outcome": "advice", "text": "Het is opgelost."})


async def test_everybody_can_use_the_board(board: Window, town: Watched) -> None:
    """axe finds nothing grave, and at no size is anything cut; with a room chosen, and in both schemes."""
    case = await town.call(town.ada)
    await expect(row(board, JAN_LUYKENLAAN)).to_have_attribute("data-why", "urgent_waiting")
    await row(board, JAN_LUYKENLAAN).click()
    found = []
    for scheme in ("light", "dark"):
        await board.page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {fault}" for fault in await axe(board)]
    for size in SIZES:
        await resize(board.page, size, "light")
        found += [f"{size.name}: {fault}" for fault in await layout.faults_of(board.page)]
    assert found == []
    await done(town.ada, "escalation.withdraw", {"case": case})
