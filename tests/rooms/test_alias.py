"""The name of an asker in a private case: the same in the case, another in every other, and nobody's clue."""

from __future__ import annotations

from rooms.alias import alias, mask

SECRET, OTHER = bytes(range(32)), bytes(32)
CASES = [f"p07.{number:012}" for number in range(50)]


def test_an_asker_has_one_name_in_one_case() -> None:
    """Whoever reads the case knows which words are the asker's."""
    assert alias(SECRET, CASES[0], "ada") == alias(SECRET, CASES[0], "ada")


def test_two_cases_of_one_asker_can_t_be_told_to_be_hers() -> None:
    """Neither by name, nor by id, nor by the device."""
    names = {alias(SECRET, case, "ada").id for case in CASES}
    devices = {mask(SECRET, case, "0123456789abcdef:1").partition(":")[0] for case in CASES}
    assert len(names) == len(devices) == len(CASES)
    assert "ada" not in names
    assert not any("0123456789abcdef" in device for device in devices)


def test_a_name_follows_from_the_secret() -> None:
    """Who has the store and not the secret can't find out by trying everybody."""
    assert alias(SECRET, CASES[0], "ada") != alias(OTHER, CASES[0], "ada")
    assert mask(SECRET, CASES[0], "device:1") != mask(OTHER, CASES[0], "device:1")


def test_an_alias_looks_like_a_neighbour() -> None:
    """An id of 12 signs, a name, a resident."""
    shown = alias(SECRET, CASES[0], "ada")
    assert (len(shown.id), shown.role, shown.organisation) == (12, "resident", None)
    assert shown.name.startswith("Buur ")


def test_masked_numbers_tell_commands_apart_and_not_their_order() -> None:
    """Each command has a number of its own, and none in which its device's counter shows."""
    masked = [mask(SECRET, CASES[0], f"0123456789abcdef:{count}") for count in (1, 2, 41)]
    assert len(set(masked)) == len({one.partition(":")[0] for one in masked}) == 3
    assert {one.partition(":")[2] for one in masked} == {"1"}
