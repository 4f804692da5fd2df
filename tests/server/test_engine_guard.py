"""The private parts of others that the engine leans on: a changed source is noticed before it is felt.

When this fails after an update, read what changed in the source named, re-check what stands beside it, run the
engine's tests, and write the new hash down.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import helpers, web_protocol
from aiohttp._websocket import reader_py
from socketio import async_manager, async_server, base_manager, base_server, msgpack_packet
from socketio import packet as sio_packet

HANDLER = web_protocol.RequestHandler
SERVER = async_server.AsyncServer

LEANED_ON: dict[str, tuple[Callable[..., Any] | type, str, str]] = {
    "WebSocketReader": (
        reader_py.WebSocketReader,
        "a2db8242e7f27072",
        "connection.py is its queue, its limit is max_frame_bytes + 1, and set_exception ends the connection",
    ),
    "WebSocketDataQueue": (
        reader_py.WebSocketDataQueue,
        "526af2531df720ee",
        "Connection takes its type, and _size and _limit that say never full",
    ),
    "helpers.set_exception": (
        helpers.set_exception,
        "a0eec1dfe4a44cc8",
        "the reader's errors reach Connection.set_exception",
    ),
    "RequestHandler.connection_made": (
        HANDLER.connection_made,
        "44d50b5763b2c7e4",
        "the header deadline starts here (keepalive_timeout)",
    ),
    "RequestHandler._process_keepalive": (
        HANDLER._process_keepalive,
        "b472e0fb8445ce42",
        "the header deadline closes half-sent requests (HEADER_DEADLINE_S)",
    ),
    "RequestHandler.connection_lost": (
        HANDLER.connection_lost,
        "df2fe6e95fd04c7c",
        "handshake.take_over calls it to make aiohttp forget a socket that lives on",
    ),
    "RequestHandler.start": (
        HANDLER.start,
        "2e565fd40c8e04fb",
        "after UPGRADED it must end without touching the socket",
    ),
    "RequestHandler.finish_response": (
        HANDLER.finish_response,
        "b7eb53db8f4b30ca",
        "with UPGRADED it must write nothing",
    ),
    "RequestHandler.data_received": (
        HANDLER.data_received,
        "1ee57ebe052e6c80",
        "handshake.check asks _message_tail and _messages for bytes read ahead",
    ),
    "AsyncServer._handle_connect": (
        SERVER._handle_connect,
        "c97c480cf777de36",
        "socketio_server._let_in replaces it: order of answer, refusal, manager",
    ),
    "AsyncServer._handle_disconnect": (
        SERVER._handle_disconnect,
        "c0b32ada5b371230",
        "socketio_server._handle_eio_disconnect does its work",
    ),
    "AsyncServer._handle_event": (
        SERVER._handle_event,
        "65178105ef8b593d",
        "socketio_server._carry_out replaces it: one answer per event",
    ),
    "AsyncServer._handle_event_internal": (
        SERVER._handle_event_internal,
        "472e8b723a12d507",
        "the same",
    ),
    "AsyncServer._handle_ack": (
        SERVER._handle_ack,
        "b7521c6c30972551",
        "socketio_server._acknowledge replaces it",
    ),
    "AsyncServer._trigger_event": (
        SERVER._trigger_event,
        "01ba90cfa09ba43e",
        "socketio_server._trigger_event replaces it",
    ),
    "AsyncServer._handle_eio_connect": (
        SERVER._handle_eio_connect,
        "76704886d944a7e6",
        "used as it is: fills environ",
    ),
    "AsyncServer._handle_eio_message": (
        SERVER._handle_eio_message,
        "bef50fc0e1635921",
        "socketio_server._handle_eio_message replaces it: packets come decoded",
    ),
    "AsyncServer._handle_eio_disconnect": (
        SERVER._handle_eio_disconnect,
        "9344593148b66fd9",
        "socketio_server._handle_eio_disconnect replaces it",
    ),
    "AsyncServer.disconnect": (
        SERVER.disconnect,
        "7d2f76686c12cc23",
        "socketio_server.disconnect replaces it",
    ),
    "AsyncServer.call": (
        SERVER.call,
        "4b7ae754cf3dffbc",
        "used as it is: needs create_event and an acknowledgement that passes the line",
    ),
    "BaseServer.__init__": (
        base_server.BaseServer.__init__,
        "6b998e091b34a563",
        "the options it hands to Engine, and the three handlers it registers",
    ),
    "BaseServer._get_event_handler": (
        base_server.BaseServer._get_event_handler,
        "e18d9a6570aaaaf4",
        "packet.RESERVED: names by which a client could call our own handlers",
    ),
    "AsyncManager": (
        async_manager.AsyncManager,
        "93e3af0127f9a042",
        "clients.py replaces what AsyncServer calls of it",
    ),
    "BaseManager": (
        base_manager.BaseManager,
        "b393b4c05dbd88e2",
        "clients.py replaces what AsyncServer calls of it",
    ),
    "MsgPackPacket": (
        msgpack_packet.MsgPackPacket,
        "5d56cfefcd1c2449",
        "packet.Packet encodes with it",
    ),
    "Packet._to_dict": (
        sio_packet.Packet._to_dict,
        "2b51719def9d36dc",
        "packet.Packet leaves data out of it when None",
    ),
}
"""What, the hash of its source, and what to look at again."""


def _source_hash(part: Callable[..., Any] | type) -> str:
    return hashlib.sha256(inspect.getsource(part).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", LEANED_ON)
def test_what_the_engine_leans_on_has_not_changed(name: str) -> None:
    """Each part's source is the one that the engine was written against."""
    part, known, check = LEANED_ON[name]
    found = _source_hash(part)
    assert found == known, f"{name} has changed (now {found}). Re-check: {check}"


def test_nothing_that_is_overridden_has_vanished() -> None:
    """A method that python-socketio no longer calls by this name would be silently dead."""
    from server.clients import Clients
    from server.packet import Packet
    from server.socketio_server import Server

    for ours, theirs in (
        (Server, SERVER),
        (Clients, async_manager.AsyncManager),
        (Packet, msgpack_packet.MsgPackPacket),
    ):
        own = {"connection", "take_callback", "_let_in", "_refused", "_carry_out", "_acknowledge", "_expect"}
        for method, value in vars(ours).items():
            if inspect.isfunction(value) and not method.startswith("__") and method not in own:
                assert hasattr(theirs, method), f"{theirs.__name__}.{method} has gone"
