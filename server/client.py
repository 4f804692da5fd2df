"""One connected client: whose it is, by which session, over which connection, and which rooms it is given."""

from __future__ import annotations

from typing import Any

from rooms.dispatch import Caller
from rooms.person import Person, Role
from server.connection import Connection
from server.packet import event_frame


class Client(Caller):
    """What the gateway keeps of a connection. `person` is a stranger until the session has been looked up."""

    __slots__ = ("connection", "person_id", "rooms", "session", "sid")

    def __init__(self, connection: Connection, sid: str, person_id: str, session: str) -> None:
        super().__init__(Person(id=person_id, name="", role=Role.RESIDENT))
        self.connection, self.sid = connection, sid
        self.person_id, self.session = person_id, session
        self.rooms: set[str] = set()

    def send(self, event: str, data: dict[str, Any]) -> None:
        """Give this client one event."""
        self.connection.send(event_frame(event, data))
