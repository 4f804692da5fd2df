"""What a process has given whom since the last sweep: in order, nothing twice, nothing lost with a failed write."""

from __future__ import annotations

from rooms.given import Point
from server.ledger import Ledger

STREET = "BU05183637:jan-luykenlaan"


def test_it_is_kept_in_the_order_in_which_it_happened() -> None:
    """Who goes and comes again is here; what was taken is not taken again."""
    ledger = Ledger(lambda _: [])
    ledger.came("ada", STREET, 7, 9)
    ledger.went("ada", STREET, 12)
    ledger.came("ada", STREET, 13)
    assert ledger.take() == {
        STREET: [Point("ada", 7), Point("ada", 9), Point("ada", 12, is_here=False), Point("ada", 13)]
    }
    assert ledger.take() == {}


def test_a_warning_counts_for_everybody_there() -> None:
    """Each warning by its own number: one may be taken back before the next sweep."""
    there = ["ada", "ben"]
    ledger = Ledger(lambda room: there if room == STREET else [])
    ledger.warned(STREET, 5)
    ledger.warned(STREET, 6)
    assert ledger.take() == {STREET: [Point("ada", 5), Point("ben", 5), Point("ada", 6), Point("ben", 6)]}


def test_what_could_not_be_written_comes_first_next_time() -> None:
    """In front of what came since, or a later going would be undone by an earlier coming."""
    ledger = Ledger(lambda _: [])
    ledger.came("ada", STREET, 7)
    taken = ledger.take()
    ledger.went("ada", STREET, 8)
    ledger.put_back(taken)
    assert ledger.take() == {STREET: [Point("ada", 7), Point("ada", 8, is_here=False)]}
