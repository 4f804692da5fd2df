"""Moderating in a real browser: neighbours report, a moderator decides, the author appeals, another one looks again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.neighbour import Neighbour
from tests.web import layout
from tests.web.browser import Window
from tests.web.catalogue import words
from tests.web.pictures import SIZES, resize
from tests.web.stage import Stage
from tests.web.test_access import LOOKS, axe
from tests.web.test_audit import close_book, open_book, sealed
from tests.web.test_escalation import desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

STILL: dict[str, Any] = {"reduced_motion": "reduce"}
"""A colour that is on its way to another one is neither."""
INSULT = "Wat ben jij een grote schurk!"
FACTS = "Een buurman wordt uitgescholden."


async def moderator(stage: Stage, name: str) -> Window:
    """At the desk of the municipality, with the second factor shown a moment ago."""
    return await desk(stage, name, "municipality", **STILL)


async def report(window: Window, text: str, reason: str = "insult") -> None:
    """From the entry's menu to the receipt."""
    await window.choose_for(text, "menu-report")
    await window.at(f"reason-{reason}").check(force=True)  # the answer's own words lie over its round button
    await window.at("report-send").click()
    await expect(window.at("report-receipt")).to_be_visible()
    await window.at("report-close").click()


async def decide(window: Window, verdict: str, *checked: str, facts: str = FACTS) -> None:
    await window.at("report-decide").click()
    await window.at(f"verdict-{verdict}").check(force=True)
    for testid in checked:
        await window.at(testid).check(force=True)
    if verdict != "keep":
        await window.at("rule-insult").check(force=True)
        await window.at("judge-facts").fill(facts)
    await window.at("judge-send").click()
    await expect(window.at("judge-form")).to_have_count(0)


def decision(window: Window, kind: str) -> Locator:
    return window.page.locator(f'[data-testid=decision][data-kind="{kind}"]')


async def faults(window: Window) -> list[str]:
    """What axe finds in each look, and what is cut at each size; afterwards the page is wide."""
    found = []
    for size, scheme in LOOKS:
        await resize(window.page, size, scheme)
        found += [f"{size.name} {scheme}: {fault}" for fault in await axe(window)]
    for size in SIZES:
        await resize(window.page, size, "light")
        found += [f"{size.name}: {fault}" for fault in await layout.faults_of(window.page)]
    await resize(window.page, SIZES[3], "light")
    return found


async def test_a_report_is_decided_and_another_moderator_looks_again(stage: Stage) -> None:
    """Each hears what is theirs, the entry goes and comes back, and the open book tells it."""
    anouk, bram = await stage.home("Anouk"), await stage.home("Bram")
    bakker, visser = await moderator(stage, "bakker"), await moderator(stage, "visser")
    await anouk.write(INSULT)
    await bram.expect_entry(INSULT)
    await report(bram, INSULT)
    for window in (bakker, visser):
        await expect(window.at("report")).to_have_attribute("data-state", "waiting")
    await bakker.at("report-take").click()
    await expect(visser.at("report")).to_have_attribute("data-state", "taken")
    assert INSULT not in await bakker.page.content()

    await bakker.at("report-enter").click()
    await bakker.expect_entry(INSULT)
    await expect(anouk.at("guest")).to_contain_text(words("standing.guest_report"))
    await decide(bakker, "mute", "mute-60")
    await expect(bram.at("blank")).to_have_text(words("blank.hidden"))
    await expect(decision(bram, "answered")).to_contain_text(words("decision.acted"))
    await bram.at("decision-seen").click()
    await expect(decision(bram, "answered")).to_have_count(0)
    await expect(anouk.at("muted")).to_be_visible()
    statement = decision(anouk, "decided")
    await expect(statement).to_contain_text(FACTS)
    await expect(statement).to_contain_text(words("decision.hide"))

    await anouk.at("appeal").click()
    await anouk.at("appeal-send").click()
    await expect(anouk.at("appeal-form").get_by_role("alert")).to_have_text(words("decision.lack_appeal"))
    await anouk.at("appeal-text").fill("Het was een grap tussen vrienden.")
    await anouk.at("appeal-send").click()
    await anouk.at("appeal-close").click()
    await expect(statement).to_have_count(0)
    for window in (bakker, visser):
        await expect(window.at("report")).to_have_attribute("data-state", "appealed")
    await bakker.at("report-take").click()
    await expect(bakker.at("report").get_by_role("alert")).to_have_text(words("moderation.conflict"))
    await visser.at("report-take").click()
    await decide(visser, "keep")
    await expect(decision(anouk, "appeal_decided")).to_contain_text(words("decision.keep"))
    await expect(anouk.at("muted")).to_have_count(0)
    for window in (anouk, bram):
        await window.expect_entry(INSULT)
    await anouk.at("decision-seen").click()

    await (await sealed(stage)).close()
    await open_book(bram)
    for row in ("audit.report.decided", "audit.measure.hidden", "audit.measure.restored"):
        told = words(row, who="Wijkagent, gemeente,")
        await expect(bram.at("audit-row").filter(has_text=told).first).to_be_visible()
    await expect(bram.at("audit-row").filter(has_text=re.compile("kwam binnen"))).to_have_count(1)
    await close_book(bram)


async def test_who_uses_no_mouse_reports_and_judges(stage: Stage) -> None:
    """By the keyboard alone; the receipt takes the focus, and it returns to the entry."""
    cas, dina = await stage.home("Cas"), await stage.home("Dina")
    smit = await moderator(stage, "smit")
    await cas.write("Koop hier goedkope horloges!")
    await dina.expect_entry("horloges")
    await dina.entries("horloges").get_by_test_id("more").focus()
    await dina.page.keyboard.press("Enter")
    while not await dina.at("menu-report").evaluate("item => item === document.activeElement"):
        await dina.page.keyboard.press("ArrowDown")
    await dina.page.keyboard.press("Enter")
    await dina.at("reason-spam").focus()
    await dina.page.keyboard.press("Space")
    await dina.at("report-note").focus()
    await dina.page.keyboard.type("Al de derde keer vandaag.")
    await dina.page.keyboard.press("Tab")
    await dina.page.keyboard.press("Enter")
    await expect(dina.at("report-close")).to_be_focused()
    await dina.page.keyboard.press("Enter")
    await expect(dina.at("report-form")).to_have_count(0)

    taken = smit.at("report").filter(has_text=words("report.reason_spam"))
    await taken.get_by_test_id("report-take").focus()
    await smit.page.keyboard.press("Enter")
    await taken.get_by_test_id("report-decide").focus()
    await smit.page.keyboard.press("Enter")
    await expect(smit.at("judge-form")).to_contain_text("Al de derde keer vandaag.")
    await smit.at("verdict-keep").focus()
    await smit.page.keyboard.press("Space")
    await smit.at("judge-send").focus()
    await smit.page.keyboard.press("Enter")
    await expect(decision(dina, "answered")).to_contain_text(words("decision.kept"))
    await expect(taken).to_have_count(0)


async def test_measures_on_the_room_are_seen_by_who_lives_there(stage: Stage) -> None:
    """Locked, slow, free again: at once, for everybody, with what still works; nothing of it is cut or fails axe."""
    eva, finn = await stage.home("Eva", **STILL), await stage.home("Finn", **STILL)
    jong = await moderator(stage, "jong")
    await eva.write("Iedereen hier is gek!")
    await finn.expect_entry("gek")
    await finn.choose_for("gek", "menu-report")
    assert await faults(finn) == []
    await finn.at("reason-insult").check(force=True)
    await finn.at("report-send").click()
    await finn.at("report-close").click()
    await jong.at("report-take").click()
    await jong.at("report-enter").click()
    await jong.at("measure-slow").select_option("30")
    await expect(eva.at("slow")).to_contain_text(words("standing.slow", seconds="30"))
    await eva.write("Toch is het waar.")
    await expect(eva.at("pause-left")).to_have_text(re.compile(r"\d+ s"))
    await expect(finn.at("pause-left")).to_be_empty()
    await jong.at("measure-lock").click()
    await expect(eva.at("locked")).to_have_text(words("standing.locked"))
    assert await faults(eva) == []
    await jong.at("measure-lock").click()
    await expect(eva.at("locked")).to_have_count(0)
    await jong.at("measure-slow").select_option("0")
    await expect(eva.at("slow")).to_have_count(0)
    assert await faults(jong) == []
    await jong.at("report-decide").click()
    await jong.at("verdict-warn").check(force=True)
    assert await faults(jong) == []
    await jong.at("panel-close").click()
    await jong.at("leave-room").click()
    await expect(eva.at("guest")).to_have_count(0)


async def test_a_statement_waits_for_who_was_away(stage: Stage) -> None:
    """First thing after return, and on no other device once it was seen."""
    gijs, hanna = await stage.home("Gijs", **STILL), await stage.home("Hanna")
    kuiper = await moderator(stage, "kuiper")
    await gijs.write("Hanna woont op nummer negen.")
    await hanna.expect_entry("nummer negen")
    await report(hanna, "nummer negen", "private_data")
    await gijs.page.goto("about:blank")
    await kuiper.at("report").filter(has_text=words("report.reason_private_data")).get_by_test_id("report-take").click()
    await decide(kuiper, "remove", facts="Het adres van een buurvrouw staat erin.")
    await gijs.page.goto(stage.process.url)
    await expect(decision(gijs, "decided")).to_contain_text(words("decision.remove"))
    assert await faults(gijs) == []
    await gijs.at("decision-seen").click()
    other = await Neighbour(stage.process.url, "Gijs").sign_in()
    assert "notices" not in (await other.connect()).welcome
    await other.close()
