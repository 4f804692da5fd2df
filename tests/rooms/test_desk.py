"""The desk: what a call and its moves leave in the store and the room, once, whoever else is at it."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from rooms import audit_book, keys, log, membership, overdue
from rooms.keys import RoomKeys
from rooms.limit import Limit
from rooms.refusal import Refusal
from rooms.store import Store
from rooms.town import Town
from tests.conftest import code_for
from tests.rooms.conftest import Resident, SetMember
from tests.rooms.desk_cast import Desk
from tests.rooms.voice import Voice
from tests.town import BETJE_WOLFFSTRAAT, GOUDKARPERSINGEL, JAN_LUYKENLAAN, MovedClock

OUTCOME = {"outcome": "advice", "text": "Ik heb uitgelegd wat u kunt doen."}
WARNING = {"kind": "burglary", "text": "Er wordt ingebroken.", "emergency": "called"}


async def warn(voice: Voice, **more: Any) -> int:
    return int((await voice.ask("warning.raise", **{**WARNING, **more}))["seq"])


async def events(voice: Voice, **asked: Any) -> list[str]:
    """The names of the entries of a page, without the comings of neighbours."""
    return [entry["event"] for entry in await voice.page(**asked) if entry["event"] != "member.joined"]


# raising ---------------------------------------------------------------------------------------------


async def test_a_call_is_stored_with_its_deadline(desk: Desk, ada: Voice, store: Store) -> None:
    """Acknowledged means: the case is there, among the open ones, with the next thing that happens and when."""
    await desk.on_duty("Officer Vega")
    reply = await desk.call(ada)
    case = await desk.case(reply["case"])
    assert (case.state, await desk.names(case.paged)) == ("paging", {"Officer Vega"})
    due = await store.read("ZSCORE", keys.due("p07"), f"escalation:{case.id}")
    assert int(due) == case.due_at
    assert await store.read("ZSCORE", keys.open_cases("p07"), case.id) is not None
    assert (await ada.page())[-1]["seq"] == reply["seq"]


async def test_a_repeated_call_is_one_case(desk: Desk, ada: Voice) -> None:
    """An answer that was lost is given again, whatever has become of the case."""
    await desk.on_duty("Officer Vega")
    number = ada.next_id()
    first = await desk.call(ada, client_id=number)
    await desk.ask("Officer Vega", "escalation.accept", first["case"])
    replies = await asyncio.gather(*(desk.call(ada, client_id=number) for _ in range(10)))
    assert replies == [first] * 10
    assert (await events(ada)).count("escalation.raised") == 1


async def test_copies_of_a_call_at_once_are_one_case(desk: Desk, ada: Voice) -> None:
    """Every copy that is under way with the first hears of the case that there is."""
    await desk.on_duty("Officer Vega")
    for private in (False, True):
        number = ada.next_id()
        replies = await asyncio.gather(*(desk.call(ada, client_id=number, private=private) for _ in range(10)))
        assert replies == [replies[0]] * 10
        assert (await desk.case(replies[0]["case"])).id == replies[0]["case"]


async def test_copies_of_a_move_at_once_are_all_told_that_it_was_made(desk: Desk, ada: Voice) -> None:
    """None hears that the case is not in the state any more in which the first one found it."""
    await desk.on_duty("Officer Vega")
    for _ in range(10):
        case, number = (await desk.call(ada))["case"], ada.next_id()
        replies = await asyncio.gather(
            *(ada.ask("escalation.withdraw", case=case, client_id=number) for _ in range(10))
        )
        assert [reply["state"] for reply in replies] == ["withdrawn"] * 10


async def test_a_repeated_move_is_one_move(desk: Desk, ada: Voice) -> None:
    """Accepting, repeated after the case was let go, does not take it a second time."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = (await desk.call(ada))["case"]
    vega = await desk.voice("Officer Vega")
    number = vega.next_id()
    first = await vega.ask("escalation.accept", case=case, client_id=number)
    await desk.ask("Officer Vega", "escalation.release", case)
    assert (
        await vega.ask("escalation.accept", case=case, client_id=number) == first == {"ok": True, "state": "accepted"}
    )
    assert (await desk.case(case)).state == "paging"
    await vega.refused("client_id_reused", "escalation.decline", case=case, client_id=number)


async def test_a_muted_neighbour_in_a_locked_room_can_call(
    desk: Desk, ada: Voice, clock: MovedClock, store: Store, set_member: SetMember
) -> None:
    """No measure but expulsion stops a call for help."""
    await set_member(ada, JAN_LUYKENLAAN, muted_until=clock.now_ms() + 60_000)
    await store.read("HSET", RoomKeys(JAN_LUYKENLAAN).head, "locked", 1)
    assert (await desk.call(ada))["ok"]


async def test_who_is_no_member_calls_nobody(desk: Desk, town: Town, ada: Voice, resident: Resident) -> None:
    """A street of others is no street at all."""
    cor = Voice(town, await resident("Cor", BETJE_WOLFFSTRAAT))
    said = {"to": "police", "urgency": "urgent", "text": "Help!", "emergency": "called"}
    hidden = await cor.refused("not_found", "escalation.raise", room=JAN_LUYKENLAAN, **said)
    assert hidden == await cor.refused("not_found", "escalation.raise", room="BU05183637:nergens", **said)
    assert hidden == await cor.refused("not_found", "escalation.raise", room=JAN_LUYKENLAAN, **{**said, "warning": 1})
    assert await events(ada) == []


@pytest.mark.parametrize(
    ("asked", "needed"),
    [
        ({"urgency": "urgent"}, True),
        ({"urgency": "soon", "kind": "violence"}, True),
        ({"urgency": "soon", "kind": "nuisance"}, False),
        ({"urgency": "information"}, False),
    ],
)
async def test_112_comes_first(desk: Desk, ada: Voice, asked: dict[str, str], needed: bool) -> None:
    """What is urgent or dangerous is not sent before it is said whether 112 was called."""
    said = {"to": "police", "text": "Help!", **asked}
    if needed:
        await ada.refused("call_112_first", "escalation.raise", **said)
        assert await events(ada) == []
    else:
        assert (await ada.ask("escalation.raise", **said))["ok"]
    assert (await ada.ask("escalation.raise", **said, emergency="not_urgent"))["ok"]


async def test_a_warning_that_has_said_it_need_not_say_it_again(desk: Desk, ada: Voice) -> None:
    """The answer and the kind come from the warning; a number that is no warning is refused."""
    seq = await warn(ada)
    reply = await ada.ask("escalation.raise", to="police", urgency="urgent", text="Kom!", warning=seq)
    case = await desk.case(reply["case"])
    assert (case.kind, case.emergency, case.warning) == ("burglary", "called", seq)
    await ada.refused("wrong_target", "escalation.raise", to="police", urgency="soon", text="Kom!", warning=1)
    await ada.refused("wrong_target", "escalation.raise", to="police", urgency="soon", text="Kom!", warning=10_000)


async def test_worry_about_a_neighbour_is_private_and_for_the_municipality(ada: Voice) -> None:
    """It is never for the street to read."""
    said = {"urgency": "soon", "kind": "worry", "text": "Zij doet niet open."}
    await ada.refused("bad_request", "escalation.raise", to="municipality", **said)
    await ada.refused("bad_request", "escalation.raise", to="police", private=True, **said)
    assert (await ada.ask("escalation.raise", to="municipality", private=True, **said))["ok"]


async def test_rooms_of_cases_that_are_not_leave_no_trace(town: Town, ada: Voice, store: Store) -> None:
    """Their names are without number: whoever tries them fills nothing."""
    await ada.say("Hallo")
    before = await store.read("DBSIZE")
    done, _ = RoomKeys(JAN_LUYKENLAAN).done(ada.id, ada.device)
    kept = await store.read("HLEN", done)
    nowhere = "case:p07.aaaaaaaaaaaa"
    await ada.refused("not_found", "message.post", room=nowhere, text="Hallo?")
    await ada.refused("not_found", "warning.raise", room=nowhere, **WARNING)
    await ada.refused("not_found", "escalation.raise", room=nowhere, to="police", urgency="soon", text="Hallo?")
    await ada.refused("not_found", "escalation.withdraw", case="p07.aaaaaaaaaaaa")
    assert (await store.read("HLEN", done), await store.read("DBSIZE")) == (kept, before)


# a second call ---------------------------------------------------------------------------------------


async def test_a_second_call_for_the_same_is_attached(desk: Desk, ada: Voice, ben: Voice) -> None:
    """The same warning and organisation are one case, with the higher urgency; anything else is another."""
    await desk.on_duty("Officer Vega")
    seq = await warn(ada, kind="nuisance", text="Veel lawaai op straat.")
    said = {"to": "police", "urgency": "soon", "text": "Kom!", "warning": seq, "emergency": "not_urgent"}
    first = (await ada.ask("escalation.raise", **said))["case"]
    assert (await ben.ask("escalation.raise", **{**said, "urgency": "urgent"}))["case"] == first
    case = await desk.case(first)
    assert (case.urgency, case.joined) == ("urgent", (ben.id,))
    others = [{**said, "to": "municipality"}, {**said, "private": True}, {**said, "warning": None}]
    cases = {(await ben.ask("escalation.raise", **other))["case"] for other in others}
    assert len(cases | {first}) == 4


async def test_a_call_for_help_was_refused_for_load(desk: Desk, town: Town, ada: Voice, ben: Voice) -> None:
    """Attaching spends nobody's limit: neither the second call nor the tenth is too fast, and each is told."""
    await desk.on_duty("Officer Vega")
    town.policy = msgspec.structs.replace(town.policy, limits={**town.policy.limits, "touch": Limit(1, 10**9)})
    seq = await warn(ada)
    case = (await desk.call(ada, warning=seq))["case"]
    for number in range(10):
        assert (await desk.call(ben, warning=seq, text=f"Kom! {number}"))["case"] == case
    assert (await events(ada)).count("escalation.joined") == 10
    assert (await ben.ask("escalation.join", case=case))["ok"]
    await ben.refused("too_fast", "escalation.join", case=case)


async def test_who_was_expelled_in_the_same_moment_was_still_heard(
    desk: Desk, ada: Voice, ben: Voice, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Belonging is looked up again in the step that writes: neither joins a case of a room who is out of it by now."""
    await desk.on_duty("Officer Vega")
    seq = await warn(ada)
    case = (await desk.call(ada, warning=seq))["case"]

    async def was_a_moment_ago(_town: Town, room: str, person: str) -> bool:
        await store.read("HDEL", RoomKeys(room).members, person)
        return True

    monkeypatch.setattr("rooms.raising.is_member", was_a_moment_ago)
    said = {"to": "police", "urgency": "urgent", "text": "Kom!", "warning": seq}
    await ben.refused("not_found", "escalation.raise", **said)
    await ben.refused("not_found", "escalation.join", case=case)
    assert "escalation.joined" not in await events(ada)
    assert (await desk.case(case)).joined == ()


async def test_calling_again_and_again_pushed_the_deadline_back(desk: Desk, ada: Voice, ben: Voice) -> None:
    """Whoever says the same twice changes no deadline, and the next tier comes when it was promised."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    seq = await warn(ada)
    case = (await desk.call(ada, warning=seq))["case"]
    await desk.call(ben, warning=seq)
    before = await desk.case(case)
    desk.clock.forward(seconds=40)
    for voice in (ada, ben):
        await desk.call(voice, warning=seq)
    assert (await desk.case(case)).due_at == before.due_at
    await desk.forward(seconds=21)
    assert (await desk.case(case)).tier == 2


async def test_what_a_second_caller_knows_is_kept(desk: Desk, ada: Voice, ben: Voice) -> None:
    """That 112 was called by now; the higher urgency tightens what is owned, and its owner is told."""
    await desk.on_duty("Officer Vega")
    seq = await warn(ada, kind="nuisance", text="Veel lawaai op straat.", emergency=None)
    case = (await desk.call(ada, warning=seq, urgency="soon", emergency="not_urgent"))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    await desk.call(ben, warning=seq, emergency="called", text="Nu vechten ze.")
    pressed = await desk.case(case)
    assert (pressed.emergency, pressed.urgency, pressed.kind) == ("called", "urgent", "nuisance")
    assert pressed.due_at is not None
    assert pressed.due_at - desk.clock.now_ms() <= 15 * 60_000
    assert (await events(await desk.voice("Officer Vega"), room=JAN_LUYKENLAAN))[-2:] == [
        "escalation.joined",
        "escalation.reminded",
    ]


async def test_many_calls_for_the_same_at_once_are_one_case(desk: Desk, ada: Voice, ben: Voice) -> None:
    """Whoever comes first opens it; the others find it open."""
    await desk.on_duty("Officer Vega")
    seq = await warn(ada)
    said = {"to": "police", "urgency": "urgent", "text": "Kom!", "warning": seq}
    replies = await asyncio.gather(*(voice.ask("escalation.raise", **said) for voice in (ada, ben) for _ in range(5)))
    assert len({reply["case"] for reply in replies}) == 1
    assert (await events(ada)).count("escalation.raised") == 1


async def test_what_has_ended_is_not_attached_to(desk: Desk, ada: Voice) -> None:
    """A new call for the same warning is a new case when the first is over, or went to others."""
    await desk.on_duty("Officer Vega", "Moderator Bakker")
    seq = await warn(ada)
    said = {"to": "police", "urgency": "urgent", "text": "Kom!", "warning": seq}
    cases = [(await ada.ask("escalation.raise", **said))["case"]]
    await ada.ask("escalation.withdraw", case=cases[0])
    cases.append((await ada.ask("escalation.raise", **said))["case"])
    await desk.ask("Officer Vega", "escalation.accept", cases[1])
    await desk.ask("Officer Vega", "escalation.hand_over", cases[1], to="municipality")
    await desk.ask("Moderator Bakker", "escalation.accept", cases[1])
    cases.append((await ada.ask("escalation.raise", **said))["case"])
    assert len(set(cases)) == 3


# the asker's share -----------------------------------------------------------------------------------


async def test_beyond_three_open_a_call_is_kept_and_pages_nobody(desk: Desk, ada: Voice) -> None:
    """It is never refused, and the desk can find it; an urgent one pages all the same."""
    await desk.on_duty("Officer Vega")
    cases = [await desk.case((await desk.call(ada, urgency="soon"))["case"]) for _ in range(4)]
    assert [case.state for case in cases] == ["paging", "paging", "paging", "listed"]
    assert (cases[3].quiet, cases[3].paged) == (True, ())
    assert (await desk.case((await desk.call(ada))["case"])).state == "paging"


async def test_beyond_five_a_day_too(desk: Desk, ada: Voice, clock: MovedClock) -> None:
    """Also when none of them is open any longer; the next day is another."""
    await desk.on_duty("Officer Vega")
    for _ in range(5):
        case = (await desk.call(ada, urgency="soon"))["case"]
        await ada.ask("escalation.withdraw", case=case)
    assert (await desk.case((await desk.call(ada, urgency="soon"))["case"])).quiet
    clock.forward(days=1.1)
    assert not (await desk.case((await desk.call(ada, urgency="soon"))["case"])).quiet


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
