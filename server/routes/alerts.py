"""Alerts for the world: each message as CAP 1.2, a feed of those in force, and the keys under which they are signed."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from datetime import UTC
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from rooms import alert_cap, alert_record, alert_rules, cap
from rooms.moment import Zone
from rooms.signature import public_keys
from rooms.town import DAY_MS, Town
from server.routes.etag import marked
from server.settings import Settings

FOR_A_MOMENT = {"Cache-Control": "public, max-age=15"}
FOR_MINUTES = {"Cache-Control": "public, max-age=300"}
FEED_MS = 2_000
"""How long a feed is good for all who ask: the world may ask for it without pause."""
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?", re.ASCII)


class AlertRoutes:
    """The handlers; `table` says at which paths. Nobody has to be signed in."""

    def __init__(self, town: Town, settings: Settings) -> None:
        self._town = town
        self._origin = next(filter(None, (part.strip() for part in settings.origins.split(","))), "").rstrip("/")
        self._zone = _zone(settings.zone)

    def table(self) -> list[web.RouteDef]:
        return [
            web.get("/alerts/{id}.xml", self.message),
            web.get(cap.FEED_PATH, self.feed),
            web.get("/.well-known/bart-keys.json", self.keys),
        ]

    async def message(self, request: web.Request) -> web.Response:
        """One message of an alert that residents were given; 404 for every other."""
        asked = alert_cap.numbered(request.match_info["id"])
        alert = await alert_record.load(self._town, asked[0]) if asked else None
        if asked is None or alert is None or not alert.is_public:
            raise web.HTTPNotFound
        for message in alert_cap.messages(alert, self._town.places, _sender(self._base(request))):
            if message.id == request.match_info["id"]:
                return marked(request, cap.xml(message, self._zone), cap.CAP_TYPE, FOR_A_MOMENT)
        raise web.HTTPNotFound

    async def feed(self, request: web.Request) -> web.Response:
        """The alerts in force; the same bytes as long as they are the same."""
        base = self._base(request)
        body = await self._lately(base)
        return marked(request, body, "application/atom+xml", FOR_A_MOMENT)

    def _lately(self, base: str) -> Awaitable[bytes]:
        async def write() -> bytes:
            # Not all that are kept, half a year of them: the rest only says when the feed last changed.
            since_ms = self._town.clock.now_ms() - alert_rules.LATEST_MS - DAY_MS
            kept = await alert_record.changed_since(self._town, since_ms) or await alert_record.newest(self._town)
            places, sender = self._town.places, _sender(base)
            told = [message for alert in kept if alert.is_public
                    for message in alert_cap.messages(alert, places, sender)]  # fmt: skip
            return cap.feed(told, self._town.clock.now_ms(), base, self._title(), self._zone)

        return self._town.lately.ask(("feed", base), self._town.clock.now_ms(), FEED_MS, write)

    async def keys(self, request: web.Request) -> web.Response:
        """The public keys, as a set of JSON Web Keys."""
        return marked(request, public_keys([self._town.signing.public]), "application/json", FOR_MINUTES)

    def _base(self, request: web.Request) -> str:
        """The address under which the world knows this server: the first of its origins, else the one asked for."""
        if self._origin:
            return self._origin
        return f"{request.scheme}://{request.host if _HOST.fullmatch(request.host) else 'localhost'}"

    def _title(self) -> str:
        names = [place.name for place in self._town.places if place.kind == "municipality"]
        return f"Berichten van politie en gemeente, {', '.join(names)}"


def _sender(base: str) -> str:
    """For machines, unique in the world (CAP 1.2, 3.2.1)."""
    return f"alerts@{urlsplit(base).hostname}"


def _zone(name: str) -> Zone:
    """The town's; a machine without any zones writes the same moments as UTC."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return UTC
