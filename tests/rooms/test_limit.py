"""Limits: so many at once, then one more every so often, and the wait that is said is enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.limit import LIMITS, Bucket, Limit
from rooms.refusal import Refusal

NOW_MS = 1_795_442_400_000


def wait_ms(bucket: Bucket, limit: Limit, now_ms: int) -> int:
    """How long the bucket makes one wait; 0 where it gave."""
    try:
        bucket.spend(limit, now_ms)
    except Refusal as refusal:
        return int(refusal.facts["retry_after_ms"])
    return 0


def test_a_full_bucket_gives_its_burst_and_no_more() -> None:
    """Ten at once, the eleventh waits two seconds."""
    bucket, limit = Bucket(), Limit(10, 2_000)
    assert [wait_ms(bucket, limit, NOW_MS) for _ in range(12)] == [0] * 10 + [2_000] * 2


def test_an_empty_bucket_gives_one_more_every_so_often() -> None:
    """After the burst one comes per interval, however often it is asked."""
    bucket, limit = Bucket(), Limit(3, 1_000)
    given_at = [tenth for tenth in range(100) if not wait_ms(bucket, limit, NOW_MS + tenth * 100)]
    assert given_at == [0, 1, 2, 10, 20, 30, 40, 50, 60, 70, 80, 90]


def test_a_rested_bucket_is_full_and_not_fuller() -> None:
    """An hour of silence saves up no more than a burst."""
    bucket, limit = Bucket(), Limit(3, 1_000)
    wait_ms(bucket, limit, NOW_MS)
    assert [wait_ms(bucket, limit, NOW_MS + 3_600_000) for _ in range(4)] == [0, 0, 0, 1_000]


def test_a_clock_that_was_set_back_empties_no_bucket() -> None:
    """A bucket from an hour ahead is of another time."""
    bucket, limit = Bucket(), Limit(3, 1_000)
    wait_ms(bucket, limit, NOW_MS)
    assert wait_ms(bucket, limit, NOW_MS - 3_600_000) == 0


@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=60), st.integers(1, 5), st.integers(1, 2_000))
def test_the_wait_that_was_said_is_enough_and_not_too_long(steps: list[int], burst: int, every_ms: int) -> None:
    """Whoever waits as told is served, and a millisecond earlier is not."""
    bucket, limit, now_ms = Bucket(), Limit(burst, every_ms), NOW_MS
    for step in steps:
        now_ms += step
        wait = wait_ms(bucket, limit, now_ms)
        if wait:
            assert wait <= every_ms
            assert wait_ms(bucket, limit, now_ms + wait - 1) == 1
            assert wait_ms(bucket, limit, now_ms + wait) == 0
            now_ms += wait


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_lets_something_through(name: str) -> None:
    """No default shuts anybody out."""
    assert LIMITS[name].burst >= 1
    assert LIMITS[name].every_ms >= 1
