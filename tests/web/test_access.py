"""For everybody: axe finds nothing serious in any view, no mouse is needed, and a screen reader is told everything."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it has no marker
from playwright.async_api import Browser, expect

from tests.town import JAN_LUYKENLAAN, PASSWORD
from tests.web import layout
from tests.web.browser import Window, chromium
from tests.web.catalogue import WORDS, words
from tests.web.pictures import SIZES, Scheme, Size, resize
from tests.web.populated import Populated, populated
from tests.web.stage import Stage
from tests.web.views import VIEWS
from tests.web.visit import Visit

pytestmark = pytest.mark.asyncio(loop_scope="module")

GRAVE = ("serious", "critical")
RULES = {"target-size": {"enabled": True}}
"""WCAG 2.2's 24 pixels, which axe asks for on request only."""
PHONE, DESK = Size("phone", 360, 1400), Size("desk", 1280, 1400)
"""So high that nothing is half under something else, which axe takes for a target that is too small."""
LOOKS: tuple[tuple[Size, Scheme], ...] = ((PHONE, "light"), (DESK, "dark"))
MOST_STOPS = 60
STOP = """() => {
  const at = document.activeElement;
  const {outlineStyle, outlineWidth, boxShadow, borderColor} = getComputedStyle(at);
  const around = at.closest('label, .field-box, .composer') ?? at;
  const isSeen = at === document.body || (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
    || at.matches('input[type=radio]') || getComputedStyle(around).boxShadow !== 'none'
    || getComputedStyle(around).outlineStyle !== 'none';
  return [at.dataset.testid || at.className || at.tagName, isSeen];
}"""

PUSHED = """() => {
  const [holder, wide] = [document.createElement('div'), document.createElement('b')];
  holder.style.cssText = 'inline-size: 100px; overflow: hidden';
  wide.style.cssText = 'display: block; inline-size: 200px';
  wide.textContent = 'achter de rand';
  holder.append(wide);
  document.querySelector('main').append(holder);
  document.querySelector('.composer').style.translate = '0 50px';
}"""
PLANTED = """() => {
  const words = document.createElement('p');
  words.textContent = 'nauwelijks te lezen';
  words.style.cssText = 'color: #999; background: #aaa';
  document.querySelector('main').append(document.createElement('button'), words);
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Populated]:
    async with populated(tmp_path_factory.mktemp("street") / "data") as town:
        yield town


# axe -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
async def test_a_view_is_for_everybody(browser: Browser, town: Populated, view: str) -> None:
    """Axe finds nothing serious in light and dark, on a phone and on a desk; at no size is anything cut or sideways."""
    visit = Visit(browser, town, reduced_motion="reduce")
    window = await VIEWS[view](visit)
    found = []
    for size, scheme in LOOKS:
        await resize(window.page, size, scheme)
        found += [f"{size.name} {scheme}: {fault}" for fault in await axe(window)]
    for size in SIZES:
        await resize(window.page, size, "light")
        found += [f"{size.name}: {fault}" for fault in await layout.faults_of(window.page)]
    assert found == []
    await expect(window.page.locator("html")).to_have_attribute("lang", "nl")
    await expect(window.page.get_by_role("main", include_hidden=True)).to_have_count(1)
    await expect(window.page.locator("h1")).to_have_count(1)
    await visit.close()


async def axe(window: Window) -> list[str]:
    """What is serious or critical: the rule, what it asks, and where."""
    results = await Axe().run(window.page, options={"resultTypes": ["violations"], "rules": RULES})
    found: list[dict[str, Any]] = results.response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


async def test_axe_would_find_it(browser: Browser, town: Populated) -> None:
    """A button without a name and grey words on grey are found: the silence about the views means something."""
    visit = Visit(browser, town)
    window = await VIEWS["sign_in"](visit)
    await window.page.evaluate(PLANTED)
    found = await axe(window)
    assert {fault.split()[0] for fault in found} >= {"button-name", "color-contrast"}
    await visit.close()


async def test_what_is_cut_would_be_found(browser: Browser, town: Populated) -> None:
    """Words behind the edge of what holds them, and a field that is half below the screen."""
    visit = Visit(browser, town)
    window = await VIEWS["street"](visit)
    await window.page.evaluate(PUSHED)
    found = await layout.faults_of(window.page)
    assert [fault.partition(":")[0] for fault in found] == ["behind an edge", "where one writes is below the screen"]
    await visit.close()


# no mouse --------------------------------------------------------------------------------------------


async def tab_to(window: Window, testid: str) -> None:
    """Press Tab until this has the focus; everything on the way shows that it has it."""
    for _ in range(MOST_STOPS):
        await window.page.keyboard.press("Tab")
        stop, is_seen = await window.page.evaluate(STOP)
        assert is_seen, f"the focus is not seen on {stop}"
        if stop == testid:
            return
    raise AssertionError(f"{MOST_STOPS} times Tab did not lead to {testid}")


async def test_no_mouse_is_needed(stage: Stage) -> None:
    """From the letter to the street: talk, answer, react, look into the other room, sign out."""
    ada = await stage.window(f"/#code={await stage.code()}")
    keys = ada.page.keyboard
    await expect(ada.at("code")).not_to_be_empty()
    await tab_to(ada, "name")
    await keys.type("Ada zonder muis")
    await tab_to(ada, "password")
    await keys.type(PASSWORD)
    await keys.press("Enter")
    await expect(ada.at("recovery")).not_to_be_empty()
    for button in ("recovery-kept", "rules-agree"):
        await tab_to(ada, button)
        await keys.press("Enter")
    await ada.expect_live()

    await tab_to(ada, "composer")
    await keys.type("Hallo, zonder muis.")
    await keys.press("Enter")
    await ada.expect_entry("Hallo, zonder muis.")
    await answer(ada)
    await react(ada)

    await tab_to(ada, "room-neighbourhood")
    await keys.press("Enter")
    await expect(ada.at("room-neighbourhood")).to_have_attribute("aria-current", "true")
    await tab_to(ada, "me")
    await keys.press("Enter")
    await expect(ada.at("me-panel")).to_be_visible()
    await tab_to(ada, "sign-out")
    await keys.press("Enter")
    await expect(ada.at("sign-in")).to_be_visible()


async def answer(window: Window) -> None:
    """Reply to the newest entry."""
    keys = window.page.keyboard
    await tab_to(window, "more")
    await keys.press("Enter")
    await expect(window.at("menu")).to_be_visible()
    await arrow_to(window, "reply")
    await keys.press("Enter")
    await expect(window.at("composer")).to_be_focused()
    await keys.type("En zo kun je ook antwoorden.")
    await keys.press("Enter")
    await window.expect_entry("En zo kun je ook antwoorden.")


async def react(window: Window) -> None:
    """To the newest entry; Escape closes the menu first, and gives the focus back."""
    keys = window.page.keyboard
    await tab_to(window, "more")
    await keys.press("Enter")
    await keys.press("Escape")
    await expect(window.at("menu")).to_have_count(0)
    assert (await window.page.evaluate(STOP))[0] == "more"
    await keys.press("Enter")
    await arrow_to(window, "react-heart")
    await keys.press("Enter")
    await expect(window.at("reaction-heart")).to_be_visible()


async def arrow_to(window: Window, testid: str) -> None:
    for _ in range(MOST_STOPS):
        stop, _is_seen = await window.page.evaluate(STOP)
        if stop == testid:
            return
        await window.page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow leads to {testid}")


# a screen reader -------------------------------------------------------------------------------------


async def test_the_street_reads_well(browser: Browser, town: Populated) -> None:
    """Parts, headings and fields have names; an entry says who, what and when, and how it stands with one's own."""
    visit = Visit(browser, town)
    window = await VIEWS["street"](visit)
    page = window.page
    await expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["app.name"])
    await expect(page.get_by_role("heading", level=2, name="Jan Luykenlaan")).to_be_visible()
    await expect(page.get_by_role("navigation", name=WORDS["app.rooms"]).get_by_role("button")).to_have_count(2)
    await expect(page.get_by_role("button", name="Jan Luykenlaan").first).to_have_attribute("aria-current", "true")
    timeline = page.get_by_role("region", name=words("room.timeline", room="Jan Luykenlaan"))
    await expect(timeline.get_by_role("list").first).to_be_attached()
    own = timeline.get_by_role("listitem").filter(has_text="ik zet hem zo weg")
    for part in (WORDS["entry.own"], "Van mij, ik zet hem zo weg.", WORDS["entry.sent"]):
        await expect(own).to_contain_text(part)
    await expect(own.get_by_role("time")).to_have_count(1)
    await expect(own.get_by_role("button", name="ik zet hem zo weg")).to_have_attribute("aria-haspopup", "menu")
    other = timeline.get_by_role("listitem").filter(has_text="Van wie is die?")
    await expect(other).to_contain_text("Kees")
    await expect(page.get_by_role("textbox", name=words("composer.label", room="Jan Luykenlaan"))).to_be_visible()
    await visit.close()


async def test_what_happens_is_said_aloud(browser: Browser, town: Populated) -> None:
    """What others write, politely, and nothing of what was there before; being cut off, once, in a status."""
    visit = Visit(browser, town)
    line = await visit.line()
    window = await visit.room(town.me.name, line)
    polite = window.page.locator("[aria-live=polite]").filter(has_text="Kees")
    await expect(polite).to_have_count(0)
    await town.kees.say(JAN_LUYKENLAAN, "Hoort iedereen dit?")
    await expect(polite).to_contain_text("Hoort iedereen dit?")
    await line.close()
    await window.expect_not_live()
    await expect(window.page.get_by_role("status").filter(has=window.at("not-live"))).to_have_count(1)
    await visit.close()


async def test_a_refusal_is_said_at_once(browser: Browser, town: Populated) -> None:
    """In an alert, with its reason; and beside the message, with what can be done."""
    visit = Visit(browser, town)
    window = await visit.room(town.muted.name)
    await window.write("Mag dit?")
    await window.expect_entry("Mag dit?", state="refused")
    await expect(window.page.get_by_role("alert").filter(has_text=WORDS["refusal.muted"])).to_have_count(1)
    entry = window.entries("Mag dit?")
    await expect(entry).to_contain_text(WORDS["refusal.muted"])
    await expect(entry.get_by_role("button", name=WORDS["entry.again"])).to_be_visible()
    await entry.get_by_role("button", name=WORDS["entry.discard"]).click()
    await expect(entry).to_have_count(0)
    await visit.close()


async def test_a_wrong_field_is_named_and_focused(browser: Browser, town: Populated) -> None:
    """The field is marked invalid, described by what is wrong, and has the focus."""
    visit = Visit(browser, town)
    window = await VIEWS["join"](visit)
    await window.at("name").fill("Politie Escamp")
    await window.at("password").fill(PASSWORD)
    await window.at("join").click()
    field = window.at("name")
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(re.compile(re.escape(WORDS["refusal.name_not_allowed"])))
    await visit.close()
