"""Pictures of every view: `python -m tests.web.pictures --folder DIR`, to be looked at by people.

Five sizes, light and dark, Dutch and English, and 400 % zoom of a small laptop; says what scrolls sideways or is cut.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.async_api import Browser, Page

from tests.web import layout
from tests.web.browser import chromium
from tests.web.populated import Populated, populated
from tests.web.views import VIEWS
from tests.web.visit import Visit


class Size(NamedTuple):
    """In CSS pixels, which are all that a page knows of zoom."""

    name: str
    width: int
    height: int


SIZES = (
    Size("320", 320, 640),
    Size("360", 360, 740),
    Size("768", 768, 1024),
    Size("1280", 1280, 800),
    Size("1920", 1920, 1080),
    Size("1280-at-400%", 320, 200),
)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LOCALES = ("nl-NL", "en-GB")


async def take(
    browser: Browser, town: Populated, folder: Path, views: Iterable[str], sizes: Iterable[Size] = SIZES,
    schemes: Iterable[Scheme] = SCHEMES, locales: Iterable[str] = LOCALES,
) -> list[str]:  # fmt: skip
    """A file per view, language, size and scheme; returns what is wrong with how they lie on the screen."""
    faults: list[str] = []
    for view, locale in itertools.product(views, locales):
        visit = Visit(browser, town, locale=locale, reduced_motion="reduce")
        window = await VIEWS[view](visit)
        for size, scheme in itertools.product(tuple(sizes), tuple(schemes)):
            name = f"{view}-{locale[:2]}-{size.name}-{scheme}"
            await resize(window.page, size, scheme)
            await window.page.screenshot(path=folder / f"{name}.png", caret="hide")
            faults += [f"{name}: {fault}" for fault in await layout.faults_of(window.page)]
        await visit.close()
    return faults


async def resize(page: Page, size: Size, scheme: Scheme) -> None:
    """Waits until it has been drawn so."""
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": size.width, "height": size.height})
    await page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


async def main(folder: Path, views: list[str]) -> int:
    """Take them all; the number of faults."""
    with tempfile.TemporaryDirectory() as data:
        async with chromium() as browser, populated(Path(data) / "data") as town:
            faults = await take(browser, town, folder, views)
    print("\n".join(faults) or "nothing is cut, and nothing scrolls sideways")
    print(f"{len(views) * len(LOCALES) * len(SIZES) * len(SCHEMES)} pictures in {folder}")
    return len(faults)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--view", action="append", choices=sorted(VIEWS), help="only this one; may be given again")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    sys.exit(1 if asyncio.run(main(options.folder, options.view or list(VIEWS))) else 0)
