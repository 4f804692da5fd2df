"""Who plays in the story: five people with a window each, and neighbours who talk and answer without one.

It is always the same Friday evening in the same street, so that pictures made on another day show the same times.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from playwright.async_api import Browser, expect

from rooms import account, letter, session
from rooms import staff as staff_accounts
from rooms.keys import book_keys
from rooms.person import Organisation, Role
from server.app import Running, running
from server.settings import Settings
from tests.neighbour import Neighbour
from tests.town import ESCAMP, JAN_LUYKENLAAN, MOERWIJK_WEST, PASSWORD, MovedClock
from tests.web.browser import Window

EVENING = datetime(2026, 11, 20, 19, 41, tzinfo=UTC)
"""In the street it is an hour later."""
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
STAFF: dict[str, tuple[Role, Organisation, tuple[str, ...]]] = {
    "Wijkagent Moerwijk": (Role.OFFICER, Organisation.POLICE, (MOERWIJK_WEST, ESCAMP)),
    "Wijkagent Morgenstond": (Role.OFFICER, Organisation.POLICE, (ESCAMP,)),
    "Moderator gemeente": (Role.MODERATOR, Organisation.MUNICIPALITY, (ESCAMP,)),
}
"""By the function that others read."""
STREET = ("Fatma", "Kees", "Marieke", "Dirk")


class Cast:
    """The town of the story. code: of the letter that ada got; the others have joined long ago."""

    def __init__(self, server: Running, browser: Browser, clock: MovedClock) -> None:
        self.server, self._browser, self._clock = server, browser, clock
        self.code = ""
        self.fatma, self.kees, self.marieke, self.dirk = (Neighbour(server.url, name) for name in STREET)
        self._windows: list[Window] = []

    async def start(self) -> Cast:
        place = self.server.town.places.get(JAN_LUYKENLAAN)
        assert place is not None
        (self.code,) = await letter.make(self.server.town, place, 1, household=50)
        for neighbour in self._street:
            await (await neighbour.join(self.code)).connect()
        return self

    async def close(self) -> list[str]:
        """What the pages did wrong."""
        for window in self._windows:
            await window.page.context.close()
        for neighbour in self._street:
            await neighbour.close()
        return [fault for window in self._windows for fault in window.faults]

    async def window(self, path: str = "/", viewport: dict[str, int] = PHONE) -> Window:
        """A page in a profile of its own, on which it is that evening."""
        window = await Window.open(
            self._browser, "about:blank", viewport=viewport, timezone_id="Europe/Amsterdam", reduced_motion="reduce"
        )
        await window.page.clock.install(time=self._clock.now_ms() / 1000)
        await window.page.goto(self.server.url + path)
        self._windows.append(window)
        return window

    async def home(self, name: str) -> Window:
        """The phone of somebody who lives in the street."""
        await Neighbour(self.server.url, name).join(self.code)
        window = await self.window()
        await window.sign_in(name, PASSWORD)
        return window

    async def desk(self, title: str) -> Window:
        """Of a new member of the staff, whose session was begun on the server's own machine."""
        role, organisation, areas = STAFF[title]
        town, member = self.server.town, Neighbour(self.server.url, title)
        made = await staff_accounts.add(
            town, self.server.argon2, title, role, organisation, areas, PASSWORD, title=title
        )
        member.token = await session.begin(town, made.person.id, secrets.token_hex(16))
        member.person = msgspec.to_builtins(account.view(made.person, town.places))
        window = await self.window(viewport=DESK)
        await window.come_as(member)
        await expect(window.at("duty")).to_be_visible()
        return window

    async def later(self, minutes: int) -> None:
        """So much later that evening, for the town and for every page; who has no window connects anew."""
        self._clock.forward(minutes=minutes)
        for window in self._windows:
            await window.page.clock.fast_forward(minutes * 60_000)
        for neighbour in self._street:
            await neighbour.connect()

    async def until_sealed(self) -> None:
        """Every row of the neighbourhood's open book has its seal; the test's own timeout ends this."""
        n, head = None, b""
        while n is None or n != head:
            n, head = await self.server.town.store.read("HMGET", book_keys(MOERWIJK_WEST).audit_head, "n", "sealed")

    @property
    def _street(self) -> tuple[Neighbour, ...]:
        return self.fatma, self.kees, self.marieke, self.dirk


@asynccontextmanager
async def cast(folder: Path, browser: Browser) -> AsyncIterator[Cast]:
    """The town, with a server of its own in this process; a window that did something wrong fails the story."""
    clock = MovedClock()
    clock.forward(ms=int(EVENING.timestamp() * 1000) - clock.now_ms())
    settings = Settings(port=0, data=str(folder), drain_s=1, log_level="warning")
    async with running(settings, clock=clock) as server:
        people = await Cast(server, browser, clock).start()
        yield people
        assert await people.close() == []
