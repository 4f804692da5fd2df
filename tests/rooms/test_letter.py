"""Letters: codes that only the letter knows, for one street, until they are withdrawn or forgotten."""

from __future__ import annotations

import pytest

from rooms import keys, letter, letter_code
from rooms.place import Place
from rooms.refusal import Refusal
from rooms.store import Store
from rooms.town import Town
from tests.town import JAN_LUYKENLAAN, MovedClock


@pytest.fixture
def street(town: Town) -> Place:
    place = town.places.get(JAN_LUYKENLAAN)
    assert place is not None
    return place


async def test_every_letter_has_a_code_of_its_own(town: Town, street: Place) -> None:
    """A street of letters is as many codes, each of ten signs."""
    codes = await letter.make(town, street, 50)
    assert len(set(codes)) == 50
    assert all(letter_code.normalise(code) == code for code in codes)


async def test_who_reads_the_store_can_print_no_letters(town: Town, street: Place, store: Store) -> None:
    """A code is in Redis under a secret only; another town's secret finds nothing."""
    (code,) = await letter.make(town, street, 1)
    for key in await store.read("KEYS", "*"):
        assert code.encode() not in key
        assert code.encode() not in await store.read("DUMP", key)
    assert letter_code.digest(code, b"another key") != letter.digest_of(town, code)


async def test_a_letter_is_for_the_street_and_household_it_was_made_for(
    town: Town, street: Place, store: Store, clock: MovedClock
) -> None:
    """What a code opens stands beside it, with its last day."""
    (code,) = await letter.make(town, street, 1, household=2)
    key = keys.code(letter.digest_of(town, code))
    kept = await store.read("HMGET", key, "street", "household", "made_at", "expires_at")
    assert kept[:2] == [JAN_LUYKENLAAN.encode(), b"2"]
    assert int(kept[3]) - int(kept[2]) == 30 * 86_400_000
    assert int(kept[2]) <= clock.now_ms()


async def test_a_code_is_known_however_it_is_typed(town: Town, street: Place) -> None:
    """Small letters and a dash are the same code."""
    (code,) = await letter.make(town, street, 1)
    digest = letter.digest_of(town, code)
    assert await letter.known(town, letter_code.spoken(code).lower(), "192.0.2.1") == digest


@pytest.mark.parametrize("code", ["ABCDEFGHJK", "kort"])
async def test_what_nobody_made_is_neither_known_nor_withdrawn(town: Town, code: str) -> None:
    """A guess and nonsense are the same wrong code."""
    for doing in (letter.known(town, code, "192.0.2.1"), letter.withdraw(town, code)):
        with pytest.raises(Refusal) as refusal:
            await doing
        assert refusal.value.code == "wrong_code"


async def test_a_letter_withdrawn_twice_is_withdrawn(town: Town, street: Place, store: Store) -> None:
    """The first time counts."""
    (code,) = await letter.make(town, street, 1)
    await letter.withdraw(town, code)
    key = keys.code(letter.digest_of(town, code))
    first = await store.read("HGET", key, "withdrawn")
    await letter.withdraw(town, code)
    assert await store.read("HGET", key, "withdrawn") == first


async def test_letters_are_forgotten_30_days_after_they_expired(
    town: Town, street: Place, store: Store, clock: MovedClock
) -> None:
    """Neither a code nor its place in the list is kept for ever."""
    (code,) = await letter.make(town, street, 1)
    key = keys.code(letter.digest_of(town, code))
    assert 59.9 < await store.read("PTTL", key) / 86_400_000 <= 60
    clock.forward(days=59)
    await letter.make(town, street, 1)
    assert await store.read("ZCARD", keys.CODES) == 2
    clock.forward(days=2)
    await letter.make(town, street, 1)
    assert await store.read("ZCARD", keys.CODES) == 2


async def test_a_code_that_somebody_has_is_drawn_again(
    town: Town, street: Place, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chance may repeat itself; two letters never carry one code."""
    drawn = iter(["ABCDEFGHJK", "ABCDEFGHJK", "KJHGFEDCBA"])
    monkeypatch.setattr(letter_code, "make", lambda: next(drawn))
    first = await letter.make(town, street, 1)
    clock.forward(seconds=1)
    assert [*first, *await letter.make(town, street, 1)] == ["ABCDEFGHJK", "KJHGFEDCBA"]
