"""Accounts: what is kept of a person, and seeing to it that the rooms agree with it.

The account says where a person belongs; `settle` makes the rooms agree: leave before enter, then the claims are made
final. It is idempotent and has a deadline from the moment the account is written, so that a kill in the middle of
joining or moving ends with the person in the right rooms all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgpack
import msgspec

from rooms import audit_deed, event, keys
from rooms.keys import PersonKeys, room_keys
from rooms.name import skeleton
from rooms.person import Person, Role
from rooms.pipeline import Argument
from rooms.place import Places
from rooms.shape import By, LeaveReason
from rooms.store import fields_of
from rooms.town import Town

SETTLE = "settle:"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The record of a person. sign_in_name: what the person signs in with (a resident's is the shown name).

    password: argon2 text.  recovery: HMAC of the recovery code, '' for staff.  joined_by: digest of the letter code,
    '' for staff.  rooms, leaving: rooms to be in, and to be out of.  version: rises with every change of those.
    """

    person: Person
    sign_in_name: str
    password: str
    recovery: str
    joined_at: int
    joined_by: str
    rooms: tuple[str, ...]
    leaving: tuple[str, ...]
    version: int


def rooms_of(person: Person, places: Places) -> tuple[str, ...]:
    """The rooms a person belongs to: a resident's street and neighbourhood, of staff the desks."""
    if person.role is Role.RESIDENT:
        return tuple(room.id for room in places.rooms_of_resident(person.street or ""))
    organisation = person.organisation.value if person.organisation else None
    return tuple(room.id for room in places.desks_of(person.jurisdiction, organisation))


async def find(town: Town, name: str) -> Account | None:
    """The account of this sign-in name or one that looks like it; None where there is none."""
    packed = await town.store.read("HGET", keys.NAMES, skeleton(name))
    return None if packed is None else await load(town, msgpack.unpackb(packed)["person"])


async def load(town: Town, person: str) -> Account | None:
    fields = fields_of(await town.store.read("HGETALL", PersonKeys(person).account))
    return None if b"body" not in fields else _account(fields)


async def create(town: Town, person: Person, sign_in_name: str, password: str, recovery: str, joined_by: str) -> bool:
    """Begin an account and settle it; False where this person has one already. Raises Refusal("unavailable")."""
    mine = PersonKeys(person.id)
    (made,) = await town.store.run(
        "open_account",
        [mine.account, mine.due, mine.audit, mine.audit_head],
        [town.clock.now_ms(), person.id, _body(person, sign_in_name), password, recovery, joined_by,
         _packed(rooms_of(person, town.places)), keys.book_of_person(person.id),
         audit_deed.of_account("account.added", person.id, person.role.value)],
    )  # fmt: skip
    await settle(town, person.id)
    return bool(made)


async def change(town: Town, account: Account, person: Person, joined_by: str) -> None:
    """Give the account another home or jurisdiction, and settle it.

    Raises Changed where somebody else changed the account since it was read.
    """
    mine = PersonKeys(person.id)
    changed = event.packed_signal("person.changed", {})
    await town.store.run(
        "change_account",
        [mine.account, mine.due, mine.feed, mine.clock],
        [town.clock.now_ms(), person.id, account.version, _body(person, account.sign_in_name), joined_by,
         _packed(rooms_of(person, town.places)), changed],
    )  # fmt: skip
    await settle(town, person.id)


async def settle(town: Town, person: str) -> None:
    """Make the rooms agree with the account. May be done again at any time, by any process.

    Every step names the version it read, so that a process that was slow undoes nothing of a later change.
    """
    account = await load(town, person)
    if account is None:
        await town.store.read("ZREM", PersonKeys(person).due, SETTLE + person)
        return
    (confirmed,) = await town.store.run(
        "confirm",
        [keys.NAMES, keys.code(account.joined_by)],
        [skeleton(account.sign_in_name), person, account.joined_by],
    )
    if not confirmed:  # every process was away until the claim had lapsed, and somebody else took the name
        await close(town, account)
        return
    for room in account.leaving:
        await _leave(town, account, room)
    for room in account.rooms:
        await _enter(town, account, room)
    mine = PersonKeys(person)
    await town.store.run("settled", [mine.account, mine.due], [person, account.version])


async def close(town: Town, account: Account) -> None:
    """End an account: its places in rooms, its sessions, itself. What was written stays. May be said again."""
    for room in (*account.leaving, *account.rooms):
        await _leave(town, account, room)
    person, mine = account.person, PersonKeys(account.person.id)
    names = [mine.account, mine.sessions, mine.due, mine.guest, mine.corrections, mine.second_factor, mine.notices,
             mine.audit, mine.audit_head]  # fmt: skip
    row = audit_deed.of_account("account.removed", person.id, person.role.value)
    arguments: list[Argument] = [person.id, town.clock.now_ms(), keys.book_of_person(person.id), row]
    await town.store.run("close_account", names, arguments)


async def overdue(town: Town, grace_ms: int = 5_000) -> int:
    """Settle every account that a process left half done; returns how many."""
    before = town.clock.now_ms() - grace_ms
    partitions = [f"{name}" for name in keys.ALL if name != keys.TOWN]
    rows = await town.store.read_all(("ZRANGE", keys.due(name), "-inf", before, "BYSCORE") for name in partitions)
    waiting = [item.decode() for row in rows for item in row if item.startswith(SETTLE.encode())]
    for item in waiting:
        await settle(town, item.removeprefix(SETTLE))
    return len(waiting)


async def _leave(town: Town, account: Account, room: str) -> None:
    """End a membership; the room's log says so."""
    person, keys_of = account.person, room_keys(room)
    reason: LeaveReason = "moved" if person.role is Role.RESIDENT else "staff_changed"
    left = event.packed("member.left", person.by(), event.MemberLeft(person=_by(person), reason=reason))
    await town.store.run(
        "leave",
        [keys_of.head, keys_of.members, keys_of.left, keys_of.log, keys_of.feed, keys_of.clock, keys_of.read,
         keys_of.here, keys_of.given, keys_of.warned, keys_of.muted],
        [town.clock.now_ms(), person.id, room, account.version, left],
    )  # fmt: skip


async def _enter(town: Town, account: Account, room: str) -> None:
    """Begin a membership; the room's log says so."""
    person, keys_of = account.person, room_keys(room)
    joined = event.packed("member.joined", person.by(), event.MemberJoined(person=_by(person)))
    await town.store.run(
        "enter",
        [keys_of.head, keys_of.members, keys_of.left, keys_of.log, keys_of.feed, keys_of.clock, keys_of.muted],
        [town.clock.now_ms(), person.id, room, person.role.value, account.version, joined],
    )


def view(person: Person, places: Places) -> dict[str, Any]:
    """A person as `welcome` and signing in tell it to that person (shape.PersonView)."""
    told: dict[str, Any] = person.by()
    if person.street and (street := places.get(person.street)):
        told["street"] = {"id": street.id, "name": street.name}
        if above := places.neighbourhood_of(street.id):
            told["neighbourhood"] = {"id": above.id, "name": above.name}
    if person.jurisdiction:
        told["jurisdiction"] = list(person.jurisdiction)
    return told


def _by(person: Person) -> By:
    return msgspec.convert(person.by(), By)


def _body(person: Person, sign_in_name: str) -> bytes:
    return bytes(msgpack.packb({"person": msgspec.to_builtins(person), "sign_in_name": sign_in_name}))


def person_in(body: bytes) -> Person:
    """The person of an account's body."""
    return msgspec.convert(msgpack.unpackb(body)["person"], Person)


def _packed(rooms: Sequence[str]) -> bytes:
    return bytes(msgpack.packb(list(rooms)))


def _account(fields: dict[bytes, bytes]) -> Account:
    body = msgpack.unpackb(fields[b"body"])
    return Account(
        person=msgspec.convert(body["person"], Person),
        sign_in_name=body["sign_in_name"],
        password=fields[b"password"].decode(),
        recovery=fields[b"recovery"].decode(),
        joined_at=int(fields[b"joined_at"]),
        joined_by=fields[b"joined_by"].decode(),
        rooms=tuple(msgpack.unpackb(fields[b"rooms"])),
        leaving=tuple(msgpack.unpackb(fields[b"leaving"])),
        version=int(fields[b"version"]),
    )
