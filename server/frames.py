"""WebSocket frames (RFC 6455, 5.2): making the server's, and checking that the client's are masked.

A frame is made once and given to everyone it is meant for. Reading frames is left to aiohttp's compiled parser; it
accepts unmasked ones, which the RFC forbids, so `Masking` looks at the headers before the parser does.
"""

from __future__ import annotations

import struct

TEXT, BINARY, CLOSE, PONG = 0x81, 0x82, 0x88, 0x8A
"""First byte of a final frame of that kind."""

NORMAL, GOING_AWAY, PROTOCOL_ERROR, TOO_BIG = 1000, 1001, 1002, 1009
INTERNAL_ERROR, RESTART, TRY_LATER = 1011, 1012, 1013
"""Close codes of RFC 6455, 7.4.1, and the IANA registry."""


def frame(payload: bytes, first: int = BINARY) -> bytes:
    """One whole, unmasked frame around *payload*; *first* is its first byte."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65536:
        return struct.pack("!BBH", first, 126, size) + payload
    return struct.pack("!BBQ", first, 127, size) + payload


def close_frame(code: int) -> bytes:
    return frame(struct.pack("!H", code), CLOSE)


PING = frame(b"2", TEXT)
"""Engine.IO's own ping: browsers can't see those of WebSocket, and the clients wait for this one."""


class Masking:
    """Follows the headers of one client's frames through the bytes as they come in; payloads are skipped unread."""

    __slots__ = ("_begun", "_skip")

    def __init__(self) -> None:
        self._begun = b""  # a header of which the end has yet to come
        self._skip = 0  # bytes of the frame under way that have yet to come

    def holds(self, data: bytes) -> bool:
        """Take the next bytes; False once a frame among them is unmasked (RFC 6455, 5.1: close with 1002)."""
        at, data, self._begun = self._skip, self._begun + data, b""
        while len(data) - at >= 2:
            if data[at + 1] < 0x80:
                return False
            size = _size(data, at)
            if size is None:
                break
            at += size
        if at < len(data):
            self._begun, self._skip = data[at:], 0
        else:
            self._skip = at - len(data)
        return True


def _size(data: bytes, at: int) -> int | None:
    """Bytes of the masked frame that begins at *at*, header included; None while its length is not there yet."""
    short = data[at + 1] & 0x7F
    if short < 126:
        return short + 6
    width = 2 if short == 126 else 8
    if len(data) < at + 2 + width:
        return None
    return int.from_bytes(data[at + 2 : at + 2 + width], "big") + 6 + width
