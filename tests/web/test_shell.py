"""The page without its server, and the page when there is a newer one: it starts, and it never changes by surprise."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.async_api import expect

from rooms import letter
from server.app import Running, running
from server.routes import web_client
from server.settings import Settings
from tests.town import JAN_LUYKENLAAN, PASSWORD
from tests.web.browser import KEPT, PATIENCE_MS, Window, chromium
from tests.web.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHELL = re.compile(r'\{"version":"[0-9a-f]{16}","files":\{.*?\}\}')
NEWER = '<meta name="build" content="newer" />'
HAS_WORKER = "() => navigator.serviceWorker.ready.then(() => undefined)"


async def test_a_new_version_waits_until_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar tells of it; one talks on in the page that one has, and what is half written comes along to the new one."""
    own = web_client.folder()
    assert own is not None, web_client.MISSING
    built = Path(shutil.copytree(own, tmp_path / "built"))
    monkeypatch.setattr(web_client, "folder", lambda: built)
    settings = Settings(port=0, data=str(tmp_path / "data"), drain_s=1, log_level="warning")
    async with chromium() as browser, running(settings) as server:
        address = f"{server.url}/#code={await a_code(server)}"
        ada = await Window.open(browser, address, has_clock=True)
        await ada.join("Ada", PASSWORD)
        await ada.page.evaluate(HAS_WORKER)
        await ada.page.evaluate("window.isSamePage = true")

        lay_newer(built)
        await ada.look_away()
        await ada.look_again("01:00:01")
        await expect(ada.at("new-version")).to_be_visible(timeout=PATIENCE_MS)
        await ada.expect_live()
        await ada.write("Nog op de oude pagina.")
        await ada.expect_entry("Nog op de oude pagina.")
        await ada.at("composer").fill("half af")
        assert await ada.page.evaluate("window.isSamePage")

        await ada.at("new-version").click()
        await expect(ada.page.locator("meta[name=build]")).to_have_count(1)
        await ada.expect_live()
        await expect(ada.at("composer")).to_have_value("half af")
        await ada.expect_entry("Nog op de oude pagina.")
        await expect(ada.at("new-version")).to_have_count(0)
        assert ada.faults == []


async def a_code(server: Running) -> str:
    place = server.town.places.get(JAN_LUYKENLAAN)
    assert place is not None
    (code,) = await letter.make(server.town, place, 1, household=50)
    return code


def lay_newer(built: Path) -> None:
    """Another page and its worker in the place of those of before, as the upgrade of a server does it."""
    page = (built / "index.html").read_text().replace("</head>", f"{NEWER}</head>")
    worker = (built / "service_worker.js").read_text()
    shell = json.loads(SHELL.findall(worker)[0])
    shell["files"]["/"] = hashlib.sha256(page.encode()).hexdigest()
    shell["version"] = shell["files"]["/"][:16]
    lay(built / "index.html", page)
    lay(built / "service_worker.js", SHELL.sub(lambda _: json.dumps(shell), worker))


def lay(file: Path, text: str) -> None:
    file.write_text(text)
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(text.encode()))


async def test_the_page_starts_without_a_server(stage: Stage) -> None:
    """Opened anew, not only loaded anew: the rooms, the last words, a bar that says how it is, and room to write."""
    dirk, eva = await stage.home("Dirk"), await stage.talker("Eva")
    await eva.say(JAN_LUYKENLAAN, "De vuilniswagen komt morgen.")
    await dirk.expect_entry("De vuilniswagen komt morgen.")
    await dirk.until_kept("De vuilniswagen komt morgen.")
    await dirk.page.close()

    await stage.process.kill9()
    cold = await dirk.another_tab()
    await cold.expect_entry("De vuilniswagen komt morgen.")
    await expect(cold.at("room-neighbourhood")).to_be_visible()
    await cold.expect_not_live()
    await cold.write("Dank je wel.")
    await cold.expect_entry("Dank je wel.", state="waiting")


async def test_what_was_just_said_is_there_when_the_page_is_loaded_anew(stage: Stage) -> None:
    """Without a server too: it was kept as it came, and not some time later."""
    finn, gerda = await stage.home("Finn", has_clock=True), await stage.talker("Gerda")
    await finn.page.evaluate(HAS_WORKER)
    await finn.stop_time()
    await gerda.say(JAN_LUYKENLAAN, "Wie mist er een kat?")
    await finn.expect_entry("Wie mist er een kat?")
    assert await is_kept_within(finn, "Wie mist er een kat?", milliseconds=500)
    await finn.page.clock.resume()
    await stage.process.kill9()
    await finn.page.reload()
    await finn.expect_entry("Wie mist er een kat?")


async def is_kept_within(window: Window, text: str, milliseconds: int) -> bool:
    """Whether the browser has it before so much of the page's own time, which stands still, has passed."""
    for _ in range(milliseconds):
        if text in await window.page.evaluate(KEPT):
            return True
        await window.page.clock.run_for(1)
    return False


async def test_a_page_that_lacks_a_part_says_so(stage: Stage) -> None:
    """One that is older than its server may ask for files that are gone: loaded anew, it has those that are there."""
    hugo = await stage.neighbour("Hugo")
    window = await stage.window(service_workers="block")
    await window.page.route("**/assets/indoors-*.js", lambda route: route.abort())
    await window.page.reload()
    await window.at("name").fill(hugo.name)
    await window.at("password").fill(PASSWORD)
    await window.at("sign-in").click()
    await expect(window.at("fault")).to_be_visible()
    await window.page.unroute_all()
    await window.at("reload").click()
    await window.expect_live()
