"""Socket.IO packets as MessagePack: strict reading of what clients send, and ready frames for what we send.

A packet is a map {type, nsp, data, id?} in one binary frame (Socket.IO protocol 5, as socket.io-msgpack-parser has
it). There is one namespace, "/". Whatever no correct client sends is a ProtocolError, told without its content.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import msgpack
from socketio.msgpack_packet import MsgPackPacket

from server.frames import frame

CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR = range(5)
NAMESPACE = "/"
MAX_NESTING, MAX_ITEMS = 8, 800
"""A line on the map has up to 200 points of three items each, and the alert around it may be said in ten languages."""
MAX_ACK_ID = 2**53 - 1  # JavaScript's largest safe integer

FIELDS = frozenset({"type", "nsp", "data", "id", "options"})  # `options` ({compress}) is the JS client's own note
RESERVED = frozenset({"*", "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
"""Never events of a client: python-socketio would call our own connect and disconnect handlers by these names."""

FLAT = 20  # fields; far below every limit
_LEAVES = frozenset({type(None), bool, int, float, str, bytes})


class ProtocolError(ValueError):
    """The client sent what no correct client sends. Its text is one of ours and holds nothing of the client's."""


class Received(NamedTuple):
    """One packet of a client, checked. data: auth or None (CONNECT), None (DISCONNECT), a list (EVENT, ACK)."""

    kind: int
    data: Any
    ack_id: int | None


class Packet(MsgPackPacket):  # type: ignore[misc]  # python-socketio has no types
    """What python-socketio encodes with. DISCONNECT leaves `data` out: the JS client calls nil a parse error and
    comes back, so that a ban would not hold."""

    def _to_dict(self) -> dict[str, Any]:
        fields: dict[str, Any] = super()._to_dict()
        if fields["data"] is None:
            del fields["data"]
        return fields


# Out ------------------------------------------------------------------------------------------------------------


def event_frame(name: str, payload: dict[str, Any]) -> bytes:
    """One finished WebSocket frame with the event [name, payload], for any number of receivers."""
    return packet_frame(EVENT, [name, payload])


def packet_frame(kind: int, data: Any = None, ack_id: int | None = None) -> bytes:
    """Any packet as a finished frame. Raises TypeError, ValueError or OverflowError for what MessagePack can't say."""
    fields: dict[str, Any] = {"type": kind, "nsp": NAMESPACE}
    if data is not None:  # the JS client takes a nil for data, and a DISCONNECT with data for a parse error
        fields["data"] = data
    if ack_id is not None:
        fields["id"] = ack_id
    return frame(msgpack.packb(fields))


def ack_frame(ack_id: int, answer: Any) -> bytes:
    """The acknowledgement of the event *ack_id*; a tuple becomes several arguments, None becomes none."""
    arguments = list(answer) if isinstance(answer, tuple) else [] if answer is None else [answer]
    return packet_frame(ACK, arguments, ack_id)


# In -------------------------------------------------------------------------------------------------------------


def decode(data: bytes, max_nesting: int = MAX_NESTING, max_items: int = MAX_ITEMS) -> Received:
    """Read one packet of a client.

    max_nesting: lists and maps within each other in `data`, the list of arguments included.
    max_items: everything in `data`: values, map keys, lists and maps.
    Raises ProtocolError; the caller closes the connection.
    """
    fields = _unpack(data, max_items)
    if type(fields) is not dict or not fields.keys() <= FIELDS:
        raise ProtocolError("no packet")
    kind, payload, ack_id = fields.get("type"), fields.get("data"), fields.get("id")
    if type(kind) is not int or kind not in _SHAPES:
        raise ProtocolError("packet type")
    if fields.get("nsp") != NAMESPACE:
        raise ProtocolError("namespace")
    if not _is_ack_id(ack_id, kind):
        raise ProtocolError("ack id")
    if not _is_flat(payload):
        _measure(payload, max_nesting, max_items)
    if "options" in fields:
        _measure(fields["options"], 1, 8)
    if not _SHAPES[kind](payload):
        raise ProtocolError("packet data")
    return Received(kind, payload, ack_id)


def _unpack(data: bytes, max_items: int) -> Any:
    # MessagePack reserves a list's room when it reads its length: without limits 64 KiB can claim 73 times as much.
    try:
        return msgpack.unpackb(data, ext_hook=_extension, max_array_len=max_items, max_map_len=max_items, max_ext_len=1)
    except Exception as error:  # it raises a dozen kinds, from StackError to UnicodeDecodeError
        raise ProtocolError("no MessagePack") from error


def _extension(code: int, data: bytes) -> None:
    """Only notepack's way to write undefined is known."""
    if (code, data) != (0, b"\0"):
        raise ProtocolError("extension")


def _is_ack_id(ack_id: Any, kind: int) -> bool:
    if ack_id is None:
        return kind != ACK
    return kind in (EVENT, ACK) and type(ack_id) is int and 0 <= ack_id <= MAX_ACK_ID


def _measure(value: Any, max_nesting: int, max_items: int) -> None:
    """Raise ProtocolError when *value* is nested too deeply, holds too much, or holds what JSON has no word for."""
    level, items = [value], 0
    for _ in range(max_nesting + 1):
        containers = [inner for inner in level if type(inner) not in _LEAVES]
        if not containers:
            return
        level = [inner for container in containers for inner in _inside(container)]
        items += len(level)
        if items > max_items:
            raise ProtocolError("too many items")
    raise ProtocolError("nested too deeply")


def _is_flat(value: Any) -> bool:
    """Whether this is what nearly every command is: a name and a map of a few plain values."""
    if type(value) is not list or len(value) != 2 or type(value[0]) is not str or type(value[1]) is not dict:
        return False
    fields = value[1]
    if len(fields) > FLAT:
        return False
    for key, item in fields.items():  # noqa: SIM110 - every packet passes here; a generator would double the price
        if type(key) is not str or type(item) not in _LEAVES:
            return False
    return True


def _inside(container: Any) -> list[Any]:
    if type(container) is list:
        return container
    if type(container) is not dict or not all(type(key) is str for key in container):
        raise ProtocolError("type of value")
    return [*container.keys(), *container.values()]


def _is_event(data: Any) -> bool:
    return type(data) is list and bool(data) and type(data[0]) is str and data[0] not in RESERVED


_SHAPES: dict[int, Callable[[Any], bool]] = {
    CONNECT: lambda data: data is None or type(data) is dict,
    DISCONNECT: lambda data: data is None,
    EVENT: _is_event,
    ACK: lambda data: type(data) is list,
}
"""What `data` has to be. CONNECT_ERROR is the server's; the binary kinds don't exist in MessagePack."""
