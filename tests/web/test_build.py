"""What the build leaves: a page without inline code, a worker that knows every file, packed copies that are true."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from tests.web import npm

MOST_BYTES = 90_000
"""The budget of the first load, packed: the door, and what lies behind it."""
SHELL = re.compile(r'\{"version":"[0-9a-f]{16}","files":\{.*?\}\}')


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of its own, so that an older one in the checkout says nothing."""
    if not (npm.CLIENT / "node_modules").is_dir():
        done = npm.run("ci", "--ignore-scripts")
        assert done.returncode == 0, done.stdout + done.stderr
    folder = tmp_path_factory.mktemp("built") / "dist"
    done = npm.run("run", "build", "--", "--outDir", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_page_runs_nothing_inline(dist: Path) -> None:
    """The policy forbids inline code; every address in the page is a file of the build."""
    page = (dist / "index.html").read_text()
    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []
    addresses = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    assert addresses
    assert [address for address in addresses if not (dist / address[1:]).is_file()] == []


def test_the_door_does_not_wait_for_what_lies_behind_it(dist: Path) -> None:
    """That is for who is signed in: first.js asks for it, at addresses that the page names and does not load."""
    page = (dist / "index.html").read_text()
    behind = behind_door(page, dist)
    assert {file.suffix for file in behind} == {".js", ".css"}
    assert [file for file in behind if not file.is_file() or page.count(file.name) > 1] == []
    assert sum(map(packed_size, behind)) > sum(map(packed_size, loaded_by(page, dist)))


def test_the_worker_knows_every_file_that_the_page_needs(dist: Path) -> None:
    """What starts without a network is the whole page: a file that is missing or another one would break the start."""
    (shell,) = SHELL.findall((dist / "service_worker.js").read_text())
    files: dict[str, str] = json.loads(shell)["files"]
    paths = {"/": dist / "index.html"} | {path: dist / path[1:] for path in files if path != "/"}
    assert {path: hashlib.sha256(file.read_bytes()).hexdigest() for path, file in paths.items()} == files
    needed = {f"/assets/{file.name}" for file in (dist / "assets").iterdir() if file.suffix not in (".gz", ".br")}
    assert needed | {"/", "/first.js", "/manifest.webmanifest"} == set(files)


def test_the_worker_is_one_plain_script(dist: Path) -> None:
    """Not every browser runs workers that import."""
    worker = (dist / "service_worker.js").read_text()
    assert re.findall(r"\bimport\b|\bexport\b", worker) == []


def test_packed_copies_hold_what_their_files_hold(dist: Path) -> None:
    """The server hands them out unread."""
    packed = list(dist.rglob("*.gz"))
    assert {"index.html.gz", "service_worker.js.gz"} <= {file.name for file in packed}
    for file in packed:
        assert gzip.decompress(file.read_bytes()) == file.with_suffix("").read_bytes(), file.name


def test_the_manifest_names_icons_of_the_right_size(dist: Path) -> None:
    """What a phone needs to put BART among its apps, one of them with room to be cut round."""
    manifest = json.loads((dist / "manifest.webmanifest").read_text())
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        header = (dist / icon["src"][1:]).read_bytes()[:24]
        width, height = int.from_bytes(header[16:20]), int.from_bytes(header[20:24])
        assert (header[:8], icon["sizes"]) == (b"\x89PNG\r\n\x1a\n", f"{width}x{height}")


def test_the_first_load_is_within_its_budget(dist: Path) -> None:
    """The door and all that lies behind it; what staff, a form and one's own panel need comes when they are opened."""
    page = (dist / "index.html").read_text()
    first = {dist / "index.html", *loaded_by(page, dist), *behind_door(page, dist)}
    first = {file for file in first if not file.name.startswith("apple-touch-icon")}  # for a home screen
    assert {file.name.partition("-")[0] for file in first} >= {"index", "indoors", "inside"}
    assert sum(map(packed_size, first)) < MOST_BYTES


def loaded_by(page: str, dist: Path) -> list[Path]:
    return [dist / address for address in re.findall(r'(?:src|href)="/([^"]+)"', page)]


def behind_door(page: str, dist: Path) -> list[Path]:
    (addresses,) = re.findall(r'<script src="/first.js" data-behind="([^"]+)"', page)
    return [dist / address[1:] for address in addresses.split()]


def packed_size(file: Path) -> int:
    return min(file.stat().st_size, len(gzip.compress(file.read_bytes())))
