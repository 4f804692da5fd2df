"""The activity board by itself: what it keeps and tells, and that it does nothing for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, cast

import msgpack
import pytest

from rooms import activity_store, log
from rooms.activity import HOUR, MINUTE_MS, Activity
from rooms.call import Call
from rooms.event import Entry
from rooms.feed import Lost, RolledBack, Told
from rooms.keys import partition_of
from rooms.message import Post, post
from rooms.person import Organisation, Person, Role
from rooms.place import Places
from rooms.refusal import Refusal
from rooms.town import Town
from server import board as boards
from server.board import Board
from server.client import Client
from server.connection import Connection
from tests import contract as fits
from tests.town import DE_VISSEN, ESCAMP, JAN_LUYKENLAAN, MOERWIJK_WEST, MovedClock, client_id

YPENBURG = "GM0518.leidschenveen-ypenburg"


class Ear:
    """A connection that keeps what it is given. ready: set while it takes what it is sent."""

    def __init__(self) -> None:
        self.open, self.ended = True, ""
        self.frames: list[bytes] = []
        self.ready = asyncio.Event()
        self.ready.set()

    def send(self, frame: bytes) -> None:
        self.frames.append(frame)

    async def writable(self) -> bool:
        await self.ready.wait()
        return self.open

    def close(self, reason: str, _code: int) -> None:
        self.open, self.ended = False, reason

    def heard(self) -> list[dict[str, Any]]:
        """What came since this was last asked, each as the tables have it."""
        frames, self.frames = self.frames, []
        packets = [msgpack.unpackb(frame[{126: 4, 127: 10}.get(frame[1], 2) :]) for frame in frames]
        for packet in packets:
            fits.check_event(*packet["data"])
        return [packet["data"][1] for packet in packets if packet["data"][0] == "board.changed"]

    def rows(self) -> dict[str, dict[str, Any]]:
        return {row["room"]: row for told in self.heard() for row in told["rooms"]}


class Room:
    """A board, and who sits before it. say: what the feed would bring."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.tasks: list[asyncio.Task[None]] = []
        self.board = Board(town, self.spawn)
        self.seqs: dict[str, int] = {}

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.ensure_future(coroutine))

    async def settle(self) -> None:
        """Everything that was spawned is over."""
        while self.tasks:
            await self.tasks.pop()

    def seat(self, *areas: str, organisation: Organisation = Organisation.POLICE) -> tuple[Client, Ear]:
        """Somebody of the staff, connected and welcomed."""
        ear = Ear()
        client = Client(cast(Connection, ear), "sid", "vega", "session")
        client.person = Person(id="vega", name="Vega", role=Role.MODERATOR, organisation=organisation,
                               jurisdiction=areas or (ESCAMP,))  # fmt: skip
        client.welcome({})
        ear.frames.clear()
        return client, ear

    async def watching(self, *areas: str, **more: Any) -> tuple[Client, Ear]:
        client, ear = self.seat(*areas, **more)
        self.board.watch(client)
        await self.settle()
        return client, ear

    def say(self, room: str = JAN_LUYKENLAAN, name: str = "message.posted", **data: Any) -> None:
        self.seqs[room] = self.seqs.get(room, 0) + 1
        by = {"id": "x", "name": "Ada", "role": "resident"}
        self.board.take(Entry(room, self.seqs[room], self.town.clock.now_ms(), name, by, {"text": "GEHEIM", **data}))


@pytest.fixture
async def room(town: Town, clock: MovedClock) -> AsyncIterator[Room]:
    """At the beginning of a minute, so that a story without a clock stays in one."""
    clock.forward(ms=MINUTE_MS - clock.now_ms() % MINUTE_MS)
    room = Room(town)
    yield room
    await room.settle()


# for nobody ------------------------------------------------------------------------------------------


async def test_nothing_is_done_while_nobody_watches(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """No question to the store, nothing kept of what happens."""

    async def never(*_: Any) -> dict[str, Activity]:
        raise AssertionError("somebody asked the store")

    monkeypatch.setattr(activity_store, "load", never)
    monkeypatch.setattr(activity_store, "here", never)
    for _ in range(3):
        room.say()
        room.board.take(Lost(partition_of(JAN_LUYKENLAAN)))
        await room.board.tell()
    assert not room.tasks
    assert not room.board.knows


async def test_the_last_one_to_leave_switches_it_off(room: Room) -> None:
    """What is kept stays while one watches, and is forgotten with the last, by word or by a lost connection."""
    here, _ = await room.watching()
    there, ear = await room.watching()
    room.board.unwatch(here)
    await room.board.tell()
    assert room.board.knows
    ear.open = False
    await room.board.tell()
    assert not room.board.knows
    assert not room.board.watchers
    room.board.unwatch(there)


# what is told ----------------------------------------------------------------------------------------


async def test_a_board_begins_with_every_room_of_the_jurisdiction(room: Room) -> None:
    """In pieces, the first of which says that it begins; each room once and whole."""
    _, ear = await room.watching()
    told = ear.heard()
    rows = [row for one in told for row in one["rooms"]]
    places = room.town.places
    inside = {one.id for one in places.rooms() if one.kind != "desk" and places.covers(ESCAMP, one.place)}
    assert [one.get("whole", False) for one in told] == [True] + [False] * (len(told) - 1)
    assert max(len(one["rooms"]) for one in told) <= boards.PIECE
    assert sorted(row["room"] for row in rows) == sorted(inside)
    street = next(row for row in rows if row["room"] == JAN_LUYKENLAAN)
    assert street == {"room": JAN_LUYKENLAAN, "name": "Jan Luykenlaan", "kind": "street", "area": MOERWIJK_WEST,
                      "here": 0, "minutes": [0] * HOUR, "warnings": [], "cases": [], "reports": [], "alerts": [],
                      "staff": 0, "why": "quiet", "score": 0}  # fmt: skip


async def test_only_what_changed_is_told(room: Room) -> None:
    """Once each time, whatever happened in between; nothing where nothing did."""
    _, ear = await room.watching()
    await room.board.tell()
    ear.heard()
    for _ in range(3):
        room.say()
    room.say(DE_VISSEN)  # not theirs
    await room.board.tell()
    (told,) = ear.heard()
    assert told["rooms"] == [{"room": JAN_LUYKENLAAN, "minutes": [3], "why": "talking", "score": 1003}]
    await room.board.tell()
    assert ear.heard() == []


async def test_who_watches_the_same_is_told_by_the_same_frame(room: Room) -> None:
    """Made once, however many look on."""
    ears = [(await room.watching())[1] for _ in range(3)]
    await room.board.tell()
    for ear in ears:
        ear.heard()
    room.say()
    await room.board.tell()
    frames = [frame for ear in ears for frame in ear.frames]
    assert len(frames) == 3
    assert len({id(frame) for frame in frames}) == 1


async def test_who_comes_later_is_told_what_the_others_know(room: Room) -> None:
    """And nobody misses a difference by that."""
    _, first = await room.watching()
    await room.board.tell()
    first.heard()
    room.say()
    _, second = await room.watching()
    rows = second.rows()
    await room.board.tell()
    for ear, before in ((first, [0] * HOUR), (second, rows[JAN_LUYKENLAAN]["minutes"])):
        changed = ear.rows()[JAN_LUYKENLAAN]["minutes"]
        assert [*before[: HOUR - len(changed)], *changed][-1] == 1


async def test_the_hour_is_right_when_it_is_over(room: Room, clock: MovedClock) -> None:
    """Somebody who has watched for 90 minutes by the clock, and somebody who comes then, see the same minutes."""
    _, ear = await room.watching()
    shown, last_ms = ear.rows()[JAN_LUYKENLAAN]["minutes"], room.town.clock.now_ms()
    said: list[int] = []
    for number in range(90):
        clock.forward(minutes=1)
        for _ in range(number % 4):
            room.say()
            said.append(room.town.clock.now_ms() // MINUTE_MS)
        await room.board.tell()
        for told in ear.heard():
            shown, last_ms = _shown(shown, last_ms, told)
    now_ms = room.town.clock.now_ms()
    shown, _ = _shown(shown, last_ms, {"now": now_ms, "rooms": []})
    assert shown == [said.count(now_ms // MINUTE_MS - ago) for ago in range(HOUR - 1, -1, -1)]
    _, late = await room.watching()
    assert late.rows()[JAN_LUYKENLAAN]["minutes"] == shown


def _shown(before: list[int], last_ms: int, told: dict[str, Any]) -> tuple[list[int], int]:
    """What a client makes of a difference: the minutes move on, the last of them are replaced."""
    gone = told["now"] // MINUTE_MS - last_ms // MINUTE_MS
    moved = (before + [0] * gone)[-HOUR:]
    changed = [row["minutes"] for row in told["rooms"] if row["room"] == JAN_LUYKENLAAN and "minutes" in row]
    last = changed[0] if changed else []
    return moved[: HOUR - len(last)] + last, told["now"]


async def test_a_room_cools_down_by_itself(room: Room, clock: MovedClock) -> None:
    """Time changes why a room stands where it stands, without anybody saying anything."""
    _, ear = await room.watching()
    for _ in range(20):
        room.say()
    await room.board.tell()
    assert ear.rows()[JAN_LUYKENLAAN]["why"] == "lively"
    clock.forward(minutes=6)
    await room.board.tell()
    assert ear.rows()[JAN_LUYKENLAAN] == {"room": JAN_LUYKENLAAN, "why": "quiet", "score": 0}


async def test_what_happens_goes_before_what_only_ages(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more rooms than one telling holds, the others follow in the next ones."""
    monkeypatch.setattr(boards, "MOST", 1)
    _, ear = await room.watching()
    while room.board.waiting:
        await room.board.tell()
    ear.heard()
    room.say(MOERWIJK_WEST)
    room.say()
    for expected in (MOERWIJK_WEST, JAN_LUYKENLAAN):
        await room.board.tell()
        assert set(ear.rows()) == {expected}


async def test_no_word_of_an_entry_is_told(room: Room) -> None:
    """Neither at the beginning nor later."""
    client, ear = await room.watching()
    room.say()
    room.say(name="warning.raised", kind="fire", severity="severe", until=room.town.clock.now_ms() + 9_999)
    await room.board.tell()
    room.board.watch(client)
    await room.settle()
    frames = b"".join(ear.frames)
    assert b"fire" in frames
    assert b"GEHEIM" not in frames
    assert b"Ada" not in frames


async def test_a_page_beside_the_log_moves_the_clock(room: Room) -> None:
    """A deadline that starts anew is no entry, and is on the board all the same; a word to the staff is not ours."""
    _, ear = await room.watching()
    case = {"id": "p07.aaaaaaaaaaaa", "version": 1, "to": "police", "state": "accepted", "urgency": "urgent",
            "since": 1, "deadline": 5}  # fmt: skip
    room.say(name="escalation.accepted", case=case)
    await room.board.tell()
    assert ear.rows()[JAN_LUYKENLAAN]["why"] == "handled"
    room.board.take(Told("case.changed", {"case": case | {"version": 2, "deadline": 9}}, room=JAN_LUYKENLAAN))
    room.board.take(Told("duty.changed", {"on": True}, organisation="police"))
    room.board.take(Told("typing.started", {"room": JAN_LUYKENLAAN}, room=JAN_LUYKENLAAN))
    await room.board.tell()
    (told,) = ear.heard()
    assert [row["cases"][0]["deadline"] for row in told["rooms"]] == [9]


async def test_reports_are_for_those_who_decide(room: Room) -> None:
    """The municipality's moderators see that one waits; the police see a quiet street."""
    _, police = await room.watching()
    _, municipality = await room.watching(organisation=Organisation.MUNICIPALITY)
    report = {"report": "p07.bbbbbbbbbbbb", "version": 1, "room": JAN_LUYKENLAAN, "state": "waiting", "deadline": 1}
    room.board.take(Told("report.changed", {"report": report}, organisation="municipality"))
    await room.board.tell()
    assert municipality.rows()[JAN_LUYKENLAAN]["why"] == "overdue_report"
    assert police.rows()[JAN_LUYKENLAAN]["reports"] == []
    assert JAN_LUYKENLAAN not in police.rows()


# what changes meanwhile ------------------------------------------------------------------------------


async def test_what_happens_while_a_room_is_read_is_counted_once(
    room: Room, resident: Callable[..., Awaitable[Person]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry that the reading has seen already is not counted again, one that came after it is."""
    ada = await resident("Ada")
    load = activity_store.load

    async def slow(town: Town, rooms: list[str]) -> dict[str, Activity]:
        early = await _post(town, ada, 1)
        found = await load(town, rooms)
        late = await _post(town, ada, 2)
        for entry in (*early, *late):
            room.board.take(entry)
        return found

    monkeypatch.setattr(activity_store, "load", slow)
    client, ear = room.seat(JAN_LUYKENLAAN)
    room.board.watch(client)
    await room.settle()
    assert ear.rows()[JAN_LUYKENLAAN]["minutes"][-1] == 2


async def _post(town: Town, person: Person, count: int) -> list[Entry]:
    """The entry that a message became."""
    asked = Post(room=JAN_LUYKENLAAN, client_id=client_id("Ada", count), text="Hallo")
    seq = (await post(town, Call(person, asked, town.clock.now_ms(), f"{count:016}")))["seq"]
    return await log.between(town.store, JAN_LUYKENLAAN, seq, seq)


async def test_who_comes_while_the_last_one_leaves_finds_everything(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was being read for somebody who has gone is forgotten with them, and read anew."""
    load, going = activity_store.load, asyncio.Event()
    first, first_ear = room.seat(JAN_LUYKENLAAN)
    second, second_ear = room.seat(JAN_LUYKENLAAN)

    async def slow(town: Town, rooms: list[str]) -> dict[str, Activity]:
        found = await load(town, rooms)
        if not going.is_set():
            going.set()
            room.board.unwatch(first)
            room.say()  # nobody watches: nobody counts it
            room.seqs.clear()
            room.board.watch(second)
        return found

    monkeypatch.setattr(activity_store, "load", slow)
    room.board.watch(first)
    await room.settle()
    room.say()
    await room.board.tell()
    assert first_ear.heard() == []
    assert second_ear.rows()[JAN_LUYKENLAAN]["minutes"] == [1]


async def test_a_feed_that_lost_something_is_made_good(room: Room, resident: Callable[..., Awaitable[Person]]) -> None:
    """The rooms of that partition are read again, and the difference is told."""
    ada = await resident("Ada")
    _, ear = await room.watching()
    await room.board.tell()
    ear.heard()
    await _post(room.town, ada, 1)
    room.board.take(Lost(partition_of(JAN_LUYKENLAAN)))
    await room.settle()
    await room.board.tell()
    assert ear.rows()[JAN_LUYKENLAAN]["minutes"] == [1]


async def test_a_store_that_came_back_with_less_is_believed(
    room: Room, resident: Callable[..., Awaitable[Person]]
) -> None:  # fmt: skip
    """What it forgot is taken from the board, and what is written under the same numbers anew is counted."""
    ada = await resident("Ada")
    _, ear = await room.watching(JAN_LUYKENLAAN)
    room.seqs[JAN_LUYKENLAAN] = 1  # her coming
    for _ in range(9):
        room.say()
    await room.board.tell()
    assert ear.rows()[JAN_LUYKENLAAN]["minutes"][-1] == 9
    room.board.take(RolledBack(partition_of(JAN_LUYKENLAAN)))
    await room.settle()
    for entry in await _post(room.town, ada, 1):
        assert entry.seq < 9
        room.board.take(entry)
    await room.board.tell()
    assert ear.rows()[JAN_LUYKENLAAN]["minutes"] == [1]


@pytest.mark.parametrize("fault", [Refusal("unavailable", retry_after_ms=1), KeyError("a fault of ours")])
async def test_what_could_not_be_read_again_stood_still(
    room: Room, resident: Callable[..., Awaitable[Person]], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """The boards come again; who comes before the others have gone is not told what was known before the loss."""
    ada = await resident("Ada")
    first, ear = await room.watching(JAN_LUYKENLAAN)
    load = activity_store.load

    async def away(*_: Any) -> dict[str, Activity]:
        await _post(room.town, ada, 1)
        raise fault

    monkeypatch.setattr(activity_store, "load", away)
    room.board.take(Lost(partition_of(JAN_LUYKENLAAN)))
    await room.settle()
    assert ear.ended
    monkeypatch.setattr(activity_store, "load", load)
    _, second = await room.watching(JAN_LUYKENLAAN)
    await room.board.tell()
    minutes = [row["minutes"] for told in second.heard() for row in told["rooms"] if "minutes" in row]
    assert minutes[-1][-1] == 1
    assert first not in room.board.watchers


async def test_a_slow_client_is_given_one_piece_after_the_other(
    room: Room, resident: Callable[..., Awaitable[Person]]
) -> None:
    """Nothing is sent to who does not take it; what changes meanwhile is in the pieces."""
    ada = await resident("Ada")
    client, ear = room.seat()
    ear.ready.clear()
    room.board.watch(client)
    for _ in range(20):
        await room.board.tell()
    assert ear.heard() == []
    for entry in await _post(room.town, ada, 1):
        room.board.take(entry)
    ear.ready.set()
    await room.settle()
    assert ear.rows()[JAN_LUYKENLAAN]["minutes"][-1] == 1


async def test_asking_again_while_it_begins_begins_nothing_anew(room: Room) -> None:
    """However often a client asks, it is told every room once; later it may begin anew."""
    client, ear = room.seat()
    for _ in range(50):
        room.board.watch(client)
    assert len(room.tasks) == 1
    await room.settle()
    rows = [row["room"] for told in ear.heard() for row in told["rooms"]]
    assert len(rows) == len(set(rows))
    room.board.watch(client)
    await room.settle()
    assert ear.heard()[0]["whole"]


async def test_another_jurisdiction_is_another_board(room: Room) -> None:
    """Who is given another district sees that one from the next telling on, and nothing more of the first."""
    client, ear = await room.watching()
    ear.heard()
    client.person = Person(id="vega", name="Vega", role=Role.OFFICER, organisation=Organisation.POLICE,
                           jurisdiction=(YPENBURG,))  # fmt: skip
    room.say()
    await room.board.tell()
    await room.settle()
    told = ear.heard()
    assert told[0]["whole"]
    seen = {row["room"] for one in told for row in one["rooms"]}
    assert DE_VISSEN in seen
    assert JAN_LUYKENLAAN not in seen


async def test_who_loses_the_right_is_told_nothing_more(room: Room) -> None:
    """A moderator who becomes an auditor watches no longer."""
    client, ear = await room.watching()
    ear.heard()
    client.person = Person(id="vega", name="Vega", role=Role.AUDITOR)
    room.say()
    await room.board.tell()
    assert ear.frames == []
    assert not room.board.watchers


async def test_a_right_that_was_lost_while_the_store_was_slow_was_told_on(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is told goes by what the person may see when it leaves, not when it was asked for."""
    client, ear = await room.watching()
    ear.heard()

    async def slow(*_: Any) -> dict[str, int]:
        client.person = Person(id="vega", name="Vega", role=Role.AUDITOR)
        return {}

    monkeypatch.setattr(activity_store, "here", slow)
    room.say()
    await room.board.tell()
    assert ear.frames == []
    assert not room.board.knows


async def test_a_piece_that_waited_was_of_the_old_jurisdiction(room: Room) -> None:
    """A slow client whose person has another district by now is given nothing more of the first."""
    client, ear = room.seat()
    ear.ready.clear()
    room.board.watch(client)
    await asyncio.sleep(0)
    client.person = Person(id="vega", name="Vega", role=Role.OFFICER, organisation=Organisation.POLICE,
                           jurisdiction=(YPENBURG,))  # fmt: skip
    ear.ready.set()
    await room.settle()
    assert ear.frames == []
    await room.board.tell()
    await room.settle()
    assert JAN_LUYKENLAAN not in ear.rows()


async def test_new_places_are_a_new_board(room: Room) -> None:
    """After an import every board begins anew, without the rooms that are gone."""
    _, ear = await room.watching()
    ear.heard()
    places = [place for place in room.town.places if place.id != JAN_LUYKENLAAN]
    room.town.places = Places(places)
    room.say()
    await room.board.tell()
    await room.settle()
    told = ear.heard()
    assert told[0]["whole"]
    assert JAN_LUYKENLAAN not in {row["room"] for one in told for row in one["rooms"]}


async def test_without_the_store_the_client_comes_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A board that can't begin is no board that stands still."""

    async def away(*_: Any) -> dict[str, Activity]:
        raise Refusal("unavailable", retry_after_ms=1)

    monkeypatch.setattr(activity_store, "load", away)
    _, ear = await room.watching()
    assert ear.ended == "board refused"
