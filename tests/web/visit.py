"""One way to one view: the windows it opens, and the lines they are on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Browser, expect

from tests.town import PASSWORD
from tests.web.browser import Window
from tests.web.line import Line
from tests.web.populated import Populated


class Visit:
    """One way to one view. more: of the browser context, as locale and viewport."""

    def __init__(self, browser: Browser, town: Populated, **more: Any) -> None:
        self.browser, self.town, self.more = browser, town, more
        self._lines: list[Line] = []
        self._windows: list[Window] = []
        self._afterwards: list[Callable[[], Awaitable[None]]] = []

    async def open(self, path: str = "/", line: Line | None = None) -> Window:
        address = self.town.url if line is None else line.url
        window = await Window.open(self.browser, address + path, **self.more)
        self._windows.append(window)
        return window

    async def line(self) -> Line:
        line = await Line(self.town.server.port).start()
        self._lines.append(line)
        return line

    async def room(self, name: str, line: Line | None = None) -> Window:
        """In the street, as somebody who lives there."""
        window = await self.open(line=line)
        await window.sign_in(name, PASSWORD)
        await expect(window.at("entry").last).to_be_visible()
        return window

    def afterwards(self, do: Callable[[], Awaitable[None]]) -> None:
        """When the view is closed, so that the next one begins without it; the last asked for comes first."""
        self._afterwards.append(do)

    async def close(self) -> None:
        for do in reversed(self._afterwards):
            await do()
        for window in self._windows:
            await window.page.context.close()
            assert window.faults == []
        for line in self._lines:
            await line.close()
