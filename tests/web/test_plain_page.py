"""The plain page in a real browser: two neighbours talk in their street, and the server may die under them."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.web.browser import Window, chromium


@pytest.fixture
async def residents(process: ServerProcess) -> tuple[Neighbour, Neighbour]:
    """Ada and Ben of one street, who joined earlier and are nowhere connected."""
    code = await process.code()
    return await Neighbour(process.url, "Ada").join(code), await Neighbour(process.url, "Ben").join(code)


async def test_neighbours_talk_and_a_killed_server_loses_nothing(
    process: ServerProcess, residents: tuple[Neighbour, Neighbour]
) -> None:
    """What is written while the server is dead waits, is sent once when it is back, and reaches the neighbour once."""
    ada, ben = residents
    async with chromium() as browser:
        hers, his = await Window.open(browser, process.url), await Window.open(browser, process.url)
        await hers.sign_in(ada.name, ada.password)
        await his.sign_in(ben.name, ben.password)

        await hers.write("Is het licht bij jullie ook uit?")
        await his.expect_entry("Is het licht bij jullie ook uit?")
        await his.write("Ja, de hele straat is donker.")
        await hers.expect_entry("Ja, de hele straat is donker.")

        await process.kill9()
        await hers.expect_not_live()
        await hers.write("Ik bel de netbeheerder.")
        await hers.expect_entry("Ik bel de netbeheerder.", state="waiting")

        await process.start()
        await hers.expect_entry("Ik bel de netbeheerder.")
        await his.expect_entry("Ik bel de netbeheerder.")
        await hers.expect_live()
        await his.expect_live()

        # A second copy would have come before the next message: a room has one order.
        await hers.write("Over een uur is er weer stroom.")
        await his.expect_entry("Over een uur is er weer stroom.")
        await hers.expect_entry("Over een uur is er weer stroom.")
        for window in (hers, his):
            await expect(window.entries("Ik bel de netbeheerder.")).to_have_count(1)
            assert window.faults == []


async def test_a_letter_opens_the_door_and_its_code_leaves_the_address(process: ServerProcess) -> None:
    """Who joins through the letter's link is shown the recovery code once, and the code is gone from the address."""
    code = await process.code()
    async with chromium() as browser:
        window = await Window.open(browser, f"{process.url}/#code={code}")
        await expect(window.at("code")).to_have_value(code.replace("-", ""))
        assert "#" not in window.page.url

        await window.at("name").fill("Cleo van het Plein")
        await window.at("password").fill("vier losse gele tulpen")
        await window.at("join").click()
        await expect(window.at("recovery")).not_to_be_empty()
        await window.at("recovery-kept").click()
        await window.expect_live()
        await window.write("Hallo buren!")
        await window.expect_entry("Hallo buren!")

        await window.page.reload()
        await window.expect_entry("Hallo buren!")
        await expect(window.at("recovery")).to_have_count(0)
        assert window.faults == []
