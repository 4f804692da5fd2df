"""A checker that a planted bug passes proves nothing: live servers with bugs, each caught. The whole table by hand."""

from __future__ import annotations

import asyncio
import secrets

import msgspec
import pytest

from tests.chaos import planted
from tests.chaos.trial import TRIALS, Trial, attempt, everything

LIVE = (
    TRIALS["acknowledge_before_write"],
    TRIALS["no_deduplication"],
    msgspec.structs.replace(TRIALS["drop_feed_event"], bug="drop_feed_event:10", rooms=4, posts=600, limit_s=60),
    TRIALS["membership_at_join"],
)
TRIES = 4


@pytest.mark.timeout(240)
async def test_planted_bugs_are_caught() -> None:
    """The checker finds each by the invariant that it breaks; a run in which it did not show is made again. All at
    once, each on servers of its own: they mostly wait."""
    caught = await asyncio.gather(*map(_is_caught, LIVE))
    assert dict(zip((trial.bug for trial in LIVE), caught, strict=True)) == {trial.bug: True for trial in LIVE}


async def _is_caught(trial: Trial) -> bool:
    seed = secrets.randbelow(10**6)
    for number in range(TRIES):
        verdict = await attempt(trial, seed + number)
        if verdict.caught:
            return True
    print(f"{trial.bug} passed the checker with seeds {seed} to {seed + TRIES - 1}")
    return False


def test_every_planted_bug_has_a_trial() -> None:
    """No bug can be planted that the table does not try, and the table names each of them once."""
    assert set(TRIALS) == set(planted.BUGS)
    names = [one.name for one in everything()]
    assert len(names) == len(set(names)) > len(TRIALS)
    assert all(one.what for one in everything())
