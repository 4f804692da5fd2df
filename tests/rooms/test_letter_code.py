"""Letter codes are easy to type, hard to guess, and can't be read back from what is stored."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.letter_code import ALPHABET, LENGTH, digest, make, normalise, spoken

LOOK_ALIKES = ("0OQD", "1IL", "2Z", "5S", "8B", "6G", "UV")
CODES = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


@pytest.mark.parametrize("group", LOOK_ALIKES)
def test_alphabet_has_at_most_one_of_what_looks_alike(group):
    """No two characters of a letter can be taken for each other."""
    assert sum(sign in ALPHABET for sign in group) <= 1


def test_made_codes_use_the_whole_alphabet_and_nothing_else():
    """Every code has ten characters, and every character comes up."""
    chance = random.Random(1)
    codes = [make(chance) for _ in range(500)]
    assert {len(code) for code in codes} == {LENGTH}
    assert set("".join(codes)) == set(ALPHABET)
    assert len(set(codes)) == len(codes)


def test_make_draws_from_the_secure_source_by_default():
    """Two letters never carry the same code."""
    assert make() != make()


@given(CODES)
def test_what_is_printed_is_understood(code):
    """The printed form, typed in small letters with spaces, is the same code."""
    assert normalise(spoken(code)) == code
    assert normalise(" ".join(code.lower())) == code


def test_spoken_is_two_halves():
    """A code is printed so that it can be read aloud."""
    assert spoken("ABCDEFGHJK") == "ABCDE-FGHJK"


def test_look_alikes_are_understood_where_only_one_is_meant():
    """Who types 2 for Z, 5 for S, 8 for B, 6 for G or u for V still gets in."""
    assert normalise("2586u 2586U") == "ZSBGVZSBGV"


@pytest.mark.parametrize(
    "text", ["", "ABCDE", "ABCDE-FGHJ", "ABCDE-FGHJKM", "0BCDE-FGHJK", "1BCDE-FGHJK", "ÄBCDE-FGHJK", "A" * 9999]
)
def test_what_cant_be_a_code_is_refused_without_being_repeated(text):
    """A refused code does not end up in a log."""
    with pytest.raises(ValueError, match="letter code") as refused:
        normalise(text)
    assert len(str(refused.value)) < 100
    assert "FGHJK" not in str(refused.value).split(":")[0]


def test_digest_depends_on_code_and_key():
    """Without the key nobody can find out which code a digest belongs to."""
    assert digest("ABCDEFGHJK", b"key") == "55f32796f9b413dec644df0a25dfc6bd0b98261af793ae974a5c9f036f93d719"
    assert digest("ABCDEFGHJK", b"key") != digest("ABCDEFGHJK", b"other")
    assert digest("ABCDEFGHJK", b"key") != digest("ABCDEFGHJM", b"key")


def test_digest_needs_a_key():
    """A town without a key stores no codes."""
    with pytest.raises(ValueError, match="key"):
        digest("ABCDEFGHJK", b"")
