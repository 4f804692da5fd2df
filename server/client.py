"""One connected client: whose it is, by which session, over which connection, and which rooms it is given."""

from __future__ import annotations

import asyncio
from typing import Any

from rooms.dispatch import Caller
from rooms.person import Person, Role
from server.connection import Connection
from server.packet import event_frame


class Client(Caller):
    """What the gateway keeps of a connection. `person` is a stranger until the session has been looked up.

    rooms: those it is given live.  opening: those it is being given the missed entries of; both end with membership.
    welcomed: set when the welcome and all that belongs to it is over, well or not.  pages: cases whose page was written
    to this device and has not been counted yet.  notices: those it was given, by their ids.
    """

    __slots__ = ("_held", "connection", "notices", "opening", "pages", "person_id", "rooms", "session", "sid",
                 "welcomed")  # fmt: skip

    def __init__(self, connection: Connection, sid: str, person_id: str, session: str) -> None:
        super().__init__(Person(id=person_id, name="", role=Role.RESIDENT))
        self.connection, self.sid = connection, sid
        self.person_id, self.session = person_id, session
        self.rooms: set[str] = set()
        self.opening: set[str] = set()
        self.welcomed = asyncio.Event()
        self.pages: set[str] = set()
        self.notices: dict[str, dict[str, Any]] = {}
        self._held: list[bytes] | None = []

    def welcome(self, data: dict[str, Any]) -> None:
        """Give the welcome, the first event of every connection, and behind it what was sent meanwhile."""
        held, self._held = self._held or [], None
        self.send("welcome", data)
        self.pages.update(case["id"] for case in data.get("cases", ()) if case.get("paged"))
        for frame in held:
            self.connection.send(frame)

    def send(self, event: str, data: dict[str, Any]) -> None:
        """Give this client one event; before the welcome it waits."""
        if event == "escalation.paged":
            self.pages.add(data["case"]["id"])
        frame = event_frame(event, data)
        if self._held is None:
            self.connection.send(frame)
        else:
            self._held.append(frame)

    def send_notice(self, notice: dict[str, Any]) -> None:
        """Give this client a notice, once: before the welcome it is kept for that, after it what was in it is passed
        over."""
        is_new = self.notices.setdefault(notice["id"], notice) is notice
        if is_new and self._held is None:
            self.send("correction.given", {"correction": notice})

    def send_last(self, event: str, data: dict[str, Any]) -> None:
        """Give this client the event after which it is sent away, welcomed or not."""
        self.connection.send(event_frame(event, data))
