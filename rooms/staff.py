"""Accounts of staff, as an admin makes, lists, resets and ends them on the server's own command line."""

from __future__ import annotations

import msgpack

from rooms import account, audit_deed, duty, erasure, keys, second_factor, session
from rooms.account import Account
from rooms.membership import Passwords, check_password, new_person_id
from rooms.name import NameNotAllowed, normalised, skeleton
from rooms.person import ORGANISATIONS_OF, TITLES, Organisation, Person, Role
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.store import fields_of
from rooms.town import Town


async def add(
    town: Town, passwords: Passwords, name: str, role: Role, organisation: Organisation | None,
    jurisdiction: tuple[str, ...], password: str, title: str | None = None,
) -> Account:  # fmt: skip
    """Make an account. name: what they sign in with; title: what others see, a function by default.

    Raises Refusal: bad_request (field), name_taken, name_not_allowed, weak_password, unavailable.
    """
    _check(town, role, organisation, jurisdiction)
    check_password(password)
    try:
        sign_in_name = normalised(name)
    except NameNotAllowed as error:
        raise Refusal("name_not_allowed", field="name", message=str(error) or None) from None
    shown = title or TITLES[role, organisation]
    person = Person(id=new_person_id(), name=shown, role=role, organisation=organisation, jurisdiction=jurisdiction)
    encoded = await passwords.hash(password)
    arguments: list[Argument] = [town.clock.now_ms(), skeleton(sign_in_name), person.id, sign_in_name]
    await town.store.run("claim_name", [keys.NAMES, keys.STAFF], arguments)
    await account.create(town, person, sign_in_name, encoded, "", "")
    made = await account.load(town, person.id)
    assert made is not None
    return made


async def everyone(town: Town) -> list[Account]:
    """Every account of staff, by sign-in name."""
    people = fields_of(await town.store.read("HGETALL", keys.STAFF))
    found = [await account.load(town, person.decode()) for person in people]
    return sorted((one for one in found if one is not None), key=lambda one: one.sign_in_name.casefold())


async def set_password(town: Town, passwords: Passwords, name: str, password: str) -> None:
    """Set a new password for somebody who lost theirs; all their sessions end.

    Raises Refusal: not_found, weak_password.
    """
    known = await _find(town, name)
    check_password(password)
    row = audit_deed.of_account("account.password", known.person.id, known.person.role.value)
    await session.set_password(town, known, await passwords.hash(password), "", row=row)


async def reset_second_factor(town: Town, name: str) -> bool:
    """Forget the second factor of somebody who lost it; all their sessions end, the next sign-in enrols anew.

    False where there was none.  Raises Refusal("not_found").
    """
    known = await _find(town, name)
    return await second_factor.reset(town, known.person.id)


async def remove(town: Town, name: str) -> None:
    """End an account: its sessions, its places in rooms, its name. What they wrote stays, under the function.

    Raises Refusal("not_found"). May be said again when it was interrupted.
    """
    mark = skeleton(name)
    packed = await town.store.read("HGET", keys.NAMES, mark)
    person = msgpack.unpackb(packed)["person"] if packed else ""
    if not await town.store.read("HEXISTS", keys.STAFF, person):
        raise _nobody(name)
    known = await account.load(town, person)
    if known is not None:
        await session.end_everywhere(town, person, "removed")
        await duty.dismiss(town, known.person)
        await account.close(town, known)
        await session.end_everywhere(town, person, "removed")  # who signed in while it ended is still connected
    await erasure.forget_staff(town, person)
    await town.store.run("release_name", [keys.NAMES, keys.STAFF], [mark, person])


async def _find(town: Town, name: str) -> Account:
    known = await account.find(town, name)
    if known is None or known.person.role is Role.RESIDENT:
        raise _nobody(name)
    return known


def _nobody(name: str) -> Refusal:
    return Refusal("not_found", message=f"Nobody of the staff signs in as {name}.")


def _check(town: Town, role: Role, organisation: Organisation | None, jurisdiction: tuple[str, ...]) -> None:
    allowed = ORGANISATIONS_OF[role]
    if role is Role.RESIDENT:
        raise Refusal("bad_request", field="role", message="Residents join by a letter code.")
    if (organisation is None) == bool(allowed) or (organisation and organisation not in allowed):
        names = " or ".join(sorted(item.value for item in allowed)) or "no organisation"
        raise Refusal("bad_request", field="organisation", message=f"An account of role {role.value} needs {names}.")
    if bool(jurisdiction) != bool(allowed):
        needs = "at least one place" if allowed else "no place"
        raise Refusal("bad_request", field="place", message=f"An account of role {role.value} needs {needs}.")
    if unknown := [place for place in jurisdiction if town.places.get(place) is None]:
        raise Refusal("bad_request", field="place", message=f"There is no place {unknown[0]}.")
