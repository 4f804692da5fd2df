"""A mute and an expulsion are of a person in a room, and last however often the person goes and comes."""

from __future__ import annotations

import pytest

from rooms import account, log, membership, retention
from rooms.keys import RoomKeys
from rooms.town import Town
from tests.conftest import code_for
from tests.rooms.desk_cast import Desk
from tests.rooms.report_cast import decide, file, inside, listed, measure
from tests.rooms.voice import Voice
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, MovedClock

ADDRESS = "192.0.2.1"


async def moves(who: Voice, street: str) -> None:
    await membership.move(who.town, who.id, ADDRESS, await code_for(who.town, street))


async def test_moving_away_and_back_lifts_no_mute(desk: Desk, ada: Voice, town: Town, clock: MovedClock) -> None:
    """Who comes back is muted for as long as was said, and told so; elsewhere nothing was said."""
    await measure(await inside(desk), await ada.say("Schurk"), "mute", minutes=24 * 60)
    await moves(ada, GOUDKARPERSINGEL)
    await ada.say("Hallo", room=GOUDKARPERSINGEL)
    await moves(ada, JAN_LUYKENLAAN)
    await ada.refused("muted", "message.post", text="Daar ben ik weer")
    found = await log.resume(town.store, JAN_LUYKENLAAN, ada.id, None, town.clock.now_ms())
    assert found.holds["muted_until"] > town.clock.now_ms()
    await ada.ask("warning.raise", kind="burglary", text="Er wordt ingebroken.", emergency="called")
    clock.forward(days=2)
    await ada.say("Ik zal rustig zijn")
    assert await listed(town, "muted") == 0


async def test_who_moved_before_the_decision_is_muted_on_coming_back(desk: Desk, ada: Voice, ben: Voice) -> None:
    """Leaving before a moderator looks is no way around it."""
    target = await ada.say("Schurk")
    await moves(ada, GOUDKARPERSINGEL)
    await decide(await desk.voice("Moderator Bakker"), await file(ben, target), "mute", minutes=24 * 60)
    await moves(ada, JAN_LUYKENLAAN)
    await ada.refused("muted", "message.post", text="Daar ben ik weer")


@pytest.mark.parametrize("by", ["unmute", "appeal"])
async def test_a_mute_that_was_taken_back_meanwhile_is_none(desk: Desk, ada: Voice, by: str) -> None:
    """Taken back by a moderator, or on the appeal, while she lived elsewhere."""
    target, bakker = await ada.say("Schurk"), await inside(desk)
    report = (await measure(bakker, target, "mute", minutes=24 * 60))["report"]
    await moves(ada, GOUDKARPERSINGEL)
    if by == "unmute":
        await measure(bakker, target, "unmute")
    else:
        await ada.ask("report.appeal", report=report, text="Het was een grap tussen vrienden.")
        await decide(await desk.voice("Moderator Visser"), report, "keep")
    await moves(ada, JAN_LUYKENLAAN)
    await ada.say("Dank u")


async def test_moving_away_and_back_undoes_no_expulsion(desk: Desk, ada: Voice, ben: Voice, town: Town) -> None:
    """The street stays closed; won on appeal, it opens, with the mute that was of something else."""
    first, second = await ada.say("Schurk"), await ada.say("Ik weet jullie te wonen!")
    bakker, visser = await inside(desk), await desk.voice("Moderator Visser")
    await measure(bakker, first, "mute", minutes=24 * 60)
    report = await file(ben, second)
    await decide(bakker, report, "expel")
    await visser.ask("report.second", report=report, agree=True)
    await moves(ada, GOUDKARPERSINGEL)
    await moves(ada, JAN_LUYKENLAAN)
    await account.settle(town, ada.id)
    await ada.refused("not_found", "room.history")
    await ada.ask("report.appeal", report=report, text="Het was een misverstand.")
    await decide(await desk.voice("Moderator Derde", like="Moderator Bakker"), report, "keep")
    await ada.page()
    await ada.refused("muted", "message.post", text="Ik ben er weer")


async def test_mutes_of_those_who_left_are_forgotten_when_they_are_over(
    desk: Desk, ada: Voice, ben: Voice, town: Town, clock: MovedClock
) -> None:
    """Nothing of it is kept longer than it holds, nor of who has no account any longer."""
    bakker = await inside(desk)
    for who in (ada, ben):
        await measure(bakker, await who.say("Schurk"), "mute", minutes=24 * 60)
        await moves(who, GOUDKARPERSINGEL)
    known = await account.load(town, ben.id)
    assert known is not None
    await account.close(town, known)
    await retention.purge(town)
    assert await town.store.read("HKEYS", RoomKeys(JAN_LUYKENLAAN).muted) == [ada.id.encode()]
    clock.forward(days=2)
    await retention.purge(town)
    assert await listed(town, "muted") == 0
