"""Standing arrangements: for one room, for a while, with a reason that everybody there can read."""

from __future__ import annotations

import asyncio

import pytest

from rooms import arrangement, log, report_due
from rooms.refusal import Refusal
from rooms.town import DAY_MS, Town
from tests.rooms.desk_cast import Desk
from tests.rooms.report_cast import deeds, events, forward
from tests.rooms.voice import Voice
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST, POLICE_DESK, MovedClock

REASON = "Er is twee keer brand gesticht."


async def pinned(town: Town, who: Voice) -> list[str]:
    """The reasons that somebody finds in the own street."""
    found = await log.resume(town.store, JAN_LUYKENLAAN, who.id, None, town.clock.now_ms())
    return [one["reason"] for one in found.holds.get("arrangements", ())]


async def test_residents_read_who_may_read_along(ada: Voice, town: Town) -> None:
    """At once, as an entry, and whenever they come while it stands."""
    made = await arrangement.make(town, JAN_LUYKENLAAN, "police", f" {REASON} ", 30)
    entry = (await ada.page())[-1]
    assert (entry["event"], entry["by"]["role"]) == ("arrangement.made", "admin")
    assert entry["data"]["arrangement"]["reason"] == REASON
    assert made.until - made.since == 30 * DAY_MS
    assert await pinned(town, ada) == [REASON]


async def test_one_that_is_withdrawn_ends_reading(desk: Desk, ada: Voice, ben: Voice, town: Town) -> None:
    """In the same step: whoever is in the room on it is out, and nobody comes in on it."""
    made = await arrangement.make(town, JAN_LUYKENLAAN, "police", REASON, 7)
    other = await arrangement.make(town, JAN_LUYKENLAAN, "police", "Er wordt veel ingebroken.", 7)
    vega, prins = await desk.voice("Officer Vega"), await desk.voice("Sergeant Prins")
    for who, ground in ((vega, made), (prins, other)):
        await who.ask("room.enter", room=JAN_LUYKENLAAN, ground={"kind": "arrangement", "id": ground.id})
    assert await arrangement.withdraw(town, made.id) == JAN_LUYKENLAAN
    await vega.refused("not_found", "room.history", room=JAN_LUYKENLAAN)
    assert await prins.page(room=JAN_LUYKENLAAN)
    assert (await events(ada))[-2:] == ["arrangement.ended", "staff.left"]
    assert await pinned(town, ada) == ["Er wordt veel ingebroken."]
    assert [deed for deed in await deeds(town) if deed != "staff.refused"][-2:] == ["staff.left", "arrangement.ended"]
    with pytest.raises(Refusal, match="not_found"):
        await arrangement.withdraw(town, made.id)


async def test_one_ends_by_itself(desk: Desk, ada: Voice, town: Town, clock: MovedClock) -> None:
    """After its days, without anybody; the entry says that it is over."""
    made = await arrangement.make(town, JAN_LUYKENLAAN, "police", REASON, 1)
    clock.forward(days=1, seconds=-2)
    vega = await desk.voice("Officer Vega")
    await vega.ask("room.enter", room=JAN_LUYKENLAAN, ground={"kind": "arrangement", "id": made.id})
    assert await report_due.overdue(town, clock.now_ms()) == 0
    await forward(town, clock, seconds=3)
    await vega.refused("not_found", "room.history", room=JAN_LUYKENLAAN)
    ended = next(entry for entry in await ada.page() if entry["event"] == "arrangement.ended")
    assert ended["data"]["reason"] == "over"
    assert await pinned(town, ada) == []


async def test_those_that_stand_are_listed(town: Town) -> None:
    """With their rooms."""
    one = await arrangement.make(town, JAN_LUYKENLAAN, "police", REASON, 7)
    two = await arrangement.make(town, MOERWIJK_WEST, "municipality", REASON, 7)
    gone = await arrangement.make(town, GOUDKARPERSINGEL, "police", REASON, 7)
    await arrangement.withdraw(town, gone.id)
    assert {room: found.id for room, found in await arrangement.those(town)} == {
        JAN_LUYKENLAAN: one.id,
        MOERWIJK_WEST: two.id,
    }


@pytest.mark.parametrize(
    ("room", "reason", "days", "code"),
    [
        (POLICE_DESK, REASON, 7, "not_found"),
        ("case:p07.nergensnerge", REASON, 7, "not_found"),
        ("nergens", REASON, 7, "not_found"),
        (JAN_LUYKENLAAN, " te kort ", 7, "bad_request"),
        (JAN_LUYKENLAAN, "x" * 281, 7, "bad_request"),
        (JAN_LUYKENLAAN, REASON, 0, "bad_request"),
        (JAN_LUYKENLAAN, REASON, 31, "bad_request"),
    ],
)
async def test_what_can_be_arranged_has_bounds(town: Town, room: str, reason: str, days: int, code: str) -> None:
    """A room of neighbours, a reason in words, at most thirty days."""
    with pytest.raises(Refusal, match=code):
        await arrangement.make(town, room, "police", reason, days)
    assert await arrangement.those(town) == []


async def test_coming_in_while_it_is_withdrawn_leaves_nobody_inside(desk: Desk, ada: Voice, town: Town) -> None:
    """Whichever of the two is first: afterwards nobody reads on a ground that is no more."""
    vega = await desk.voice("Officer Vega")
    for _ in range(20):
        made = await arrangement.make(town, JAN_LUYKENLAAN, "police", REASON, 7)
        ground = {"kind": "arrangement", "id": made.id}
        come = vega.ask("room.enter", room=JAN_LUYKENLAAN, ground=ground)
        await asyncio.gather(come, arrangement.withdraw(town, made.id), return_exceptions=True)
        await vega.refused("not_found", "room.history", room=JAN_LUYKENLAAN)
        town.clock.forward(seconds=2)  # type: ignore[attr-defined]  # the tests' clock
