"""Every view of the client, and how one gets there: for pictures, and for axe.

A view is shown once per language; sizes, schemes and zoom are then changed under it, as a person does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playwright.async_api import expect

from tests.town import PASSWORD
from tests.web.browser import Window
from tests.web.views_alert_desk import ALL as ALERT_DESK
from tests.web.views_alerted import ALL as ALERTED
from tests.web.views_board import ALL as BOARD
from tests.web.views_called import ALL as CALLED
from tests.web.views_moderated import ALL as MODERATED
from tests.web.views_second_factor import ALL as SECOND_FACTOR
from tests.web.views_strained import ALL as STRAINED
from tests.web.views_warned import ALL as WARNED
from tests.web.visit import Visit


async def sign_in(visit: Visit) -> Window:
    return await visit.open()


async def wrong(visit: Visit) -> Window:
    """The door, after a password that was wrong."""
    window = await visit.open()
    await window.at("name").fill(visit.town.me.name)
    await window.at("password").fill("een ander wachtwoord")
    await window.at("sign-in").click()
    await expect(window.at("wrong")).to_be_visible()
    return window


async def join(visit: Visit) -> Window:
    return await visit.open(f"/#code={visit.town.code}")


async def recover(visit: Visit) -> Window:
    window = await visit.open()
    await window.at("to-recover").click()
    await expect(window.at("recover")).to_be_visible()
    return window


async def recovery(visit: Visit) -> Window:
    window = await join(visit)
    await window.at("name").fill(visit.town.another_name())
    await window.at("password").fill(PASSWORD)
    await window.at("join").click()
    await expect(window.at("recovery")).not_to_be_empty()
    return window


async def rules(visit: Visit) -> Window:
    window = await recovery(visit)
    await window.at("recovery-kept").click()
    await expect(window.at("rules-agree")).to_be_visible()
    return window


async def street(visit: Visit) -> Window:
    return await visit.room(visit.town.me.name)


async def reading_back(visit: Visit) -> Window:
    """Where the replies, the reactions and what was taken back are."""
    window = await street(visit)
    await window.at("quote").first.scroll_into_view_if_needed()
    return window


async def menu(visit: Visit) -> Window:
    """The actions of an own message."""
    window = await street(visit)
    await window.open_menu("ik zet hem zo weg")
    return window


async def replying(visit: Visit) -> Window:
    window = await menu(visit)
    await window.at("reply").click()
    await window.at("composer").fill("Dank je.\n\nKun je hem dan ook laten staan bij de bocht?")
    return window


async def neighbourhood(visit: Visit) -> Window:
    """Where nobody has said anything yet."""
    window = await street(visit)
    await window.at("room-neighbourhood").click()
    return window


async def me(visit: Visit) -> Window:
    window = await street(visit)
    await window.at("me").click()
    await expect(window.at("me-panel")).to_be_visible()
    return window


async def account(visit: Visit) -> Window:
    """The panel with another password being chosen, and a way out that asks again."""
    window = await me(visit)
    await window.at("me-password").click()
    await window.at("everywhere").click()
    await expect(window.at("everywhere-yes")).to_be_visible()
    return window


async def not_live(visit: Visit) -> Window:
    """The server is away, and something waits."""
    line = await visit.line()
    window = await visit.room(visit.town.me.name, line)
    await line.close()
    await window.expect_not_live()
    await window.write("Dit wacht op de verbinding.")
    await window.expect_entry("Dit wacht op de verbinding.", state="waiting")
    return window


async def refused(visit: Visit) -> Window:
    """Somebody writes who may not."""
    window = await visit.room(visit.town.muted.name)
    if not await window.entries("En ik zeg het toch").count():
        await window.write("En ik zeg het toch.")
    await window.expect_entry("En ik zeg het toch.", state="refused")
    return window


_ALL = (
    sign_in, wrong, join, recover, recovery, rules, street, reading_back, menu, replying, neighbourhood, me, account,
    not_live, refused, *CALLED, *WARNED, *ALERT_DESK, *ALERTED, *SECOND_FACTOR, *BOARD, *MODERATED,
    *STRAINED,
)  # fmt: skip
VIEWS: dict[str, Callable[[Visit], Awaitable[Window]]] = {view.__name__: view for view in _ALL}
