"""Pictures of a story: four of each step, small enough to be kept beside the tests and shown in README."""

from __future__ import annotations

import base64
from pathlib import Path

from tests.web import layout
from tests.web.browser import Window
from tests.web.pictures import SCHEMES, Size, resize

SIZES = (Size("phone", 390, 844), Size("desktop", 1280, 800))
KEPT = Path(__file__).parent / "album"
"""Where those lie that README shows."""
MOST_BYTES = 1_000_000
QUALITY = 25
"""Of WebP: letters stay sharp, and an even colour does not."""
DRAWN_AT = {"phone": 0.9, "desktop": 0.7}
"""README shows them smaller still."""
NO_CARET = "document.documentElement.style.caretColor = 'transparent'"


class Album:
    """faults: what is cut, or scrolls sideways, on one of the pictures."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.faults: list[str] = []
        self._count = 0

    async def take(self, window: Window, step: str) -> None:
        """At both widths, light and dark; afterwards the window is as it was."""
        self._count += 1
        own = window.page.viewport_size
        assert own is not None
        await window.page.evaluate(NO_CARET)
        for size in SIZES:
            for scheme in SCHEMES:
                name = f"{self._count:02}-{step}-{size.name}-{scheme}"
                await resize(window.page, size, scheme)
                (self.folder / f"{name}.webp").write_bytes(await _picture(window, size))
            self.faults += [f"{name}: {fault}" for fault in await layout.faults_of(window.page)]
        await resize(window.page, Size("own", own["width"], own["height"]), "light")


async def _picture(window: Window, size: Size) -> bytes:
    """Playwright makes PNG and JPEG alone; Chromium itself makes WebP, a third of the size."""
    chromium = await window.page.context.new_cdp_session(window.page)
    clip = {"x": 0, "y": 0, "width": size.width, "height": size.height, "scale": DRAWN_AT[size.name]}
    asked = {"format": "webp", "quality": QUALITY, "clip": clip}
    taken = await chromium.send("Page.captureScreenshot", asked)
    await chromium.detach()
    return base64.b64decode(taken["data"])
