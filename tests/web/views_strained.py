"""The views of what is seldom tried: the longest names and texts, a line that is slow or gone, waking, emptiness."""

from __future__ import annotations

import itertools
import secrets
from typing import NamedTuple

from playwright.async_api import expect

from rooms import staff as staff_accounts
from rooms.person import Organisation, Role
from rooms.place import Place
from tests.neighbour import Neighbour
from tests.town import ESCAMP, MOERWIJK_WEST, PASSWORD
from tests.web.browser import Window
from tests.web.called import done
from tests.web.views_called import home
from tests.web.views_warned import about, raised
from tests.web.visit import Visit

LONG_STREET = "Burgemeester van Karnebeek-Hottentottententententoonstellingslaan tussen plein en spoorlijn"
LONG_NAMES = ("Wolfeschlegelsteinhausenbergerdorff", "Maria-Magdalena van der Hoogenbosch")
LONG_TITLE = "Operationeel specialist wijkagent Moerwijk-West en omgeving"

ONE_WORD = "Kindercarnavalsoptochtvoorbereidingswerkzaamhedencomiteleden"
SENTENCE = "Er loopt al een half uur iemand langs alle deuren en hij voelt overal of ze open zijn. "
SLEPT = "08:00:00"
_number = itertools.count(1)


class Street(NamedTuple):
    """Two who live there, connected."""

    asker: Neighbour
    neighbour: Neighbour
    room: str


# long ------------------------------------------------------------------------------------------------


async def _long_street(visit: Visit) -> Street:
    """With the longest name of a street and of people."""
    called, number = visit.town.called, next(_number)
    place = Place(f"{MOERWIJK_WEST}:lang-{number}", f"{LONG_STREET} {number}", "street", MOERWIJK_WEST)
    await visit.town.server.town.import_places([place])
    asker, neighbour = [await called.asker(street=place.id, name=name) for name in LONG_NAMES]
    return Street(asker, neighbour, place.id)


async def _officer(visit: Visit) -> Neighbour:
    """On duty as long as the view is looked at."""
    server, name = visit.town.server, f"Lang {secrets.token_hex(4)}"
    await staff_accounts.add(
        server.town, server.argon2, name, Role.OFFICER, Organisation.POLICE, (ESCAMP,), PASSWORD, title=LONG_TITLE
    )
    officer = await (await Neighbour(server.url, name).sign_in()).connect()
    await done(officer, "duty.start", {})
    visit.afterwards(officer.close)
    return officer


async def _held(visit: Visit) -> tuple[Street, Neighbour]:
    """A warning and a call in that street, that the officer has taken."""
    street, officer = await _long_street(visit), await _officer(visit)
    for said in ("Is er iemand thuis?", "Ja, wij zijn thuis."):
        await street.neighbour.say(street.room, said)
    seq = await raised(street.asker, "burglary", SENTENCE, emergency="called", place_note=f"Bij {ONE_WORD}")
    await about(street.neighbour, "answer", seq, answer="see")
    case = await visit.town.called.call(street.asker, urgency="urgent", emergency="called", warning=seq)
    await visit.town.called.of(officer, "accept", case)
    await officer.say(street.room, "Ik kom eraan.")

    async def let_go() -> None:
        outcome = {"case": case, "outcome": "advice", "text": "Het is opgelost."}
        await done(officer, "escalation.resolve", outcome)
        await done(officer, "duty.stop", {})

    visit.afterwards(let_go)
    return street, officer


async def long_names(visit: Visit) -> Window:
    """The street, its people and who is in it, as a neighbour has them."""
    street, _ = await _held(visit)
    window = await home(visit, street.neighbour)
    await expect(window.at("case")).to_have_attribute("data-state", "accepted")
    return window


async def long_names_at_the_desk(visit: Visit) -> Window:
    """The same beside the queue of the officer."""
    _, officer = await _held(visit)
    window = await visit.open()
    await window.come_as(officer)
    await window.at("to-case").click()
    await expect(window.at("resolve")).to_be_visible()
    return window


async def long_texts(visit: Visit) -> Window:
    """A message, a warning and a call of as many characters as there may be, with words that no line holds."""
    asker = await visit.town.called.asker()
    room = asker.person["street"]["id"]
    await asker.say(room, (f"{ONE_WORD} " + SENTENCE * 30)[:2000].strip())
    await raised(asker, "nuisance", (f"{ONE_WORD} " + SENTENCE * 9)[:500].strip())
    await visit.town.called.call(asker, urgency="information", text=(ONE_WORD * 9)[:500])
    await asker.say(room, ONE_WORD * 4)
    window = await home(visit, asker)
    await window.expect_entry(ONE_WORD * 4)
    return window


# the line --------------------------------------------------------------------------------------------


async def starting(visit: Visit) -> Window:
    """On a line so slow that nothing has come yet: the page, the words that were kept, and that it is looked for."""
    line = await visit.line()
    window = await visit.room(visit.town.me.name, line)
    await window.until_kept("Van mij, ik zet hem zo weg.")
    line.cut()
    await window.page.reload()
    await window.expect_entry("Van mij, ik zet hem zo weg.")
    visit.afterwards(line.close)
    return window


async def waking(visit: Visit) -> Window:
    """Just looked at after a night, and not live yet: what was there stands there, and it is said."""
    line = await visit.line()
    visit.more["has_clock"] = True
    window = await visit.room(visit.town.me.name, line)
    await window.look_away()
    line.cut()
    await window.look_again(SLEPT)
    await window.expect_not_live()
    return window


async def door_unreachable(visit: Visit) -> Window:
    """Somebody signs in, and no server answers."""
    line = await visit.line()
    window = await visit.open(line=line)
    await window.at("name").fill(visit.town.me.name)
    await window.at("password").fill(PASSWORD)
    await line.close()
    await window.at("sign-in").click()
    await expect(window.at("wrong")).to_be_visible()
    return window


async def desk_not_live(visit: Visit) -> Window:
    """An officer's desk when the server is gone: nobody can call it, and it says so."""
    line = await visit.line()
    window = await visit.open(line=line)
    await window.come_as(visit.town.called.vega)
    await expect(window.at("duty")).to_be_visible()
    await line.close()
    await window.expect_not_live()
    return window


# nothing ---------------------------------------------------------------------------------------------


async def book_of_nothing(visit: Visit) -> Window:
    """Nobody has ever looked."""
    window = await home(visit, await visit.town.called.asker())
    await window.at("me").click()
    await window.at("me-book").click()
    await window.at("me-book-of").first.click()
    await expect(window.at("audit-seal")).not_to_be_empty()
    return window


ALL = (
    long_names, long_names_at_the_desk, long_texts, starting, waking, door_unreachable, desk_not_live, book_of_nothing,
)  # fmt: skip
