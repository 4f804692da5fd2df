"""The views of reports and measures: neighbours report, moderators decide, the author reads it; and the open books."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

from playwright.async_api import expect

from rooms import arrangement
from rooms import staff as staff_accounts
from rooms.person import Organisation, Role
from tests.neighbour import Neighbour
from tests.town import ESCAMP, PASSWORD
from tests.web.browser import Window
from tests.web.called import done, tried
from tests.web.visit import Visit

INSULT = "Wat ben jij een grote schurk, jij met je bus!"
FACTS = "Een buurman wordt uitgescholden, en dat was niet de eerste keer."
NOTE = "Dit is al de derde keer deze week. Wij durven niets meer te zeggen."
REASON = "Er is drie keer brand gesticht in de containers. Wijkagenten lezen twee weken mee."

_number = itertools.count(1)


class Street(NamedTuple):
    """author and reporter live there; said is what the author wrote."""

    author: Neighbour
    reporter: Neighbour
    room: str
    said: int

    async def report(self, reason: str = "insult", **more: str) -> str:
        said = {"room": self.room, "target": self.said, "reason": reason, **more}
        return str((await done(self.reporter, "report.file", said))["report"])


async def _street(visit: Visit) -> Street:
    """One of its own in Escamp, so that the views do not meet."""
    author = await visit.town.called.asker()
    room = author.person["street"]["id"]
    reporter = await visit.town.called.asker(street=room)
    await reporter.say(room, "Er staat een witte bus half op de stoep. Van wie is die?")
    return Street(author, reporter, room, await author.say(room, INSULT))


async def _moderator(visit: Visit) -> Neighbour:
    """A new one of the municipality; connected."""
    server, name = visit.town.server, f"Moderator {next(_number)}"
    await staff_accounts.add(
        server.town, server.argon2, name, Role.MODERATOR, Organisation.MUNICIPALITY, (ESCAMP,), PASSWORD,
        title="Moderator",
    )  # fmt: skip
    moderator = await (await Neighbour(server.url, name).sign_in()).connect()
    visit.afterwards(moderator.close)
    return moderator


async def _window(visit: Visit, who: Neighbour) -> Window:
    window = await visit.open()
    await window.come_as(who)
    await window.expect_live()
    return window


async def _settle(visit: Visit, *judges: Neighbour) -> None:
    """Afterwards nothing waits any longer that a view had reported."""

    async def keep_all() -> None:
        for judge in judges:
            for view in (await judge.ask("report.list", {}))["reports"]:
                await tried(judge, "report.second", {"report": view["report"], "agree": True})
                await tried(judge, "report.take", {"report": view["report"]})
                await tried(judge, "report.decide", {"report": view["report"], "decision": "keep"})

    visit.afterwards(keep_all)


async def _judged(visit: Visit, **ruling: Any) -> Street:
    street, judge = await _street(visit), await _moderator(visit)
    report = await street.report(note=NOTE)
    await done(judge, "report.take", {"report": report})
    await done(judge, "report.decide", {"report": report, "rule": "insult", "facts": FACTS, **ruling})
    return street


async def report_sheet(visit: Visit) -> Window:
    """A neighbour reports a message."""
    window = await visit.room(visit.town.me.name)
    await window.choose_for("witte bus", "menu-report")
    await window.at("reason-insult").check(force=True)
    return window


async def report_queue(visit: Visit) -> Window:
    """One that is mine, one that presses, one that a colleague has, one that needs a second person."""
    judge, colleague = await _moderator(visit), await _moderator(visit)
    await _settle(visit, colleague, judge)
    mine, pressing, theirs, grave = [await _street(visit) for _ in range(4)]
    await done(judge, "report.take", {"report": await mine.report(note=NOTE)})
    await pressing.report("private_data")
    await done(colleague, "report.take", {"report": await theirs.report("spam")})
    expelled = await grave.report("hate", note=NOTE)
    await done(colleague, "report.take", {"report": expelled})
    await done(colleague, "report.decide",
               {"report": expelled, "decision": "expel", "entry": "hide", "rule": "hate", "facts": FACTS})  # fmt: skip
    window = await _window(visit, judge)
    await expect(window.at("report")).to_have_count(4)
    await expect(window.at("second-agree")).to_be_visible()
    return window


async def report_decision(visit: Visit) -> Window:
    """The owner puts a decision together: a mute."""
    judge, street = await _moderator(visit), await _street(visit)
    await _settle(visit, judge)
    await done(judge, "report.take", {"report": await street.report(note=NOTE)})
    window = await _window(visit, judge)
    await window.at("report-decide").click()
    await window.at("verdict-mute").check(force=True)
    await window.at("rule-insult").check(force=True)
    await window.at("judge-facts").fill(FACTS)
    return window


async def moderated_room(visit: Visit) -> Window:
    """The room beside the queue, with a hidden message that can be put back."""
    judge, street = await _moderator(visit), await _street(visit)
    await _settle(visit, judge)
    report = await street.report()
    await done(judge, "report.take", {"report": report})
    await done(judge, "room.enter", {"room": street.room, "ground": {"kind": "report", "id": report}})
    said = {"room": street.room, "target": street.said, "measure": "hide", "rule": "insult", "facts": FACTS}
    again = await street.author.say(street.room, "En ik meen het ook nog.")
    await done(judge, "measure.take", {**said, "target": again})
    window = await _window(visit, judge)
    await window.at("report-enter").click()
    await expect(window.at("measure-message")).to_be_visible()
    return window


async def decision(visit: Visit) -> Window:
    """The author reads what was decided, and is muted."""
    street = await _judged(visit, decision="mute", entry="hide", minutes=1_440)
    window = await _window(visit, street.author)
    await expect(window.at("decision")).to_be_visible()
    await expect(window.at("muted")).to_be_visible()
    return window


async def appeal(visit: Visit) -> Window:
    street = await _judged(visit, decision="remove")
    window = await _window(visit, street.author)
    await window.at("appeal").click()
    await window.at("appeal-text").fill("Het was een grap tussen vrienden, en hij heeft erom gelachen.")
    return window


async def _ruled(visit: Visit, **rules: Any) -> Window:
    """A room with a pause, or under lock, as somebody who lives there sees it."""
    judge, street = await _moderator(visit), await _street(visit)
    await _settle(visit, judge)
    report = await street.report()
    await done(judge, "report.take", {"report": report})
    await done(judge, "room.enter", {"room": street.room, "ground": {"kind": "report", "id": report}})
    for command, more in rules.items():
        await done(judge, f"measure.{command}", {"room": street.room, **more})
    return await _window(visit, street.author)


async def slow_room(visit: Visit) -> Window:
    """One has just written, and the pause runs."""
    window = await _ruled(visit, slow={"seconds": 60})
    await window.write("Nou, het is toch zo.")
    await expect(window.at("pause-left")).not_to_be_empty()
    return window


async def locked_room(visit: Visit) -> Window:
    window = await _ruled(visit, lock={})
    await expect(window.at("locked")).to_be_visible()
    return window


async def arranged_room(visit: Visit) -> Window:
    """Who may read along, and why, as residents read it."""
    street, town = await _street(visit), visit.town.server.town
    await arrangement.make(town, street.room, "police", REASON, 14)
    window = await _window(visit, street.author)
    await expect(window.at("arrangement")).to_be_visible()
    return window


async def open_book(visit: Visit) -> Window:
    """Who looked at our room."""
    street = await _judged(visit, decision="hide")
    window = await _window(visit, street.reporter)
    await window.at("decision-seen").click()
    await window.at("me").click()
    await window.at("me-book").click()
    await window.at("me-book-of").first.click()
    await expect(window.at("audit-row").first).to_be_visible()
    return window


async def auditor(visit: Visit) -> Window:
    """A book beside the others."""
    server, name = visit.town.server, f"Toezichthouder {next(_number)}"
    await staff_accounts.add(server.town, server.argon2, name, Role.AUDITOR, None, (), PASSWORD)
    street = await _judged(visit, decision="hide")
    neighbourhood = street.author.person["neighbourhood"]["id"]
    window = await visit.open()
    await window.come_as(await Neighbour(server.url, name).sign_in())
    await window.page.locator(f'[data-testid=auditor-pick][data-id="{neighbourhood}"]').click()
    await expect(window.at("audit-row").first).to_be_visible()
    await expect(window.at("audit-seal")).not_to_be_empty()
    return window


ALL = (
    report_sheet, report_queue, report_decision, moderated_room, decision, appeal, slow_room, locked_room,
    arranged_room, open_book, auditor,
)  # fmt: skip
