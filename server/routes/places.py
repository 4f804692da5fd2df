"""The places of the town with their borders, for the maps of staff and the books of auditors: /api/places."""

from __future__ import annotations

import asyncio
import gzip
import hashlib

import msgspec
from aiohttp import web

from rooms import session
from rooms.outline import outline
from rooms.person import STAFF_IN_ROOMS, Role
from rooms.place import Place, Places
from rooms.refusal import Refusal
from rooms.town import Town
from server.routes.account import bearer
from server.routes.etag import marked

HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Accept-Encoding"}
"""Kept by the one who asked, and never used without asking."""
READERS = STAFF_IN_ROOMS | {Role.AUDITOR}


class Map(msgspec.Struct, frozen=True):
    """What is told. version: of the places, as they are here; geometry: as `outline` has it."""

    places: tuple[Place, ...]
    version: str


class PlaceRoutes:
    """The handler; `table` says at which path."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._drawn: tuple[Places, bytes, bytes] | None = None

    def table(self) -> list[web.RouteDef]:
        return [web.get("/api/places", self.places)]

    async def places(self, request: web.Request) -> web.Response:
        """{places: [{id, name, kind, parent?, centre?, geometry?}], version}; for officers, moderators and auditors."""
        person = await session.resolve(self._town, bearer(request))
        if person.role not in READERS:
            raise Refusal("not_permitted")
        plain, packed = await self._bytes()
        if "gzip" not in request.headers.get("Accept-Encoding", "").lower():
            return marked(request, plain, "application/json", HEADERS)
        return marked(request, packed, "application/json", {**HEADERS, "Content-Encoding": "gzip"})

    async def _bytes(self) -> tuple[bytes, bytes]:
        """The answer, plain and packed; made once for these places."""
        places = self._town.places
        if self._drawn is None or self._drawn[0] is not places:
            self._drawn = (places, *await asyncio.to_thread(_draw, places))
        return self._drawn[1], self._drawn[2]


def _draw(places: Places) -> tuple[bytes, bytes]:
    drawn = tuple(
        msgspec.structs.replace(place, geometry=outline(place.geometry)) if place.geometry else place
        for place in places
    )  # fmt: skip
    version = hashlib.sha256(msgspec.json.encode(drawn)).hexdigest()[:16]
    plain = msgspec.json.encode(Map(drawn, version))
    return plain, gzip.compress(plain, 6, mtime=0)
