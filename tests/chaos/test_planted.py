"""A checker that a planted bug passes proves nothing: live servers with bugs, each caught. The whole table by hand."""

from __future__ import annotations

import secrets

import pytest

from tests.chaos import planted
from tests.chaos.trial import TRIALS, attempt

LIVE = ("acknowledge_before_write", "no_deduplication", "drop_feed_event", "membership_at_join")
TRIES = 4


@pytest.mark.parametrize("bug", LIVE)
async def test_a_planted_bug_is_caught(bug: str) -> None:
    """The checker finds the bug by the invariant that it breaks; a run in which it did not show is made again."""
    seed = secrets.randbelow(10**6)
    for number in range(TRIES):
        verdict = await attempt(TRIALS[bug], seed + number)
        if verdict.caught:
            return
    pytest.fail(f"{bug} passed the checker with seeds {seed} to {seed + TRIES - 1}")


def test_every_planted_bug_has_a_trial() -> None:
    """No bug can be planted that the table does not try."""
    assert set(TRIALS) == set(planted.BUGS)
