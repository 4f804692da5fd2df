"""The activity board: what this process knows of the rooms that somebody watches, and what it tells the watchers.

While nobody watches, nothing is kept and nothing is done. Who begins to watch is given the rooms of the jurisdiction
in pieces; from the first piece on the counts follow what the feeds bring, and differences leave in one frame for all
who watch the same. It is no conversation: the words of an entry are never looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from itertools import islice
from typing import Any

import msgspec
import structlog

from rooms import activity_store
from rooms.activity import Activity, Told, Watch, difference, minute_of, rooms_of, summary, take, take_case, take_report
from rooms.event import Entry
from rooms.feed import Item, Lost, RolledBack
from rooms.feed import Told as Signal
from rooms.keys import partition_of
from rooms.permission import Reach, reach
from rooms.person import Organisation, Person, Role
from rooms.place import Places
from rooms.refusal import Refusal
from rooms.town import Town
from server import metrics
from server.client import Client
from server.frames import INTERNAL_ERROR, TRY_LATER
from server.logging import where
from server.packet import event_frame

log = structlog.get_logger("board")
Happened = Entry | Signal
EVERY_MS = 500
PIECE = 200  # rooms of one frame while a board begins
MOST = 500  # rooms looked at in one telling; the rest waits for the next
HERE_IN = 10  # tellings in which everybody's presence has been asked for once


class Watcher(msgspec.Struct, frozen=True, eq=False):
    """One board. person: as they were when it began, whose jurisdiction has these rooms."""

    person: Person
    places: Places
    watch: Watch
    rooms: frozenset[str]


class Board:
    """The boards of one process. spawn: runs what has to wait for the store or for a slow client."""

    def __init__(self, town: Town, spawn: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        self._town, self._spawn = town, spawn
        self.watchers: dict[Client, Watcher] = {}
        self._rooms: dict[str, Activity] = {}
        self._loading: dict[str, list[Happened]] = {}  # by room: what the feed brought while its activity was read
        self._beginning: list[Watcher] = []
        self._told: dict[Watch, dict[str, Told]] = {}
        self._changed: dict[str, None] = {}  # rooms, in the order in which they changed
        self._aged: dict[str, None] = {}  # those that are looked at because time has passed
        self._era = 0  # rises when the last watcher leaves: what is being read then is forgotten as well
        self._minute = self._latest_ms = 0
        self._next_here = 0
        self._reading = asyncio.Lock()

    @property
    def knows(self) -> int:
        """How many rooms are kept; none while nobody watches."""
        return len(self._rooms) + len(self._told)

    @property
    def waiting(self) -> int:
        """How many rooms are still to be looked at."""
        return len(self._changed) + len(self._aged)

    # watching ------------------------------------------------------------------------------------

    def watch(self, client: Client) -> None:
        """From now on the client is told of the rooms of its person's jurisdiction; begins anew where it was told of
        them all. Asking again and again while it is being told costs nothing."""
        person, places = client.person, self._town.places
        held = self.watchers.get(client)
        if held is not None and held in self._beginning and held.person == person and held.places is places:
            return
        rooms = frozenset(room.id for room in rooms_of(places, person.jurisdiction))
        watcher = self.watchers[client] = Watcher(person, places, _watch_of(person), rooms)
        self._forget_told()  # by a change of the person nobody may be left who is told as before
        self._beginning.append(watcher)
        self._spawn(self._begin(client, watcher))

    def unwatch(self, client: Client) -> None:
        self.watchers.pop(client, None)
        self._forget_told()
        if not self.watchers:
            self._era += 1
            self._rooms, self._changed, self._aged = {}, {}, {}

    def _forget_told(self) -> None:
        needed = {watcher.watch for watcher in self.watchers.values()}
        self._told = {watch: told for watch, told in self._told.items() if watch in needed}

    async def _begin(self, client: Client, watcher: Watcher) -> None:
        """Give the board in pieces. What changes in a room after its piece is told with the others' differences."""
        try:
            rooms = iter(sorted(watcher.rooms))
            is_first = True
            while (piece := list(islice(rooms, PIECE))) or is_first:
                await self._read(room for room in piece if room not in self._rooms)
                if not await client.connection.writable() or not self._is_still(client, watcher):
                    return
                self._give(client, watcher, [room for room in piece if room in self._rooms], is_first=is_first)
                is_first = False
        except Refusal as refusal:
            log.info("board refused", code=refusal.code)
            client.connection.close("board refused", TRY_LATER)  # it comes again, and asks again
        except Exception as error:  # noqa: BLE001 - the same
            metrics.faults.inc()
            log.error("board failed", error=type(error).__name__, where=where(error))
            client.connection.close("fault", INTERNAL_ERROR)
        finally:
            self._beginning.remove(watcher)

    def _is_still(self, client: Client, watcher: Watcher) -> bool:
        """Whether this is the client's board, and of what its person may see now: a right can be lost while a piece of
        it is read, or waits for a slow client."""
        return self.watchers.get(client) is watcher and client.person == watcher.person

    def _give(self, client: Client, watcher: Watcher, piece: Iterable[str], *, is_first: bool) -> None:
        now_ms, told = self._now_ms(), self._told.setdefault(watcher.watch, {})
        rows = []
        for room in piece:
            if room not in told:
                told[room] = self._look(room, watcher.watch, now_ms)
            known = told[room]
            # Others may have been told of it in an earlier minute; this one begins now.
            minutes = known.minutes_at(minute_of(now_ms))
            rows.append({"room": room, **self._named(room), **known.row, "minutes": minutes})
        client.send("board.changed", {"now": now_ms, "rooms": rows, **({"whole": True} if is_first else {})})

    def _named(self, room: str) -> dict[str, Any]:
        known = self._town.places.room(room)
        area = self._town.places.neighbourhood_of(room)
        assert known is not None
        return {"name": known.name, "kind": known.kind, **({"area": area.id} if area is not None else {})}

    def _look(self, room: str, watch: Watch, now_ms: int) -> Told:
        return Told(minute_of(now_ms), summary(self._rooms[room], watch, now_ms))

    # what is known -------------------------------------------------------------------------------

    async def _read(self, rooms: Iterable[str]) -> None:
        """Read the activity of these rooms; what happens meanwhile waits, and is counted on from there."""
        async with self._reading:
            era, asked = self._era, list(rooms)
            self._loading = {room: [] for room in asked}
            try:
                found = await activity_store.load(self._town, asked)
            except BaseException:
                for room in asked:  # what came meanwhile was counted nowhere: whoever comes next reads it again
                    self._rooms.pop(room, None)
                raise
            finally:
                loading, self._loading = self._loading, {}
            if era != self._era:
                return
            for room, activity in found.items():
                for item in loading[room]:
                    _take(activity, item)
                self._rooms[room] = activity
                self._changed[room] = None

    def take(self, item: Item) -> None:
        """What a feed has brought. Costs nothing while nobody watches."""
        if not self.watchers:
            return
        if isinstance(item, Lost | RolledBack):
            again = [room for room in self._rooms if partition_of(room) == item.partition]
            self._spawn(self._read_again(again))
        elif (room := _room_of(item)) in self._loading:
            self._loading[room].append(item)
        elif (known := self._rooms.get(room)) is not None and _take(known, item):
            self._changed[room] = None
        if isinstance(item, Entry):
            self._latest_ms = max(self._latest_ms, item.at)

    async def _read_again(self, rooms: list[str]) -> None:
        """What a feed has lost is looked up; where that fails, the boards begin anew."""
        try:
            await self._read(rooms)
        except Refusal as refusal:
            log.info("board reads again", code=refusal.code)
            self._end_all("board refused", TRY_LATER)
        except Exception as error:  # noqa: BLE001 - a board that stands still looks like a quiet town
            metrics.faults.inc()
            log.error("board failed", error=type(error).__name__, where=where(error))
            self._end_all("fault", INTERNAL_ERROR)

    def _end_all(self, reason: str, code: int) -> None:
        for client in list(self.watchers):
            client.connection.close(reason, code)

    # telling -------------------------------------------------------------------------------------

    async def tell(self) -> None:
        """Tell every watcher what has changed; called every EVERY_MS."""
        self._follow()
        if not self.watchers:
            return
        await self._ask_who_is_here()
        self._follow()  # once more: a right may have been lost while the store was slow
        now_ms = self._now_ms()
        self._pass_time(minute_of(now_ms))
        rooms = self._take_changed()
        differences = {watch: self._differences(watch, rooms, now_ms) for watch in self._told}
        for watcher, clients in self._same():
            rows = [row for row in differences.get(watcher.watch, ()) if row["room"] in watcher.rooms]
            if rows:
                frame = event_frame("board.changed", {"now": now_ms, "rooms": rows})
                for client in clients:
                    client.give(frame)

    def _take_changed(self) -> list[str]:
        """The next rooms to be looked at: those where something happened, before those where only time has passed."""
        taken: list[str] = []
        for waiting in (self._changed, self._aged):
            some = list(islice(waiting, MOST - len(taken)))
            for room in some:
                del waiting[room]
            taken += some
        return [room for room in dict.fromkeys(taken) if room in self._rooms]

    def _follow(self) -> None:
        """Who has gone watches no longer; whose right or town has changed begins anew, as far as there is a right."""
        for client, watcher in list(self.watchers.items()):
            if not client.connection.open or reach(client.person, "watch_board") is Reach.NONE:
                self.unwatch(client)
            elif client.person != watcher.person or self._town.places is not watcher.places:
                self.watch(client)

    async def _ask_who_is_here(self) -> None:
        """Of one in ten rooms at a time."""
        rooms = list(self._rooms)
        asked = rooms[self._next_here :: HERE_IN]
        self._next_here = (self._next_here + 1) % HERE_IN
        for room, here in (await activity_store.here(self._town, asked)).items():
            known = self._rooms.get(room)
            if known is not None and known.here != here:
                known.here = here
                self._changed[room] = None

    def _pass_time(self, minute: int) -> None:
        """With a new minute a room may be needed for another reason, unless nothing happens there."""
        if minute != self._minute:
            self._minute = minute
            self._aged |= dict.fromkeys(room for room, known in self._rooms.items() if known.is_busy)

    def _differences(self, watch: Watch, rooms: Iterable[str], now_ms: int) -> list[dict[str, Any]]:
        told, rows = self._told[watch], []
        for room in rooms:
            before = told.get(room)
            if before is None:
                continue  # its piece is still to come
            after = told[room] = self._look(room, watch, now_ms)
            if changes := difference(before, after):
                rows.append({"room": room, **changes})
        return rows

    def _same(self) -> Iterable[tuple[Watcher, list[Client]]]:
        """The clients that are told the same, with the board of one of them."""
        groups: dict[tuple[Watch, tuple[str, ...]], tuple[Watcher, list[Client]]] = {}
        for client, watcher in self.watchers.items():
            alike = watcher.watch, watcher.person.jurisdiction
            groups.setdefault(alike, (watcher, []))[1].append(client)
        return groups.values()

    def _now_ms(self) -> int:
        """Never before an entry that is counted: another process's clock may be a moment ahead."""
        return max(self._town.clock.now_ms(), self._latest_ms)


def _room_of(item: Happened) -> str:
    """The room that an item is about; '' where it is about none."""
    if isinstance(item, Signal) and item.name == "report.changed":
        return str(item.data["report"]["room"])
    return item.room or ""


def _take(activity: Activity, item: Happened) -> bool:
    if isinstance(item, Entry):
        return take(activity, item)
    told = _SIGNALS.get(item.name)
    return told is not None and told(activity, item.data)


_SIGNALS: dict[str, Callable[[Activity, dict[str, Any]], bool]] = {
    "case.changed": lambda activity, data: take_case(activity, data["case"]),
    "report.changed": lambda activity, data: take_report(activity, data["report"]),
}


def _watch_of(person: Person) -> Watch:
    """Only the municipality's moderators decide on residents' words (product.md 7)."""
    decides = person.role is Role.MODERATOR and person.organisation is Organisation.MUNICIPALITY
    return Watch(person.organisation.value if person.organisation else "", decides)
