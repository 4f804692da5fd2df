"""Taking along what the town knows of oneself, and being forgotten by it, in a browser."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from server.app import Running, running
from server.settings import Settings
from tests.conftest import code_for
from tests.neighbour import Neighbour
from tests.town import JAN_LUYKENLAAN, PASSWORD, MovedClock
from tests.web.browser import KEPT, Window
from tests.web.catalogue import WORDS
from tests.web.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")
SAID = "Ik woonde hier met plezier."


@pytest.fixture(scope="module")
def town_clock() -> MovedClock:
    return MovedClock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town_hall(tmp_path_factory: pytest.TempPathFactory, town_clock: MovedClock) -> AsyncIterator[Running]:
    """A server whose time can be moved."""
    folder = str(tmp_path_factory.mktemp("town_hall") / "data")
    async with running(Settings(port=0, data=folder, drain_s=1, log_level="warning"), clock=town_clock) as server:
        yield server


async def home(stage: Stage, server: Running, name: str) -> Window:
    """The window of somebody who joined a moment ago, live in the street."""
    await Neighbour(server.url, name).join(await code_for(server.town, JAN_LUYKENLAAN))
    window = await Window.open(stage.browser, server.url)
    stage.windows.append(window)
    await window.sign_in(name, PASSWORD)
    return window


async def test_one_takes_all_along_and_is_forgotten(
    stage: Stage, town_hall: Running, town_clock: MovedClock, tmp_path: Path
) -> None:
    """A file of one's own words; a wrong password is named; then nobody is signed in, nothing is left on the device,
    and a neighbour who looks on sees the mark of what was erased."""
    fenna, gijs = await home(stage, town_hall, "Fenna"), await home(stage, town_hall, "Gijs")
    await fenna.write(SAID)
    await gijs.expect_entry(SAID)
    town_clock.forward(seconds=6)
    await fenna.at("me").click()
    await fenna.at("me-data").click()
    async with fenna.page.expect_download() as coming:
        await fenna.at("data-fetch").click()
    await (await coming.value).save_as(tmp_path / "bart.json")
    told = json.loads((tmp_path / "bart.json").read_text())
    assert [row["data"]["text"] for row in told["written"] if row["event"] == "message.posted"] == [SAID]
    await fenna.at("me-erase").click()
    await fenna.at("erase-password").fill("niet dit wachtwoord")
    await fenna.at("erase").click()
    await expect(fenna.page.get_by_text(WORDS["me.wrong_old"])).to_be_visible()
    await fenna.at("erase-password").fill(PASSWORD)
    await fenna.at("erase").click()
    await expect(fenna.page.get_by_text(WORDS["ended.erased"])).to_be_visible()
    await expect(gijs.page.get_by_text(WORDS["blank.erasure"])).to_be_visible()
    await expect(gijs.page.get_by_text(SAID)).to_have_count(0)
    await gijs.expect_live()
    assert SAID not in await fenna.page.evaluate(KEPT)
