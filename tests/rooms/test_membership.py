"""Joining and moving by letter codes, and staff: whoever is interrupted gets in all the same, and nobody twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from rooms import account, keys, letter, membership, presence, session
from rooms import staff as staff_accounts
from rooms.keys import RoomKeys
from rooms.membership import Signed
from rooms.refusal import Refusal
from rooms.town import Town
from tests.conftest import code_for
from tests.rooms.voice import Voice
from tests.town import (
    BETJE_WOLFFSTRAAT,
    DE_VISSEN,
    GOUDKARPERSINGEL,
    JAN_LUYKENLAAN,
    MOERWIJK_WEST,
    PASSWORD,
    STAFF,
    MovedClock,
    PlainPasswords,
    device_of,
)

ADDRESS = "192.0.2.1"


async def join(town: Town, code: str, name: str = "Ada", password: str = PASSWORD, address: str = ADDRESS) -> Signed:
    return await membership.join(town, PlainPasswords(), address, code, name, password, device_of(name))


async def refused(code: str, doing: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        await doing
    assert refusal.value.code == code
    return refusal.value


class Killed(Exception):  # noqa: N818 - what happens to a process
    pass


def die_at(town: Town, monkeypatch: pytest.MonkeyPatch, deed: str) -> None:
    """Kill the process before it does that deed."""
    run = town.store.run

    async def dying(name: str, *args: Any) -> Any:
        if name == deed:
            raise Killed
        return await run(name, *args)

    monkeypatch.setattr(town.store, "run", dying)


async def killed_while_joining(town: Town, monkeypatch: pytest.MonkeyPatch, deed: str, code: str, name: str) -> None:
    with monkeypatch.context() as patch:
        die_at(town, patch, deed)
        with pytest.raises(Killed):
            await join(town, code, name)


# joining ---------------------------------------------------------------------------------------------


async def test_who_joins_is_a_member_of_the_street_and_the_neighbourhood(town: Town) -> None:
    """A code makes a resident of its street, signed in, with a recovery code, and both rooms hear of it."""
    signed = await join(town, await code_for(town, JAN_LUYKENLAAN))
    assert (signed.person.name, signed.person.street) == ("Ada", JAN_LUYKENLAAN)
    assert signed.recovery is not None
    assert await session.resolve(town, signed.token) == signed.person
    ada = Voice(town, signed.person)
    for room in (JAN_LUYKENLAAN, MOERWIJK_WEST):
        (entry,) = await ada.page(room=room)
        assert entry["event"] == "member.joined"
        assert entry["data"] == {"person": {"id": signed.person.id, "name": "Ada", "role": "resident"}}


async def test_a_code_may_be_typed_as_people_type(town: Town) -> None:
    """Small letters, spaces and dashes are understood."""
    code = await code_for(town, JAN_LUYKENLAAN)
    await join(town, f" {code[:5].lower()} - {code[5:]} ")


async def test_a_code_is_good_for_a_household(town: Town) -> None:
    """Four live in a house by default; the fifth needs another letter."""
    code = await code_for(town, JAN_LUYKENLAAN)
    for name in ("Ada", "Ben", "Cor", "Dee"):
        await join(town, code, name)
    await refused("code_used_up", join(town, code, "Eef"))
    assert await account.find(town, "Eef") is None


async def test_a_household_that_joins_at_once_is_let_in_and_no_more(town: Town) -> None:
    """Seven at the same moment with a letter for four: four are in."""
    code = await code_for(town, JAN_LUYKENLAAN)
    names = [f"Huis {letter}" for letter in "ABCDEFG"]
    answers = await asyncio.gather(*(join(town, code, name) for name in names), return_exceptions=True)
    outcome = Counter(answer.code if isinstance(answer, Refusal) else type(answer).__name__ for answer in answers)
    assert outcome == {"Signed": 4, "code_used_up": 3}
    assert await town.store.read("HLEN", RoomKeys(JAN_LUYKENLAAN).members) == 4


async def test_a_code_expires_after_30_days(town: Town, clock: MovedClock) -> None:
    """A letter that lay about for a month opens no door; who came in by it stays."""
    code = await code_for(town, JAN_LUYKENLAAN)
    ada = await join(town, code)
    clock.forward(days=30.01)
    await refused("code_expired", join(town, code, "Ben"))
    assert (await join(town, code)).person == ada.person


async def test_a_withdrawn_code_is_no_code(town: Town) -> None:
    """After an admin took it back nobody joins by it; who did stays, and can still repeat."""
    code = await code_for(town, JAN_LUYKENLAAN)
    ada = await join(town, code)
    await letter.withdraw(town, code)
    await refused("wrong_code", join(town, code, "Ben"))
    assert (await join(town, code)).person == ada.person
    await Voice(town, ada.person).say("Ik ben er nog")


@pytest.mark.parametrize("code", ["ABCDEFGHJK", "kort", "", "0000000000", "x" * 1000])
async def test_a_code_that_nobody_made_is_wrong(town: Town, code: str) -> None:
    """A guess and nonsense are answered alike, and nothing is kept of the try but its count."""
    refusal = await refused("wrong_code", join(town, code))
    assert refusal.facts == {"field": "code"}
    assert await account.find(town, "Ada") is None
    assert await town.store.read("EXISTS", keys.NAMES) == 0


async def test_joining_again_signs_in(town: Town) -> None:
    """Whose answer was lost repeats it: the same person, a new session, a new recovery code, one entry."""
    code = await code_for(town, JAN_LUYKENLAAN)
    first, again = await join(town, code), await join(town, code)
    assert again.person == first.person
    assert again.token != first.token
    known = await account.load(town, first.person.id)
    assert known is not None
    assert again.recovery is not None
    assert known.recovery == membership.recovery_digest(town, again.recovery)
    assert len(await Voice(town, first.person).page()) == 1


async def test_joining_twice_at_once_makes_one_person(town: Town) -> None:
    """A double tap on the button is one neighbour."""
    code = await code_for(town, JAN_LUYKENLAAN)
    signed = await asyncio.gather(*(join(town, code) for _ in range(10)))
    assert len({one.person.id for one in signed}) == 1
    for one in signed:
        assert (await session.resolve(town, one.token)).id == one.person.id
    assert len(await Voice(town, signed[0].person).page()) == 1


async def test_a_housemate_does_not_get_in_by_the_same_name(town: Town) -> None:
    """The letter and the name without the password open nobody else's account."""
    code = await code_for(town, JAN_LUYKENLAAN)
    await join(town, code)
    refusal = await refused("name_taken", join(town, code, password="een ander wachtwoord"))
    assert refusal.facts == {"field": "name"}


async def test_a_letter_is_no_way_to_guess_a_housemates_password(town: Town) -> None:
    """Wrong passwords count here as when signing in, so that ten tries are all there are."""
    code = await code_for(town, JAN_LUYKENLAAN)
    await join(town, code)
    for number in range(10):
        await refused("name_taken", join(town, code, password=f"geraden wachtwoord {number}"))
    await refused("too_many_attempts", join(town, code, password=PASSWORD))


@pytest.mark.parametrize("name", ["Ada", "ADA", "Аda", "A d a", "Ada."])
async def test_a_name_that_looks_taken_is_taken(town: Town, name: str) -> None:
    """Nobody passes for a neighbour; the code is still good for another name."""
    await join(town, await code_for(town, JAN_LUYKENLAAN))
    code = await code_for(town, GOUDKARPERSINGEL)
    await refused("name_taken", join(town, code, name))
    await join(town, code, "Bea")


async def test_of_two_who_want_one_name_at_once_one_gets_it(town: Town) -> None:
    """Two letters, one name, one moment: one person has it, and one letter is unused."""
    codes = [await code_for(town, JAN_LUYKENLAAN, 1), await code_for(town, GOUDKARPERSINGEL, 1)]
    answers = await asyncio.gather(*(join(town, code) for code in codes), return_exceptions=True)
    outcome = Counter(answer.code if isinstance(answer, Refusal) else "in" for answer in answers)
    assert outcome == {"in": 1, "name_taken": 1}
    loser = next(code for code, answer in zip(codes, answers, strict=True) if isinstance(answer, Refusal))
    await join(town, loser, "Bea")


@pytest.mark.parametrize("name", ["Politie Moerwijk", "x", "", "a" * 41, "Gemeente", "Ada\n", "112 Moerwijk"])
async def test_a_name_that_misleads_is_refused_before_the_code_is_used(town: Town, name: str) -> None:
    """Words of authority and what is no name are refused, and the letter loses nothing."""
    code = await code_for(town, JAN_LUYKENLAAN, 1)
    await refused("name_not_allowed", join(town, code, name))
    await join(town, code)


@pytest.mark.parametrize("password", ["", "kort", "1234567", "wachtwoord", "WACHTWOORD", "x" * 201])
async def test_a_weak_password_is_refused_before_the_code_is_used(town: Town, password: str) -> None:
    """Too short, too long and too common are refused, and the letter loses nothing."""
    code = await code_for(town, JAN_LUYKENLAAN, 1)
    await refused("weak_password", join(town, code, password=password))
    await join(town, code)


# unfinished ------------------------------------------------------------------------------------------


async def test_a_joining_killed_before_the_account_lapses_after_10_minutes(
    town: Town, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name and the place in the letter are held for ten minutes, then both are free again."""
    code, other = await code_for(town, JAN_LUYKENLAAN, 1), await code_for(town, GOUDKARPERSINGEL, 1)
    await killed_while_joining(town, monkeypatch, "open_account", code, "Ada")
    await refused("code_used_up", join(town, code, "Ben"))
    await refused("name_taken", join(town, other, "Ada"))
    clock.forward(minutes=10)
    await join(town, code, "Ben")
    await join(town, other, "Ada")


@pytest.mark.parametrize("minutes", [0, 9, 11])
async def test_who_was_interrupted_goes_on_with_the_same_letter(
    town: Town, clock: MovedClock, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    """Within the ten minutes and after them, as long as nobody else took the place."""
    code = await code_for(town, JAN_LUYKENLAAN, 1)
    await killed_while_joining(town, monkeypatch, "open_account", code, "Ada")
    clock.forward(minutes=minutes)
    signed = await join(town, code)
    assert await town.store.read("HLEN", RoomKeys(JAN_LUYKENLAAN).members) == 1
    await refused("code_used_up", join(town, code, "Ben"))
    assert (await session.resolve(town, signed.token)).name == "Ada"


async def test_a_lapsed_claim_makes_no_household_larger(
    town: Town, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who let the claim lapse and finds the place taken meanwhile does not come in beside it."""
    code = await code_for(town, JAN_LUYKENLAAN, 1)
    await killed_while_joining(town, monkeypatch, "open_account", code, "Ada")
    clock.forward(minutes=11)
    await join(town, code, "Ben")
    await refused("code_used_up", join(town, code, "Ada"))


async def test_a_lapsed_claim_makes_no_letter_valid_longer(
    town: Town, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A try on the last day is not a ticket for the month after."""
    code = await code_for(town, JAN_LUYKENLAAN)
    await killed_while_joining(town, monkeypatch, "open_account", code, "Ada")
    clock.forward(days=31)
    await refused("code_expired", join(town, code, "Ada"))


@pytest.mark.parametrize("deed", ["enter", "confirm", "settled"])
async def test_a_joining_killed_after_the_account_is_settled_by_another_process(
    town: Town, clock: MovedClock, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    """With the account there, some process sees to it that the rooms and the letter know the person."""
    code = await code_for(town, JAN_LUYKENLAAN, 1)
    await killed_while_joining(town, monkeypatch, deed, code, "Ada")
    clock.forward(seconds=6)
    assert await account.overdue(town) == 1
    assert await account.overdue(town) == 0
    clock.forward(minutes=11)
    await refused("code_used_up", join(town, code, "Ben"))
    await refused("name_taken", join(town, await code_for(town, GOUDKARPERSINGEL), "Ada"))
    signed = await join(town, code)
    assert len(await Voice(town, signed.person).page()) == 1


async def test_a_joining_killed_before_the_session_is_repeated(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has an account and never got the token joins again with the same words."""
    code = await code_for(town, JAN_LUYKENLAAN, 1)
    await killed_while_joining(town, monkeypatch, "open_session", code, "Ada")
    signed = await join(town, code)
    assert (await session.resolve(town, signed.token)).name == "Ada"


# moving ----------------------------------------------------------------------------------------------


async def test_moving_closes_the_old_rooms_at_once(town: Town, ada: Voice) -> None:
    """With the answer to the move the old street is neither read nor written; its log says that she moved."""
    await ada.say("Tot ziens")
    await presence.renew(town, {room: [ada.id] for room in (JAN_LUYKENLAAN, MOERWIJK_WEST)})
    moved = await membership.move(town, ada.id, ADDRESS, await code_for(town, GOUDKARPERSINGEL))
    assert moved.street == GOUDKARPERSINGEL
    for room in (JAN_LUYKENLAAN, MOERWIJK_WEST):
        await ada.refused("not_found", "room.history", room=room)
        await ada.refused("not_found", "message.post", room=room, text="Nog iets")
        await ada.refused("not_found", "room.read", room=room, seq=1)
        assert await town.store.read("ZSCORE", RoomKeys(room).here, ada.id) is None
    await ada.say("Dag nieuwe buren", room=GOUDKARPERSINGEL)
    await ada.say("Dag buurt", room=DE_VISSEN)


async def test_the_old_log_says_who_moved(town: Town, ada: Voice, ben: Voice) -> None:
    """The neighbours who stay read that she left, and why."""
    await membership.move(town, ada.id, ADDRESS, await code_for(town, GOUDKARPERSINGEL))
    entry = (await ben.page())[-1]
    assert entry["event"] == "member.left"
    assert entry["data"] == {"person": {"id": ada.id, "name": "Ada", "role": "resident"}, "reason": "moved"}


async def test_moving_takes_a_place_in_the_letter(town: Town, ada: Voice, ben: Voice) -> None:
    """A letter for one moves one, and the one may repeat it."""
    code = await code_for(town, GOUDKARPERSINGEL, 1)
    await membership.move(town, ada.id, ADDRESS, code)
    await membership.move(town, ada.id, ADDRESS, code)
    await refused("code_used_up", membership.move(town, ben.id, ADDRESS, code))
    assert len(await ada.page(room=GOUDKARPERSINGEL)) == 1


async def test_moving_twice_at_once_is_one_move(town: Town, ada: Voice) -> None:
    """A double tap moves once."""
    code = await code_for(town, GOUDKARPERSINGEL)
    await asyncio.gather(*(membership.move(town, ada.id, ADDRESS, code) for _ in range(5)))
    assert [entry["event"] for entry in await ada.page(room=GOUDKARPERSINGEL)] == ["member.joined"]


async def test_two_moves_at_once_end_in_one_home(town: Town, ada: Voice) -> None:
    """Whichever letter comes last counts, and the rooms agree with it."""
    codes = [await code_for(town, GOUDKARPERSINGEL), await code_for(town, JAN_LUYKENLAAN)]
    moves = (membership.move(town, ada.id, ADDRESS, code) for code in codes * 3)
    for outcome in await asyncio.gather(*moves, return_exceptions=True):
        assert not isinstance(outcome, Refusal) or outcome.code == "code_used_up"
    known = await account.load(town, ada.id)
    assert known is not None
    members = {
        room.id for room in town.places.rooms() if await town.store.read("HEXISTS", RoomKeys(room.id).members, ada.id)
    }
    assert members == set(known.rooms)


async def test_a_late_copy_of_a_move_undid_the_next_one(town: Town, ada: Voice) -> None:
    """Who has moved on is not moved back by a request that a stopped server held."""
    first, second = await code_for(town, GOUDKARPERSINGEL), await code_for(town, BETJE_WOLFFSTRAAT)
    await membership.move(town, ada.id, ADDRESS, first)
    await membership.move(town, ada.id, ADDRESS, second)
    await refused("code_used_up", membership.move(town, ada.id, ADDRESS, first))
    known = await account.load(town, ada.id)
    assert known is not None
    assert known.person.street == BETJE_WOLFFSTRAAT


async def test_moving_by_a_wrong_or_old_letter_changes_nothing(town: Town, ada: Voice, clock: MovedClock) -> None:
    """Who can't move stays at home."""
    old = await code_for(town, GOUDKARPERSINGEL)
    clock.forward(days=31)
    await refused("code_expired", membership.move(town, ada.id, ADDRESS, old))
    await refused("wrong_code", membership.move(town, ada.id, ADDRESS, "ABCDEFGHJK"))
    await ada.say("Ik woon hier nog")


async def test_staff_do_not_move_by_letter(town: Town) -> None:
    """A letter makes no resident of an officer."""
    role, organisation, areas = STAFF["Officer Vega"]
    vega = await staff_accounts.add(town, PlainPasswords(), "Officer Vega", role, organisation, areas, PASSWORD)
    code = await code_for(town, GOUDKARPERSINGEL)
    await refused("not_permitted", membership.move(town, vega.person.id, ADDRESS, code))


async def test_nobody_without_an_account_moves(town: Town) -> None:
    """An account that has gone meanwhile is signed out."""
    code = await code_for(town, GOUDKARPERSINGEL)
    await refused("signed_out", membership.move(town, "nnnnnnnnnnnn", ADDRESS, code))


def test_ids_of_people_are_not_guessed() -> None:
    """Twelve characters by chance, and every time others."""
    made = {membership.new_person_id() for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(len(one) == 12 and one.isalnum() and one.islower() for one in made if any(c.isalpha() for c in one))
