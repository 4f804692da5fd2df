"""Joining, signing in and out, passwords, moving, one's own data, being erased: JSON in, JSON or a refusal out."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, TypeVar

import msgspec
import segno
from aiohttp import web
from msgspec import Meta

from rooms import account, membership, own_words, second_factor, session
from rooms.dispatch import bad_request
from rooms.membership import Signed
from rooms.refusal import Refusal
from rooms.second_factor import Ticket
from rooms.town import Town
from server import sign_in
from server.address import client_address, networks
from server.letters import QUIET_ZONE
from server.settings import Settings
from server.sign_in import Argon2

MOST_BYTES = 16 * 1024
BODY_DEADLINE_S = 10.0
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Password = Annotated[str, Meta(max_length=1000)]
Code = Annotated[str, Meta(min_length=1, max_length=40)]
DeviceName = Annotated[str, Meta(max_length=60, pattern=r"\A[^\x00-\x1f\x7f]*\Z")]
Device = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{8,64}\Z")]


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of a request; an unknown one is refused."""


class Join(Body, frozen=True):
    code: Code
    name: Name
    password: Password
    device: Device
    device_name: DeviceName = ""


class SignIn(Body, frozen=True):
    name: Name
    password: Password
    device: Device
    device_name: DeviceName = ""


class SecondFactor(Body, frozen=True):
    ticket: Name
    code: Code


class ChangePassword(Body, frozen=True):
    old: Password
    new: Password


class Recover(Body, frozen=True):
    name: Name
    recovery: Code
    password: Password
    device: Device
    device_name: DeviceName = ""


class Move(Body, frozen=True):
    code: Code


B = TypeVar("B", bound=Body)


class Erase(Body, frozen=True):
    password: Password


class AccountRoutes:
    """The handlers; `table` says at which paths."""

    def __init__(self, town: Town, argon2: Argon2, settings: Settings) -> None:
        self._town, self._argon2 = town, argon2
        self._proxies = networks(settings.trusted_proxies)
        self._one_export = asyncio.Lock()  # it reads whole logs: one after the other, whoever asks how often

    def table(self) -> list[web.RouteDef]:
        return [
            web.post("/api/join", self.join),
            web.post("/api/sign-in", self.sign_in),
            web.post("/api/second-factor", self.second_factor),
            web.post("/api/sign-out", self.sign_out),
            web.post("/api/sign-out-everywhere", self.sign_out_everywhere),
            web.post("/api/password", self.password),
            web.post("/api/recover", self.recover),
            web.post("/api/move", self.move),
            web.post("/api/erase", self.erase),
            web.get("/api/me/export", self.export),
        ]

    async def join(self, request: web.Request) -> web.Response:
        asked = await read_body(request, Join)
        signed = await membership.join(
            self._town, self._argon2, self._address(request), asked.code, asked.name, asked.password, asked.device,
            asked.device_name,
        )  # fmt: skip
        return self._signed(signed, status=201)

    async def sign_in(self, request: web.Request) -> web.Response:
        asked = await read_body(request, SignIn)
        signed = await sign_in.sign_in(
            self._town, self._argon2, self._address(request), asked.name, asked.password, asked.device,
            asked.device_name,
        )  # fmt: skip
        return self._signed(signed) if isinstance(signed, Signed) else self._half_signed(signed)

    async def second_factor(self, request: web.Request) -> web.Response:
        asked = await read_body(request, SecondFactor)
        passed = await second_factor.answer(self._town, self._address(request), asked.ticket, asked.code)
        told: dict[str, Any] = {"token": passed.token, "person": account.view(passed.person, self._town.places)}
        if passed.recovery_codes:
            told["recovery_codes"] = passed.recovery_codes
        return answer(told)

    async def sign_out(self, request: web.Request) -> web.Response:
        token = bearer(request)
        await session.resolve(self._town, token)
        await session.end(self._town, token)
        return answer({"ok": True})

    async def sign_out_everywhere(self, request: web.Request) -> web.Response:
        person = await session.resolve(self._town, bearer(request))
        await session.end_everywhere(self._town, person.id)
        return answer({"ok": True})

    async def password(self, request: web.Request) -> web.Response:
        token, asked = bearer(request), await read_body(request, ChangePassword)
        await sign_in.change_password(self._town, self._argon2, self._address(request), token, asked.old, asked.new)
        return answer({"ok": True})

    async def recover(self, request: web.Request) -> web.Response:
        asked = await read_body(request, Recover)
        signed = await sign_in.recover(
            self._town, self._argon2, self._address(request), asked.name, asked.recovery, asked.password, asked.device,
            asked.device_name,
        )  # fmt: skip
        return self._signed(signed)

    async def move(self, request: web.Request) -> web.Response:
        person = await session.resolve(self._town, bearer(request))
        asked = await read_body(request, Move)
        moved = await membership.move(self._town, person.id, self._address(request), asked.code)
        return answer({"person": account.view(moved, self._town.places)})

    async def erase(self, request: web.Request) -> web.Response:
        token, asked = bearer(request), await read_body(request, Erase)
        await sign_in.erase(self._town, self._argon2, self._address(request), token, asked.password)
        return answer({"ok": True})

    async def export(self, request: web.Request) -> web.Response:
        token = bearer(request)
        person = await session.resolve(self._town, token)
        known = await account.load(self._town, person.id)
        if known is None:
            raise Refusal("signed_out")
        async with self._one_export:
            told = answer(await own_words.gather(self._town, known, session.digest(token)))
        told.headers["Content-Disposition"] = 'attachment; filename="bart.json"'
        return told

    def _address(self, request: web.Request) -> str:
        return client_address(request, self._proxies)

    def _half_signed(self, ticket: Ticket) -> web.Response:
        """now: the town's clock, by which codes are made; a phone's that goes wrong makes wrong ones."""
        told: dict[str, Any] = {"ticket": ticket.token, "now": self._town.clock.now_ms()}
        if ticket.address is None:
            return answer({"second_factor": "needed", **told})
        return answer({"second_factor": "enrol", **told, "secret": ticket.secret, "qr": _qr(ticket.address)})

    def _signed(self, signed: Signed, status: int = 200) -> web.Response:
        told: dict[str, Any] = {"token": signed.token, "person": account.view(signed.person, self._town.places)}
        if signed.recovery is not None:
            told["recovery"] = signed.recovery
        return answer(told, status)


def _qr(address: str) -> str:
    """A picture for the page, black on nothing: the page lays white under it, whatever its own colours are."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(border=QUIET_ZONE, omitsize=True))


async def read_body(request: web.Request, form: type[B]) -> B:
    """The JSON body as *form*. Raises Refusal: too_large, bad_request (field)."""
    if (request.content_length or 0) > MOST_BYTES:
        raise Refusal("too_large")
    try:
        async with asyncio.timeout(BODY_DEADLINE_S):  # the header deadline does not cover it
            body = await request.read()
        if len(body) > MOST_BYTES:  # it came in pieces, without its length
            raise Refusal("too_large")
        return msgspec.json.decode(body, type=form)
    except web.HTTPRequestEntityTooLarge:
        raise Refusal("too_large") from None
    except (TimeoutError, ConnectionError):  # who has gone meanwhile is no fault of the server
        raise Refusal("bad_request", message="The rest of the body did not come.") from None
    except msgspec.ValidationError as error:
        raise bad_request(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refusal("bad_request", message="The body is not JSON.") from None


def bearer(request: web.Request) -> str:
    """The token of the request. Raises Refusal("signed_out") where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refusal("signed_out")
    return token.strip()


def answer(told: dict[str, Any], status: int = 200) -> web.Response:
    """A JSON answer that nobody keeps."""
    return web.Response(
        body=msgspec.json.encode(told),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
