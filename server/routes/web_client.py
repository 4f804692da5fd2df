"""The web client's files, as they were built: from the wheel, or from the checkout of an editable install."""

from __future__ import annotations

from pathlib import Path

import structlog
from aiohttp import web

log = structlog.get_logger("web_client")
_SERVER = Path(__file__).resolve().parents[1]
_CHECKOUT = _SERVER.parent / "clients" / "web"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "manifest-src 'self'; font-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
FOR_EVER = "public, max-age=31536000, immutable"
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
        newest = max((file.stat().st_mtime for file in (_CHECKOUT / "src").rglob("*") if file.is_file()), default=0)
        if newest > (built / "index.html").stat().st_mtime:
            log.warning("the sources of the web client are newer than its build; `npm run build` in clients/web")


def add(app: web.Application) -> None:
    """Serve the client at /, or say why there is none; every answer of the app carries the policies."""
    built = folder()
    warn_if_stale(built)

    async def page(_request: web.Request) -> web.StreamResponse:
        if built is None:
            return web.Response(text=MISSING, status=503)
        return web.FileResponse(built / "index.html", headers={"Cache-Control": "no-cache"})

    async def file(request: web.Request) -> web.StreamResponse:
        path = built / request.match_info["name"] if built else None
        if path is None or path.parent != built or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Cache-Control": "no-cache"})

    app.on_response_prepare.append(policies)
    app.router.add_get("/", page)
    if built is not None and (built / "assets").is_dir():
        app.router.add_static("/assets", built / "assets")
    app.router.add_get("/{name:[A-Za-z0-9_.-]+}", file)


async def policies(request: web.Request, response: web.StreamResponse) -> None:
    """What every answer carries, whoever makes it: a signal that aiohttp sends before each answer leaves."""
    response.headers.update(HEADERS)
    if request.path.startswith("/assets/") and response.status < 400:
        # Built assets have their hash in their name.
        response.headers["Cache-Control"] = FOR_EVER
