"""Which sessions a process knows."""

from __future__ import annotations

from server.familiar import Familiar


def test_the_newest_are_remembered_and_the_oldest_forgotten() -> None:
    """Whoever came again counts as new."""
    familiar = Familiar(most=2)
    for session in ("ada", "ben", "ada", "cor"):
        familiar.meet(session)
    assert [session in familiar for session in ("ada", "ben", "cor")] == [True, False, True]
