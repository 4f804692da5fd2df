"""Which desk a text is for: the labelled set, negations, slips of the finger, and what holds for any text."""

from __future__ import annotations

import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.sentence import read
from rooms.triage import _KNOWN, DESKS, propose
from rooms.vocabulary import terms
from tests.rooms.labelled import labelled, right
from tests.rooms.triage_table import dangers, desks, triage_tables

TYPED = st.text(
    st.one_of(st.sampled_from("abcdefghijklmnopqrstuvwxyzéëïöüABCDEFGH ,.'!?-0123456789"), st.characters()),
    max_size=600,
)
ROWS = labelled("triage")
SENTENCES = st.sampled_from([row.text for row in ROWS])
SINGLE_WORDS = sorted(
    {
        term
        for concept in _KNOWN.concept.values()
        for term in terms(concept.nl, concept.en)
        if " " not in term and "*" not in term and concept.total() > 0
    }
)
DENIALS = sorted(set(terms(_KNOWN.negation.words)))

# The labelled set --------------------------------------------------------------------------------------


def test_nine_in_ten_of_the_unseen_half_find_their_desk(capsys: pytest.CaptureFixture[str]) -> None:
    """A resident's words are routed at least 90 % right on sentences the rules were not written from."""
    with capsys.disabled():
        print("", triage_tables("unseen"), triage_tables("fresh"), sep="\n\n")
    assert right(desks(labelled("triage", "unseen"))) >= 0.9


def test_sentences_written_after_the_rules_find_their_desk_too() -> None:
    """Four in five: what the rules have never met is for `none`, or for the desk of the warning's kind."""
    assert right(desks(labelled("triage", "fresh"))) >= 0.8


def test_112_comes_first_where_it_must() -> None:
    """Of the unseen texts with danger in them at least nine in ten ask "112?" first."""
    asked = [said for meant, said in dangers(labelled("triage", "unseen")) if meant == "112 first"]
    assert asked.count("112 first") / len(asked) >= 0.9


def test_the_set_is_what_the_promise_is_about() -> None:
    """Over 300 sentences, every desk in two languages, at least 150 never used for the rules, none of them twice."""
    assert len(ROWS) >= 300
    assert {(row.language, row.meant) for row in ROWS} == set(product(("nl", "en"), DESKS))
    assert len(labelled("triage", "unseen")) >= 150
    assert len({row.text for row in ROWS}) == len(ROWS)


# Sentences by hand -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "desk"),
    [
        ("mijn fiets is gestolen", "police"),
        ("fiets verkeerd geparkeerd op de stoep", "municipality"),
        ("vuilniszakken op straat", "municipality"),
        ("mijn buurvrouw van 84 is erg in de war", "care"),
        ("buren schreeuwen en hun kind huilt", "police"),
        ("kind alleen thuis en huilt al uren", "care"),
        ("bedankt allemaal", "none"),
        ("onze kat is weg", "none"),
        ("", "none"),
    ],
)
def test_words_together_say_whose_desk_it_is(text: str, desk: str) -> None:
    """A bike that is stolen is for the police, one that stands in the way for the municipality."""
    assert propose(text).desk == desk


@pytest.mark.parametrize(
    "text",
    [
        "geen inbraak", "er is niet ingebroken", "er is niks gestolen", "niet gevaarlijk", "nee hoor, geen brand",
        "no burglary", "nothing was stolen", "it wasn't a fight", "there was no fire or burglary",
        "een inbraak was het niet",
    ],
)  # fmt: skip
def test_what_is_denied_is_for_nobody(text: str) -> None:
    """Negations count: "geen inbraak" sends no police and asks for no 112."""
    proposal = propose(text)
    assert (proposal.desk, proposal.dangerous) == ("none", False)


@pytest.mark.parametrize(
    ("text", "desk"),
    [
        ("geen inbraak maar wel brand in de keuken", "police"),
        ("niet gewond, wel beroofd van mijn tas", "police"),
        ("de lantaarnpaal doet het niet", "municipality"),
        ("I haven't seen my old neighbour for days", "care"),
    ],
)
def test_a_negation_reaches_no_further_than_it_should(text: str, desk: str) -> None:
    """It ends with its clause, and "doet het niet" is a complaint of its own."""
    assert propose(text).desk == desk


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("inbrk bij de buren", "inbraak bij de buren"),
        ("gestoolen fiets", "gestolen fiets"),
        ("straatverlichtng kapot", "straatverlichting kapot"),
        ("hondepoep op de stoep", "hondenpoep op de stoep"),
        ("verwaarloosde kinderenn", "verwaarloosde kinderen"),
        ("geluids overlast van de bouw", "geluidsoverlast van de bouw"),
        ("fietsendief", "fietsen dief"),
        ("suicidaal", "suïcidaal"),
        ("brannnd in de flat", "brand in de flat"),
    ],
)
def test_slips_of_the_finger_change_nothing(typed: str, meant: str) -> None:
    """People type in a hurry: the desk and the 112 are those of what they meant."""
    assert (propose(typed).desk, propose(typed).dangerous) == (propose(meant).desk, propose(meant).dangerous)
    assert propose(typed).desk != "none"


@pytest.mark.parametrize(
    ("text", "dangerous"),
    [
        ("er wordt nu ingebroken", True),
        ("er is vorige week ingebroken", False),
        ("vechtpartij op het plein", True),
        ("gisteren was er een vechtpartij op het plein", False),
        ("gisteren was er brand en nu weer vlammen", True),
        ("gaslucht in het portiek", True),
        ("iemand ligt bewusteloos op straat", True),
        ("hij wil dood", True),
        ("vals alarm, was maar rook van de barbecue", False),
        ("stoeptegel los", False),
    ],
)
def test_112_is_asked_while_it_lasts(text: str, dangerous: bool) -> None:
    """What goes on now asks for 112; what is over, and what was a false alarm, does not."""
    assert propose(text).dangerous is dangerous


def test_the_kind_of_the_warning_speaks_along() -> None:
    """Words that say little are for the desk of the kind that was chosen; words that say much outweigh it."""
    assert propose("het is hier weer raak").desk == "none"
    assert propose("het is hier weer raak", "public_space").desk == "municipality"
    assert propose("er is vannacht ingebroken", "public_space").desk == "police"


def test_it_names_the_words_it_went_by() -> None:
    """People can see why: the words as they typed them, in their order, and only those for that desk."""
    assert propose("Bedankt! Mijn FIETS is gestólen").words == ("gestólen",)
    assert propose("hallo buren").words == ("hallo",)
    assert propose("Nee, geen inbraak").words == ("geen inbraak",)
    assert propose("Iemand klimt over de schutting.").words == ("klimt over de schutting",)


# What holds for any text -------------------------------------------------------------------------------


@given(TYPED)
def test_any_text_gets_a_proposal(text: str) -> None:
    """Nothing that can be typed is an error; the words are the text's own, and certainty is a share."""
    proposal = propose(text)
    assert 0 <= proposal.confidence <= 1
    assert all(word in text for word in proposal.words)
    assert propose(text) == proposal


@given(SENTENCES)
def test_case_and_accents_make_no_difference(text: str) -> None:
    """SHOUTED, whispered, or typed with loose accents: the same proposal."""
    known = propose(text)
    for typed in (text.upper(), text.lower(), unicodedata.normalize("NFD", text)):
        said = propose(typed)
        assert (said.desk, said.confidence, said.dangerous) == (known.desk, known.confidence, known.dangerous)


@given(st.lists(st.sampled_from(SINGLE_WORDS), min_size=1, max_size=4), st.sampled_from(DENIALS), st.data())
def test_a_negation_makes_no_desk_surer(words: list[str], denial: str, data: st.DataObject) -> None:
    """Denying a word takes from the desk it speaks for and gives to none: no other desk gets surer by it."""
    at = data.draw(st.integers(0, len(words) - 1))
    said = propose(", ".join(words))
    denied = propose(", ".join([*words[:at], f"{denial} {words[at]}", *words[at + 1 :]]))
    assert denied.desk != said.desk or said.desk == "none" or denied.confidence <= said.confidence


@given(SENTENCES)
def test_words_stand_where_they_were_typed(text: str) -> None:
    """Each word knows its place, one after the other."""
    words = read(text)
    assert [word.start for word in words] == sorted({word.start for word in words})
    assert all(text[word.start : word.end].strip() for word in words)


def test_a_page_of_one_letter_costs_no_more_than_its_length() -> None:
    """However long a word is typed, only its beginning is looked at."""
    assert len(read("a" * 100_000)[0].folded) <= 40
