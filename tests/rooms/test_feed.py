"""The feeds: everything that happened, once and in order, also after Redis was away or came back with less."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from rooms import feed as feed_module
from rooms import keys, log, session
from rooms.default_town import default_town
from rooms.event import Entry
from rooms.feed import Feed, Item, Lost, RolledBack, Told
from rooms.pipeline import Unanswered as RedisGone
from rooms.store import Store
from rooms.town import Town
from tests.rooms.conftest import Resident
from tests.rooms.voice import Voice
from tests.town import JAN_LUYKENLAAN

PARTITION = keys.partition_of(JAN_LUYKENLAAN)
PATIENCE_S = 20


class Reader:
    """A process that reads the feeds."""

    def __init__(self, store: Store) -> None:
        self.feed, self.items = Feed(store), list[Item]()
        self.sizes: list[int] = []
        """Of the batches."""
        self._changed = asyncio.Condition()

    async def run(self) -> None:
        async for batch in self.feed.batches():
            async with self._changed:
                self.items += batch
                self.sizes.append(len(batch))
                self._changed.notify_all()

    async def until(self, done: Callable[[list[Item]], bool]) -> list[Item]:
        """Wait until what was read fulfils *done*, and return all of it."""
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: done(self.items))
        return self.items

    def texts(self) -> list[str]:
        return [item.data["text"] for item in self.items if isinstance(item, Entry) and "text" in item.data]


@pytest.fixture
async def reader(store: Store, ada: Voice) -> AsyncIterator[Reader]:
    """Reads from now on, after Ada has joined."""
    reader = Reader(store)
    await reader.feed.start()
    task = asyncio.create_task(reader.run())
    yield reader
    task.cancel()
    await asyncio.wait([task])


def has_text(text: str) -> Callable[[list[Item]], bool]:
    return lambda items: any(isinstance(item, Entry) and item.data.get("text") == text for item in items)


def has(kind: type[Item]) -> Callable[[list[Item]], bool]:
    return lambda items: any(isinstance(item, kind) for item in items)


async def kill_connections(store: Store) -> None:
    """Redis drops everybody but the one who says so."""
    await store.read("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


# reading ---------------------------------------------------------------------------------------------


async def test_what_happens_is_read_once_and_in_order(unhurried: Town, ada: Voice, reader: Reader) -> None:
    """A hundred messages are a hundred entries, as the log has them."""
    for number in range(100):
        await ada.say(str(number))
    await reader.until(has_text("99"))
    assert reader.texts() == [str(number) for number in range(100)]
    assert reader.items == await log.between(ada.town.store, JAN_LUYKENLAAN, 2, 101)


async def test_what_was_stored_together_is_told_together(unhurried: Town, ada: Voice, reader: Reader) -> None:
    """Eight that left in one turn are one batch, and one write to every member; a waiting reader would be woken by the
    first of them alone."""
    for burst in range(5):
        await asyncio.gather(*(ada.say(f"{burst}.{number}") for number in range(8)))
        await reader.until(has_text(f"{burst}.7"))
    assert reader.sizes == [8] * 5


async def test_what_another_process_stored_is_read_as_well(
    unhurried: Town, ada: Voice, reader: Reader, redis_url: str
) -> None:
    """Once, however it came."""
    elsewhere = Store(redis_url)
    other = Reader(elsewhere)
    await other.feed.start()
    task = asyncio.create_task(other.run())
    await asyncio.gather(*(ada.say(str(number)) for number in range(8)))
    await other.until(has_text("7"))
    await reader.until(has_text("7"))
    task.cancel()
    await elsewhere.close()
    assert other.texts() == reader.texts() == [str(number) for number in range(8)]


async def test_nothing_from_before_the_start_is_read(ada: Voice, reader: Reader) -> None:
    """A process begins with what is new; the past comes from the logs."""
    await ada.say("nieuw")
    (entry,) = await reader.until(has_text("nieuw"))
    assert isinstance(entry, Entry)
    assert entry.seq == 2


async def test_signals_are_read_beside_entries(ada: Voice, reader: Reader) -> None:
    """Who is writing, and what another device has read, reach every process and name whom they are for."""
    await ada.ask("room.typing")
    await ada.ask("room.read", seq=1)
    await reader.until(lambda items: len(items) == 2)
    assert reader.items == [
        Told("typing.started", {"room": JAN_LUYKENLAAN}, room=JAN_LUYKENLAAN, but=ada.id),
        Told("room.read_moved", {"room": JAN_LUYKENLAAN, "seq": 1}, person=ada.id),
    ]  # fmt: skip


async def test_the_end_of_a_session_is_read_like_an_entry(ada: Voice, reader: Reader) -> None:
    """It is kept in the feed, so that no process misses it."""
    await session.end_everywhere(ada.town, ada.id)
    (told,) = await reader.until(has(Told))
    assert told == Told("session.ended", {"reason": "everywhere"}, person=ada.id)


async def test_every_partition_is_read(town: Town, ada: Voice, reader: Reader, resident: Resident) -> None:
    """Whatever room something happens in, it is read."""
    homes = [place.id for place in town.places if place.kind == "street"][::9]
    for number, street in enumerate(homes):
        await resident(f"Buur {number}", street)
    items = await reader.until(lambda items: len(items) == 2 * len(homes))
    assert {item.room for item in items if isinstance(item, Entry)} >= set(homes)
    assert len({keys.partition_of(home) for home in homes}) > 5


# interruptions ---------------------------------------------------------------------------------------


async def test_reading_goes_on_where_it_stopped_when_connections_were_killed(
    unhurried: Town, ada: Voice, reader: Reader
) -> None:
    """Whatever was said around the interruption is read, once and in order, without an alarm."""
    for number in range(5):
        await ada.say(f"{number} voor")
        await kill_connections(ada.town.store)
        await ada.say(f"{number} na")
    await reader.until(has_text("4 na"))
    assert reader.texts() == [f"{number} {when}" for number in range(5) for when in ("voor", "na")]
    assert not any(isinstance(item, Lost | RolledBack) for item in reader.items)


async def test_a_feed_trimmed_past_the_position_is_lost(
    unhurried: Town, ada: Voice, store: Store, redis_url: str
) -> None:
    """A process that was away too long is told so, before it goes on with what is there."""
    elsewhere = Store(redis_url)
    reader = Reader(elsewhere)
    await reader.feed.start()
    for number in range(10):
        await ada.say(str(number))
    await store.read("XTRIM", keys.feed(PARTITION), "MAXLEN", 2)
    task = asyncio.create_task(reader.run())
    await reader.until(has_text("9"))
    task.cancel()
    await elsewhere.close()
    assert reader.items[0] == Lost(PARTITION)
    assert reader.texts() == ["8", "9"]
    assert sum(isinstance(item, Lost) for item in reader.items) == 1


async def test_the_feed_has_a_bound(ada: Voice, store: Store) -> None:
    """Copies beyond some 20,000 go; the logs have everything."""
    rows = keys.feed(PARTITION)
    await store.read("HSET", keys.clock(PARTITION), "feed", 60_000)
    filling = "for n = 30000, 55000 do redis.call('XADD', KEYS[1], n .. '-0', 't', 1) end"
    await store.read("EVAL", filling, 1, rows)
    await ada.say("nog een")
    assert await store.read("XLEN", rows) < 20_500


async def _forget(store: Store) -> None:
    """Redis comes back with nothing, as after a failover to a copy that was behind."""
    await store.read("FLUSHALL")


async def test_a_redis_that_came_back_with_less_is_rolled_back(
    town: Town, ada: Voice, reader: Reader, store: Store, resident: Resident
) -> None:
    """What Redis forgot raises the alarm, and what happens from then on is read."""
    await ada.say("vergeten")
    await reader.until(has_text("vergeten"))
    await _forget(store)
    await store.read("HSET", keys.clock(PARTITION), "feed", 1, "at", 1)
    await kill_connections(store)
    await reader.until(has(RolledBack))
    assert RolledBack(PARTITION) in reader.items
    assert reader.feed.numbers[PARTITION] == 1
    await town.import_places(default_town())
    cor = Voice(town, await resident("Cor"))
    await cor.say("opnieuw")
    await reader.until(has_text("opnieuw"))


async def test_a_rollback_is_seen_though_redis_went_away_again_at_once(
    ada: Voice, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first look that failed is not the last: nothing is read until it has succeeded."""
    await ada.say("vergeten")
    reader = Reader(store)
    await reader.feed.start()
    await _forget(store)
    ends, tail, failures = reader.feed._ends, store.begin_tail, {"tail": 1, "ends": 2}

    def failing_tail(*args: Any) -> asyncio.Future[Any]:
        if failures["tail"]:
            failures["tail"] -= 1
            failed = asyncio.get_running_loop().create_future()
            failed.set_exception(RedisGone())
            return failed
        return tail(*args)

    async def failing_ends() -> Any:
        if failures["ends"]:
            failures["ends"] -= 1
            raise RedisGone
        return await ends()

    monkeypatch.setattr(store, "begin_tail", failing_tail)
    monkeypatch.setattr(reader.feed, "_ends", failing_ends)
    monkeypatch.setattr(feed_module, "BLOCK_MS", 60_000)
    task = asyncio.create_task(reader.run())
    await reader.until(has(RolledBack))
    task.cancel()
    assert failures == {"tail": 0, "ends": 0}


async def test_a_rollback_is_seen_though_no_connection_was_lost(
    ada: Voice, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that was renewed between two reads tells nothing; a quiet moment does."""
    await ada.say("vergeten")
    reader = Reader(store)
    await reader.feed.start()
    await _forget(store)
    monkeypatch.setattr(feed_module, "BLOCK_MS", 10)
    task = asyncio.create_task(reader.run())
    await reader.until(has(RolledBack))
    task.cancel()
    assert RolledBack(PARTITION) in reader.items


async def test_signals_are_heard_again_after_a_rollback(
    ada: Voice, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Redis whose clock is behind the old one's still tells who is writing."""
    await ada.ask("room.typing")
    reader = Reader(store)
    await reader.feed.start()
    monkeypatch.setattr(feed_module, "BLOCK_MS", 10)
    await store.read("DEL", keys.fleeting(PARTITION))
    task = asyncio.create_task(reader.run())
    async with asyncio.timeout(PATIENCE_S):
        while reader.feed.signals[PARTITION] != "0-0":  # noqa: ASYNC110 - the feed tells nobody that it looked back
            await asyncio.sleep(0)
    await store.read(
        "XADD", keys.fleeting(PARTITION), "1-1", "r", JAN_LUYKENLAAN, "e", b"\x82\xa4name\xa1x\xa4data\x80"
    )
    await reader.until(has(Told))
    task.cancel()
