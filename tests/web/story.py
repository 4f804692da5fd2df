"""One evening in one street, in five windows: `python -m tests.web.story --folder DIR` takes its pictures.

A newcomer joins by letter and warns of a burglary, neighbours confirm it, the police are called and come, alert the
neighbourhood and end it; a report is decided; and the newcomer reads who looked at their room.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Locator, expect

from tests.town import JAN_LUYKENLAAN, MOERWIJK_WEST, PASSWORD
from tests.web.album import Album
from tests.web.browser import PATIENCE_MS, Window, chromium
from tests.web.called import done
from tests.web.catalogue import words
from tests.web.story_cast import STAFF, Cast, cast

GLASS = "Iemand klimt over de schutting achter de school. Ik hoor glas breken."
CALLED = "Ze zijn met z'n tweeën en staan nu op de achterplaats van de school."
HEADLINE = "Inbrekers rond het Zuiderpark: houd deuren dicht"
ALERT = "Twee mannen zijn te voet gevlucht in de richting van het park. Politie zoekt met een hond."
ADVICE = "Blijf binnen en sluit ramen en deuren. Ziet u iemand door tuinen lopen? Bel 112."
ARRESTED = "Twee mannen zijn aangehouden. Er is geen gevaar meer."
OUTCOME = "Twee mannen aangehouden bij het park. Dank aan wie belde en meekeek."
BLAME = "Dat zijn natuurlijk weer die twee van nummer 9. Ik ga er zo zelf op af!"
NOTE = "Niemand heeft gezien wie het waren. Straks gebeurt daar wat."
FACTS = "Twee bewoners worden met hun huisnummer beschuldigd, zonder dat iemand het zag."


class Story:
    """ada: the newcomer. ben: her neighbour. vega: the officer at the desk. prins: the second officer. bakker: the
    moderator of the municipality."""

    def __init__(self, cast: Cast, album: Album) -> None:
        self.cast, self.album = cast, album
        self.ada: Window
        self.ben: Window
        self.vega: Window
        self.prins: Window
        self.bakker: Window

    async def tell(self) -> None:
        """From the letter to the open book."""
        await self.everybody_is_there()
        await self.ada_joins()
        await self.cast.later(minutes=12)
        await self.ada_warns()
        await self.neighbours_confirm()
        await self.ben_calls_the_police()
        await self.the_desk_takes_it()
        await self.an_alert_is_made_up()
        await self.the_second_officer_approves()
        await self.everybody_is_alerted()
        await self.it_is_seen()
        await self.cast.later(minutes=16)
        await self.all_clear()
        await self.the_outcome_is_told()
        await self.cast.later(minutes=9)
        await self.a_report_is_decided()
        await self.ada_reads_the_open_book()

    async def everybody_is_there(self) -> None:
        self.ben, self.vega, self.prins, self.bakker = await asyncio.gather(
            self.cast.home("Ben"), *(self.cast.desk(title) for title in STAFF)
        )
        for officer in (self.vega, self.prins):
            await officer.at("duty").click()
            await expect(officer.at("duty")).to_have_attribute("aria-checked", "true")
        await self.cast.fatma.say(JAN_LUYKENLAAN, "Er staat een doos appels voor mijn deur. Neem gerust mee!")
        await self.cast.kees.say(JAN_LUYKENLAAN, "Heerlijk, dank je wel. Zaterdag vegen we samen de straat?")

    async def ada_joins(self) -> None:
        self.ada = await self.cast.window(f"/#code={self.cast.code}")
        await self.ada.at("name").fill("Ada")
        await self.ada.at("password").fill(PASSWORD)
        await self.album.take(self.ada, "letter")
        await self.ada.join("Ada", PASSWORD)
        await self.ada.write("Hallo buren, ik woon hier sinds vandaag. Ik veeg mee!")
        await self.ben.expect_entry("Ik veeg mee!")
        await self.cast.marieke.say(JAN_LUYKENLAAN, "Welkom in de straat, Ada.")
        await self.ada.expect_entry("Welkom in de straat")
        await self.album.take(self.ada, "street")

    async def ada_warns(self) -> None:
        """What it is, what happens, and 112: three taps beside the words."""
        await self.ada.at("warn").click()
        await self.ada.at("kind-burglary").click()
        await self.ada.at("warn-text").fill(GLASS)
        await self.ada.at("warn-next").click()
        await self.ada.at("answer-112-called").check(force=True)  # the answer's own words lie over its round button
        await self.album.take(self.ada, "warning")
        await self.ada.at("warn-send").click()
        await expect(self.ben.at("pin")).to_contain_text(GLASS)

    async def neighbours_confirm(self) -> None:
        cast = self.cast
        warning = int((await cast.fatma.expect("warning.raised"))["seq"])
        for neighbour, answer in ((cast.fatma, "see"), (cast.marieke, "see"), (cast.kees, "not_here")):
            await done(neighbour, "warning.answer", {"room": JAN_LUYKENLAAN, "target": warning, "answer": answer})
        await cast.fatma.say(JAN_LUYKENLAAN, "Ik hoor het ook, aan de achterkant.")
        await cast.dirk.say(JAN_LUYKENLAAN, BLAME)
        await self.ben.at("answer-see").click()
        for window in (self.ada, self.ben):
            await window.expect_entry(BLAME)
        await expect(self.ben.at("count-see")).to_have_text("3")
        await expect(self.ada.at("counts")).to_contain_text("3")
        await self.album.take(self.ben, "confirmed")

    async def ben_calls_the_police(self) -> None:
        await self.ben.at("pin").get_by_test_id("escalate").click()
        await expect(self.ben.at("answer-112-called")).to_have_count(0)  # the warning says it
        for testid in ("to-police", "urgency-urgent"):
            await self.ben.at(testid).check(force=True)
        await self.ben.at("escalate-text").fill(CALLED)
        await self.album.take(self.ben, "call")
        await self.ben.at("escalate-send").click()
        await expect(self.vega.at("page")).to_be_visible()
        await expect(self.prins.at("page")).to_have_count(0)  # who is nearer is called first
        await expect(self.ada.at("case")).to_have_attribute("data-state", "paging")
        assert "achterplaats" not in await self.vega.page.content()  # the words come with accepting
        await self.album.take(self.vega, "page")

    async def the_desk_takes_it(self) -> None:
        """Everybody sees who, and that they are in the room."""
        await self.vega.at("page").get_by_test_id("accept").click()
        await expect(self.vega.at("staff-here")).to_be_visible()
        await self.vega.write("Wij zijn er over vier minuten. Blijf binnen en doe het licht aan.")
        for window in (self.ada, self.ben):
            await expect(window.at("case")).to_have_attribute("data-state", "accepted")
            await expect(window.at("case-owner")).to_contain_text("Wijkagent Moerwijk")
            await expect(window.at("staff-here")).to_contain_text("Wijkagent Moerwijk")
            await window.expect_entry("Blijf binnen")
        await self.ada.write("Dank u wel. Ze lopen nu naar het park!")
        await self.vega.expect_entry("Ze lopen nu naar het park!")
        await self.album.take(self.ada, "taken")

    async def an_alert_is_made_up(self) -> None:
        vega = self.vega
        await vega.at("to-alerts").click()
        await vega.at("new-alert").click()
        await vega.page.locator(f'[data-testid=map-spot][data-id="{MOERWIJK_WEST}"]').click()
        await vega.at("alert-category").select_option("security")
        await vega.at("alert-severity-severe").check(force=True)
        await vega.at("alert-headline").fill(HEADLINE)
        await vega.at("alert-text").fill(ALERT)
        await vega.at("alert-instruction").fill(ADVICE)
        await vega.at("alert-preview").click()
        await expect(vega.at("reach-members")).to_have_text("6", timeout=PATIENCE_MS)
        await expect(vega.at("reach-second")).to_have_attribute("data-approvers", "1")
        await vega.at("alert-code-typed").fill(await vega.at("alert-code").inner_text())
        await self.album.take(vega, "alert")
        await vega.at("alert-broadcast").click()
        await expect(vega.at("alert-detail")).to_have_attribute("data-state", "waiting", timeout=PATIENCE_MS)
        await expect(self.ada.at("alert-card")).to_have_count(0)

    async def the_second_officer_approves(self) -> None:
        await self.prins.at("alert-asked-open").click()
        await expect(self.prins.at("alert-to-read")).to_contain_text("Moerwijk-West")
        await self.prins.at("alert-was-read").check()
        await self.album.take(self.prins, "second-officer")
        await self.prins.at("alert-yes").click()
        for officer in (self.vega, self.prins):
            await expect(officer.at("alert-detail")).to_have_attribute("data-state", "in_force")

    async def everybody_is_alerted(self) -> None:
        await self.cast.marieke.say(MOERWIJK_WEST, "Ik zie zwaailichten bij het park. Weet iemand meer?")
        for window in (self.ada, self.ben):
            await window.at("room-alerted").or_(alert_in(window)).first.wait_for()
        await self.ada.at("room-neighbourhood").click()
        await self.ada.expect_entry("zwaailichten")
        await expect(alert_in(self.ada)).to_have_attribute("data-verdict", "valid")
        await expect(alert_in(self.ada)).to_contain_text(ALERT)
        await self.album.take(self.ada, "alerted")

    async def it_is_seen(self) -> None:
        for neighbour in (self.cast.fatma, self.cast.kees):
            told = await neighbour.expect("alert.broadcast")
            await neighbour.ask("alert.delivered", {"alert": told["data"]["alert"], "room": told["room"]})
        await self.ada.at("alert-seen").click()
        await expect(self.vega.at("live-delivered")).to_have_text("4", timeout=PATIENCE_MS)
        await expect(self.vega.at("live-seen")).to_have_text("1", timeout=PATIENCE_MS)
        await self.album.take(self.vega, "seen")

    async def all_clear(self) -> None:
        """The officer ends the alert, the author the warning."""
        await self.vega.at("alert-clear").click()
        await self.vega.at("alert-reason").fill(ARRESTED)
        await self.vega.at("alert-clear-send").click()
        for window in (self.ada, self.ben):
            await expect(window.at("alerts")).to_have_count(0)
        await self.ada.at("room-street").click()
        for _ in range(2):  # the second tap means it
            await self.ada.at("pin").get_by_test_id("clear").click()
        await expect(self.ben.at("warnings")).to_have_count(0)
        await self.ben.at("room-neighbourhood").click()
        await expect(self.ben.at("alert.cleared")).to_contain_text(ARRESTED)
        await self.album.take(self.ben, "all-clear")
        await self.ben.at("room-street").click()
        await expect(self.ben.at("warning.cleared")).to_have_count(1)

    async def the_outcome_is_told(self) -> None:
        await self.vega.at("to-case").click()
        await self.vega.at("resolve").click()
        await self.vega.at("outcome-on_site").check(force=True)
        await self.vega.at("outcome-text").fill(OUTCOME)
        await self.vega.at("outcome-send").click()
        for window in (self.ada, self.ben):
            await expect(window.at("case")).to_have_attribute("data-state", "resolved")
            await expect(window.at("outcome")).to_contain_text(OUTCOME)
            await expect(window.at("staff-here")).to_have_count(0)
        await self.ben.at("rate-yes").click()
        await expect(self.ben.at("rate-yes")).to_have_attribute("aria-pressed", "true")
        await self.album.take(self.ben, "outcome")

    async def a_report_is_decided(self) -> None:
        """By the municipality, who answers for how neighbours treat each other."""
        await self.ben.choose_for(BLAME, "menu-report")
        await self.ben.at("reason-private_data").check(force=True)
        await self.ben.at("report-note").fill(NOTE)
        await self.ben.at("report-send").click()
        await self.ben.at("report-close").click()
        await self.bakker.at("report-take").click()
        assert BLAME not in await self.bakker.page.content()
        await self.bakker.at("report-enter").click()
        await self.bakker.expect_entry(BLAME)
        await self.bakker.at("report-decide").click()
        await self.bakker.at("verdict-remove").check(force=True)
        await self.bakker.at("rule-private_data").check(force=True)
        await self.bakker.at("judge-facts").fill(FACTS)
        await self.bakker.at("judge-form").evaluate("form => form.closest('dialog').scrollTo(0, 0)")
        await self.album.take(self.bakker, "report")
        await self.bakker.at("judge-send").click()
        await expect(self.ben.at("decision")).to_contain_text(words("decision.acted"))
        await self.ben.at("decision-seen").click()
        for window in (self.ada, self.ben):
            await expect(window.entries(BLAME)).to_have_count(0)
            await expect(window.at("blank")).to_have_count(1)

    async def ada_reads_the_open_book(self) -> None:
        await self.cast.until_sealed()
        await self.ada.at("me").click()
        await self.ada.at("me-book").click()
        await self.ada.at("me-book-of").first.click()
        rows = self.ada.at("audit-row")
        for who in ("Wijkagent Moerwijk, politie", "Moderator gemeente, gemeente"):
            await expect(rows.filter(has_text=re.compile(f"{who}, kwam binnen"))).to_have_count(1)
        told = words("audit.report.decided", who="Moderator gemeente, gemeente,")
        await expect(rows.filter(has_text=told)).to_have_count(1)
        await expect(self.ada.at("audit-seal")).to_contain_text(words("audit.seal_first"))
        await self.album.take(self.ada, "book")


def alert_in(window: Window) -> Locator:
    return window.at("alerts").get_by_test_id("alert-card")


async def tell(folder: Path, data: Path) -> Album:
    """The whole story; its pictures, in *folder*."""
    album = Album(folder)
    async with chromium() as browser, cast(data, browser) as people:
        await Story(people, album).tell()
    return album


def main(folder: Path) -> int:
    """The number of faults."""
    with tempfile.TemporaryDirectory() as data:
        album = asyncio.run(tell(folder, Path(data) / "data"))
    print("\n".join(album.faults) or "nothing is cut, and nothing scrolls sideways")
    return len(album.faults)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    sys.exit(1 if main(parser.parse_args().folder) else 0)
