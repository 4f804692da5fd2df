"""Officers send alerts from their desk, in a real browser: picked, looked at, approved, followed, ended, refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import redis.asyncio
from playwright.async_api import Locator, Route, expect

from rooms import letter
from rooms import staff as staff_accounts
from rooms.person import Organisation, Role
from server.app import Running, running
from server.settings import Settings
from tests.neighbour import Neighbour
from tests.town import ESCAMP, JAN_LUYKENLAAN, MOERWIJK_WEST, PASSWORD, MovedClock
from tests.web import layout
from tests.web.browser import PATIENCE_MS, Window
from tests.web.catalogue import WORDS, words
from tests.web.stage import QUICK_TALK, Stage
from tests.web.test_access import tab_to
from tests.web.test_escalation import faults_of, go_on_duty
from tests.web.test_warning import PHONE

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEADLINE = "Rook bij het Zuiderpark"
TEXT = "Er staat een schuur in brand. De rook trekt naar het noorden."
NOBODY_LIVES_HERE = "BU05183284"
"""Leyenburg: nobody of these stories has joined there."""
ENDED = {"clear": "cleared", "cancel": "cancelled"}
LIMITS: dict[str, Any] = {name.removeprefix("BART_").lower(): value for name, value in QUICK_TALK.items()}


async def officer(
    stage: Stage, name: str, role: str = "officer", organisation: str = "police", place: str = "Escamp", **more: Any
) -> Window:
    """The window of a member of staff, at the alert desk. more: of the window."""
    status, _, errors = await stage.process.run(
        "staff", "add", name, "--role", role, "--organisation", organisation, "--place", place,
        "--title", "Wijkagent", "--password-stdin", stdin=PASSWORD,
    )  # fmt: skip
    assert status == 0, errors
    window = await stage.window(**more)
    await window.come_as(await Neighbour(stage.process.url, name).sign_in())
    await window.at("to-alerts").click()
    await expect(window.at("new-alert")).to_be_visible()
    return window


async def resident(stage: Stage, name: str, **more: Any) -> Window:
    """The window of somebody who looks into their neighbourhood, where an alert for all of it stands."""
    window = await stage.home(name, **more)
    await window.at("room-neighbourhood").click()
    return window


def spot(window: Window, place: str) -> Locator:
    return window.page.locator(f'[data-testid=map-spot][data-id="{place}"]')


def tick(window: Window, place: str) -> Locator:
    return window.page.locator(f'[data-testid=place-tick][data-id="{place}"]')


def wrong(window: Window, field: str) -> Locator:
    return window.page.locator(f'[data-testid=wrong][data-field="{field}"]')


def listed(window: Window, headline: str) -> Locator:
    return window.at("alert-item").filter(has_text=headline)


async def choose(window: Window, testid: str) -> None:
    """A round button under its own words."""
    await window.at(testid).check(force=True)


async def make_up(
    window: Window, headline: str = HEADLINE, severity: str = "moderate", place: str = MOERWIJK_WEST
) -> None:
    """Filled in, and picked on the map."""
    await window.at("new-alert").click()
    await spot(window, place).click()
    await window.at("alert-category").select_option("fire")
    await choose(window, f"alert-severity-{severity}")
    await window.at("alert-headline").fill(headline)
    await window.at("alert-text").fill(TEXT)


async def look(window: Window) -> None:
    """Whom it reaches."""
    await window.at("alert-preview").click()
    await expect(window.at("alert-reach")).to_be_visible(timeout=PATIENCE_MS)


async def type_code(window: Window) -> None:
    await window.at("alert-code-typed").fill((await window.at("alert-code").inner_text()).lower())


async def send(window: Window, headline: str = HEADLINE, severity: str = "moderate") -> None:
    """All the way, until it is in force or waits."""
    await make_up(window, headline, severity)
    await look(window)
    if severity in ("severe", "extreme"):
        await type_code(window)
    await window.at("alert-broadcast").click()
    await expect(window.at("alert-detail")).to_be_visible(timeout=PATIENCE_MS)


async def end(window: Window, way: str = "clear", reason: str = "Het is voorbij.") -> None:
    await window.at(f"alert-{way}").click()
    await window.at("alert-reason").fill(reason)
    await window.at(f"alert-{way}-send").click()
    await expect(window.at("alert-detail")).to_have_attribute("data-state", ENDED[way])


# the whole way ---------------------------------------------------------------------------------------


async def test_an_alert_goes_out_is_followed_and_ends(stage: Stage) -> None:
    """Picked on the map, looked at, typed back, approved by a second officer; it arrives, is updated and ends."""
    anouk, bram = await resident(stage, "Anouk", **PHONE), await resident(stage, "Bram")
    vega, prins = await officer(stage, "vega"), await officer(stage, "prins")
    await go_on_duty(prins)
    await make_up(vega, severity="severe")
    await expect(spot(vega, MOERWIJK_WEST)).to_have_attribute("aria-checked", "true")
    await expect(vega.at("alert-phone")).to_contain_text(HEADLINE)
    await look(vega)
    await expect(vega.at("reach-members")).to_have_text("2")
    await expect(vega.at("reach-connected")).to_have_text("2")
    await expect(vega.at("reach-second")).to_have_attribute("data-approvers", "1")
    await vega.at("alert-code-typed").fill("nope")
    await vega.at("alert-broadcast").click()
    await expect(wrong(vega, "code")).to_have_text(WORDS["alerting.refused_code"])
    await expect(vega.at("alert-code-typed")).to_be_focused()
    await type_code(vega)
    await vega.at("alert-broadcast").click()

    await expect(vega.at("alert-detail")).to_have_attribute("data-state", "waiting")
    await expect(vega.at("alert-left")).to_be_visible()
    await expect(vega.at("alert-yes")).to_have_count(0)  # never one's own
    await expect(anouk.at("alert-card")).to_have_count(0)
    await expect(prins.page.get_by_role("alert").filter(has_text=HEADLINE)).to_have_count(1)
    await expect(prins.page).to_have_title(words("alerting.asked_title", count="1"))
    await prins.at("alert-asked-open").click()
    await expect(prins.at("alert-to-read")).to_contain_text("Moerwijk-West")
    await expect(prins.at("alert-said")).to_contain_text(TEXT)
    await prins.at("alert-yes").click()
    await expect(prins.at("alert-approve")).to_contain_text(WORDS["alerting.lack_read"])
    await prins.at("alert-was-read").check()
    await prins.at("alert-yes").click()

    for window in (vega, prins):
        await expect(window.at("alert-detail")).to_have_attribute("data-state", "in_force")
    for window in (anouk, bram):
        await expect(window.at("alerts").get_by_test_id("alert-card")).to_have_attribute("data-verdict", "valid")
        await expect(window.at("alerts")).to_contain_text(TEXT)
    await expect(vega.at("live-delivered")).to_have_text("2")
    await expect(vega.at("live-seen")).to_have_text("0")
    await bram.at("alert-seen").click()
    await expect(vega.at("live-seen")).to_have_text("1")
    await expect(prins.at("live-where")).to_contain_text("Moerwijk-West")

    await prins.at("alert-update").click()
    await prins.at("alert-text").fill("De brand is onder controle.")
    await prins.at("alert-update-send").click()
    for window in (anouk, bram):
        await expect(window.at("alerts")).to_contain_text("De brand is onder controle.")
    await expect(vega.at("alert-said")).to_contain_text("De brand is onder controle.")

    await end(vega)
    for window in (anouk, bram):
        await expect(window.at("alerts")).to_have_count(0)
        await expect(window.at("alert.cleared")).to_contain_text("Het is voorbij.")
    await prins.at("to-alert-list").click()
    await expect(listed(prins, HEADLINE)).to_have_attribute("data-state", "cleared")


async def test_one_that_needs_nobody_goes_at_once(stage: Stage) -> None:
    """Moderate, in one district: no code and no second officer; in English too, and marked as an exercise."""
    cor, vos = await resident(stage, "Cor", locale="en-GB"), await officer(stage, "vos")
    await make_up(vos, "Oefening in het park")
    await vos.at("add-en").click()
    await vos.at("alert-headline-en").fill("Exercise in the park")
    await vos.at("alert-text-en").fill("This is only an exercise.")
    await vos.at("alert-is-exercise").check()
    await look(vos)
    await expect(vos.at("reach-second")).to_have_text(WORDS["alerting.second_not_needed"])
    await expect(vos.at("alert-code")).to_have_count(0)
    await vos.at("alert-broadcast").click()
    await expect(vos.at("alert-detail")).to_have_attribute("data-state", "in_force")
    await expect(vos.at("alert-said")).to_have_count(2)
    await expect(cor.at("alerts")).to_contain_text("This is only an exercise.")
    await expect(cor.at("alerts").get_by_test_id("alert-exercise")).to_be_visible()
    await end(vos, "cancel", "Dit was de oefening.")
    await expect(cor.at("alerts")).to_have_count(0)
    await vos.at("to-alert-list").click()
    await vos.at("new-alert").click()
    await expect(vos.at("alert-headline")).to_have_value("")  # what was sent is not begun again


async def test_the_municipality_goes_up_to_moderate(stage: Stage) -> None:
    """Its moderators have the same desk without the graver ones; moderators of the police have none."""
    dirk, smit = await resident(stage, "Dirk"), await officer(stage, "smit", "moderator", "municipality")
    await smit.at("new-alert").click()
    await expect(smit.at("alert-severity-moderate")).to_have_count(1)
    await expect(smit.at("alert-severity-severe")).to_have_count(0)
    await smit.at("to-alert-list").click()
    await send(smit, "De straat gaat open")
    await expect(dirk.at("alerts")).to_contain_text(WORDS["alert.from_municipality"])
    await end(smit)
    status, _, errors = await stage.process.run(
        "staff", "add", "kramer", "--role", "moderator", "--organisation", "police", "--place", "Escamp",
        "--title", "Wijkagent", "--password-stdin", stdin=PASSWORD,
    )  # fmt: skip
    assert status == 0, errors
    kramer = await stage.window()
    await kramer.come_as(await Neighbour(stage.process.url, "kramer").sign_in())
    await expect(kramer.at("duty")).to_be_visible()
    await expect(kramer.at("to-alerts")).to_have_count(0)


# places ----------------------------------------------------------------------------------------------


async def test_map_list_and_search_pick_the_same_places(stage: Stage) -> None:
    """A street makes its neighbourhood partly chosen; the whole takes the place of its parts; each can be dropped."""
    await stage.neighbour("Els")
    boer = await officer(stage, "boer")
    await boer.at("new-alert").click()
    await boer.at("place-search").fill("jan luyken")
    await tick(boer, JAN_LUYKENLAAN).check()
    await expect(boer.at("place-drop")).to_contain_text(["Jan Luykenlaan"])
    await expect(spot(boer, MOERWIJK_WEST)).to_have_attribute("aria-checked", "mixed")
    await spot(boer, MOERWIJK_WEST).click()
    await expect(boer.at("place-drop")).to_contain_text(["Moerwijk-West"])
    await boer.at("place-search").fill("nergens")
    await expect(boer.at("places-found").locator("li")).to_have_count(0)
    await boer.at("place-search").fill("")
    await tick(boer, ESCAMP).check()
    await expect(boer.at("place-drop")).to_contain_text(["Escamp"])
    await spot(boer, MOERWIJK_WEST).click()
    await expect(tick(boer, ESCAMP)).to_have_attribute("data-held", "some")
    await expect(boer.at("place-drop").filter(has_text="Moerwijk-West")).to_have_count(0)
    await expect(boer.at("place-drop").filter(has_text="Moerwijk-Oost")).to_have_count(1)
    while await boer.at("place-drop").count():
        await boer.at("place-drop").first.click()
    await expect(tick(boer, ESCAMP)).to_have_attribute("data-held", "none")


async def test_borders_are_drawn_where_the_town_has_them(stage: Stage) -> None:
    """Instead of tiles, north up; the same neighbourhoods are picked on them."""
    window = await stage.window()
    await window.page.route("**/api/places", bordered)
    status, _, errors = await stage.process.run(
        "staff", "add", "zwart", "--role", "officer", "--organisation", "police", "--place", "Escamp",
        "--title", "Wijkagent", "--password-stdin", stdin=PASSWORD,
    )  # fmt: skip
    assert status == 0, errors
    await window.come_as(await Neighbour(stage.process.url, "zwart").sign_in())
    await window.at("to-alerts").click()
    await window.at("new-alert").click()
    await expect(window.at("place-map")).to_have_attribute("data-kind", "borders")
    await spot(window, MOERWIJK_WEST).click()
    await expect(window.at("place-drop")).to_contain_text(["Moerwijk-West"])
    assert await layout.faults_of(window.page) == []


async def bordered(route: Route) -> None:
    """The places of the town, each neighbourhood with a border of its own: a row of blocks with a hole in them."""
    answer = await route.fetch()
    told = await answer.json()
    homes = [place for place in told["places"] if place["kind"] == "neighbourhood"]
    for number, place in enumerate(homes):
        west, south = 4.2 + 0.01 * (number % 6), 52.0 + 0.008 * (number // 6)
        place["geometry"] = [[ring(west, south, 0.01), ring(west + 0.001, south + 0.001, 0.002)]]
    await route.fulfill(response=answer, json=told)


def ring(west: float, south: float, size: float) -> list[list[float]]:
    east, north = west + size, south + 0.8 * size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


# refused ---------------------------------------------------------------------------------------------


async def test_what_is_wrong_is_said_at_its_field(stage: Stage) -> None:
    """All that is lacking at once, the first of it in focus; and what only the server knows."""
    await stage.neighbour("Fien")
    dekker = await officer(stage, "dekker")
    await dekker.at("new-alert").click()
    await expect(dekker.at("place-tree")).to_be_visible()
    await dekker.at("alert-preview").click()
    for field in ("places", "category", "severity", "nl.headline", "nl.text"):
        await expect(wrong(dekker, field)).to_have_count(1)
    await dekker.at("to-alert-list").click()

    await make_up(dekker, place=NOBODY_LIVES_HERE)
    await dekker.at("alert-preview").click()
    await expect(wrong(dekker, "places")).to_have_text(WORDS["alerting.refused_nobody"])
    await dekker.at("place-drop").click()
    await spot(dekker, MOERWIJK_WEST).click()
    await dekker.at("alert-link").fill("https://voorbeeld.example/rook")
    await dekker.at("alert-preview").click()
    await expect(wrong(dekker, "link")).to_have_text(WORDS["alerting.refused_link"])
    await expect(dekker.at("alert-link")).to_be_focused()
    await dekker.at("alert-link").fill("https://www.politie.nl/rook")
    await look(dekker)
    await dekker.at("alert-edit").click()
    await expect(dekker.at("alert-headline")).to_have_value(HEADLINE)
    await dekker.at("alert-clear-form").click()
    await expect(dekker.at("alert-headline")).to_have_value("")


async def test_a_second_officer_may_say_no_and_the_author_may_withdraw(stage: Stage) -> None:
    """Nothing goes out, and everybody at the desk sees why."""
    gerda, brink, groot = await resident(stage, "Gerda"), await officer(stage, "brink"), await officer(stage, "groot")
    await send(brink, "Eerste vraag", "severe")
    await groot.at("alert-asked-open").click()
    await groot.at("alert-no").click()
    for window in (brink, groot):
        await expect(window.at("alert-detail")).to_have_attribute("data-state", "declined")
    await brink.at("to-alert-list").click()
    await send(brink, "Tweede vraag", "severe")
    await expect(groot.at("alert-asked")).to_contain_text("Tweede vraag")
    await brink.at("alert-withdraw").click()
    await expect(brink.at("alert-detail")).to_have_attribute("data-state", "declined")
    await expect(groot.at("alert-asked")).to_have_count(0)
    await expect(gerda.at("alerts")).to_have_count(0)


async def test_a_graver_update_waits_and_the_alert_stays(stage: Stage) -> None:
    """What the second officer has not seen is not said; approved, it is."""
    hans, mulder, visser = await resident(stage, "Hans"), await officer(stage, "mulder"), await officer(stage, "visser")
    await send(mulder, "Rook in de straat")
    await mulder.at("alert-update").click()
    await mulder.at("alert-update-send").click()
    await expect(mulder.at("alert-update-form")).to_contain_text(WORDS["alerting.lack_change"])
    await choose(mulder, "alert-severity-severe")
    await mulder.at("alert-text").fill("De brand breidt zich uit.")
    await mulder.at("alert-update-send").click()
    await expect(mulder.at("alert-waits")).to_be_visible()
    await expect(hans.at("alerts")).to_contain_text(TEXT)
    await visser.at("alert-asked-open").click()
    await expect(visser.at("alert-to-read")).to_contain_text("De brand breidt zich uit.")
    await visser.at("alert-was-read").check()
    await visser.at("alert-yes").click()
    await expect(hans.at("alerts")).to_contain_text("De brand breidt zich uit.")
    await expect(mulder.at("alert-waits")).to_have_count(0)
    await end(visser)
    await expect(hans.at("alerts")).to_have_count(0)


async def test_time_runs_out(stage: Stage, tmp_path: Path) -> None:
    """Nobody approves within five minutes: it lapses. A look at whom it reaches is good for a quarter of an hour."""
    clock = MovedClock()
    settings = Settings(port=0, data=str(tmp_path / "data"), drain_s=1, log_level="warning", **LIMITS)
    async with running(settings, clock=clock) as server:
        place = server.town.places.get(JAN_LUYKENLAAN)
        assert place is not None
        (code,) = await letter.make(server.town, place, 1, household=4)
        await Neighbour(server.url, "Ina").join(code)
        await staff_accounts.add(
            server.town, server.argon2, "peters", Role.OFFICER, Organisation.POLICE, (ESCAMP,), PASSWORD,
            title="Wijkagent",
        )  # fmt: skip
        window = await Window.open(stage.browser, server.url)
        stage.windows.append(window)
        await window.come_as(await Neighbour(server.url, "peters").sign_in())
        await window.at("to-alerts").click()
        await send(window, "Wie wacht er mee", "severe")
        await expect(window.at("alert-detail")).to_have_attribute("data-state", "waiting")
        clock.forward(minutes=5, seconds=1)
        await expect(window.at("alert-detail")).to_have_attribute("data-state", "lapsed")
        await window.at("to-alert-list").click()
        await make_up(window)
        await look(window)
        await expire_previews(server)
        await window.at("alert-broadcast").click()
        await expect(window.at("alert-refused")).to_contain_text(WORDS["alerting.refused_gone"])
        await window.at("alert-anew").click()
        await expect(window.at("alert-reach")).to_be_visible()
        await window.at("alert-broadcast").click()
        await expect(window.at("alert-detail")).to_have_attribute("data-state", "in_force")
        await window.page.context.close()
        stage.windows.remove(window)


async def expire_previews(server: Running) -> None:
    """As Redis does by its own clock, which no test turns."""
    store = redis.asyncio.Redis.from_url(server.town.store.url)
    async for key in store.scan_iter("{town}:preview:*"):
        await store.delete(key)
    await store.aclose()


# the line breaks -------------------------------------------------------------------------------------


async def test_a_lost_connection_costs_no_word_and_sends_nothing_twice(stage: Stage) -> None:
    """What is written survives a reload; what was sent without a line leaves once it is back, and once."""
    jaap, line = await resident(stage, "Jaap"), await stage.line()
    status, _, errors = await stage.process.run(
        "staff", "add", "dijk", "--role", "officer", "--organisation", "police", "--place", "Escamp",
        "--title", "Wijkagent", "--password-stdin", stdin=PASSWORD,
    )  # fmt: skip
    assert status == 0, errors
    dijk = await stage.window(line=line)
    await dijk.come_as(await Neighbour(stage.process.url, "dijk").sign_in())
    await dijk.at("to-alerts").click()
    await make_up(dijk, "Alleen deze ene keer")
    await dijk.page.reload()
    await dijk.at("to-alerts").click()
    await dijk.at("new-alert").click()
    await expect(dijk.at("alert-headline")).to_have_value("Alleen deze ene keer")
    await expect(dijk.at("place-drop")).to_contain_text(["Moerwijk-West"])
    await look(dijk)
    line.cut()
    await dijk.at("alert-broadcast").click()
    await expect(dijk.at("alert-under-way")).to_be_visible()
    await dijk.page.evaluate("document.querySelector('[data-testid=to-alerts]').click()")
    line.mend()
    await expect(jaap.at("alerts")).to_contain_text("Alleen deze ene keer")
    await dijk.at("new-alert").click()
    await expect(dijk.at("alert-detail")).to_have_attribute("data-state", "in_force")
    await expect(jaap.at("alerts").get_by_test_id("alert-card")).to_have_count(1)
    await end(dijk)
    await dijk.at("to-alert-list").click()
    await expect(listed(dijk, "Alleen deze ene keer")).to_have_count(1)


# no mouse, and for everybody -------------------------------------------------------------------------


async def test_no_mouse_is_needed(stage: Stage) -> None:
    """From the desk to all clear by Tab, arrows, Space and Enter; the focus is always seen."""
    kees = await resident(stage, "Kees")
    bos = await officer(stage, "bos")
    keys = bos.page.keyboard
    await press(bos, "new-alert")
    await expect(bos.at("place-map")).to_be_visible()
    await press(bos, "place-open")  # Escamp folds in
    await expect(bos.at("place-open")).to_have_attribute("aria-expanded", "false")
    await press(bos, "place-tick", "Space")
    await expect(tick(bos, ESCAMP)).to_be_checked()
    await tab_to(bos, "map-spot")
    first = await bos.page.evaluate("document.activeElement.dataset.id")
    await keys.press("Space")
    await expect(spot(bos, first)).to_have_attribute("aria-checked", "false")
    await keys.press("ArrowDown")
    assert await bos.page.evaluate("document.activeElement.dataset.id") != first
    await tab_to(bos, "alert-category")
    await keys.type("Brand")
    await press(bos, "alert-severity-minor", "Space")
    await tab_to(bos, "alert-headline")
    await keys.type("Zonder muis")
    await tab_to(bos, "alert-text")
    await keys.type("Alles met de toetsen.")
    await press(bos, "alert-preview")
    await expect(bos.at("alert-reach")).to_be_visible()
    await press(bos, "alert-broadcast")
    await expect(bos.at("alert-detail")).to_have_attribute("data-state", "in_force")
    await expect(bos.page.get_by_role("heading", level=2).filter(has_text=WORDS["alerting.title"])).to_be_focused()
    await expect(kees.at("alerts")).to_contain_text("Zonder muis")
    await press(bos, "alert-clear")
    await expect(bos.at("alert-reason")).to_be_focused()
    await press(bos, "alert-clear-send")
    await expect(kees.at("alerts")).to_have_count(0)


async def press(window: Window, testid: str, key: str = "Enter") -> None:
    await tab_to(window, testid)
    await window.page.keyboard.press(key)


async def test_the_desk_is_for_everybody(stage: Stage) -> None:
    """Axe finds nothing serious in the form, the look, the waiting, the approval and the reach; nothing is cut."""
    await stage.neighbour("Loes")
    more: dict[str, Any] = {"reduced_motion": "reduce"}
    post, hoek = await officer(stage, "post", **more), await officer(stage, "hoek", **more)
    found = await faults_of(post, "the list")
    await post.at("new-alert").click()
    await expect(post.at("place-map")).to_be_visible()
    await post.at("alert-preview").click()
    found += await faults_of(post, "what is lacking")
    await post.at("to-alert-list").click()
    await send(post, "Een heel lange kop die over meer dan een regel gaat, ook op een breed scherm.", "extreme")
    found += await faults_of(post, "waiting")
    await hoek.at("alert-asked-open").click()
    found += await faults_of(hoek, "the approval")
    await hoek.at("alert-was-read").check()
    await hoek.at("alert-yes").click()
    await expect(hoek.at("live-members")).not_to_have_text("0")
    await hoek.at("alert-enter").locator("summary").click()
    found += await faults_of(hoek, "the way in")
    await hoek.at("alert-enter-room").first.click()
    await expect(hoek.at("guest")).to_contain_text(words("standing.guest_alert"))
    await hoek.at("alert-close").click()  # in the room one reads it as neighbours do
    await hoek.at("leave-room").click()
    await expect(hoek.at("leave-room")).to_have_count(0)
    await hoek.at("to-alerts").click()
    await hoek.at("alert-item").first.click()
    await hoek.at("alert-update").click()
    found += await faults_of(hoek, "the update")
    await hoek.at("alert-cancel").click()
    found += await faults_of(hoek, "taking back")
    await hoek.at("alert-reason").fill("Het was een proef.")
    await hoek.at("alert-cancel-send").click()
    await expect(hoek.at("alert-detail")).to_have_attribute("data-state", "cancelled")
    assert found == []
