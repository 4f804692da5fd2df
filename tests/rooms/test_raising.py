"""Calling for help: what a call leaves in the store and the room, once, and what a second one for the same does."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from rooms import keys
from rooms.keys import RoomKeys
from rooms.limit import Limit
from rooms.store import Store
from rooms.town import Town
from tests.rooms.conftest import Resident, SetMember
from tests.rooms.desk_cast import WARNING, Desk, events, warn
from tests.rooms.voice import Voice
from tests.town import BETJE_WOLFFSTRAAT, JAN_LUYKENLAAN, MovedClock

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
