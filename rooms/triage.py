"""Which desk a text is for, by which words, and whether 112 comes first. Proposes; people decide. PURE.

The knowledge is in `words/triage.toml`: concepts with their terms and weights, and what concepts say together. Here is
only how they are weighed: find the concepts, turn what is denied ("geen inbraak") into evidence for `none`, add up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from importlib import resources
from itertools import takewhile
from typing import Final, Literal

import msgspec

from rooms.sentence import Word, read
from rooms.shape import CaseKind
from rooms.vocabulary import Vocabulary, terms

Desk = Literal["police", "municipality", "care", "none"]
DESKS: Final[tuple[Desk, ...]] = ("police", "care", "municipality", "none")
"""In the order in which a tie is decided: rather a desk too many than a call that nobody gets."""

_KIND_WEIGHT: Final = 2.0
_NOTHING_SAID: Final = 0.6
"""Stands against every desk, so that one faint word moves nobody."""
_DENIAL: Final = 0.5
"""The share of its weight that a denied word has for `none`: "geen inbraak, wel brand" is still for the police."""
_DOUBT: Final = 1.0
"""Stands against certainty: about 0.4 when nothing was found, 0.7 for one strong word, 0.9 for three that agree."""


class Proposal(msgspec.Struct, frozen=True):
    """What is proposed. confidence: 0 to 1; words: what it went by, words and phrases of the text, in that order."""

    desk: Desk
    confidence: float
    words: tuple[str, ...]
    dangerous: bool


class _Weighed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What something said weighs, per desk. danger: 112 is asked first; calms: it is said that there is none."""

    police: float = 0
    municipality: float = 0
    care: float = 0
    none: float = 0
    danger: Literal["always", "unless_past"] | None = None
    calms: bool = False

    def weight(self, desk: Desk) -> float:
        return float(getattr(self, desk))

    def total(self) -> float:
        return self.police + self.municipality + self.care + self.none


class _Concept(_Weighed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    nl: str = ""
    en: str = ""


class _Together(_Weighed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    all: frozenset[str]


class _Negation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reach: int
    words: str
    stops: str


class _Plain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: str


class _Knowledge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kinds: dict[CaseKind, Desk]
    negation: _Negation
    plain: _Plain
    concept: dict[str, _Concept]
    together: tuple[_Together, ...]


class _Evidence(msgspec.Struct, frozen=True):
    """One thing that counts. denied: it was said not to be so."""

    weighed: _Weighed
    places: frozenset[int]
    denied: bool

    def weight(self, desk: Desk) -> float:
        if self.denied:
            return self.weighed.total() * _DENIAL if desk == "none" else 0.0
        return self.weighed.weight(desk)


def _knowledge() -> _Knowledge:
    file = resources.files("rooms").joinpath("words/triage.toml")
    return msgspec.toml.decode(file.read_bytes(), type=_Knowledge)


_KNOWN: Final = _knowledge()
_VOCABULARY: Final = Vocabulary(
    {name: terms(concept.nl, concept.en) for name, concept in _KNOWN.concept.items()}, terms(_KNOWN.plain.words)
)
_NEGATIONS: Final = frozenset(terms(_KNOWN.negation.words))
_NOW: Final = _KNOWN.concept["now"]
_PAST: Final = _KNOWN.concept["past"]
_STOPS: Final = frozenset(terms(_KNOWN.negation.stops))


def propose(text: str, kind: CaseKind | None = None) -> Proposal:
    """The desk that fits *text*, as a best guess; the kind of the warning, when given, speaks along.

    Never raises; takes time in proportion to the text. A text that says nothing is for the desk `none`.
    """
    words = read(text)
    evidence = _evidence(words)
    scores = {desk: sum(one.weight(desk) for one in evidence) for desk in DESKS}
    scores["none"] += _NOTHING_SAID
    everything = _NOTHING_SAID + sum(one.weighed.total() for one in evidence)
    if kind in _KNOWN.kinds:
        scores[_KNOWN.kinds[kind]] += _KIND_WEIGHT
        everything += _KIND_WEIGHT
    desk = max(DESKS, key=scores.__getitem__)
    return Proposal(
        desk=desk,
        confidence=round(scores[desk] / (everything + _DOUBT), 2),
        words=_typed(text, words, [one for one in evidence if one.weight(desk)]),
        dangerous=_is_dangerous(evidence, desk),
    )


def _evidence(words: Sequence[Word]) -> list[_Evidence]:
    """What is said, each concept once however often it is said, and what that says together."""
    said: dict[str, _Evidence] = {}
    hits = _VOCABULARY.find(words)
    denials = _denials(words, {place for hit in hits for place in hit.places})
    for hit in hits:
        denied_by = {denials[place] for place in hit.places if place in denials}
        said[hit.concept] = _also(said.get(hit.concept), hit.concept, denied_by.union(hit.places), bool(denied_by))
    return [*said.values(), *_together(said)]


def _also(earlier: _Evidence | None, concept: str, places: AbstractSet[int], denied: bool) -> _Evidence:
    """What is known of a concept that is said once more: one that is not denied outdoes those that are."""
    if earlier is None or (earlier.denied and not denied):
        return _Evidence(_KNOWN.concept[concept], frozenset(places), denied)
    if denied and not earlier.denied:
        return earlier
    return _Evidence(earlier.weighed, earlier.places | places, denied)


def _together(said: Mapping[str, _Evidence]) -> Iterator[_Evidence]:
    for together in _KNOWN.together:
        if together.all <= said.keys():
            parts = [said[concept] for concept in together.all]
            yield _Evidence(
                together, frozenset().union(*(part.places for part in parts)), any(part.denied for part in parts)
            )


def _denials(words: Sequence[Word], meant: AbstractSet[int]) -> dict[int, int]:
    """The places of words that are denied -> of what denies them. meant: places in a term, which deny nothing more:
    "doet het niet" is a complaint.
    """
    return {
        place: at
        for at, word in enumerate(words)
        if word.folded in _NEGATIONS and at not in meant
        for place in _reach(words, at)
    }


def _reach(words: Sequence[Word], at: int) -> list[int]:
    """What a negation denies: the words after it; when it ends its clause those before ("een inbraak was het niet")."""
    reach = _KNOWN.negation.reach
    after = _same_clause(words, at, range(at + 1, min(at + reach + 1, len(words))))
    return after or _same_clause(words, at, range(at - 1, max(at - reach - 1, -1), -1))


def _same_clause(words: Sequence[Word], at: int, places: Iterable[int]) -> list[int]:
    return list(
        takewhile(lambda place: words[place].clause == words[at].clause and words[place].folded not in _STOPS, places)
    )


def _is_dangerous(evidence: Sequence[_Evidence], desk: Desk) -> bool:
    """Whether "112?" comes first. Only a text that is for nobody can be calmed: "vals alarm, was de barbecue"."""
    said = [one for one in evidence if not one.denied]
    if desk == "none" and any(one.weighed.calms for one in said):
        return False
    is_past = any(one.weighed is _PAST for one in said) and not any(one.weighed is _NOW for one in said)
    return any(one.weighed.danger == "always" or (one.weighed.danger is not None and not is_past) for one in said)


def _typed(text: str, words: Sequence[Word], evidence: Iterable[_Evidence]) -> tuple[str, ...]:
    """What it went by as it was typed: words with nothing but blanks between them are one phrase."""
    phrases: list[tuple[int, int]] = []
    for place in sorted(set[int]().union(*(one.places for one in evidence))):
        start, end = words[place].start, words[place].end
        if phrases and text[phrases[-1][1] : start].isspace():
            start = phrases.pop()[0]
        phrases.append((start, end))
    return tuple(dict.fromkeys(text[start:end] for start, end in phrases))
