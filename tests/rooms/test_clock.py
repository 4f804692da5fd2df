"""The clock: Redis's time, which a wrong wall clock does not move."""

from __future__ import annotations

import time

from rooms.clock import Clock


class Hand:
    """A monotonic clock that stands where it is put, in seconds."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


def test_until_redis_was_asked_the_wall_clock_is_the_guess() -> None:
    """The first second has a time too."""
    before = int(time.time() * 1000)
    assert before - 1 <= Clock().now_ms() <= int(time.time() * 1000) + 1


def test_the_clock_follows_redis_and_then_runs_by_itself() -> None:
    """Between two answers of Redis time goes on evenly."""
    hand = Hand()
    clock = Clock(hand)
    clock.follow(1_795_442_400_000.7)
    assert clock.now_ms() == 1_795_442_400_000
    hand.s += 1.5
    assert clock.now_ms() == 1_795_442_401_500


def test_a_store_whose_clock_was_set_is_noticed() -> None:
    """Deadlines move with it, so the jump is told; time that merely passed is none."""
    hand = Hand()
    clock = Clock(hand)
    clock.follow(1_795_442_400_000)
    hand.s += 1
    assert clock.follow(1_795_442_401_000) == 0
    hand.s += 1
    assert clock.follow(1_795_446_002_000) == 3_600_000


def test_a_wall_clock_that_jumps_moves_nothing() -> None:
    """A server whose own clock is set an hour ahead fires no deadline early."""
    hand = Hand()
    clock = Clock(hand)
    clock.follow(1_795_442_400_000)
    clock.follow(1_795_442_400_000)
    assert clock.now_ms() == 1_795_442_400_000
