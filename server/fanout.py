"""Fan-out: feeds -> local sockets, in order, one frame for all. The only place that delivers kept events.

A room that has clients in this process has a Line: its clients, and the position up to which they were given
everything. An entry at the next number goes out; an older one was given before; a later one means that entries are
missing here, which are fetched from the log first. So whatever happens to a feed, nobody gets an entry twice, or one
after a hole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from rooms import log as room_log
from rooms.event import Entry
from rooms.feed import Feed, Item, Lost, RolledBack, Told
from rooms.keys import partition_of, partition_of_person
from rooms.person import STAFF_IN_ROOMS
from rooms.refusal import Refusal
from rooms.town import Town
from server import metrics
from server.client import Client
from server.connection import Connection
from server.engine import Engine
from server.frames import TRY_LATER
from server.logging import where
from server.packet import event_frame

log = structlog.get_logger("fanout")
FILL = 500
AGAIN_S = 0.5


class Line:
    """One room with clients here. fresh: clients that were given more than the line, and up to where."""

    __slots__ = ("_connections", "clients", "fresh", "position")

    def __init__(self, position: int) -> None:
        self.position = position
        self.clients: dict[Client, None] = {}  # in the order they came; a set would shuffle them
        self.fresh: dict[Client, int] = {}
        self._connections: list[Connection] | None = None

    def add(self, client: Client) -> None:
        self.clients[client] = None
        self._connections = None

    def remove(self, client: Client) -> None:
        self.clients.pop(client, None)
        self.fresh.pop(client, None)
        self._connections = None

    @property
    def connections(self) -> list[Connection]:
        """Everybody's; the same object as long as nobody comes or goes, which tells the engine so."""
        if self._connections is None:
            self._connections = [client.connection for client in self.clients]
        return self._connections


class Fanout:
    """The clients of one process, by room and by person."""

    def __init__(self, town: Town, engine: Engine) -> None:
        self._town, self._engine = town, engine
        self.lines: dict[str, Line] = {}
        self.people: dict[str, set[Client]] = {}
        self._seen: dict[str, int] = {}
        self._arrived: dict[str, set[str]] = {}
        self.on_entered: Callable[[Client, str], None] = lambda _client, _room: None
        self.on_signal: Callable[[Client, Told], Awaitable[None]] = _ignore

    # clients -------------------------------------------------------------------------------------

    def arrive(self, client: Client) -> None:
        """From now on the client hears what concerns its person, the end of its session above all."""
        self.people.setdefault(client.person_id, set()).add(client)

    def depart(self, client: Client) -> bool:
        """Forget a client; True where it was the person's last one here."""
        rooms = list(client.rooms)
        for room in rooms:
            self.unsubscribe(client, room)
        others = self.people.get(client.person_id, set())
        others.discard(client)
        if others:
            return False
        self.people.pop(client.person_id, None)
        for room in rooms:
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
        return {room: {client.person_id for client in line.clients} for room, line in self.lines.items()}

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
                metrics.faults.inc()
                log.error("delivery failed", item=type(item).__name__, error=type(error).__name__, where=where(error))
            return

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
        log.info("filling from the log", room=room, first=line.position + 1, last=last)
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
        self._send_back(partition)

    def _send_back(self, partition: str) -> None:
        """Among what was trimmed may have been the end of a session, or a page: who comes back is looked up again."""
        for person, clients in list(self.people.items()):
            for client in list(clients):
                if partition_of_person(person) == partition or client.person.role in STAFF_IN_ROOMS:
                    client.connection.close("told too little", TRY_LATER)

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

    # people --------------------------------------------------------------------------------------

    def _follow(self, entry: Entry) -> None:
        """Who became a member is given the room, who is one no longer is given nothing more."""
        if entry.name in ("member.joined", "staff.entered"):
            self._joined(entry)
        elif entry.name in ("member.left", "staff.left"):
            self._left(entry)

    def _joined(self, entry: Entry) -> None:
        for client in self.people.get(entry.data["person"]["id"], ()):
            if entry.room not in client.rooms:
                self.on_entered(client, entry.room)

    def _left(self, entry: Entry) -> None:
        """The entry itself was the last thing they were given."""
        for client in self.people.get(entry.data["person"]["id"], ()):
            self.unsubscribe(client, entry.room)
            client.send("room.closed", {"room": entry.room})

    async def _signal(self, told: Told) -> None:
        if told.room is not None:
            self.tell_room(told.room, told.name, told.data, told.but)
            return
        if told.organisation is not None:
            self._tell_staff(told.organisation, told.name, told.data)
            return
        for client in list(self.people.get(told.person or "", ())):
            await self.on_signal(client, told)

    def _tell_staff(self, organisation: str, name: str, data: dict[str, Any]) -> None:
        """Tell the staff of an organisation: of a case those whose area it is in, as far as its room does not tell
        them more."""
        case = data.get("case")
        for clients in list(self.people.values()):
            for client in clients:
                if client.person.organisation == organisation and (case is None or self._is_on_desk(client, case)):
                    client.send(name, data)

    def _is_on_desk(self, client: Client, case: dict[str, Any]) -> bool:
        place = case["place"]["id"]
        return case["room"] not in client.rooms and any(
            self._town.places.covers(area, place) for area in client.person.jurisdiction
        )


async def _ignore(_client: Client, _told: Told) -> None:
    """Before the gateway is there, nobody is connected."""
