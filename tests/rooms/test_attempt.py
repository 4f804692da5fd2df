"""Guessing: five wrong codes an address, a hundred a town, and no burst that slips through."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from structlog.testing import capture_logs

from rooms import letter
from rooms.attempt import AT_ONCE, BOUNDS, MOST_WAITING, attempt
from rooms.refusal import Refusal
from rooms.store import Store
from rooms.town import Town
from tests.conftest import code_for
from tests.town import JAN_LUYKENLAAN, MovedClock

BURGLAR, NEIGHBOUR = "192.0.2.66", "192.0.2.1"
NO_CODE = "ABCDEFGHJK"


async def guess(town: Town, address: str = BURGLAR, code: str = NO_CODE) -> str:
    """How a try at a code ends: 'in', or the refusal's code."""
    try:
        await letter.known(town, code, address)
    except Refusal as refusal:
        return refusal.code
    return "in"


async def test_five_wrong_codes_from_an_address_are_all(town: Town) -> None:
    """The sixth is not even looked at, whether it is right or not, and hears how long to wait."""
    code = await code_for(town, JAN_LUYKENLAAN)
    assert [await guess(town) for _ in range(5)] == ["wrong_code"] * 5
    assert await guess(town, code=code) == "too_many_attempts"
    with pytest.raises(Refusal) as refusal:
        await letter.known(town, code, BURGLAR)
    assert 0 < int(refusal.value.facts["retry_after_ms"]) <= 15 * 60_000


async def test_what_can_not_be_a_code_counts_like_a_wrong_one(town: Town) -> None:
    """Nonsense is a try too."""
    assert [await guess(town, code="kort") for _ in range(6)] == ["wrong_code"] * 5 + ["too_many_attempts"]


async def test_another_address_is_not_to_blame(town: Town) -> None:
    """A neighbour joins while a burglar waits."""
    for _ in range(6):
        await guess(town)
    assert await guess(town, NEIGHBOUR, await code_for(town, JAN_LUYKENLAAN)) == "in"


async def test_after_a_quarter_of_an_hour_one_may_try_again(town: Town, clock: MovedClock) -> None:
    """The wait that was said is enough, and a new five begin."""
    for _ in range(5):
        await guess(town)
    clock.forward(minutes=14.9)
    assert await guess(town) == "too_many_attempts"
    clock.forward(minutes=0.2)
    assert [await guess(town) for _ in range(6)] == ["wrong_code"] * 5 + ["too_many_attempts"]


async def test_right_codes_do_not_count(town: Town) -> None:
    """A street that joins together from one address is not taken for a burglar."""
    code = await code_for(town, JAN_LUYKENLAAN)
    assert [await guess(town, code=code) for _ in range(30)] == ["in"] * 30


async def test_a_hundred_wrong_codes_in_town_wake_somebody(town: Town) -> None:
    """From a hundred addresses one code each: the town stops listening for the hour, and sounds the alarm."""
    with capture_logs() as logs:
        for number in range(100):
            assert await guess(town, f"192.0.2.{number}") == "wrong_code"
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["alarm: too many wrong attempts"]
    assert await guess(town, NEIGHBOUR, await code_for(town, JAN_LUYKENLAAN)) == "too_many_attempts"


async def test_the_town_listens_again_after_an_hour(town: Town, clock: MovedClock) -> None:
    """The town's bound is per hour."""
    for number in range(100):
        await guess(town, f"192.0.2.{number}")
    clock.forward(minutes=61)
    assert await guess(town, NEIGHBOUR, await code_for(town, JAN_LUYKENLAAN)) == "in"


async def test_a_burst_of_guesses_does_not_slip_through(town: Town) -> None:
    """Forty at the same moment are as good as five one after the other, but for those under way."""
    outcome = Counter(await asyncio.gather(*(guess(town) for _ in range(40))))
    assert 5 <= outcome["wrong_code"] <= 5 + AT_ONCE - 1
    assert outcome["wrong_code"] + outcome["too_many_attempts"] == 40


async def test_what_goes_wrong_otherwise_is_no_guess(town: Town) -> None:
    """A refusal for another reason, a fault and a client that went away count nothing."""
    for error in (Refusal("busy"), RuntimeError(), asyncio.CancelledError()):
        for _ in range(6):
            with pytest.raises(type(error)):
                async with attempt(town, password_name="ada"):
                    raise error
    async with attempt(town, password_name="ada"):
        pass


async def test_an_attempt_counts_for_every_bound_it_names(town: Town) -> None:
    """A wrong password counts for the name and for the address."""
    for number in range(BOUNDS["password_name"].most):
        with pytest.raises(Refusal):
            async with attempt(town, password_name="ada", password_address=f"192.0.2.{number}"):
                raise Refusal("wrong_credentials")
    with pytest.raises(Refusal) as refusal:
        async with attempt(town, password_name="ada", password_address=NEIGHBOUR):
            pytest.fail("it was tried")
    assert refusal.value.code == "too_many_attempts"


async def test_only_so_many_may_wait_for_their_turn(town: Town) -> None:
    """A flood of attempts for one name is told that it is busy; nothing piles up."""
    free = asyncio.Event()

    async def try_it() -> str:
        try:
            async with attempt(town, password_name="ada"):
                await free.wait()
        except Refusal as refusal:
            return refusal.code
        return "tried"

    tasks = [asyncio.create_task(try_it()) for _ in range(AT_ONCE + MOST_WAITING + 5)]
    busy, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    free.set()
    outcome = Counter(await asyncio.gather(*tasks))
    assert outcome == {"tried": AT_ONCE + MOST_WAITING, "busy": 5}
    assert all(task.result() == "busy" for task in busy)


async def test_addresses_and_names_are_kept_under_a_secret(town: Town, store: Store) -> None:
    """Who reads the store does not learn who tried, and what is kept of it ends by itself."""
    await guess(town)
    found = await store.read("KEYS", "*tries*")
    assert len(found) == 2
    for key in found:
        assert BURGLAR.encode() not in key + await store.read("DUMP", key)
        assert 0 < await store.read("PTTL", key) <= 61 * 60_000
