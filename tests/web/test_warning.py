"""Warnings in a real browser, by thumb and by keyboard: raised, answered, over, taken back from who had it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.neighbour import Neighbour
from tests.town import JAN_LUYKENLAAN, PASSWORD
from tests.web.browser import PATIENCE_MS, Window
from tests.web.catalogue import WORDS, words
from tests.web.stage import Stage
from tests.web.test_access import STOP, tab_to
from tests.web.test_escalation import desk, go_on_duty

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
GLASS = "Er klinkt brekend glas in de steeg."
MUSIC = "Harde muziek bij de speeltuin."
LOOKS = "Een man met een capuchon en een donkere baard."
MOST_TAPS = 6
"""To warn of a danger: the button, the kind, the field, onward, 112, send."""


async def tap(window: Window, *testids: str) -> None:
    for testid in testids:
        await window.at(testid).tap()


async def answer_112(window: Window, answer: str) -> None:
    """The answer's own words lie over its round button."""
    await window.page.locator(".option").filter(has=window.at(f"answer-112-{answer}")).tap()


async def warn_of_noise(window: Window, text: str = MUSIC) -> None:
    await tap(window, "warn", "kind-nuisance")
    await window.at("warn-text").fill(text)
    await tap(window, "warn-send")
    await expect(window.at("warn-form")).to_have_count(0)


async def all_clear(window: Window, text: str) -> None:
    """By the author; the second tap means it."""
    for _ in range(2):
        await pin(window, text).get_by_test_id("clear").tap()
    await expect(pin(window, text)).to_have_count(0)


def pin(window: Window, text: str) -> Locator:
    return window.at("pin").filter(has_text=text)


async def raised(who: Neighbour, text: str, **more: Any) -> int:
    said = {"room": JAN_LUYKENLAAN, "client_id": who.next_id(), "kind": "nuisance", "text": text, **more}
    reply = await who.ask("warning.raise", said)
    assert reply["ok"], reply
    return int(reply["seq"])


async def about(who: Neighbour, deed: str, target: int, **more: Any) -> None:
    said = {"room": JAN_LUYKENLAAN, "client_id": who.next_id(), "target": target, **more}
    reply = await who.ask(f"warning.{deed}", said)
    assert reply["ok"], reply


async def taps(window: Window) -> int:
    counted: int = await window.page.evaluate("window.taps")
    return counted


# by thumb --------------------------------------------------------------------------------------------


async def test_a_danger_is_told_answered_and_over(stage: Stage) -> None:
    """Six taps warn; 112 comes first; neighbours answer with one, and change it; the author says that all is clear."""
    anouk, bram, cora = [await stage.home(name, **PHONE) for name in ("Anouk", "Bram", "Cora")]
    await anouk.page.evaluate("window.taps = 0; addEventListener('pointerdown', () => { window.taps += 1; }, true)")
    await tap(anouk, "warn", "kind-burglary", "warn-text")
    await anouk.at("warn-text").fill(GLASS)
    await tap(anouk, "warn-next")
    await answer_112(anouk, "called")
    await tap(anouk, "warn-send")
    assert await taps(anouk) <= MOST_TAPS
    await expect(anouk.at("warn-form")).to_have_count(0)

    for window in (bram, cora):
        await expect(pin(window, GLASS)).to_contain_text("112")
        await expect(pin(window, GLASS).get_by_test_id("pin-left")).to_have_text(words("warning.left", span="1 u 00"))
    await tap(bram, "answer-see")
    await tap(cora, "answer-not_here")
    for window in (bram, cora):
        await expect(window.at("count-see")).to_have_text("1")
        await expect(window.at("count-not_here")).to_have_text("1")
    await tap(cora, "answer-over")
    await expect(cora.at("answer-over")).to_have_attribute("aria-pressed", "true")
    await expect(anouk.at("counts")).to_have_text(
        f"{words('warning.see_count', count='1')}, {words('warning.over_count', count='1')}"
    )
    await tap(cora, "answer-over")  # the same one again takes it back
    await expect(anouk.at("counts")).to_have_text(words("warning.see_count", count="1"))
    told = words("warning.reach", given="2", members="2")
    await expect(anouk.at("reach")).to_have_text(told, timeout=PATIENCE_MS)  # it is asked again every 10 s

    await all_clear(anouk, GLASS)
    for window in (anouk, bram, cora):
        await expect(window.at("warnings")).to_have_count(0)
        await expect(window.at("warning")).to_have_attribute("data-state", "cleared")
        await expect(window.at("warning.cleared")).to_have_count(1)


async def test_112_comes_first(stage: Stage) -> None:
    """A kind with danger does not leave before it is said; a dangerous text of another kind is asked too."""
    dirk = await stage.home("Dirk", **PHONE)
    await tap(dirk, "warn", "kind-fire")
    await dirk.at("warn-text").fill("Er komt rook uit het dak van de school.")
    await tap(dirk, "warn-next", "warn-send")
    await expect(dirk.at("warn-form").get_by_role("alert")).to_have_text(WORDS["call.lack_112"])
    await expect(dirk.at("warn-form").locator('a[href="tel:112"]')).to_be_visible()
    await tap(dirk, "warn-back", "warn-back", "kind-nuisance")
    await dirk.at("warn-text").fill("Iemand zwaait met een mes en bedreigt mensen.")
    await tap(dirk, "warn-send")
    await expect(dirk.at("warn-step")).to_have_attribute("data-step", "112")
    await expect(dirk.at("warnings")).to_have_count(0)
    await tap(dirk, "panel-close")


async def test_looks_alone_get_a_hint_and_may_be_sent(stage: Stage) -> None:
    """Behaviour first: too few words are asked for, looks get a kind word, and what one says after reading it goes."""
    evi, neighbour = await stage.home("Evi", **PHONE), await stage.home("Femke", **PHONE)
    await tap(evi, "warn", "kind-suspicious")
    await evi.at("warn-text").fill("Een man loopt")
    await tap(evi, "warn-send")
    await expect(evi.at("warn-form").get_by_role("alert")).to_have_text(WORDS["warn.lack_deed"])
    await evi.at("warn-text").fill(LOOKS)
    await tap(evi, "warn-send")
    await expect(evi.at("warn-hint")).to_have_attribute("data-hint", "looks")
    await tap(evi, "hint-change")
    await expect(evi.at("warn-text")).to_be_focused()
    await evi.at("warn-text").fill(f"{LOOKS} ")
    await tap(evi, "warn-send", "hint-anyway")
    await expect(pin(neighbour, LOOKS)).to_have_count(1)
    await all_clear(evi, LOOKS)


async def test_worry_is_no_warning(stage: Stage) -> None:
    """It leads to the private case, with the numbers of care."""
    gijs = await stage.home("Gijs", **PHONE)
    await tap(gijs, "warn", "kind-worry")
    await expect(gijs.at("to-worry")).to_be_checked()
    await expect(gijs.at("private")).to_be_checked()
    await expect(gijs.at("escalate-form").locator('a[href="tel:08002000"]')).to_be_visible()


async def test_three_neighbours_end_a_noise(stage: Stage) -> None:
    """With one tap each; nobody else has to."""
    hugo = await stage.home("Hugo", **PHONE)
    await warn_of_noise(hugo)
    neighbours = [await stage.home(name, **PHONE) for name in ("Iris", "Jan", "Kim")]
    for neighbour in neighbours:
        await pin(neighbour, MUSIC).get_by_test_id("answer-over").tap()
    await expect(pin(hugo, MUSIC)).to_have_count(0)
    await expect(hugo.at("warning.cleared").last).to_contain_text(
        words("warning.line_cleared_neighbours", kind=WORDS["kind.nuisance"])
    )


async def test_what_was_not_so_finds_who_was_away(stage: Stage) -> None:
    """At once for who is here, first thing after return for who was not; seen on one device is seen."""
    lars, mia, noor = [await stage.home(name, **PHONE) for name in ("Lars", "Mia", "Noor")]
    await warn_of_noise(lars, "Er wordt met vuurwerk gegooid.")
    for window in (mia, noor):
        await expect(pin(window, "vuurwerk")).to_have_count(1)
    await noor.page.goto("about:blank")
    await tap(lars, "retract-warning", "retract-send")
    await expect(lars.at("warning-change").get_by_role("alert")).to_have_text(WORDS["warning.lack_reason"])
    await lars.at("change-reason").fill("Het was een verjaardag.")
    await tap(lars, "retract-send")

    await expect(mia.page.get_by_role("alert").filter(has=mia.at("notice"))).to_contain_text("Het was een verjaardag.")
    await noor.page.goto(stage.process.url)
    await expect(noor.at("notice")).to_have_attribute("data-what", "retracted")
    await expect(noor.at("notice")).to_contain_text("Het was een verjaardag.")
    await expect(lars.at("notice")).to_have_count(0)
    for window in (mia, noor):
        await expect(pin(window, "vuurwerk")).to_have_count(0)
        await expect(window.at("warning").last).to_have_attribute("data-state", "retracted")
        await tap(window, "notice-seen")
        await expect(window.at("notice")).to_have_count(0)
    other = await stage.window(**PHONE)
    await other.sign_in("Noor", PASSWORD)
    await expect(other.at("warning.retracted").last).to_be_attached()
    await expect(other.at("notice")).to_have_count(0)


async def test_what_is_over_can_still_be_taken_back(stage: Stage) -> None:
    """By its author, from the timeline: who was given it hears that it was not so."""
    otto, pia = await stage.home("Otto", **PHONE), await stage.home("Pia", **PHONE)
    await warn_of_noise(otto, "Er staat een busje met draaiende motor.")
    await expect(pin(pia, "busje")).to_have_count(1)
    await all_clear(otto, "busje")
    await expect(pia.at("retract-over")).to_have_count(0)
    await otto.at("warning").filter(has_text="busje").get_by_test_id("retract-over").tap()
    await otto.at("change-reason").fill("Het was de verhuizer.")
    await tap(otto, "retract-send")
    await expect(pia.at("notice")).to_contain_text("Het was de verhuizer.")


async def test_a_correction_is_told_and_stands_in_the_lane(stage: Stage) -> None:
    """The new words for everybody, a notice for who had the old ones, and the old ones behind the new."""
    otis, puck = await stage.home("Otis", **PHONE), await stage.home("Puck", **PHONE)
    await warn_of_noise(otis, "Er ligt olie op straat bij de brug.")
    await tap(otis, "correct-warning", "correct-send")
    await expect(otis.at("warning-change").get_by_role("alert")).to_have_text(WORDS["warning.lack_change"])
    await otis.at("correct-text").fill("Er ligt olie op straat bij het plein.")
    await otis.at("change-reason").fill("Het is het plein.")
    await tap(otis, "correct-send")
    await expect(pin(puck, "bij het plein")).to_contain_text(WORDS["warning.corrected"])
    await expect(puck.at("notice")).to_have_attribute("data-what", "corrected")
    await tap(puck, "notice-seen")
    await expect(puck.at("notices").get_by_role("button")).to_have_count(0)
    await expect(puck.at("warning").last).to_contain_text("bij de brug")
    await all_clear(otis, "bij het plein")


async def test_another_desk_is_chosen(stage: Stage) -> None:
    """The proposal stands with its words; its author chooses, and neighbours are not asked."""
    quin, rosa = await stage.home("Quin", **PHONE), await stage.home("Rosa", **PHONE)
    await warn_of_noise(quin, "Harde muziek en geschreeuw op het plein.")
    await expect(quin.at("desk-proposed")).to_contain_text("muziek")
    await tap(quin, "desk-other", "desk-none")
    await expect(quin.at("desk-proposed")).to_have_attribute("data-desk", "none")
    await expect(rosa.at("warning.routed").last).to_be_attached()
    await expect(rosa.at("desk-proposed")).to_have_count(0)
    await all_clear(quin, "geschreeuw")


async def test_help_is_called_from_a_warning(stage: Stage) -> None:
    """What the warning says of 112 is not asked again."""
    sem, tara = await stage.talker("Sem"), await stage.home("Tara", **PHONE)
    seq = await raised(sem, "Iemand slaat een ruit in.", kind="violence", emergency="called")
    await pin(tara, "ruit").get_by_test_id("escalate").tap()
    await expect(tara.at("escalate-form")).to_be_visible()
    await expect(tara.at("answer-112-called")).to_have_count(0)
    await tap(tara, "panel-close")
    await about(sem, "clear", seq)


async def test_staff_in_the_room_tend_a_warning(stage: Stage) -> None:
    """They see how many were given it and which desk fits, do not vote that it is over, and say that all is clear."""
    ubbo = await stage.home("Ubbo", **PHONE)
    vega = await desk(stage, "vega warnt")
    await go_on_duty(vega)
    await warn_of_noise(ubbo, "Jongeren gooien met stenen.")
    await pin(ubbo, "stenen").get_by_test_id("escalate").tap()
    for testid in ("answer-112-called", "to-police", "urgency-urgent"):
        await ubbo.at(testid).check(force=True)  # the answer's own words lie over its round button
    await ubbo.at("escalate-text").fill("Er wordt met stenen gegooid.")
    await tap(ubbo, "escalate-send")
    await vega.at("page").get_by_test_id("accept").click()
    pinned = pin(vega, "stenen")
    await expect(pinned.get_by_test_id("desk-proposed")).to_be_visible()
    await expect(pinned.get_by_test_id("answer-over")).to_have_count(0)
    await expect(pinned.get_by_test_id("retract-warning")).to_have_count(0)
    for _ in range(2):
        await pinned.get_by_test_id("clear").click()
    await expect(ubbo.at("warning.cleared").last).to_contain_text("Wijkagent")
    await expect(pin(ubbo, "stenen")).to_have_count(0)
    await vega.at("duty").click()


async def test_many_stand_in_few_lines(stage: Stage) -> None:
    """One open, a line below it, and all of them when asked for; what comes meanwhile does not move the open one."""
    vic, wies, xander = [await stage.talker(name) for name in ("Vic", "Wies", "Xander")]
    yvon = await stage.home("Yvon", **PHONE)
    seqs = [(vic, await raised(vic, "Harde muziek, de eerste."))]
    await expect(pin(yvon, "de eerste").get_by_test_id("answer-see")).to_be_visible()
    seqs += [(who, await raised(who, f"Harde muziek, van {who.name}.")) for who in (wies, xander)]
    fire = await raised(wies, "Er brandt een container.", kind="fire", emergency="called")
    await expect(yvon.at("warnings-all")).to_have_text(words("warning.all", count="4"))
    await expect(yvon.at("pin")).to_have_count(2)
    await expect(yvon.at("pin").first).to_contain_text("de eerste")
    await expect(yvon.at("pin").last).to_contain_text("container")
    await expect(yvon.at("answer-see")).to_have_count(1)
    await tap(yvon, "warnings-all")
    await expect(yvon.at("pin")).to_have_count(4)
    await expect(yvon.at("answer-see")).to_have_count(0)
    await expect(yvon.at("pin").first).to_contain_text("container")
    for who, seq in (*seqs, (wies, fire)):
        await about(who, "clear", seq)
    await expect(yvon.at("warnings")).to_have_count(0)


# the clock, and the line -----------------------------------------------------------------------------


async def test_the_clock_ends_it_without_a_word(stage: Stage) -> None:
    """A page that hears nothing shows no warning beyond its end."""
    uma, line = await stage.talker("Uma"), await stage.line()
    vera = await stage.home("Vera", line=line, has_clock=True)
    seq = await raised(uma, "Er is een waterlek in de straat.", minutes=30)
    await expect(pin(vera, "waterlek")).to_have_count(1)
    line.cut()
    await vera.page.clock.fast_forward("29:00")
    await expect(pin(vera, "waterlek").get_by_test_id("pin-left")).to_have_text(words("warning.left", span="1 min"))
    await vera.page.clock.fast_forward("01:30")
    await expect(pin(vera, "waterlek")).to_have_count(0)
    await expect(vera.at("warning").last).to_have_attribute("data-state", "expired")
    await about(uma, "clear", seq)


async def test_an_answer_without_a_line_counts_once_it_is_back(stage: Stage) -> None:
    """It shows at once, waits, and reaches the others."""
    wim, line = await stage.talker("Wim"), await stage.line()
    seq = await raised(wim, "De lantaarns in de straat zijn uit.")
    xena = await stage.home("Xena", line=line)
    await expect(pin(xena, "lantaarns")).to_have_count(1)
    line.cut()
    await xena.at("answer-see").click()
    await expect(xena.at("count-see")).to_have_text("1")
    line.mend()
    await wim.expect("warning.answered", counts={"see": 1, "not_here": 0, "over": 0})
    await xena.expect_live()
    await about(wim, "clear", seq)


# no mouse, and a screen reader -----------------------------------------------------------------------


async def test_no_mouse_is_needed(stage: Stage) -> None:
    """Warn, answer, fold and open, all clear, acknowledge: by Tab and Enter; the focus is always somewhere."""
    yara, zoe = await stage.home("Yara"), await stage.home("Zoe")
    keys = yara.page.keyboard
    await press(yara, "warn")
    await expect(yara.at("warn-form")).to_be_visible()
    await press(yara, "kind-burglary")
    await expect(yara.at("warn-text")).to_be_focused()
    await keys.type("Iemand breekt de deur van de school open.")
    await press(yara, "warn-next")
    await press(yara, "answer-112-called", "Space")
    await press(yara, "warn-send")
    await expect(yara.at("warn-form")).to_have_count(0)
    assert (await yara.page.evaluate(STOP))[0] == "warn"

    await expect(zoe.page.get_by_role("alert").filter(has_text="de deur van de school")).to_have_count(1)
    await press(zoe, "pin-line")
    await expect(zoe.at("pin-line")).to_have_attribute("aria-expanded", "false")
    await zoe.page.keyboard.press("Enter")
    await press(zoe, "answer-see")
    await expect(zoe.at("answer-see")).to_have_attribute("aria-pressed", "true")
    await expect(yara.at("counts-aloud")).to_have_text(words("warning.see_count", count="1"))

    await press(yara, "retract-warning")
    await expect(yara.at("warning-change")).to_be_visible()
    await tab_to(yara, "change-reason")
    await keys.type("Het was de conciërge.")
    await press(yara, "retract-send")
    await expect(zoe.at("notice")).to_be_visible()
    await press(zoe, "notice-seen")
    await expect(zoe.at("notice")).to_have_count(0)
    await expect(zoe.page.get_by_role("main").get_by_role("heading", level=2)).to_be_focused()


async def test_no_danger_is_said_politely(stage: Stage) -> None:
    """What is no danger waits for a pause; its end does too."""
    abel, bo = await stage.talker("Abel"), await stage.home("Bo")
    seq = await raised(abel, "Er staat een bus dwars op de weg.", kind="traffic")
    await expect(bo.at("warning-news")).to_contain_text("bus dwars")
    await expect(bo.page.get_by_role("alert").filter(has_text="bus dwars")).to_have_count(0)
    await about(abel, "clear", seq)
    await expect(bo.at("warning-news")).to_contain_text(
        words("warning.line_cleared_author", kind=WORDS["kind.traffic"])
    )


async def press(window: Window, testid: str, key: str = "Enter") -> None:
    """Go there by Tab, and press this key."""
    await tab_to(window, testid)
    await window.page.keyboard.press(key)
