"""A client of bare sockets, for what no well-behaved client would send; and the cast's tools to wait for facts."""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from typing import Any

import msgpack

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


async def until(happened: Callable[[], Any]) -> Any:
    """Wait for a fact, as long as it takes; the test's own timeout ends what never happens."""
    while not (fact := happened()):  # noqa: ASYNC110 - most facts have no event to wait for
        await asyncio.sleep(0.002)
    return fact


def client_frame(payload: bytes, opcode: int = BINARY, *, masked: bool = True, final: bool = True) -> bytes:
    """A frame as clients send it. The mask is zero, which is one like any other."""
    size, mask_bit = len(payload), 0x80 if masked else 0
    first = opcode | (0x80 if final else 0)
    if size < 126:
        head = bytes((first, mask_bit | size))
    elif size < 65536:
        head = struct.pack("!BBH", first, mask_bit | 126, size)
    else:
        head = struct.pack("!BBQ", first, mask_bit | 127, size)
    return head + (bytes(4) if masked else b"") + payload


def pack(kind: int, data: Any = None, ack_id: int | None = None, **more: Any) -> bytes:
    """A Socket.IO packet as any client may write it, right or wrong."""
    fields = {"type": kind, "nsp": "/", "data": data, "id": ack_id, **more}
    return bytes(msgpack.packb({name: value for name, value in fields.items() if value is not None}))


def event(name: str, *arguments: Any, ack_id: int | None = None) -> bytes:
    return client_frame(pack(2, [name, *arguments], ack_id))


def handshake(port: int, *, path: str = "/socket.io/?EIO=4&transport=websocket", **headers: str) -> bytes:
    """A WebSocket request; further headers by their names with _ for -, and "" to leave one out."""
    lines = {
        "Host": f"127.0.0.1:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()


class Raw:
    """One socket to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.status = 0
        self.head = b""

    @classmethod
    async def ask(cls, port: int, request: bytes) -> Raw:
        """Send a request and read the head of the answer."""
        raw = cls(*await asyncio.open_connection("127.0.0.1", port))
        raw.writer.write(request)
        raw.head = await raw.reader.readuntil(b"\r\n\r\n")
        raw.status = int(raw.head.split()[1])
        return raw

    @classmethod
    async def open(cls, port: int) -> Raw:
        """An engine.io connection that has not joined yet."""
        raw = await cls.ask(port, handshake(port))
        assert raw.status == 101
        assert (await raw.frame())[1][:1] == b"0"
        return raw

    @classmethod
    async def join(cls, port: int, auth: Any = None) -> Raw:
        raw = await cls.open(port)
        raw.send(pack(0, auth))
        assert (await raw.packet())["type"] == 0
        return raw

    def send(self, payload: bytes, opcode: int = BINARY) -> None:
        self.writer.write(client_frame(payload, opcode))

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    async def frame(self) -> tuple[int, bytes]:
        first, size = await self.reader.readexactly(2)
        if size == 126:
            size = int.from_bytes(await self.reader.readexactly(2), "big")
        elif size == 127:
            size = int.from_bytes(await self.reader.readexactly(8), "big")
        return first & 15, await self.reader.readexactly(size)

    async def packet(self) -> dict[str, Any]:
        """The next Socket.IO packet; pings are answered on the way."""
        while (got := await self.frame()) == (TEXT, b"2"):
            self.send(b"3", TEXT)
        assert got[0] == BINARY, got
        return dict(msgpack.unpackb(got[1]))

    async def closed(self) -> int | None:
        """Read to the end; the code of the close frame, None when the server hung up without one."""
        code = None
        try:
            while True:
                opcode, payload = await self.frame()
                if opcode == CLOSE:
                    code = int.from_bytes(payload[:2], "big")
        except (asyncio.IncompleteReadError, ConnectionError):
            self.hang_up()
            return code

    def hang_up(self) -> None:
        self.writer.transport.abort()
