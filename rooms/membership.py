"""Joining by a letter code, and moving by another one."""

from __future__ import annotations

import secrets
from base64 import b32encode
from typing import Protocol

import msgspec

from rooms import account, keys, letter, letter_code, session
from rooms.account import Account
from rooms.attempt import attempt
from rooms.name import NameNotAllowed, check, skeleton
from rooms.person import Person, Role
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.space import Space, read_only
from rooms.store import Changed
from rooms.town import Town

COMMON_PASSWORDS = frozenset({
    "password", "password1", "12345678", "123456789", "1234567890", "wachtwoord", "wachtwoord1", "welkom01",
    "welkom123", "qwertyui", "qwerty123", "qwertyuiop", "iloveyou", "11111111", "00000000", "abcdefgh", "abc12345",
    "feyenoord", "amsterdam", "denhaag1", "geheim12", "zomer2026",
})  # fmt: skip


class Passwords(Protocol):
    """Hashing, off the loop and two at a time; server/sign_in.py has the one that is used."""

    async def hash(self, password: str) -> str:
        """The argon2 text. Raises Refusal("busy") when too many wait."""

    async def verify(self, encoded: str, password: str) -> bool:
        """Whether they belong together; as slow for a wrong one. Raises Refusal("busy")."""


class Signed(msgspec.Struct, frozen=True):
    """Somebody who has just signed in. recovery: in clear, only where it is new."""

    person: Person
    token: str
    recovery: str | None = None


async def join(
    town: Town, passwords: Passwords, address: str, code: str, name: str, password: str, device: str,
    device_name: str = "",
) -> Signed:  # fmt: skip
    """Make a resident of the street that the code was made for, and sign in. address: whose guess the code is.

    The same code, name and password again sign in to what the first try made, with a new recovery code, since the
    first answer may have been lost.  Raises Refusal: wrong_code, code_expired, code_used_up, name_taken,
    name_not_allowed, weak_password, too_many_attempts, busy, storage_low, unavailable.
    """
    _check_space(town)
    shown = allowed_name(name)
    check_password(password)
    digest = await letter.known(town, code, address)
    encoded = await passwords.hash(password)
    proposed = new_person_id()
    answer = await town.store.run(
        "redeem", [keys.NAMES, keys.code(digest)], [town.clock.now_ms(), skeleton(shown), proposed, digest]
    )
    person, street = answer[0].decode(), answer[1].decode() if len(answer) > 1 else None
    recovery = letter_code.make()
    if street is not None:
        resident = Person(id=person, name=shown, role=Role.RESIDENT, street=street)
        if await account.create(town, resident, shown, encoded, recovery_digest(town, recovery), digest):
            return Signed(resident, await session.begin(town, person, device, device_name), recovery)
    known = await _join_again(town, passwords, person, password, recovery)
    return Signed(known.person, await session.begin(town, person, device, device_name), recovery)


async def _join_again(town: Town, passwords: Passwords, person: str, password: str, recovery: str) -> Account:
    """Somebody has this name by this code already: the same person whose answer was lost, or a housemate."""
    known = await account.load(town, person)
    if known is None or not await _knows(town, passwords, known, password):
        raise Refusal("name_taken", field="name")
    await account.settle(town, person)
    await town.store.run("renew_recovery", [keys.PersonKeys(person).account], [recovery_digest(town, recovery)])
    return known


async def _knows(town: Town, passwords: Passwords, known: Account, password: str) -> bool:
    """Whether it is the password. A letter must be no way around the limit of signing in: a wrong one counts.

    Raises Refusal: too_many_attempts, busy.
    """
    try:
        async with attempt(town, password_name=skeleton(known.sign_in_name)):
            if not await passwords.verify(known.password, password):
                raise Refusal("wrong_credentials")
    except Refusal as refusal:
        if refusal.code != "wrong_credentials":
            raise
        return False
    return True


async def move(town: Town, person: str, address: str, code: str) -> Person:
    """Give a resident the street of a new code: the old rooms close, the new ones open.

    Raises Refusal: wrong_code, code_expired, code_used_up, not_permitted (staff), signed_out, too_many_attempts,
    storage_low, unavailable.
    """
    _check_space(town)
    digest = await letter.known(town, code, address)
    while True:
        known = await account.load(town, person)
        if known is None:
            raise Refusal("signed_out")
        if known.person.role is not Role.RESIDENT:
            raise Refusal("not_permitted")
        arguments: list[Argument] = [town.clock.now_ms(), person, int(known.joined_by == digest)]
        (street,) = await town.store.run("use_code", [keys.code(digest)], arguments)
        moved = msgspec.structs.replace(known.person, street=street.decode())
        if moved == known.person:
            await account.settle(town, person)
            return moved
        try:
            await account.change(town, known, moved, digest)
        except Changed:
            continue  # another device moved meanwhile, or our first try did: look again
        return moved


def _check_space(town: Town) -> None:
    """Raises Refusal("storage_low") where the disk has no room for anything new."""
    if town.space >= Space.READ_ONLY:
        raise read_only()


def allowed_name(name: str) -> str:
    """The name as it will be shown. Raises Refusal("name_not_allowed") with the reason."""
    try:
        return check(name)
    except NameNotAllowed as error:
        raise Refusal("name_not_allowed", field="name", message=str(error) or None) from None


def check_password(password: str) -> None:
    """Raises Refusal("weak_password") for one that is too short, too long or too common."""
    if not 8 <= len(password) <= 200 or password.casefold() in COMMON_PASSWORDS:
        raise Refusal("weak_password", field="password")


def recovery_digest(town: Town, recovery: str) -> str:
    """What is kept of a recovery code; it has the form of a letter code and 48 bits, so an HMAC is enough."""
    return letter_code.digest(recovery, town.code_key)


def new_person_id() -> str:
    """12 characters, 60 bits."""
    return b32encode(secrets.token_bytes(8)).decode().lower()[:12]
