"""The hint for texts that say how somebody looks and not what the person does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.looks import only_looks
from tests.rooms.labelled import labelled
from tests.rooms.triage_table import hint_table, hints_right


def test_nine_in_ten_of_a_hundred_texts_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """Looks only gets a hint; behaviour, with or without looks, gets none; nor does a text with neither."""
    with capsys.disabled():
        print("", hint_table("unseen"), hint_table("fresh"), sep="\n\n")
    assert hints_right(labelled("looks", "unseen")) >= 0.9


def test_the_hundred_are_half_without_looks() -> None:
    """The set is what the promise is about."""
    held = [row.meant for row in labelled("looks", "unseen")]
    assert len(held) == 100
    assert held.count("behaviour") + held.count("neither") == 50


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Twee getinte mannen met capuchons", ("skin", "dress")),
        ("busje met Pools kenteken", ("plates",)),
        ("Roemeense man van ongeveer 30 jaar", ("origin", "age")),
        ("bald man with a beard", ("body",)),
        ("shady types", ("impression",)),
    ],
)
def test_the_hint_says_what_it_saw(text: str, kinds: tuple[str, ...]) -> None:
    """The client can say it kindly and shortly: skin, origin, dress; what is missing is what the person does."""
    hint = only_looks(text)
    assert hint is not None
    assert hint.kinds == kinds


@pytest.mark.parametrize(
    "text", ["Getinte man voelt aan autodeuren", "black man breaking a window", "iemand volgt mij", "iets raars", ""]
)
def test_what_somebody_does_needs_no_hint(text: str) -> None:
    """Behaviour first: once it is there, looks may be told too."""
    assert only_looks(text) is None


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Nothing that can be typed is an error, and the words are the text's own."""
    hint = only_looks(text)
    assert hint is None or (hint.kinds and all(word in text for word in hint.words))
