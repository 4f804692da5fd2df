"""python-socketio's server on our engine: strict packets, one answer per event, and closing that closes.

Handlers are registered as usual: connect(sid, environ, auth), disconnect(sid, reason), and "*"(event, sid, *arguments).
One client's events are handled one after the other. `disconnect` is called once for every client whose connect was
accepted, also when it left while connect ran.
"""

from __future__ import annotations

import inspect
import logging
import secrets
import time
import traceback
from collections.abc import Callable
from types import CoroutineType
from typing import Any

import socketio
import structlog

from rooms.refusal import Refusal
from server import packet
from server.clients import Clients
from server.connection import CLIENT_LEFT, KICKED, Connection
from server.engine import Engine, Settings
from server.packet import NAMESPACE, Received

log = structlog.get_logger()

LIBRARY_LOGGERS = ("socketio", "engineio", "aiohttp.access", "aiohttp.server", "aiohttp.websocket", "aiohttp.web")
"""They write tracebacks, with what clients sent, for what clients do wrong. What matters is logged by us."""


def silence_libraries() -> None:
    for name in LIBRARY_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class Server(socketio.AsyncServer):  # type: ignore[misc]  # python-socketio has no types
    """socketio.AsyncServer over Engine; `engine` is what fans out and drains."""

    def __init__(
        self,
        settings: Settings | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        ticking: bool = True,
    ) -> None:
        silence_libraries()
        super().__init__(
            client_manager=Clients(),
            logger=logging.getLogger("socketio.server"),  # given, or python-socketio adds a handler of its own
            serializer=packet.Packet,
            namespaces=[NAMESPACE],
            settings=settings or Settings(),
            monotonic=monotonic,
            ticking=ticking,
        )
        self.engine: Engine = self.eio
        self.engine.on("acknowledge", self._acknowledge)

    def _engineio_server_class(self) -> type[Engine]:
        return Engine

    def connection(self, sid: str) -> Connection | None:
        """The connection of a client: from its connect handler to its disconnect handler, both included."""
        return self.engine.connections.get(self.manager.eio_sid_from_sid(sid, NAMESPACE) or "")

    async def disconnect(self, sid: str, namespace: str | None = None, ignore_queue: bool = False) -> None:  # noqa: ARG002
        """Send a client away for good: it is told so (no reconnecting by itself) and the connection is closed.

        Commands of it that wait are not carried out. Its disconnect handler runs soon after, not in here. To be
        called after the answer to the command that asked for it, which else is not sent.
        """
        connection = self.connection(sid)
        if connection is not None:
            connection.send(packet.packet_frame(packet.DISCONNECT))
            connection.close(KICKED)

    # What the engine calls --------------------------------------------------------------------------------------

    async def _handle_eio_message(self, connection: Connection, received: Received) -> None:
        """One packet, decoded and checked by the connection."""
        if received.kind == packet.EVENT:
            await self._carry_out(connection, received)
        elif received.kind == packet.CONNECT:
            await self._let_in(connection, received.data)
        else:
            connection.close(CLIENT_LEFT)

    async def _let_in(self, connection: Connection, auth: Any) -> None:
        """Ask the connect handler; the answer goes in front of whatever was sent to the client meanwhile."""
        sid = await self.manager.pre_connect(connection.sid, NAMESPACE)
        refused = await self._refused(sid, self.environ[connection.sid], auth)
        if refused is None:
            await self.manager.connect(sid, NAMESPACE)
            connection.answer_connect(packet.packet_frame(packet.CONNECT, {"sid": sid}))
        else:
            await self.manager.disconnect(sid, NAMESPACE)
            connection.refuse_connect(packet.packet_frame(packet.CONNECT_ERROR, refused))

    async def _refused(self, sid: str, environ: dict[str, Any], auth: Any) -> dict[str, Any] | None:
        """What CONNECT_ERROR has to say, {message, data?}; None when the client is let in."""
        try:
            accepted = self._trigger_event("connect", NAMESPACE, sid, environ, auth)
            if inspect.isawaitable(accepted):
                accepted = await accepted
        except socketio.exceptions.ConnectionRefusedError as error:
            return dict(error.error_args)
        except Exception as error:  # noqa: BLE001 - a bug must not leave the client waiting
            answer = fault("connect failed", error)
            return {"message": answer["error"]["message"], "data": answer}
        return {"message": "The connection was refused."} if accepted is False else None

    async def _carry_out(self, connection: Connection, event: Received) -> None:
        """Carry out one event and answer it, once, whatever happens."""
        sid, ack_id = self.manager.sid_from_eio_sid(connection.sid, NAMESPACE), event.ack_id
        if not self.manager.is_connected(sid, NAMESPACE):
            return  # sent away, or gone, while this waited
        try:
            answer = self._trigger_event(event.data[0], NAMESPACE, sid, *event.data[1:])
            if type(answer) is CoroutineType or inspect.isawaitable(answer):
                answer = await answer
            if answer is self.not_handled:
                answer = Refusal("unknown_command").reply()
            if ack_id is not None:
                connection.send(packet.ack_frame(ack_id, answer))
        except Exception as error:  # noqa: BLE001 - also for what MessagePack can't say
            answer = fault("event failed", error)
            if ack_id is not None:
                connection.send(packet.ack_frame(ack_id, answer))

    def _trigger_event(self, event: str, _namespace: str, *arguments: Any) -> Any:
        """Call the handler of that name, or the one for all others with the name in front. Returns what it returns,
        maybe to be awaited. Unlike the stock one, it lets a cancellation pass and never calls a handler twice."""
        handlers = self.handlers.get(NAMESPACE, {})
        if event in handlers:
            return handlers[event](*arguments)
        catch_all = handlers.get("*")
        if catch_all is None or event in self.reserved_events:
            return self.not_handled
        return catch_all(event, *arguments)

    def _acknowledge(self, eio_sid: str, received: Received) -> None:
        """An acknowledgement of the client: for the one who waits for it, or for nobody."""
        sid = self.manager.sid_from_eio_sid(eio_sid, NAMESPACE)
        callback = self.manager.take_callback(sid, received.ack_id)
        if callback is None:
            return
        try:
            outcome = callback(*received.data)
        except Exception as error:  # noqa: BLE001 - the client chose the arguments
            fault("acknowledgement failed", error)
        else:
            if inspect.iscoroutine(outcome):
                self.engine.spawn(outcome)

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        """The connection has ended: tell the application, if it ever let this client in, and forget."""
        sid = self.manager.sid_from_eio_sid(eio_sid, NAMESPACE)
        try:
            if self.manager.is_connected(sid, NAMESPACE):
                self.manager.pre_disconnect(sid, NAMESPACE)
                left = self._trigger_event("disconnect", NAMESPACE, sid, reason)
                if inspect.isawaitable(left):
                    await left
        except Exception as error:  # noqa: BLE001 - it must be forgotten all the same
            fault("disconnect failed", error)
        finally:
            await self.manager.disconnect(sid, NAMESPACE)
            self.environ.pop(eio_sid, None)


def fault(what: str, error: Exception) -> dict[str, Any]:
    """Log a bug by its kind and place, without any content, under an id; return the answer that names the id."""
    fault_id = secrets.token_hex(4)
    last = traceback.extract_tb(error.__traceback__)[-1]
    log.error(what, fault=fault_id, error=type(error).__name__, place=f"{last.filename}:{last.lineno}")
    message = f"Something went wrong on our side (fault {fault_id})."
    return Refusal("fault", message=message).reply()
