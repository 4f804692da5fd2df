"""Accounts and sessions of the demo's people, made by a program on the server's own machine.

None has a password: what stands in its place is no argon2 text, so that nobody can sign in as them over HTTP. Their
sessions are begun as such programs may begin them (rooms/second_factor.py): staff have no second factor there, and so
are never asked for one; no setting is bent for it, and the server that carries their commands out is the same.
"""

from __future__ import annotations

import secrets

from rooms import account, letter, membership, session, staff
from rooms.account import Account
from rooms.person import Person
from rooms.place import Place
from rooms.refusal import Refusal
from rooms.town import Town
from server.demo.cast import Colleague, area

NOBODYS = "!"
"""In the place of an argon2 text."""


class NoPasswords:
    """Passwords that fit nothing. The ones of `membership` and `staff` are drawn, hashed to this, and forgotten."""

    async def hash(self, password: str) -> str:  # noqa: ARG002 - whatever it is
        return NOBODYS

    async def verify(self, encoded: str, password: str) -> bool:  # noqa: ARG002
        return False


async def residents(town: Town, street: Place, names: tuple[str, ...]) -> list[Person]:
    """These neighbours of a street, as they are or newly joined by one letter; without those whose name a visitor has
    taken."""
    known = {name: await _of_the_demo(town, name) for name in names}
    missing = [name for name in names if known[name] is None]
    (code,) = await letter.make(town, street, 1, household=len(missing)) if missing else ("",)
    for name in missing:
        known[name] = await _joined(town, code, name)
    return [person for person in known.values() if person is not None]


async def _joined(town: Town, code: str, name: str) -> Person | None:
    device, password = secrets.token_hex(16), secrets.token_hex(16)
    try:
        return (await membership.join(town, NoPasswords(), "", code, name, password, device, "demo")).person
    except Refusal as refusal:
        if refusal.code != "name_taken":
            raise
        return None


async def colleague(town: Town, row: Colleague) -> Person:
    """Somebody of the staff, as they are or newly made."""
    known = await _of_the_demo(town, row.name)
    if known is not None:
        return known
    made = await staff.add(town, NoPasswords(), row.name, row.role, row.organisation, area(town.places, row),
                           secrets.token_hex(16), title=row.name)  # fmt: skip
    return made.person


async def _of_the_demo(town: Town, name: str) -> Person | None:
    """Who has this name already, but not a visitor who chose it, in whose name nobody may speak."""
    found: Account | None = await account.find(town, name)
    return found.person if found is not None and found.password == NOBODYS else None


async def begin(town: Town, person: Person, device: str = "") -> tuple[str, str]:
    """A session on a device, a new one by default: (token, device)."""
    chosen = device or secrets.token_hex(16)
    return await session.begin(town, person.id, chosen, "demo"), chosen
