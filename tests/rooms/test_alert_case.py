"""I have information: what a resident knows about an alert is a private case for those who sent it."""

from __future__ import annotations

from typing import Any

from rooms import case_record
from rooms.case import page, view
from rooms.town import Town
from tests.rooms.alert_sent import SAYS, broadcast
from tests.rooms.conftest import Resident
from tests.rooms.desk_cast import Desk
from tests.rooms.voice import Voice
from tests.town import ESCAMP, GOUDKARPERSINGEL, MOERWIJK_WEST

KNOWS: dict[str, Any] = {"urgency": "soon", "text": "Ik zag een witte bestelbus.", "emergency": None, "private": True,
                         "room": MOERWIJK_WEST}  # fmt: skip


async def test_the_case_names_the_alert_to_asker_and_staff(desk: Desk, town: Town, ada: Voice) -> None:
    """From the page on, so that who is called knows what it is about before taking it."""
    alert = await broadcast(desk)
    await desk.on_duty("Sergeant Prins")
    case = await desk.case((await desk.call(ada, **KNOWS, alert=alert))["case"])
    assert (case.alert, case.to, case.private) == (alert, "police", True)
    assert view(case).alert == page(case).alert == alert
    assert page(case).text is None
    (seen,) = await case_record.views(town, case.room)
    assert seen.alert == alert


async def test_a_case_without_an_alert_names_none(desk: Desk, ada: Voice) -> None:
    """As it was before there were alerts."""
    case = await desk.case((await desk.call(ada, **KNOWS))["case"])
    assert (case.alert, view(case).alert) == (None, None)


async def test_it_can_still_be_said_after_the_end(desk: Desk, ada: Voice) -> None:
    """Who comes home when it is over may have seen what nobody else has."""
    alert = await broadcast(desk)
    await (await desk.voice("Sergeant Prins")).ask("alert.clear", alert=alert)
    assert (await desk.call(ada, **KNOWS, alert=alert))["ok"]


async def test_it_goes_to_those_who_sent_the_alert(desk: Desk, ada: Voice) -> None:
    """What the municipality told is not the police's to follow, nor the other way round."""
    of_police = await broadcast(desk)
    of_town = await broadcast(desk, by="Moderator Bakker")
    refusal = await ada.refused("wrong_target", "escalation.raise", **KNOWS, to="municipality", alert=of_police)
    assert refusal["error"]["field"] == "alert"  # type: ignore[index]
    await ada.refused("wrong_target", "escalation.raise", **KNOWS, to="police", alert=of_town)
    assert (await desk.call(ada, **KNOWS, to="municipality", alert=of_town))["ok"]


async def test_an_alert_of_elsewhere_is_none(desk: Desk, town: Town, ada: Voice, resident: Resident) -> None:
    """One that never was, one of another room, and one that still waits look the same."""
    prins = await desk.voice("Sergeant Prins")
    far = Voice(town, await resident("Cor", GOUDKARPERSINGEL))
    alert = await broadcast(desk)
    preview = await prins.ask("alert.preview", places=[ESCAMP], **{**SAYS, "severity": "severe"})
    waiting = (await prins.ask("alert.broadcast", preview=preview["preview"], code=preview["code"]))["alert"]
    asked = {**KNOWS, "to": "police"}
    await ada.refused("wrong_target", "escalation.raise", **asked, alert="aaaaaaaaaaaa")
    await ada.refused("wrong_target", "escalation.raise", **asked, alert=waiting)
    await ada.refused("wrong_target", "escalation.raise", **{**asked, "room": ada.room}, alert=alert)
    await far.refused("wrong_target", "escalation.raise", **{**asked, "room": far.room}, alert=alert)
    await far.refused("not_found", "escalation.raise", **asked, alert=alert)


async def test_what_one_knows_is_never_said_to_the_street(desk: Desk, ada: Voice) -> None:
    """A case about an alert that is not private is refused before anything is looked up."""
    alert = await broadcast(desk)
    refusal = await ada.refused(
        "bad_request", "escalation.raise", **{**KNOWS, "private": False}, to="police", alert=alert
    )
    assert refusal["error"]["field"] == "private"  # type: ignore[index]
