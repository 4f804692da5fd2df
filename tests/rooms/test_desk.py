"""The desk: what the moves of a case leave in the store and the room, once, whoever else is at it."""

from __future__ import annotations

import asyncio

import pytest

from rooms import audit_book, keys, log, membership, overdue
from rooms.keys import RoomKeys
from rooms.refusal import Refusal
from rooms.store import Store
from rooms.town import Town
from tests.conftest import code_for
from tests.rooms.conftest import SetMember
from tests.rooms.desk_cast import Desk, events, warn
from tests.rooms.voice import Voice
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, MovedClock

OUTCOME = {"outcome": "advice", "text": "Ik heb uitgelegd wat u kunt doen."}


# moving ----------------------------------------------------------------------------------------------


async def test_twenty_at_once_make_one_owner(desk: Desk, ada: Voice) -> None:
    """The version decides; whoever loses looks again and finds it taken."""
    for number in range(20):
        await (await desk.voice(f"Officer {number:02}", "Officer Vega")).ask("duty.start")
    case = (await desk.call(ada))["case"]
    tries = [voice.ask("escalation.accept", case=case) for voice in desk.voices.values()]
    replies = await asyncio.gather(*tries, return_exceptions=True)
    refused = [reply for reply in replies if isinstance(reply, Refusal)]
    assert [refusal.code for refusal in refused] == ["already_taken"] * 19
    assert (await events(ada)).count("escalation.accepted") == (await events(ada)).count("staff.entered") == 1


async def test_staff_read_from_the_warning_on(desk: Desk, ada: Voice) -> None:
    """What was said before the warning is not theirs to read; after they left nothing is."""
    await desk.on_duty("Officer Vega")
    await ada.say("Dit gaat niemand iets aan.")
    seq = await warn(ada)
    await ada.say("Zie je dat?")
    reply = await ada.ask("escalation.raise", to="police", urgency="urgent", text="Kom!", warning=seq)
    vega = await desk.voice("Officer Vega")
    await vega.refused("not_found", "room.history", room=JAN_LUYKENLAAN)
    await vega.ask("escalation.accept", case=reply["case"])
    assert (await vega.page(room=JAN_LUYKENLAAN))[0]["seq"] == seq
    assert await vega.page(room=JAN_LUYKENLAAN, before=seq) == []
    await vega.say("Ik kom.", room=JAN_LUYKENLAAN)
    await vega.ask("escalation.resolve", case=reply["case"], **OUTCOME)
    await vega.refused("not_found", "room.history", room=JAN_LUYKENLAAN)
    await vega.refused("not_found", "message.post", room=JAN_LUYKENLAAN, text="Nog iets.")


async def test_two_grounds_are_two_ends(desk: Desk, ada: Voice) -> None:
    """Who is in a room for two cases leaves with the second."""
    await desk.on_duty("Officer Vega")
    first, second = [(await desk.call(ada))["case"] for _ in range(2)]
    for case in (first, second):
        await desk.ask("Officer Vega", "escalation.accept", case)
    await desk.ask("Officer Vega", "escalation.resolve", first, **OUTCOME)
    await (await desk.voice("Officer Vega")).say("Nog bezig.", room=JAN_LUYKENLAAN)
    assert "staff.left" not in await events(ada)
    await desk.ask("Officer Vega", "escalation.resolve", second, **OUTCOME)
    assert (await events(ada))[-1] == "staff.left"


@pytest.mark.parametrize("order", [("old", "young"), ("young", "old")])
async def test_an_ended_ground_kept_what_it_had_opened(desk: Desk, ada: Voice, order: tuple[str, str]) -> None:
    """Who is in a room for two cases reads, after the older one, from the younger one's beginning on alone."""
    await desk.on_duty("Officer Vega")
    vega = await desk.voice("Officer Vega")
    seq = await warn(ada)
    called = {"old": await desk.call(ada, warning=seq)}
    await ada.say("Dat is van het eerste geval.")
    called["young"] = await desk.call(ada)
    for name in order:
        await vega.ask("escalation.accept", case=called[name]["case"])
    assert (await vega.page(room=JAN_LUYKENLAAN))[0]["seq"] == seq
    await vega.ask("escalation.resolve", case=called["old"]["case"], **OUTCOME)
    assert (await vega.page(room=JAN_LUYKENLAAN))[0]["seq"] == called["young"]["seq"]
    await vega.ask("escalation.resolve", case=called["young"]["case"], **OUTCOME)
    await vega.refused("not_found", "room.history", room=JAN_LUYKENLAAN)


async def test_a_ground_that_ended_left_the_own_membership_as_it_was(
    desk: Desk, ada: Voice, set_member: SetMember
) -> None:
    """Who belongs to the room without any case reads what was always theirs to read, before, with it and after."""
    await desk.on_duty("Officer Vega")
    vega = await desk.voice("Officer Vega")
    case = await desk.call(ada)
    await vega.ask("escalation.accept", case=case["case"])
    await ada.say("Komt er iemand?")
    await set_member(vega, JAN_LUYKENLAAN, version=3, since=case["seq"] + 1)
    other = (await desk.call(ada))["case"]
    await vega.ask("escalation.accept", case=other)
    for each in (case["case"], other):
        await vega.ask("escalation.resolve", case=each, **OUTCOME)
        assert (await vega.page(room=JAN_LUYKENLAAN))[0]["seq"] == case["seq"] + 1


async def test_staff_are_shown_no_case_from_before_their_ground(desk: Desk, town: Town, ada: Voice) -> None:
    """Who comes for one case does not find another's card, words and all, that began before; the neighbours do."""
    await desk.on_duty("Officer Vega")
    vega = await desk.voice("Officer Vega")
    earlier, mine = [(await desk.call(ada))["case"] for _ in range(2)]
    await vega.ask("escalation.accept", case=mine)
    assert await _shown(town, vega.id) == {mine}
    assert await _shown(town, ada.id) == {earlier, mine}
    await vega.ask("escalation.accept", case=earlier)
    assert await _shown(town, vega.id) == {earlier, mine}


async def _shown(town: Town, person: str) -> set[str]:
    """The cases that somebody is shown on coming back to the street."""
    resumed = await log.resume(town.store, JAN_LUYKENLAAN, person, None, town.clock.now_ms())
    return {case["id"] for case in resumed.cases}


async def test_a_word_in_the_room_is_a_sign_of_life(desk: Desk, ada: Voice, clock: MovedClock) -> None:
    """Whatever the owner does there starts the deadline anew; what others do does not."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    before = (await desk.case(case)).due_at or 0
    clock.forward(minutes=5)
    await ada.say("Komt er iemand?")
    assert (await desk.case(case)).due_at == before
    await (await desk.voice("Officer Vega")).ask("room.read", room=JAN_LUYKENLAAN, seq=2)
    after = (await desk.case(case)).due_at or 0
    assert 0 <= after - before - 5 * 60_000 < 5_000  # and what the test itself took


async def test_an_asker_who_moves_still_says_how_it_was(desk: Desk, town: Town, ada: Voice) -> None:
    """The case goes on; who called may withdraw it, rate it, and open it again."""
    await desk.on_duty("Officer Vega")
    case = (await desk.call(ada))["case"]
    moved = await membership.move(town, ada.id, "192.0.2.1", await code_for(town, GOUDKARPERSINGEL))
    ada = Voice(town, moved, 2)
    await desk.ask("Officer Vega", "escalation.accept", case)
    await desk.ask("Officer Vega", "escalation.resolve", case, **OUTCOME)
    assert (await ada.ask("escalation.rate", case=case, helped=True))["state"] == "resolved"


# deadlines -------------------------------------------------------------------------------------------


async def test_no_deadline_acts_early_and_each_acts_once(desk: Desk, ada: Voice, clock: MovedClock) -> None:
    """However many processes look at once."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = await desk.case((await desk.call(ada))["case"])
    assert case.due_at is not None
    assert await overdue.overdue(desk.town, case.due_at - 1) == 0
    clock.forward(seconds=60)
    sweeps = await asyncio.gather(*(overdue.overdue(desk.town, clock.now_ms()) for _ in range(5)))
    assert sum(sweeps) == 1
    assert (await events(ada)).count("escalation.widened") == 1


async def test_after_everything_nothing_is_left_waiting(desk: Desk, ada: Voice, store: Store) -> None:
    """A case that is over is in no list, and has no deadline when its week has passed."""
    await desk.on_duty("Officer Vega")
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    await desk.ask("Officer Vega", "escalation.resolve", case, **OUTCOME)
    assert await store.read("ZSCORE", keys.open_cases("p07"), case) is None
    assert await desk.forward(days=7.1) == 1
    await audit_book.seal_all(desk.town)
    assert await store.read("ZCARD", keys.due("p07")) == 0
    assert await store.read("HLEN", RoomKeys(JAN_LUYKENLAAN).cases) == 0
    await ada.refused("wrong_state", "escalation.rate", case=case, helped=False)


async def test_the_deadline_of_a_case_that_is_gone_is_forgotten(desk: Desk, store: Store) -> None:
    """What was purged waits for nothing."""
    await store.read("ZADD", keys.due("p07"), 1, "escalation:p07.aaaaaaaaaaaa")
    assert await desk.forward(seconds=1) == 0
    assert await store.read("ZCARD", keys.due("p07")) == 0


# pages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["page.delivered", "page.seen"])
async def test_of_many_devices_that_had_the_page_at_once_fifty_were_counted(desk: Desk, ada: Voice, name: str) -> None:
    """A page reaches everybody in one turn, and so they all tell at once: in two moves of the case, not in a hundred
    that are each tried again and again."""
    staff = [f"Officer {number}" for number in range(60)]
    for officer in staff:
        await desk.voice(officer, like="Officer Vega")
    await desk.on_duty(*staff)
    case = (await desk.call(ada))["case"]
    before = (await desk.case(case)).version
    await asyncio.gather(*(desk.ask(officer, name, case) for officer in staff))
    after = await desk.case(case)
    assert await desk.names(after.delivered) == set(staff)
    assert after.version <= before + 2
    assert len(after.seen) == (60 if name == "page.seen" else 0)
