"""The log: what a client that comes back is given, what is blanked, and how a rollback shows."""

from __future__ import annotations

from typing import Any

import pytest

from rooms import keys, log
from rooms.keys import RoomKeys
from rooms.log import Cursor, Resumed
from rooms.refusal import Refusal
from rooms.store import Store, fields_of
from rooms.town import Town
from tests.rooms.conftest import SetMember
from tests.rooms.voice import Voice
from tests.town import BETJE_WOLFFSTRAAT, JAN_LUYKENLAAN, stranger


@pytest.fixture
async def ten(unhurried: Town, ada: Voice) -> Voice:
    """Ada, after her street has ten entries: her joining and nine messages."""
    for number in range(2, 11):
        await ada.say(str(number))
    return ada


async def _resume(voice: Voice, cursor: Cursor | None) -> Resumed:
    town = voice.town
    return await log.resume(town.store, JAN_LUYKENLAAN, voice.id, cursor, town.clock.now_ms())


async def _epoch(store: Store) -> int:
    return (await log.heads(store, [JAN_LUYKENLAAN]))[JAN_LUYKENLAAN][1]


def _seqs(resumed: Resumed) -> list[int]:
    return [entry.seq for entry in resumed.page.entries]


# resuming --------------------------------------------------------------------------------------------


async def test_without_a_cursor_nothing_is_given(ten: Voice) -> None:
    """A client that holds nothing is told the numbers and pulls what it wants."""
    resumed = await _resume(ten, None)
    assert (_seqs(resumed), resumed.reset, resumed.page.more) == ([], False, False)
    assert (resumed.page.head, resumed.page.oldest, resumed.end) == (10, 1, 10)


@pytest.mark.parametrize("seq", [0, 4, 9])
async def test_everything_since_the_cursor_is_given_in_order(ten: Voice, store: Store, seq: int) -> None:
    """From the cursor to the head, nothing missing and nothing twice, with the epoch or a bare seq."""
    for epoch in (await _epoch(store), None):
        resumed = await _resume(ten, (epoch, seq))
        assert _seqs(resumed) == list(range(seq + 1, 11))
        assert (resumed.reset, resumed.page.more, resumed.end) == (False, False, 10)


async def test_a_client_that_holds_everything_is_given_nothing(ten: Voice, store: Store) -> None:
    """The cursor at the head is up to date."""
    resumed = await _resume(ten, (await _epoch(store), 10))
    assert (_seqs(resumed), resumed.reset, resumed.end) == ([], False, 10)


async def test_after_a_long_absence_200_come_and_the_rest_is_to_be_pulled(unhurried: Town, ada: Voice) -> None:
    """The first 200 missed come unasked; `more` says that there are others, and what is new comes after the head."""
    for _ in range(250):
        await ada.say("x")
    resumed = await _resume(ada, (None, 1))
    assert _seqs(resumed) == list(range(2, 202))
    assert (resumed.page.more, resumed.end) == (True, 251)


async def test_a_resumed_page_has_at_most_128_kib(unhurried: Town, ada: Voice) -> None:
    """Long messages make a short page, and `more`."""
    for _ in range(100):
        await ada.say("é" * 2000)
    resumed = await _resume(ada, (None, 1))
    assert 20 < len(_seqs(resumed)) < 35
    assert resumed.page.more


@pytest.mark.parametrize("cursor", [(None, 11), (None, 2**63), (7, 5), (-1, 5), (2**63, 5)])
async def test_a_cursor_to_what_is_not_there_is_reset(ten: Voice, cursor: Cursor) -> None:
    """Beyond the head, or of another epoch: the client is told to begin anew, and is given nothing."""
    resumed = await _resume(ten, cursor)
    assert (resumed.reset, _seqs(resumed), resumed.end) == (True, [], 10)


async def test_a_cursor_older_than_the_log_is_reset(ten: Voice, store: Store) -> None:
    """Who was away beyond retention begins anew; who holds the last purged entry goes on."""
    await log.blank(store, JAN_LUYKENLAAN, range(1, 6), "retention", ten.town.clock.now_ms())
    assert (await _resume(ten, (None, 4))).reset
    resumed = await _resume(ten, (None, 5))
    assert (resumed.reset, _seqs(resumed), resumed.page.oldest) == (False, [6, 7, 8, 9, 10], 6)


async def test_who_came_later_resumes_from_then_on(ten: Voice, set_member: SetMember) -> None:
    """A cursor from before the membership is reset; one within it goes on."""
    await set_member(ten, JAN_LUYKENLAAN, since=7)
    assert (await _resume(ten, (None, 3))).reset
    resumed = await _resume(ten, (None, 6))
    assert (_seqs(resumed), resumed.page.oldest) == ([7, 8, 9, 10], 7)


async def test_nobody_resumes_a_room_of_others(ten: Voice, store: Store) -> None:
    """A stranger is given neither entries nor numbers."""
    for room in (JAN_LUYKENLAAN, BETJE_WOLFFSTRAAT, "BU05183637:nergens"):
        with pytest.raises(Refusal) as refusal:
            await log.resume(store, room, stranger().id, (None, 0), ten.town.clock.now_ms())
        assert refusal.value.code == "not_found"


async def test_what_was_read_comes_with_the_numbers(ten: Voice) -> None:
    """The read cursor follows the person to every device."""
    await ten.ask("room.read", seq=6)
    assert (await _resume(ten, None)).read == 6


# blanking --------------------------------------------------------------------------------------------


async def _copies(store: Store) -> set[int]:
    """The seqs of the street's entries of which the feed has a copy."""
    rows = await store.read("XRANGE", keys.feed(keys.partition_of(JAN_LUYKENLAAN)), "-", "+")
    found = [fields_of(row) for _, row in rows]
    return {int(fields[b"s"]) for fields in found if fields.get(b"r", b"").decode() == JAN_LUYKENLAAN}


async def test_a_blanked_entry_leaves_a_marker_at_its_number(ten: Voice, store: Store) -> None:
    """No number is ever missing: readers and those who come back find the reason in the entry's place."""
    assert await log.blank(store, JAN_LUYKENLAAN, [4, 6], "moderation", ten.town.clock.now_ms()) == 2
    page = (await log.history(store, JAN_LUYKENLAAN, ten.id)).entries
    resumed = (await _resume(ten, (None, 0))).page.entries
    assert [entry.seq for entry in page] == [entry.seq for entry in resumed] == list(range(1, 11))
    for entries in (page, resumed):
        assert [(entry.seq, entry.data) for entry in entries if entry.name == "entry.blanked"] == [
            (4, {"reason": "moderation"}), (6, {"reason": "moderation"}),
        ]  # fmt: skip
    assert all(entry.by["role"] == "system" for entry in page if entry.name == "entry.blanked")


async def test_a_blanked_entry_leaves_the_log_and_the_feed(ten: Voice, store: Store) -> None:
    """What was blanked is nowhere to be read, by no process that is behind either."""
    assert await _copies(store) == set(range(1, 11))
    await log.blank(store, JAN_LUYKENLAAN, [4, 6], "erasure", ten.town.clock.now_ms())
    assert await _copies(store) == set(range(1, 11)) - {4, 6}
    assert [entry.seq for entry in await log.between(store, JAN_LUYKENLAAN, 3, 7)] == [3, 5, 7]


async def test_blanking_again_changes_nothing(ten: Voice, store: Store) -> None:
    """Several processes may purge at once: the second finds nothing, and the first reason stands."""
    now_ms = ten.town.clock.now_ms()
    await log.blank(store, JAN_LUYKENLAAN, [4], "moderation", now_ms)
    assert await log.blank(store, JAN_LUYKENLAAN, [4, 99], "retention", now_ms) == 0
    (entry,) = (await log.history(store, JAN_LUYKENLAAN, ten.id, after=3, limit=1)).entries
    assert entry.data == {"reason": "moderation"}


async def test_the_oldest_moves_when_the_beginning_has_gone(ten: Voice, store: Store) -> None:
    """A log begins later once its first entries have gone, and the markers before it are not kept for ever."""
    now_ms = ten.town.clock.now_ms()
    await log.blank(store, JAN_LUYKENLAAN, [2, 3, 7], "retention", now_ms)
    assert (await log.history(store, JAN_LUYKENLAAN, ten.id)).oldest == 1
    await log.blank(store, JAN_LUYKENLAAN, [1], "retention", now_ms)
    page = await log.history(store, JAN_LUYKENLAAN, ten.id)
    assert (page.oldest, [entry.seq for entry in page.entries]) == (4, list(range(4, 11)))
    assert await store.read("HKEYS", RoomKeys(JAN_LUYKENLAAN).blank) == [b"7"]


async def test_a_room_that_was_emptied_counts_on(ten: Voice, store: Store) -> None:
    """Numbers are never given twice, not even when nothing is left."""
    await log.blank(store, JAN_LUYKENLAAN, range(1, 11), "retention", ten.town.clock.now_ms())
    reply = await ten.ask("room.history")
    assert (reply["entries"], reply["oldest"], reply["head"], reply["more"]) == ([], 11, 10, False)
    assert not (await _resume(ten, (None, 10))).reset
    assert await ten.say("opnieuw") == 11
    assert [entry["seq"] for entry in await ten.page()] == [11]


async def test_what_was_blanked_can_be_neither_changed_nor_answered(ten: Voice, store: Store) -> None:
    """A marker is no message."""
    await log.blank(store, JAN_LUYKENLAAN, [5], "moderation", ten.town.clock.now_ms())
    asked: dict[str, Any] = {"target": 5}
    await ten.refused("wrong_target", "message.edit", text="x", **asked)
    await ten.refused("wrong_target", "message.retract", **asked)
    await ten.refused("wrong_target", "message.react", reaction="heart", **asked)
    await ten.refused("wrong_target", "message.post", text="x", reply_to=5)


async def test_the_list_of_wordings_goes_with_the_message(ten: Voice, store: Store) -> None:
    """Nothing about a blanked message is kept beside the log for ever."""
    await ten.ask("message.edit", target=5, text="anders")
    assert await store.read("HLEN", RoomKeys(JAN_LUYKENLAAN).edits) == 1
    await log.blank(store, JAN_LUYKENLAAN, [5], "retention", ten.town.clock.now_ms())
    assert await store.read("HLEN", RoomKeys(JAN_LUYKENLAAN).edits) == 0


# epochs ----------------------------------------------------------------------------------------------


async def test_a_raised_epoch_makes_every_old_cursor_void(ten: Voice, store: Store) -> None:
    """After a rollback nobody goes on as if nothing had been."""
    before = await _epoch(store)
    raised = await log.raise_epoch(store, JAN_LUYKENLAAN, before, ten.town.clock.now_ms())
    assert raised > before
    assert (await _resume(ten, (before, 5))).reset
    assert not (await _resume(ten, (raised, 5))).reset


async def test_two_processes_that_see_one_rollback_raise_the_epoch_once(ten: Voice, store: Store) -> None:
    """Clients begin anew once, not once a process."""
    before = await _epoch(store)
    first = await log.raise_epoch(store, JAN_LUYKENLAAN, before, ten.town.clock.now_ms())
    assert await log.raise_epoch(store, JAN_LUYKENLAAN, before, ten.town.clock.now_ms() + 5) == first


async def test_an_epoch_rises_though_the_clock_stands_still(ten: Voice, store: Store) -> None:
    """Two rollbacks in one millisecond are two epochs."""
    first = await log.raise_epoch(store, JAN_LUYKENLAAN, 10**15, 0)
    second = await log.raise_epoch(store, JAN_LUYKENLAAN, first, 0)
    assert second == first + 1


async def test_heads_tell_every_room_that_is_asked_for(ten: Voice, store: Store) -> None:
    """A room in which nothing has happened has the number 0."""
    heads = await log.heads(store, [JAN_LUYKENLAAN, BETJE_WOLFFSTRAAT])
    assert heads == {JAN_LUYKENLAAN: (10, await _epoch(store), 1), BETJE_WOLFFSTRAAT: (0, 0, 1)}


async def test_time_in_a_room_never_runs_back(ten: Voice, store: Store) -> None:
    """A server whose clock is behind gives no entry a time before the last one."""
    ten.town.clock.forward(seconds=-60)  # type: ignore[attr-defined]
    await ten.say("van een server die achterloopt")
    times = [entry["at"] for entry in await ten.page()]
    assert times == sorted(times)
