"""Who moves while an alert is in force: it is there exactly once in each home, and its end reaches who has left."""

from __future__ import annotations

from typing import Any

from server.app import Running
from tests.conftest import Join, code_for, settled, until
from tests.journeys.alerted import done, given, send
from tests.journeys.duty import Colleague, colleague
from tests.neighbour import Neighbour
from tests.town import BETJE_WOLFFSTRAAT, GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST

__all__ = ["colleague"]


async def _move(server: Running, neighbour: Neighbour, street: str, rooms: int = 2) -> list[tuple[str, str, int]]:
    """Move, and return (room, alert, n) of each alert that the new rooms open with. rooms: how many are new."""
    before = len(neighbour.events)

    def opened() -> list[dict[str, Any]]:
        return [payload for name, payload in neighbour.events[before:] if name == "room.opened"]

    status, _ = await neighbour.post("/api/move", {"code": await code_for(server.town, street)}, neighbour.token)
    assert status == 200
    await until(lambda: len(opened()) == rooms)
    await settled(server)
    return [(view["room"], view["alert"], view["n"]) for payload in opened() for view in payload.get("alerts", [])]


async def test_who_moves_in_finds_it_pinned_once(server: Running, join: Join, colleague: Colleague) -> None:
    """With the room that it holds for, and not once more as an entry; what follows comes as to everybody."""
    prins, far = await colleague("Sergeant Prins"), await join("Dirk", GOUDKARPERSINGEL)
    await join("Ada")
    alert = (await send(prins))["alert"]
    assert await _move(server, far, JAN_LUYKENLAAN) == [(MOERWIJK_WEST, alert, 1)]
    assert given(far) == []
    await done(prins, "clear", alert)
    await far.expect("alert.cleared")
    assert given(far) == [("cleared", 2)]


async def test_who_moves_within_the_area_has_it_in_the_new_street(
    server: Running, join: Join, colleague: Colleague
) -> None:  # fmt: skip
    """The one of the old street goes with its room; an update comes once."""
    prins, ada = await colleague("Sergeant Prins"), await join("Ada")
    alert = (await send(prins, JAN_LUYKENLAAN, BETJE_WOLFFSTRAAT))["alert"]
    assert (await ada.expect("alert.broadcast"))["room"] == JAN_LUYKENLAAN
    assert await _move(server, ada, BETJE_WOLFFSTRAAT, rooms=1) == [(BETJE_WOLFFSTRAAT, alert, 1)]
    await done(prins, "update", alert, certainty="likely")
    assert (await ada.expect("alert.updated"))["room"] == BETJE_WOLFFSTRAAT
    await ada.expect_nothing("alert.updated")


async def test_who_moves_out_hears_what_became_of_it(server: Running, join: Join, colleague: Colleague) -> None:
    """As a notice, though it is updated in the very moment of the move; who came back has the room itself."""
    prins, ada, ben = await colleague("Sergeant Prins"), await join("Ada"), await join("Ben")
    alert = (await send(prins))["alert"]
    for neighbour in (ada, ben):
        await neighbour.expect("alert.broadcast")
    for neighbour in (ada, ben):
        assert await _move(server, neighbour, GOUDKARPERSINGEL) == []
    assert await _move(server, ben, JAN_LUYKENLAAN) == [(MOERWIJK_WEST, alert, 1)]
    await done(prins, "update", alert, certainty="likely")
    await server.sweeps.note_given()
    await server.sweeps.step_warnings()
    notice = (await ada.expect("correction.given"))["correction"]
    assert (notice["what"], notice["alert"]) == ("corrected", alert)
    await ben.expect("alert.updated")
    await ben.expect_nothing("correction.given")
    await ada.expect_nothing("alert.updated")
