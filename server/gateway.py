"""The gateway: a connection becomes a Person's client, a command goes to dispatch, and its reply goes back."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from time import monotonic
from typing import Any

import msgspec
import structlog
from socketio.exceptions import ConnectionRefusedError as SocketRefused

from rooms import account, log, presence, session
from rooms.command import COMMANDS
from rooms.dispatch import bad_request, dispatch
from rooms.feed import Told
from rooms.log import Cursor, Page, Resumed
from rooms.refusal import Refusal
from rooms.town import Town
from server import metrics
from server.client import Client
from server.fanout import Fanout
from server.logging import where
from server.socketio_server import Server

logger = structlog.get_logger("gateway")
MOST_CURSORS = 100


class Auth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client presents. cursors: the last seq it holds per room, bare or as [epoch, seq]."""

    token: str
    cursors: dict[str, int | tuple[int, int]] = {}


class Gateway:
    """Connects python-socketio's events with the domain."""

    def __init__(self, town: Town, sio: Server, fanout: Fanout) -> None:
        self._town, self._sio, self._fanout = town, sio, fanout
        self.draining = False
        self._clients: dict[str, Client] = {}  # by sid; those that were let in
        self._under_way = 0
        self._idle = asyncio.Event()
        fanout.on_entered, fanout.on_signal = self._entered, self._signal
        sio.on("connect", self.connect)
        sio.on("disconnect", self.disconnect)
        sio.on("*", self.command)

    # coming and going ----------------------------------------------------------------------------

    async def connect(self, sid: str, _environ: Mapping[str, Any], auth: Any = None) -> None:
        """Let a client in whose session is good, then welcome it. The session is looked up in the store every time."""
        connection = self._sio.connection(sid)
        if connection is None:
            return
        try:
            if self.draining:
                raise Refusal("draining", retry_after_ms=2000)
            asked = _auth(auth)
            client = Client(connection, sid, session.person_of(asked.token), session.digest(asked.token))
            self._fanout.arrive(client)  # before the look-up: an end of the session meanwhile must find it
            try:
                client.person = await session.resolve(self._town, asked.token)
            except BaseException:
                self._fanout.depart(client)
                raise
        except Refusal as refusal:
            metrics.answers.came(refusal.code)
            raise SocketRefused(refusal.message, refusal.reply()) from None
        connection.state = self._clients[sid] = client
        metrics.answers.came("ok")
        metrics.connections.inc()
        self._sio.engine.spawn(self._welcome(client, asked.cursors))

    async def disconnect(self, sid: str, _reason: str = "") -> None:
        client = self._clients.pop(sid, None)
        if client is None:
            return
        metrics.connections.dec()
        rooms = list(client.rooms)
        if self._fanout.depart(client):
            await presence.left(self._town, client.person_id, rooms)

    # welcome -------------------------------------------------------------------------------------

    async def _welcome(self, client: Client, cursors: Mapping[str, int | tuple[int, int]]) -> None:
        """Tell the person and the rooms, then what was missed, then let in what is new."""
        try:
            rooms = account.rooms_of(client.person, self._town.places)
            client.opening.update(rooms)
            found = await asyncio.gather(*(self._resume(client, room, _cursor(cursors.get(room))) for room in rooms))
            mine = {room: resumed for room, resumed in zip(rooms, found, strict=True) if resumed is not None}
            infos = [self._info(room, resumed) for room, resumed in mine.items()]
            person = account.view(client.person, self._town.places)
            client.welcome({"person": person, "rooms": infos, "now": self._town.clock.now_ms()})
            for room, resumed in mine.items():
                if await client.connection.writable():  # a slow client takes one room's page before the next
                    await self._catch_up(client, room, resumed)
        except Refusal as refusal:
            logger.info("welcome refused", code=refusal.code)
            client.connection.close("welcome refused", 1013)
        except Exception as error:  # noqa: BLE001 - a client without a welcome must come again, not wait
            self._fault(error)
            client.connection.close("fault", 1011)
        finally:
            client.welcomed.set()

    async def _resume(self, client: Client, room: str, cursor: Cursor | None) -> Resumed | None:
        """None where the person is no member (yet, or any longer)."""
        try:
            return await log.resume(self._town.store, room, client.person_id, cursor, self._town.clock.now_ms())
        except Refusal as refusal:
            if refusal.code == "not_found":
                return None
            raise

    async def _catch_up(self, client: Client, room: str, resumed: Resumed) -> None:
        """Give what was missed and subscribe in the same turn of the loop in which the page ends at or after what
        this process has fanned out: nothing twice, nothing missed."""
        if room not in client.opening:
            return  # the person has left it since: what was read then is not given now
        page, end = resumed.page, resumed.end
        if resumed.reset:
            numbers = {"room": room, "epoch": page.epoch, "oldest": page.oldest, "head": page.head}
            client.send("reset", numbers)
        self._give(client, page)
        while client.connection.open and not self._fanout.subscribe(client, room, end):
            following = await self._following(client, room, end)
            if following is None:
                return
            self._give(client, following)
            end = following.entries[-1].seq if following.entries else following.head

    async def _following(self, client: Client, room: str, end: int) -> Page | None:
        """The page after *end*; None where the person has left the room."""
        try:
            page = await log.history(self._town.store, room, client.person_id, after=end)
        except Refusal as refusal:
            if refusal.code == "not_found":
                return None
            raise
        return page if room in client.opening else None

    def _give(self, client: Client, page: Page) -> None:
        for entry in page.entries:
            client.send(entry.name, entry.wire())

    def _info(self, room: str, resumed: Resumed) -> dict[str, Any]:
        """A room as event.RoomInfo tells it."""
        place, page = self._town.places.room(room), resumed.page
        assert place is not None
        here = presence.told(self._town, resumed.here)
        info = {"id": room, "name": place.name, "kind": place.kind, "head": page.head, "epoch": page.epoch,
                "oldest": page.oldest, "here": here, "read": resumed.read}  # fmt: skip
        return {**info, "more": True} if page.more else info

    # what happens to a person --------------------------------------------------------------------

    def _entered(self, client: Client, room: str) -> None:
        self._sio.engine.spawn(self._open(client, room))

    async def _open(self, client: Client, room: str) -> None:
        """A client's person has become a member of a room: it is given the room at once, or after the welcome."""
        await client.welcomed.wait()
        try:
            resumed = await self._resume(client, room, None)
            if resumed is None or room in client.rooms or self._town.places.room(room) is None:
                return
            client.opening.add(room)
            client.send("room.opened", {"room": self._info(room, resumed)})
            await self._catch_up(client, room, resumed)
        except Exception as error:  # noqa: BLE001 - the client comes again and is welcomed to all its rooms
            self._fault(error)
            client.connection.close("fault", 1011)

    async def _signal(self, client: Client, told: Told) -> None:
        if told.name == "session.ended":
            await self._end(client, told.data)
        elif told.name == "person.changed":
            await self._changed(client)
        else:
            client.send(told.name, told.data)

    async def _end(self, client: Client, data: Mapping[str, Any]) -> None:
        """Close the connections of the sessions that ended: one, all, or all but one."""
        if data.get("session", client.session) != client.session or data.get("keep") == client.session:
            return
        client.send_last("session.ended", {"reason": data["reason"]})
        await self._sio.disconnect(client.sid)

    async def _changed(self, client: Client) -> None:
        known = await account.load(self._town, client.person_id)
        if known is not None:
            client.person = known.person
            client.send("person.changed", {"person": account.view(known.person, self._town.places)})

    # commands ------------------------------------------------------------------------------------

    async def command(self, name: str, sid: str, *arguments: Any) -> dict[str, Any]:
        """Answer one command; always."""
        began = monotonic()
        self._under_way += 1
        self._idle.clear()
        known, outcome = (name if name in COMMANDS else "unknown"), "ok"
        try:
            client = self._clients.get(sid)
            if client is None:
                raise Refusal("signed_out")
            if self.draining:
                raise Refusal("draining", retry_after_ms=2000)
            reply = await dispatch(self._town, client, name, arguments[0] if len(arguments) == 1 else None)
        except Refusal as refusal:
            outcome, reply = refusal.code, refusal.reply()
        except Exception as error:  # noqa: BLE001 - the client must have an answer, and we the place
            outcome, reply = "fault", Refusal("fault", id=self._fault(error)).reply()
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()
        metrics.answers.answered(known, outcome, monotonic() - began)
        return reply

    def _fault(self, error: Exception) -> str:
        """Log a fault by its places and give it a number that a person can quote."""
        number = secrets.token_hex(4)
        metrics.faults.inc()
        logger.error("fault", id=number, error=type(error).__name__, where=where(error))
        return number

    async def settle(self, within_s: float) -> None:
        """Take no new commands and wait for those under way."""
        self.draining = True
        if self._under_way:
            try:
                async with asyncio.timeout(within_s):
                    await self._idle.wait()
            except TimeoutError:
                logger.warning("commands left under way", count=self._under_way)


def _auth(auth: Any) -> Auth:
    """Raises Refusal: signed_out where there is no token, bad_request for anything else that is wrong."""
    if not isinstance(auth, dict) or "token" not in auth:
        raise Refusal("signed_out")
    try:
        asked = msgspec.convert(auth, Auth)
    except msgspec.ValidationError as error:
        raise bad_request(str(error)) from None
    if len(asked.cursors) > MOST_CURSORS:
        raise Refusal("bad_request", field="cursors")
    return asked


def _cursor(given: int | tuple[int, int] | None) -> Cursor | None:
    """A cursor as the log reads it; nonsense below zero is a cursor before everything."""
    if given is None:
        return None
    epoch, seq = (None, given) if isinstance(given, int) else given
    return epoch, max(seq, 0)
