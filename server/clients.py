"""python-socketio's list of clients, made lean: one namespace, no rooms, and a broadcast is one frame.

The stock one keeps every client as a room and searches all of them when one leaves: 5,000 that leave together are 25
million look-ups. BART's rooms are its own; this serves `emit(..., to=sid)` and `call`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import socketio

from server.packet import EVENT, NAMESPACE, packet_frame


class Clients(socketio.AsyncManager):  # type: ignore[misc]  # python-socketio has no types
    """Who is connected, by Socket.IO's id (sid) and by Engine.IO's (eio_sid).

    A client is known from its CONNECT on, and connected between our answer to that and its leaving.
    """

    def __init__(self) -> None:
        super().__init__()
        self._eio_sid: dict[str, str] = {}
        self._sid: dict[str, str] = {}
        self._connected: set[str] = set()
        self._callbacks: dict[str, dict[int, Callable[..., Any]]] = {}
        self._ack_ids = itertools.count(1)

    def __len__(self) -> int:
        """How many are known, with all that is kept about them."""
        return max(map(len, (self._eio_sid, self._sid, self._connected, self._callbacks)))

    # Coming and going -------------------------------------------------------------------------------------------

    async def pre_connect(self, eio_sid: str, _namespace: str) -> str | None:
        if eio_sid in self._sid:
            return None
        sid: str = self.server.eio.generate_id()
        self._sid[eio_sid], self._eio_sid[sid] = sid, eio_sid
        return sid

    async def connect(self, sid: str, _namespace: str) -> str:
        self._connected.add(sid)
        return sid

    def pre_disconnect(self, sid: str, namespace: str) -> str | None:
        self._connected.discard(sid)
        return self.eio_sid_from_sid(sid, namespace)

    async def disconnect(self, sid: str, _namespace: str, **_: Any) -> None:
        self._connected.discard(sid)
        self._callbacks.pop(sid, None)
        self._sid.pop(self._eio_sid.pop(sid, ""), None)

    # Who is who -------------------------------------------------------------------------------------------------

    def get_namespaces(self) -> tuple[str, ...]:
        return (NAMESPACE,)

    def is_connected(self, sid: str | None, _namespace: str) -> bool:
        return sid in self._connected

    def sid_from_eio_sid(self, eio_sid: str, _namespace: str) -> str | None:
        return self._sid.get(eio_sid)

    def eio_sid_from_sid(self, sid: str, _namespace: str) -> str | None:
        return self._eio_sid.get(sid)

    def get_rooms(self, sid: str, _namespace: str) -> list[str]:
        return [sid] if sid in self._connected else []

    def get_participants(self, _namespace: str, room: str | list[str] | None) -> Iterator[tuple[str, str]]:
        """The (sid, eio_sid) of one client, of several, or of all (None)."""
        wanted = [room] if isinstance(room, str) else self._connected if room is None else room
        return ((sid, self._eio_sid[sid]) for sid in list(wanted) if sid in self._connected)

    # Events out, acknowledgements in ----------------------------------------------------------------------------

    async def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: str | list[str] | None = None,
        skip_sid: str | list[str] | None = None,
        callback: Callable[..., Any] | None = None,
        to: str | list[str] | None = None,
        **_: Any,
    ) -> None:
        """Send an event to one client, several or all; with a callback, each gets an id of its own to answer with."""
        arguments = [event, *(data if isinstance(data, tuple) else () if data is None else (data,))]
        skip = skip_sid if isinstance(skip_sid, list) else (skip_sid,)
        receivers = [(sid, eio) for sid, eio in self.get_participants(namespace, to or room) if sid not in skip]
        connections = self.server.eio.connections
        if callback is None:
            frame = packet_frame(EVENT, arguments)
            self.server.eio.turn.fan_out([connections[eio] for _sid, eio in receivers if eio in connections], frame)
            return
        for sid, eio_sid in receivers:
            if eio_sid in connections:
                connections[eio_sid].send(packet_frame(EVENT, arguments, self._expect(sid, callback)))

    def _expect(self, sid: str, callback: Callable[..., Any]) -> int:
        ack_id = next(self._ack_ids)
        self._callbacks.setdefault(sid, {})[ack_id] = callback
        return ack_id

    def take_callback(self, sid: str, ack_id: int) -> Callable[..., Any] | None:
        """Who waits for this acknowledgement, once. None when nobody does: such an answer costs nothing more."""
        waiting = self._callbacks.get(sid, {})
        callback = waiting.pop(ack_id, None)
        if not waiting:
            self._callbacks.pop(sid, None)
        return callback
