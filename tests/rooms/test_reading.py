"""Reading: pages by number and by size, a cursor that follows a person, and the sign that somebody is writing."""

from __future__ import annotations

from typing import Any

import msgpack
import msgspec
import pytest

from rooms import keys
from rooms import staff as staff_accounts
from rooms.keys import RoomKeys
from rooms.store import Store, fields_of
from rooms.town import Town
from tests.rooms.conftest import Resident, SetMember
from tests.rooms.voice import Voice
from tests.town import BETJE_WOLFFSTRAAT, JAN_LUYKENLAAN, PASSWORD, POLICE_DESK, STAFF, PlainPasswords

# pages -----------------------------------------------------------------------------------------------


@pytest.fixture
async def ten(unhurried: Town, ada: Voice) -> Voice:
    """Ada, after her street has ten entries: her joining and nine messages."""
    for number in range(2, 11):
        await ada.say(str(number))
    return ada


@pytest.mark.parametrize(
    ("asked", "seqs", "more"),
    [
        ({}, range(1, 11), False),
        ({"limit": 3}, range(8, 11), True),
        ({"after": 4}, range(5, 11), False),
        ({"after": 4, "limit": 3}, range(5, 8), True),
        ({"after": 7, "limit": 3}, range(8, 11), False),
        ({"after": 0, "limit": 1}, range(1, 2), True),
        ({"before": 5}, range(1, 5), False),
        ({"before": 5, "limit": 3}, range(2, 5), True),
        ({"before": 4, "limit": 3}, range(1, 4), False),
        ({"before": 1}, range(0), False),
        ({"before": 10_000}, range(1, 11), False),
        ({"before": 2**53 - 1, "limit": 2}, range(9, 11), True),
        ({"after": 10}, range(0), False),
        ({"after": 11}, range(0), False),
        ({"after": 2**53 - 1}, range(0), False),
    ],
)
async def test_a_page_holds_what_was_asked_for(ten: Voice, asked: dict[str, int], seqs: range, more: bool) -> None:
    """After a seq, before a seq, or the newest; always rising, and `more` is true when there is more that way."""
    reply = await ten.ask("room.history", **asked)
    assert [entry["seq"] for entry in reply["entries"]] == list(seqs)
    assert (reply["head"], reply["oldest"], reply["more"]) == (10, 1, more)
    assert reply["epoch"] > 0


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"after": 1, "before": 5}, "before"),
        ({"limit": 0}, "limit"),
        ({"limit": 201}, "limit"),
        ({"after": -1}, "after"),
        ({"before": 0}, "before"),
        ({"after": 2**53}, "after"),
        ({"after": "1"}, "after"),
        ({"room": "a b"}, "room"),
        ({"room": "{p00}"}, "room"),
        ({"page": 1}, "page"),
    ],
)
async def test_a_page_in_bad_form_is_refused_and_the_field_named(ada: Voice, asked: dict[str, Any], field: str) -> None:
    """What can't be asked for is refused, and the refusal says what was wrong."""
    refusal = await ada.refused("bad_request", "room.history", **asked)
    assert refusal["error"]["field"] == field  # type: ignore[index]


async def test_a_page_has_at_most_200_entries(unhurried: Town, ada: Voice) -> None:
    """The newest 200 of 251 come, and `more` says that there are others."""
    for _ in range(250):
        await ada.say("x")
    reply = await ada.ask("room.history")
    assert [entry["seq"] for entry in reply["entries"]] == list(range(52, 252))
    assert reply["more"]


@pytest.mark.parametrize("direction", ["after", "before"])
async def test_a_page_has_at_most_128_kib_and_the_next_one_goes_on(unhurried: Town, ada: Voice, direction: str) -> None:
    """Long messages make short pages; walking them in either direction gives every entry once."""
    for _ in range(100):
        await ada.say("é" * 2000)
    seqs: list[int] = []
    cursor, pages, more = 0 if direction == "after" else 102, 0, True
    while more:
        reply = await ada.ask("room.history", **{direction: cursor})
        entries, more = reply["entries"], reply["more"]
        assert sum(len(entry["data"].get("text", "").encode()) for entry in entries) <= 128 * 1024
        found = [entry["seq"] for entry in entries]
        seqs = seqs + found if direction == "after" else found + seqs
        cursor, pages = found[-1] if direction == "after" else found[0], pages + 1
    assert seqs == list(range(1, 102))
    assert pages == 4


async def test_who_came_later_reads_from_then_on(ten: Voice, set_member: SetMember) -> None:
    """A member since number 7 is given nothing before it, by any way of asking."""
    await set_member(ten, JAN_LUYKENLAAN, since=7)
    for asked in ({}, {"after": 0}, {"before": 11}, {"after": 2, "limit": 4}):
        reply = await ten.ask("room.history", **asked)
        assert [entry["seq"] for entry in reply["entries"]] == [7, 8, 9, 10]
        assert (reply["oldest"], reply["more"]) == (7, False)
    assert await ten.page(before=7) == []
    assert await ten.page(before=3) == []


async def test_a_room_of_others_can_not_be_read_and_looks_like_none(ada: Voice, town: Town, resident: Resident) -> None:
    """To a stranger a hidden room and a missing one give the same answer, also beyond the limit."""
    cor, dee = (
        Voice(town, await resident("Cor", BETJE_WOLFFSTRAAT)),
        Voice(town, await resident("Dee", BETJE_WOLFFSTRAAT)),
    )

    async def heard(voice: Voice, room: str) -> list[str]:
        codes = []
        for _ in range(70):
            try:
                await voice.ask("room.history", room=room)
            except Exception as refusal:  # noqa: BLE001 - whatever it is, it must be the same
                codes.append(str(refusal))
        return codes

    hidden = await heard(cor, JAN_LUYKENLAAN)
    assert hidden == await heard(dee, "BU05183637:nergens")
    assert set(hidden) == {"not_found", "too_fast"}


@pytest.mark.parametrize("name", ["Auditor Klein", "Admin Groot"])
async def test_those_who_keep_the_system_read_no_conversation(town: Town, ada: Voice, name: str) -> None:
    """An admin and an auditor are answered as if the room were not there."""
    role, organisation, areas = STAFF[name]
    made = await staff_accounts.add(town, PlainPasswords(), name, role, organisation, areas, PASSWORD)
    voice = Voice(town, made.person)
    for command, more in (("room.history", {}), ("room.read", {"seq": 1}), ("message.post", {"text": "Hoi"})):
        await voice.refused("not_found", command, room=JAN_LUYKENLAAN, **more)


# the read cursor -------------------------------------------------------------------------------------


async def test_the_read_cursor_moves_on_and_never_back(ten: Voice) -> None:
    """What was read stays read, on every device of the person."""
    assert (await ten.ask("room.read", seq=5))["seq"] == 5
    assert (await ten.other_device().ask("room.read", seq=3))["seq"] == 5
    assert (await ten.other_device().ask("room.read", seq=8))["seq"] == 8
    assert (await ten.ask("room.read", seq=8))["seq"] == 8


async def test_the_read_cursor_never_passes_the_head(ten: Voice) -> None:
    """Nobody has read what is not written yet."""
    await ten.ask("room.read", seq=5)
    assert (await ten.ask("room.read", seq=11))["seq"] == 5
    assert (await ten.ask("room.read", seq=2**53 - 1))["seq"] == 5
    await ten.refused("bad_request", "room.read", seq=0)


async def _signals(store: Store, room: str) -> list[dict[bytes, bytes]]:
    return [fields_of(row) for _, row in await store.read("XRANGE", keys.fleeting(keys.partition_of(room)), "-", "+")]


async def test_a_moved_cursor_is_told_to_the_person_once(ten: Voice, store: Store) -> None:
    """The other devices hear of a cursor that moved, and of nothing where it did not."""
    await ten.ask("room.read", seq=5)
    await ten.ask("room.read", seq=5)
    await ten.ask("room.read", seq=4)
    (signal,) = await _signals(store, JAN_LUYKENLAAN)
    assert signal[b"p"].decode() == ten.id
    assert msgpack.unpackb(signal[b"e"]) == {
        "name": "room.read_moved", "data": {"room": JAN_LUYKENLAAN, "seq": 5},
    }  # fmt: skip


async def test_the_cursor_goes_with_the_membership(ada: Voice, store: Store, town: Town, resident: Resident) -> None:
    """Who is no member has read nothing, and may say so nowhere."""
    cor = Voice(town, await resident("Cor", BETJE_WOLFFSTRAAT))
    await cor.refused("not_found", "room.read", room=JAN_LUYKENLAAN, seq=1)
    assert await store.read("HEXISTS", RoomKeys(JAN_LUYKENLAAN).read, cor.id) == 0


# writing ---------------------------------------------------------------------------------------------


async def test_a_resident_who_writes_is_named_to_nobody(ada: Voice, store: Store) -> None:
    """The others hear that somebody is writing, not who."""
    assert await ada.ask("room.typing") == {"ok": True}
    (signal,) = await _signals(store, JAN_LUYKENLAAN)
    assert msgpack.unpackb(signal[b"e"]) == {"name": "typing.started", "data": {"room": JAN_LUYKENLAAN}}
    assert signal[b"r"].decode() == JAN_LUYKENLAAN


async def test_staff_who_write_are_named(town: Town, store: Store) -> None:
    """Staff are always visible."""
    role, organisation, areas = STAFF["Officer Vega"]
    made = await staff_accounts.add(town, PlainPasswords(), "Officer Vega", role, organisation, areas, PASSWORD)
    await Voice(town, made.person).ask("room.typing", room=POLICE_DESK)
    (signal,) = await _signals(store, POLICE_DESK)
    assert msgpack.unpackb(signal[b"e"])["data"]["by"]["name"] == "Wijkagent"


async def test_writing_is_told_to_no_room_of_others(town: Town, ada: Voice, store: Store, resident: Resident) -> None:
    """A stranger can't make a room believe that somebody writes."""
    cor = Voice(town, await resident("Cor", BETJE_WOLFFSTRAAT))
    await cor.refused("not_found", "room.typing", room=JAN_LUYKENLAAN)
    assert await _signals(store, JAN_LUYKENLAAN) == []


async def test_one_connection_says_that_it_writes_every_few_seconds(ada: Voice) -> None:
    """The limit of what leaves no entry is the connection's own."""
    for _ in range(3):
        await ada.ask("room.typing")
    refusal = await ada.refused("too_fast", "room.typing")
    assert refusal["error"]["retry_after_ms"] <= 2_000  # type: ignore[index]
    await ada.other_device().ask("room.typing")


async def test_what_is_only_told_is_kept_in_no_log(ada: Voice) -> None:
    """Reading and writing leave no entry."""
    before = await ada.page()
    await ada.ask("room.typing")
    await ada.ask("room.read", seq=1)
    assert await ada.page() == before


async def test_what_is_only_told_has_a_bound(unhurried: Town, ada: Voice, store: Store) -> None:
    """However much is written, the stream of signals keeps some hundreds."""
    for _ in range(1_200):
        await ada.ask("room.typing")
    assert len(await _signals(store, JAN_LUYKENLAAN)) < 1_000


def test_limits_of_the_town_can_be_set(town: Town) -> None:
    """The numbers are a policy, not a law."""
    policy = msgspec.structs.replace(town.policy, few_below=3)
    assert policy.few_below == 3
