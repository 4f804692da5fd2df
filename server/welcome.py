"""The welcome: who one is, the rooms one belongs to, then what one missed, then what is new. Nothing twice or missing.

A look into a room's log leaves in the same turn as the look-up of the session, for the rooms that the client says it
is of: it is subscribed after one round trip to Redis. What the account says then decides which looks count; each of
them asked for the membership by itself. A session that this process knows is given that head start for more rooms, and
for its desk: to a made-up token it would be a way to have much asked for one handshake.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, NamedTuple

import msgspec
import structlog

from rooms import account, correction, desk_view, guest, log, notice, presence
from rooms.desk_view import DeskView
from rooms.log import Cursor, Page, Resumed
from rooms.person import STAFF_IN_ROOMS
from rooms.refusal import Refusal
from rooms.session import Arrival
from rooms.town import Town
from server.client import Client
from server.familiar import Familiar
from server.fanout import Fanout

logger = structlog.get_logger("welcome")
Cursors = Mapping[str, int | tuple[int, int] | None]
"""What a client holds per room; None: nothing, but it is of that room."""

GUESSES = 8  # rooms; a resident has two, staff a desk or two per district
GUESSES_FOR_A_STRANGER = 2


class Looks(NamedTuple):
    """What was handed in already: per room what will be found in its log, and for staff the desk."""

    rooms: dict[str, Awaitable[Resumed]]
    desk: desk_view.Glance | None


class Welcome:
    """Gives clients their rooms. spawn: runs what has to wait for a slow client.  failed: told of a fault of ours."""

    def __init__(
        self,
        town: Town,
        fanout: Fanout,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        failed: Callable[[Exception], object],
    ) -> None:
        self._town, self._fanout, self._spawn, self._failed = town, fanout, spawn, failed
        self.familiar = Familiar()

    # looking -------------------------------------------------------------------------------------

    def look(self, client: Client, cursors: Cursors) -> Looks:
        """Hand in the looks into the rooms that the client probably belongs to. Nothing of them is given before the
        session is known to be good."""
        is_familiar = client.session in self.familiar
        rooms = self._guess(cursors)[: GUESSES if is_familiar else GUESSES_FOR_A_STRANGER]
        client.opening.update(rooms)
        looks = {room: self._look_into(client, room, _cursor(cursors.get(room))) for room in rooms}
        is_of_desk = is_familiar and any(self._kind(room) == "desk" for room in rooms)
        return Looks(looks, desk_view.glance(self._town) if is_of_desk else None)

    def _kind(self, room: str) -> str | None:
        place = self._town.places.room(room)
        return None if place is None else place.kind

    def _guess(self, cursors: Cursors) -> list[str]:
        """The rooms that cursors name, and the neighbourhoods of the streets among them."""
        guessed: dict[str, None] = {}
        for name in cursors:
            kind = self._kind(name)
            if kind == "street":
                guessed.update((one.id, None) for one in self._town.places.rooms_of_resident(name))
            elif kind is not None:
                guessed[name] = None
        return list(guessed)

    def _look_into(self, client: Client, room: str, cursor: Cursor | None) -> Awaitable[Resumed]:
        return log.resume(self._town.store, room, client.person_id, cursor, self._town.clock.now_ms())

    # giving --------------------------------------------------------------------------------------

    async def give(self, client: Client, cursors: Cursors, looks: Looks, arrival: Arrival) -> None:
        """Welcome a client whose person is known, with what the store told in the same turn.

        Raises Refusal("unavailable").
        """
        rooms = [*dict.fromkeys([*account.rooms_of(client.person, self._town.places), *arrival.noted])]
        unseen = [room for room in rooms if room not in looks.rooms]
        client.opening.update(unseen)
        client.opening.intersection_update(rooms)
        for room in unseen:
            looks.rooms[room] = self._look_into(client, room, _cursor(cursors.get(room)))
        glance = self._glance(client, looks)
        found = {room: resumed for room in rooms if (resumed := await _found(looks.rooms[room])) is not None}
        desk = None if glance is None else await desk_view.seen(self._town, client.person, glance)
        owed = await correction.without_hidden(self._town, correction.unseen(arrival.notices, found))
        told = self._told(client, found, desk)
        client.notices |= {notice["id"]: notice for notice in owed}
        if client.notices:
            told["corrections"] = [correction.as_told(notice, found) for notice in client.notices.values()]
        client.decisions |= {one["id"]: one for one in notice.unseen(arrival.decisions)}
        if client.decisions:
            told["notices"] = list(client.decisions.values())
        client.welcome(told)
        self._forget(client, [room for room in arrival.noted if room not in found])
        behind = {room: resumed for room, resumed in found.items() if not self._is_up_to_date(client, room, resumed)}
        for room, resumed in behind.items():
            self._note_given(client, room, resumed, _cursor(cursors.get(room)))
        if behind:
            self._spawn(self._catch_up_all(client, behind))
        else:
            client.welcomed.set()

    def _note_given(self, client: Client, room: str, resumed: Resumed, cursor: Cursor | None) -> None:
        """What the client holds by its cursor, and what it is about to be given; who is up to date is noted with the
        subscription."""
        held = () if cursor is None or resumed.reset else (cursor[1],)
        self._fanout.given.came(client.person_id, room, *held, resumed.page.head)

    def _glance(self, client: Client, looks: Looks) -> desk_view.Glance | None:
        if client.person.role not in STAFF_IN_ROOMS:
            return None
        return looks.desk or desk_view.glance(self._town)

    def _told(self, client: Client, found: Mapping[str, Resumed], desk: DeskView | None) -> dict[str, Any]:
        """The welcome as event.Welcome tells it."""
        town = self._town
        told: dict[str, Any] = {
            "person": account.view(client.person, town.places),
            "rooms": [self._info(room, resumed) for room, resumed in found.items()],
            "now": town.clock.now_ms(),
        }
        cases = {case["id"]: case for resumed in found.values() for case in resumed.cases}
        if desk is not None:
            cases = {case.id: msgspec.to_builtins(case) for case in desk.cases} | cases
            told["duty"] = msgspec.to_builtins(desk.duty)
        if cases:
            told["cases"] = list(cases.values())
        if warnings := [warning for resumed in found.values() for warning in resumed.warnings]:
            told["warnings"] = warnings
        if alerts := [alert for resumed in found.values() for alert in resumed.alerts]:
            told["alerts"] = alerts
        return told

    def _forget(self, client: Client, nowhere: list[str]) -> None:
        """Hints that led nowhere are dropped when they are old; nobody waits for that."""
        if nowhere:
            client.opening.difference_update(nowhere)
            self._spawn(guest.drop(self._town, client.person_id, nowhere))

    def _is_up_to_date(self, client: Client, room: str, resumed: Resumed) -> bool:
        """Nothing was missed: subscribe at once. So it is with nearly everybody, after a restart above all."""
        if room not in client.opening:
            return True  # left meanwhile
        return not resumed.reset and not resumed.page.entries and self._fanout.subscribe(client, room, resumed.end)

    async def _catch_up_all(self, client: Client, behind: Mapping[str, Resumed]) -> None:
        try:
            for room, resumed in behind.items():
                if await client.connection.writable():  # a slow client takes one room's page before the next
                    await self._catch_up(client, room, resumed)
        except Refusal as refusal:
            logger.info("welcome refused", code=refusal.code)
            client.connection.close("welcome refused", 1013)
        except Exception as error:  # noqa: BLE001 - a client without its rooms must come again, not wait
            self._failed(error)
            client.connection.close("fault", 1011)
        finally:
            client.welcomed.set()

    async def _catch_up(self, client: Client, room: str, resumed: Resumed) -> None:
        """Give what was missed and subscribe in the same turn of the loop in which the page ends at or after what
        this process has fanned out: nothing twice, nothing missed."""
        if room not in client.opening:
            return  # the person has left it since: what was read then is not given now
        page, end = resumed.page, resumed.end
        if resumed.reset:
            numbers = {"room": room, "epoch": page.epoch, "oldest": page.oldest, "head": page.head}
            client.send("reset", numbers)
        _give(client, page)
        while client.connection.open and not self._fanout.subscribe(client, room, end):
            following = await self._following(client, room, end)
            if following is None:
                return
            _give(client, following)
            end = following.entries[-1].seq if following.entries else following.head

    async def _following(self, client: Client, room: str, end: int) -> Page | None:
        """The page after *end*; None where the person has left the room."""
        try:
            page = await log.history(self._town.store, room, client.person_id, after=end)
        except Refusal as refusal:
            if refusal.code == "not_found":
                return None
            raise
        return page if room in client.opening else None

    def _info(self, room: str, resumed: Resumed) -> dict[str, Any]:
        """A room as shape.RoomInfo tells it."""
        place, page = self._town.places.room(room), resumed.page
        assert place is not None
        here = presence.told(self._town, resumed.here)
        info = {"id": room, "name": place.name, "kind": place.kind, "head": page.head, "epoch": page.epoch,
                "oldest": page.oldest, "here": here, "read": resumed.read, **resumed.holds}  # fmt: skip
        return {**info, "more": True} if page.more else info

    # one room more -------------------------------------------------------------------------------

    async def open(self, client: Client, room: str) -> None:
        """A client's person has become a member of a room: it is given the room at once, or after the welcome."""
        await client.welcomed.wait()
        try:
            resumed = await _found(self._look_into(client, room, None))
            if resumed is None or room in client.rooms or self._town.places.room(room) is None:
                return
            client.opening.add(room)
            lists = {"cases": resumed.cases, "warnings": resumed.warnings, "alerts": resumed.alerts}
            more = {name: some for name, some in lists.items() if some}
            client.send("room.opened", {"room": self._info(room, resumed), **more})
            await self._catch_up(client, room, resumed)
        except Exception as error:  # noqa: BLE001 - the client comes again and is welcomed to all its rooms
            self._failed(error)
            client.connection.close("fault", 1011)


async def _found(look: Awaitable[Resumed]) -> Resumed | None:
    """None where the person is no member (yet, or any longer)."""
    try:
        return await look
    except Refusal as refusal:
        if refusal.code == "not_found":
            return None
        raise


def _give(client: Client, page: Page) -> None:
    for entry in page.entries:
        client.send(entry.name, entry.wire())


def _cursor(given: int | tuple[int, int] | None) -> Cursor | None:
    """A cursor as the log reads it; nonsense below zero is a cursor before everything."""
    if given is None:
        return None
    epoch, seq = (None, given) if isinstance(given, int) else given
    return epoch, max(seq, 0)
