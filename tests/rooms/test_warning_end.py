"""The life of a warning: answers by one tap, the all clear, another desk, its end by the clock."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from rooms import keys, log, warning_due
from rooms.keys import RoomKeys
from rooms.refusal import Refusal
from rooms.store import Store
from rooms.town import Town
from tests.rooms.conftest import Resident, SetMember
from tests.rooms.desk_cast import Desk
from tests.rooms.voice import Voice
from tests.rooms.warning_cast import FIRE, MINUTE_MS, NOISE, let_in, warn
from tests.town import JAN_LUYKENLAAN, MovedClock


@pytest.fixture
async def street(town: Town, resident: Resident, ada: Voice) -> list[Voice]:
    """Five neighbours of Ada's."""
    return [Voice(town, await resident(name)) for name in ("Ben", "Cor", "Dirk", "Els", "Fien")]


async def _last(voice: Voice) -> tuple[str, dict[str, Any]]:
    entry = (await voice.page())[-1]
    return entry["event"], entry["data"]


async def _names(voice: Voice) -> list[str]:
    return [entry["event"] for entry in await voice.page() if entry["event"].startswith("warning.")]


# answers ---------------------------------------------------------------------------------------------


async def test_one_tap_counts_for_everybody(ada: Voice, street: list[Voice]) -> None:
    """An answer is an entry that carries all counts, so that nobody has to add up."""
    seq = await warn(ada, **NOISE)
    for voice, answer in zip(street, ("see", "see", "not_here", "over", "over"), strict=True):
        await voice.ask("warning.answer", target=seq, answer=answer)
    name, data = await _last(ada)
    assert (name, data["answer"], data["counts"]) == ("warning.answered", "over", {"see": 2, "not_here": 1, "over": 2})


async def test_an_answer_is_one_and_changeable(ada: Voice, ben: Voice) -> None:
    """The latest counts, from whatever device; the same again is nothing new; null takes it back."""
    seq = await warn(ada, **NOISE)
    await ben.ask("warning.answer", target=seq, answer="see")
    await ben.other_device().ask("warning.answer", target=seq, answer="not_here")
    assert (await _last(ada))[1]["counts"] == {"see": 0, "not_here": 1, "over": 0}
    assert (await ben.ask("warning.answer", target=seq, answer="not_here"))["seq"] == 0
    await ben.ask("warning.answer", target=seq, answer=None)
    name, data = await _last(ada)
    assert (name, data["counts"], "answer" in data) == ("warning.answered", {"see": 0, "not_here": 0, "over": 0}, False)


async def test_two_hundred_answers_at_once_are_counted_right(
    ada: Voice, town: Town, unhurried: Town, resident: Resident
) -> None:
    """However many come together, the last entry has them all, and each rises by one."""
    people = [Voice(town, await resident(f"Buur {number:02}")) for number in range(40)]
    seq = await warn(ada, **NOISE)
    for answer in ("see", "not_here", "see", "not_here", "see"):
        await asyncio.gather(*(voice.ask("warning.answer", target=seq, answer=answer) for voice in people))
    entries = await log.between(town.store, ada.room, seq + 1, seq + 200)
    assert [entry.name for entry in entries] == ["warning.answered"] * 200
    assert entries[-1].data["counts"] == {"see": 40, "not_here": 0, "over": 0}
    assert all(sum(entry.data["counts"].values()) == min(place, 40) for place, entry in enumerate(entries, 1))


async def test_who_may_not_write_answers_nothing(
    ada: Voice, ben: Voice, town: Town, clock: MovedClock, set_member: SetMember
) -> None:
    """The author's own answer is the all clear; a muted member's waits; what is no warning, or over, has none."""
    seq = await warn(ada, **NOISE)
    await ada.refused("not_permitted", "warning.answer", target=seq, answer="see")
    await ben.refused("wrong_target", "warning.answer", target=1, answer="see")
    await set_member(ben, JAN_LUYKENLAAN, muted_until=clock.now_ms() + MINUTE_MS)
    await ben.refused("muted", "warning.answer", target=seq, answer="see")
    await set_member(ben, JAN_LUYKENLAAN, muted_until=0)
    await ada.ask("warning.clear", target=seq)
    await ben.refused("wrong_state", "warning.answer", target=seq, answer="see")


# the all clear ---------------------------------------------------------------------------------------


async def test_three_neighbours_end_noise(ada: Voice, street: list[Voice]) -> None:
    """The third who says that it is over ends it, in the same step; a fourth comes too late."""
    seq = await warn(ada, **NOISE)
    for voice in street[:3]:
        await voice.ask("warning.answer", target=seq, answer="over")
    assert (await _names(ada))[-2:] == ["warning.answered", "warning.cleared"]
    entry = (await ada.page())[-1]
    assert (entry["data"], entry["by"]["role"]) == ({"target": seq, "reason": "neighbours"}, "system")
    await street[3].refused("wrong_state", "warning.answer", target=seq, answer="over")


async def test_three_neighbours_do_not_end_a_fire(ada: Voice, street: list[Voice]) -> None:
    """Nor do five: what is dangerous is ended by its author or by staff."""
    seq = await warn(ada, **FIRE)
    for voice in street:
        await voice.ask("warning.answer", target=seq, answer="over")
    assert (await _last(ada))[1]["counts"] == {"see": 0, "not_here": 0, "over": 5}
    assert "warning.cleared" not in await _names(ada)
    await ada.ask("warning.answer", target=seq, answer="over")
    assert (await _last(ada))[0] == "warning.cleared"
    assert (await _last(ada))[1]["reason"] == "author"


async def test_neighbours_do_not_end_what_turns_out_to_be_dangerous(ada: Voice, street: list[Voice]) -> None:
    """Two had said that it is over when the noise became a fire: the third ends nothing."""
    seq = await warn(ada, **NOISE, emergency="called")
    for voice in street[:2]:
        await voice.ask("warning.answer", target=seq, answer="over")
    await ada.ask("warning.correct", target=seq, kind="fire", reason="Er is brand.")
    await street[2].ask("warning.answer", target=seq, answer="over")
    assert (await _last(ada))[1]["counts"]["over"] == 3
    await ada.ask("warning.correct", target=seq, kind="nuisance", reason="Toch een barbecue.")
    await street[3].ask("warning.answer", target=seq, answer="over")
    assert (await _names(ada))[-1] == "warning.cleared"


async def test_everything_said_of_a_warning_counts_once(ada: Voice, ben: Voice, clock: MovedClock) -> None:
    """A copy of each command is answered as the first was, and leaves nothing, though the warning is over by then."""
    seq = await warn(ada, **NOISE)
    until = clock.now_ms() + 30 * MINUTE_MS
    deeds: list[tuple[Voice, str, dict[str, Any]]] = [
        (ben, "warning.answer", {"answer": "over"}),
        (ben, "warning.answer", {"answer": None}),
        (ada, "warning.route", {"desk": "police"}),
        (ada, "warning.correct", {"until": until, "reason": "Het duurt langer."}),
        (ada, "warning.clear", {}),
        (ada, "warning.retract", {"reason": "Het was een vergissing."}),
    ]
    said = [(who, name, {**more, "target": seq, "client_id": who.next_id()}) for who, name, more in deeds]
    replies = [await who.ask(name, **payload) for who, name, payload in said]
    names = await _names(ada)
    clock.forward(minutes=40)
    assert [await who.ask(name, **payload) for who, name, payload in said] == replies
    assert await _names(ada) == names
    assert len(names) == 1 + len(deeds)


async def test_who_changes_the_answer_is_not_counted_twice(ada: Voice, street: list[Voice]) -> None:
    """Over, here again, over: one neighbour."""
    seq = await warn(ada, **NOISE)
    for answer in ("over", "see", "over", "see", "over"):
        await street[0].ask("warning.answer", target=seq, answer=answer)
    await street[1].ask("warning.answer", target=seq, answer="over")
    assert "warning.cleared" not in await _names(ada)


async def test_its_author_or_staff_give_the_all_clear(ada: Voice, ben: Voice, desk: Desk) -> None:
    """A neighbour can't alone; staff who are in the room can; once."""
    first, second = await warn(ada, **FIRE), await warn(ada, **FIRE)
    await ben.refused("not_permitted", "warning.clear", target=first)
    await ada.ask("warning.clear", target=first)
    assert (await _last(ben)) == (
        "warning.cleared",
        {"target": first, "reason": "author", "client_id": f"{ada.device}:3"},
    )
    await ada.refused("wrong_state", "warning.clear", target=first)
    vega = await let_in(desk, "Officer Vega", ada.room)
    await vega.ask("warning.clear", target=second)
    assert (await _last(ben))[1]["reason"] == "staff"


# another desk ----------------------------------------------------------------------------------------


async def test_people_decide_which_desk(ada: Voice, ben: Voice, store: Store) -> None:
    """The author chooses another, everybody reads it, and it is counted what was proposed and what was chosen."""
    seq = await warn(ada, **NOISE)
    await ben.refused("not_permitted", "warning.route", target=seq, desk="police")
    assert (await ada.ask("warning.route", target=seq, desk="municipality"))["seq"] == 0
    await ada.ask("warning.route", target=seq, desk="police")
    assert (await _last(ben))[1]["desk"] == "police"
    assert await _routed(store, ada) == {"municipality:police": 1}


async def test_a_choice_that_is_taken_back_is_not_counted(ada: Voice, store: Store) -> None:
    """Each warning counts by where it went in the end; as proposed is no correction."""
    first, second = await warn(ada, **NOISE), await warn(ada, **NOISE)
    for target, desk in ((first, "police"), (first, "municipality"), (second, "police"), (second, "none")):
        await ada.ask("warning.route", target=target, desk=desk)
    assert await _routed(store, ada) == {"municipality:police": 0, "municipality:none": 1}


async def _routed(store: Store, voice: Voice) -> dict[str, int]:
    row = await store.read("HGETALL", keys.routed(keys.partition_of(voice.room)))
    return {name.decode(): int(count) for name, count in zip(row[::2], row[1::2], strict=True)}


# by the clock ----------------------------------------------------------------------------------------


async def test_a_warning_expires_once(ada: Voice, town: Town, clock: MovedClock) -> None:
    """At its time and not before, whoever looks, however many look at once."""
    seq = await warn(ada, **NOISE, minutes=5)
    clock.forward(minutes=4.9)
    await warning_due.overdue(town, clock.now_ms())
    assert await _names(ada) == ["warning.raised"]
    clock.forward(minutes=0.2)
    await asyncio.gather(*(warning_due.overdue(town, clock.now_ms()) for _ in range(5)))
    assert await _names(ada) == ["warning.raised", "warning.expired"]
    assert (await _last(ada))[1] == {"target": seq}
    assert await town.store.read("ZRANGE", keys.due(keys.partition_of(ada.room)), 0, -1) == []


async def test_what_ended_does_not_expire(ada: Voice, town: Town, clock: MovedClock) -> None:
    """A warning that was cleared has no end left."""
    seq = await warn(ada, **NOISE, minutes=5)
    await ada.ask("warning.clear", target=seq)
    clock.forward(minutes=10)
    assert await warning_due.overdue(town, clock.now_ms()) == 0
    assert await _names(ada) == ["warning.raised", "warning.cleared"]


async def test_a_record_that_cannot_be_read_keeps_no_other_from_ending(
    ada: Voice, town: Town, clock: MovedClock, store: Store
) -> None:
    """It is put off and looked at again later; its neighbours end in time, and nobody is kept out of the room."""
    first, second = await warn(ada, **NOISE, minutes=5), await warn(ada, **NOISE, minutes=6)
    await store.read("HSET", RoomKeys(ada.room).warning, first, b"\xc1")
    (pinned,) = (await log.resume(store, ada.room, ada.id, None, clock.now_ms())).warnings
    assert pinned["seq"] == second
    clock.forward(minutes=7)
    await warning_due.overdue(town, clock.now_ms())
    assert (await _last(ada)) == ("warning.expired", {"target": second})
    assert await warning_due.overdue(town, clock.now_ms()) == 0


async def test_what_is_refused_for_good_keeps_no_other_from_ending(
    ada: Voice, town: Town, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a store that is away stops them all; what will never succeed is put off like any other fault."""
    first, second = await warn(ada, **NOISE, minutes=5), await warn(ada, **NOISE, minutes=6)
    expire = warning_due.KINDS["warning:"]

    refused = list[str]()

    async def refuse_first(town: Town, partition: str, rest: str) -> object:
        if rest == f"{ada.room}:{first}":
            refused.append(rest)
            raise Refusal("not_found")
        return await expire(town, partition, rest)

    monkeypatch.setitem(warning_due.KINDS, "warning:", refuse_first)
    clock.forward(minutes=7)
    await warning_due.overdue(town, clock.now_ms())
    assert (await _last(ada)) == ("warning.expired", {"target": second})
    assert len(refused) == 1
    assert await warning_due.overdue(town, clock.now_ms()) == 0


async def test_a_thousand_deadlines_of_others_keep_no_warning_from_ending(
    ada: Voice, town: Town, clock: MovedClock, store: Store
) -> None:
    """Calls, accounts and warnings wait in one queue, and none stands in the way of another kind."""
    due = keys.due(keys.partition_of(ada.room))
    await store.read("ZADD", due, *(part for number in range(1_100) for part in (number, f"escalation:p00.x{number}")))
    seq = await warn(ada, **NOISE, minutes=5)
    clock.forward(minutes=7)
    await warning_due.overdue(town, clock.now_ms())
    assert (await _last(ada)) == ("warning.expired", {"target": seq})


async def test_staff_do_nothing_about_what_was_before_their_ground(ada: Voice, desk: Desk) -> None:
    """What they can't read is no warning to them, whatever they ask."""
    seq = await warn(ada, **NOISE)
    vega = await let_in(desk, "Officer Vega", ada.room, since=seq + 1)
    for command, more in (
        ("answer", {"answer": "over"}), ("clear", {}), ("route", {"desk": "police"}), ("reach", {}),
        ("retract", {"reason": "Zomaar."}),
    ):  # fmt: skip
        await vega.refused("wrong_target", f"warning.{command}", target=seq, **more)
    assert await _names(ada) == ["warning.raised"]


async def test_staff_may_warn_for_longer_than_a_day(ada: Voice, desk: Desk, clock: MovedClock) -> None:
    """A resident may not; staff for a week, however often it is corrected."""
    vega = await let_in(desk, "Officer Vega", ada.room)
    day, now_ms = 24 * 60 * MINUTE_MS, clock.now_ms()
    await ada.refused("bad_request", "warning.raise", **NOISE, until=now_ms + day + MINUTE_MS)
    await vega.refused("bad_request", "warning.raise", **NOISE, until=now_ms + 7 * day + MINUTE_MS)
    seq = (await vega.ask("warning.raise", **NOISE, until=now_ms + 2 * day, room=ada.room))["seq"]
    late = {"until": now_ms + 8 * day, "reason": "Het duurt langer."}
    await vega.refused("bad_request", "warning.correct", target=seq, room=ada.room, **late)


async def test_blanks_are_no_words(ada: Voice) -> None:
    """Ten characters of what is happening, not ten of anything."""
    await ada.refused("bad_request", "warning.raise", kind="nuisance", text="Herrie" + 10 * " ")
    seq = await warn(ada, **NOISE)
    await ada.refused("bad_request", "warning.correct", target=seq, text=10 * " " + "Herrie", reason="Verkeerd.")


async def test_a_correction_moves_the_end(ada: Voice, town: Town, clock: MovedClock) -> None:
    """Later or earlier; within a day of its being raised."""
    seq = await warn(ada, **NOISE, minutes=5)
    now_ms = clock.now_ms()
    await ada.ask("warning.correct", target=seq, until=now_ms + 20 * MINUTE_MS, reason="Het duurt langer.")
    clock.forward(minutes=10)
    await warning_due.overdue(town, clock.now_ms())
    assert "warning.expired" not in await _names(ada)
    late = {"until": now_ms + 25 * 60 * MINUTE_MS, "reason": "Het duurt langer."}
    await ada.refused("bad_request", "warning.correct", target=seq, **late)
    await ada.refused("bad_request", "warning.correct", target=seq, until=now_ms, reason="Het is al voorbij.")
    clock.forward(minutes=11)
    await warning_due.overdue(town, clock.now_ms())
    assert (await _names(ada))[-1] == "warning.expired"
