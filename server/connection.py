"""One client: the protocol of its socket, and the place where aiohttp's frame parser puts its messages.

An idle connection has no task, no queue and no timer.
  in    Every packet is decoded as it arrives; the first bad one ends the connection. Events wait in line for the
        handlers. Acknowledgements pass the line, as a handler in it may be waiting for just that one.
  out   Whoever sends appends a finished frame to `out`; the engine's flush writes all of one turn at once. Nothing
        else writes to the socket, so nothing overtakes and nothing interleaves.
  end   `_part` is the one way out of being open, `_finish` the one way out of being known. Between them lie a peer that
        is given time to say good-bye and handlers that are given time to end.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, ClassVar

import structlog
from aiohttp._websocket.reader import WebSocketDataQueue, WebSocketReader
from aiohttp.http_websocket import WebSocketError, WSMessage, WSMessageTextBytes, WSMsgType

from rooms.refusal import Refusal
from server import packet
from server.backlog import Backlog
from server.frames import NORMAL, PING, PONG, PROTOCOL_ERROR, TRY_LATER, Masking, close_frame, frame
from server.line import Line, Waiting
from server.packet import ProtocolError, Received
from server.turn import TURN_BYTES

if TYPE_CHECKING:
    from server.engine import Engine

log = structlog.get_logger()

# Why a connection ended: the `reason` of disconnect handlers and of the engine's counts.
CLIENT_LEFT, CLOSED, KICKED, REFUSED = "client left", "transport closed", "kicked", "refused"
BAD_FRAME, BUSY, SLOW, SILENT, NEVER_JOINED = "bad frame", "busy", "too slow", "no pong", "never joined"
DRAINED, SHUT_DOWN, FAULT = "drained", "shut down", "fault"

JOIN, STALL, LEAVE = "join", "stall", "leave"  # names of deadlines
BUSY_TIMES, BUSY_WITHIN_S, BUSY_RETRY_MS = 3, 60, 1000
RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # SO_LINGER: at once
HELD = b""  # in `out`: the place of the answer to CONNECT


class Connection(WebSocketDataQueue, asyncio.Protocol):
    """One client. `state` is the application's; `open` means that it can still be sent to; `direct` is the transport's
    write while the socket takes what it is given.

    Until CONNECT is answered, frames wait behind the place kept for that answer: a handler may subscribe and send
    before it accepts, and no client sees an event before it is connected.
    """

    # The base lends only its type, which the compiled parser insists on: its queue stays unused and never fills.
    _size = _limit = 0

    __slots__ = ("_asked", "_backlog", "_busy_at_s", "_is_first", "_line", "_masking", "_parser", "_ready",
                 "_transport", "_written", "direct", "engine", "joined", "open", "out", "out_bytes", "pinged",
                 "reason", "session", "sid", "slot", "state")  # fmt: skip

    def __init__(self, engine: Engine, sid: str) -> None:
        self.engine, self.sid = engine, sid
        self.state: Any = None
        self.session: dict[str, Any] | None = None  # python-socketio's
        self.slot: set[Connection] | None = None  # of the ping wheel
        self.open, self.joined, self.pinged, self.reason = True, False, False, ""
        self.out, self.out_bytes = [HELD], 0
        self._transport: asyncio.Transport | None = None
        self.direct: Callable[[bytes], None] | None = None
        self._masking = Masking()
        self._parser: WebSocketReader | None = WebSocketReader(
            self, engine.settings.max_frame_bytes + 1, compress=False, decode_text=False
        )
        self._asked = False  # whether it has sent its CONNECT
        self._line: Line | None = None
        self._is_first = False  # nothing of what was just read has been handled yet
        self._busy_at_s: list[float] = []
        self._written = 0  # bytes; what left directly while nothing waited is not counted
        self._backlog: Backlog | None = None  # while the socket is stalled
        self._ready: asyncio.Future[None] | None = None

    def begin(self, transport: asyncio.Transport, hello: bytes) -> None:
        """The socket is ours: say hello."""
        self._transport, self.direct = transport, transport.write
        transport.write(hello)

    # In ---------------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if not self.open or self._parser is None:
            return  # we have said good-bye: what still comes is not read
        if self._masking.holds(data):
            self._is_first = True
            self._parser.feed_data(data)
            self._is_first = False
        else:
            self._refuse_frame("not masked")

    def feed_data(self, message: WSMessage | WSMessageTextBytes, _size: int) -> None:
        """Called by the parser for each whole message. WebSocket's own pong, which we never ask for, is passed over."""
        take = self._TAKE.get(message[0])
        if take is not None and self.open:
            take(self, message[1])

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:  # noqa: ARG002
        """Called by the parser for bytes that are no frame, or for one that is too big."""
        self._refuse_frame("no frame", int(exc.code) if isinstance(exc, WebSocketError) else PROTOCOL_ERROR)

    def _refuse_frame(self, what: str, code: int = PROTOCOL_ERROR) -> None:
        if self.open:
            log.info("frame refused", what=what, code=code)
            self.close(BAD_FRAME, code)

    def _take_text(self, data: bytes) -> None:
        if data == b"3":
            self.pinged = False
        elif data == b"1":
            self._say_good_bye(CLIENT_LEFT, NORMAL)
        elif data not in (b"5", b"6"):  # upgrade and noop: leftovers of long polling
            self._refuse_frame("text")

    def _take_packet(self, data: bytes) -> None:
        settings = self.engine.settings
        try:
            received = packet.decode(data, settings.max_nesting, settings.max_items)
        except ProtocolError as error:
            self._refuse_frame(str(error))
            return
        if (received.kind == packet.CONNECT) == self._asked:
            self._refuse_frame("a second CONNECT" if self._asked else "a packet before CONNECT")
        elif received.kind == packet.ACK:
            self.engine.acknowledged(self.sid, received)
        elif received.kind == packet.EVENT and self._line and len(self._line) >= settings.max_waiting_commands:
            self._answer_busy(received)
        else:
            self._asked = True
            self._stand_in_line(received)

    def _take_ping(self, data: bytes) -> None:
        self.send(frame(data, PONG))

    def _take_close(self, _code: int) -> None:
        self._say_good_bye(CLIENT_LEFT, NORMAL)

    _TAKE: ClassVar[dict[WSMsgType, Callable[[Connection, Any], None]]] = {
        WSMsgType.TEXT: _take_text,
        WSMsgType.BINARY: _take_packet,
        WSMsgType.PING: _take_ping,
        WSMsgType.CLOSE: _take_close,
    }

    def _answer_busy(self, event: Received) -> None:
        if event.ack_id is not None:
            self.send(packet.ack_frame(event.ack_id, Refusal("busy", retry_after_ms=BUSY_RETRY_MS).reply()))
        now_s = self.engine.deadlines.now_s
        self._busy_at_s = [at_s for at_s in self._busy_at_s if now_s - at_s < BUSY_WITHIN_S] + [now_s]
        if len(self._busy_at_s) >= BUSY_TIMES:
            self.close(BUSY, TRY_LATER)

    def _stand_in_line(self, waiting: Waiting) -> None:
        """Handle it now if nobody is before it; the second and later ones of one read get turns of their own, or a
        client could keep the loop with a read full of them."""
        if self._line is not None:
            self._line.add(waiting)
            return
        self._line = line = Line(self.engine.spawn, self._handle, self._line_emptied)
        begin = line.begin if self._is_first and waiting is not None else line.spawn
        self._is_first = False
        begin(waiting)

    def _handle(self, waiting: Waiting) -> Awaitable[None]:
        if waiting is None:
            return self.engine.disconnected(self.sid, self.reason)
        return self.engine.received(self, waiting)

    def _line_emptied(self) -> None:
        self._line = None
        self._finish()

    # Out --------------------------------------------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Append one finished frame. Nothing happens when the connection is no longer open."""
        if self.open:
            turn = self.engine.turn
            if turn.batch is not None:
                turn.spread()
            if not self.out:
                turn.add(self)
            self.out.append(data)
            self.out_bytes += len(data)
            if self.out_bytes > TURN_BYTES:
                self.relieve()

    def answer_connect(self, data: bytes) -> None:
        """Put the answer to CONNECT in front of everything that was sent meanwhile, and let it all go."""
        if self.open:
            self.joined = True
            self.engine.deadlines.disarm(self, JOIN)
            self.out[0] = data
            self.out_bytes += len(data)
            self.engine.turn.add(self)
            self._tell_ready()

    def refuse_connect(self, data: bytes) -> None:
        """Answer CONNECT with a refusal and close; what was sent meanwhile is not for this client."""
        if self.open:
            self.out[:] = [data]
            self.close(REFUSED)

    async def writable(self) -> bool:
        """Wait until the client takes what it is sent; False when it has gone. For whoever has more to send than may
        wait out at a time."""
        while self.open and (self._backlog is not None or not self.joined):
            if self._ready is None:
                self._ready = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._ready)  # shared: who stops waiting must not end it for the others
        return self.open

    def write_out(self) -> None:
        """Everything of this turn in one write; called by the flush."""
        out, transport = self.out, self._transport
        if not out or out[0] is HELD or transport is None:
            return  # it left meanwhile, or CONNECT is not answered yet
        data = out[0] if len(out) == 1 else b"".join(out)
        if self._backlog is not None and not self._may_wait(self._backlog, len(data), len(out)):
            self.abort(SLOW)
            return
        self._written += len(data)
        out.clear()
        self.out_bytes = 0
        transport.write(data)

    def write_batch(self, data: bytes, frames: list[bytes]) -> None:
        """The frames of a batch, which is *data* too; behind what this client is being sent anyway."""
        self.out.extend(frames)
        self.out_bytes += len(data)
        self.write_out()

    def relieve(self) -> None:
        """One turn sends this client much: write now what can be written, so that little waits here."""
        if self.out[0] is not HELD:
            self.write_out()
        elif self.out_bytes > self.engine.settings.max_out_bytes:
            self.abort(SLOW)

    def _may_wait(self, backlog: Backlog, size: int, frames: int) -> bool:
        """Add a write to what waits behind a stalled socket; False when that is too much."""
        assert self._transport is not None
        settings, waiting = self.engine.settings, self._transport.get_write_buffer_size()
        backlog.taken(self._written - waiting)
        backlog.add(self._written + size, frames, self.engine.deadlines.now_s)
        return waiting + size <= settings.max_out_bytes and backlog.frames <= settings.max_out_frames

    def pause_writing(self) -> None:
        self.direct = None
        if self.open:
            self._backlog = Backlog()
            self._backlog.add(self._written, 0, self.engine.deadlines.now_s)  # the write that made it stall
            self.engine.deadlines.arm(self, STALL, self.engine.settings.max_out_age_s)

    def resume_writing(self) -> None:
        self._backlog = None
        if self.open and self._transport is not None:
            self.direct = self._transport.write
        self.engine.deadlines.disarm(self, STALL)
        self._tell_ready()

    def _tell_ready(self) -> None:
        if self._ready is not None:
            self._ready.set_result(None)
            self._ready = None

    # Time -------------------------------------------------------------------------------------------------------

    def ping(self) -> None:
        self.pinged = True
        self.send(PING)

    def expect_pong(self) -> None:
        if self.pinged:
            self.abort(SILENT)

    def expire(self, deadline: str) -> None:
        """A deadline of this connection is over."""
        self._EXPIRE[deadline](self)

    def _never_joined(self) -> None:
        self.abort(NEVER_JOINED)

    def _look_at_backlog(self) -> None:
        """Abort when the oldest bytes have waited too long; a slow client that moves on is looked at again."""
        if self._backlog is None or self._transport is None:
            return
        deadlines, limit_s = self.engine.deadlines, self.engine.settings.max_out_age_s
        self._backlog.taken(self._written - self._transport.get_write_buffer_size())
        left_s = limit_s - self._backlog.age_s(deadlines.now_s)
        if left_s > 0:
            deadlines.arm(self, STALL, left_s)
        else:
            self.abort(SLOW)

    def let_go(self) -> None:
        """Cut a peer that does not go, and then a handler that does not end; the disconnect handler still runs."""
        if self._transport is not None:
            _reset(self._transport)
        elif self._line is not None:
            self._line.cut()
        else:
            return
        self.engine.deadlines.arm(self, LEAVE, self.engine.settings.leave_within_s)

    _EXPIRE: ClassVar[dict[str, Callable[[Connection], None]]] = {
        JOIN: _never_joined,
        STALL: _look_at_backlog,
        LEAVE: let_go,
    }

    # End --------------------------------------------------------------------------------------------------------

    def close(self, reason: str, code: int = NORMAL) -> None:
        """Send what is left and a close frame, and let go even if the peer doesn't answer.

        Commands that wait in line are not carried out; the one in hand ends by itself, its answer is not sent.
        """
        if self.open:
            self._drop_line()
            self._say_good_bye(reason, code)

    def abort(self, reason: str) -> None:
        """Cut the connection without a word, as to a peer that doesn't listen."""
        if self.open:
            self._drop_line()
            self._part(reason)
        if self._transport is not None:
            _reset(self._transport)

    def _drop_line(self) -> None:
        if self._line is not None:
            self._line.drop()

    def _say_good_bye(self, reason: str, code: int) -> None:
        if not self.open or self._transport is None:
            return
        self.engine.turn.spread()
        last = self.out if self.out and self.out[0] is not HELD else []
        self._transport.write(b"".join([*last, close_frame(code)]))
        self._part(reason)
        # Half-closed, the peer can still read the code: closing while bytes of his lie unread would be a reset.
        if not self._transport.can_write_eof():
            self._transport.close()
            return
        try:
            self._transport.write_eof()
        except OSError:  # he was faster, and has reset the connection
            _reset(self._transport)

    def _part(self, reason: str) -> None:
        """No longer open. The disconnect handler is next, after what the client said before it left."""
        if not self.open:
            return
        self.open, self.direct, self.reason = False, None, reason
        self.out.clear()
        self.out_bytes, self._backlog = 0, None
        self._tell_ready()
        self.engine.parted(self)
        self.engine.deadlines.disarm(self, JOIN, STALL)
        self.engine.deadlines.arm(self, LEAVE, self.engine.settings.leave_within_s)
        self._stand_in_line(None)

    def eof_received(self) -> None:
        """The client closed its end; by returning nothing we let the transport close the other."""
        self._part(CLOSED)

    def connection_lost(self, exc: BaseException | None) -> None:  # noqa: ARG002 - how it broke is of no use
        self._part(CLOSED)
        self._transport = self._parser = None
        self._finish()

    def _finish(self) -> None:
        if self._transport is None and self._line is None:
            self.engine.deadlines.disarm(self, LEAVE)
            self.engine.forget(self)


def _reset(transport: asyncio.Transport) -> None:
    """Abort in the kernel too: it would keep what was not read, for minutes, for a peer that never reads."""
    stream = transport.get_extra_info("socket")
    if stream is not None and not transport.is_closing():
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    transport.abort()
