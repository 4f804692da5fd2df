"""Fan-out: feeds -> local sockets, in order, one frame for all. The only place that delivers kept events.

A room that has clients in this process has a Line (room_line.py): its clients, and the position up to which they were
given everything. An entry at the next number goes out; an older one was given before; a later one means that entries
are missing here, which are fetched from the log first. So whatever happens to a feed, nobody gets an entry twice, or
one after a hole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from rooms import guest
from rooms import log as room_log
from rooms.event import Entry
from rooms.feed import Feed, Item, Lost, RolledBack, Told
from rooms.keys import partition_of, partition_of_person
from rooms.refusal import Refusal
from rooms.room import in_log
from rooms.town import Town
from server import metrics
from server.client import Client
from server.engine import Engine
from server.frames import TRY_LATER
from server.ledger import Ledger
from server.logging import where
from server.packet import event_frame
from server.people import People, concerns, missing
from server.room_line import Line

log = structlog.get_logger("fanout")
FILL = 500
AGAIN_S = 0.5


class Fanout:
    """The clients of one process, by room and by person."""

    def __init__(self, town: Town, engine: Engine) -> None:
        self._town, self._engine = town, engine
        self.lines: dict[str, Line] = {}
        self.connected = People()
        self._seen: dict[str, int] = {}
        self._arrived: dict[str, set[str]] = {}
        self.given = Ledger(self._persons_in)
        self.on_entered: Callable[[Client, str], None] = lambda _client, _room: None
        self.on_signal: Callable[[Client, Told], Awaitable[None]] = _ignore
        self.on_item: Callable[[Item], None] = lambda _item: None

    # clients -------------------------------------------------------------------------------------

    @property
    def people(self) -> dict[str, set[Client]]:
        """The clients of each person here."""
        return self.connected.by_person

    def arrive(self, client: Client) -> None:
        """From now on the client hears what concerns its person, the end of its session above all."""
        self.connected.arrive(client)

    def recognise(self, client: Client) -> None:
        """The client's person is known now, or has changed: who is staff hears what staff are told, from the coming
        of the client on."""
        for told in self.connected.recognise(client):
            if concerns(told, client, self._town.places):
                client.send(told.name, told.data)

    def depart(self, client: Client) -> bool:
        """Forget a client; True where it was the person's last one here."""
        rooms = {room: self._reached(room) for room in client.rooms}
        for room in rooms:
            self.unsubscribe(client, room)
        if not self.connected.depart(client):
            return False
        for room, reached in rooms.items():
            self.given.went(client.person_id, room, reached)
            self._arrived.get(room, set()).discard(client.person_id)
        return True

    def subscribe(self, client: Client, room: str, end: int) -> bool:
        """Give the client every entry after *end*, which is the last it was given or will fetch by itself.

        False where this process has fanned out later ones already: give those first, and ask again, in one turn of
        the loop with the giving.
        """
        if self._reached(room) > end:
            return False
        line = self.lines.setdefault(room, Line(end))
        line.add(client)
        if end > line.position:
            line.fresh[client] = end
        client.opening.discard(room)
        client.rooms.add(room)
        self._arrived.setdefault(room, set()).add(client.person_id)
        self.given.came(client.person_id, room, end)
        return True

    def _reached(self, room: str) -> int:
        """How far this process is. What was seen while nobody was here counts too: the entry that took a membership
        may be among it."""
        line = self.lines.get(room)
        return max(line.position if line is not None else 0, self._seen.get(room, 0))

    def unsubscribe(self, client: Client, room: str) -> None:
        client.rooms.discard(room)
        client.opening.discard(room)
        line = self.lines.get(room)
        if line is None:
            return
        line.remove(client)
        if not line.clients:
            del self.lines[room]

    def persons_here(self) -> dict[str, set[str]]:
        """Who is connected here, per room."""
        return {room: self._persons_in(room) for room in self.lines}

    def _persons_in(self, room: str) -> set[str]:
        line = self.lines.get(room)
        return set() if line is None else {client.person_id for client in line.clients}

    def arrived(self) -> dict[str, set[str]]:
        """Who has come since this was last asked, per room: a lease for each, in one go instead of one by one."""
        arrived, self._arrived = self._arrived, {}
        return arrived

    def tell_room(self, room: str, event: str, data: dict[str, object], but: str | None = None) -> None:
        """Give a fleeting event to everyone in a room here, but not to the person *but*."""
        line = self.lines.get(room)
        if line is not None:
            listeners = [client.connection for client in line.clients if client.person_id != but]
            self._engine.turn.fan_out(listeners, event_frame(event, data))

    # the feeds -----------------------------------------------------------------------------------

    async def run(self, feed: Feed) -> None:
        """Deliver what the feeds bring, for ever."""
        async for batch in feed.batches():
            for item in batch:
                await self.take(item)

    async def take(self, item: Item) -> None:
        """Deliver one item, after waiting for the store where that is needed: nothing overtakes it.

        An item that fails otherwise is a fault of ours; it must not stop the others.
        """
        while True:
            try:
                await self._deliver(item)
            except Refusal as refusal:
                log.warning("delivery waits for the store", item=type(item).__name__, code=refusal.code)
                if refusal.row.retryable:
                    await asyncio.sleep(AGAIN_S)
                    continue
            except Exception as error:  # noqa: BLE001 - see above
                _note("delivery failed", item, error)
            break
        try:
            self.on_item(item)  # after it, and also where it failed: whoever looks on spoils no delivery, nor it theirs
        except Exception as error:  # noqa: BLE001 - the same
            _note("looking on failed", item, error)

    async def _deliver(self, item: Item) -> None:
        match item:
            case Entry():
                await self._entry(item)
            case Told():
                await self._signal(item)
            case Lost():
                await self._fill_all(item.partition)
            case RolledBack():
                await self._rolled_back(item.partition)

    async def _entry(self, entry: Entry) -> None:
        self._seen[entry.room] = entry.seq
        line = self.lines.get(entry.room)
        if line is not None and entry.seq > line.position:
            if entry.seq > line.position + 1:
                await self._fill(entry.room, line, entry.seq - 1)
            self._give(line, entry)
        self._follow(entry)

    def _give(self, line: Line, entry: Entry) -> None:
        """One frame for all; those who were given it with their page are passed over."""
        line.position = entry.seq
        connections = line.connections
        if line.fresh:
            fresh = line.fresh
            connections = [client.connection for client in line.clients if fresh.get(client, 0) < entry.seq]
            line.fresh = {client: end for client, end in fresh.items() if end > entry.seq}
        metrics.deliveries.inc(len(connections))
        self._engine.turn.fan_out(connections, event_frame(entry.name, entry.wire()))

    async def _fill(self, room: str, line: Line, last: int) -> None:
        """Give what the feed did not bring; what was blanked meanwhile stays a hole, which the client asks about."""
        log.info("filling from the log", room=in_log(room), first=line.position + 1, last=last)
        while line.position < last:
            upto = min(last, line.position + FILL)
            for entry in await room_log.between(self._town.store, room, line.position + 1, upto):
                if entry.seq > line.position:
                    self._give(line, entry)
                    self._follow(entry)
            line.position = max(line.position, upto)

    async def _fill_all(self, partition: str) -> None:
        """The feed was trimmed past our position: compare the heads of the rooms that are open here."""
        rooms = [room for room in self.lines if partition_of(room) == partition]
        for room, head in (await room_log.heads(self._town.store, rooms)).items():
            line = self.lines.get(room)
            if line is not None and head.seq > line.position:
                await self._fill(room, line, head.seq)
        await self._make_good(partition)

    async def _make_good(self, partition: str) -> None:
        """What persons are told is in no log: the end of a session, a page, a desk's cases, a room that was opened. So
        whom it may have been for comes again and is looked up anew; of the others' rooms the missing ones are looked
        for, which spares a whole neighbourhood the way."""
        for client in [client for clients in self.people.values() for client in clients]:
            if self.connected.may_have_missed(client, partition):
                client.connection.close("told too little", TRY_LATER)
        others = [person for person in self.people if partition_of_person(person) != partition]
        for person, noted in (await guest.rooms_of(self._town, others)).items():
            for client in self.connected.of(person):
                for room in missing(client, partition, noted, self._town.places):
                    self.on_entered(client, room)

    async def _rolled_back(self, partition: str) -> None:
        """Redis came back with less than it had told: raise the epoch of every room that lost entries."""
        metrics.rollbacks.inc()
        log.error("alarm: the store was rolled back", partition=partition)
        rooms = [room for room in {*self._seen, *self.lines} if partition_of(room) == partition]
        for room, head in (await room_log.heads(self._town.store, rooms)).items():
            if head.seq >= self._reached(room):
                continue
            self._seen[room] = head.seq
            raised = await room_log.raise_epoch(self._town.store, room, head.epoch, self._town.clock.now_ms())
            line = self.lines.get(room)
            if line is not None:
                line.position, line.fresh = head.seq, {}
            self.tell_room(room, "reset", {"room": room, "epoch": raised, "oldest": head.oldest, "head": head.seq})
        await self._make_good(partition)

    # people --------------------------------------------------------------------------------------

    def _follow(self, entry: Entry) -> None:
        """Who became a member is given the room, who is one no longer is given nothing more; of a warning and of an
        alert it is noted who was given it."""
        if entry.name in ("member.joined", "staff.entered"):
            self._joined(entry)
        elif entry.name in ("member.left", "staff.left"):
            self._left(entry)
        elif entry.name in ("warning.raised", "alert.broadcast"):
            self.given.warned(entry.room, entry.seq)

    def _joined(self, entry: Entry) -> None:
        for client in self.people.get(entry.data["person"]["id"], ()):
            if entry.room not in client.rooms:
                self.on_entered(client, entry.room)

    def _left(self, entry: Entry) -> None:
        """The entry itself was the last thing they were given."""
        for client in self.people.get(entry.data["person"]["id"], ()):
            self.given.went(client.person_id, entry.room, entry.seq)
            self.unsubscribe(client, entry.room)
            client.send("room.closed", {"room": entry.room})

    async def _signal(self, told: Told) -> None:
        if told.room is not None:
            self.tell_room(told.room, told.name, told.data, told.but)
            return
        if told.organisation is not None:
            if listeners := self.connected.concerned(told, self._town.places):
                same = event_frame(told.name, told.data)
                for client in listeners:
                    client.give(same)
            return
        for client in self.connected.of(told.person):
            await self.on_signal(client, told)


def _note(what: str, item: Item, error: Exception) -> None:
    metrics.faults.inc()
    log.error(what, item=type(item).__name__, error=type(error).__name__, where=where(error))


async def _ignore(_client: Client, _told: Told) -> None:
    """Before the gateway is there, nobody is connected."""
