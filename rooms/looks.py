"""A text that says how somebody looks, and not what the person does, gets a hint. PURE.

Only for *suspicious situation*; the words are in `words/looks.toml`. The author may still send; nobody is scored.
"""

from importlib import resources
from typing import Final, Literal

import msgspec

from rooms.sentence import read
from rooms.vocabulary import Vocabulary, terms

LookKind = Literal["origin", "skin", "dress", "body", "age", "plates", "impression"]


class Hint(msgspec.Struct, frozen=True):
    """What the text has instead of behaviour. kinds, words: in the order of the text, the words as they stand there."""

    kinds: tuple[LookKind, ...]
    words: tuple[str, ...]


class _Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nl: str
    en: str


class _Plain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: str


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    plain: _Plain
    looks: dict[LookKind, _Terms]
    does: dict[str, _Terms]


def _words() -> _Words:
    file = resources.files("rooms").joinpath("words/looks.toml")
    return msgspec.toml.decode(file.read_bytes(), type=_Words)


def _vocabulary(groups: dict[str, _Terms] | dict[LookKind, _Terms]) -> Vocabulary:
    return Vocabulary({name: terms(group.nl, group.en) for name, group in groups.items()}, _PLAIN)


_WORDS: Final = _words()
_PLAIN: Final = terms(_WORDS.plain.words)
_LOOKS: Final = _vocabulary(_WORDS.looks)
_DOES: Final = _vocabulary(_WORDS.does)


def only_looks(text: str) -> Hint | None:
    """The hint for *text*; None when it says what somebody does, or nothing of how somebody looks."""
    words = read(text)
    if _DOES.find(words):
        return None
    hits = sorted(_LOOKS.find(words), key=lambda hit: hit.places)
    if not hits:
        return None
    return Hint(
        kinds=tuple(dict.fromkeys(msgspec.convert(hit.concept, LookKind) for hit in hits)),
        words=tuple(dict.fromkeys(text[words[at].start : words[at].end] for hit in hits for at in hit.places)),
    )
