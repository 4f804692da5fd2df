"""The fan-out by itself: who is given which entry when feeds repeat, skip and go back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import msgpack
import pytest
from structlog.testing import capture_logs

from rooms import account, guest, log
from rooms.event import Entry
from rooms.feed import Item, Lost, RolledBack, Told
from rooms.given import Point
from rooms.keys import partition_of, partition_of_person
from rooms.person import Organisation, Person, Role
from rooms.refusal import Refusal
from rooms.town import Town
from server.client import Client
from server.connection import Connection
from server.engine import Engine, Settings
from server.fanout import Fanout
from server.packet import event_frame
from server.room_line import Line
from server.turn import Turn
from tests.town import DE_VISSEN, ESCAMP, JAN_LUYKENLAAN

ROOM = JAN_LUYKENLAAN
CASE = "p07.k3m9x2w7q4v5"
OF_CASE = f"case:{CASE}"
ELSEWHERE = "p03.k3m9x2w7q4v5"


class Ear:
    """A connection that keeps what it is given: (event, payload)."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self.open, self.out, self.out_bytes = True, list[bytes](), 0

    def send(self, frame: bytes) -> None:
        self._turn.spread()
        self.out.append(frame)

    def close(self, _reason: str, _code: int) -> None:
        self.open = False

    def heard(self) -> list[tuple[str, Any]]:
        self._turn.spread()
        packets = [msgpack.unpackb(frame[_head(frame) :]) for frame in self.out]
        return [(packet["data"][0], packet["data"][1]) for packet in packets]

    def seqs(self) -> list[int]:
        return [payload["seq"] for _, payload in self.heard() if "seq" in payload]


def _head(frame: bytes) -> int:
    """The length of a server frame's head."""
    return {126: 4, 127: 10}.get(frame[1], 2)


class Shelf:
    """What the log is told to hold."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, int], Entry] = {}
        self.heads: dict[str, log.Head] = {}
        self.raised: list[str] = []

    def put(self, *entries: Entry) -> None:
        self.entries |= {(entry.room, entry.seq): entry for entry in entries}

    async def between(self, _store: object, room: str, first: int, last: int) -> list[Entry]:
        return [self.entries[room, seq] for seq in range(first, last + 1) if (room, seq) in self.entries]

    async def read_heads(self, _store: object, rooms: list[str]) -> dict[str, log.Head]:
        return {room: self.heads.get(room, log.Head(0, 0, 1)) for room in rooms}

    async def raise_epoch(self, _store: object, room: str, known: int, _now_ms: int) -> int:
        self.raised.append(room)
        return known + 1


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf()
    monkeypatch.setattr(log, "between", shelf.between)
    monkeypatch.setattr(log, "heads", shelf.read_heads)
    monkeypatch.setattr(log, "raise_epoch", shelf.raise_epoch)
    return shelf


@pytest.fixture
async def fanout(town: Town, shelf: Shelf) -> Fanout:
    return Fanout(town, Engine(Settings(), ticking=False))  # whose loop never begins: nothing is written


def client(fanout: Fanout, person: str = "ada") -> tuple[Client, Ear]:
    """A client that has been welcomed, and what it hears: of somebody who lives in the Jan Luykenlaan."""
    client, ear = stranger(fanout, person)
    client.person = Person(id=person, name="", role=Role.RESIDENT, street=ROOM)
    fanout.recognise(client)
    return client, ear


def stranger(fanout: Fanout, person: str) -> tuple[Client, Ear]:
    """A client whose session is being looked up still."""
    ear = Ear(fanout._engine.turn)
    client = Client(cast("Connection", ear), f"sid of {person}", person, "session")
    client.welcome({})
    ear.out.clear()
    fanout.arrive(client)
    return client, ear


def entry(seq: int, name: str = "message.posted", room: str = ROOM, **data: Any) -> Entry:
    packed = msgpack.packb({"name": name, "by": {"id": "ben", "name": "Ben", "role": "resident"}, "data": data})
    return Entry.unpack(room, seq, 1_000 + seq, packed)


async def give(fanout: Fanout, *seqs: int) -> None:
    for seq in seqs:
        await fanout.take(entry(seq))


async def test_entries_go_out_in_order_once(fanout: Fanout) -> None:
    """A feed that repeats itself gives nobody anything twice."""
    ada, ear = client(fanout)
    assert fanout.subscribe(ada, ROOM, 4)
    await give(fanout, 3, 4, 5, 6, 5, 6, 7)
    assert ear.seqs() == [5, 6, 7]


async def test_who_was_given_more_than_the_line_is_passed_over(fanout: Fanout) -> None:
    """Two clients whose pages ended at different entries are each given what follows their own."""
    (ada, hers), (ben, his) = client(fanout, "ada"), client(fanout, "ben")
    assert fanout.subscribe(ada, ROOM, 4)
    assert fanout.subscribe(ben, ROOM, 7)
    await give(fanout, 5, 6, 7, 8, 9)
    assert (hers.seqs(), his.seqs()) == ([5, 6, 7, 8, 9], [8, 9])
    assert not fanout.lines[ROOM].fresh


async def test_a_page_that_ends_before_the_line_is_not_enough(fanout: Fanout) -> None:
    """Who was given less than the others are waiting for must be given the rest first, or it would be missed."""
    (ada, hers), (ben, his) = client(fanout, "ada"), client(fanout, "ben")
    assert fanout.subscribe(ada, ROOM, 7)
    assert not fanout.subscribe(ben, ROOM, 6)
    assert ben.rooms == set()
    assert fanout.subscribe(ben, ROOM, 7)
    await give(fanout, 7, 8)
    assert (hers.seqs(), his.seqs()) == ([8], [8])


async def test_what_was_seen_while_nobody_was_here_counts(fanout: Fanout) -> None:
    """A page older than what this process has seen go by is refused, although the room had no clients then."""
    await give(fanout, 5)
    ada, _ = client(fanout)
    assert not fanout.subscribe(ada, ROOM, 4)
    assert ROOM not in fanout.lines
    assert fanout.subscribe(ada, ROOM, 5)


async def test_a_gap_is_filled_from_the_log(fanout: Fanout, shelf: Shelf) -> None:
    """Entries that the feed did not bring come first, from the log; what was blanked meanwhile stays a hole."""
    ada, ear = client(fanout)
    fanout.subscribe(ada, ROOM, 1)
    shelf.put(entry(2), entry(3), entry(5))
    await give(fanout, 6, 7)
    assert ear.seqs() == [2, 3, 5, 6, 7]


async def test_after_a_trimmed_feed_every_open_room_is_filled(fanout: Fanout, shelf: Shelf) -> None:
    """The heads of the open rooms of that partition tell what is missing; other partitions are left alone."""
    ada, ear = client(fanout)
    fanout.subscribe(ada, ROOM, 1)
    fanout.subscribe(ada, DE_VISSEN, 1)
    assert partition_of(ROOM) != partition_of(DE_VISSEN)
    shelf.put(*(entry(seq) for seq in range(2, 1202)), entry(2, room=DE_VISSEN))
    shelf.heads = {ROOM: log.Head(1201, 1, 1), DE_VISSEN: log.Head(2, 1, 1)}
    await fanout.take(Lost(partition_of(ROOM)))
    await give(fanout, 1200, 1201, 1202)
    assert ear.seqs() == list(range(2, 1203))


async def test_a_membership_that_ended_in_a_gap_is_ended(fanout: Fanout, shelf: Shelf) -> None:
    """Who left while the feed was not heard is given the leaving and nothing after it."""
    ada, ear = client(fanout)
    fanout.subscribe(ada, ROOM, 1)
    shelf.put(entry(2, "member.left", person={"id": "ada"}, reason="moved"), entry(3))
    await give(fanout, 4)
    assert ear.seqs() == [2]
    assert ear.heard()[-1] == ("room.closed", {"room": ROOM})
    assert (ada.rooms, fanout.lines) == (set(), {})


async def test_a_rollback_is_told_and_delivery_goes_on_from_there(fanout: Fanout, shelf: Shelf) -> None:
    """Redis came back with less: the epoch rises, the clients are told, and what is written anew reaches them."""
    ada, ear = client(fanout)
    fanout.subscribe(ada, ROOM, 4)
    await give(fanout, 5, 6)
    shelf.heads = {ROOM: log.Head(5, 70, 1)}
    await fanout.take(RolledBack(partition_of(ROOM)))
    assert ear.heard()[-1] == ("reset", {"room": ROOM, "epoch": 71, "oldest": 1, "head": 5})
    await give(fanout, 6, 7)
    assert ear.seqs() == [5, 6, 6, 7]


async def test_a_rollback_finds_rooms_that_were_only_read(fanout: Fanout, shelf: Shelf) -> None:
    """A room whose entries this process knows from a page alone is reset too, or its next entries would be dropped."""
    ada, ear = client(fanout)
    fanout.subscribe(ada, ROOM, 10)
    shelf.heads = {ROOM: log.Head(8, 70, 1)}
    await fanout.take(RolledBack(partition_of(ROOM)))
    await give(fanout, 9, 10, 11)
    assert [name for name, _ in ear.heard()] == ["reset", *["message.posted"] * 3]


async def test_rooms_that_lost_nothing_are_left_in_peace(fanout: Fanout, shelf: Shelf) -> None:
    """A rollback of the partition resets only the rooms whose head went back."""
    ada, ear = client(fanout)
    fanout.subscribe(ada, ROOM, 4)
    shelf.heads = {ROOM: log.Head(4, 70, 1)}
    await fanout.take(RolledBack(partition_of(ROOM)))
    assert (ear.heard(), shelf.raised) == ([], [])


async def test_who_joins_is_opened_and_who_left_is_closed(fanout: Fanout) -> None:
    """A membership's beginning is told to the gateway once; its end is the last entry that is given."""
    opened: list[tuple[str, str]] = []
    fanout.on_entered = lambda client, room: opened.append((client.person_id, room))
    ada, ear = client(fanout)
    await fanout.take(entry(1, "member.joined", person={"id": "ada"}))
    assert opened == [("ada", ROOM)]
    fanout.subscribe(ada, ROOM, 1)
    await fanout.take(entry(2, "member.joined", person={"id": "ada"}))
    assert len(opened) == 1
    await fanout.take(entry(3, "member.left", person={"id": "ada"}, reason="moved"))
    await give(fanout, 4)
    assert ear.seqs() == [2, 3]
    assert ear.heard()[-1] == ("room.closed", {"room": ROOM})
    assert fanout.given.take()[ROOM][-1] == Point("ada", 3, is_here=False)


async def test_before_the_welcome_everything_waits(fanout: Fanout) -> None:
    """What concerns a client that is still being welcomed comes behind the welcome, and only the end goes before."""
    ear = Ear(fanout._engine.turn)
    ada = Client(cast("Connection", ear), "sid", "ada", "session")
    ada.send("room.read_moved", {"room": ROOM})
    assert ear.heard() == []
    ada.welcome({"now": 1})
    assert [name for name, _ in ear.heard()] == ["welcome", "room.read_moved"]
    late = Client(cast("Connection", Ear(fanout._engine.turn)), "sid", "ada", "session")
    late.send_last("session.ended", {"reason": "everywhere"})
    assert len(cast("Ear", late.connection).out) == 1


async def test_a_page_that_waited_for_a_welcome_was_counted_as_sent(fanout: Fanout) -> None:
    """So was one to a connection that had ended: it is counted when it leaves for a device, and in a welcome too."""
    ear, page = Ear(fanout._engine.turn), {"case": {"id": CASE}}
    vega = Client(cast("Connection", ear), "sid", "vega", "session")
    vega.send("escalation.paged", page)
    assert vega.pages == set()
    vega.welcome({"cases": [{"id": ELSEWHERE, "paged": True}, {"id": "p01.k3m9x2w7q4v5"}]})
    assert vega.pages == {CASE, ELSEWHERE}
    vega.pages.clear()
    ear.open = False
    vega.send("escalation.paged", page)
    assert vega.pages == set()
    gone = Client(cast("Connection", ear), "sid", "vega", "session")
    gone.welcome({"cases": [{"id": ELSEWHERE, "paged": True}]})
    assert gone.pages == set()


async def test_a_signal_goes_to_its_room_or_its_person(fanout: Fanout) -> None:
    """Fleeting events reach the clients of the room; what concerns a person reaches the gateway per client."""
    signals: list[tuple[str, str]] = []

    async def note(client: Client, told: Told) -> None:
        signals.append((client.person_id, told.name))

    fanout.on_signal = note
    (ada, hers), (_, his) = client(fanout, "ada"), client(fanout, "ben")
    fanout.subscribe(ada, ROOM, 1)
    await fanout.take(Told("typing.started", {"room": ROOM}, room=ROOM))
    await fanout.take(Told("session.ended", {"reason": "everywhere"}, person="ben"))
    assert (hers.heard(), his.heard()) == ([("typing.started", {"room": ROOM})], [])
    assert signals == [("ben", "session.ended")]


def officer(fanout: Fanout, person: str, area: str, organisation: Organisation = Organisation.POLICE) -> Ear:
    """A member of the staff of an area who is connected."""
    member, ear = stranger(fanout, person)
    known_as(fanout, member, area, organisation)
    return ear


def known_as(
    fanout: Fanout, member: Client, area: str, organisation: Organisation = Organisation.POLICE
) -> None:  # fmt: skip
    """The session has been looked up: it is of the staff of an area."""
    member.person = Person(
        id=member.person_id, name="", role=Role.MODERATOR, organisation=organisation, jurisdiction=(area,)
    )  # fmt: skip
    fanout.recognise(member)


def changed(room: str = ROOM, also: tuple[str, ...] = ()) -> Told:
    """A case as a desk of the police is told of it. also: whom it has reached."""
    case = {"id": CASE, "room": room, "place": {"id": ROOM, "name": "Jan Luykenlaan"}}
    return Told("case.changed", {"case": case}, organisation="police", also=also)


async def test_a_case_is_told_to_the_staff_whose_area_it_is_in(fanout: Fanout) -> None:
    """Of the organisation, and there; neighbours hear of it in their room, if at all."""
    there, elsewhere = officer(fanout, "vega", ESCAMP), officer(fanout, "yilmaz", DE_VISSEN)
    others = officer(fanout, "bakker", ESCAMP, Organisation.MUNICIPALITY)
    _, neighbour = client(fanout, "ada")
    await fanout.take(changed())
    assert [name for name, _ in there.heard()] == ["case.changed"]
    assert [ear.heard() for ear in (elsewhere, others, neighbour)] == [[], [], []]


async def test_a_word_to_the_staff_was_put_into_a_frame_for_each(
    fanout: Fanout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the same for two hundred, and each move of each case is one; who waits for the welcome has it too."""
    ears = [officer(fanout, person, ESCAMP) for person in ("vega", "prins", "visser")]
    made: list[str] = []

    def count(name: str, data: dict[str, Any]) -> bytes:
        made.append(name)
        return event_frame(name, data)

    monkeypatch.setattr("server.fanout.event_frame", count)
    monkeypatch.setattr("server.client.event_frame", count)
    await fanout.take(changed())
    assert [[name for name, _ in ear.heard()] for ear in ears] == [["case.changed"]] * 3
    assert made == ["case.changed"]


async def test_who_is_in_the_room_of_a_case_is_told_there(fanout: Fanout) -> None:
    """A page would take away what the room's entry has told."""
    ear = officer(fanout, "vega", ESCAMP)
    (vega,) = fanout.people["vega"]
    fanout.subscribe(vega, ROOM, 0)
    await fanout.take(changed())
    assert ear.heard() == []


async def test_who_was_called_from_outside_is_told_what_becomes_of_it(fanout: Fanout) -> None:
    """Staff of elsewhere whom the call has reached, or who had it, would else keep a page of what is long over."""
    called, elsewhere = officer(fanout, "yilmaz", DE_VISSEN), officer(fanout, "prins", DE_VISSEN)
    others = officer(fanout, "bakker", DE_VISSEN, Organisation.MUNICIPALITY)
    await fanout.take(changed(also=("yilmaz", "bakker")))
    assert [name for name, _ in called.heard()] == ["case.changed"]
    assert [ear.heard() for ear in (elsewhere, others)] == [[], []]


async def test_who_was_called_and_is_in_the_room_is_told_there(fanout: Fanout) -> None:
    """Wherever from: what the room tells has more in it."""
    ear = officer(fanout, "yilmaz", DE_VISSEN)
    (yilmaz,) = fanout.people["yilmaz"]
    fanout.subscribe(yilmaz, ROOM, 0)
    await fanout.take(changed(also=("yilmaz",)))
    assert ear.heard() == []


async def test_what_staff_were_told_during_the_look_up_is_told_then(fanout: Fanout) -> None:
    """A desk that was read before a case changed would be wrong until it changed again."""
    vega, hers = stranger(fanout, "vega")
    yilmaz, his = stranger(fanout, "yilmaz")
    _, neighbour = client(fanout, "ada")
    await fanout.take(changed())
    assert hers.heard() == []
    known_as(fanout, vega, ESCAMP)
    known_as(fanout, yilmaz, DE_VISSEN)
    assert [name for name, _ in hers.heard()] == ["case.changed"]
    assert [ear.heard() for ear in (his, neighbour)] == [[], []]


async def test_who_has_another_area_now_is_told_of_that(fanout: Fanout) -> None:
    """The index knows the person as it is."""
    ear = officer(fanout, "vega", DE_VISSEN)
    (vega,) = fanout.people["vega"]
    known_as(fanout, vega, ESCAMP)
    await fanout.take(changed())
    assert [name for name, _ in ear.heard()] == ["case.changed"]


async def test_who_left_during_the_look_up_is_not_kept(fanout: Fanout) -> None:
    """Nothing is left of a client that went before it was known."""
    vega, _ = stranger(fanout, "vega")
    fanout.depart(vega)
    known_as(fanout, vega, ESCAMP)
    assert (fanout.connected.staff, fanout.connected.strangers, fanout.people) == ({}, {}, {})


async def test_duty_is_told_to_the_whole_organisation(fanout: Fanout) -> None:
    """Wherever in town."""
    ears = [officer(fanout, "vega", ESCAMP), officer(fanout, "yilmaz", DE_VISSEN)]
    await fanout.take(Told("duty.changed", {"on": True}, organisation="police"))
    assert [len(ear.heard()) for ear in ears] == [1, 1]


async def test_staff_who_may_have_missed_a_page_come_back(fanout: Fanout) -> None:
    """Pages are in no room's log: after a trimmed feed the welcome tells what is open."""
    ear = officer(fanout, "vega", ESCAMP)
    await fanout.take(Lost(partition_of(DE_VISSEN)))
    assert not ear.open


@pytest.fixture
def opened(fanout: Fanout) -> list[tuple[str, str]]:
    """The rooms in which somebody is looked for, (person, room)."""
    opened: list[tuple[str, str]] = []
    fanout.on_entered = lambda client, room: opened.append((client.person_id, room))
    return opened


@pytest.mark.parametrize("loss", [Lost, RolledBack])
async def test_an_asker_finds_the_private_room_after_a_loss(
    fanout: Fanout, shelf: Shelf, town: Town, opened: list[tuple[str, str]], loss: type[Lost | RolledBack]
) -> None:
    """The word that the room is there was told to the asker alone, and is in no log: the room is looked for at once,
    and a neighbourhood is not sent away for it."""
    assert partition_of(OF_CASE) == partition_of(ROOM) not in map(partition_of_person, ("ada", "ben"))
    (ada, hers), (_, his) = client(fanout, "ada"), client(fanout, "ben")
    for room in account.rooms_of(ada.person, town.places):
        fanout.subscribe(ada, room, 0)
    await guest.note(town, "ada", OF_CASE)
    await guest.note(town, "ada", f"case:{ELSEWHERE}")
    await fanout.take(loss(partition_of(ROOM)))
    assert opened == [("ada", OF_CASE), *(("ben", room) for room in account.rooms_of(ada.person, town.places))]
    assert (hers.open, his.open) == (True, True)


async def test_after_a_rollback_desks_are_welcomed_anew(fanout: Fanout, shelf: Shelf) -> None:
    """Cases that staff were told of are there no longer, and nobody would say so."""
    ear = officer(fanout, "vega", ESCAMP)
    await fanout.take(RolledBack(partition_of(DE_VISSEN)))
    assert not ear.open


async def test_after_a_rollback_nobody_stays_in_the_room_of_a_case(fanout: Fanout, shelf: Shelf) -> None:
    """The case may be gone, and with it the membership: who is in its room is looked up again."""
    (ada, hers), (_, his) = client(fanout, "ada"), client(fanout, "ben")
    fanout.subscribe(ada, OF_CASE, 3)
    await fanout.take(RolledBack(partition_of(OF_CASE)))
    assert (hers.open, his.open) == (False, True)


async def test_the_log_names_no_room_of_a_case(fanout: Fanout, shelf: Shelf) -> None:
    """Whoever reads the program's log can't tell which private room it was; a street's name is no secret."""
    ada, ear = client(fanout)
    with capture_logs() as lines:
        for room in (OF_CASE, ROOM):
            fanout.subscribe(ada, room, 1)
            shelf.put(entry(2, room=room))
            await fanout.take(entry(3, room=room))
    assert ear.seqs() == [2, 3, 2, 3]
    assert [line["room"] for line in lines] == ["case:p07.k3m...", ROOM]
    assert CASE not in repr(lines)


async def test_one_failure_does_not_stop_the_others(fanout: Fanout, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that can't be read leaves the gap open; the next entry fills it."""
    ada, ear = client(fanout)
    fanout.subscribe(ada, ROOM, 1)
    read: Callable[..., Any] = log.between

    async def broken(*_asked: object) -> list[Entry]:
        raise OSError

    monkeypatch.setattr(log, "between", broken)
    await give(fanout, 3)
    assert ear.seqs() == []
    monkeypatch.setattr(log, "between", read)
    await give(fanout, 4)
    assert ear.seqs() == [4]
    assert fanout.lines[ROOM].position == 4


async def test_what_could_not_be_delivered_was_missing_from_the_board(
    fanout: Fanout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks on is told of every item, delivered or not; and where that fails, the next one is delivered."""
    ada, ear = client(fanout)
    fanout.subscribe(ada, ROOM, 0)
    looked_on, give_out = list[int](), fanout._give

    def faulty(line: Line, item: Entry) -> None:
        if item.seq == 1:
            raise KeyError("a fault of ours")
        give_out(line, item)

    def look_on(item: Item) -> None:
        assert isinstance(item, Entry)
        looked_on.append(item.seq)
        raise KeyError("another one")

    monkeypatch.setattr(fanout, "_give", faulty)
    fanout.on_item = look_on
    with capture_logs() as logs:
        await give(fanout, 1)
        fanout.lines[ROOM].position = 1
        await give(fanout, 2)
    assert looked_on == [1, 2]
    assert ear.seqs() == [2]
    assert [one["event"] for one in logs] == ["delivery failed", "looking on failed", "looking on failed"]


async def test_the_last_client_takes_the_line_along(fanout: Fanout) -> None:
    """Nothing is left of rooms and people that nobody here is connected to."""
    (ada, _), (tablet, _) = client(fanout), client(fanout)
    for device in (ada, tablet):
        fanout.subscribe(device, ROOM, 1)
    assert fanout.persons_here() == {ROOM: {"ada"}}
    assert not fanout.depart(ada)
    assert fanout.depart(tablet)
    assert (fanout.lines, fanout.people) == ({}, {})


async def test_a_log_that_does_not_answer_is_asked_again(fanout: Fanout, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the store is away delivery waits; then the hole comes first, and nothing has overtaken it."""
    monkeypatch.setattr("server.fanout.AGAIN_S", 0)
    ada, ear = client(fanout)
    fanout.subscribe(ada, ROOM, 1)
    tries: list[int] = []

    async def away_at_first(_store: object, _room: str, first: int, last: int) -> list[Entry]:
        tries.append(first)
        if len(tries) < 3:
            raise Refusal("unavailable")
        return [entry(seq) for seq in range(first, last + 1)]

    monkeypatch.setattr(log, "between", away_at_first)
    await give(fanout, 4)
    assert tries == [2, 2, 2]
    assert ear.seqs() == [2, 3, 4]
