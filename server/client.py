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
    to this device and has not been counted yet.  notices: those it was given of warnings, and decisions: of reports, by
    their ids.
    """

    __slots__ = ("_held", "connection", "decisions", "notices", "opening", "pages", "person_id", "rooms", "sid",
                 "welcomed")  # fmt: skip

    def __init__(self, connection: Connection, sid: str, person_id: str, session: str) -> None:
        super().__init__(Person(id=person_id, name="", role=Role.RESIDENT), session)
        self.connection, self.sid, self.person_id = connection, sid, person_id
        self.rooms: set[str] = set()
        self.opening: set[str] = set()
        self.welcomed = asyncio.Event()
        self.pages: set[str] = set()
        self.notices: dict[str, dict[str, Any]] = {}
        self.decisions: dict[str, dict[str, Any]] = {}
        self._held: list[tuple[bytes, str | None]] | None = []

    def welcome(self, data: dict[str, Any]) -> None:
        """Give the welcome, the first event of every connection, and behind it what was sent meanwhile."""
        held, self._held = self._held or [], None
        self.send("welcome", data)
        for case in data.get("cases", ()):
            if case.get("paged"):
                self._written(case["id"])
        for frame, page in held:
            self.give(frame, page)

    @property
    def is_welcomed(self) -> bool:
        """Whether the welcome was given; what is sent before waits for it."""
        return self._held is None

    def send(self, event: str, data: dict[str, Any]) -> None:
        """Give this client one event; before the welcome it waits."""
        self.give(event_frame(event, data), data["case"]["id"] if event == "escalation.paged" else None)

    def give(self, frame: bytes, page: str | None = None) -> None:
        """The same of a frame that is made already. page: the case that it pages this person for."""
        if self._held is not None:
            self._held.append((frame, page))
            return
        self.connection.send(frame)
        if page is not None:
            self._written(page)

    def _written(self, page: str) -> None:
        """Counted is what left for a device: not what waits for a welcome that may never come, nor what is sent to a
        connection that has ended."""
        if self.connection.open:
            self.pages.add(page)

    def send_notice(self, notice: dict[str, Any]) -> None:
        """Give this client a notice, once: before the welcome it is kept for that, after it what was in it is passed
        over."""
        is_new = self.notices.setdefault(notice["id"], notice) is notice
        if is_new and self.is_welcomed:
            self.send("correction.given", {"correction": notice})

    def send_decision(self, notice: dict[str, Any]) -> None:
        """The same of a notice about a report."""
        is_new = self.decisions.setdefault(notice["id"], notice) is notice
        if is_new and self.is_welcomed:
            self.send("notice.given", {"notice": notice})

    def send_last(self, event: str, data: dict[str, Any]) -> None:
        """Give this client the event after which it is sent away, welcomed or not."""
        self.connection.send(event_frame(event, data))
