"""The web client's files, as they were built: from the wheel, or from the checkout of an editable install."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import mimetypes
import re
from functools import lru_cache
from pathlib import Path

import structlog
from aiohttp import web

from rooms.signature import pins

log = structlog.get_logger("web_client")
_SERVER = Path(__file__).resolve().parents[1]
_CHECKOUT = _SERVER.parent / "clients" / "web"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "manifest-src 'self'; font-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
OF_A_PAGE = {
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
"""What says nothing to a browser about a script or a style sheet, and would be a fiftieth of the first visit."""
FOR_EVER = "public, max-age=31536000, immutable"
ASK_ANEW = "no-cache"
"""For the page, the worker and what has no digest in its name: kept, but never used without asking."""
ETAG_ANY = "*"
PAGE, WORKER = "index.html", "service_worker.js"
END_OF_HEAD = b"</head>"
SHELL_VERSION = re.compile(rb'(?<="version":")[0-9a-f]{16}(?=")')
SOURCES = ("src/**/*", "public/*", "index.html", "vite.config.ts")
MISSING = (
    "The web client has not been built. Install without BART_SKIP_WEB, or `npm ci && npm run build` in clients/web."
)


def folder() -> Path | None:
    """Where the built client lies; None where it was not built."""
    for place in (_SERVER / "static", _CHECKOUT / "dist"):
        if (place / "index.html").is_file():
            return place
    return None


def warn_if_stale(built: Path | None) -> None:
    """In a checkout the sources can be newer than what was built from them."""
    if built is None:
        log.warning(MISSING)
    elif built.parent == _CHECKOUT:
        files = (file for source in SOURCES for file in _CHECKOUT.glob(source) if file.is_file())
        if max((file.stat().st_mtime for file in files), default=0) > (built / "index.html").stat().st_mtime:
            log.warning("the sources of the web client are newer than its build; `npm run build` in clients/web")


def add(app: web.Application, publics: tuple[bytes, ...] = ()) -> None:
    """Serve the client at /, or say why there is none; every answer of the app carries the policies.

    publics: the keys under which alerts are signed; the page carries them, and with it the client's cached shell.
    """
    built = folder()
    pinned = f'<meta name="bart-keys" content="{pins(publics)}" />'.encode() if publics else b""
    warn_if_stale(built)

    async def page(request: web.Request) -> web.StreamResponse:
        if built is None:
            return web.Response(text=MISSING, status=503)
        return await small_file(request, built / PAGE, pinned)

    async def file(request: web.Request) -> web.StreamResponse:
        path = built / request.match_info["name"] if built else None
        if path is None or path.parent != built or not path.is_file():
            raise web.HTTPNotFound
        return await small_file(request, path, pinned if path.name in (PAGE, WORKER) else b"")

    app.on_response_prepare.append(policies)
    app.router.add_get("/", page)
    if built is not None and (built / "assets").is_dir():
        app.router.add_static("/assets", built / "assets")
    app.router.add_get("/{name:[A-Za-z0-9_.-]+}", file)


async def small_file(request: web.Request, path: Path, pinned: bytes = b"") -> web.Response:
    """The page or a small file beside it, packed where the build packed it, or 304 for who has it.

    pinned: what goes to the end of the page's head; of the page and of the worker alone.

    Its mark is of its bytes, not of its time and size as aiohttp's is: pages of two builds have the same size, and
    where a package gives every file the same time, browsers would keep a page whose assets are gone.
    """
    packed = path.with_name(f"{path.name}.gz")
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "").lower() and packed.is_file()
    if pinned:
        body = await asyncio.to_thread(_with, pinned, path, is_packed)
    else:
        body = await asyncio.to_thread((packed if is_packed else path).read_bytes)
    mark = hashlib.sha256(body).hexdigest()[:32]
    headers = {"Cache-Control": ASK_ANEW, "Vary": "Accept-Encoding"}
    if any(held.value in (mark, ETAG_ANY) for held in request.if_none_match or ()):
        answer = web.Response(status=304, headers=headers)
    else:
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        coding = {"Content-Encoding": "gzip"} if is_packed else {}
        answer = web.Response(body=body, content_type=kind, headers=headers | coding)
    answer.etag = mark
    return answer


def _with(pinned: bytes, path: Path, is_packed: bool) -> bytes:
    page = path.with_name(PAGE).read_bytes()
    served = page.replace(END_OF_HEAD, pinned + END_OF_HEAD, 1)
    body = served if path.name == PAGE else _keeper(path.read_bytes(), page, served)
    return _packed(body) if is_packed else body


def _keeper(worker: bytes, page: bytes, served: bytes) -> bytes:
    """The worker that keeps this page: it takes none with another digest, and other keys are another shell."""
    built, now = (hashlib.sha256(each).hexdigest().encode() for each in (page, served))
    version = hashlib.sha256(worker + now).hexdigest()[:16].encode()
    return SHELL_VERSION.sub(version, worker.replace(built, now), count=1)


@lru_cache(maxsize=2)
def _packed(body: bytes) -> bytes:
    """Packed here, since the build does not know the keys; without a time, so that the same page has the same mark."""
    return gzip.compress(body, 9, mtime=0)


async def policies(request: web.Request, response: web.StreamResponse) -> None:
    """What every answer carries, whoever makes it: a signal that aiohttp sends before each answer leaves."""
    is_asset = request.path.startswith("/assets/")
    response.headers.update(HEADERS if is_asset else HEADERS | OF_A_PAGE)
    if isinstance(response, web.FileResponse):
        # The build laid a packed copy beside it: a cache on the way must not give that to who can't unpack it.
        response.headers["Vary"] = "Accept-Encoding"
    if is_asset and response.status < 400:
        # Built assets have their hash in their name.
        response.headers["Cache-Control"] = FOR_EVER
