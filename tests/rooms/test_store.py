"""The store: an answer that did not come is asked for again, and counts once; nothing handed in is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rooms import store as store_module
from rooms.keys import RoomKeys
from rooms.limit import Limit
from rooms.pipeline import Address, Unanswered, address
from rooms.refusal import Refusal
from rooms.store import Changed, Store, StoreFault, fields_of, streams
from rooms.town import Town
from server import redis_binary
from tests.conftest import CODE_KEY
from tests.rooms.voice import Voice
from tests.town import JAN_LUYKENLAAN, MovedClock

# a way to Redis that can be broken -------------------------------------------------------------------


class Way:
    """A proxy before Redis. lose: so many answers are lost with their connection; mute: no answer comes through."""

    def __init__(self, redis: str) -> None:
        self.lose, self.mute, self.lost = 0, False, 0
        self._redis = redis.removeprefix("unix://")
        self._pumps: set[asyncio.Task[None]] = set()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        their_reader, their_writer = await asyncio.open_unix_connection(self._redis)
        pumps = [
            asyncio.create_task(self._pump(reader, their_writer, answers=False)),
            asyncio.create_task(self._pump(their_reader, writer, answers=True)),
        ]
        self._pumps.update(pumps)
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        for end in (writer, their_writer):
            end.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool) -> None:
        while data := await reader.read(65536):
            if answers and self.mute:
                continue
            if answers and self.lose:
                self.lose, self.lost = self.lose - 1, self.lost + 1
                return
            writer.write(data)

    async def close(self) -> None:
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)


@pytest.fixture
async def way(empty_redis: str, tmp_path: Path) -> AsyncIterator[Way]:
    way = Way(empty_redis)
    server = await asyncio.start_unix_server(way.take, tmp_path / "way.sock")
    yield way
    server.close()
    await way.close()


@pytest.fixture
async def far(town: Town, ada: Voice, way: Way, tmp_path: Path) -> AsyncIterator[Voice]:
    """Ada, in a process that reaches Redis by the way that can be broken."""
    store = Store(f"unix://{tmp_path / 'way.sock'}")
    elsewhere = Town(store, CODE_KEY, clock=town.clock)
    elsewhere.places = town.places
    await store.read("PING")
    yield Voice(elsewhere, ada.person)
    way.mute = False
    await store.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that gives up soon."""
    monkeypatch.setattr(store_module, "TRY_S", 0.05)
    monkeypatch.setattr(store_module, "GIVE_UP_S", 0.2)


@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_an_unanswered_call_is_sent_again_and_counted_once(ada: Voice, far: Voice, way: Way, lost: int) -> None:
    """Redis did it and the answer was lost on the way: the caller hears the number, and the room has one entry."""
    way.lose = lost
    seq = await far.say("Hallo")
    assert way.lost >= lost
    assert [(entry["seq"], entry["event"]) for entry in await ada.page()] == [
        (1, "member.joined"), (seq, "message.posted"),
    ]  # fmt: skip


async def test_all_calls_of_a_lost_pipeline_count_once(ada: Voice, far: Voice, way: Way) -> None:
    """Nine posts whose one answer was lost are nine entries."""
    way.lose = 1
    seqs = await asyncio.gather(*(far.say(str(number)) for number in range(9)))
    assert sorted(seqs) == list(range(2, 11))
    assert await ada.texts() == [str(number) for number in range(9)]


async def test_a_store_that_does_not_answer_is_unavailable(ada: Voice, far: Voice, way: Way, impatient: None) -> None:
    """Without an answer nothing is claimed; the same command again tells what became of it."""
    number = far.next_id()
    far.town.store._calls._answer_within_s = 0.05
    way.mute = True
    refusal = await far.refused("unavailable", "message.post", text="Hallo", client_id=number)
    assert refusal["error"]["retryable"]  # type: ignore[index]
    way.mute = False
    assert (await far.ask("message.post", text="Hallo", client_id=number))["seq"] == 2
    assert await ada.texts() == ["Hallo"]


async def test_a_store_that_is_not_there_is_unavailable(tmp_path: Path, impatient: None) -> None:
    """No Redis at all is an answer too, not a traceback."""
    store = Store(f"unix://{tmp_path / 'nobody.sock'}")
    with pytest.raises(Refusal) as refusal:
        await store.read("PING")
    assert refusal.value.code == "unavailable"
    await store.close()


async def test_a_redis_that_pauses_is_waited_for(ada: Voice) -> None:
    """Tries that time out while Redis stalls are repeated until it goes on, and count once."""
    ada.town.store._calls._answer_within_s = 0.05
    await ada.town.store.read("CLIENT", "PAUSE", 400, "WRITE")
    await ada.say("Hallo")
    assert await ada.texts() == ["Hallo"]


# handing in ------------------------------------------------------------------------------------------


async def test_a_write_whose_caller_has_gone_is_carried_out(ada: Voice, ben: Voice) -> None:
    """A neighbour who closes the app on sending has sent."""
    task = asyncio.create_task(ada.say("Nog snel dit"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await ben.say("Daarna")  # a later turn
    await ada.town.store._calls.settle()
    assert sorted(await ben.texts()) == ["Daarna", "Nog snel dit"]


async def test_closing_sends_what_was_handed_in(store: Store, empty_redis: str) -> None:
    """A process that ends leaves nothing of its last turn undone."""
    ending = Store(empty_redis)
    last = asyncio.create_task(ending.read("SET", "last", "words"))
    await asyncio.sleep(0)
    await ending.close()
    assert await last == b"OK"
    assert await store.read("GET", "last") == b"words"


async def test_calls_of_one_turn_leave_in_one_write(store: Store) -> None:
    """Fifty at once are one round trip and one fsync."""
    await store.read("PING")
    transport, writes = store._calls._transport, list[bytes]()

    class Noted:
        def write(self, data: bytes) -> None:
            writes.append(data)
            transport.write(data)  # type: ignore[union-attr]  # it has answered

        def abort(self) -> None:
            transport.abort()  # type: ignore[union-attr]

    store._calls._transport = Noted()  # type: ignore[assignment]
    await store.read_all(("SET", f"key{number}", number) for number in range(50))
    await store.read("PING")
    assert [data.count(b"SET") for data in writes] == [50, 0]


async def test_a_connection_that_breaks_is_made_anew(store: Store, empty_redis: str) -> None:
    """Whoever asks after it broke is answered, and nobody has to open anything."""
    number = await store.read("CLIENT", "ID")
    async with asyncio.timeout(10):
        await store.read("CLIENT", "KILL", "ID", number, "SKIPME", "no")
        assert await store.read("PING") == b"PONG"
    assert await store.read("CLIENT", "ID") != number


@pytest.mark.parametrize("url", ["", "nonsense", "http://localhost", "redis://localhost/abc", "redis://localhost:x"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """The reason is said without the address, which may hold a password."""
    with pytest.raises(ValueError, match=r"^(?!.*localhost)"):
        Store(url)


def test_addresses_are_read_as_everywhere() -> None:
    """redis://, rediss:// and unix://, with password and database."""
    assert address("redis://:geheim@redis.example:6380/3") == Address(
        host="redis.example", port=6380, password="geheim", database=3
    )
    assert address("rediss://bart:a%40b@redis.example") == Address(
        host="redis.example", tls=True, username="bart", password="a@b"
    )
    assert address("unix:///run/een%20map/redis.sock?db=2") == Address(path="/run/een map/redis.sock", database=2)


async def test_a_redis_with_a_password_and_a_database(tmp_path: Path) -> None:
    """Both are said before the first call; a wrong password is a store that is not there."""
    socket = tmp_path / "redis.sock"
    child = await asyncio.create_subprocess_exec(
        redis_binary.find().path, "--port", "0", "--unixsocket", socket, "--requirepass", "geheim", "--save", "",
        "--dir", tmp_path, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    right, wrong = Store(f"unix://:geheim@{socket}?db=1"), Store(f"unix://:fout@{socket}")
    try:
        async with asyncio.timeout(10):
            while not socket.exists():  # noqa: ASYNC110 - Redis tells nobody
                await asyncio.sleep(0.01)
        await right.read("SET", "here", "1")
        assert b"db=1" in await right.read("CLIENT", "INFO")
        await _hurry(right)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store_module, "GIVE_UP_S", 0)
            with pytest.raises(Refusal, match="unavailable"):
                await wrong.read("GET", "here")
    finally:
        await right.close()
        await wrong.close()
        child.kill()
        await child.wait()


async def _hurry(store: Store) -> None:
    """Calls of many turns while a new connection still says its password: none of them may overtake that."""
    introduce = store._calls._introduce

    async def slowly() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        await introduce()

    store._calls._introduce = slowly  # type: ignore[method-assign]
    store._calls._transport.abort()  # type: ignore[union-attr]  # it has answered
    calls = []
    for number in range(10):
        calls.append(asyncio.create_task(store.read("SET", f"hurry{number}", number)))
        for _ in range(5):
            await asyncio.sleep(0)
    assert await asyncio.gather(*calls) == [b"OK"] * 10
    assert await store.read("DBSIZE") == 11  # and the first of the test, all in the database that was chosen


async def test_a_connection_that_breaks_while_it_is_made_is_made_again(empty_redis: str, tmp_path: Path) -> None:
    """Whoever waits for it hears at once, and does not sit out the patience that is meant for answers."""
    way, came = Way(empty_redis), list[int]()

    async def hangs_up_first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(1)
        if len(came) > 2:
            await way.take(reader, writer)
        writer.close()

    server = await asyncio.start_unix_server(hangs_up_first, tmp_path / "way.sock")
    store = Store(f"unix://{tmp_path / 'way.sock'}")
    store._calls._answer_within_s = 3600
    async with asyncio.timeout(10):
        assert await store.read("PING") == b"PONG"
    assert len(came) == 3
    await store.close()
    server.close()
    await way.close()


async def test_a_closed_store_opens_nothing(empty_redis: str) -> None:
    """What was handed in and lost at the end makes no new connection."""
    store = Store(empty_redis)
    answer = store._calls.ask(("PING",))
    store._calls.close()
    for _ in range(5):
        await asyncio.sleep(0)
    assert isinstance(answer.exception(), Unanswered)
    assert store._calls._connecting is None
    assert store._calls._transport is None


async def test_one_call_that_fails_spoils_no_other(store: Store) -> None:
    """Everybody gets the answer to the own question."""
    await store.read("SET", "text", "x")
    answers = await asyncio.gather(
        store.read("GET", "text"), store.read("HGET", "text", "a"), store.read("GET", "text"), return_exceptions=True
    )
    assert answers[0] == answers[2] == b"x"
    assert isinstance(answers[1], StoreFault)


# scripts ---------------------------------------------------------------------------------------------


async def test_a_script_that_redis_does_not_know_is_loaded(ada: Voice, store: Store) -> None:
    """A Redis that was restarted without our scripts carries out the next deed all the same, once."""
    await ada.say("voor")
    await store.read("SCRIPT", "FLUSH")
    await asyncio.gather(*(ada.say(str(number)) for number in range(5)), ada.ask("room.read", seq=1))
    assert await ada.texts() == ["voor", "0", "1", "2", "3", "4"]


async def test_what_a_script_decides_reaches_the_caller(ada: Voice, store: Store) -> None:
    """'refused' is a refusal with its facts, 'changed' is Changed."""
    keys = RoomKeys(JAN_LUYKENLAAN)
    with pytest.raises(Refusal) as refusal:
        await store.run("read", [keys.head, keys.members, keys.read, keys.fleeting], ["nobody", 1, b""])
    assert refusal.value.code == "not_found"
    with pytest.raises(Changed):
        await store.run("change_account", ["a", "b", "c", "d"], [1, "nobody", 7, b"", "", b"\x90", b""])


async def test_facts_of_a_refusal_keep_their_type(town: Town, ada: Voice) -> None:
    """A wait is a number."""
    town.policy.limits["talk"] = Limit(1, 5_000)  # type: ignore[index]  # a dict, though called a Mapping
    await ada.say("een")
    refusal = await ada.refused("too_fast", "message.post", text="twee")
    assert isinstance(refusal["error"]["retry_after_ms"], int)  # type: ignore[index]


# a full store ----------------------------------------------------------------------------------------


@pytest.fixture
async def full(store: Store) -> AsyncIterator[Any]:
    """`await full()`: from now on Redis has no memory left."""

    async def fill() -> None:
        await store.read("CONFIG", "SET", "maxmemory", 1)

    yield fill
    await store.read("CONFIG", "SET", "maxmemory", 0)


async def test_a_full_store_refuses_and_writes_nothing(ada: Voice, store: Store, full: Any) -> None:
    """At the limit every change is refused whole; the room can still be read, and room makes it go on."""
    number = ada.next_id()
    await full()
    refusal = await ada.refused("storage_low", "message.post", text="Hallo", client_id=number)
    assert refusal["error"]["retryable"]  # type: ignore[index]
    assert [entry["event"] for entry in await ada.page()] == ["member.joined"]
    await store.read("CONFIG", "SET", "maxmemory", 0)
    assert (await ada.ask("message.post", text="Hallo", client_id=number))["seq"] == 2


async def test_a_full_store_still_tells_what_was_done(ada: Voice, full: Any) -> None:
    """A repeat needs no memory."""
    number = ada.next_id()
    first = await ada.ask("message.post", text="Hallo", client_id=number)
    await full()
    assert await ada.ask("message.post", text="Hallo", client_id=number) == first


# reading ---------------------------------------------------------------------------------------------


async def test_nothing_new_is_an_empty_answer(store: Store) -> None:
    """A feed that stays quiet ends the wait with nothing."""
    assert streams(await store.begin_tail({"quiet": "0-0"}, block_ms=1, count=10)) == []


async def test_what_is_new_comes_with_its_stream(store: Store) -> None:
    """Several streams are read at once, each by its own position."""
    await store.read("XADD", "a", "1-0", "k", "v")
    await store.read("XADD", "b", "1-0", "k", "old")
    await store.read("XADD", "b", "2-0", "k", "new")
    answer = dict(streams(await store.begin_tail({"a": "0-0", "b": "1-0"}, block_ms=1, count=10)))
    assert {name: [row[0] for row in rows] for name, rows in answer.items()} == {"a": [b"1-0"], "b": [b"2-0"]}


async def test_the_time_is_rediss_own(store: Store, clock: MovedClock) -> None:
    """In milliseconds since 1970, whatever the clock of this machine shows."""
    clock.follow(await store.time_ms())
    assert clock.now_ms() > 1_700_000_000_000


def test_a_flat_list_is_fields() -> None:
    """Names and values, in turn."""
    assert fields_of([b"a", b"1", b"b", b"2"]) == {b"a": b"1", b"b": b"2"}
