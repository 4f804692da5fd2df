"""Desks stay right: whoever was called hears what becomes of the case, wherever in town; through real sockets."""

from __future__ import annotations

import pytest

from rooms import membership
from rooms.feed import Lost, RolledBack
from rooms.keys import partition_of
from server.app import Running
from tests.conftest import Join
from tests.journeys.duty import Colleague, call, colleague, done, pass_time, told
from tests.town import JAN_LUYKENLAAN, MovedClock

__all__ = ["colleague"]
ELSEWHERE = "adaadaadaada"
"""A person whose own partition is not that of the neighbourhood."""


async def test_a_page_from_the_other_end_of_town_does_not_go_stale(
    server: Running, join: Join, colleague: Colleague, clock: MovedClock
) -> None:
    """Yilmaz is called in the last tier; when Vega takes it, the desk of Yilmaz shows it taken."""
    ada, vega, yilmaz = await join("Ada"), await colleague("Officer Vega"), await colleague("Officer Yilmaz")
    case = (await call(ada))["case"]
    for _ in range(2):
        await pass_time(server, clock, seconds=61)
    page = (await yilmaz.expect("escalation.paged"))["case"]
    await done(vega, "accept", case)
    await yilmaz.expect("page.withdrawn", case=case)
    taken = await told(yilmaz, state="accepted")
    assert (taken["owner"]["name"], taken["version"] > page["version"], "text" in taken) == ("Vega", True, False)


async def test_who_was_asked_to_take_over_hears_that_others_did(join: Join, colleague: Colleague) -> None:
    """Vega asks the municipality and lets go; Ver, from elsewhere, sees it waiting there, and then taken by Bakker."""
    ada, vega = await join("Ada"), await colleague("Officer Vega")
    ver, bakker = await colleague("Moderator Ver"), await colleague("Moderator Bakker")
    case = (await call(ada))["case"]
    await done(vega, "accept", case)
    await done(vega, "hand_over", case, to="municipality")
    await ver.expect("escalation.paged")
    assert await done(vega, "release", case) == "paging"
    waiting = await told(ver, state="paging")
    assert waiting["to"] == "municipality"
    assert await done(bakker, "accept", case) == "accepted"
    taken = await told(ver, state="accepted")
    assert (taken["owner"]["name"], taken["version"] > waiting["version"]) == ("Bakker", True)


async def test_who_has_nothing_to_do_with_a_case_hears_nothing(join: Join, colleague: Colleague) -> None:
    """Neither staff of elsewhere who were not called, nor another organisation."""
    ada, vega = await join("Ada"), await colleague("Officer Vega")
    yilmaz, bakker = await colleague("Officer Yilmaz"), await colleague("Moderator Bakker")
    case = (await call(ada))["case"]
    await done(vega, "accept", case)
    for other in (yilmaz, bakker):
        await other.expect_nothing("case.changed")


@pytest.mark.parametrize("loss", [Lost, RolledBack])
async def test_an_asker_whose_room_was_lost_is_given_it_at_once(
    server: Running, join: Join, monkeypatch: pytest.MonkeyPatch, loss: type[Lost | RolledBack]
) -> None:
    """The word that opens the room of a private case did not come: the room does as soon as that is noticed, and not
    only with the next connection."""
    monkeypatch.setattr(membership, "new_person_id", lambda: ELSEWHERE)
    ada = await join("Ada")
    with monkeypatch.context() as lost:
        lost.setattr(server.fanout, "on_signal", _nothing)
        worry = {"to": "municipality", "urgency": "soon", "kind": "worry", "private": True, "emergency": None}
        case = (await call(ada, **worry))["case"]
        await ada.expect_nothing("room.opened")
    await server.fanout.take(loss(partition_of(JAN_LUYKENLAAN)))
    opened = await ada.expect("room.opened")
    assert (opened["room"]["id"], opened["cases"][0]["id"]) == (f"case:{case}", case)
    assert ada.connected


@pytest.mark.parametrize("loss", [Lost, RolledBack])
async def test_a_desk_that_missed_something_is_welcomed_anew(
    server: Running, join: Join, colleague: Colleague, monkeypatch: pytest.MonkeyPatch, loss: type[Lost | RolledBack]
) -> None:
    """Pages are in no room's log: staff are sent to come again, and find the desk as it is."""
    ada, vega = await join("Ada"), await colleague("Officer Vega")
    with monkeypatch.context() as lost:
        lost.setattr(server.fanout, "on_signal", _nothing)
        lost.setattr(server.fanout.connected, "concerned", lambda *_asked: [])
        case = (await call(ada))["case"]
        await vega.expect_nothing("escalation.paged")
    await server.fanout.take(loss(partition_of(JAN_LUYKENLAAN)))
    await vega.gone()
    await vega.connect()
    assert [(one["id"], one["paged"]) for one in vega.welcome["cases"]] == [(case, True)]


async def _nothing(*_told: object) -> None:
    """What the feed did not bring."""
