"""What happens to cases by itself: one that can't be carried on stops no other, and no move overlooks anybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from rooms import case_record as record
from rooms import desk as desk_of_cases
from rooms import duty, keys, overdue
from rooms import staff as staff_accounts
from rooms.case_policy import Rule, Where
from rooms.refusal import Refusal
from rooms.store import Store
from tests.rooms.desk_cast import Desk
from tests.rooms.voice import Voice
from tests.town import MovedClock

WORDS = "Er wordt ingebroken."


async def spoil(store: Store, case: str) -> None:
    """A record as a fault of the disk, or a version to come, may leave it."""
    await store.read("HSET", keys.case(case), "body", b"\xc1" + WORDS.encode())


async def due_ms(store: Store, case: str) -> int:
    return int(await store.read("ZSCORE", keys.due("p07"), record.DUE + case))


# one stops no other ----------------------------------------------------------------------------------


async def test_a_record_that_cannot_be_read_stops_no_other(
    desk: Desk, ada: Voice, store: Store, clock: MovedClock
) -> None:
    """The deadlines of the others act; its own is an alarm that tells nothing of it, and comes again later, not now."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    spoilt, whole = [(await desk.call(ada))["case"] for _ in range(2)]
    await spoil(store, spoilt)
    with capture_logs() as lines:
        assert await desk.forward(seconds=61) == 1
    assert (await desk.case(whole)).tier == 2
    assert [(line["event"], line["log_level"]) for line in lines] == [("alarm: a case cannot be carried on", "error")]
    assert spoilt not in repr(lines)
    assert WORDS not in repr(lines)
    assert await due_ms(store, spoilt) > clock.now_ms() + overdue.PUT_OFF_MS / 2
    with capture_logs() as lines:
        assert await desk.forward(seconds=5) == 0
    assert lines == []


async def test_a_deadline_that_was_put_off_acts_when_it_can(
    desk: Desk, ada: Voice, store: Store, clock: MovedClock
) -> None:
    """Nothing is forgotten: what could not be read acts once it can."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = (await desk.call(ada))["case"]
    body = await store.read("HGET", keys.case(case), "body")
    await spoil(store, case)
    assert await desk.forward(seconds=61) == 0
    await store.read("HSET", keys.case(case), "body", body)
    assert await desk.forward(seconds=31) == 1
    assert (await desk.case(case)).tier == 2


async def test_a_call_waited_behind_a_thousand_deadlines_of_others(desk: Desk, ada: Voice, store: Store) -> None:
    """Warnings have theirs in the same queue: what nobody carries out there, for whatever reason, holds up no call."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = (await desk.call(ada))["case"]
    stuck = [part for number in range(1_001) for part in (number, f"warning:{ada.room}:{number}")]
    await store.read("ZADD", keys.due("p07"), *stuck)
    assert await desk.forward(seconds=61) == 1
    assert (await desk.case(case)).tier == 2


async def test_a_record_that_cannot_be_read_stops_no_duty(desk: Desk, ada: Voice, store: Store) -> None:
    """Who comes on duty is paged for all the others."""
    spoilt, whole = [(await desk.call(ada))["case"] for _ in range(2)]
    await spoil(store, spoilt)
    await desk.on_duty("Officer Vega")
    assert await desk.names((await desk.case(whole)).paged) == {"Officer Vega"}


async def test_a_view_that_cannot_be_read_turns_no_command_into_a_fault(
    desk: Desk, ada: Voice, store: Store, clock: MovedClock
) -> None:
    """What the owner of another case in the room does is a sign of life for that one."""
    await desk.on_duty("Officer Vega")
    spoilt, whole = [(await desk.call(ada))["case"] for _ in range(2)]
    await desk.ask("Officer Vega", "escalation.accept", whole)
    await store.read("HSET", keys.room_keys(ada.room).cases, spoilt, b"\xc1")
    before = await due_ms(store, whole)
    clock.forward(minutes=5)
    await (await desk.voice("Officer Vega")).say("Ik ben er.", room=ada.room)
    assert await due_ms(store, whole) > before


async def test_a_fault_in_one_case_stops_no_other(
    desk: Desk, ada: Voice, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a batch that is carried out together the others are."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    cases = [(await desk.call(ada))["case"] for _ in range(3)]
    follow = desk_of_cases.follow

    async def faulty(town: Any, case_id: str, action: Any, now_ms: int) -> bool:
        if case_id == cases[1]:
            raise ValueError(WORDS)
        return await follow(town, case_id, action, now_ms)

    monkeypatch.setattr(overdue, "follow", faulty)
    with capture_logs() as lines:
        assert await desk.forward(seconds=61) == 2
        assert [(await desk.case(case)).tier for case in cases] == [2, 1, 2]
        await desk.off_duty("Sergeant Prins", "Officer Vega")
    assert [(await desk.case(case)).state for case in cases] == ["unanswered", "paging", "unanswered"]
    assert {line["error"] for line in lines} == {"ValueError"}
    assert WORDS not in repr(lines)


async def test_while_the_store_is_away_nothing_is_put_off(
    desk: Desk, ada: Voice, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadline is as late as the outage and no later: it stands as it was."""
    await desk.on_duty("Officer Vega")
    case = (await desk.call(ada))["case"]
    before = await due_ms(store, case)

    async def away(*_asked: object) -> bool:
        raise Refusal("unavailable")

    with monkeypatch.context() as cut:
        cut.setattr(overdue, "follow", away)
        with pytest.raises(Refusal):
            await desk.forward(seconds=61)
    assert await due_ms(store, case) == before
    assert await desk.forward(seconds=0) == 1


async def test_an_entry_of_the_roster_that_cannot_be_read_takes_nobody_off(
    desk: Desk, ada: Voice, store: Store
) -> None:
    """The others stay on duty; it is dropped, with an alarm, when its lease is over."""
    await desk.on_duty("Officer Vega")
    await store.read("HSET", keys.DUTY, "aaaaaaaaaaaa", b"\xc1")
    await store.read("ZADD", keys.DUTY_LEASE, 1, "aaaaaaaaaaaa")
    case = (await desk.call(ada))["case"]
    assert await desk.names((await desk.case(case)).paged) == {"Officer Vega"}
    with capture_logs() as lines:
        assert await duty.lapse(desk.town) == 0
    assert [line["event"] for line in lines] == ["alarm: entries of the roster cannot be read"]
    assert await store.read("HLEN", keys.DUTY) == await store.read("ZCARD", keys.DUTY_LEASE) == 1


# no move overlooks anybody ---------------------------------------------------------------------------

Meanwhile = Callable[[str, Callable[[], Awaitable[object]]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """`meanwhile("move", deed)`: the deed happens when a process has read the roster and not yet committed, once; and
    right after the commit that process dies."""

    def plant(name: str, deed: Callable[[], Awaitable[object]]) -> None:
        commit, done = getattr(record, name), list[str]()

        async def between(*asked: Any, **more: Any) -> Any:
            if not done:
                done.append(name)
                await deed()
            return await commit(*asked, **more)

        monkeypatch.setattr(record, name, between)
        monkeypatch.setattr(desk_of_cases, "_keep_up", _nothing)

    return plant


async def _nothing(*_asked: object) -> None:
    """A process that is killed here."""


async def look_later(desk: Desk) -> int:
    """What any process does a moment later."""
    desk.clock.forward(seconds=1.1)
    return await overdue.recheck(desk.town, desk.clock.now_ms())


async def test_who_came_on_duty_while_a_case_was_opened_is_paged_although_the_process_died(
    desk: Desk, ada: Voice, meanwhile: Meanwhile
) -> None:
    """Their look for cases found none; the case's opener read a roster without them, and could not look again."""
    await desk.voice("Officer Vega")
    meanwhile("open_case", lambda: desk.on_duty("Officer Vega"))
    case = (await desk.call(ada))["case"]
    assert (await desk.case(case)).paged == ()
    assert await look_later(desk) == 1
    assert await desk.names((await desk.case(case)).paged) == {"Officer Vega"}


async def test_who_came_on_duty_while_a_deadline_acted_is_paged(desk: Desk, ada: Voice, meanwhile: Meanwhile) -> None:
    """In the tier that ended they were nobody, and in the one that began they were not read yet."""
    await desk.on_duty("Officer Vega")
    await desk.voice("Sergeant Prins")
    case = (await desk.call(ada))["case"]
    meanwhile("pass_on", lambda: desk.on_duty("Sergeant Prins"))
    assert await desk.forward(seconds=61) == 1
    assert await desk.names((await desk.case(case)).paged) == {"Officer Vega"}
    await look_later(desk)
    assert await desk.names((await desk.case(case)).paged) == {"Officer Vega", "Sergeant Prins"}


async def test_who_went_off_duty_while_taking_a_case_does_not_keep_it(
    desk: Desk, ada: Voice, meanwhile: Meanwhile
) -> None:
    """What had been listed is listed again."""
    await desk.on_duty("Officer Vega")
    case = (await desk.call(ada, urgency="information"))["case"]
    meanwhile("move", lambda: desk.off_duty("Officer Vega"))
    await desk.ask("Officer Vega", "escalation.accept", case)
    assert (await desk.case(case)).state == "accepted"
    await look_later(desk)
    assert (await desk.case(case)).state == "listed"


async def test_who_was_removed_while_taking_a_case_does_not_keep_it(
    desk: Desk, ada: Voice, meanwhile: Meanwhile
) -> None:
    """The account ends with the case in hand: the room sees them go, and others may take it."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = (await desk.call(ada, urgency="information"))["case"]
    meanwhile("move", lambda: staff_accounts.remove(desk.town, "Officer Vega"))
    await desk.ask("Officer Vega", "escalation.accept", case)
    assert (await desk.case(case)).state == "accepted"
    await look_later(desk)
    assert (await desk.case(case)).state == "listed"
    assert (await ada.page())[-1]["event"] == "staff.left"
    await desk.ask("Sergeant Prins", "escalation.accept", case)


async def test_a_look_that_failed_is_taken_again(
    desk: Desk, ada: Voice, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark stands until somebody has looked; then nothing is left of it."""
    await desk.call(ada)

    async def away(*_asked: object) -> None:
        raise Refusal("unavailable")

    with monkeypatch.context() as cut:
        cut.setattr(overdue, "_follow_duty", away)
        with pytest.raises(Refusal):
            await look_later(desk)
    assert await look_later(desk) == 1
    assert await store.read("EXISTS", keys.rechecks("p07")) == 0


async def test_a_look_takes_no_mark_of_a_later_move_away(desk: Desk, ada: Voice, store: Store) -> None:
    """Each move leaves one of its own: who has looked at an earlier state says nothing of the later one."""
    await desk.on_duty("Officer Vega")
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    marks = await store.read("ZRANGE", keys.rechecks("p07"), 0, -1)
    assert marks == [f"{case}:{version}".encode() for version in (1, 2)]


async def test_of_a_case_that_is_over_no_mark_is_left(desk: Desk, ada: Voice, store: Store) -> None:
    """Nobody is paged for what was withdrawn."""
    case = (await desk.call(ada))["case"]
    await ada.ask("escalation.withdraw", case=case)
    assert await look_later(desk) == 1
    assert await store.read("EXISTS", keys.rechecks("p07")) == 0


# signs of life ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [60, 86_400])
async def test_a_rule_made_later_silenced_the_owner(
    desk: Desk, ada: Voice, store: Store, clock: MovedClock, seconds: int
) -> None:
    """An open case keeps what it began with: each word of its owner starts that deadline anew, and not each is a
    write."""
    await desk.on_duty("Officer Vega")
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    await desk.town.set_rule(Where("police", "urgent"), Rule(accepted_ms=seconds * 1000))
    vega, before = await desk.voice("Officer Vega"), await due_ms(store, case)
    clock.forward(minutes=5)
    await vega.say("Ik ben er.", room=ada.room)
    after = await due_ms(store, case)
    assert after >= before + 300_000
    await vega.say("Echt.", room=ada.room)
    assert await due_ms(store, case) == after


async def test_who_had_less_time_than_the_reminder_gives_could_not_answer_it(
    desk: Desk, ada: Voice, clock: MovedClock
) -> None:
    """A word after the reminder is a sign of life, however short a silence the policy allows."""
    await desk.town.set_rule(Where("police", "urgent"), Rule(accepted_ms=60_000, reminder_ms=300_000))
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    assert await desk.forward(seconds=61) == 1
    assert (await desk.case(case)).reminded
    clock.forward(seconds=20)
    said_ms = clock.now_ms()
    await (await desk.voice("Officer Vega")).say("Ik ben er.", room=ada.room)
    after = await desk.case(case)
    assert not after.reminded
    assert after.due_at is not None
    assert said_ms <= after.due_at - 60_000 <= clock.now_ms()


async def test_a_call_for_the_same_warning_was_refused_for_a_record_that_cannot_be_read(
    desk: Desk, ada: Voice, ben: Voice, store: Store
) -> None:
    """A call is never refused: it becomes a case of its own, and a third is attached to that; so too where nothing
    is left of the record."""
    await desk.on_duty("Officer Vega")
    danger = {"kind": "burglary", "text": WORDS, "emergency": "called"}
    warning = (await ada.ask("warning.raise", **danger))["seq"]
    first = (await desk.call(ada, warning=warning))["case"]
    await spoil(store, first)
    second = (await desk.call(ben, warning=warning))["case"]
    assert second != first
    assert await desk.names((await desk.case(second)).paged) == {"Officer Vega"}
    await store.read("DEL", keys.case(second))
    third = (await desk.call(ada, warning=warning))["case"]
    assert third not in (first, second)
    assert (await desk.call(ben, warning=warning))["case"] == third
