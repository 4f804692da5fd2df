"""When sessions were used last, by the hour: for the list in which their persons look for one that is not theirs.

It costs a command nothing. Whoever is connected here is noted once an hour, some of them with every go, so that five
thousand who come at once, or a new hour for all of them, hold nobody up.
"""

from __future__ import annotations

from itertools import islice

from rooms import session
from rooms.town import Town
from server.people import People

EVERY_MS = 1_000
MOST = 200
"""Sessions of one go."""


class LastSeen:
    """What this process has noted in this hour."""

    def __init__(self, town: Town, people: People) -> None:
        self._town, self._people = town, people
        self._hour, self._noted = 0, set[str]()

    async def note(self) -> None:
        """Note the next ones; called every EVERY_MS. Raises Refusal("unavailable")."""
        hour = self._town.clock.now_ms() // session.SEEN_MS
        if hour != self._hour:
            self._hour, self._noted = hour, set()
        strangers, clients = self._people.strangers, (one for some in self._people.by_person.values() for one in some)
        due = (client for client in clients if client.session not in self._noted and client not in strangers)
        found = list(islice(dict.fromkeys((client.person_id, client.session) for client in due), MOST))
        await session.note_seen(self._town, found)
        self._noted.update(mark for _, mark in found)
