"""A simulated client: a device with an outbox that keeps the client's part of the promise, and writes down all it sees.

One command per room under way; what was not answered is sent again under the same client_id; every room has a cursor;
an entry after a hole makes it pull what is missing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from typing import Any, ClassVar

import aiohttp
import msgspec
import socketio
from engineio.exceptions import EngineIOError
from socketio.exceptions import SocketIOError

from tests.chaos import history as seen
from tests.chaos.history import History
from tests.chaos.holding import Holding
from tests.town import PASSWORD, device_of

CONNECT_S = 3.0
WELCOME_S = 12.0
HTTP_S = 15.0
PAUSE_S = (0.05, 0.8)  # between two tries to connect: full jitter, far shorter than a real client's
ANSWER_S = (3.0, 12.0)  # how long the impatient and the patient wait; a server says `unavailable` after ten
REFUSED_FOR_NOW_S = 1.0
PAGE = 200
NO_SEQ = frozenset({"measure.take"})
"""What answers the newest seq of the room where it wrote no entry of its own."""

Reply = dict[str, Any]


class Command(msgspec.Struct, frozen=True):
    """What waits in an outbox. room: whose, be it in the payload or not; then: is told the final answer."""

    name: str
    room: str
    payload: dict[str, Any]
    then: Callable[[Reply], None] | None = None

    @property
    def client_id(self) -> str:
        return str(self.payload["client_id"])


class Client:
    """One person with one device. urls: where the servers are just now; fills: False plants a bug in the client."""

    def __init__(
        self, name: str, urls: Callable[[], Sequence[str]], history: History, rng: Random, *, fills: bool = True
    ) -> None:
        self.name, self.device, self.person = name, device_of(name), ""
        self.rooms: tuple[str, ...] = ()
        self.holdings: dict[str, Holding] = {}
        self.outboxes: dict[str, deque[Command]] = {}
        self.connected = asyncio.Event()
        self._urls, self._history, self._rng, self._fills = urls, history, rng, fills
        self._address = _somewhere(rng)
        self._token, self._count = "", 0
        self._answer_s = rng.choice(ANSWER_S)
        self._sio: socketio.AsyncClient | None = None
        self._gone = asyncio.Event()
        self._waiting: set[asyncio.Future[Reply | None]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._pulling: set[str] = set()
        self._closing = False

    def note(self, kind: type[seen.Record], *fields: Any) -> None:
        self._history.note(kind, self.name, *fields)

    # accounts ------------------------------------------------------------------------------------

    async def join(self, code: str) -> None:
        """Make an account and stay connected from now on."""
        body = {"code": code, "name": self.name, "password": PASSWORD, "device": self.device}
        status, answer = await self._post("/api/join", body)
        assert status == 201, answer
        self._token, self.person = answer["token"], answer["person"]["id"]
        self.rooms = _rooms(answer["person"])
        self.note(seen.Joined, self.person, self.device, self.rooms)
        self._spawn(self._stay_connected())

    async def move(self, code: str, rooms: tuple[str, ...]) -> None:
        """Live where the code is good for. Asked again until it is answered, as every change."""
        self.note(seen.MoveAsked, rooms)
        while not self._closing:
            try:
                status, answer = await self._post("/api/move", {"code": code})
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
                status = 0
            if status == 200:
                self.rooms = _rooms(answer["person"])
                self.note(seen.Moved, self.rooms)
                return
            await self._pause()

    async def _post(self, path: str, body: dict[str, str]) -> tuple[int, dict[str, Any]]:
        headers = {"X-Forwarded-For": self._address}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        patience = aiohttp.ClientTimeout(total=HTTP_S)
        async with (
            aiohttp.ClientSession(timeout=patience) as http,
            http.post(self._url() + path, json=body, headers=headers) as answer,
        ):
            return answer.status, await answer.json()

    def _url(self) -> str:
        return self._rng.choice(self._urls())

    # saying --------------------------------------------------------------------------------------

    def say(self, name: str, room: str, **fields: Any) -> None:
        """Put a command into the outbox of its room."""
        self.do(name, room, None, room=room, **fields)

    def do(self, name: str, room: str, then: Callable[[Reply], None] | None, /, **payload: Any) -> None:
        """The same for a command that need not name the room it is about. then: is told the final answer."""
        self._count += 1
        command = Command(name, room, {"client_id": f"{self.device}:{self._count}", **payload}, then)
        if room in self.outboxes:
            self.outboxes[room].append(command)
        else:
            self.outboxes[room] = deque([command])
            self._spawn(self._send_all(room))

    def waiting(self) -> list[str]:
        """client_ids of the commands without an answer."""
        return [command.client_id for outbox in self.outboxes.values() for command in outbox]

    async def _send_all(self, room: str) -> None:
        """One after the other; nothing leaves behind a command of which the end is not known."""
        outbox = self.outboxes[room]
        while outbox:
            while not await self._send(outbox[0]):
                pass
            outbox.popleft()
        del self.outboxes[room]

    async def _send(self, command: Command) -> bool:
        """Send it once; True when the answer is final."""
        room, client_id = command.room, command.client_id
        await self.connected.wait()
        self.note(seen.Sent, room, client_id, command.name)
        reply = await self._ask(command.name, command.payload)
        if reply is None:
            self.note(seen.Unknown, room, client_id, "no answer")
            return False
        if not reply["ok"] and reply["error"]["retryable"]:
            error = reply["error"]
            self.note(seen.Unknown, room, client_id, error["code"])
            await asyncio.sleep(min(error.get("retry_after_ms", 100) / 1000, REFUSED_FOR_NOW_S))
            return False
        self._note_end(command, reply)
        if command.then is not None:
            command.then(reply)
        return True

    def _note_end(self, command: Command, reply: Reply) -> None:
        room, client_id = command.room, command.client_id
        if not reply["ok"]:
            self.note(seen.Refused, room, client_id, reply["error"]["code"])
        elif "seq" in reply and command.name not in NO_SEQ:
            self.note(seen.Ok, room, client_id, reply["seq"])
        else:
            self.note(seen.Done, room, client_id, str(sorted(reply.items())))

    async def _ask(self, name: str, payload: dict[str, Any]) -> Reply | None:
        """The reply, or None where the connection ended or patience did; then the connection is given up."""
        sio = self._sio
        if sio is None or not self.connected.is_set():
            return None
        answer: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        self._waiting.add(answer)
        try:
            async with asyncio.timeout(self._answer_s):
                await sio.emit(name, payload, callback=lambda reply: _settle(answer, reply))
                return await answer
        except TimeoutError:
            self._abort("no answer")
        except SocketIOError:
            self._abort("not connected")
        finally:
            self._waiting.discard(answer)
        return None

    # the connection ------------------------------------------------------------------------------

    async def _stay_connected(self) -> None:
        while not self._closing:
            self._gone.clear()
            sio = self._new_socket()
            try:
                await self._connect(sio)
                await self._gone.wait()
            except (SocketIOError, EngineIOError, aiohttp.ClientError, OSError, TimeoutError):
                await self._pause()
            finally:
                if self._sio is sio:
                    self._leave("given up")
                await _let_go(sio)

    def _new_socket(self) -> socketio.AsyncClient:
        """Its handlers pass over what an earlier connection still brings."""
        sio = socketio.AsyncClient(
            serializer="msgpack", reconnection=False, handle_sigint=False, request_timeout=CONNECT_S
        )

        def take(event: str, data: dict[str, Any]) -> None:
            if self._sio is sio:
                self._take(event, data)

        def ended(reason: str = "") -> None:
            if self._sio is sio:
                self._leave(str(reason))

        def turned_away(data: Any = None) -> None:
            error = data.get("data", {}).get("error", {}) if isinstance(data, dict) else {}
            if error and not error["retryable"]:
                self.note(seen.TurnedAway, error["code"])

        sio.on("*", take)
        sio.on("disconnect", ended)
        sio.on("connect_error", turned_away)
        return sio

    async def _connect(self, sio: socketio.AsyncClient) -> None:
        cursors = {room: [held.epoch, held.last] for room, held in self.holdings.items() if held.last is not None}
        for room, (epoch, seq) in cursors.items():
            self.note(seen.Resumed, room, epoch, seq)
        self._sio, url = sio, self._url()
        auth = {"token": self._token, "cursors": cursors}
        async with asyncio.timeout(2 * CONNECT_S):
            await sio.connect(url, auth=auth, transports=["websocket"], wait_timeout=CONNECT_S)
        async with asyncio.timeout(WELCOME_S):
            await self._welcomed_or_gone()
        self.note(seen.Connected, url)

    async def _welcomed_or_gone(self) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in (self.connected, self._gone)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def drop(self) -> None:
        """Lose the connection, as in a tunnel."""
        self._abort("dropped")

    def _abort(self, why: str) -> None:
        sio, self._sio = self._sio, None
        if sio is not None:
            _cut(sio)
            self._leave(why)

    def _leave(self, why: str) -> None:
        """The connection is over: whoever waits for an answer will not get it."""
        self._sio = None
        if self.connected.is_set():
            self.note(seen.Closed, why)
        self.connected.clear()
        self._gone.set()
        for answer in self._waiting:
            _settle(answer, None)

    async def _pause(self) -> None:
        await asyncio.sleep(self._rng.uniform(*PAUSE_S))

    async def close(self) -> None:
        """Leave for good."""
        self._closing = True
        self._abort("closed")
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _spawn(self, coroutine: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # being given ---------------------------------------------------------------------------------

    def _take(self, event: str, data: dict[str, Any]) -> None:
        """Everything that comes, in the order in which it comes: this never waits."""
        if "by" in data and "seq" in data:
            self._apply(event, data, "event")
        elif event in self._HEARD:
            self._HEARD[event](self, data)

    def _welcome(self, data: dict[str, Any]) -> None:
        infos = {info["id"]: info for info in data["rooms"]}
        for room in [room for room in self.holdings if room not in infos]:
            self._drop(room)
        for info in infos.values():
            self._open(info)
        self.connected.set()

    def _open(self, info: dict[str, Any]) -> None:
        room = info["id"]
        if room not in self.holdings:
            self.holdings[room] = Holding(info["epoch"])
        held = self.holdings[room]
        if held.last is None or info.get("more"):
            self._pull(room)

    def _reset(self, data: dict[str, Any]) -> None:
        held = self.holdings.get(data["room"])
        if held is not None:
            self.note(seen.Reset, data["room"], held.last or 0, data["head"])
        self.holdings[data["room"]] = Holding(data["epoch"])
        self._pull(data["room"])

    def _drop(self, room: str) -> None:
        if self.holdings.pop(room, None) is not None:
            self.note(seen.Ended, room)

    _HEARD: ClassVar[dict[str, Callable[[Client, dict[str, Any]], None]]] = {
        "welcome": _welcome,
        "reset": _reset,
        "room.opened": lambda self, data: self._open(data["room"]),
        "room.closed": lambda self, data: self._drop(data["room"]),
    }

    def _apply(self, event: str, entry: dict[str, Any], how: seen.How) -> None:
        """Take it over where it is the next one; pull where it shows a hole; pass over what is held already."""
        room, seq = entry["room"], entry["seq"]
        held = self.holdings.get(room)
        applied = held is not None and held.take(event, entry, skips=not self._fills)
        self.note(seen.Given, room, seq, seen.mark_of(event, entry), event, how, applied)
        if held is not None and held.misses(seq):
            self._pull(room)

    def _pull(self, room: str) -> None:
        if room not in self._pulling:
            self._pulling.add(room)
            self._spawn(self._fill(room))

    async def _fill(self, room: str) -> None:
        """Pull pages until nothing is missing; a connection that ends meanwhile resumes with the cursor."""
        try:
            while (held := self.holdings.get(room)) is not None:
                more = await self._page(room, held)
                if not more:
                    return
        finally:
            self._pulling.discard(room)

    async def _page(self, room: str, held: Holding) -> bool:
        """Pull one page and take it over; True where another one is needed."""
        asked = {"room": room, "limit": PAGE} | ({} if held.last is None else {"after": held.last})
        reply = await self._ask("room.history", asked)
        if reply is None:
            return False
        if not reply["ok"]:
            await asyncio.sleep(min(reply["error"].get("retry_after_ms", 100) / 1000, REFUSED_FOR_NOW_S))
            return bool(reply["error"]["retryable"])
        if self.holdings.get(room) is not held:
            return True  # dropped while the page was under way: begin again with what is held now
        if held.last is None:
            held.begin(reply["entries"][0]["seq"] - 1 if reply["entries"] else reply["head"])
            self.note(seen.Began, room, held.last)
        for entry in reply["entries"]:
            self._apply(entry["event"], entry, "page")
        return held.is_behind(reply["head"])

    def has(self, room: str, seq: int) -> bool:
        """Whether everything up to *seq* is held."""
        held = self.holdings.get(room)
        return held is not None and held.last is not None and held.last >= seq

    def may_react(self, room: str) -> int | None:
        """The seq of some message that the client holds."""
        held = self.holdings.get(room)
        return None if held is None or not held.messages else self._rng.choice(held.messages)[0]

    def may_change(self, room: str) -> int | None:
        """The seq of a message of its own, lately said."""
        held = self.holdings.get(room)
        mine = [seq for seq, by in held.messages if by == self.person] if held else []
        return mine[-1] if mine else None

    def warning(self, room: str, *, is_mine: bool) -> int | None:
        """The seq of some warning of its own, or of somebody else."""
        held = self.holdings.get(room)
        found = [seq for seq, by in held.warnings if (by == self.person) is is_mine] if held else []
        return self._rng.choice(found) if found else None


def _somewhere(rng: Random) -> str:
    """An address to come from."""
    return f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


def _rooms(person: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted((person["street"]["id"], person["neighbourhood"]["id"])))


def _settle(answer: asyncio.Future[Reply | None], reply: Reply | None) -> None:
    if not answer.done():
        answer.set_result(reply)


def _cut(sio: socketio.AsyncClient) -> None:
    """Abort the socket: python-socketio's own way asks a peer that may be stopped."""
    response = getattr(sio.eio.ws, "_response", None)
    if response is not None and response.connection is not None and response.connection.transport is not None:
        response.connection.transport.abort()


async def _let_go(sio: socketio.AsyncClient) -> None:
    """Wait until a socket that has ended, or never began, has left nothing behind."""
    _cut(sio)
    with suppress(Exception):
        async with asyncio.timeout(CONNECT_S):
            await sio.eio.disconnect(abort=True)
    if sio.eio.http is not None and not sio.eio.http.closed:
        await sio.eio.http.close()
