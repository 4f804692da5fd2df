"""The five guests of the demo and their links: http://officer.localhost:8000/demo#<key>.

What signs in without password and second factor must be nothing that a real town could ever answer. So it is no setting
and no branch in the ways of signing in: the two routes below exist in the demo's own server alone (serving.py), which
draws the keys when it starts, keeps them in memory and takes them with it. The key travels in the fragment, which no
browser sends. `bart serve` has neither the routes nor the keys, and refuses the whole town (mark.py): the sessions that
began here are good for nothing there.

Every guest has a host name of their own below localhost, which browsers look up on the machine itself: five guests can
be in five windows of one browser, each with a session, an outbox and a shelf of their own.
"""

from __future__ import annotations

import secrets
from importlib import resources
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from rooms import account, letter, letter_code
from rooms.person import Organisation, Person, Role
from rooms.refusal import Refusal
from rooms.town import Town
from server.demo import cast, mark, people
from server.demo.cast import Colleague
from server.routes.account import Body, Device, answer, read_body
from server.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", ""})
HOUSEHOLD = 50
PAGE = (("/demo", "sign_in.html", "text/html"), ("/demo/sign_in.js", "sign_in.js", "text/javascript"))


class Guest(msgspec.Struct, frozen=True):
    """who: in the link.  staff: None for the resident."""

    who: str
    staff: Colleague | None = None

    @property
    def name(self) -> str:
        return self.staff.name if self.staff else cast.RESIDENT


GUESTS = (
    Guest("resident"),
    Guest("officer", Colleague("Wijkagent Moerwijk", Role.OFFICER, Organisation.POLICE, at_home=True)),
    Guest("second-officer", Colleague("Wijkagent Morgenstond", Role.OFFICER, Organisation.POLICE)),
    Guest("police", Colleague("Moderator politie", Role.MODERATOR, Organisation.POLICE)),
    Guest("municipality", Colleague("Moderator gemeente", Role.MODERATOR, Organisation.MUNICIPALITY)),
)


class SignIn(Body, frozen=True):
    key: Annotated[str, Meta(min_length=1, max_length=100)]
    device: Device


class Guests:
    """The keys of one run of the demo, and who is behind each."""

    def __init__(self) -> None:
        self.keys = {guest.who: secrets.token_urlsafe(24) for guest in GUESTS}
        self.code = ""
        """Of a letter by which visitors join the story's street, as it is read aloud."""
        self._people: dict[str, Person] = {}

    async def come(self, town: Town) -> None:
        """Make the town the demo's, and its five guests. Raises RuntimeError for a town with people of its own."""
        await mark.claim(town)
        for guest in GUESTS:
            self._people[self.keys[guest.who]] = await _person(town, guest)
        (code,) = await letter.make(town, cast.homes(town.places)[0].street, 1, HOUSEHOLD)
        self.code = letter_code.spoken(code)

    def routes(self, town: Town) -> list[web.RouteDef]:
        async def sign_in(request: web.Request) -> web.Response:
            asked = await read_body(request, SignIn)
            person = self._people.get(asked.key)
            if person is None:
                raise Refusal("wrong_credentials", field="key")
            token, _ = await people.begin(town, person, asked.device)
            return answer({"token": token, "person": account.view(person, town.places)})

        return [*(_file(*page) for page in PAGE), web.post("/demo/sign-in", sign_in)]


async def _person(town: Town, guest: Guest) -> Person:
    if guest.staff is not None:
        return await people.colleague(town, guest.staff)
    found = await people.residents(town, cast.homes(town.places)[0].street, (guest.name,))
    if not found:
        raise RuntimeError(f"Somebody else is called {guest.name} in this town; give the demo another data folder.")
    return found[0]


def _file(path: str, name: str, kind: str) -> web.RouteDef:
    async def file(_: web.Request) -> web.Response:
        text = resources.files("server.demo").joinpath(name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=kind, headers={"Cache-Control": "no-store"})

    return web.get(path, file)


def links(settings: Settings, url: str, keys: dict[str, str]) -> dict[str, str]:
    """who -> address. url: of the server. A host name of its own for each, where the server listens on this machine
    alone and takes pages of any name."""
    scheme, _, place = url.partition("://")
    port = place.rpartition(":")[2]
    is_own = settings.host in LOOPBACK and not settings.origins
    hosts = {who: f"{who}.localhost:{port}" if is_own else place for who in keys}
    return {who: f"{scheme}://{hosts[who]}/demo#{key}" for who, key in keys.items()}
