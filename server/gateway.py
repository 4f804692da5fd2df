"""The gateway: a connection becomes a Person's client, a command goes to dispatch, and its reply goes back."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import msgspec
import structlog
from socketio.exceptions import ConnectionRefusedError as SocketRefused

from rooms import account, correction, notice, presence, roster, session
from rooms.command import COMMANDS
from rooms.dispatch import bad_request, dispatch
from rooms.feed import Told
from rooms.person import STAFF_IN_ROOMS
from rooms.refusal import Refusal
from rooms.town import Town
from server import metrics
from server.client import Client
from server.fanout import Fanout
from server.logging import where
from server.socketio_server import Server
from server.welcome import Welcome

logger = structlog.get_logger("gateway")
MOST_CURSORS = 100


class Auth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client presents. cursors: the last seq it holds per room, bare or as [epoch, seq]; null where it holds
    nothing and knows that it is of that room."""

    token: str
    cursors: dict[str, int | tuple[int, int] | None] = {}


class Gateway:
    """Connects python-socketio's events with the domain."""

    def __init__(self, town: Town, sio: Server, fanout: Fanout) -> None:
        self._town, self._sio, self._fanout = town, sio, fanout
        self.draining = False
        self._welcome = Welcome(town, fanout, sio.engine.spawn, self._fault)
        self._clients: dict[str, Client] = {}  # by sid; those that were let in
        self.after: dict[str, Callable[[Client], None]] = {}
        """By command: what else it does to the connection by which it came, once it was carried out."""
        self._under_way = 0
        self._idle = asyncio.Event()
        fanout.on_entered, fanout.on_signal = self._entered, self._signal
        sio.on("connect", self.connect)
        sio.on("disconnect", self.disconnect)
        sio.on("*", self.command)

    # coming and going ----------------------------------------------------------------------------

    async def connect(self, sid: str, _environ: Mapping[str, Any], auth: Any = None) -> None:
        """Let a client in whose session is good, and welcome it. The session is looked up in the store every time."""
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
                looks = self._welcome.look(client, asked.cursors)
                arrival = await session.arrive(self._town, asked.token)
                client.person = arrival.person
                self._welcome.familiar.meet(client.session)
                self._fanout.recognise(client)
                await self._welcome.give(client, asked.cursors, looks, arrival)
            except BaseException:
                self._fanout.depart(client)
                raise
        except Refusal as refusal:
            metrics.answers.came(refusal.code)
            raise SocketRefused(refusal.message, refusal.reply()) from None
        connection.state = self._clients[sid] = client
        metrics.answers.came("ok")
        metrics.connections.inc()

    async def disconnect(self, sid: str, _reason: str = "") -> None:
        client = self._clients.pop(sid, None)
        if client is None:
            return
        metrics.connections.dec()
        rooms = list(client.rooms)
        if self._fanout.depart(client):
            if client.person.role in STAFF_IN_ROOMS:  # first: the five minutes of duty count from now
                await roster.renew(self._town, [client.person_id], linger_ms=0)
            await presence.left(self._town, client.person_id, rooms)

    # what happens to a person --------------------------------------------------------------------

    def _entered(self, client: Client, room: str) -> None:
        self._sio.engine.spawn(self._welcome.open(client, room))

    async def _signal(self, client: Client, told: Told) -> None:
        if told.name == "session.ended":
            await self._end(client, told.data)
        elif told.name == "person.changed":
            await self._changed(client)
        elif told.name == "correction.given":
            self._sio.engine.spawn(self._give_notice(client, told.data["id"]))
        elif told.name == "notice.given":
            self._sio.engine.spawn(self._give_decision(client, told.data["id"]))
        elif told.name == "room.opened":
            self._entered(client, told.data["room"])
        else:
            client.send(told.name, told.data)

    async def _give_notice(self, client: Client, notice_id: str) -> None:
        """A notice's words lie with the person, not in the feed, which nobody purges."""
        try:
            notice = await correction.look(self._town, client.person_id, notice_id)
        except Refusal as refusal:
            logger.info("notice refused", code=refusal.code)
            client.connection.close("notice refused", 1013)  # it is in the next welcome
            return
        if notice is not None and client.is_welcomed:  # else the welcome says what its words are for
            notice = correction.as_told(notice, client.rooms | client.opening)
        if notice is not None:
            client.send_notice(notice)

    async def _give_decision(self, client: Client, notice_id: str) -> None:
        """The same of a notice about a report."""
        try:
            found = await notice.look(self._town, client.person_id, notice_id)
        except Refusal as refusal:
            logger.info("notice refused", code=refusal.code)
            client.connection.close("notice refused", 1013)
            return
        if found is not None:
            client.send_decision(found)

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
            self._fanout.recognise(client)
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
            if (then := self.after.get(name)) is not None:
                then(client)
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
