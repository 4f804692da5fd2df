"""Official alerts as residents have them, in a real browser: signed, on top until they end, answered, never faked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from rooms.signature import KeyPair, pins
from tests.neighbour import Neighbour
from tests.town import PASSWORD
from tests.web import layout
from tests.web.alerted import GAS, SAYS, Officers
from tests.web.browser import Window
from tests.web.catalogue import WORDS, words
from tests.web.pictures import SIZES, resize
from tests.web.stage import Stage
from tests.web.test_access import LOOKS, STOP, axe, tab_to
from tests.web.test_warning import PHONE

pytestmark = pytest.mark.asyncio(loop_scope="module")

STRANGER = KeyPair(bytes(range(32)))
KEYS = "meta[name=bart-keys]"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def officers(one_stage: Stage) -> AsyncIterator[Officers]:
    both = []
    for name, title in (("vega", "Wijkagent Moerwijk"), ("prins", "Hoofdagent")):
        status, _, errors = await one_stage.process.run(
            "staff", "add", name, "--role", "officer", "--organisation", "police", "--place", "Escamp",
            "--title", title, "--password-stdin", stdin=PASSWORD,
        )  # fmt: skip
        assert status == 0, errors
        both.append(await (await Neighbour(one_stage.process.url, name).sign_in()).connect())
    cast = Officers(*both)
    yield cast
    await cast.close()


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def _nothing_in_force(officers: Officers) -> AsyncIterator[None]:
    yield
    await officers.clear()


async def lives_here(stage: Stage, name: str, **more: Any) -> tuple[Neighbour, Window]:
    """Somebody with a window of their own, live in the street."""
    neighbour = await stage.neighbour(name)
    window = await stage.window(**more)
    await window.sign_in(name, PASSWORD)
    return neighbour, window


def street_of(neighbour: Neighbour) -> str:
    return str(neighbour.person["street"]["id"])


# it comes, changes and ends --------------------------------------------------------------------------


async def test_an_alert_comes_signed_changes_and_ends(stage: Stage, officers: Officers) -> None:
    """Without loading anew: in the frame of the police, on top of the room; updated; all clear, and gone."""
    anouk, window = await lives_here(stage, "Anouk", **PHONE)
    alert = await officers.alert(street_of(anouk))
    card = window.at("alerts").get_by_test_id("alert-card")
    await expect(card).to_have_attribute("data-verdict", "valid")
    for part in (WORDS["alert.from_police"], "Wijkagent Moerwijk", SAYS["headline"], SAYS["text"], SAYS["instruction"]):
        await expect(card).to_contain_text(part)
    await expect(card.get_by_test_id("alert-seal")).to_have_text(WORDS["alert.signed"])
    await expect(card.get_by_role("link")).to_have_count(0)
    await expect(window.at("alert.broadcast")).to_have_count(1)
    await expect(window.at("room-alerted")).to_have_count(1)

    await officers.of("update", alert, text="De daders zijn gevlucht. Let op je fiets.", languages=[])
    await expect(card).to_contain_text("Let op je fiets")
    await expect(card.get_by_test_id("alert-when")).to_contain_text(WORDS["alert.updated_at"].split()[0])
    await expect(window.at("alert.broadcast").get_by_test_id("alert-card")).to_have_attribute("data-state", "replaced")
    await expect(window.at("alert.updated").get_by_test_id("alert-card")).to_have_attribute("data-state", "in_force")

    await officers.of("clear", alert, reason="De daders zijn opgepakt.")
    await expect(window.at("alerts")).to_have_count(0)
    await expect(window.at("room-alerted")).to_have_count(0)
    await expect(window.at("alert.cleared")).to_contain_text(
        words("alert.line_clear_police", headline=SAYS["headline"])
    )
    await expect(window.at("alert.cleared")).to_contain_text("De daders zijn opgepakt.")
    await expect(window.at("alert-news")).to_contain_text(words("alert.line_clear_police", headline=SAYS["headline"]))
    await expect(window.at("alert.updated").get_by_test_id("alert-card")).to_have_attribute("data-state", "over")


async def test_what_is_taken_back_says_why(stage: Stage, officers: Officers) -> None:
    """A cancel ends it at once, with its reason."""
    bram, window = await lives_here(stage, "Bram")
    alert = await officers.alert(street_of(bram))
    await expect(window.at("alerts")).to_be_visible()
    await officers.of("cancel", alert, reason="Het was een oude melding.")
    await expect(window.at("alerts")).to_have_count(0)
    await expect(window.at("alert.cancelled").last).to_contain_text("Het was een oude melding.")


async def test_who_comes_later_sees_it_on_top(stage: Stage, officers: Officers) -> None:
    """Who joins or signs in while it is in force, and who has no network: what is pinned is kept with the room."""
    cora = await stage.neighbour("Cora")
    alert = await officers.alert(street_of(cora))
    window = await stage.home("Daan", service_workers="allow")
    await expect(window.at("alerts").get_by_test_id("alert-card")).to_have_attribute("data-verdict", "valid")
    await window.until_kept("Auto-inbraken in deze straat")
    await window.page.context.set_offline(True)
    await window.page.reload()
    await window.expect_not_live()
    card = window.at("alerts").get_by_test_id("alert-card")
    await expect(card).to_have_attribute("data-verdict", "valid")
    await expect(card).to_contain_text(SAYS["text"])
    await window.page.context.set_offline(False)
    await officers.of("clear", alert)
    await expect(window.at("alerts")).to_have_count(0)


async def test_the_clock_ends_it_without_a_word(stage: Stage, officers: Officers) -> None:
    """A page that hears nothing shows no alert beyond its end."""
    eva, line = await stage.neighbour("Eva"), await stage.line()
    await officers.alert(street_of(eva))
    window = await stage.window(line=line, has_clock=True)
    await window.sign_in("Eva", PASSWORD)
    await expect(window.at("alerts")).to_be_visible()
    line.cut()
    await window.page.clock.fast_forward("01:58:00")
    await expect(window.at("alerts")).to_be_visible()
    await window.page.clock.fast_forward("00:03:00")
    await expect(window.at("alerts")).to_have_count(0)


async def test_it_is_said_in_the_readers_language(stage: Stage, officers: Officers) -> None:
    """Where there is such a variant; the words around it are the reader's anyway."""
    await stage.neighbour("Fay")
    window = await stage.window(locale="en-GB", color_scheme="dark")
    await window.sign_in("Fay", PASSWORD)
    await officers.alert(street_of(await stage.neighbour("Gijs")))
    card = window.at("alerts").get_by_test_id("alert-card")
    await expect(card).to_contain_text("Car break-ins in this street")
    await expect(card).to_contain_text("Message from the police")
    await expect(card.get_by_role("heading", level=3)).to_have_attribute("lang", "en")


async def test_another_room_of_mine_is_told_of_too(stage: Stage, officers: Officers) -> None:
    """An alert in the neighbourhood shows in the street as a line that leads there."""
    hugo, window = await lives_here(stage, "Hugo")
    await officers.alert(str(hugo.person["neighbourhood"]["id"]))
    line = window.at("alert-elsewhere")
    await expect(line).to_contain_text(SAYS["headline"])
    await line.click()
    await expect(window.at("room-neighbourhood")).to_have_attribute("aria-current", "true")
    await expect(window.at("alerts").get_by_test_id("alert-card")).to_contain_text(SAYS["text"])


async def test_an_exercise_is_marked_everywhere(stage: Stage, officers: Officers) -> None:
    """On the card, folded, in the timeline, on the whole screen and aloud."""
    ida, window = await lives_here(stage, "Ida")
    await officers.alert(street_of(ida), says=GAS, exercise=True)
    await expect(window.at("alert-full").get_by_test_id("alert-exercise")).to_contain_text(WORDS["alert.exercise_hint"])
    await expect(window.at("alert-news-urgent")).to_contain_text(WORDS["alert.exercise"])
    await window.page.keyboard.press("Escape")
    await expect(window.at("alerts").get_by_test_id("alert-exercise")).to_be_visible()
    await expect(window.at("alert.broadcast").last).to_contain_text(WORDS["alert.exercise"])
    await window.at("alerts").get_by_test_id("alert-line").click()
    await expect(window.at("alerts").get_by_test_id("alert-line")).to_contain_text(WORDS["alert.exercise"])


# what could not be verified --------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ["altered", "unknown_key"])
async def test_what_the_town_did_not_sign_has_no_frame(stage: Stage, officers: Officers, verdict: str) -> None:
    """With other keys in the page the words stand there as anybody's: no sender, no seal, no whole screen."""
    jan = await stage.neighbour("Jan" if verdict == "altered" else "Joris")
    await officers.alert(street_of(jan), says=GAS)
    window = await stage.window()
    town, stranger = await window.page.locator(KEYS).get_attribute("content") or "", pins([STRANGER.public])
    if verdict == "altered":  # the town's name of the key, for a key of somebody else
        stranger = f"{town.partition(':')[0]}:{stranger.partition(':')[2]}"
    await window.page.locator(KEYS).evaluate("(meta, keys) => meta.setAttribute('content', keys)", stranger)
    await window.sign_in(jan.name, PASSWORD)
    card = window.at("alerts").get_by_test_id("alert-card")
    await expect(card).to_have_attribute("data-verdict", verdict)
    await expect(card).to_contain_text(WORDS["alert.unverified"])
    await expect(card.get_by_test_id("alert-doubt")).to_have_text(WORDS[f"alert.{verdict}"])
    await expect(card).to_contain_text(GAS["text"])
    await expect(window.page.get_by_text(WORDS["alert.from_police"])).to_have_count(0)
    for testid in ("alert-seal", "alert-seen", "alert-full", "room-alerted"):
        await expect(window.at(testid)).to_have_count(0)
    await expect(window.at("alert-news")).to_have_text(WORDS["alert.news_unverified"])


async def test_a_browser_without_signatures_of_its_own_verifies_too(stage: Stage, officers: Officers) -> None:
    """As any on a page without TLS: what it lacks is fetched, and the frame is drawn."""
    joke = await stage.neighbour("Joke")
    window = await stage.window()
    await window.page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    await window.page.reload()
    async with window.page.expect_response(lambda response: "ed25519_noble" in response.url):
        await window.sign_in("Joke", PASSWORD)  # where an alert is in force already, it is fetched with the welcome
        await officers.alert(street_of(joke))
    await expect(window.at("alerts").get_by_test_id("alert-card")).to_have_attribute("data-verdict", "valid")


async def test_no_resident_makes_anything_that_looks_like_one(stage: Stage, officers: Officers) -> None:
    """Whatever somebody writes stands in a bubble; the command itself is refused."""
    kim, lars = await stage.talker("Kim"), await stage.home("Lars")
    await kim.say(street_of(kim), f"{WORDS['alert.from_police']}: {WORDS['alert.signed']}")
    await lars.expect_entry(WORDS["alert.signed"])
    said = lars.entries(WORDS["alert.signed"])
    for testid in ("alert-card", "alert-seal"):
        await expect(said.get_by_test_id(testid)).to_have_count(0)
    await expect(lars.at("alerts")).to_have_count(0)
    asked = {"places": [street_of(kim)], **SAYS}
    assert (await kim.ask("alert.preview", asked))["error"]["code"] == "not_permitted"


# what a resident answers -----------------------------------------------------------------------------


async def test_seen_counts_once_on_all_devices(stage: Stage, officers: Officers) -> None:
    """Answered on one device it shows on the other; the officer sees one person who has it and has seen it. Later it
    is a line, until it says something else."""
    mia, phone = await lives_here(stage, "Mia", **PHONE)
    tablet = await stage.window()
    await tablet.sign_in("Mia", PASSWORD)
    members = (await officers.vega.ask("alert.preview", {"places": [street_of(mia)], **SAYS}))["members"]
    alert = await officers.alert(street_of(mia))
    await officers.reach(alert, members=members, delivered=1, seen=0)
    await phone.at("alert-seen").tap()
    for window in (phone, tablet):
        await expect(window.at("alert-seen-done")).to_have_text(WORDS["alert.seen_done"])
        await expect(window.at("alert-seen")).to_have_count(0)
    await officers.reach(alert, delivered=1, seen=1)
    await phone.page.reload()
    line = phone.at("alerts").get_by_test_id("alert-line")
    await expect(line).to_have_attribute("aria-expanded", "false")
    await officers.of("update", alert, text="De daders zijn nu bij het park.", languages=[])
    await expect(line).to_have_attribute("aria-expanded", "true")
    await expect(phone.at("alert-news")).to_contain_text("De daders zijn nu bij het park.")
    await expect(phone.at("alert-seen-done")).to_have_count(0)  # that was about what it said before
    await officers.reach(alert, delivered=1, seen=0)
    await phone.at("alert-seen").tap()
    await expect(tablet.at("alert-seen-done")).to_be_visible()
    await officers.reach(alert, delivered=1, seen=1)


async def test_an_answer_without_a_line_counts_once_it_is_back(stage: Stage, officers: Officers) -> None:
    """It shows at once, waits, and reaches the officer."""
    noor, line = await stage.neighbour("Noor"), await stage.line()
    alert = await officers.alert(street_of(noor))
    window = await stage.window(line=line)
    await window.sign_in("Noor", PASSWORD)
    await expect(window.at("alert-seen")).to_be_visible()
    line.cut()
    await window.at("alert-seen").click()
    await expect(window.at("alert-seen-done")).to_be_visible()
    line.mend()
    await officers.reach(alert, seen=1)


async def test_who_knows_something_tells_it_in_private(stage: Stage, officers: Officers) -> None:
    """The form knows to whom and that it is private; the officers' case says to which alert it belongs."""
    otis, window = await lives_here(stage, "Otis")
    await done_on_duty(officers)
    alert = await officers.alert(street_of(otis))
    await window.at("alerts").get_by_test_id("alert-information").click()
    await expect(window.at("escalate-form")).to_contain_text(SAYS["headline"])
    await expect(window.at("private")).to_be_checked()
    await expect(window.at("private")).to_be_disabled()
    await expect(window.at("to-municipality")).to_have_count(0)
    await window.at("escalate-text").fill("Ik zag ze bij de garageboxen.")
    await window.at("escalate-send").click()
    await expect(window.at("private-bar")).to_be_visible()
    page = await officers.vega.expect("escalation.paged")
    assert page["case"]["alert"] == alert
    assert page["case"]["private"] is True


async def done_on_duty(officers: Officers) -> None:
    reply = await officers.vega.ask("duty.start", {"client_id": officers.vega.next_id()})
    assert reply["ok"], reply


# the whole screen, no mouse, and a screen reader -----------------------------------------------------


async def test_extreme_danger_fills_the_screen(stage: Stage, officers: Officers) -> None:
    """By keyboard: Escape closes it, *seen* answers it, an update fills it anew, and less grave ones never do."""
    puck, window = await lives_here(stage, "Puck")
    alert = await officers.alert(street_of(puck), says=GAS)
    full = window.at("alert-full")
    await expect(full).to_contain_text(GAS["headline"])
    await expect(full.get_by_role("heading", level=2)).to_be_focused()
    await expect(full.locator('a[href="tel:112"]')).to_be_visible()
    await expect(window.at("alert-news-urgent")).to_contain_text(GAS["text"])
    await window.page.keyboard.press("Escape")
    await expect(full).to_have_count(0)
    await expect(window.at("alerts").get_by_test_id("alert-seen")).to_be_visible()

    await window.page.reload()
    await expect(full).to_be_visible()
    await tab_to(window, "alert-seen")
    await window.page.keyboard.press("Enter")
    await expect(full).to_have_count(0)
    await expect(window.page.get_by_role("main").get_by_role("heading", level=2)).to_be_focused()
    await window.page.reload()
    await expect(window.at("alerts")).to_be_visible()
    await expect(full).to_have_count(0)

    await officers.of("update", alert, text="Het gas komt nu ook uit de put.", languages=[])
    await expect(full).to_contain_text("uit de put")
    await window.page.keyboard.press("Escape")
    await officers.alert(street_of(puck), severity="severe", headline="Let op in de straat")
    await expect(window.at("alerts").get_by_test_id("alert-card")).to_have_count(2)
    await expect(full).to_have_count(0)


async def test_no_mouse_is_needed(stage: Stage, officers: Officers) -> None:
    """Fold, open, answer, inform, by Tab and Enter; the focus is always somewhere."""
    quin, window = await lives_here(stage, "Quin")
    await officers.alert(street_of(quin))
    await tab_to(window, "alert-line")
    await window.page.keyboard.press("Enter")
    line = window.at("alerts").get_by_test_id("alert-line")
    await expect(line).to_have_attribute("aria-expanded", "false")
    await window.page.keyboard.press("Enter")
    await tab_to(window, "alert-seen")
    await window.page.keyboard.press("Enter")
    await expect(window.at("alert-seen-done")).to_be_visible()
    await tab_to(window, "alert-information")
    await window.page.keyboard.press("Enter")
    await expect(window.at("escalate-form")).to_be_visible()
    await window.page.keyboard.press("Escape")
    assert (await window.page.evaluate(STOP))[0] == "alert-information"


async def test_a_moderate_one_is_said_politely(stage: Stage, officers: Officers) -> None:
    """What is not grave waits for a pause."""
    rosa, window = await lives_here(stage, "Rosa")
    await officers.alert(street_of(rosa))
    await expect(window.at("alert-news")).to_contain_text(SAYS["headline"])
    await expect(window.at("alert-news-urgent")).to_be_empty()


async def test_an_alert_is_for_everybody(stage: Stage, officers: Officers) -> None:
    """Axe finds nothing serious, and nothing is cut or sideways, at 320 px and at 400 %, in both schemes."""
    sem, window = await lives_here(stage, "Sem", reduced_motion="reduce")
    await officers.alert(street_of(sem), says=GAS, link="https://www.politie.nl/gaslek")
    for where in ("alert-full", "alerts"):
        await expect(window.at(where)).to_be_visible()
        found = []
        for size, scheme in LOOKS:
            await resize(window.page, size, scheme)
            found += [f"{where} {size.name} {scheme}: {fault}" for fault in await axe(window)]
        for size in SIZES:
            await resize(window.page, size, "dark")
            found += [f"{where} {size.name}: {fault}" for fault in await layout.faults_of(window.page)]
        assert found == []
        await window.page.keyboard.press("Escape")
