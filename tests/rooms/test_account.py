"""Accounts: where a person belongs, and rooms that agree with it whatever was killed or slow."""

from __future__ import annotations

import pytest

from rooms import account, keys, letter, log, membership
from rooms.account import Account
from rooms.keys import PersonKeys, RoomKeys
from rooms.person import Organisation, Person, Role
from rooms.refusal import Refusal
from rooms.store import Changed, Store
from rooms.town import Town
from tests.conftest import code_for
from tests.rooms.conftest import Resident
from tests.rooms.voice import Voice
from tests.town import (
    BETJE_WOLFFSTRAAT,
    DE_VISSEN,
    ESCAMP,
    GOUDKARPERSINGEL,
    JAN_LUYKENLAAN,
    MOERWIJK_WEST,
    PASSWORD,
    POLICE_DESK,
    SHARED_DESK,
    MovedClock,
)


async def _account(town: Town, person: str) -> Account:
    known = await account.load(town, person)
    assert known is not None
    return known


async def _rooms(town: Town, person: str) -> set[str]:
    """The rooms that know the person as a member."""
    return {
        room.id
        for room in town.places.rooms()
        if await town.store.read("HEXISTS", RoomKeys(room.id).members, person)
    }  # fmt: skip


async def _move(town: Town, person: str, street: str) -> None:
    await membership.move(town, person, "192.0.2.1", await code_for(town, street))


# what is kept ----------------------------------------------------------------------------------------


async def test_an_account_keeps_what_is_needed_and_no_more(town: Town, ada: Voice, clock: MovedClock) -> None:
    """A name, a street, when and by which letter: no house number, no password in clear."""
    known = await _account(town, ada.id)
    assert known.person == Person(id=ada.id, name="Ada", role=Role.RESIDENT, street=JAN_LUYKENLAAN)
    assert (known.sign_in_name, known.version, known.leaving) == ("Ada", 1, ())
    assert known.rooms == (JAN_LUYKENLAAN, MOERWIJK_WEST)
    assert 0 <= clock.now_ms() - known.joined_at < 60_000
    fields = await town.store.read("HKEYS", PersonKeys(ada.id).account)
    assert set(fields) == {
        b"body", b"password", b"recovery", b"joined_at", b"joined_by", b"rooms", b"leaving", b"version",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["Ada", "ada", " ADA ", "Аda", "A d a"])
async def test_an_account_is_found_by_any_name_that_looks_like_it(town: Town, ada: Voice, name: str) -> None:
    """Capitals, spaces and foreign letters make no other person."""
    found = await account.find(town, name)
    assert found is not None
    assert found.person.id == ada.id
    assert await account.find(town, "Adam") is None


async def test_a_person_sees_names_of_places_not_only_ids(town: Town, ada: Voice) -> None:
    """Oneself is told where one lives, in words."""
    assert account.view(ada.person, town.places) == {
        "id": ada.id, "name": "Ada", "role": "resident", "street": {"id": JAN_LUYKENLAAN, "name": "Jan Luykenlaan"},
        "neighbourhood": {"id": MOERWIJK_WEST, "name": "Moerwijk-West"},
    }  # fmt: skip


def test_staff_belong_to_the_desks_of_their_area(town: Town) -> None:
    """Officers to the police desk and the shared one, admins and auditors to no room at all."""
    vega = Person(
        id="vvvvvvvvvvvv", name="Wijkagent", role=Role.OFFICER, organisation=Organisation.POLICE, jurisdiction=(ESCAMP,)
    )
    assert set(account.rooms_of(vega, town.places)) == {POLICE_DESK, SHARED_DESK}
    assert account.rooms_of(Person(id="gggggggggggg", name="Beheer", role=Role.ADMIN), town.places) == ()


# settling --------------------------------------------------------------------------------------------


async def test_settling_again_changes_nothing(town: Town, ada: Voice) -> None:
    """Any process may settle at any time: it leaves no second entry."""
    before = await ada.page()
    for _ in range(3):
        await account.settle(town, ada.id)
    assert await ada.page() == before
    assert await _rooms(town, ada.id) == {JAN_LUYKENLAAN, MOERWIJK_WEST}


async def test_settling_nobody_is_done_with(town: Town) -> None:
    """A deadline of a person who is gone does not come back every second."""
    nobody = PersonKeys("nnnnnnnnnnnn")
    await town.store.read("ZADD", nobody.due, 1, "settle:nnnnnnnnnnnn")
    assert await account.overdue(town) == 1
    assert await account.overdue(town) == 0


async def test_what_is_under_way_is_left_alone_for_some_seconds(town: Town, ada: Voice, clock: MovedClock) -> None:
    """The process that began has five seconds before another takes over."""
    await town.store.read("ZADD", PersonKeys(ada.id).due, clock.now_ms(), f"settle:{ada.id}")
    assert await account.overdue(town) == 0
    clock.forward(seconds=6)
    assert await account.overdue(town) == 1
    assert await account.overdue(town) == 0


@pytest.mark.parametrize("steps", range(8))
async def test_a_move_killed_after_any_step_ends_in_the_new_rooms(
    town: Town, ada: Voice, clock: MovedClock, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """Wherever the process dies, another one finishes: out of the old rooms, in the new ones, each told once."""
    code = await code_for(town, GOUDKARPERSINGEL)
    _die_after(town.store, monkeypatch, steps, beginning_with="use_code")
    with pytest.raises(_Killed):
        await membership.move(town, ada.id, "192.0.2.1", code)
    monkeypatch.undo()
    clock.forward(seconds=6)
    await account.overdue(town)
    if (await _account(town, ada.id)).version == 1:  # killed before the account was written: the person tries again
        await membership.move(town, ada.id, "192.0.2.1", code)
    assert await _rooms(town, ada.id) == {GOUDKARPERSINGEL, DE_VISSEN}
    told = [entry.name for entry in await log.between(town.store, GOUDKARPERSINGEL, 1, 10)]
    left = [entry.name for entry in await log.between(town.store, JAN_LUYKENLAAN, 1, 10)]
    assert (told, left) == (["member.joined"], ["member.joined", "member.left"])
    assert await town.store.read("ZCARD", PersonKeys(ada.id).due) == 0


class _Killed(Exception):  # noqa: N818 - what happens to a process
    pass


def _die_after(store: Store, monkeypatch: pytest.MonkeyPatch, steps: int, beginning_with: str) -> None:
    """Let *steps* deeds through, counted from the first of that name, and kill the process at the next."""
    run, left = store.run, None

    async def dying(name: str, *args: object) -> object:
        nonlocal left
        if name == beginning_with and left is None:
            left = steps
        if left is not None:
            if left == 0:
                raise _Killed
            left -= 1
        return await run(name, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "run", dying)


async def test_moving_leaves_before_it_enters(town: Town, ada: Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is in the old and the new street at once, not for a moment."""
    run, deeds = town.store.run, []

    async def noted(name: str, *args: object) -> object:
        deeds.append(name)
        return await run(name, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(town.store, "run", noted)
    await _move(town, ada.id, GOUDKARPERSINGEL)
    moves = [name for name in deeds if name in ("change_account", "leave", "enter", "confirm", "settled")]
    assert moves == ["change_account", "confirm", "leave", "leave", "enter", "enter", "settled"]


async def test_a_move_within_the_neighbourhood_keeps_its_room(town: Town, ada: Voice) -> None:
    """Only the street changes; the neighbourhood's log says nothing."""
    await _move(town, ada.id, BETJE_WOLFFSTRAAT)
    assert await _rooms(town, ada.id) == {BETJE_WOLFFSTRAAT, MOERWIJK_WEST}
    assert [entry["event"] for entry in await ada.page(room=MOERWIJK_WEST)] == ["member.joined"]


async def test_an_account_changed_meanwhile_is_not_overwritten(town: Town, ada: Voice) -> None:
    """Of two changes that read the same account one wins, the other looks again."""
    known = await _account(town, ada.id)
    await _move(town, ada.id, GOUDKARPERSINGEL)
    with pytest.raises(Changed):
        await account.change(town, known, known.person, "")
    assert (await _account(town, ada.id)).person.street == GOUDKARPERSINGEL


async def test_a_slow_settling_does_not_bring_back_who_has_moved_since(town: Town, ada: Voice) -> None:
    """A process that stalled over the old account can't give back the rooms that a move took."""
    old = await _account(town, ada.id)
    await _move(town, ada.id, GOUDKARPERSINGEL)
    for room in old.rooms:
        await account._enter(town, old, room)
    assert await _rooms(town, ada.id) == {GOUDKARPERSINGEL, DE_VISSEN}
    with pytest.raises(Refusal):
        await ada.say("Nog hier?", room=JAN_LUYKENLAAN)


async def test_a_slow_settling_does_not_throw_out_who_has_come_back_since(town: Town, ada: Voice) -> None:
    """A process that stalled over leaving can't take the rooms that a move back gave."""
    await _move(town, ada.id, GOUDKARPERSINGEL)
    slow = await _account(town, ada.id)
    await _move(town, ada.id, JAN_LUYKENLAAN)
    for room in (JAN_LUYKENLAAN, MOERWIJK_WEST):
        await account._leave(town, slow, room)
    for room in slow.rooms:
        await account._enter(town, slow, room)
    assert await _rooms(town, ada.id) == {JAN_LUYKENLAAN, MOERWIJK_WEST}
    await ada.say("Weer thuis")


async def test_who_moved_back_before_the_move_was_done_stays(town: Town, ada: Voice) -> None:
    """There and back while a process still settles the first move: the old room never lets go."""
    known = await _account(town, ada.id)
    there = await code_for(town, GOUDKARPERSINGEL)
    digest = await _use(town, there, ada.id)
    gone = Person(id=ada.id, name="Ada", role=Role.RESIDENT, street=GOUDKARPERSINGEL)
    await _write(town, known, gone, digest)
    slow = await _account(town, ada.id)
    await _move(town, ada.id, JAN_LUYKENLAAN)
    for room in slow.leaving:
        await account._leave(town, slow, room)
    assert await _rooms(town, ada.id) == {JAN_LUYKENLAAN, MOERWIJK_WEST}


async def test_who_moved_twice_before_the_first_was_done_leaves_both_old_homes(
    town: Town, ada: Voice, clock: MovedClock
) -> None:
    """Two moves of which no process lived to settle one end in the last home alone."""
    for street in (BETJE_WOLFFSTRAAT, GOUDKARPERSINGEL):
        known = await _account(town, ada.id)
        home = Person(id=ada.id, name="Ada", role=Role.RESIDENT, street=street)
        await _write(town, known, home, await _use(town, await code_for(town, street), ada.id))
    clock.forward(seconds=6)
    await account.overdue(town)
    assert await _rooms(town, ada.id) == {GOUDKARPERSINGEL, DE_VISSEN}


async def test_a_slow_process_does_not_call_a_later_change_settled(town: Town, ada: Voice, clock: MovedClock) -> None:
    """What the old account is done with says nothing of the new one: its rooms are still owed."""
    known = await _account(town, ada.id)
    home = Person(id=ada.id, name="Ada", role=Role.RESIDENT, street=GOUDKARPERSINGEL)
    await _write(town, known, home, await _use(town, await code_for(town, GOUDKARPERSINGEL), ada.id))
    mine = PersonKeys(ada.id)
    await town.store.run("settled", [mine.account, mine.due], [ada.id, known.version])
    clock.forward(seconds=6)
    assert await account.overdue(town) == 1
    assert await _rooms(town, ada.id) == {GOUDKARPERSINGEL, DE_VISSEN}


async def test_an_account_is_opened_once(town: Town, ada: Voice) -> None:
    """A second try with another password leaves the first as it is, and says so."""
    assert not await account.create(town, ada.person, "Ada", "plain:een ander", "", "")
    known = await _account(town, ada.id)
    assert (known.password, known.version) == (f"plain:{PASSWORD}", 1)


async def _use(town: Town, code: str, person: str) -> str:
    digest = letter.digest_of(town, code)
    await town.store.run("use_code", [keys.code(digest)], [town.clock.now_ms(), person])
    return digest


async def _write(town: Town, known: Account, person: Person, joined_by: str) -> None:
    """`account.change` by a process that is killed before it settles."""
    mine = PersonKeys(person.id)
    rooms = account._packed(account.rooms_of(person, town.places))
    await town.store.run(
        "change_account",
        [mine.account, mine.due, mine.feed, mine.clock],
        [town.clock.now_ms(), person.id, known.version, account._body(person, "Ada"), joined_by, rooms, b"\x80"],
    )


async def test_every_move_is_told_to_the_persons_connections(town: Town, ada: Voice) -> None:
    """The feed of the person says that the account is another now."""
    await _move(town, ada.id, GOUDKARPERSINGEL)
    rows = await town.store.read("XRANGE", PersonKeys(ada.id).feed, "-", "+")
    assert any(b"person.changed" in b"".join(fields) for _, fields in rows)


async def test_two_people_settle_side_by_side(town: Town, resident: Resident) -> None:
    """One person's deadline is not another's."""
    cor, dee = await resident("Cor"), await resident("Dee", GOUDKARPERSINGEL)
    assert await _rooms(town, cor.id) == {JAN_LUYKENLAAN, MOERWIJK_WEST}
    assert await _rooms(town, dee.id) == {GOUDKARPERSINGEL, DE_VISSEN}
    assert await town.store.read("HLEN", RoomKeys(JAN_LUYKENLAAN).members) == 1
