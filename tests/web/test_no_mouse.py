"""Help is called in and given by keyboard alone, and a screen reader is told of it: names, roles, live regions."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.web.browser import Window
from tests.web.catalogue import WORDS, words
from tests.web.stage import Stage
from tests.web.test_access import STOP, tab_to
from tests.web.test_escalation import desk, go_on_duty

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAID = "Er staat iemand aan de achterdeur."
RINGS = """() => {
  window.rings = 0;
  const Tone = window.OscillatorNode;
  window.OscillatorNode = class extends Tone { constructor(...facts) { super(...facts); window.rings += 1; } };
}"""


async def press(window: Window, testid: str, key: str = "Enter") -> None:
    """Go there by Tab, and press this key."""
    await tab_to(window, testid)
    await window.page.keyboard.press(key)


async def stop(window: Window) -> str:
    """What has the focus."""
    at, _is_seen = await window.page.evaluate(STOP)
    return str(at)


async def call_for_help(window: Window, text: str) -> None:
    """Urgently from the police: the number comes before any question, and the focus comes back to where it was."""
    page, keys = window.page, window.page.keyboard
    await press(window, "escalate")
    await expect(page.get_by_role("dialog", name=WORDS["call.title"])).to_be_visible()
    await keys.press("Tab")
    await expect(page.get_by_role("link", name=WORDS["call.danger"])).to_be_focused()
    question = page.get_by_role("group", name=WORDS["call.whether_112"])
    await expect(question.get_by_role("radio")).to_have_count(3)
    for answer in ("answer-112-called", "to-police", "urgency-urgent"):
        await press(window, answer, "Space")
    await tab_to(window, "escalate-text")
    await expect(page.get_by_role("textbox", name=WORDS["call.text"])).to_be_focused()
    await keys.type(text)
    await press(window, "escalate-send")
    await expect(window.at("escalate-form")).to_have_count(0)
    assert await stop(window) == "escalate"


async def take_the_page(window: Window, kind: str) -> None:
    """It is said at once, in words and in the title; one key leads to it; accepting leads into the room."""
    page = window.page
    await expect(page.get_by_role("alert").filter(has_text=kind)).to_have_count(1)
    await expect(page).to_have_title(words("desk.page_title", count="1", kind=kind))
    await page.keyboard.press("F8")
    await expect(window.at("page").get_by_role("button", name=WORDS["desk.accept"])).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=2, name="Jan Luykenlaan")).to_be_focused()
    await expect(page).to_have_title(WORDS["app.name"])


async def decline_the_page(window: Window) -> None:
    """It stays in the queue, marked, and can still be taken; the focus does not fall to the top of the page."""
    await expect(window.at("page")).to_be_visible()
    await window.page.keyboard.press("F8")
    await press(window, "decline")
    await expect(window.at("page")).to_have_count(0)
    case = window.page.get_by_role("article").filter(has_text=WORDS["desk.declined"])
    await expect(case.get_by_role("button", name=WORDS["desk.accept"])).to_be_visible()
    await expect(case.get_by_role("button", name=WORDS["desk.decline"])).to_have_count(0)
    await expect(window.page.locator("#desk-title")).to_be_focused()


async def hand_over_in_vain(window: Window, colleague: Window) -> None:
    """The colleague can't: the giver keeps it."""
    await press(window, "hand-over")
    await expect(window.page.get_by_role("group", name=WORDS["desk.hand_over_whom"])).to_be_visible()
    await press(window, "hand-over-police")
    await expect(window.at("case")).to_have_attribute("data-state", "handing_over")
    await expect(colleague.at("queue-handed").get_by_test_id("queue-case")).to_have_count(1)
    await expect(colleague.at("page")).to_be_visible()
    await colleague.page.keyboard.press("F8")
    await press(colleague, "decline")
    await expect(window.at("case")).to_have_attribute("data-state", "accepted")


async def close_the_case(window: Window) -> None:
    """With an outcome and the sentence that comes with it; then the room is left, and the desk has the focus."""
    await press(window, "resolve")
    await expect(window.at("resolve")).to_have_attribute("aria-expanded", "true")
    await press(window, "outcome-on_site", "Space")
    await expect(window.page.get_by_role("textbox", name=WORDS["desk.outcome_text"])).not_to_be_empty()
    await press(window, "outcome-send")
    await expect(window.at("queue-case")).to_have_count(0)
    await expect(window.page.locator("#desk-title")).to_be_focused()


async def test_help_is_called_and_given_without_a_mouse(stage: Stage) -> None:
    """On duty, called, accepted, talked about, handed over in vain, closed, rated, off duty: by keys alone."""
    asker = await stage.home("Annelies zonder muis")
    vega, prins = await desk(stage, "officer vega"), await desk(stage, "officer prins")
    duty = vega.page.get_by_role("switch", name=WORDS["desk.off_duty"])
    await expect(duty).to_have_attribute("aria-checked", "false")
    await press(vega, "duty", "Space")
    await expect(vega.page.get_by_role("switch", name=WORDS["desk.on_duty"])).to_be_focused()
    await go_on_duty(prins)

    await call_for_help(asker, SAID)
    await decline_the_page(prins)
    await take_the_page(vega, WORDS["kind.none"])
    await expect(asker.at("case-news")).to_contain_text("Wijkagent")
    await expect(prins.at("queue-case")).to_have_count(0)

    await tab_to(vega, "composer")
    await vega.page.keyboard.type("Ik ben er zo.")
    await vega.page.keyboard.press("Enter")
    await asker.expect_entry("Ik ben er zo.")
    await hand_over_in_vain(vega, prins)
    await close_the_case(vega)

    await expect(asker.page.get_by_role("group", name=WORDS["case.helped"])).to_be_visible()
    await press(asker, "rate-yes")
    rated = asker.page.get_by_role("group", name=WORDS["case.helped"]).get_by_role("button", pressed=True)
    await expect(rated).to_be_focused()
    await press(vega, "duty", "Space")
    await expect(vega.at("duty")).to_have_attribute("aria-checked", "false")
    await press(prins, "duty", "Space")
    await expect(prins.at("duty")).to_have_attribute("aria-checked", "false")


async def test_the_sound_of_a_page_is_a_choice(stage: Stage) -> None:
    """It is on as long as nobody says, and what is chosen is kept on this device; the title tells of a call anyway."""
    asker, vega = await stage.home("Bart zonder geluid"), await desk(stage, "officer stil")
    sound = vega.page.get_by_role("switch", name=WORDS["desk.sound_on"])
    await expect(sound).to_have_attribute("aria-checked", "true")
    await press(vega, "sound", "Space")
    await vega.page.reload()
    await expect(vega.page.get_by_role("switch", name=WORDS["desk.sound_off"])).to_have_attribute(
        "aria-checked", "false"
    )
    await vega.page.evaluate(RINGS)
    await go_on_duty(vega)
    await call_for_help(asker, SAID)
    await expect(vega.page).to_have_title(words("desk.page_title", count="1", kind=WORDS["kind.none"]))
    assert await vega.page.evaluate("rings") == 0
    await press(vega, "sound", "Space")  # switched on, it is heard
    await vega.page.wait_for_function("rings > 0")
    await asker.at("withdraw").click()
    await asker.at("withdraw").click()
    await expect(vega.at("page")).to_have_count(0)
    await vega.at("duty").click()
    await expect(vega.at("duty")).to_have_attribute("aria-checked", "false")
