"""Signing in: argon2 off the loop, and the attempts that are allowed. Reconnecting never costs a hash."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from rooms import account, erasure, letter_code, membership, second_factor, session
from rooms.account import Account
from rooms.attempt import attempt
from rooms.membership import Signed, recovery_digest
from rooms.name import skeleton
from rooms.refusal import Refusal
from rooms.second_factor import Ticket
from rooms.town import Town

AT_ONCE = 2
MOST_WAITING = 50


class Argon2:
    """argon2id with the OWASP minimum (19 MiB, t=2, p=1: 22 ms here), two at a time, at most 50 waiting."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._waiting = 0
        self._nobodys = self._hasher.hash("nobody has this password")

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def hash(self, password: str) -> str:
        """The argon2 text of a password. Raises Refusal("busy") when 50 wait already."""
        return str(await self._off_the_loop(self._hasher.hash, password))

    async def verify(self, encoded: str, password: str) -> bool:
        """Whether they belong together. Raises Refusal("busy") when 50 wait already."""
        return bool(await self._off_the_loop(self._matches, encoded, password))

    async def verify_nobody(self, password: str) -> None:
        """As slow as `verify`, so that a name that does not exist can't be told from a wrong password."""
        await self.verify(self._nobodys, password)

    async def _off_the_loop(self, function: object, *args: str) -> object:
        if self._waiting >= MOST_WAITING:
            raise Refusal("busy", retry_after_ms=2000)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)  # type: ignore[arg-type]  # any of ours
        finally:
            self._waiting -= 1

    def _matches(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, password)
        except (Argon2Error, InvalidHashError):
            return False


async def sign_in(
    town: Town, argon2: Argon2, address: str, name: str, password: str, device: str, device_name: str = ""
) -> Signed | Ticket:
    """Open a session for a resident who knows the password; staff get a ticket, for second_factor.answer.

    Raises Refusal: wrong_credentials, too_many_attempts, busy.
    """
    async with attempt(town, password_name=skeleton(name), password_address=address):
        known = await checked(town, argon2, name, password)
    if known.person.is_staff:
        return await second_factor.ask(town, known, device, device_name)
    return Signed(known.person, await session.begin(town, known.person.id, device, device_name))


async def checked(town: Town, argon2: Argon2, name: str, password: str) -> Account:
    """The account of this name and password. Raises Refusal("wrong_credentials")."""
    known = await account.find(town, name)
    if known is None:
        await argon2.verify_nobody(password)
    elif await argon2.verify(known.password, password):
        return known
    raise Refusal("wrong_credentials")


async def change_password(town: Town, argon2: Argon2, address: str, token: str, old: str, new: str) -> None:
    """Set a new password; all other sessions end.

    Raises Refusal: signed_out, wrong_credentials, weak_password, too_many_attempts, busy.
    """
    person = await session.resolve(town, token)
    membership.check_password(new)
    async with attempt(town, password_name=person.id, password_address=address):
        known = await account.load(town, person.id)
        if known is None or not await argon2.verify(known.password, old):
            raise Refusal("wrong_credentials", field="old")
    await session.set_password(town, known, await argon2.hash(new), known.recovery, keep=session.digest(token))


async def erase(town: Town, argon2: Argon2, address: str, token: str, password: str) -> None:
    """Begin to erase who asks for it and knows the own password.

    Raises Refusal: signed_out, not_permitted (staff), wrong_credentials, too_many_attempts, busy, unavailable.
    """
    person = await session.resolve(town, token)
    if person.is_staff:
        raise Refusal(
            "not_permitted", message="Accounts of staff are ended by an admin; their deeds stay in the open book."
        )
    async with attempt(town, password_name=person.id, password_address=address):
        known = await account.load(town, person.id)
        if known is None or not await argon2.verify(known.password, password):
            raise Refusal("wrong_credentials", field="password")
    await erasure.begin(town, person.id)


async def recover(
    town: Town, argon2: Argon2, address: str, name: str, recovery: str, password: str, device: str,
    device_name: str = "",
) -> Signed:  # fmt: skip
    """Set a new password with the recovery code; every session ends, and a new recovery code is given.

    Raises Refusal: wrong_credentials, weak_password, too_many_attempts, busy.
    """
    membership.check_password(password)
    async with attempt(town, password_name=skeleton(name), password_address=address):
        known = await account.find(town, name)
        if known is None or not known.recovery or known.recovery != _typed(town, recovery):
            raise Refusal("wrong_credentials", field="recovery")
    fresh = letter_code.make()
    await session.set_password(town, known, await argon2.hash(password), recovery_digest(town, fresh))
    return Signed(known.person, await session.begin(town, known.person.id, device, device_name), fresh)


def _typed(town: Town, recovery: str) -> str:
    try:
        return recovery_digest(town, letter_code.normalise(recovery))
    except ValueError:
        return ""
