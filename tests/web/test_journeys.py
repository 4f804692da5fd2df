"""Neighbours in a real browser, each in a window of their own: they join, talk, take back, and lose the server."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.town import JAN_LUYKENLAAN, MOERWIJK_WEST, PASSWORD
from tests.web.browser import Window
from tests.web.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOP = "entry => entry.getBoundingClientRect().top"
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""What was changed has been laid out, and put where it belongs, before anybody could have seen it."""


async def test_a_letter_leads_to_the_street(stage: Stage) -> None:
    """The code leaves the address, the recovery code and the house rules are shown once, then the room is there."""
    code = await stage.code()
    cleo = await stage.window(f"/#code={code}")
    await expect(cleo.at("code")).to_have_value(code)
    assert "#" not in cleo.page.url

    await cleo.join("Cleo van het Plein", PASSWORD)
    await cleo.write("Hallo buren!")
    await cleo.expect_entry("Hallo buren!")

    await cleo.page.reload()
    await cleo.expect_live()
    await cleo.expect_entry("Hallo buren!")
    for once in ("recovery", "rules-agree", "code"):
        await expect(cleo.at(once)).to_have_count(0)


async def test_a_forgotten_password_is_no_end(stage: Stage) -> None:
    """The recovery code sets a new one, is used up, and is followed by another."""
    window = await stage.window(f"/#code={await stage.code()}")
    first = await window.join("Vergeetachtige Vera", PASSWORD)
    await window.sign_out()

    await window.at("to-recover").click()
    await window.at("name").fill("Vergeetachtige Vera")
    await window.at("recovery-code").fill(first.lower())
    await window.at("password").fill("zes losse groene peren")
    await window.at("recover").click()
    await expect(window.at("recovery")).not_to_be_empty()
    assert await window.at("recovery").inner_text() != first
    await window.at("recovery-kept").click()
    await window.expect_live()

    await window.sign_out()
    await window.sign_in("Vergeetachtige Vera", "zes losse groene peren")


async def test_what_is_written_without_a_server_is_sent_once(stage: Stage) -> None:
    """It waits while the server is dead (kill -9), is sent when it is back, and stands once, for both, in one order."""
    ada, ben = await stage.home("Ada"), await stage.home("Ben")
    await ada.write("Is het licht bij jullie ook uit?")
    await ben.expect_entry("Is het licht bij jullie ook uit?")
    await ben.write("Ja, de hele straat is donker.")
    await ada.expect_entry("Ja, de hele straat is donker.")

    await stage.process.kill9()
    await ada.expect_not_live()
    await ada.write("Ik bel de netbeheerder.")
    await ada.write("Zij komen eraan.")
    await ada.expect_entry("Ik bel de netbeheerder.", state="waiting")
    await ada.expect_entry("Zij komen eraan.", state="waiting")

    await stage.process.start()
    # A second copy would have come before the next message: a room has one order.
    texts = ["Ik bel de netbeheerder.", "Zij komen eraan.", "Over een uur is er weer stroom."]
    await ada.write(texts[-1])
    for window in (ada, ben):
        for text in texts:
            await window.expect_entry(text)
        await window.expect_live()
        assert await window.in_order(texts) == texts


async def test_a_page_without_a_server_still_shows_the_street(stage: Stage) -> None:
    """Loaded anew while the server is dead it has its shell, what was read, and what waits; then that is sent, once."""
    dirk, eva = await stage.home("Dirk"), await stage.home("Eva")
    await eva.write("Wie heeft er een ladder te leen?")
    await dirk.expect_entry("Wie heeft er een ladder te leen?")
    await dirk.until_kept("Wie heeft er een ladder te leen?")

    await stage.process.kill9()
    await dirk.expect_not_live()
    await dirk.write("Ik, nummer tien.")
    await dirk.expect_entry("Ik, nummer tien.", state="waiting")
    await dirk.page.reload()
    await dirk.expect_entry("Wie heeft er een ladder te leen?")
    await dirk.expect_entry("Ik, nummer tien.", state="waiting")
    await dirk.expect_not_live()

    await stage.process.start()
    await dirk.expect_entry("Ik, nummer tien.")
    await eva.expect_entry("Ik, nummer tien.")


async def test_two_tabs_of_one_person_send_once(stage: Stage) -> None:
    """What was written in either while the server was dead is one message, in both and for the neighbour."""
    here, neighbour = await stage.home("Fatma"), await stage.home("Gijs")
    there = await here.another_tab()
    await there.expect_live()

    await stage.process.kill9()
    texts = ["Geschreven in het eerste tabblad.", "Geschreven in het tweede tabblad."]
    for tab, text in ((here, texts[0]), (there, texts[1])):
        await tab.expect_not_live()
        await tab.write(text)
    for tab in (here, there):
        for text in texts:
            await tab.expect_entry(text, state="waiting")

    await stage.process.start()
    for window in (here, there, neighbour):
        for text in texts:
            await window.expect_entry(text)
        assert sorted(await window.in_order(texts)) == sorted(texts)


async def test_words_are_answered_changed_and_taken_back_across_windows(stage: Stage) -> None:
    """A reply shows what it answers, an edit what stood before, a retraction leaves a marker, a tap a count."""
    hanna, ids = await stage.home("Hanna"), await stage.home("Ids")
    await hanna.write("De storing duurt tot drie uur.")
    await ids.expect_entry("De storing duurt tot drie uur.")

    await ids.choose_for("De storing duurt tot drie uur.", "reply")
    await ids.write("Dank je wel, Hanna.")
    answer = hanna.entries("Dank je wel, Hanna.")
    await expect(answer.get_by_test_id("quote")).to_contain_text("De storing duurt tot drie uur.")

    await ids.choose_for("De storing duurt tot drie uur.", "react-thanks")
    stated = hanna.entries("De storing duurt tot").first
    await expect(stated.get_by_test_id("reaction-thanks")).to_contain_text("1")
    await stated.get_by_test_id("reaction-thanks").click()
    await expect(ids.entries("De storing duurt tot").first.get_by_test_id("reaction-thanks")).to_contain_text("2")

    await hanna.choose_for("De storing duurt tot drie uur.", "edit")
    await expect(hanna.at("composer")).to_have_value("De storing duurt tot drie uur.")
    await hanna.write("De storing duurt tot vier uur.")
    changed = ids.entries("De storing duurt tot vier uur.").first
    await changed.locator("summary").click()
    await expect(changed).to_contain_text("De storing duurt tot drie uur.")

    await ids.write("Verkeerde ruimte, sorry.")
    await hanna.expect_entry("Verkeerde ruimte, sorry.")
    await ids.choose_for("Verkeerde ruimte, sorry.", "retract", "retract")
    for window in (hanna, ids):
        await expect(window.entries("Verkeerde ruimte, sorry.")).to_have_count(0)
        await expect(window.at("blank")).to_have_count(1)


async def test_the_other_room_counts_what_is_new(stage: Stage) -> None:
    """What was said and not who joined, until it is looked at; what was half written waits there for its author."""
    kees = await stage.talker("Kees")
    await kees.say(MOERWIJK_WEST, "Wie doet er mee met de braderie?")
    joke = await stage.home("Joke")
    await stage.talker("Wil die er ook bij komt")
    news = joke.at("room-neighbourhood").get_by_test_id("unread")
    await expect(news).to_have_count(0)
    await joke.at("composer").fill("half af")
    await kees.say(MOERWIJK_WEST, "Braderie op zaterdag!")
    await expect(news).to_contain_text("1")
    await joke.at("room-neighbourhood").click()
    await joke.expect_entry("Braderie op zaterdag!")
    await expect(news).to_have_count(0)
    await joke.at("room-street").click()
    await expect(joke.at("composer")).to_have_value("half af")


async def test_reading_back_stays_put_when_something_is_said(stage: Stage) -> None:
    """The words under the eye do not move; a button tells what is new and leads there."""
    lena, mo = await stage.home("Lena", viewport={"width": 360, "height": 740}), await stage.talker("Mo")
    for number in range(40):
        await mo.say(JAN_LUYKENLAAN, f"Praatje nummer {number}")
    await lena.expect_entry("Praatje nummer 39")
    read = lena.entries("Praatje nummer 12")
    await read.scroll_into_view_if_needed()
    await expect(lena.at("to-end")).to_be_visible()
    await lena.page.evaluate(PAINTED)
    before = await read.evaluate(TOP)
    await mo.say(JAN_LUYKENLAAN, "En dan nog dit.")
    await expect(lena.at("to-end")).to_contain_text("1")
    await lena.page.evaluate(PAINTED)
    assert abs(await read.evaluate(TOP) - before) < 1  # pixel
    await lena.at("to-end").click()
    await expect(lena.entries("En dan nog dit.")).to_be_in_viewport()


async def test_who_signs_out_leaves_nothing_to_read(stage: Stage) -> None:
    """Not on the screen, and not for who loads the page after them."""
    nora: Window = await stage.home("Nora")
    await nora.write("Dit is van Nora.")
    await nora.expect_entry("Dit is van Nora.")
    await nora.sign_out()
    await nora.page.reload()
    await expect(nora.at("sign-in")).to_be_visible()
    assert "Dit is van Nora." not in await nora.page.content()
