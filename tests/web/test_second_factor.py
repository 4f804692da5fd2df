"""Staff sign in with a second factor, show it again for an alert, and see where they are signed in, in a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from rooms import letter
from rooms import staff as staff_accounts
from rooms.person import Organisation, Role
from server.app import Running, running
from server.settings import Settings
from tests.authenticator import Authenticator
from tests.neighbour import Neighbour
from tests.town import ESCAMP, JAN_LUYKENLAAN, PASSWORD, MovedClock
from tests.web.browser import Window
from tests.web.catalogue import WORDS
from tests.web.stage import Stage
from tests.web.test_alert import look, make_up
from tests.web.test_escalation import go_on_duty

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def town_clock() -> MovedClock:
    return MovedClock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town_hall(tmp_path_factory: pytest.TempPathFactory, town_clock: MovedClock) -> AsyncIterator[Running]:
    """A server whose time can be moved."""
    folder = str(tmp_path_factory.mktemp("town_hall") / "data")
    async with running(Settings(port=0, data=folder, drain_s=1, log_level="warning"), clock=town_clock) as server:
        yield server


async def hired(server: Running, name: str) -> None:
    """An officer of Escamp, who has never signed in."""
    await staff_accounts.add(
        server.town, server.argon2, name, Role.OFFICER, Organisation.POLICE, (ESCAMP,), PASSWORD, title="Wijkagent"
    )


async def at_door(stage: Stage, server: Running) -> Window:
    window = await Window.open(stage.browser, server.url)
    stage.windows.append(window)
    return window


async def type_in(window: Window, *words: str) -> None:
    """By the keyboard alone: field after field, then Enter. Each word is typed where the focus is."""
    for number, word in enumerate(words):
        if number:
            await window.page.keyboard.press("Tab")
        await window.page.keyboard.type(word)
    await window.page.keyboard.press("Enter")


async def enrol(window: Window, server: Running, name: str) -> tuple[Authenticator, list[str]]:
    """Through the door for the first time; what is in the pocket afterwards, and the recovery codes."""
    await window.at("name").fill(name)
    await window.at("password").fill(PASSWORD)
    await window.at("sign-in").click()
    pocket = Authenticator((await window.at("second-secret").inner_text()).replace(" ", ""))
    await window.at("proof").fill(pocket.code(server.town.clock.now_ms()))
    await window.at("second-do").click()
    codes = await window.at("recovery-codes").locator("code").all_inner_texts()
    await window.at("codes-kept").click()
    await expect(window.at("duty")).to_be_visible()
    return pocket, codes


async def test_the_first_time_one_enrols(stage: Stage, town_hall: Running) -> None:
    """By the keyboard: password, a picture and a key, a wrong code that is named, a right one, ten recovery codes."""
    await hired(town_hall, "vega")
    window = await at_door(stage, town_hall)
    await window.at("name").focus()
    await window.page.keyboard.type("vega")
    await window.at("password").focus()
    await type_in(window, PASSWORD)
    secret = window.at("second-secret")
    await expect(secret).to_be_visible()
    picture = window.page.get_by_role("img", name=WORDS["second.qr"])
    assert await picture.evaluate("picture => picture.complete && picture.naturalWidth > 0")
    pocket = Authenticator((await secret.inner_text()).replace(" ", ""))
    await window.at("proof").focus()
    await type_in(window, "000000")
    await expect(window.at("wrong")).to_have_text(WORDS["refusal.wrong_second_factor"])
    await expect(window.at("proof")).to_be_focused()
    await window.at("proof").fill("")
    await type_in(window, pocket.code(town_hall.town.clock.now_ms()))
    await expect(window.at("recovery-codes").locator("li")).to_have_count(10)
    await expect(window.page.get_by_role("heading", name=WORDS["second.codes_title"])).to_be_focused()
    await window.page.keyboard.press("Tab")
    await window.page.keyboard.press("Tab")
    await window.page.keyboard.press("Enter")
    await expect(window.at("duty")).to_be_visible()


async def test_the_next_time_a_code_is_asked_for(stage: Stage, town_hall: Running) -> None:
    """From the app, where the focus is already; or a recovery code, once."""
    await hired(town_hall, "prins")
    window = await at_door(stage, town_hall)
    pocket, codes = await enrol(window, town_hall, "prins")
    for shown in (pocket.code(town_hall.town.clock.now_ms()), codes[0].lower()):
        await window.page.evaluate("() => localStorage.removeItem('bart.session')")
        await window.page.reload()
        await window.at("name").fill("prins")
        await window.at("password").fill(PASSWORD)
        await window.at("sign-in").click()
        await expect(window.at("proof")).to_be_focused()
        assert await window.at("second-secret").count() == 0
        await type_in(window, shown)
        await expect(window.at("duty")).to_be_visible()


async def test_a_ticket_that_took_too_long_begins_again(
    stage: Stage, town_hall: Running, town_clock: MovedClock
) -> None:
    """The page says so, and leads back to the first step."""
    await hired(town_hall, "yilmaz")
    window = await at_door(stage, town_hall)
    await window.at("name").fill("yilmaz")
    await window.at("password").fill(PASSWORD)
    await window.at("sign-in").click()
    await expect(window.at("second-secret")).to_be_visible()
    town_clock.forward(minutes=6)
    await window.at("proof").fill("123456")
    await window.at("second-do").click()
    await expect(window.at("wrong")).to_have_text(WORDS["refusal.ticket_over"])
    await window.at("second-back").click()
    await expect(window.at("sign-in")).to_be_visible()


async def test_an_alert_waits_for_the_code_and_goes_on_by_itself(
    stage: Stage, town_hall: Running, town_clock: MovedClock
) -> None:
    """At 03:12, hours after signing in: six digits in a sheet, and what was pressed is done, without pressing again."""
    await hired(town_hall, "daalder")
    place = town_hall.town.places.get(JAN_LUYKENLAAN)
    assert place is not None
    (code,) = await letter.make(town_hall.town, place, 1)
    await Neighbour(town_hall.url, "Ina").join(code)
    window = await at_door(stage, town_hall)
    pocket, _ = await enrol(window, town_hall, "daalder")
    await go_on_duty(window)
    town_clock.forward(minutes=16)
    await window.at("to-alerts").click()
    await make_up(window)
    await look(window)
    await window.at("alert-broadcast").click()
    await expect(window.at("prove")).to_be_visible()
    await expect(window.at("proof")).to_be_focused()
    await type_in(window, "000000")
    await expect(window.at("wrong")).to_have_text(WORDS["refusal.wrong_second_factor"])
    await window.at("proof").fill("")
    await type_in(window, pocket.code(town_hall.town.clock.now_ms()))
    await expect(window.at("prove")).to_have_count(0)
    await expect(window.at("alert-detail")).to_have_attribute("data-state", "in_force")


async def test_who_does_not_show_it_has_done_nothing(stage: Stage, town_hall: Running, town_clock: MovedClock) -> None:
    """Escape closes the sheet; the page says that it was not done."""
    await hired(town_hall, "peters")
    window = await at_door(stage, town_hall)
    await enrol(window, town_hall, "peters")
    town_clock.forward(minutes=16)
    await window.at("to-alerts").click()
    await make_up(window, "Dit gaat niet door")
    await look(window)
    await window.at("alert-broadcast").click()
    await expect(window.at("prove")).to_be_visible()
    await window.page.keyboard.press("Escape")
    await expect(window.at("prove")).to_have_count(0)
    await expect(window.page.get_by_text(WORDS["refusal.prove_again"])).to_be_visible()


async def test_new_recovery_codes_take_the_place_of_the_first(stage: Stage, town_hall: Running) -> None:
    """In the panel about oneself: a code of the app, ten others to be kept, and back to work."""
    await hired(town_hall, "smits")
    window = await at_door(stage, town_hall)
    pocket, first = await enrol(window, town_hall, "smits")
    await window.at("me").click()
    await window.at("me-codes").click()
    await window.at("new-codes-code").fill(pocket.code(town_hall.town.clock.now_ms()))
    await window.at("new-codes").click()
    await expect(window.at("recovery-codes").locator("li")).to_have_count(10)
    codes = await window.at("recovery-codes").locator("code").all_inner_texts()
    assert not set(codes) & set(first)
    await window.at("codes-kept").click()
    await expect(window.at("duty")).to_be_visible()


async def test_one_sees_where_one_is_signed_in(stage: Stage) -> None:
    """This device and the others, by what they call themselves; one of them is signed out from here at once."""
    window = await stage.home("Ada")
    other = await stage.window()
    await other.sign_in("Ada", PASSWORD)
    await window.at("me").click()
    await window.at("me-sessions").click()
    await expect(window.at("session")).to_have_count(3)  # with the one in which she joined
    await expect(window.at("session").first).to_contain_text("Chrome, Linux")
    await expect(window.at("session-end")).to_have_count(2)
    await window.at("session-end").first.click()
    await expect(other.at("sign-in")).to_be_visible()
    await expect(window.at("session")).to_have_count(2)
    await expect(window.at("composer")).to_be_attached()
