"""What a person in a story holds: a real Socket.IO client, with `say`, `expect` and `expect_nothing`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import socketio

from tests import authenticator
from tests.town import PASSWORD, device_of

PATIENCE_S = 10.0


class Neighbour:
    """Somebody with an account and one connected device.

    events: everything that came, in order, as (name, payload). settle: makes sure that whatever is under way to
    anybody has arrived at the sockets; given by the fixture that knows the server.
    """

    def __init__(self, url: str, name: str, settle: Callable[[], Any] | None = None, device: int = 1) -> None:
        self.url, self.name, self.device = url, name, device_of(name, device)
        self.token, self.id, self.person = "", "", dict[str, Any]()
        self.password, self.recovery = PASSWORD, ""
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.unread: list[tuple[str, dict[str, Any]]] = []
        self.connect_errors: list[Any] = []
        self.welcome: dict[str, Any] = {}
        self.devices: list[Neighbour] = []
        self._settle, self._count = settle, 0
        self._changed = asyncio.Condition()
        self.dropped = asyncio.Event()
        """Set when the newest connection has ended, by whomever."""
        self.client = self._new_client()

    def _new_client(self) -> socketio.AsyncClient:
        client = socketio.AsyncClient(serializer="msgpack", reconnection=False, logger=False, engineio_logger=False)

        async def take(name: str, payload: dict[str, Any]) -> None:
            if client is self.client:  # what an earlier connection still had in hand counts as not given
                await self._take(name, payload)

        dropped = self.dropped = asyncio.Event()
        client.on("*", take)
        client.on("disconnect", lambda _reason: dropped.set())
        client.on("connect_error", self._refused)
        return client

    async def _take(self, name: str, payload: dict[str, Any]) -> None:
        async with self._changed:
            self.events.append((name, payload))
            self.unread.append((name, payload))
            self._changed.notify_all()

    async def _refused(self, data: Any) -> None:
        self.connect_errors.append(data)

    @property
    def by(self) -> dict[str, Any]:
        """How entries name this person."""
        return {name: self.person[name] for name in ("id", "name", "role", "organisation") if name in self.person}

    # HTTP ----------------------------------------------------------------------------------------

    async def post(self, path: str, body: Any = None, token: str | None = None) -> tuple[int, dict[str, Any]]:
        """One request; (status, answer)."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with aiohttp.ClientSession() as http, http.post(self.url + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def join(self, code: str) -> Neighbour:
        body = {"code": code, "name": self.name, "password": self.password, "device": self.device}
        self._signed(201, *await self.post("/api/join", body))
        return self

    async def sign_in(self) -> Neighbour:
        """With the second factor where it is asked for, which is put into the pocket the first time."""
        body = {"name": self.name, "password": self.password, "device": self.device}
        status, answer = await self.post("/api/sign-in", body)
        if "second_factor" in answer:
            status, answer = await self.post("/api/second-factor", authenticator.shown(self.name, answer))
            authenticator.keep(self.name, answer)
        self._signed(200, status, answer)
        return self

    async def prove(self) -> dict[str, Any]:
        """Show the second factor again; the reply."""
        now_ms = (await self.ask("connection.check", {}))["now"]
        return await self.ask("session.prove", {"code": authenticator.of(self.name).code(now_ms)})

    def _signed(self, wanted: int, status: int, answer: dict[str, Any]) -> None:
        assert status == wanted, answer
        self.token, self.person, self.id = answer["token"], answer["person"], answer["person"]["id"]
        self.recovery = answer.get("recovery", self.recovery)

    # the socket ----------------------------------------------------------------------------------

    async def connect(self, cursors: dict[str, Any] | None = None) -> Neighbour:
        """Connect and wait for the welcome. cursors: what this device holds already."""
        if self.client.connected:
            await self.client.disconnect()
        self.client = self._new_client()
        self.unread.clear()
        auth: dict[str, Any] = {"token": self.token}
        if cursors is not None:
            auth["cursors"] = cursors
        await self.client.connect(self.url, auth=auth, transports=["websocket"])
        self.welcome = await self.expect("welcome")
        return self

    async def resume(self) -> Neighbour:
        """Come back with what this device holds of every room."""
        if self.client.connected:
            await self.client.disconnect()
        return await self.connect(self.cursors())

    async def other_device(self, number: int = 2, url: str = "") -> Neighbour:
        """The same person on one more device, signed in and connected; it is closed with this one."""
        other = Neighbour(url or self.url, self.name, self._settle, number)
        other.password = self.password
        self.devices.append(other)
        return await (await other.sign_in()).connect()

    async def refused_to_connect(self, auth: Any) -> dict[str, Any]:
        """Try to connect with this auth, which must be refused; returns the error."""
        self.client, self.connect_errors = self._new_client(), []
        try:
            await self.client.connect(self.url, auth=auth, transports=["websocket"])
        except socketio.exceptions.ConnectionError:
            pass
        else:
            raise AssertionError("was let in")
        error: dict[str, Any] = self.connect_errors[-1]["data"]["error"]
        return error

    async def gone(self) -> None:
        """Wait until the connection has ended."""
        async with asyncio.timeout(PATIENCE_S):
            await self.dropped.wait()

    @property
    def connected(self) -> bool:
        return bool(self.client.connected)

    async def close(self) -> None:
        for device in self.devices:
            await device.close()
        if self.client.connected:
            await self.client.disconnect()

    async def ask(self, name: str, payload: Any) -> dict[str, Any]:
        """Send a command and return its reply, whatever it is."""
        reply: dict[str, Any] = await self.client.call(name, payload, timeout=PATIENCE_S)
        return reply

    async def say(self, room: str, text: str, **more: Any) -> int:
        """Post a message and return its seq."""
        reply = await self.ask("message.post", {"room": room, "client_id": self.next_id(), "text": text, **more})
        assert reply["ok"], reply
        return int(reply["seq"])

    def next_id(self) -> str:
        """The next client_id of this device."""
        self._count += 1
        return f"{self.device}:{self._count}"

    async def refused(self, code: str, name: str, payload: Any) -> dict[str, Any]:
        """Send a command that must be refused with *code*; returns the error."""
        reply = await self.ask(name, payload)
        assert not reply["ok"], reply
        assert reply["error"]["code"] == code, reply
        error: dict[str, Any] = reply["error"]
        return error

    async def expect(self, name: str, **fields: Any) -> dict[str, Any]:
        """Wait for an event with these fields (of the payload or its data) that no earlier `expect` has taken."""
        async with asyncio.timeout(PATIENCE_S), self._changed:
            while True:
                for index, (event, payload) in enumerate(self.unread):
                    if event == name and _matches(payload, fields):
                        del self.unread[: index + 1]
                        return payload
                await self._changed.wait()

    async def any_entry(self, room: str) -> dict[str, Any]:
        """Wait for the next entry of a room, whatever it is; for ever, so that the caller says how long."""
        async with self._changed:
            while True:
                for index, (_, payload) in enumerate(self.unread):
                    if payload.get("room") == room and "by" in payload:
                        del self.unread[: index + 1]
                        return payload
                await self._changed.wait()

    async def expect_nothing(self, name: str, **fields: Any) -> None:
        """Nothing of this kind has come, now that all that was under way has arrived."""
        if self._settle is not None:
            await self._settle()
        if self.connected:
            await self.ask("room.history", {})  # its refusal comes behind everything that was sent before
        found = [payload for event, payload in self.unread if event == name and _matches(payload, fields)]
        assert not found, found

    def entries(self, room: str) -> list[tuple[int, str]]:
        """(seq, event) of every entry of a room, in the order in which they came."""
        return [
            (payload["seq"], name) for name, payload in self.events if payload.get("room") == room and "by" in payload
        ]

    def seqs(self, room: str) -> list[int]:
        """The numbers of the entries of a room, in the order in which they came."""
        return [seq for seq, _ in self.entries(room)]

    def cursors(self) -> dict[str, list[int]]:
        """[epoch, seq] per room: what this device holds, which begins at the head of its first welcome."""
        return {
            room["id"]: [room["epoch"], max([room["head"], *self.seqs(room["id"])])]
            for room in self._first_welcome()["rooms"]
        }

    def _first_welcome(self) -> dict[str, Any]:
        return next(payload for name, payload in self.events if name == "welcome")

    def room(self, room: str) -> dict[str, Any]:
        """What the newest welcome tells of a room."""
        found: dict[str, Any] = next(info for info in self.welcome["rooms"] if info["id"] == room)
        return found

    async def pull(self, room: str, after: int) -> list[dict[str, Any]]:
        """Every entry after a seq up to the head, by pages."""
        entries: list[dict[str, Any]] = []
        while True:
            reply = await self.ask("room.history", {"room": room, "after": after})
            assert reply["ok"], reply
            entries += reply["entries"]
            if not reply["more"]:
                return entries
            after = entries[-1]["seq"]

    def texts(self, room: str) -> list[str]:
        """The texts of the messages of a room, in the order in which they came."""
        return [
            payload["data"]["text"]
            for name, payload in self.events
            if name == "message.posted" and payload["room"] == room
        ]


def _matches(payload: dict[str, Any], fields: dict[str, Any]) -> bool:
    data = payload.get("data") or {}
    return all((payload.get(name, data.get(name)) == value) for name, value in fields.items())
