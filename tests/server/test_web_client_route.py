"""The web client's files: with a strict policy, kept for ever where their name says so, and nothing beside them."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from rooms.signature import pins
from server.routes import web_client

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the build leaves it, with something beside it that is nobody's business."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>BART</title>")
    (folder / "manifest.webmanifest").write_text("{}")
    (folder / "assets" / "main-3f2a.js").write_text("export {}")
    (tmp_path / "code.key").write_text("geheim")
    monkeypatch.setattr(web_client, "folder", lambda: folder)
    return folder


@pytest.fixture
async def browser() -> AsyncIterator[Client]:
    """Somebody who asks a server that has only the client's routes."""
    app = web.Application()
    web_client.add(app)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_the_page_comes_with_its_policy(built: Path, browser: Client) -> None:
    """The page is asked for anew each time, and runs nothing that is not ours."""
    async with browser.get("/") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert "BART" in await answer.text()
    policy = answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-cache"
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert "unsafe" not in policy
    every = web_client.HEADERS | web_client.OF_A_PAGE
    assert {name: answer.headers[name] for name in every} == every


async def test_built_assets_are_kept_for_ever(built: Path, browser: Client) -> None:
    """Their names hold their hash; one that is not there is not remembered as missing."""
    async with browser.get("/assets/main-3f2a.js") as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (200, web_client.FOR_EVER)
        assert "javascript" in answer.content_type
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with browser.get("/assets/main-0000.js") as answer:
        assert answer.status == 404
        assert "Cache-Control" not in answer.headers


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/service_worker.js", "javascript"),
        ("/icon-192.png", "image/png"),
    ],
)
async def test_files_beside_the_page_are_served(built: Path, browser: Client, path: str, content_type: str) -> None:
    """What the build puts next to the page, by its own name; asked for anew each time, the worker above all."""
    (built / path[1:]).write_text("{}")
    async with browser.get(path) as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-cache")
        assert content_type in answer.content_type


@pytest.mark.parametrize("path", ["/", "/assets/main-3f2a.js"])
async def test_what_a_browser_has_is_not_sent_again(built: Path, browser: Client, path: str) -> None:
    """The same bytes cost 304; another build's page is sent in full."""
    file = built / "index.html" if path == "/" else built / path[1:]
    async with browser.get(path) as answer:
        mark = {"If-None-Match": answer.headers["ETag"]}
    async with browser.get(path, headers=mark) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
        assert answer.headers["Content-Security-Policy"] == web_client.POLICY
    file.write_text("of another build")
    async with browser.get(path, headers=mark) as answer:
        assert (answer.status, await answer.text()) == (200, "of another build")


async def test_the_page_of_another_build_is_never_taken_for_the_one_held(built: Path, browser: Client) -> None:
    """Pages differ by a digest in a name, so in nothing that a file's time and size tell."""
    page = built / "index.html"
    page.write_text("/assets/main-3f2a.js")
    os.utime(page, (0, 0))
    async with browser.get("/") as answer:
        mark = {"If-None-Match": answer.headers["ETag"]}
    page.write_text("/assets/main-77c1.js")
    os.utime(page, (0, 0))
    async with browser.get("/", headers=mark) as answer:
        assert (answer.status, await answer.text()) == (200, "/assets/main-77c1.js")


@pytest.mark.parametrize("path", ["/service_worker.js", "/assets/main-3f2a.js"])
async def test_a_packed_copy_goes_to_who_can_unpack_it(built: Path, browser: Client, path: str) -> None:
    """The build packed it once; the answer is of the file's own type, and a cache on the way keeps the two apart."""
    (built / path[1:]).write_text("export {}")
    (built / f"{path[1:]}.gz").write_bytes(gzip.compress(b"export const packed = true"))
    async with browser.get(path, headers={"Accept-Encoding": "gzip, deflate, br"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert await answer.text() == "export const packed = true"
        packed = answer.headers.copy()
    async with browser.get(path, headers={"Accept-Encoding": "identity"}) as answer:
        assert "Content-Encoding" not in answer.headers
        assert await answer.text() == "export {}"
        plain = answer.headers.copy()
    for name in ("Content-Type", "Vary", "Cache-Control", "Content-Security-Policy"):
        assert packed[name] == plain[name]
    assert packed["ETag"] != plain["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        "/../code.key",
        "/%2e%2e/code.key",
        "/..%2fcode.key",
        "/assets/../../code.key",
        "/assets/..%2f..%2fcode.key",
        "/assets/%2e%2e/%2e%2e/code.key",
        "/assets",
        "/assets/",
        "/index.html/",
        "/main-3f2a.js",
    ],
)
async def test_nothing_else_is_served(built: Path, browser: Client, path: str) -> None:
    """No path leads out of the folder, by dots or by escapes; no folder is listed."""
    from yarl import URL

    async with browser.get(URL(path, encoded=True)) as answer:
        assert answer.status in (403, 404)
        assert "geheim" not in await answer.text()


async def test_without_a_build_the_server_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the server works; the page answers 503 with the command that builds it."""
    monkeypatch.setattr(web_client, "folder", lambda: None)
    app = web.Application()
    web_client.add(app)
    async with TestClient(TestServer(app)) as client:
        async with client.get("/") as answer:
            assert (answer.status, await answer.text()) == (503, web_client.MISSING)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        async with client.get("/manifest.webmanifest") as answer:
            assert answer.status == 404


# the keys of alerts ----------------------------------------------------------------------------------

PUBLIC = bytes(range(32))
PIN = f'<meta name="bart-keys" content="{pins([PUBLIC])}" />'


@pytest.fixture
async def reader(built: Path) -> AsyncIterator[Client]:
    """Somebody who asks a server that signs alerts; the page has a head, and a packed copy."""
    page = b"<!doctype html><html><head><title>BART</title></head><body></body></html>"
    (built / "index.html").write_bytes(page)
    (built / "index.html.gz").write_bytes(gzip.compress(page))
    app = web.Application()
    web_client.add(app, (PUBLIC,))
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("path", ["/", "/index.html"])
async def test_the_page_carries_the_keys_of_alerts(reader: Client, path: str, coding: str) -> None:
    """In its head, once, packed or not; what a browser has is not sent again."""
    async with reader.get(path, headers={"Accept-Encoding": coding}) as answer:
        assert (await answer.text()).count(f"{PIN}</head>") == 1
        assert answer.headers.get("Content-Encoding") == ("gzip" if coding == "gzip" else None)
        held = {"If-None-Match": answer.headers["ETag"], "Accept-Encoding": coding}
    async with reader.get(path, headers=held) as answer:
        assert (answer.status, await answer.read()) == (304, b"")


async def test_other_keys_make_another_page(built: Path, reader: Client) -> None:
    """Or a browser would hold the page of a key that signs no longer."""
    async with reader.get("/") as answer:
        mark = answer.headers["ETag"]
    app = web.Application()
    web_client.add(app, (PUBLIC[::-1],))
    async with TestClient(TestServer(app)) as other, other.get("/", headers={"If-None-Match": mark}) as answer:
        assert answer.status == 200
        assert answer.headers["ETag"] != mark


async def test_the_worker_keeps_the_page_that_is_served(built: Path, reader: Client) -> None:
    """It takes no page with another digest than it was built with: other keys are another digest and another shell."""
    digest = hashlib.sha256((built / "index.html").read_bytes()).hexdigest()
    shell = f'const shell={{"version":"{"0" * 16}","files":{{"/":"{digest}"}}}}'
    (built / "service_worker.js").write_text(shell)
    async with reader.get("/") as page, reader.get("/service_worker.js") as worker:
        served, known = hashlib.sha256(await page.read()).hexdigest(), await worker.text()
    assert f'"/":"{served}"' in known
    assert digest not in known
    assert "0" * 16 not in known


async def test_files_beside_the_page_carry_no_keys(built: Path, reader: Client) -> None:
    """They are served as they were built."""
    async with reader.get("/manifest.webmanifest") as answer:
        assert await answer.text() == "{}"
