"""A real browser for stories: the machine's own Chromium, one window per person.

A window finds things by the page's data-testid and data-state alone, so that words and looks may change.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright, expect

from tests.neighbour import Neighbour

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE_MS = 45_000
"""Longer than the client's longest wait between two tries to connect, 30 s."""

VISIBILITY = """state => {
  Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
  Object.defineProperty(document, 'hidden', {value: state === 'hidden', configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""
"""Playwright's pages never leave the foreground by themselves."""

SCREEN = """() => Object.fromEntries([...document.querySelectorAll('[data-testid=entry][data-seq]')]
  .map(entry => [entry.dataset.seq, entry.querySelector('.words').textContent]))"""
UP = """() => new Promise(drawn => {
  const scroll = document.querySelector('.scroll');
  scroll.scrollBy(0, -scroll.clientHeight);
  requestAnimationFrame(() => requestAnimationFrame(drawn));
})"""

KEPT = """async () => {
  const held = [];
  const done = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const {name} of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames)
      held.push(await done(database.transaction(store).objectStore(store).getAll()));
    database.close();
  }
  return JSON.stringify(held);
}"""


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
    async def open(cls, browser: Browser, address: str, *, has_clock: bool = False, **more: Any) -> Window:
        """A page at this address. has_clock: its time can be moved. more: of the context, as color_scheme, viewport."""
        context = await browser.new_context(**{"locale": "nl-NL", **more})
        window = cls(await context.new_page())
        if has_clock:
            await window.page.clock.install()
        await window.page.goto(address)
        return window

    async def sign_in(self, name: str, password: str) -> None:
        """Through the form, until the room is there and live."""
        await self.at("name").fill(name)
        await self.at("password").fill(password)
        await self.at("sign-in").click()
        await self.expect_live()

    async def come_as(self, member: Neighbour) -> None:
        """As somebody of the staff who signed in without a browser: what signing in leaves is put into this one. Each
        code of a second factor counts once, and there are more windows than codes in a minute."""
        kept = {"token": member.token, "person": member.person}
        await self.page.evaluate("kept => localStorage.setItem('bart.session', JSON.stringify(kept))", kept)
        await self.page.reload()

    async def join(self, name: str, password: str) -> str:
        """Through the door that a letter opened, to the street; returns the recovery code."""
        await self.at("name").fill(name)
        await self.at("password").fill(password)
        await self.at("join").click()
        await expect(self.at("recovery")).not_to_be_empty()
        recovery = await self.at("recovery").inner_text()
        await self.at("recovery-kept").click()
        await self.at("rules-agree").click()
        await self.expect_live()
        return recovery

    async def sign_out(self) -> None:
        await self.at("me").click()
        await self.at("sign-out").click()
        await expect(self.at("sign-in")).to_be_visible()

    async def another_tab(self) -> Window:
        """Of the same person in the same browser; its faults count for this window."""
        tab = Window(await self.page.context.new_page())
        tab.faults = self.faults
        await tab.page.goto(self.page.url)
        return tab

    async def until_kept(self, text: str) -> None:
        """Until the browser has the page, and keeps *text*, so that both can be read without a server."""
        await self.page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
        while text not in await self.page.evaluate(KEPT):  # no event tells of it; the test's own timeout ends this
            await self.page.evaluate("() => new Promise(drawn => requestAnimationFrame(drawn))")

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

    async def open_menu(self, text: str, nth: int = 0) -> None:
        """The actions of the *nth* entry that says *text*."""
        await self.entries(text).nth(nth).get_by_test_id("more").click()
        await expect(self.at("menu")).to_be_visible()

    async def choose_for(self, text: str, *choices: str, nth: int = 0) -> None:
        """Open the actions of the *nth* entry that says *text*, and choose these, one after the other."""
        await self.open_menu(text, nth)
        for choice in choices:
            await self.at(choice).click()
        await expect(self.at("menu")).to_have_count(0)

    async def stop_time(self) -> None:
        """A second from now, the page's time stands still until its clock is moved or resumed."""
        await self.page.clock.pause_at(await self.page.evaluate("Date.now()") / 1000 + 1)

    async def look_away(self) -> None:
        """The tab goes to the background and its time stands still, as a phone in a pocket has it."""
        await self.page.evaluate(VISIBILITY, "hidden")
        await self.stop_time()

    async def look_again(self, slept: str) -> None:
        """So much later ("08:00:00") the tab is looked at."""
        await self.page.clock.fast_forward(slept)
        await self.page.evaluate(VISIBILITY, "visible")
        await self.page.clock.resume()

    async def in_order(self, texts: Sequence[str]) -> list[str]:
        """These texts as often, and in the order, as the entries of the room have them."""
        shown = await self.at("entry").all_text_contents()  # words that are not on the screen have no inner text
        return [text for entry in shown for text in texts if text in entry]

    async def read_back(self, to: int) -> dict[int, str]:
        """Scroll up until the entry of this seq has been on the screen; the words of all that were, by seq."""
        held: dict[int, str] = {}
        while not held or min(held) > to:
            shown: dict[str, str] = await self.page.evaluate(SCREEN)
            new = {int(seq): words for seq, words in shown.items() if int(seq) not in held}
            held |= new
            if not new and await self.at("earlier").count():
                await self.at("earlier").click()
            await self.page.evaluate(UP)
        return dict(sorted(held.items()))

    def at(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def entries(self, text: str) -> Locator:
        return self.at("entry").filter(has_text=text)

    def _heard(self, message: ConsoleMessage) -> None:
        # A connection that is refused while the server is away is said here too, and is no fault of the page.
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)
