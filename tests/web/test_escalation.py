"""Help is called in, in a real browser: a neighbour, an asker and a member of staff, each in a window of their own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Route, expect

from tests.neighbour import Neighbour
from tests.town import PASSWORD
from tests.web import layout
from tests.web.browser import KEPT, Window
from tests.web.catalogue import words
from tests.web.pictures import SIZES, resize
from tests.web.stage import Stage
from tests.web.test_access import LOOKS, axe

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEEN_FOR = "[data-testid=case-clock]"


async def desk(stage: Stage, name: str, organisation: str = "police", **more: Any) -> Window:
    """The window of a moderator of Escamp, who is shown by the function and is not on duty yet."""
    status, _, errors = await stage.process.run(
        "staff", "add", name, "--role", "moderator", "--organisation", organisation, "--place", "Escamp",
        "--title", "Wijkagent", "--password-stdin", stdin=PASSWORD,
    )  # fmt: skip
    assert status == 0, errors
    window = await stage.window(**more)
    await window.come_as(await Neighbour(stage.process.url, name).sign_in())
    await expect(window.at("duty")).to_be_visible()
    return window


async def go_on_duty(window: Window) -> None:
    await window.at("duty").click()
    await expect(window.at("duty")).to_have_attribute("aria-checked", "true")


async def escalate(window: Window, text: str, *, to: str = "police", private: bool = False) -> None:
    """Urgently, with the answer to "112?", as few taps as there are."""
    await window.page.locator(".composer").get_by_test_id("escalate").click()
    for testid in ("answer-112-called", f"to-{to}", "urgency-urgent"):
        await window.at(testid).check(force=True)  # the answer's own words lie over its round button
    await window.at("escalate-text").fill(text)
    if private:
        await window.at("private").check()
    await window.at("escalate-send").click()
    await expect(window.at("escalate-form")).to_have_count(0)


async def seconds(clock: Locator) -> int:
    """What a clock shows, as 1:05."""
    minutes, _, rest = (await clock.inner_text()).split()[-1].partition(":")
    return int(minutes) * 60 + int(rest)


async def test_help_comes_into_the_room_and_leaves_it(stage: Stage) -> None:
    """Raised, paged, taken, talked about, closed and rated; the clock runs, and staff are seen to come and go."""
    asker, neighbour = await stage.home("Anouk"), await stage.home("Bram")
    vega = await desk(stage, "vega")
    await go_on_duty(vega)

    await escalate(asker, "Er wordt aan alle deuren gevoeld.")
    for window in (asker, neighbour):
        await expect(window.at("case")).to_have_attribute("data-state", "paging")
        await expect(window.at("case-reached")).to_contain_text("1")
    before = await seconds(neighbour.at("case").locator(SEEN_FOR))
    await expect(vega.at("page")).to_be_visible()
    await expect(vega.page).to_have_title("(1) Melding: Hulpvraag")
    await expect(vega.at("queue-case")).to_have_count(1)
    assert "deuren" not in await vega.page.content()  # the text comes with accepting

    await vega.at("page").get_by_test_id("accept").click()
    await expect(vega.at("page")).to_have_count(0)
    await expect(vega.page).to_have_title("BART")
    for window in (asker, neighbour):
        await expect(window.at("case")).to_have_attribute("data-state", "accepted")
        await expect(window.at("case-owner")).to_contain_text("Wijkagent")
        await expect(window.at("staff-here")).to_contain_text("Wijkagent")
        await expect(window.at("staff_entered")).to_have_count(1)
    await expect(vega.at("case")).to_contain_text("Er wordt aan alle deuren gevoeld.")

    await vega.write("Ik kom nu kijken.")
    await asker.expect_entry("Ik kom nu kijken.")
    await asker.write("Hij staat bij het plein.")
    await vega.expect_entry("Hij staat bij het plein.")
    clock = neighbour.at("case").locator(SEEN_FOR)
    while await seconds(clock) <= before:  # it runs; the test's own timeout ends this
        await neighbour.page.evaluate("() => new Promise(drawn => requestAnimationFrame(drawn))")

    await vega.at("resolve").click()
    await vega.at("outcome-on_site").check(force=True)
    await vega.at("outcome-text").fill("Het was de bezorger, alles is goed.")
    await vega.at("outcome-send").click()
    for window in (asker, neighbour):
        await expect(window.at("case")).to_have_attribute("data-state", "resolved")
        await expect(window.at("outcome")).to_contain_text("Het was de bezorger, alles is goed.")
        await expect(window.at("staff-here")).to_have_count(0)
        await expect(window.at("staff_left")).to_have_count(1)
    await expect(vega.at("queue-case")).to_have_count(0)

    await expect(neighbour.at("rate-yes")).to_have_count(0)  # the asker alone says whether it helped
    await asker.at("rate-no").click()
    await expect(asker.at("rate-no")).to_have_attribute("aria-pressed", "true")
    await asker.at("rate-yes").click()
    await expect(asker.at("rate-yes")).to_have_attribute("aria-pressed", "true")
    await asker.at("reopen").click()
    await expect(neighbour.at("case")).to_have_attribute("data-state", "paging")
    await expect(vega.at("page")).to_be_visible()

    await asker.at("withdraw").click()
    await asker.at("withdraw").click()
    await expect(neighbour.at("case")).to_have_attribute("data-state", "withdrawn")
    await expect(vega.at("page")).to_have_count(0)
    await vega.at("duty").click()
    await expect(vega.at("duty")).to_have_attribute("aria-checked", "false")


async def test_nobody_on_duty_is_said_at_once(stage: Stage) -> None:
    """With the numbers that somebody answers, as links that call."""
    asker = await stage.home("Cas")
    await escalate(asker, "Er ligt glas op straat.", to="municipality")
    case = asker.at("case").filter(has_text="Er ligt glas op straat.")
    await expect(case).to_have_attribute("data-state", "unanswered")
    for number in ("112", "14070"):
        await expect(case.locator(f'a[href="tel:{number}"]')).to_be_visible()


async def test_112_comes_first(stage: Stage) -> None:
    """An urgent call does not leave before it is said whether 112 was called; what was written stays."""
    asker = await stage.home("Dewi")
    await asker.page.locator(".composer").get_by_test_id("escalate").click()
    await expect(asker.at("escalate-form").locator('a[href="tel:112"]')).to_be_visible()
    await asker.at("to-police").check(force=True)
    await asker.at("urgency-urgent").check(force=True)
    await asker.at("escalate-text").fill("Iemand schreeuwt om hulp.")
    await asker.at("escalate-send").click()
    await expect(asker.at("escalate-form").get_by_role("alert")).to_contain_text("112")
    await asker.at("panel-close").click()
    await asker.page.locator(".composer").get_by_test_id("escalate").click()
    await expect(asker.at("escalate-text")).to_have_value("Iemand schreeuwt om hulp.")


async def test_a_warning_leads_to_help_without_asking_twice(stage: Stage) -> None:
    """What the warning says about 112 counts for the call from it."""
    asker, neighbour = await stage.home("Eline"), await stage.home("Faas")
    await asker.at("warn").click()
    await asker.at("kind-burglary").click()
    await asker.at("warn-text").fill("Er klimt iemand over de schutting.")
    await asker.at("warn-more").click()
    await expect(asker.at("severity-severe")).to_be_checked()  # as burglary is, as long as nobody says
    await asker.at("warn-place").fill("Naast nummer 12")
    await expect(asker.at("house-hint")).to_be_visible()
    await asker.at("warn-place").fill("Naast de speeltuin")
    await expect(asker.at("house-hint")).to_have_count(0)
    await asker.at("warn-next").click()
    await asker.at("answer-112-called").check(force=True)
    await asker.at("warn-send").click()
    warning = neighbour.at("pin").filter(has_text="Er klimt iemand over de schutting.")
    await expect(warning).to_contain_text("Naast de speeltuin")
    await warning.get_by_test_id("escalate").click()
    await expect(neighbour.at("answer-112-called")).to_have_count(0)
    await neighbour.at("to-police").check(force=True)
    await neighbour.at("urgency-urgent").check(force=True)
    await neighbour.at("escalate-text").fill("Hij is nu in de tuin.")
    await neighbour.at("escalate-send").click()
    case = asker.at("case").filter(has_text="Hij is nu in de tuin.")
    await expect(case).to_have_attribute("data-state", "unanswered")
    for _ in range(2):  # the second tap means it; what stays open would call who comes on duty next
        await neighbour.at("case").get_by_test_id("withdraw").click()
    await expect(case).to_have_attribute("data-state", "withdrawn")


async def test_a_private_case_is_out_of_sight(stage: Stage) -> None:
    """In a room of its own; the street holds nothing of it, the device keeps nothing, and one tap leaves."""
    asker, neighbour = await stage.home("Gina"), await stage.home("Huub")
    vega = await desk(stage, "moderator smit")
    await go_on_duty(vega)
    await escalate(asker, "Mijn buurman bedreigt mij.", private=True)
    await expect(asker.at("private-bar")).to_be_visible()
    await expect(asker.at("case")).to_contain_text("Mijn buurman bedreigt mij.")
    await vega.at("page").get_by_test_id("accept").click()
    await expect(vega.at("private-bar")).to_be_visible()
    await vega.write("Bent u nu veilig?")
    await asker.expect_entry("Bent u nu veilig?")
    await asker.write("Ja, ik ben binnen.")
    await vega.expect_entry("Ja, ik ben binnen.")
    await asker.expect_entry("Ja, ik ben binnen.")
    assert "Gina" not in await vega.page.locator("main").inner_text()
    assert "bedreigt" not in await neighbour.page.content()
    await expect(neighbour.at("room-case")).to_have_count(0)
    await asker.at("room-street").click()
    await asker.write("Fijne avond, allemaal.")
    await asker.until_kept("Fijne avond, allemaal.")
    assert "veilig" not in await asker.page.evaluate(KEPT)
    await asker.at("room-case").click()

    async def weather(route: Route) -> None:
        await route.fulfill(body="<title>Het weer</title>", content_type="text/html")

    await asker.page.context.route(re.compile("^https:"), weather)
    await asker.at("quick-exit").click()
    await expect(asker.page).to_have_title("Het weer")
    await asker.page.goto(stage.process.url)
    await asker.expect_live()
    await expect(asker.at("private-bar")).to_have_count(0)


async def faults_of(window: Window, what: str) -> list[str]:
    """What axe finds in both schemes, and what is cut at any size."""
    found = []
    for size, scheme in LOOKS:
        await resize(window.page, size, scheme)
        found += [f"{what}, {size.name} {scheme}: {fault}" for fault in await axe(window)]
    for size in SIZES:
        await resize(window.page, size, "light")
        found += [f"{what}, {size.name}: {fault}" for fault in await layout.faults_of(window.page)]
    await resize(window.page, *LOOKS[-1])
    return found


async def test_calling_for_help_is_for_everybody(stage: Stage) -> None:
    """Axe finds nothing serious in the sheets, in an open case, at the desk and in what came of it; nothing is cut."""
    asker = await stage.home("Iris", reduced_motion="reduce")
    vega = await desk(stage, "moderator jansen", reduced_motion="reduce")
    found = await faults_of(vega, "off duty")
    await go_on_duty(vega)
    await asker.page.locator(".composer").get_by_test_id("escalate").click()
    await asker.at("to-worry").check(force=True)
    await asker.at("escalate-send").click()
    found += await faults_of(asker, "the call")
    await asker.at("panel-close").click()
    await asker.at("warn").click()
    found += await faults_of(asker, "the warning")
    await asker.at("panel-close").click()
    await escalate(asker, "Er staat een auto met draaiende motor en niemand erin.")
    await expect(vega.at("page")).to_be_visible()
    found += await faults_of(asker, "waiting") + await faults_of(vega, "a page")
    await vega.at("page").get_by_test_id("accept").click()
    await vega.at("resolve").click()
    await vega.at("outcome-advice").check(force=True)
    found += await faults_of(vega, "the outcome")
    await vega.at("outcome-send").click()
    await expect(asker.at("rate-yes")).to_be_visible()
    found += await faults_of(asker, "the end")
    assert found == []


async def test_who_lost_the_server_is_not_told_that_calls_come(stage: Stage) -> None:
    """On duty without a connection, the desk says that no call reaches it here, until there is one again."""
    vega = await desk(stage, "moderator zonder lijn")
    await go_on_duty(vega)
    hint = vega.page.locator(".duty p")
    await expect(hint).to_contain_text(words("desk.on_duty_hint"))
    await stage.process.kill9()
    await vega.expect_not_live()
    await expect(hint).to_contain_text(words("desk.on_duty_lost"))
    await stage.process.start()
    await vega.expect_live()
    await expect(hint).to_contain_text(words("desk.on_duty_hint"))
