"""The views of official alerts as residents have them: on top of the room, on the whole screen, over, not verified."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from playwright.async_api import expect

from rooms import staff as staff_accounts
from rooms.person import Organisation, Role
from rooms.signature import KeyPair, pins
from tests.neighbour import Neighbour
from tests.town import ESCAMP, PASSWORD
from tests.web.alerted import GAS, SAYS, Officers
from tests.web.browser import Window
from tests.web.populated import Populated
from tests.web.views_called import home
from tests.web.views_warned import burglary
from tests.web.visit import Visit

STRANGER = KeyPair(bytes(range(32)))
WATER = {
    **SAYS,
    "headline": "Het water is morgen van 9 tot 12 uur dicht",
    "text": "Dunea werkt aan de leiding. Vul vanavond een paar flessen.",
    "severity": "minor", "urgency": "future", "category": "infra", "languages": [],
}  # fmt: skip
_CASTS: WeakKeyDictionary[Populated, tuple[Officers, Neighbour]] = WeakKeyDictionary()


async def officers(visit: Visit) -> Officers:
    return (await _cast(visit))[0]


async def _cast(visit: Visit) -> tuple[Officers, Neighbour]:
    """The officers, and a moderator of the municipality; what is broadcast in a view is over when it closes."""
    if visit.town not in _CASTS:
        prins = await _member(visit, "Officer Prins", Role.OFFICER, Organisation.POLICE, "Hoofdagent")
        bakker = await _member(visit, "Moderator Bakker", Role.MODERATOR, Organisation.MUNICIPALITY, "Wijkteam Escamp")
        _CASTS[visit.town] = Officers(visit.town.called.vega, prins), bakker
    visit.afterwards(_CASTS[visit.town][0].clear)
    return _CASTS[visit.town]


async def _member(visit: Visit, name: str, role: Role, organisation: Organisation, title: str) -> Neighbour:
    server = visit.town.server
    await staff_accounts.add(
        server.town, server.argon2, name, role, organisation, (ESCAMP,), PASSWORD, title=title
    )  # fmt: skip
    return await (await Neighbour(server.url, name).sign_in()).connect()


def street_of(neighbour: Neighbour) -> str:
    return str(neighbour.person["street"]["id"])


# in force --------------------------------------------------------------------------------------------


async def alert(visit: Visit) -> Window:
    """Just come: who says it, what it is, what one can do, and both answers."""
    asker = await visit.town.called.asker()
    await asker.say(street_of(asker), "Er loopt iemand langs alle auto's.")
    await (await officers(visit)).alert(street_of(asker), link="https://www.politie.nl/inbraak")
    window = await home(visit, asker)
    await expect(window.at("alert-seal")).to_be_visible()
    return window


async def alert_updated(visit: Visit) -> Window:
    """Severe, in English too, changed twice, and seen; another one in the neighbourhood."""
    asker, cast = await visit.town.called.asker(), await officers(visit)
    await cast.alert(str(asker.person["neighbourhood"]["id"]), headline="Politie zoekt getuigen bij het park")
    one = await cast.alert(street_of(asker), severity="severe")
    for text in ("De daders rijden in een grijze bestelbus.", "De bestelbus staat nu bij de school. Blijf weg daar."):
        variant = {**SAYS["languages"][0], "text": "The van is at the school now. Stay away from there."}
        await cast.of("update", one, text=text, languages=[variant])
    window = await home(visit, asker)
    await window.at("alert-seen").click()
    await expect(window.at("alert-seen-done")).to_be_visible()
    await expect(window.at("alert-elsewhere")).to_be_visible()
    return window


async def alert_folded(visit: Visit) -> Window:
    """Seen on another day: a line on top, that opens; of the police and of the municipality."""
    cast, bakker = await _cast(visit)
    asker = await visit.town.called.asker()
    await cast.alert(street_of(asker))
    await Officers(bakker, bakker).alert(street_of(asker), says=WATER)
    window = await home(visit, asker)
    await window.at("alert-seen").click()
    await expect(window.at("alert-seen-done")).to_be_visible()
    await window.page.reload()
    await window.expect_live()
    lines = window.at("alerts").get_by_test_id("alert-line")
    await expect(lines).to_have_count(2)
    await expect(lines.first).to_have_attribute("aria-expanded", "false")
    return window


async def alert_and_all_else(visit: Visit) -> Window:
    """With a warning, a case and staff in the same street: the alert stands first, and one can still talk."""
    asker, seq = await burglary(visit)
    called = visit.town.called
    case = await called.call(asker, urgency="urgent", emergency="called", kind="burglary", warning=seq)
    await called.of(called.vega, "accept", case)
    await (await officers(visit)).alert(street_of(asker))
    window = await home(visit, asker)
    await expect(window.at("alert-seen")).to_be_visible()
    return window


async def alert_municipality(visit: Visit) -> Window:
    """A notice of the municipality, of little weight."""
    bakker = (await _cast(visit))[1]
    asker = await visit.town.called.asker()
    await Officers(bakker, bakker).alert(street_of(asker), says=WATER)
    window = await home(visit, asker)
    await expect(window.at("alert-seen")).to_be_visible()
    return window


async def alert_full(visit: Visit) -> Window:
    """Extreme danger: the whole screen."""
    asker = await visit.town.called.asker()
    await (await officers(visit)).alert(street_of(asker), says=GAS)
    window = await home(visit, asker)
    await expect(window.at("alert-full")).to_be_visible()
    return window


async def alert_exercise(visit: Visit) -> Window:
    """The same as an exercise, once the whole screen was closed."""
    asker = await visit.town.called.asker()
    await (await officers(visit)).alert(street_of(asker), says=GAS, exercise=True)
    window = await home(visit, asker)
    await expect(window.at("alert-full").get_by_test_id("alert-exercise")).to_be_visible()
    await window.page.keyboard.press("Escape")
    await expect(window.at("alert-full")).to_have_count(0)
    return window


async def alert_information(visit: Visit) -> Window:
    """*I have information*: to the police, in private."""
    window = await alert(visit)
    await window.at("alert-information").click()
    await expect(window.at("escalate-form")).to_be_visible()
    return window


# what is left of it, and what is none ----------------------------------------------------------------


async def alert_over(visit: Visit) -> Window:
    """Told, changed, all clear; and one that was taken back."""
    asker, cast = await visit.town.called.asker(), await officers(visit)
    one = await cast.alert(street_of(asker))
    await cast.of("update", one, text="De daders zijn gevlucht naar het park.", languages=[])
    await cast.of("clear", one, reason="De daders zijn opgepakt.")
    two = await cast.alert(street_of(asker), headline="Politiehelikopter boven de wijk")
    await cast.of("cancel", two, reason="Dit bericht was voor een andere wijk.")
    window = await home(visit, asker)
    await expect(window.at("alert.cancelled")).to_be_visible()
    return window


async def alert_unverified(visit: Visit) -> Window:
    """The page has other keys: its words, and nobody's name."""
    asker = await visit.town.called.asker()
    await (await officers(visit)).alert(street_of(asker), says=GAS)
    window = await visit.open()
    keys = pins([STRANGER.public])
    await window.page.locator("meta[name=bart-keys]").evaluate("(meta, keys) => (meta.content = keys)", keys)
    await window.sign_in(asker.name, PASSWORD)
    await expect(window.at("alert-doubt")).to_be_visible()
    return window


ALL = (
    alert, alert_updated, alert_folded, alert_and_all_else, alert_municipality, alert_full, alert_exercise,
    alert_information, alert_over, alert_unverified,
)  # fmt: skip
