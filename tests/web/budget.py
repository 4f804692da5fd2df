"""The budget of the client, measured: `python -m tests.web.budget`.

Bytes of the first load; when the page can be used on a slow phone (4x CPU, 1.6 Mbit/s, 150 ms); frames while 5,000
entries scroll by. Chromium is headless here and draws without a graphics card: its frames are those of a weak machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import Browser, BrowserContext

from tests.process import ServerProcess
from tests.town import JAN_LUYKENLAAN
from tests.web.browser import Window, chromium
from tests.web.line import Line, Pace
from tests.web.stage import QUICK_TALK, Stage, say_all

MOST_BYTES = 90_000
FRAME_MS = 17.0
ENTRIES = 5_000
SLOWER = 4
PACES = {
    "150 ms": Pace(down_bytes_s=1_600_000 / 8, up_bytes_s=750_000 / 8, delay_s=0.075),
    "20 ms": Pace(down_bytes_s=1_600_000 / 8, up_bytes_s=750_000 / 8, delay_s=0.010),
}
"""By how long a question and its answer take; a connection costs one such time more before it is there."""
SPOKEN = "nl-NL"
"""English readers fetch their words besides."""
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "has_touch": True, "locale": SPOKEN,
}  # fmt: skip
RUNS = 5

WATCH = """([field, shown]) => {
  const reached = window.reached = {};
  const isThere = element => element && !element.disabled && element.checkVisibility();
  const mark = (what, selector) => {
    if (what in reached || !isThere(document.querySelector(selector))) return;
    reached[what] = null;
    // It is there; reached it is once the page has drawn it and does nothing else.
    requestAnimationFrame(() => setTimeout(() => {
      const files = performance.getEntriesByType('resource').filter(({name}) => /[.](js|css)$/.test(name));
      reached.fetched ??= Math.max(...files.map(file => file.responseEnd));
      reached[what] = performance.now();
    }));
  };
  const look = () => (mark('usable', field), mark('shown', shown));
  new MutationObserver(look).observe(document, {childList: true, subtree: true, attributes: true});
}"""
REACHED = "() => window.reached?.usable && window.reached.shown && [reached.usable, reached.shown, reached.fetched]"
DOOR = ("[data-testid=name]", "[data-testid=name]")
ROOM = ("[data-testid=composer]", ".scroll [data-seq]")
"""What one writes in, and what is looked for."""
FRAMES = """([step, count]) => new Promise(done => {
  const scroll = document.querySelector('.scroll');
  const frames = [];
  let before = null;
  const draw = now => {
    if (before !== null) frames.push(now - before);
    before = now;
    scroll.scrollBy(0, step);
    if (frames.length < count) requestAnimationFrame(draw); else done(frames);
  };
  requestAnimationFrame(draw);
})"""
DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
TO_END = "() => { document.querySelector('.scroll').scrollTop = 0; }"
TO_BEGIN = "() => { const scroll = document.querySelector('.scroll'); scroll.scrollTop = -scroll.scrollHeight; }"
EARLIER = "() => document.querySelector('[data-testid=earlier]')?.click()"
"""By the page itself: where a mouse was left, entries would be pointed at as they pass, which no finger does."""
WAYS = {
    "reading, 12 px a frame": (TO_END, -12),
    "flinging up, 400 px a frame": (TO_END, -400),
    "flinging down, 400 px a frame": (TO_BEGIN, 400),
}
"""Where one begins, and how far each frame goes."""
FRAMES_EACH = 480
OLDEST = (
    """() => Math.min(...[...document.querySelectorAll('.scroll [data-seq]')].map(row => Number(row.dataset.seq)))"""
)


class Frames(NamedTuple):
    """Of one way of scrolling, in milliseconds. smooth: the share that took no longer than a frame of 60 a second."""

    median_ms: float
    p99_ms: float
    smooth: float

    @classmethod
    def of(cls, frames: list[float]) -> Frames:
        ordered = sorted(frames)
        smooth = sum(frame <= FRAME_MS for frame in frames) / len(frames)
        return cls(statistics.median(frames), ordered[int(len(ordered) * 0.99)], smooth)


async def first_load(browser: Browser, url: str) -> dict[str, int]:
    """Bytes that came over the line, by path, headers included, for who opens the door the first time."""
    context = await browser.new_context(locale=SPOKEN)
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    paths: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.responseReceived", lambda event: paths.update({event["requestId"]: event["response"]["url"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    await session.send("Network.enable")
    await page.goto(url, wait_until="networkidle")
    await context.close()
    return {paths[request].removeprefix(url) or "/": int(size) for request, size in sizes.items()}


class Wait(NamedTuple):
    """From going there, in milliseconds.

    usable: until the field can be written in.  shown: until the last page of the room stands there.  fetched: until
    the files were there that the field needed.
    """

    usable: float
    shown: float
    fetched: float


async def wait_for(context: BrowserContext, url: str, goal: tuple[str, str]) -> Wait:
    """For this, on a slow phone."""
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.add_init_script(f"({WATCH})({json.dumps(goal)})")
    await page.goto(url, wait_until="commit")
    measured = Wait(*await (await page.wait_for_function(REACHED)).json_value())
    await page.close()
    return measured


async def runs(measure: Callable[[], Awaitable[Wait]]) -> list[Wait]:
    return [await measure() for _ in range(RUNS)]


async def waits(stage: Stage, line: Line) -> dict[str, list[Wait]]:
    """For a stranger; signed in on a new browser; signed in where the page is kept."""
    home = await stage.home("Ada", line=line, **PHONE)
    await home.until_kept("Ada")
    kept = await home.page.evaluate("Object.entries(localStorage)")

    async def fresh(goal: tuple[str, str], kept: Any = ()) -> Wait:
        context = await stage.browser.new_context(**PHONE)
        # By the page itself: playwright would go there to store it, and leave a connection open.
        await context.add_init_script(f"for (const [name, value] of {json.dumps(kept)}) localStorage[name] ??= value")
        try:
            return await wait_for(context, line.url, goal)
        finally:
            await context.close()

    found: dict[str, list[Wait]] = {}
    for name, pace in PACES.items():
        line.pace = pace
        found |= {
            f"door, first visit, {name}": await runs(lambda: fresh(DOOR)),
            f"room, nothing kept, {name}": await runs(lambda: fresh(ROOM, kept)),
            f"room, page kept, {name}": await runs(lambda: wait_for(home.page.context, line.url, ROOM)),
        }
    return found


async def scrolling(stage: Stage, slower: int) -> tuple[float, dict[str, Frames]]:
    """Seconds until a reader has drawn every entry of the room, and the frames of scrolling through them."""
    window = await stage.home(f"Lezer {slower}", **PHONE)
    page = window.page
    began = time.perf_counter()
    await load_all(window)
    loaded_s = time.perf_counter() - began
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    found: dict[str, Frames] = {}
    for way, (begin, step) in WAYS.items():
        await page.evaluate(begin)
        await page.evaluate(DRAWN)
        found[f"{way}, {slower}x CPU"] = Frames.of(await page.evaluate(FRAMES, [step, FRAMES_EACH]))
    return loaded_s, found


async def load_all(window: Window) -> None:
    """Read back until the first entry of the room has been drawn."""
    while await window.page.evaluate(OLDEST) > 1:
        await window.page.evaluate(EARLIER)
        await window.page.evaluate(TO_BEGIN)
        await window.page.evaluate(DRAWN)


def table(loaded: dict[str, int], waited: dict[str, list[Wait]], drawn: dict[str, Frames]) -> str:
    """What is printed."""
    lines = ["first load, bytes over the line (budget: below 90 kB)"]
    lines += [f"  {size:9,}  {path}" for path, size in sorted(loaded.items(), key=lambda row: -row[1])]
    lines += [f"  {sum(loaded.values()):9,}  together", ""]
    lines += [f"on a phone: {SLOWER}x CPU, 1.6 Mbit/s; median and slowest of {RUNS} until one can write"]
    lines += ["(budget: 1,000 ms), and until the last page stands there"]
    lines += [_waited(what, one) for what, one in waited.items()]
    lines += ["", f"{ENTRIES:,} entries, frames while scrolling (budget: 60 a second): median, p99, share within 17 ms"]
    lines += [f"  {one.median_ms:5.1f} {one.p99_ms:6.1f} ms {one.smooth:6.1%}  {what}" for what, one in drawn.items()]
    return "\n".join(lines)


def _waited(what: str, waits: list[Wait]) -> str:
    usable, shown, fetched = (sorted(times) for times in zip(*waits, strict=True))
    times = " ".join(f"{statistics.median(each):6.0f} {each[-1]:6.0f}" for each in (usable, shown))
    return f"  {times} ms  {what} (the files of the first had come after {statistics.median(fetched):.0f})"


async def main(entries: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        process = ServerProcess(Path(folder) / "data", **QUICK_TALK)
        await process.start()
        try:
            async with chromium() as browser:
                await measure(Stage(process, browser), entries)
        finally:
            await process.end()


async def measure(stage: Stage, entries: int) -> None:
    loaded = await first_load(stage.browser, stage.process.url)
    talker = await stage.talker("Kees")
    await say_all(talker, JAN_LUYKENLAAN, [f"Bericht {number}, een gewone zin." for number in range(60)])
    waited = await waits(stage, await stage.line())
    faults = await stage.close_windows()
    await talker.connect()
    sentences = [f"Bericht {number}: {'de straat is weer schoon. ' * (number % 5 + 1)}" for number in range(entries)]
    await say_all(talker, JAN_LUYKENLAAN, sentences)
    drawn: dict[str, Frames] = {}
    for slower in (1, SLOWER):
        loaded_s, frames = await scrolling(stage, slower)
        drawn |= frames
        faults += await stage.close_windows()
    await talker.close()
    print(table(loaded, waited, drawn))
    print("\n".join([f"all {entries:,} entries are loaded and drawn in {loaded_s:.1f} s", *faults]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    asyncio.run(main(parser.parse_args().entries))
