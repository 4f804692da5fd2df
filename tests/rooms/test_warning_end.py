"""The life of a warning: answers by one tap, the all clear, another desk, its end by the clock."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from rooms import keys, log, warning_due
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
    counted = await store.read("HGETALL", keys.routed(keys.partition_of(ada.room)))
    assert counted == [b"municipality:police", b"1"]


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
