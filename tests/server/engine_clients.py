"""The two official clients behind one face, so that both are asked the same."""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any

import socketio

SCRIPT = Path(__file__).parent / "js_client" / "client.mjs"

Fact = list[Any]


class Client:
    """What a client has seen: ["connect"], ["connect_error", message, data], ["disconnect", whether it will return],
    ["event", name, arguments], ["answer", name, arguments]."""

    def __init__(self) -> None:
        self._facts: asyncio.Queue[Fact] = asyncio.Queue()

    async def next(self, kind: str) -> Fact:
        """The next fact, which must be of this kind."""
        fact = await self._facts.get()
        assert fact[0] == kind, fact
        return fact[1:]

    def nothing_more(self) -> bool:
        return self._facts.empty()


class JsClient(Client):
    """npm's socket.io-client in Node."""

    def __init__(self, node: str) -> None:
        super().__init__()
        self._node = node

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            self._node,
            str(SCRIPT),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1024 * 1024,
        )
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            fact = json.loads(line, object_hook=_bytes_from)
            if fact[0] == "disconnect":
                fact = ["disconnect", fact[2]]
            await self._facts.put(fact)

    def _do(self, *command: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command, default=_bytes_to).encode() + b"\n")

    def open(self, url: str, auth: Any) -> None:
        self._do("open", url, auth)

    def ask(self, name: str, *arguments: Any) -> None:
        self._do("ask", name, *arguments)

    def leave(self) -> None:
        self._do("leave")

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading


def _bytes_to(value: bytes) -> dict[str, str]:
    return {"$bytes": value.hex()}


def _bytes_from(value: dict[str, Any]) -> Any:
    return bytes.fromhex(value["$bytes"]) if "$bytes" in value else value


class PythonClient(Client):
    """python-socketio's AsyncClient with its own msgpack."""

    async def start(self) -> None:
        self._client = socketio.AsyncClient(
            serializer="msgpack", reconnection_delay=0.01, reconnection_delay_max=0.01, randomization_factor=0
        )
        self._client.on("connect", lambda: self._facts.put_nowait(["connect"]))
        self._client.on("connect_error", self._refused)
        self._client.on("disconnect", self._left)
        self._client.on("*", self._event)
        self._tasks: set[asyncio.Task[None]] = set()

    def _refused(self, error: Any) -> None:
        known = isinstance(error, dict)
        self._facts.put_nowait(
            ["connect_error", error["message"], error.get("data")] if known else ["connect_error", str(error), None]
        )

    def _left(self, reason: str) -> None:
        meant = (self._client.reason.CLIENT_DISCONNECT, self._client.reason.SERVER_DISCONNECT)
        self._facts.put_nowait(["disconnect", reason not in meant])

    def _event(self, name: str, *arguments: Any) -> Any:
        self._facts.put_nowait(["event", name, list(arguments)])
        return tuple(arguments)

    def _spawn(self, coroutine: Any) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def open(self, url: str, auth: Any) -> None:
        self._opening = self._spawn(self._open(url, auth))

    async def _open(self, url: str, auth: Any) -> None:
        with contextlib.suppress(socketio.exceptions.ConnectionError):  # told by connect_error
            await self._client.connect(url, transports=["websocket"], auth=auth)

    def ask(self, name: str, *arguments: Any) -> None:
        def answered(*answer: Any) -> None:
            self._facts.put_nowait(["answer", name, list(answer)])

        self._spawn(self._client.emit(name, arguments, callback=answered))

    def leave(self) -> None:
        self._spawn(self._leave())

    async def _leave(self) -> None:
        await self._opening  # it calls the connect handler before it counts itself as connected
        await self._client.disconnect()

    async def stop(self) -> None:
        await self._client.shutdown()
