"""Measures: on an entry, on its author, on the room; and what none of them stops."""

from __future__ import annotations

from typing import Any

import pytest

from rooms import log, retention
from rooms.town import Town
from tests.rooms.alert_cast import SMOKE, Station
from tests.rooms.desk_cast import Desk
from tests.rooms.report_cast import WHY, decide, deeds, events, file, inside, measure, notices, queue
from tests.rooms.voice import Voice
from tests.town import JAN_LUYKENLAAN, POLICE_DESK, MovedClock

DANGER = {"kind": "burglary", "text": "Er wordt ingebroken.", "emergency": "called"}
NOISE = {"kind": "nuisance", "text": "Er is veel lawaai op straat."}
ON_ROOM: dict[str, dict[str, Any]] = {"measure.lock": {}, "measure.unlock": {}, "measure.slow": {"seconds": 30}}


async def can_call_for_help(who: Voice, desk: Desk) -> None:
    """A danger warning, a case in the room, a private one."""
    await who.ask("warning.raise", **DANGER)
    await desk.call(who)
    await desk.call(who, private=True)


async def writes_nothing(code: str, who: Voice, target: int) -> None:
    """No talk, no reaction, no warning without danger, no answer, no sign of writing."""
    await who.refused(code, "message.post", text="Toch!")
    await who.refused(code, "message.react", target=target, reaction="heart")
    await who.refused(code, "warning.raise", **NOISE)
    await who.refused(code, "room.typing")


# on an author ----------------------------------------------------------------------------------------


async def test_who_is_muted_can_still_call_for_help(desk: Desk, ada: Voice, ben: Voice, clock: MovedClock) -> None:
    """Nothing else, until the time is over; what was said before can be taken back."""
    target = await ada.say("Schurk")
    bakker = await inside(desk)
    spoken = await ada.say("Hoezo?")
    reply = await measure(bakker, spoken, "mute", minutes=60)
    assert reply["state"] == "decided"
    await writes_nothing("muted", ada, target)
    await can_call_for_help(ada, desk)
    await ada.ask("message.retract", target=spoken)
    await ben.say("Rust")
    (statement,) = await notices(ada)
    assert (statement["decision"], statement["facts"]) == ("mute", WHY["facts"])
    clock.forward(minutes=61)
    await ada.say("Ik zal rustig zijn")


async def test_a_mute_is_taken_back(desk: Desk, ada: Voice, town: Town) -> None:
    """From that moment on the person can write."""
    bakker = await inside(desk)
    target = await ada.say("Schurk")
    await measure(bakker, target, "mute", minutes=24 * 60)
    await measure(bakker, target, "unmute")
    await ada.say("Dank u")
    assert [deed for deed in await deeds(town) if "mute" in deed] == ["measure.muted", "measure.unmuted"]


async def test_a_mute_is_of_one_room(desk: Desk, ada: Voice) -> None:
    """In the neighbourhood's room the person can still talk."""
    bakker = await inside(desk)
    await measure(bakker, await ada.say("Schurk"), "mute", minutes=60)
    await ada.say("Goedemorgen", room="BU05183637")


@pytest.mark.parametrize("minutes", [59, 30 * 24 * 60 + 1, None])
async def test_a_mute_lasts_an_hour_to_a_month(desk: Desk, ada: Voice, minutes: int | None) -> None:
    """Neither shorter nor longer, and never for ever."""
    bakker = await inside(desk)
    target = await ada.say("Schurk")
    more = {} if minutes is None else {"minutes": minutes}
    await bakker.refused("bad_request", "measure.take", target=target, measure="mute", **WHY, **more)


async def test_a_warning_to_somebody_is_told_to_nobody_else(desk: Desk, ada: Voice, ben: Voice) -> None:
    """The author hears it; the room has no entry of it."""
    bakker = await inside(desk)
    target = await ada.say("Schurk")
    before = await events(ben)
    await measure(bakker, target, "warn")
    assert await events(ben) == before
    assert [one["decision"] for one in await notices(ada)] == ["warn"]


async def test_staff_are_not_measured(desk: Desk, ada: Voice) -> None:
    """Measures are against residents' words; an entry of staff can be hidden, by a colleague."""
    await desk.on_duty("Officer Vega")
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    bakker = await inside(desk)
    target = await (await desk.voice("Officer Vega")).say("Ik kom.", room=JAN_LUYKENLAAN)
    for name, more in (("warn", {}), ("mute", {"minutes": 60}), ("expel", {})):
        await bakker.refused("not_permitted", "measure.take", target=target, measure=name, **WHY, **more)
    own = await bakker.say("Ik kijk mee.")
    await bakker.refused("conflict_of_interest", "measure.take", target=own, measure="hide", **WHY)
    await measure(bakker, target, "hide")


# on an entry -----------------------------------------------------------------------------------------


async def test_an_entry_is_hidden_and_comes_back(desk: Desk, ada: Voice, ben: Voice, town: Town) -> None:
    """A marker while it is hidden, the entry when it is restored; each is an entry of the room."""
    bakker = await inside(desk)
    target = await ada.say("Schurk")
    hidden = (await measure(bakker, target, "hide"))["seq"]
    assert "Schurk" not in await ben.texts()
    restored = (await measure(bakker, target, "restore"))["seq"]
    assert "Schurk" in await ben.texts()
    page = {entry["seq"]: entry for entry in await ben.page()}
    assert (page[hidden]["event"], page[restored]["event"]) == ("entry.hidden", "entry.restored")
    assert page[hidden]["by"]["name"] == "Moderator Bakker"
    assert [deed for deed in await deeds(town) if deed.startswith("measure")] == ["measure.hidden", "measure.restored"]


async def test_what_its_author_took_back_stays_taken_back(desk: Desk, ada: Voice, ben: Voice) -> None:
    """Neither hiding nor restoring brings it to light."""
    bakker = await inside(desk)
    target = await ada.say("Schurk")
    await ada.ask("message.retract", target=target)
    for name in ("hide", "restore", "remove"):
        await measure(bakker, target, name)
    row = next(entry for entry in await ben.page() if entry["seq"] == target)
    assert row["data"]["reason"] == "retracted"


async def test_what_was_hidden_can_still_be_taken_back(desk: Desk, ada: Voice, ben: Voice, town: Town) -> None:
    """Its author takes it back in time, hidden or not, and no moderator brings it back; what was removed is gone."""
    target, removed = await ada.say("Zo'n sukkel!"), await ada.say("Jij ook!")
    bakker = await inside(desk)
    await measure(bakker, target, "hide")
    await measure(bakker, removed, "remove")
    await ben.refused("wrong_target", "message.retract", target=target)
    await ada.refused("wrong_target", "message.edit", target=target, text="Zo'n lieverd!")
    await ada.ask("message.retract", target=target)
    await ada.refused("wrong_target", "message.retract", target=removed)
    await measure(bakker, target, "restore")
    found = {entry["seq"]: entry["data"].get("reason") for entry in await ben.page()}
    assert (found[target], found[removed]) == ("retracted", "moderation")


async def test_no_measure_reaches_an_alert(desk: Desk, ada: Voice, ben: Voice, town: Town, clock: MovedClock) -> None:
    """Neither a report nor a measure takes an alert for a word of somebody, and the scripts pass it over too."""
    station = Station(town, clock)
    alert = (await station.send("Officer Vega", {**SMOKE, "places": [JAN_LUYKENLAAN]}))["alert"]
    (seq,) = [entry["seq"] for entry in await ada.page() if entry["event"] == "alert.broadcast"]
    await ben.refused("wrong_target", "report.file", target=seq, reason="spam")
    bakker = await inside(desk)
    for name in ("hide", "remove"):
        await bakker.refused("wrong_target", "measure.take", room=JAN_LUYKENLAAN, target=seq, measure=name, **WHY)
    assert await retention.blank(town, JAN_LUYKENLAAN, [seq], "moderation") == 0
    assert [entry["data"]["alert"] for entry in await ada.page() if entry["seq"] == seq] == [alert]


async def test_an_appeal_lifts_no_other_mute(desk: Desk, ada: Voice, town: Town) -> None:
    """Muted for an hour, and for a day for something else: who wins the appeal against the first stays muted."""
    first, second = await ada.say("Sukkel!"), await ada.say("Jij daar, ja jij!")
    bakker = await inside(desk)
    report = (await measure(bakker, first, "mute", minutes=60))["report"]
    await measure(bakker, second, "mute", minutes=24 * 60)
    await ada.ask("report.appeal", report=report, text="Het was een grap tussen vrienden.")
    assert await decide(await desk.voice("Moderator Visser"), report, "keep") == "final"
    await ada.refused("muted", "message.post", text="Eindelijk!")


async def test_a_shorter_mute_shortens_none(desk: Desk, ada: Voice, clock: MovedClock) -> None:
    """A month for one thing and then an hour for another is a month."""
    bakker = await inside(desk)
    for minutes in (30 * 24 * 60, 60):
        await measure(bakker, await ada_spoke(ada), "mute", minutes=minutes)
        await ada.refused("muted", "message.post", text="Toch!")
    clock.forward(minutes=61)
    await ada.refused("muted", "message.post", text="Toch!")


async def test_an_appeal_shortens_the_mute_that_it_is_about(desk: Desk, ada: Voice, clock: MovedClock) -> None:
    """A month becomes an hour, since another moderator says so."""
    report = (await measure(await inside(desk), await ada_spoke(ada), "mute", minutes=30 * 24 * 60))["report"]
    await ada.ask("report.appeal", report=report, text="Het was een grap tussen vrienden.")
    await decide(await desk.voice("Moderator Visser"), report, "mute", minutes=60)
    await ada.refused("muted", "message.post", text="Toch!")
    clock.forward(minutes=61)
    await ada.say("Ik zal rustig zijn")


async def ada_spoke(ada: Voice) -> int:
    """The seq of a warning of danger, which she can raise whatever holds."""
    return int((await ada.ask("warning.raise", **DANGER))["seq"])


async def test_a_measure_decides_the_report_that_waits(desk: Desk, ada: Voice, ben: Voice) -> None:
    """Whoever reported the entry hears that something was done; nothing is left in the queue."""
    bakker = await inside(desk)
    target = await ada.say("Schurk")
    report = await file(ben, target)
    assert (await measure(bakker, target, "hide"))["report"] == report
    assert [one["kind"] for one in await notices(ben)] == ["answered"]
    assert await queue(bakker) == []


async def test_a_measure_can_be_appealed(desk: Desk, ada: Voice, ben: Voice) -> None:
    """It is a report that nobody filed."""
    bakker, visser = await inside(desk), await desk.voice("Moderator Visser")
    target = await ada.say("Schurk")
    report = (await measure(bakker, target, "hide"))["report"]
    await ada.ask("report.appeal", report=report, text="Het was een citaat.")
    await visser.ask("report.take", report=report)
    assert (await visser.ask("report.decide", report=report, decision="keep"))["state"] == "final"
    assert "Schurk" in await ben.texts()


async def test_who_was_overruled_on_appeal_decides_no_more_on_it(desk: Desk, ada: Voice, ben: Voice) -> None:
    """Neither by a measure of their own nor on a new report; others can, and new words are another matter."""
    bakker, visser = await inside(desk), await inside(desk, "Moderator Visser")
    target = await ada.say("Schurk")
    report = (await measure(bakker, target, "hide"))["report"]
    await ada.ask("report.appeal", report=report, text="Het was een citaat.")
    await decide(visser, report, "keep")
    await bakker.refused("conflict_of_interest", "measure.take", target=target, measure="hide", **WHY)
    again = await file(ben, target)
    await bakker.refused("conflict_of_interest", "report.take", report=again)
    await decide(visser, again, "keep")
    await bakker.refused("conflict_of_interest", "measure.take", target=target, measure="hide", **WHY)
    await ada.ask("message.edit", target=target, text="Schurken, allemaal!")
    assert (await measure(bakker, target, "hide"))["state"] == "decided"


# on the room -----------------------------------------------------------------------------------------


async def test_a_locked_room_lets_calls_for_help_through(desk: Desk, ada: Voice, ben: Voice, town: Town) -> None:
    """Residents write nothing else; staff do; all is as before when it is opened."""
    target = await ben.say("Hallo")
    bakker = await inside(desk)
    assert (await bakker.ask("measure.lock"))["seq"] > 0
    assert (await bakker.ask("measure.lock"))["seq"] == 0
    await writes_nothing("room_locked", ada, target)
    await can_call_for_help(ada, desk)
    await bakker.say("Even rust in de straat.")
    await bakker.ask("measure.unlock")
    await ada.say("Dank u")
    assert [name for name in await events(ada) if name.startswith("room.")] == ["room.locked", "room.unlocked"]
    assert [deed for deed in await deeds(town) if "lock" in deed] == ["measure.locked", "measure.unlocked"]


async def test_in_slow_mode_a_message_waits_for_the_last_one(
    desk: Desk, ada: Voice, ben: Voice, unhurried: Town, clock: MovedClock
) -> None:
    """So many seconds for each resident, told with the wait; staff and other rooms go on as they did."""
    bakker = await inside(desk)
    await bakker.ask("measure.slow", seconds=30)
    await ada.say("Een")
    refusal: dict[str, Any] = await ada.refused("too_fast", "message.post", text="Twee")
    assert 0 < refusal["error"]["retry_after_ms"] <= 30_000
    await ben.say("Ook een")
    await ada.say("Elders", room="BU05183637")
    await bakker.say("Een")
    await bakker.say("Twee")
    clock.forward(seconds=30)
    await ada.say("Twee")
    await bakker.ask("measure.slow", seconds=None)
    await ada.say("Drie")
    await ada.say("Vier")


async def test_a_repeat_is_no_second_message_in_slow_mode(desk: Desk, ada: Voice, unhurried: Town) -> None:
    """What was lost on the way back is answered as it was, whatever the pause."""
    bakker = await inside(desk)
    await bakker.ask("measure.slow", seconds=60)
    number = ada.next_id()
    seq = await ada.say("Een", client_id=number)
    assert await ada.say("Een", client_id=number) == seq


@pytest.mark.parametrize("seconds", [0, 4, 61])
async def test_slow_mode_is_five_seconds_to_a_minute(desk: Desk, ada: Voice, seconds: int) -> None:
    """Nothing shorter or longer."""
    await (await inside(desk)).refused("bad_request", "measure.slow", seconds=seconds)


async def test_who_connects_finds_what_holds_there(desk: Desk, ada: Voice, ben: Voice, town: Town) -> None:
    """A lock, the pause, the own mute, and who may read along; nothing of it where nothing holds."""
    found = await log.resume(town.store, JAN_LUYKENLAAN, ada.id, None, town.clock.now_ms())
    assert found.holds == {}
    bakker = await inside(desk)
    await measure(bakker, await ada.say("Schurk"), "mute", minutes=60)
    await bakker.ask("measure.lock")
    await bakker.ask("measure.slow", seconds=30)
    found = await log.resume(town.store, JAN_LUYKENLAAN, ada.id, None, town.clock.now_ms())
    (standing,) = found.holds.pop("arrangements")
    assert standing["reason"] == "Er is veel onrust in de straat."
    assert found.holds.pop("muted_until") > town.clock.now_ms()
    assert found.holds == {"locked": True, "slow": 30}


# who may ---------------------------------------------------------------------------------------------


async def test_measures_are_taken_where_one_is(desk: Desk, ada: Voice) -> None:
    """A moderator who is not inside hears what is heard of no room, and so does everybody else."""
    target = await ada.say("Schurk")
    bakker, ver = await desk.voice("Moderator Bakker"), await desk.voice("Moderator Ver")
    vega = await desk.voice("Officer Vega")
    for who in (bakker, ver, vega, ada):
        for room in (JAN_LUYKENLAAN, "BU05183637:nergenslaan"):
            await who.refused("not_found", "measure.take", room=room, target=target, measure="hide", **WHY)
            for command, more in ON_ROOM.items():
                await who.refused("not_found", command, room=room, **more)


async def test_the_police_take_no_measures(desk: Desk, ada: Voice) -> None:
    """Inside on a case of their own, or at their own desk: residents' words are the municipality's."""
    target = await ada.say("Schurk")
    await desk.on_duty("Moderator Politie")
    case = (await desk.call(ada))["case"]
    await desk.ask("Moderator Politie", "escalation.accept", case)
    police = await desk.voice("Moderator Politie")
    for room in (JAN_LUYKENLAAN, POLICE_DESK):
        await police.refused("not_permitted", "measure.take", room=room, target=target, measure="hide", **WHY)
        for command, more in ON_ROOM.items():
            await police.refused("not_permitted", command, room=room, **more)


async def test_a_private_case_is_nobodys_to_moderate(desk: Desk, ada: Voice) -> None:
    """Whoever has it can't lock its asker in."""
    await desk.on_duty("Moderator Bakker")
    case = (await desk.call(ada, to="municipality", private=True))["case"]
    await desk.ask("Moderator Bakker", "escalation.accept", case)
    bakker = await desk.voice("Moderator Bakker")
    for command, more in ON_ROOM.items():
        await bakker.refused("not_permitted", command, room=f"case:{case}", **more)
    await bakker.refused("not_permitted", "measure.take", room=f"case:{case}", target=1, measure="hide", **WHY)
