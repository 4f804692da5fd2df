"""Where the stories of one file are set: a server, a browser, the people of a street and their windows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from playwright.async_api import Browser

from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.town import JAN_LUYKENLAAN, PASSWORD
from tests.web.browser import Window
from tests.web.line import AT_ONCE, Line, Pace

QUICK_TALK: dict[str, Any] = {"BART_LIMIT_TALK": "20000/1", "BART_LIMIT_TOUCH": "20000/1"}
"""A populated room in seconds: what the limits are for is tried elsewhere."""
AT_A_TIME = 16
"""Below the 32 commands that may wait on a connection."""


class Stage:
    """Names are given once per town, so every story of a file has a cast of its own."""

    def __init__(self, process: ServerProcess, browser: Browser) -> None:
        self.process, self.browser = process, browser
        self.windows: list[Window] = []
        self.lines: list[Line] = []
        self.neighbours: list[Neighbour] = []
        self._codes: dict[str, str] = {}

    async def code(self, street: str = JAN_LUYKENLAAN) -> str:
        """A letter's code that is good for everybody here."""
        if street not in self._codes:
            self._codes[street] = await self.process.code(street)
        return self._codes[street]

    async def neighbour(self, name: str, street: str = JAN_LUYKENLAAN) -> Neighbour:
        """Somebody who joined earlier and is nowhere connected."""
        return await Neighbour(self.process.url, name).join(await self.code(street))

    async def talker(self, name: str, street: str = JAN_LUYKENLAAN) -> Neighbour:
        """Somebody who is connected without a browser, and talks when told to."""
        neighbour = await (await self.neighbour(name, street)).connect()
        self.neighbours.append(neighbour)
        return neighbour

    async def line(self, pace: Pace = AT_ONCE) -> Line:
        """A line of one's own to the server."""
        line = await Line(self.process.port, pace).start()
        self.lines.append(line)
        return line

    async def window(
        self, path: str = "/", *, line: Line | None = None, has_clock: bool = False, **more: Any
    ) -> Window:
        """A page in a profile of its own. more: of the browser context, as color_scheme and viewport."""
        address = self.process.url if line is None else line.url
        window = await Window.open(self.browser, address + path, has_clock=has_clock, **more)
        self.windows.append(window)
        return window

    async def home(self, name: str, **more: Any) -> Window:
        """The window of somebody who joined earlier, live in their street."""
        neighbour = await self.neighbour(name)
        window = await self.window(**more)
        await window.sign_in(neighbour.name, PASSWORD)
        return window

    async def close_windows(self) -> list[str]:
        """After a story; returns what the pages did wrong."""
        for neighbour in self.neighbours:
            await neighbour.close()
        for window in self.windows:
            await window.page.context.close()
        for line in self.lines:
            await line.close()
        faults = [fault for window in self.windows for fault in window.faults]
        self.windows, self.lines, self.neighbours = [], [], []
        return faults


async def say_all(talker: Neighbour, room: str, texts: Iterable[str]) -> list[int]:
    """Post these, in this order, several under way at a time; their seqs."""
    may_go = asyncio.Semaphore(AT_A_TIME)

    async def say(text: str) -> int:
        try:
            return await talker.say(room, text)
        finally:
            may_go.release()

    under_way = []
    for text in texts:
        await may_go.acquire()
        under_way.append(asyncio.ensure_future(say(text)))
        await asyncio.sleep(0)  # so that it takes its number and leaves before the next one
    return await asyncio.gather(*under_way)
