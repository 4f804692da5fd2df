"""Entering: on a ground, visibly, from the ground's own entry on; and out again, by hand or by itself."""

from __future__ import annotations

import asyncio

import msgpack
import pytest

from rooms import arrangement, inside, log, overdue
from rooms import staff as staff_accounts
from rooms.keys import RoomKeys
from rooms.refusal import Refusal
from rooms.town import Town
from tests.rooms.desk_cast import Desk
from tests.rooms.report_cast import decide, deeds, events, file, forward, listed
from tests.rooms.voice import Voice
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, POLICE_DESK, MovedClock

NOWHERE = "BU05183637:nergenslaan"
REASON = "Er is twee keer brand gesticht."


async def enter(who: Voice, kind: str, ground: str, room: str = JAN_LUYKENLAAN) -> int:
    return int((await who.ask("room.enter", room=room, ground={"kind": kind, "id": ground}))["seq"])


async def shut_out(code: str, who: Voice, kind: str, ground: str, room: str = JAN_LUYKENLAAN) -> None:
    await who.refused(code, "room.enter", room=room, ground={"kind": kind, "id": ground})


async def test_staff_come_in_on_a_standing_arrangement(desk: Desk, ada: Voice, town: Town) -> None:
    """Everybody sees who and why; they read from the arrangement's entry on, and nothing before."""
    await ada.say("Vroeger")
    made = await arrangement.make(town, JAN_LUYKENLAAN, "police", REASON, 7)
    await ada.say("Later")
    vega = await desk.voice("Officer Vega")
    seq = await enter(vega, "arrangement", made.id)
    entry = (await ada.page())[-1]
    assert (entry["seq"], entry["event"]) == (seq, "staff.entered")
    assert entry["data"]["ground"] == {"kind": "arrangement", "id": made.id}
    assert await vega.texts(room=JAN_LUYKENLAAN) == ["Later"]
    assert await listed(town, "inside") == 1
    assert (await deeds(town))[-2:] == ["arrangement.made", "staff.entered"]


async def test_entering_twice_is_one_stay(desk: Desk, ada: Voice, town: Town) -> None:
    """A second tap, or a second ground, tells the room nothing new of who is there."""
    made = await arrangement.make(town, JAN_LUYKENLAAN, "municipality", REASON, 7)
    report = await file(ada, await ada.say("Scheldwoord"))
    bakker = await desk.voice("Moderator Bakker")
    await enter(bakker, "arrangement", made.id)
    assert await enter(bakker, "arrangement", made.id) == 0
    await enter(bakker, "report", report)
    assert await listed(town, "inside") == 1
    await bakker.ask("room.leave", room=JAN_LUYKENLAAN)
    assert (await events(ada)).count("staff.left") == 1
    assert (await deeds(town)).count("staff.left") == 2, "the open book tells of each ground how long it was used"
    assert await listed(town, "inside") == 0
    await bakker.refused("not_found", "room.history", room=JAN_LUYKENLAAN)


async def test_copies_of_entering_at_once_are_one(desk: Desk, ada: Voice, town: Town) -> None:
    """Every copy is answered as the first."""
    made = await arrangement.make(town, JAN_LUYKENLAAN, "police", REASON, 7)
    vega = await desk.voice("Officer Vega")
    asked = {"room": JAN_LUYKENLAAN, "ground": {"kind": "arrangement", "id": made.id}, "client_id": vega.next_id()}
    replies = await asyncio.gather(*(vega.ask("room.enter", **asked) for _ in range(10)))
    assert replies == [replies[0]] * 10
    assert (await events(ada)).count("staff.entered") == 1


async def test_a_repeat_of_going_out_is_answered_as_the_first(desk: Desk, ada: Voice) -> None:
    """The same reply, also when one has come in again since."""
    made = await arrangement.make(desk.town, JAN_LUYKENLAAN, "municipality", REASON, 7)
    bakker = await desk.voice("Moderator Bakker")
    await enter(bakker, "arrangement", made.id)
    number = bakker.next_id()
    first = await bakker.ask("room.leave", client_id=number)
    await enter(bakker, "arrangement", made.id)
    assert await bakker.ask("room.leave", client_id=number) == first
    assert await bakker.page()


async def test_without_a_ground_nobody_comes_in(desk: Desk, ada: Voice, town: Town, clock: MovedClock) -> None:
    """None, one of others, one of another room, one that has ended; and each attempt stands in the open book."""
    vega, bakker = await desk.voice("Officer Vega"), await desk.voice("Moderator Bakker")
    theirs = await arrangement.make(town, JAN_LUYKENLAAN, "municipality", REASON, 7)
    elsewhere = await arrangement.make(town, "BU05183637", "police", REASON, 7)
    ended = await arrangement.make(town, JAN_LUYKENLAAN, "police", REASON, 7)
    await arrangement.withdraw(town, ended.id)
    report = await file(ada, await ada.say("Scheldwoord"))
    attempts = [("arrangement", ground) for ground in (theirs.id, elsewhere.id, ended.id, "nergens")]
    attempts += [(kind, ground) for kind in ("case", "report", "alert") for ground in (report, "nergens")]
    for kind, ground in attempts:
        clock.forward(seconds=1)
        await shut_out("no_ground", vega, kind, ground)
    clock.forward(seconds=1)
    await vega.refused("not_found", "room.history", room=JAN_LUYKENLAAN)
    assert (await deeds(town)).count("staff.refused") == len(attempts) + 1
    assert "staff.entered" not in await events(ada)
    await decide(bakker, report, "keep")
    await shut_out("no_ground", bakker, "report", report)


async def test_a_room_outside_the_area_is_none(desk: Desk, ada: Voice, town: Town) -> None:
    """Whether it exists is not said, nor to residents, nor of desks and private cases."""
    made = await arrangement.make(town, GOUDKARPERSINGEL, "police", REASON, 7)
    vega = await desk.voice("Officer Vega")
    private = (await desk.call(ada, private=True))["case"]
    for room in (GOUDKARPERSINGEL, NOWHERE, POLICE_DESK, f"case:{private}"):
        await shut_out("not_found", vega, "arrangement", made.id, room)
        await vega.refused("not_found", "room.leave", room=room)
    await shut_out("not_found", ada, "arrangement", made.id)
    await ada.refused("not_found", "room.leave")


async def test_a_colleague_helps_with_a_case(desk: Desk, ada: Voice, town: Town, clock: MovedClock) -> None:
    """A case that somebody of the own organisation has is a ground, as long as somebody has it."""
    await desk.on_duty("Officer Vega")
    await ada.say("Vroeger")
    case = (await desk.call(ada))["case"]
    prins = await desk.voice("Sergeant Prins")
    await shut_out("no_ground", prins, "case", case)
    await desk.ask("Officer Vega", "escalation.accept", case)
    await enter(prins, "case", case)
    assert await prins.texts(room=JAN_LUYKENLAAN) == []
    await desk.ask("Officer Vega", "escalation.resolve", case, outcome="advice", text="Ik heb het uitgelegd.")
    await forward(town, clock, minutes=1, seconds=1)
    await prins.refused("not_found", "room.history", room=JAN_LUYKENLAAN)


async def test_an_alert_in_force_is_a_ground_for_who_sent_it(desk: Desk, ada: Voice, town: Town) -> None:
    """The police come in on an alert of the police, as long as it is in force there; the municipality does not."""
    seq = await ada.say("Wat gebeurt er?")
    alerts, told = RoomKeys(JAN_LUYKENLAAN).alerts, {"n": 1, "seq": seq, "at": 1, "by": {"organisation": "police"}}
    await town.store.read("HSET", alerts, "k3m9x2w7q4v5", msgpack.packb(told))
    vega, bakker = await desk.voice("Officer Vega"), await desk.voice("Moderator Bakker")
    await shut_out("no_ground", bakker, "alert", "k3m9x2w7q4v5")
    await enter(vega, "alert", "k3m9x2w7q4v5")
    assert await vega.texts(room=JAN_LUYKENLAAN) == ["Wat gebeurt er?"]
    await town.store.read("DEL", alerts)
    assert await inside.follow(town, [(vega.person, JAN_LUYKENLAAN)]) == 1
    await vega.refused("not_found", "room.history", room=JAN_LUYKENLAAN)


async def test_the_owner_of_a_case_stays(desk: Desk, ada: Voice) -> None:
    """Leaving would leave the asker behind: it is resolved, released or handed over first."""
    await desk.on_duty("Officer Vega")
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    vega = await desk.voice("Officer Vega")
    await vega.refused("wrong_state", "room.leave", room=JAN_LUYKENLAAN)
    await vega.ask("room.history", room=JAN_LUYKENLAAN)


async def test_an_own_case_and_a_ground_are_two_reasons(desk: Desk, ada: Voice, town: Town) -> None:
    """Who has both stays until both have ended."""
    await desk.on_duty("Officer Vega")
    made = await arrangement.make(town, JAN_LUYKENLAAN, "police", REASON, 7)
    vega = await desk.voice("Officer Vega")
    await enter(vega, "arrangement", made.id)
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    await arrangement.withdraw(town, made.id)
    assert await vega.texts(room=JAN_LUYKENLAAN) == []
    await desk.ask("Officer Vega", "escalation.resolve", case, outcome="advice", text="Ik heb het uitgelegd.")
    await vega.refused("not_found", "room.history", room=JAN_LUYKENLAAN)
    assert await listed(town, "inside") == 0


async def test_a_stay_ends_a_quarter_after_the_last_device(
    desk: Desk, ada: Voice, town: Town, clock: MovedClock
) -> None:
    """A process that holds a device moves the end on; when none does, the room sees them go."""
    made = await arrangement.make(town, JAN_LUYKENLAAN, "police", REASON, 7)
    vega = await desk.voice("Officer Vega")
    await enter(vega, "arrangement", made.id)
    await forward(town, clock, minutes=14)
    await inside.renew(town, [(vega.person, JAN_LUYKENLAAN)])
    await forward(town, clock, minutes=14)
    await vega.ask("room.history", room=JAN_LUYKENLAAN)
    await forward(town, clock, minutes=1)
    await vega.refused("not_found", "room.history", room=JAN_LUYKENLAAN)
    assert (await events(ada))[-1] == "staff.left"
    assert await forward(town, clock, days=1) == 0
    await inside.renew(town, [(vega.person, JAN_LUYKENLAAN)])
    assert await forward(town, clock, days=1) == 0, "a stay that has ended has no deadline any more"


async def test_who_has_no_account_any_more_goes_out(desk: Desk, ada: Voice, town: Town, clock: MovedClock) -> None:
    """A ground is nobody's whose account has ended."""
    made = await arrangement.make(town, JAN_LUYKENLAAN, "police", REASON, 7)
    vega = await desk.voice("Officer Vega")
    await enter(vega, "arrangement", made.id)
    await staff_accounts.remove(town, "Officer Vega")
    await forward(town, clock, minutes=1, seconds=1)
    assert (await events(ada))[-1] == "staff.left"


async def test_who_asked_for_a_second_person_was_put_out_meanwhile(
    desk: Desk, ada: Voice, ben: Voice, town: Town
) -> None:
    """They can't agree with themselves, but where the colleague says no it is theirs to decide anew."""
    report = await file(ben, await ada.say("Scheldwoord"))
    bakker, visser = await desk.voice("Moderator Bakker"), await desk.voice("Moderator Visser")
    await enter(bakker, "report", report)
    assert await decide(bakker, report, "expel") == "seconding"
    assert await inside.follow(town, [(bakker.person, JAN_LUYKENLAAN)]) == 0
    await visser.ask("report.second", report=report, agree=False)
    assert await inside.follow(town, [(bakker.person, JAN_LUYKENLAAN)]) == 0
    assert await bakker.texts(room=JAN_LUYKENLAAN) == ["Scheldwoord"]


async def test_deadlines_of_stays_disturb_no_other(desk: Desk, ada: Voice, town: Town, clock: MovedClock) -> None:
    """What lies in the queue of deadlines is carried out by those whom it concerns."""
    made = await arrangement.make(town, JAN_LUYKENLAAN, "police", REASON, 1)
    await enter(await desk.voice("Officer Vega"), "arrangement", made.id)
    clock.forward(days=2)
    assert await overdue.overdue(town, clock.now_ms()) == 0
    await forward(town, clock)
    assert {"staff.left", "arrangement.ended"} <= set(await events(ada))
    assert await arrangement.those(town) == []


@pytest.mark.parametrize("field", ["head", "members"])
async def test_a_stay_leaves_nothing_behind(desk: Desk, ada: Voice, town: Town, field: str) -> None:
    """When nobody is inside, the room is as it was."""
    made = await arrangement.make(town, JAN_LUYKENLAAN, "police", REASON, 7)
    vega = await desk.voice("Officer Vega")
    await enter(vega, "arrangement", made.id)
    await arrangement.withdraw(town, made.id)
    of = RoomKeys(JAN_LUYKENLAAN)
    assert await town.store.read("EXISTS", of.inside, of.arrangements) == 0
    left = await town.store.read("HKEYS", getattr(of, field))
    assert not {b"arranged", vega.id.encode()} & set(left)
    with pytest.raises(Refusal):
        await log.resume(town.store, JAN_LUYKENLAAN, vega.id, None, 0)


async def test_who_is_connected_goes_out_when_the_ground_ends(desk: Desk, ada: Voice, ben: Voice, town: Town) -> None:
    """By the process that holds the connection, at once: here another moderator took the report."""
    report = await file(ben, await ada.say("Schurk"))
    bakker, visser = await desk.voice("Moderator Bakker"), await desk.voice("Moderator Visser")
    for who in (bakker, visser):
        await enter(who, "report", report)
    here = [(who.person, JAN_LUYKENLAAN) for who in (bakker, visser)]
    assert await inside.follow(town, here) == 0
    await bakker.ask("report.take", report=report)
    assert await inside.follow(town, here) == 1
    await visser.refused("not_found", "room.history", room=JAN_LUYKENLAAN)
    assert await bakker.texts(room=JAN_LUYKENLAAN) == ["Schurk"]
    assert await inside.follow(town, here) == 0


async def test_a_helper_who_takes_the_case_goes_out_once(desk: Desk, ada: Voice, town: Town) -> None:
    """In on the case, then its owner: with the outcome the stay is over, and the open book tells it once."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    prins = await desk.voice("Sergeant Prins")
    await enter(prins, "case", case)
    await desk.ask("Officer Vega", "escalation.hand_over", case, to="police")
    await desk.ask("Sergeant Prins", "escalation.accept", case)
    await desk.ask("Sergeant Prins", "escalation.resolve", case, outcome="advice", text="Ik heb het uitgelegd.")
    before = await deeds(town)
    await inside.follow(town, [(prins.person, JAN_LUYKENLAAN)])
    assert await deeds(town) == before
    assert await listed(town, "inside") == 0
    await prins.refused("not_found", "room.history", room=JAN_LUYKENLAAN)
