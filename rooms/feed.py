"""The feeds: what every process reads, once and in order, and the only source of delivery.

Each partition has one stream of what was kept (`feed`, numbered 1, 2, 3 ...) and one of what was only worth telling
(`fleeting`). After a lost connection reading goes on where it stopped. Two things can have happened meanwhile, and the
numbers show both: the feed was trimmed past our position (`Lost`), or Redis came back with less than it had told us
(`RolledBack`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import msgpack
import msgspec
import structlog

from rooms import keys
from rooms.event import Entry
from rooms.pipeline import Unanswered
from rooms.refusal import Refusal
from rooms.store import Store, StoreFault, Stream, fields_of, streams

BLOCK_MS = 1_000
COUNT = 1_000
log = structlog.get_logger("feed")


class Told(msgspec.Struct, frozen=True):
    """A signal: fleeting, a page, the end of a session. For a room, but not for the person *but*; for a person; or for
    the staff of an organisation. also: persons whom it concerns beside those whom its data names."""

    name: str
    data: dict[str, Any]
    room: str | None = None
    person: str | None = None
    but: str | None = None
    organisation: str | None = None
    also: tuple[str, ...] = ()


class Lost(msgspec.Struct, frozen=True):
    """Entries of this partition were trimmed before we read them: compare heads, fill from the logs."""

    partition: str


class RolledBack(msgspec.Struct, frozen=True):
    """Redis has forgotten entries of this partition that it had told us."""

    partition: str


Item = Entry | Told | Lost | RolledBack


class Feed:
    """One process's position in all feeds."""

    def __init__(self, store: Store, partitions: tuple[str, ...] = keys.ALL) -> None:
        self._store, self._partitions = store, partitions
        self.numbers = dict.fromkeys(partitions, 0)
        self.signals = dict.fromkeys(partitions, "0-0")
        self._positions: dict[str, str] = {}  # the same, as XREAD wants them; kept, since it is asked for all the time
        self._came = asyncio.Event()
        self._tail: asyncio.Future[Any] | None = None
        self._along = store.read_along(self._positions, self._came.set)

    async def start(self) -> None:
        """Take the newest entry of each feed as the position. Nothing before it will be read."""
        for partition, (number, signal) in (await self._ends()).items():
            self.numbers[partition], self.signals[partition] = number, signal
        self._stand()

    def _stand(self) -> None:
        """Read on from these numbers and signals."""
        self._positions.update((keys.feed(name), f"{number}-0") for name, number in self.numbers.items())
        self._positions.update((keys.fleeting(name), signal) for name, signal in self.signals.items())

    async def batches(self) -> AsyncIterator[list[Item]]:
        """What happened, for ever; waits while nothing does. Survives every restart of Redis."""
        interrupted, pause_s = False, 0.02
        while True:
            try:
                # Nothing is read before a look back has succeeded, or a rollback could pass unseen.
                items = await self._look_back() if interrupted else await self._next()
            except (Unanswered, Refusal, StoreFault) as error:
                interrupted = True
                log.info("feed interrupted", error=type(error).__name__)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, 1.0)
            else:
                interrupted, pause_s = False, 0.02
                if items:
                    yield items

    async def _next(self) -> list[Item]:
        """What came, from the feeds or along with our own deeds; what is still under way is waited for, so that one
        turn's deeds are told together."""
        if self._tail is None:
            self._tail = self._store.begin_tail(self._positions, BLOCK_MS, COUNT)
            self._tail.add_done_callback(lambda _: self._came.set())
        while not self._came.is_set() or self._along.is_under_way:
            self._came.clear()
            await self._came.wait()
        self._came.clear()
        own = streams(self._along.take())
        if not self._tail.done():
            return self._all_of(own)
        tail, self._tail = self._tail, None
        found = streams(tail.result())
        # Where nothing came we look back too: the connection may have been made anew without a word.
        return self._all_of([*own, *found]) if own or found else await self._look_back()

    def _all_of(self, found: Iterable[Stream]) -> list[Item]:
        return [item for stream, rows in found for item in self._read(stream, rows)]

    def _read(self, stream: str, rows: Any) -> Iterator[Item]:
        partition, _, kind = stream.removeprefix("{").partition("}:")
        for row_id, fields in rows:
            if kind == "fleeting":
                self.signals[partition] = row_id.decode()
            else:
                number = int(row_id.partition(b"-")[0])
                if number <= self.numbers[partition]:
                    continue  # it came along already
                if number > self.numbers[partition] + 1:
                    yield Lost(partition)
                self.numbers[partition] = number
            self._positions[stream] = row_id.decode()
            yield _item(fields_of(fields))

    async def _look_back(self) -> list[Item]:
        """Look whether our positions still exist; a position that Redis no longer knows would wait for ever."""
        items: list[Item] = []
        for partition, (number, signal) in (await self._ends()).items():
            if number < self.numbers[partition]:
                self.numbers[partition] = number
                items.append(RolledBack(partition))
            if _id(signal) < _id(self.signals[partition]):
                self.signals[partition] = signal
        self._stand()
        return items

    async def _ends(self) -> dict[str, tuple[int, str]]:
        commands: list[tuple[str | bytes | int, ...]] = []
        for name in self._partitions:
            commands.append(("HGET", keys.clock(name), "feed"))
            commands.append(("XREVRANGE", keys.fleeting(name), "+", "-", "COUNT", 1))
        answers = await self._store.read_all(commands)
        ends = {}
        for index, name in enumerate(self._partitions):
            number, newest = int(answers[2 * index] or 0), answers[2 * index + 1]
            ends[name] = (number, newest[0][0].decode() if newest else "0-0")
        return ends


def _item(values: dict[bytes, bytes]) -> Item:
    room, person, but, staff = (values[name].decode() if name in values else None for name in (b"r", b"p", b"b", b"o"))
    if room is not None and b"s" in values:
        return Entry.unpack(room, int(values[b"s"]), int(values[b"t"]), values[b"e"])
    event = msgpack.unpackb(values[b"e"])
    return Told(event["name"], event["data"], room, person, but, staff, tuple(event.get("also", ())))


def _id(text: str) -> tuple[int, int]:
    ms, _, number = text.partition("-")
    return int(ms), int(number)
