"""wire.c in Python, for machines without a compiler: masked frames, and the four dialects."""

from __future__ import annotations

import json
import secrets
import struct
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

import msgpack

TEXT, BINARY, CLOSE = 1, 2, 8
CONNECT, EVENT, ACK, CONNECT_ERROR = 0, 2, 3, 4


class Kind(StrEnum):
    NOTHING = "nothing"
    HELLO = "hello"
    JOINED = "joined"
    REFUSED = "refused"
    WELCOME = "welcome"
    ENTRY = "entry"
    ANSWER = "answer"
    PING = "ping"


class Heard(NamedTuple):
    """room, seq: of BART's entries alone."""

    kind: Kind
    text: str = ""
    room: str = ""
    seq: int = 0
    ok: bool = True


def frame(opcode: int, payload: bytes) -> bytes:
    """A frame as RFC 6455, 5.3 demands it of clients: masked with a key of its own."""
    size, key = len(payload), secrets.token_bytes(4)
    short = struct.pack("!BB", 0x80 | opcode, 0x80 | min(size, 126))
    head = short if size < 126 else short + struct.pack("!H", size)
    stream = int.from_bytes((key * (size // 4 + 1))[:size], "big")
    return head + key + (int.from_bytes(payload, "big") ^ stream).to_bytes(size, "big")


def frames(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """(opcode, payload, end) of every frame that is all there."""
    at, whole = 0, len(data)
    while whole - at >= 2:
        size, head = data[at + 1] & 0x7F, 2
        if size >= 126:
            head = 4 if size == 126 else 10
            size = int.from_bytes(data[at + 2 : at + head], "big")
        end = at + head + size
        if end > whole or whole - at < head:
            return
        yield data[at] & 0x0F, data[at + head : end], end
        at = end


def hear(dialect: str, opcode: int, payload: bytes) -> Heard:
    if dialect == "bare":
        return Heard(Kind.ENTRY, payload.decode())
    if opcode == TEXT:
        return _hear_text(payload.decode())
    return _hear_packet(dialect, msgpack.unpackb(payload)) if opcode == BINARY else Heard(Kind.NOTHING)


def _hear_text(text: str) -> Heard:
    if text.startswith("42"):
        return Heard(Kind.ENTRY, json.loads(text[2:])[1])
    kinds = {"0": Kind.HELLO, "2": Kind.PING, "40": Kind.JOINED, "43": Kind.ANSWER, "44": Kind.REFUSED}
    return Heard(kinds.get(text[:2], kinds.get(text[:1], Kind.NOTHING)))


def _hear_packet(dialect: str, packet: dict[str, Any]) -> Heard:
    kind, data = packet["type"], packet.get("data", [])
    if kind == ACK:
        return Heard(Kind.ANSWER, ok=dialect != "bart" or bool(data[0]["ok"]))
    if kind != EVENT:
        return Heard({CONNECT: Kind.JOINED, CONNECT_ERROR: Kind.REFUSED}.get(kind, Kind.NOTHING))
    name, what = data[0], data[1]
    if dialect != "bart":
        return Heard(Kind.ENTRY, what)
    if name == "welcome":
        return Heard(Kind.WELCOME)
    if "seq" not in what:
        return Heard(Kind.NOTHING)
    said = what.get("data", {})
    return Heard(Kind.ENTRY, said.get("text", "") or _text_of_tap(said), what["room"], what["seq"])


def _text_of_tap(said: dict[str, Any]) -> str:
    """A tap has no words: what `say_tap` was told stands in its client_id."""
    marked, _, number = said.get("client_id", "").rpartition(":")
    tag, _, at = marked.removeprefix("load").partition("-")
    return f"{tag}:{int(number) - 1:010d} {at}" if at else ""


def _packet(kind: int, data: Any, ack_id: int = 0) -> bytes:
    fields = {"type": kind, "nsp": "/", "data": data}
    return frame(BINARY, msgpack.packb({**fields, "id": ack_id} if ack_id else fields))


def say_connect(dialect: str, token: str, room: str, cursor: str) -> bytes:
    if dialect == "json":
        return frame(TEXT, b"40")
    auth: dict[str, Any] = {} if dialect == "msgpack" else {"token": token}
    if dialect == "bart" and cursor != "-":
        auth["cursors"] = {room: [int(number) for number in cursor.split()]}
    return _packet(CONNECT, auth)


def say_message(dialect: str, room: str, client_id: str, text: str, ack_id: int) -> bytes:
    if dialect == "bart":
        return _packet(EVENT, ["message.post", {"room": room, "client_id": client_id, "text": text}], ack_id)
    return _relayed(dialect, "message", text, 0)


def say_tap(room: str, tag: str, number: int, at_ns: int, target: int, *, sees: bool) -> bytes:
    """A one-tap answer to a warning; whose it is, when it was said and its number come back in the entry."""
    client_id = f"load{tag.rstrip(':')}-{at_ns:020d}:{number + 1}"
    said = {"room": room, "client_id": client_id, "target": target, "answer": "see" if sees else "not_here"}
    return _packet(EVENT, ["warning.answer", said], number + 1)


def say_storeless(dialect: str, text: str, ack_id: int) -> bytes:
    if dialect == "bart":
        return _packet(EVENT, ["connection.check", {}], ack_id)
    return _relayed(dialect, "echo", text, ack_id)


def _relayed(dialect: str, event: str, text: str, ack_id: int) -> bytes:
    if dialect == "json":
        return frame(TEXT, f"42{ack_id or ''}{json.dumps([event, text])}".encode())
    return frame(BINARY, text.encode()) if dialect == "bare" else _packet(EVENT, [event, text], ack_id)
