"""A real browser for stories: the machine's own Chromium, one window per person.

A window finds things by the page's data-testid and data-state alone, so that words and looks may change.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright, expect

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE_MS = 45_000
"""Longer than the client's longest wait between two tries to connect, 30 s."""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A headless Chromium; skips the test where there is none, and fails it where CI=true."""
    async with async_playwright() as playwright:
        program = found(Path(playwright.chromium.executable_path))
        if program is None:
            missing("no Chromium on this machine: install it (Debian: chromium) to run the stories in a browser")
        # Chromium refuses to run its sandbox as root, which containers are.
        arguments = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield browser
        finally:
            await browser.close()


def found(own: Path) -> str | None:
    """The Chromium on PATH, or the one that playwright brought."""
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    return on_path or (str(own) if own.is_file() else None)


def missing(reason: str) -> None:
    """A machine that must run everything may not leave the browser out."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Window:
    """One person's page, in a browser profile of its own. faults: what the page did wrong, by its own account."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)

    @classmethod
    async def open(cls, browser: Browser, address: str) -> Window:
        context = await browser.new_context()
        window = cls(await context.new_page())
        await window.page.goto(address)
        return window

    async def sign_in(self, name: str, password: str) -> None:
        """Through the form, until the room is there and live."""
        await self.at("name").fill(name)
        await self.at("password").fill(password)
        await self.at("sign-in").click()
        await self.expect_live()

    async def write(self, text: str) -> None:
        await self.at("composer").fill(text)
        await self.at("send").click()

    async def expect_entry(self, text: str, state: str = "sent") -> None:
        """Exactly one entry says *text*, and it stands as *state*: waiting, sent or refused."""
        entries = self.entries(text)
        await expect(entries).to_have_attribute("data-state", state, timeout=PATIENCE_MS)
        await expect(entries).to_have_count(1)

    async def expect_live(self) -> None:
        await expect(self.at("composer")).to_be_visible(timeout=PATIENCE_MS)
        await expect(self.at("not-live")).to_have_count(0, timeout=PATIENCE_MS)

    async def expect_not_live(self) -> None:
        await expect(self.at("not-live")).to_be_visible(timeout=PATIENCE_MS)

    def at(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def entries(self, text: str) -> Locator:
        return self.at("entry").filter(has_text=text)

    def _heard(self, message: ConsoleMessage) -> None:
        # A connection that is refused while the server is away is said here too, and is no fault of the page.
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)
