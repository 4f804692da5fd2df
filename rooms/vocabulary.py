"""Terms that are looked for in a sentence, as people type them: compounds, word forms, slips of the finger. PURE.

A term is a word (`mes`), a beginning (`inbraak*`), an ending (`*dief`), or several of those in their order with at most
two other words between: `valt lastig` finds "valt mensen lastig", and `*` alone is any word. The longest term that fits
a word counts, and words of a term of several words count for nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, Generic, NamedTuple, TypeVar

from rooms.sentence import Word, fold, squeezed

T = TypeVar("T")

_SHORTEST_SQUEEZED: Final = 5
_SHORTEST_MISTYPED: Final = 8
"""Shorter words have too many honest neighbours: "stelen" (steal) and "spelen" (play) are one letter apart."""
_WORDS_BETWEEN: Final = 2
_REMEMBERED: Final = 4096


class Hit(NamedTuple):
    """A concept that was found. places: which words of the sentence said it, in order."""

    concept: str
    places: tuple[int, ...]


class _Phrase(NamedTuple):
    """What follows the first word of a term. wholes: the words of it that a sentence must have somewhere."""

    concept: str
    rest: tuple[str, ...]
    wholes: frozenset[str]


def terms(*lists: str) -> tuple[str, ...]:
    """The terms of lists that are written with commas."""
    return tuple(term.strip() for each in lists for term in each.split(",") if term.strip())


class _Index(Generic[T]):
    """What terms stand for, found by a word without trying every term."""

    def __init__(self) -> None:
        self._wholes = defaultdict[str, list[T]](list)
        self._beginnings = defaultdict[str, list[T]](list)
        self._endings = defaultdict[str, list[T]](list)
        self._beginning_lengths: tuple[int, ...] = ()
        self._ending_lengths: tuple[int, ...] = ()

    def add(self, term: str, meaning: T) -> None:
        if term.endswith("*"):
            self._beginnings[term[:-1]].append(meaning)
            self._beginning_lengths = _lengths(self._beginnings)
        elif term.startswith("*"):
            self._endings[term[1:]].append(meaning)
            self._ending_lengths = _lengths(self._endings)
        else:
            self._wholes[term].append(meaning)

    def longest(self, word: str) -> list[T]:
        """What the word itself stands for, else its longest known beginning and its longest known ending."""
        if word in self._wholes:
            return self._wholes[word]
        return [*next(self._begun(word), ()), *next(self._ended(word), ())]

    def every(self, word: str) -> Iterator[T]:
        """What the word itself, any beginning and any ending of it stand for."""
        return chain(self._wholes.get(word, ()), *self._begun(word), *self._ended(word))

    def _begun(self, word: str) -> Iterator[list[T]]:
        parts = (word[:length] for length in self._beginning_lengths if length <= len(word))
        return (self._beginnings[part] for part in parts if part in self._beginnings)

    def _ended(self, word: str) -> Iterator[list[T]]:
        parts = (word[-length:] for length in self._ending_lengths if length <= len(word))
        return (self._endings[part] for part in parts if part in self._endings)


class Vocabulary:
    """The terms of many concepts, indexed so that a word costs a few look-ups however many terms there are."""

    def __init__(self, concepts: Mapping[str, Iterable[str]], plain: Iterable[str] = ()) -> None:
        """concepts: name -> its terms; plain: ordinary words that are never taken for a term mistyped."""
        self._plain = frozenset(plain)
        self._terms, self._phrases = _Index[str](), _Index[_Phrase]()
        self._squeezed, self._mistyped = _Index[str](), defaultdict[str, list[tuple[str, str]]](list)
        for concept, terms in concepts.items():
            for term in terms:
                self._add(concept, term)
        # Half of what people write is the same two hundred words.
        self._concepts_of = lru_cache(_REMEMBERED)(self._concepts)
        self._phrases_of = lru_cache(_REMEMBERED)(self._starting)

    def find(self, words: Sequence[Word]) -> list[Hit]:
        """What is said in *words*, phrases before single words."""
        # Asked first, because "niet" alone begins a hundred terms and hardly any of them goes on in the same sentence.
        present = frozenset(word.folded for word in words)
        phrases = [hit for place in range(len(words)) for hit in self._phrases_at(words, place, present)]
        taken = {place for hit in phrases for place in hit.places}
        singles = [
            Hit(concept, (place,))
            for place, word in enumerate(words)
            if place not in taken
            for concept in self._concepts_of(word.folded)
        ]
        return phrases + singles

    def _add(self, concept: str, term: str) -> None:
        first, *rest = fold(term).split()
        if rest:
            wholes = frozenset(part for part in rest if "*" not in part)
            self._phrases.add(first, _Phrase(concept, tuple(rest), wholes))
            return
        self._terms.add(first, concept)
        bare = first.strip("*")
        if len(bare) >= _SHORTEST_SQUEEZED and not first.startswith("*"):
            self._squeezed.add(first.replace(bare, squeezed(bare)), concept)
        if len(bare) >= _SHORTEST_MISTYPED:
            for slip in {bare, *_one_letter_less(bare)}:
                self._mistyped[slip].append((bare, concept))

    def _starting(self, word: str) -> tuple[_Phrase, ...]:
        return tuple(self._phrases.every(word))

    def _concepts(self, word: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._likeliest(word)))

    def _likeliest(self, word: str) -> list[str]:
        """Of the word as it stands, else with its letters once, else with one slip of the finger."""
        found = self._terms.longest(word)
        if found or len(word) <= _SHORTEST_SQUEEZED or word in self._plain:
            return found
        found = self._squeezed.longest(squeezed(word))
        return found if found or len(word) < _SHORTEST_MISTYPED - 1 else self._mistyped_concepts(word)

    def _mistyped_concepts(self, word: str) -> list[str]:
        slips = (slip for slip in (word, *_one_letter_less(word)) if slip in self._mistyped)
        return [concept for slip in slips for term, concept in self._mistyped[slip] if _is_a_slip(word, term)]

    def _phrases_at(self, words: Sequence[Word], place: int, present: frozenset[str]) -> Iterator[Hit]:
        for phrase in self._phrases_of(words[place].folded):
            if phrase.wholes <= present and (places := _follow(phrase.rest, words, place)):
                yield Hit(phrase.concept, places)


def _lengths(parts: Iterable[str]) -> tuple[int, ...]:
    """The longest first."""
    return tuple(sorted({len(part) for part in parts}, reverse=True))


def _one_letter_less(word: str) -> Iterator[str]:
    """Two words with one of these in common are a letter apart: left out, doubled, wrong or changed places."""
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _is_a_slip(word: str, term: str) -> bool:
    """Whether *word* is *term* but for one letter, not the first: left out, added, wrong, or changed with the next."""
    if word[0] != term[0]:
        return False
    pairs = enumerate(zip(word, term, strict=False))
    start = next((at for at, (typed, wanted) in pairs if typed != wanted), min(len(word), len(term)))
    left, meant = word[start:], term[start:]
    return left[1:] in (meant[1:], meant) or left == meant[1:] or (left[1::-1] == meant[:2] and left[2:] == meant[2:])


def _follow(rest: tuple[str, ...], words: Sequence[Word], place: int) -> tuple[int, ...]:
    """Where the rest of a phrase stands after its first word at *place*; empty when it does not, in this clause."""
    places = [place]
    for part in rest:
        start = places[-1] + 1
        within = range(start, min(start + _WORDS_BETWEEN + 1, len(words)))
        here = (at for at in within if words[at].clause == words[place].clause and _fits(part, words[at].folded))
        at = next(here, None)
        if at is None:
            return ()
        places.append(at)
    return tuple(places)


def _fits(part: str, word: str) -> bool:
    if part.endswith("*"):
        return word.startswith(part[:-1])
    return word.endswith(part[1:]) if part.startswith("*") else word == part
