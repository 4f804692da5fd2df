"""The views of calling for help: a case in each state as the asker has it, the sheets, and the desk of staff."""

from __future__ import annotations

from playwright.async_api import expect

from tests.neighbour import Neighbour
from tests.town import PASSWORD
from tests.web.browser import Window
from tests.web.called import YPENBURG, Called
from tests.web.visit import Visit


async def home(visit: Visit, asker: Neighbour) -> Window:
    window = await visit.open()
    await window.sign_in(asker.name, PASSWORD)
    return window


async def case_in(visit: Visit, asker: Neighbour, state: str) -> Window:
    """The asker's room, with the case as it stands."""
    window = await home(visit, asker)
    await expect(window.at("case")).to_have_attribute("data-state", state)
    return window


# the resident ----------------------------------------------------------------------------------------


async def case_listed(visit: Visit) -> Window:
    """For information: nobody is called."""
    asker = await visit.town.called.asker()
    await visit.town.called.call(asker, urgency="information", text="De lantaarn voor de school is al een week uit.")
    return await case_in(visit, asker, "listed")


async def case_paging(visit: Visit) -> Window:
    asker = await visit.town.called.asker()
    await visit.town.called.call(asker, urgency="urgent", emergency="called")
    return await case_in(visit, asker, "paging")


async def case_nobody(visit: Visit) -> Window:
    """Nobody of the municipality is on duty: the honest sentence, with the numbers."""
    asker = await visit.town.called.asker()
    await visit.town.called.call(asker, to="municipality", text="Er ligt glas over de hele stoep.")
    return await case_in(visit, asker, "unanswered")


async def case_accepted(visit: Visit) -> Window:
    """Staff are in the room, and talk."""
    asker, _ = await _accepted(visit.town.called)
    return await case_in(visit, asker, "accepted")


async def case_handing_over(visit: Visit) -> Window:
    asker, case = await _accepted(visit.town.called)
    await visit.town.called.of(visit.town.called.vega, "hand_over", case, to="police")
    return await case_in(visit, asker, "handing_over")


async def case_resolved(visit: Visit) -> Window:
    """The outcome, and whether it helped."""
    asker, _ = await _resolved(visit.town.called)
    return await case_in(visit, asker, "resolved")


async def case_reopened(visit: Visit) -> Window:
    """It did not help, and is open again."""
    called = visit.town.called
    asker, case = await _resolved(called)
    await called.of(asker, "rate", case, helped=False)
    await called.of(asker, "reopen", case)
    window = await home(visit, asker)
    await expect(window.page.locator("[data-testid=case][data-state=paging]")).to_have_count(1)
    return window


async def private_case(visit: Visit) -> Window:
    called = visit.town.called
    asker = await called.asker()
    case = await called.call(asker, private=True, text="Mijn buurman bedreigt mij als ik thuiskom.")
    await called.of(called.vega, "accept", case)
    await called.vega.say(f"case:{case}", "Dank u voor het melden. Bent u nu veilig?")
    window = await home(visit, asker)
    await window.at("room-case").click()
    await window.expect_entry("Bent u nu veilig?")
    return window


async def escalate(visit: Visit) -> Window:
    """The sheet, while somebody else's call is open."""
    called = visit.town.called
    asker = await called.asker()
    await called.call(asker, urgency="information")
    window = await home(visit, await _neighbour_of(called, asker))
    await window.page.locator(".composer").get_by_test_id("escalate").click()
    await expect(window.at("join-running")).to_be_visible()
    return window


async def escalate_worry(visit: Visit) -> Window:
    """Worry about a neighbour: private, with the numbers of care; and what is lacking."""
    window = await home(visit, await visit.town.called.asker())
    await window.page.locator(".composer").get_by_test_id("escalate").click()
    await window.at("to-worry").check(force=True)
    await window.at("escalate-send").click()
    await window.at("escalate-send").scroll_into_view_if_needed()
    return window


async def _accepted(called: Called) -> tuple[Neighbour, str]:
    asker = await called.asker()
    case = await called.call(asker)
    await called.of(called.vega, "accept", case)
    room = asker.person["street"]["id"]
    await called.vega.say(room, "Ik ben er over een kwartier. Blijf binnen en houd de deur dicht.")
    await asker.say(room, "Dank u wel, dat doen we.")
    return asker, case


async def _resolved(called: Called) -> tuple[Neighbour, str]:
    asker, case = await _accepted(called)
    text = "We hebben met de jongens gesproken. Ze zochten het huis van een vriend."
    await called.of(called.vega, "resolve", case, outcome="on_site", text=text)
    return asker, case


async def _neighbour_of(called: Called, asker: Neighbour) -> Neighbour:
    return await called.asker(street=asker.person["street"]["id"])


# the desk --------------------------------------------------------------------------------------------


async def _desk(visit: Visit) -> Window:
    """Yilmaz's, with an empty queue, on duty."""
    await visit.town.called.clear()
    await visit.town.called.duty(visit.town.called.yilmaz, on=True)
    window = await visit.open()
    await window.come_as(visit.town.called.yilmaz)
    await expect(window.at("duty")).to_be_visible()
    return window


async def _queued(visit: Visit) -> Window:
    """Something in each part of the queue: own, soon over, handed over, waiting, declined and with a colleague."""
    called, window = visit.town.called, await _desk(visit)
    yilmaz, daalder = called.yilmaz, called.daalder

    async def call(**more: str) -> str:
        return await called.call(await called.asker(YPENBURG), **more)

    await called.of(yilmaz, "accept", await call(urgency="urgent", emergency="called"))
    await expect(window.at("queue-mine")).to_be_visible()
    await call(urgency="information", text="De prullenbak bij de halte is vol.")
    last = await call()
    await window.at("page").get_by_test_id("decline").click()
    await expect(window.at("declined")).to_have_count(1)
    await called.of(daalder, "decline", last)  # nobody of the district is left: the last round begins
    await call()
    await window.at("page").get_by_test_id("decline").click()
    await expect(window.at("declined")).to_have_count(2)
    elsewhere, handed = await call(), await call()
    for case in (elsewhere, handed):
        await called.of(daalder, "accept", case)
    await called.of(daalder, "hand_over", handed, to="police")
    await window.at("page-later").click()
    await expect(window.at("page")).to_have_count(0)
    await expect(window.at("queue-handed")).to_be_visible()
    return window


async def desk_off(visit: Visit) -> Window:
    window = await _desk(visit)
    await window.at("duty").click()
    await expect(window.at("duty")).to_have_attribute("aria-checked", "false")
    return window


async def desk_quiet(visit: Visit) -> Window:
    """On duty, and nothing is open."""
    return await _desk(visit)


async def desk(visit: Visit) -> Window:
    return await _queued(visit)


async def desk_page(visit: Visit) -> Window:
    """Somebody calls."""
    window = await _queued(visit)
    await visit.town.called.call(await visit.town.called.asker(YPENBURG), urgency="urgent", emergency="called")
    await expect(window.at("page")).to_be_visible()
    return window


async def desk_case(visit: Visit) -> Window:
    """The queue beside the case beside the room."""
    window = await _queued(visit)
    await window.at("to-case").click()
    await expect(window.at("resolve")).to_be_visible()
    return window


async def desk_hand_over(visit: Visit) -> Window:
    window = await desk_case(visit)
    await window.at("hand-over").click()
    await expect(window.at("hand-over-municipality")).to_be_visible()
    return window


async def desk_resolve(visit: Visit) -> Window:
    window = await desk_case(visit)
    await window.at("resolve").click()
    await window.at("outcome-on_site").check(force=True)
    return window


ALL = (
    case_listed, case_paging, case_nobody, case_accepted, case_handing_over, case_resolved, case_reopened, private_case,
    escalate, escalate_worry, desk_off, desk_quiet, desk, desk_page, desk_case,
    desk_hand_over, desk_resolve,
)  # fmt: skip
