"""From an HTTP request to a bare WebSocket: who may in, the 101 answer, and taking the socket over from aiohttp.

Long polling is refused; nothing is negotiated (no permessage-deflate, no subprotocol) and no cookie is set.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from aiohttp import web

from rooms.refusal import Refusal
from server.frames import TEXT, frame

if TYPE_CHECKING:
    from server.engine import Settings

HEADER_DEADLINE_S = 10.0
"""To be given to web.AppRunner as keepalive_timeout: in aiohttp 3.14 that, and nothing else, ends a connection whose
first request is still half-sent after so many seconds."""

WEBSOCKET_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
WEBSOCKET_KEY = re.compile(r"[+/0-9A-Za-z]{22}==")
ENVIRON_HEADERS = (
    ("HTTP_ORIGIN", "origin"),
    ("HTTP_COOKIE", "cookie"),
    ("HTTP_USER_AGENT", "user-agent"),
    ("HTTP_X_FORWARDED_FOR", "x-forwarded-for"),
)

LONGEST_HEAD = 8 * 1024  # bytes; as aiohttp's own limit of one line
PLAIN_HEAD = re.compile(rb"GET (/[^ ?#]*)\?([\w=&.-]*) HTTP/1\.1\r\n((?:[\w-]+:[ -~]*\r\n)*[\w-]+:[ -~]*)\r\n\r\n")
OURS = frozenset({"EIO=4", "transport=websocket"})
OF_A_BODY = frozenset({"content-length", "transfer-encoding", "expect"})


class Handshake(NamedTuple):
    """A request to speak WebSocket. headers: by their names in lower case, or in any, as aiohttp has them."""

    query: str
    headers: Mapping[str, str]


class Upgraded(web.StreamResponse):
    """What aiohttp gets to see once the socket is ours: nothing to prepare, nothing to write."""

    async def prepare(self, _request: web.BaseRequest) -> None:
        """Send no head: the 101 has been written already."""

    async def write_eof(self, _data: bytes = b"") -> None:
        """Send no end: the socket lives on without aiohttp."""


UPGRADED = Upgraded()


def check(request: web.Request, origins: tuple[str, ...]) -> None:
    """Raise the Refusal that answers a request which is no good WebSocket handshake, or comes from a foreign page."""
    if not _is_websocket(request):
        raise Refusal("bad_request", message="Real time is spoken over WebSocket alone: EIO=4, transport=websocket.")
    if not _is_known(request.headers.get("Origin"), request.headers.get("Host", ""), origins):
        raise Refusal("not_permitted", message="This page may not open a connection here: its origin is not known.")


def _is_websocket(request: web.Request) -> bool:
    headers, query, protocol = request.headers, request.query, request.protocol
    return (
        request.method == "GET"
        and query.get("EIO") == "4"
        and query.get("transport") == "websocket"
        and "sid" not in query  # an upgrade from long polling
        and headers.get("Upgrade", "").lower() == "websocket"
        and "upgrade" in headers.get("Connection", "").lower()
        and headers.get("Sec-WebSocket-Version") == "13"
        and WEBSOCKET_KEY.fullmatch(headers.get("Sec-WebSocket-Key", "")) is not None
        and not request.can_read_body
        # Nobody may send before the 101 has come; what aiohttp has read ahead would be lost at the hand-over.
        and not protocol._message_tail  # noqa: SLF001
        and not protocol._messages  # noqa: SLF001
    )


def _is_known(origin: str | None, host: str, origins: tuple[str, ...]) -> bool:
    """With a list: only those. Without: the page's host must be ours. Programs send no Origin and are let through;
    X-Forwarded-Host is never asked, as anybody can write it."""
    if origin is None:
        return True
    if origins:
        return origin in origins
    return host != "" and origin.partition("://")[2].lower() == host.lower()


def of(request: web.Request) -> Handshake:
    """What a request that was checked asks for."""
    return Handshake(request.query_string, request.headers)


def read(head: bytes, path: bytes, origins: tuple[str, ...]) -> Handshake | None:
    """A handshake that is beyond doubt: whole, plain, each header once, its origin known. None for anything else."""
    if len(head) > LONGEST_HEAD or (found := PLAIN_HEAD.fullmatch(head)) is None or found[1] != path:
        return None
    query, lines = found[2].decode(), found[3].decode().split("\r\n")
    headers = {name.lower(): value.strip(" ") for name, _, value in (line.partition(":") for line in lines)}
    if len(headers) != len(lines) or not headers.keys().isdisjoint(OF_A_BODY):
        return None
    asked = query.split("&")
    is_ours = (
        "EIO=4" in asked
        and "transport=websocket" in asked
        and not any(part.startswith(("sid", "EIO", "transport")) for part in asked if part not in OURS)
        and headers.get("upgrade", "").lower() == "websocket"
        and "upgrade" in headers.get("connection", "").lower()
        and headers.get("sec-websocket-version") == "13"
        and WEBSOCKET_KEY.fullmatch(headers.get("sec-websocket-key", "")) is not None
        and headers.get("host", "") != ""
        and _is_known(headers.get("origin"), headers["host"], origins)
    )
    return Handshake(query, headers) if is_ours else None


def environ(asked: Handshake, remote: str | None) -> dict[str, Any]:
    """The request as python-socketio's connect handler is given it: CGI names, and only what we have a use for."""
    known: dict[str, Any] = {"QUERY_STRING": asked.query, "REMOTE_ADDR": remote}
    for name, header in ENVIRON_HEADERS:
        if header in asked.headers:
            known[name] = asked.headers[header]
    return known


def accept(asked: Handshake, sid: str, settings: Settings) -> bytes:
    """The 101 answer, with the Engine.IO handshake behind it in its first frame."""
    key = asked.headers["sec-websocket-key"].encode() + WEBSOCKET_GUID
    digest = base64.b64encode(hashlib.sha1(key, usedforsecurity=False).digest())
    hello = b'0{"sid":"%s",%s' % (sid.encode(), _rhythm(settings))  # an id needs no escaping
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + digest + b"\r\n\r\n" + frame(hello, TEXT)
    )


@lru_cache(maxsize=8)
def _rhythm(settings: Settings) -> bytes:
    """What is the same in every handshake."""
    same = {
        "upgrades": [],
        "pingInterval": int(settings.ping_interval_s * 1000),
        "pingTimeout": int(settings.ping_timeout_s * 1000),
        "maxPayload": settings.max_frame_bytes,
    }
    return json.dumps(same).removeprefix("{").encode()


def take_over(request: web.Request, protocol: asyncio.Protocol) -> asyncio.Transport:
    """Give the request's socket to *protocol* and let aiohttp forget it: parser, request, keep-alive timer, task."""
    old = request.protocol
    transport = old.transport
    assert transport is not None  # nothing was awaited since the engine looked
    transport.set_protocol(protocol)
    old.transport = None  # or forgetting would close it
    old.connection_lost(None)
    return transport


def refuse(refusal: Refusal) -> web.Response:
    """The refusal as JSON. The connection ends with it: a refused client has no second request for us."""
    headers = {"Retry-After": "1"} if refusal.row.status == 503 else {}
    response = web.json_response(refusal.reply(), status=refusal.row.status, headers=headers)
    response.force_close()
    return response
