"""The views of the alert desk: the list, an alert that is made up, whom it reaches, the second officer, the reach.

Set in Ypenburg: yilmaz asks and daalder is the second officer. What is begun in one view is over before the next.
"""

from __future__ import annotations

from typing import Any

from playwright.async_api import expect

from tests.neighbour import Neighbour
from tests.web.browser import Window
from tests.web.called import YPENBURG, Called, done, tried
from tests.web.visit import Visit

HEADLINE = "Rook bij de sporthal: houd ramen en deuren dicht"
TEXT = (
    "Er staat een loods in brand. De rook trekt naar het noorden en is schadelijk. De brandweer verwacht dat het nog "
    "een paar uur duurt.\n\nWe melden hier als er iets verandert."
)
INSTRUCTION = "Sluit ramen en deuren. Zet de ventilatie uit. Blijf binnen tot we zeggen dat het veilig is."
SAYS: dict[str, Any] = {
    "headline": HEADLINE, "text": TEXT, "instruction": INSTRUCTION, "urgency": "immediate", "certainty": "observed",
    "category": "fire",
    "languages": [{"language": "en", "headline": "Smoke near the sports hall", "text": "Keep your windows shut."}],
}  # fmt: skip


async def _desk(visit: Visit, member: Neighbour | None = None) -> Window:
    """Yilmaz's, unless it is another's."""
    window = await visit.open()
    await window.come_as(member or visit.town.called.yilmaz)
    await window.at("to-alerts").click()
    await expect(window.at("new-alert")).to_be_visible()
    return window


async def _residents(visit: Visit) -> list[Neighbour]:
    """Three who are there, in the streets that come next."""
    return [await visit.town.called.asker(YPENBURG) for _ in range(3)]


async def _alert(called: Called, *places: str, **more: Any) -> str:
    """Asked for by yilmaz; the alert, which waits where it must."""
    shown = await called.yilmaz.ask("alert.preview", {"places": list(places), "severity": "moderate", **SAYS, **more})
    assert shown["ok"], shown
    code = {"code": shown["code"]} if "code" in shown else {}
    return str((await done(called.yilmaz, "alert.broadcast", {"preview": shown["preview"], **code}))["alert"])


async def _nothing_in_force(called: Called) -> None:
    for view in (await called.yilmaz.ask("alert.list", {}))["alerts"]:
        await tried(called.yilmaz, "alert.decline", {"alert": view["alert"]})
        await tried(called.yilmaz, "alert.clear", {"alert": view["alert"]})


async def _begun(visit: Visit) -> Window:
    """Filled in, with a neighbourhood and a street of another one; seen from its top."""
    await _nothing_in_force(visit.town.called)
    neighbour, other, _ = await _residents(visit)
    window = await _desk(visit)
    await window.at("new-alert").click()
    if await window.at("alert-clear-form").count():
        await window.at("alert-clear-form").click()
    await window.page.locator(f'[data-id="{neighbour.person["neighbourhood"]["id"]}"][data-testid=map-spot]').click()
    street = other.person["street"]
    await window.at("place-search").fill(street["name"])
    await window.page.locator(f'[data-id="{street["id"]}"][data-testid=place-tick]').check()
    await window.at("place-search").fill("")
    await window.at("alert-category").select_option("fire")
    await window.at("alert-severity-severe").check(force=True)
    await window.at("alert-headline").fill(HEADLINE)
    await window.at("alert-text").fill(TEXT)
    await window.at("alert-instruction").fill(INSTRUCTION)
    await window.page.locator(".alerts-inside").evaluate("inside => inside.scrollTo(0, 0)")
    return window


async def alert_list(visit: Visit) -> Window:
    """One waits for me, one is in force, others are over."""
    called = visit.town.called
    await _nothing_in_force(called)
    people = await _residents(visit)
    homes = [person.person["street"]["id"] for person in people]
    over = await _alert(called, homes[0], headline="Vermiste kat is terug", severity="minor", category="other")
    await done(called.yilmaz, "alert.cancel", {"alert": over, "reason": "De kat zat in de schuur."})
    await _alert(called, *homes)
    await _alert(called, YPENBURG, severity="extreme", headline="Gaslek bij het station")
    window = await _desk(visit, called.daalder)
    await expect(window.at("alerts-to-approve")).to_be_visible()
    return window


async def alert_form(visit: Visit) -> Window:
    return await _begun(visit)


async def alert_form_words(visit: Visit) -> Window:
    """Further down, with another language begun, and all that is lacking said."""
    window = await _begun(visit)
    await window.at("add-en").click()
    await window.at("alert-link").fill("http://voorbeeld.example")
    await window.at("alert-preview").click()
    await expect(window.page.locator("[data-testid=wrong][data-field=link]")).to_be_visible()
    return window


async def alert_look(visit: Visit) -> Window:
    """Whom it reaches, and the code."""
    window = await _begun(visit)
    await window.at("alert-preview").click()
    await expect(window.at("alert-reach")).to_be_visible()
    return window


async def alert_waits(visit: Visit) -> Window:
    """As who asked has it."""
    window = await alert_look(visit)
    await window.at("alert-code-typed").fill(await window.at("alert-code").inner_text())
    await window.at("alert-broadcast").click()
    await expect(window.at("alert-waits")).to_be_visible()
    return window


async def alert_approval(visit: Visit) -> Window:
    """As the second officer has it."""
    called = visit.town.called
    await _nothing_in_force(called)
    people = await _residents(visit)
    await _alert(called, *(person.person["street"]["id"] for person in people), severity="severe")
    window = await _desk(visit, called.daalder)
    await window.at("alert-asked-open").click()
    await expect(window.at("alert-approve")).to_be_visible()
    return window


async def alert_reach(visit: Visit) -> Window:
    """In force: who has it, and who has seen it."""
    called = visit.town.called
    await _nothing_in_force(called)
    people = await _residents(visit)
    alert = await _alert(called, *(person.person["street"]["id"] for person in people))
    for person in people:  # in the street, or in the neighbourhood where all its streets were named
        room = (await person.expect("alert.broadcast"))["room"]
        reply = await person.ask("alert.delivered", {"alert": alert, "room": room})
        assert reply["ok"], reply
    await done(people[-1], "alert.seen", {"alert": alert, "room": room})
    window = await _desk(visit)
    await window.at("alert-item").first.click()
    await expect(window.at("live-delivered")).to_have_text("3")
    await expect(window.at("live-seen")).to_have_text("1")
    return window


async def alert_update(visit: Visit) -> Window:
    window = await alert_reach(visit)
    await window.at("alert-update").click()
    await window.at("alert-update-send").click()
    await window.at("alert-update-send").scroll_into_view_if_needed()
    return window


async def alert_cancel(visit: Visit) -> Window:
    window = await alert_reach(visit)
    await window.at("alert-cancel").click()
    await window.at("alert-cancel-send").click()
    await expect(window.page.locator("[data-testid=wrong][data-field=reason]")).to_be_visible()
    return window


ALL = (
    alert_list, alert_form, alert_form_words, alert_look, alert_waits, alert_approval, alert_reach, alert_update,
    alert_cancel,
)  # fmt: skip
