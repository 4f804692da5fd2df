"""Measures in a real browser: at hand in the room, an expulsion by two people, what must stay, and who may help."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.town import JAN_LUYKENLAAN
from tests.web.browser import Window
from tests.web.called import done
from tests.web.catalogue import words
from tests.web.stage import Stage
from tests.web.test_escalation import desk, escalate, go_on_duty
from tests.web.test_moderation import FACTS, STILL, decide, decision, faults, moderator, report

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def come_in(moderator: Window, reporter: Window, text: str) -> None:
    """A neighbour reports this, and the moderator comes to read it."""
    await report(reporter, text)
    await moderator.at("report-take").click()
    await moderator.at("report-enter").click()
    await moderator.expect_entry(text)


async def measure(moderator: Window, verdict: str) -> None:
    """In the sheet that is open."""
    await moderator.at(f"verdict-{verdict}").check(force=True)
    await moderator.at("rule-insult").check(force=True)
    await moderator.at("judge-facts").fill(FACTS)
    await moderator.at("judge-send").click()


async def test_what_was_hidden_in_the_room_is_put_back_there(stage: Stage) -> None:
    """Nobody had reported it and nobody appealed; the marker itself is where the moderator brings it back."""
    ada, ben = await stage.home("Ada", **STILL), await stage.home("Ben")
    bakker = await moderator(stage, "bakker")
    await ada.write("Wat een herrie maken jullie!")
    await ada.write("Ophouden, nu!")
    await ben.expect_entry("Ophouden")
    await come_in(bakker, ben, "herrie")
    await bakker.choose_for("Ophouden", "menu-measure")
    await expect(bakker.at("verdict-restore")).to_have_count(0)
    await measure(bakker, "hide")
    await expect(bakker.at("judge-form")).to_have_count(0)
    for window in (ada, ben, bakker):
        await expect(window.at("blank")).to_contain_text(words("blank.hidden"))
    await expect(ben.at("measure-message")).to_have_count(0)

    await bakker.at("measure-message").click()
    await expect(bakker.at("verdict-hide")).to_have_count(0)
    await measure(bakker, "restore")
    for window in (ada, ben, bakker):
        await window.expect_entry("Ophouden")
    await expect(decision(ada, "decided").first).to_be_visible()
    await bakker.at("report-release").click()
    await bakker.at("report-take").click()
    await decide(bakker, "keep")
    await expect(bakker.at("report")).to_have_count(0)


async def test_two_people_put_somebody_out(stage: Stage) -> None:
    """Whoever asks for it waits; a colleague reads why, declines once and agrees once; only then the room is gone."""
    cas, dina = await stage.home("Cas", **STILL), await stage.home("Dina")
    smit, visser = await moderator(stage, "smit"), await moderator(stage, "visser")
    await cas.write("Ik weet jullie te vinden.")
    await dina.expect_entry("te vinden")
    await come_in(smit, dina, "te vinden")
    for says, after in (("decline", "taken"), ("agree", None)):
        await smit.choose_for("te vinden", "menu-measure")
        await measure(smit, "expel")
        await expect(smit.at("judge-receipt")).to_contain_text(words("judge.asked_next"))
        await smit.at("judge-close").click()
        await expect(smit.at("report")).to_contain_text(words("reports.seconding_own"))
        await expect(smit.at("second-agree")).to_have_count(0)
        await expect(visser.at("report")).to_contain_text(FACTS)
        await expect(cas.at("room-street")).to_be_visible()
        await visser.at(f"second-{says}").click()
        if after:
            await expect(smit.at("report")).to_have_attribute("data-state", after)
    await expect(cas.at("room-street")).to_have_count(0)
    await expect(decision(cas, "decided")).to_contain_text(words("decision.expel"))
    assert await faults(cas) == []
    await expect(visser.at("report")).to_have_count(0)


async def test_a_warning_is_reported_and_stays_until_it_was_looked_at(stage: Stage) -> None:
    """It may be about danger: nothing hides it, neither three neighbours nor a moderator; its author can be warned."""
    eva, finn = await stage.talker("Eva"), await stage.home("Finn", **STILL)
    jong = await moderator(stage, "jong")
    said = {"room": JAN_LUYKENLAAN, "kind": "nuisance", "text": "Er staat een bende voor nummer elf."}
    await done(eva, "warning.raise", said)
    await finn.at("pin").get_by_test_id("report-warning").click()
    await expect(finn.at("report-form")).to_contain_text(words("report.stays"))
    await finn.at("reason-false_alarm").check(force=True)
    await finn.at("report-send").click()
    await finn.at("report-close").click()
    await jong.at("report-take").click()
    await jong.at("report-enter").click()
    await jong.at("pin").get_by_test_id("measure-warning").click()
    await expect(jong.at("verdict-mute")).to_be_attached()
    await expect(jong.at("verdict-hide")).to_have_count(0)
    await measure(jong, "warn")
    await expect(decision(finn, "answered")).to_contain_text(words("decision.acted"))
    await expect(finn.at("pin")).to_have_count(1)


async def test_a_colleague_comes_to_help_and_goes(stage: Stage) -> None:
    """On the ground of a case that another has: from the desk, seen by the neighbours, and gone when they say so."""
    gijs = await stage.home("Gijs", **STILL)
    vega, kok = await desk(stage, "vega"), await desk(stage, "kok", **STILL)
    await go_on_duty(vega)
    await escalate(gijs, "Er wordt aan alle deuren gevoeld.")
    await vega.at("page").get_by_test_id("accept").click()
    await expect(gijs.at("case")).to_have_attribute("data-state", "accepted")
    await kok.at("elsewhere").locator("summary").click()
    await kok.at("case-enter").click()
    await expect(kok.at("case")).to_contain_text("alle deuren")
    await expect(gijs.at("guest")).to_contain_text(words("standing.guest_case"))
    await expect(vega.at("leave-room")).to_have_count(0)  # whoever has the case stays
    await kok.at("leave-room").click()
    await expect(gijs.at("guest")).to_have_count(0)
    await expect(kok.at("room-street")).to_have_count(0)
