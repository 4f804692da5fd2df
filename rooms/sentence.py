"""A text as a list of words: folded for comparing, and where each stands in the text. PURE."""

import re
import unicodedata
from typing import Final, NamedTuple

_WORD: Final = re.compile(r"[^\W_]+(?:['’´`\u0300-\u036f][^\W_]*)*")
_BREAK: Final = re.compile(r"[,.;:!?()\n…–]")
_UNSAID: Final = str.maketrans(dict.fromkeys("'’´`"))
_RUN: Final = re.compile(r"(.)\1+")
_LONGEST: Final = 40
"""Of a longer word only this many letters are read, so that a page of "aaaa" costs what a sentence costs."""


class Word(NamedTuple):
    """A word of a text. folded: as it is compared; clause: 0, 1, 2 ... as commas and full stops cut the text."""

    folded: str
    start: int
    end: int
    clause: int


def read(text: str) -> list[Word]:
    """The words of *text* in order; text[word.start:word.end] is the word as it was typed."""
    words, clause, end = [], 0, 0
    for match in _WORD.finditer(text):
        clause += _BREAK.search(text, end, match.start()) is not None
        end = match.end()
        words.append(Word(fold(match.group()), match.start(), end, clause))
    return words


def fold(word: str) -> str:
    """*word* without case, accents and apostrophes: "Café's" and "cafés" are the same."""
    if word.isascii():
        return word[:_LONGEST].lower().translate(_UNSAID)
    apart = unicodedata.normalize("NFKD", word[:_LONGEST].translate(_UNSAID)).casefold()
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def squeezed(word: str) -> str:
    """A folded word with every run of one letter once: "brannnd" and "brand" are the same."""
    return _RUN.sub(r"\1", word)
