"""Accounts of staff: made, listed, reset and ended by an admin; the function is what others see."""

from __future__ import annotations

from typing import Any

import msgpack
import pytest

from rooms import account, duty, keys, session
from rooms import staff as staff_accounts
from rooms.keys import PersonKeys, RoomKeys
from rooms.person import Organisation, Role
from rooms.store import fields_of
from rooms.town import Town
from tests.conftest import code_for
from tests.rooms.test_membership import Killed, die_at, join, refused
from tests.rooms.voice import Voice
from tests.town import (
    ESCAMP,
    JAN_LUYKENLAAN,
    PASSWORD,
    POLICE_DESK,
    SHARED_DESK,
    MovedClock,
    PlainPasswords,
    device_of,
)


async def vega_of(town: Town) -> account.Account:
    return await staff_accounts.add(
        town, PlainPasswords(), "Officer Vega", Role.OFFICER, Organisation.POLICE, (ESCAMP,), PASSWORD
    )


async def test_staff_are_shown_by_their_function(town: Town) -> None:
    """Officer Vega signs in by name, and is Wijkagent to everybody, in the desks of the district."""
    made = await staff_accounts.add(
        town, PlainPasswords(), "Officer Vega", Role.OFFICER, Organisation.POLICE, (ESCAMP,), PASSWORD
    )
    assert made.person.name == "Wijkagent"
    assert set(made.rooms) == {POLICE_DESK, SHARED_DESK}
    found = await account.find(town, "officer vega")
    assert found is not None
    assert found.person == made.person
    await Voice(town, made.person).say("Goedemorgen", room=POLICE_DESK)


async def test_the_names_of_staff_and_residents_are_one_list(town: Town, ada: Voice) -> None:
    """An officer can't take a neighbour's name, nor a neighbour an officer's."""
    taken = staff_accounts.add(town, PlainPasswords(), "Ada", Role.ADMIN, None, (), PASSWORD)
    await refused("name_taken", taken)
    await staff_accounts.add(town, PlainPasswords(), "Vega", Role.ADMIN, None, (), PASSWORD)
    await refused("name_taken", join(town, await code_for(town, JAN_LUYKENLAAN), "Vega"))


async def test_staff_half_made_leave_the_name_free_after_10_minutes(
    town: Town, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An admin whose command was killed can make the account all the same."""

    async def add() -> None:
        await staff_accounts.add(town, PlainPasswords(), "Vega", Role.ADMIN, None, (), PASSWORD)

    with monkeypatch.context() as patch:
        die_at(town, patch, "open_account")
        with pytest.raises(Killed):
            await add()
    await refused("name_taken", add())
    clock.forward(minutes=11)
    await add()
    clock.forward(minutes=11)
    await refused("name_taken", add())


@pytest.mark.parametrize(
    ("role", "organisation", "areas", "field"),
    [
        (Role.RESIDENT, None, (), "role"),
        (Role.OFFICER, None, (ESCAMP,), "organisation"),
        (Role.OFFICER, Organisation.MUNICIPALITY, (ESCAMP,), "organisation"),
        (Role.MODERATOR, None, (ESCAMP,), "organisation"),
        (Role.ADMIN, Organisation.POLICE, (), "organisation"),
        (Role.OFFICER, Organisation.POLICE, (), "place"),
        (Role.ADMIN, None, (ESCAMP,), "place"),
        (Role.OFFICER, Organisation.POLICE, ("nergens",), "place"),
    ],
)
async def test_staff_that_can_not_be_are_refused(
    town: Town, role: Role, organisation: Organisation | None, areas: tuple[str, ...], field: str
) -> None:
    """A role has the organisation and the places that belong to it."""
    refusal = await refused(
        "bad_request", staff_accounts.add(town, PlainPasswords(), "Vega", role, organisation, areas, PASSWORD)
    )
    assert refusal.facts["field"] == field
    assert await account.find(town, "Vega") is None


async def test_staff_are_listed_by_the_names_they_sign_in_with(town: Town, ada: Voice) -> None:
    """An admin sees who has an account of staff; residents are nobody's list."""
    await vega_of(town)
    await staff_accounts.add(town, PlainPasswords(), "Admin Groot", Role.ADMIN, None, (), PASSWORD)
    listed = await staff_accounts.everyone(town)
    assert [(one.sign_in_name, one.person.role) for one in listed] == [
        ("Admin Groot", Role.ADMIN),
        ("Officer Vega", Role.OFFICER),
    ]


async def test_a_new_password_ends_every_session(town: Town) -> None:
    """Who lost a password gets another from the admin, and whoever had the old one is out."""
    vega = await vega_of(town)
    token = await session.begin(town, vega.person.id, device_of("Vega"))
    await staff_accounts.set_password(town, PlainPasswords(), "officer vega", "een heel nieuw wachtwoord")
    await refused("signed_out", session.resolve(town, token))
    known = await account.load(town, vega.person.id)
    assert known is not None
    assert known.password == "plain:een heel nieuw wachtwoord"
    await refused("weak_password", staff_accounts.set_password(town, PlainPasswords(), "Officer Vega", "kort"))


async def test_who_is_removed_is_out_at_once(town: Town) -> None:
    """Sessions, desks and name end together; what was written stays."""
    vega = await vega_of(town)
    voice = Voice(town, vega.person)
    await voice.say("Ik draag over.", room=POLICE_DESK)
    token = await session.begin(town, vega.person.id, device_of("Vega"))
    await staff_accounts.remove(town, "Officer Vega")
    await refused("signed_out", session.resolve(town, token))
    for room in (POLICE_DESK, SHARED_DESK):
        assert not await town.store.read("HEXISTS", RoomKeys(room).members, vega.person.id)
    assert await staff_accounts.everyone(town) == []
    await refused("not_found", staff_accounts.remove(town, "Officer Vega"))
    again = await vega_of(town)
    assert "Ik draag over." in str(await Voice(town, again.person).ask("room.history", room=POLICE_DESK))


async def test_nothing_that_was_their_own_is_kept(town: Town, ada: Voice) -> None:
    """What the function wrote and did stays; what its holder's devices did and read is gone."""
    vega = Voice(town, (await vega_of(town)).person)
    await vega.say("Goedemorgen", room=POLICE_DESK)
    await vega.ask("room.read", room=POLICE_DESK, seq=1)
    assert await town.store.read("KEYS", f"*done*{vega.id}*")
    await staff_accounts.remove(town, "Officer Vega")
    assert await town.store.read("KEYS", f"*{vega.id}*") == []
    of = RoomKeys(POLICE_DESK)
    assert [await town.store.read("HEXISTS", name, vega.id) for name in (of.read, of.given, of.members)] == [0, 0, 0]
    rows = await town.store.read("XRANGE", of.log, "-", "+")
    assert b"Goedemorgen" in b"".join(fields_of(fields)[b"e"] for _, fields in rows)


async def test_who_signed_in_while_being_removed_stayed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that began when the others had ended is told of the end as well: its connection has no account."""
    vega, dismiss = await vega_of(town), duty.dismiss

    async def slow(*args: Any) -> Any:
        await session.begin(town, vega.person.id, device_of("Vega"))
        return await dismiss(*args)

    monkeypatch.setattr(duty, "dismiss", slow)
    await staff_accounts.remove(town, "Officer Vega")
    mine = PersonKeys(vega.person.id)
    rows = [fields_of(fields) for _, fields in await town.store.read("XRANGE", mine.feed, "-", "+")]
    last = msgpack.unpackb([row[b"e"] for row in rows if row.get(b"p") == vega.person.id.encode()][-1])
    ends = [one for one in rows if msgpack.unpackb(one[b"e"])["name"] == "session.ended"]
    assert (last["name"], last["data"], len(ends)) == ("session.ended", {"reason": "removed"}, 2)


async def test_a_removal_that_was_interrupted_is_said_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill between the account and its name leaves a command that can be repeated."""
    await vega_of(town)
    with monkeypatch.context() as patch:
        die_at(town, patch, "release_name")
        with pytest.raises(Killed):
            await staff_accounts.remove(town, "Officer Vega")
    await staff_accounts.remove(town, "Officer Vega")
    await vega_of(town)


async def test_residents_are_not_the_admins_to_reset(town: Town, ada: Voice) -> None:
    """The commands for staff know no resident."""
    await refused("not_found", staff_accounts.remove(town, "Ada"))
    await refused("not_found", staff_accounts.set_password(town, PlainPasswords(), "Ada", PASSWORD))
    await ada.say("Ik ben er nog")


async def test_an_account_whose_name_was_taken_meanwhile_is_closed(
    town: Town, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When every process was away until a claim had lapsed, the name is its new owner's and the orphan goes."""
    with monkeypatch.context() as patch:
        die_at(town, patch, "confirm")
        with pytest.raises(Killed):
            await join(town, await code_for(town, JAN_LUYKENLAAN), "Ada")
    clock.forward(minutes=11)
    second = await join(town, await code_for(town, JAN_LUYKENLAAN), "Ada")
    assert await account.overdue(town) == 1
    members = await town.store.read("HKEYS", RoomKeys(JAN_LUYKENLAAN).members)
    assert members == [second.person.id.encode()]
    found = await account.find(town, "Ada")
    assert found is not None
    assert found.person.id == second.person.id
    assert not await town.store.read("ZCARD", keys.due(keys.partition_of_person(second.person.id)))
