"""The views of the activity board, as an officer has it."""

from __future__ import annotations

from playwright.async_api import expect

from tests.web.browser import Window
from tests.web.visit import Visit


async def activity_board(visit: Visit) -> Window:
    """With a call that waits in the room that is chosen."""
    called = visit.town.called
    await called.clear()
    asker = await called.asker()
    await called.call(asker, urgency="urgent", emergency="called")
    window = await visit.open()
    await window.come_as(called.vega)
    await window.at("to-board").click()
    room = window.page.locator(f'[data-testid=board-row][data-room="{asker.person["street"]["id"]}"]')
    await expect(room).to_have_attribute("data-why", "urgent_waiting")
    await room.click()
    await expect(window.at("card-case")).to_be_visible()
    return window


ALL = (activity_board,)
