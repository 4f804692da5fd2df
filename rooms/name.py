"""Display names: what a person may be called. PURE.

A name is unique in town by its `skeleton`, which the caller keeps. Residents may not sound like those with authority;
staff may, so their names are only `normalised`.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, Literal

from rooms.skeleton import skeleton, squeezed

__all__ = ["NameNotAllowed", "Reason", "check", "normalised", "skeleton"]

SHORTEST: Final = 2
LONGEST: Final = 40

Reason = Literal["too_short", "too_long", "characters", "no_letter", "authority"]

_SENTENCES: Final[dict[Reason, str]] = {
    "too_short": f"A name has at least {SHORTEST} characters.",
    "too_long": f"A name has at most {LONGEST} characters.",
    "characters": "A name has letters, digits, spaces, points, apostrophes and hyphens only.",
    "no_letter": "A name has at least one letter.",
    "authority": "This name sounds like police, municipality or BART itself.",
}

# Refused as a word of the name ("Agent Jan", not "Agentha"), and as the whole name however it is spaced.
AUTHORITY_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "police": ("politie", "police", "agent", "agente", "agenten", "wijkagent", "buurtagent", "hoofdagent", "officer"),
    "detectives": ("recherche", "rechercheur", "marechaussee"),
    "police elsewhere": ("polis", "policja", "polizei", "شرطة", "الشرطة", "полиция", "поліція"),
    "municipality": ("gemeente", "municipality", "burgemeester", "wethouder", "stadsdeel", "overheid"),
    "municipality elsewhere": ("belediye", "بلدية", "البلدية"),
    "enforcement": ("boa", "boas", "handhaving", "handhaver", "toezichthouder", "zabita"),
    "help": ("brandweer", "ambulance", "meldkamer", "hulpdienst", "hulpdiensten", "ggd", "nlalert"),
    "this system": ("moderator", "moderatie", "admin", "administrator", "beheerder", "beheer", "systeem", "system"),
}
# Refused anywhere, also inside a word, across spaces and stretched: long enough not to be in names by chance.
AUTHORITY_STEMS: Final[dict[str, tuple[str, ...]]] = {
    "police": ("politie", "police", "wijkagent", "wykagent", "marechaussee"),
    "municipality": ("gemeente", "municipality", "burgemeester", "handhaving", "handhaver"),
    "help": ("brandweer", "ambulance", "meldkamer", "nlalert"),
    "this system": ("moderator", "administrator", "beheerder"),
}
# Refused only as the whole name: Bart is also what many people are called, "Bart de Vries" passes for nobody.
AUTHORITY_NAMES: Final = ("bart", "bart systeem", "bart team", "team bart")
# Surnames that hold a stem and mislead nobody.
INNOCENT: Final = frozenset({"politiek"})

# 112 as a call ("112 Moerwijk", "Bel112"), not as one more number ("Buur 112").
_CALLS_112: Final = re.compile(r"(^|\b(bel|meld|call|alarm|nood|sos))[ .'-]*112(?!\d)", re.IGNORECASE)

_WORDS: Final = frozenset(skeleton(word) for words in AUTHORITY_WORDS.values() for word in words)
_STEMS: Final = tuple(squeezed(stem) for stems in AUTHORITY_STEMS.values() for stem in stems)
_NAMES: Final = frozenset(map(skeleton, AUTHORITY_NAMES))

# Phones write these by themselves.
_TYPOGRAPHIC: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-"})
_PUNCTUATION: Final = " .'-"
_SPLIT: Final = re.compile(r"[ .'-]+")
# Letters and marks that show nothing: Hangul and Khmer fillers, the grapheme joiner, selectors of variants.
_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# More marks on one letter than any language writes run over the neighbouring lines.
_STACKED_MARKS: Final = 3


class NameNotAllowed(ValueError):  # noqa: N818  a refusal, as elsewhere in the domain
    """This name can't be had; `reason` tells why. The sentence doesn't repeat the name, so that it may be logged."""

    def __init__(self, reason: Reason) -> None:
        self.reason: Reason = reason
        super().__init__(_SENTENCES[reason])


def check(name: str, reserved: Iterable[str] = ()) -> str:
    """The display name of a resident, normalised; *reserved*: words this town refuses besides those of authority.

    Raises NameNotAllowed. Whether it is taken, the caller asks with its `skeleton`.
    """
    tidy = normalised(name)
    if _sounds_official(tidy, _WORDS.union(map(skeleton, reserved))):
        raise NameNotAllowed("authority")
    return tidy


def normalised(name: str) -> str:
    """*name* in composed letters (NFC), single spaces, plain apostrophes and hyphens. Raises NameNotAllowed."""
    if len(name) > LONGEST * 4:  # Before anything is computed from it.
        raise NameNotAllowed("too_long")
    plain = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in name)
    tidy = re.sub(" +", " ", unicodedata.normalize("NFC", plain.translate(_TYPOGRAPHIC))).strip(" ")
    if not all(_may_stand(sign) for sign in tidy) or _INVISIBLE.search(tidy) or _has_stacked_marks(tidy):
        raise NameNotAllowed("characters")
    if len(tidy) < SHORTEST:
        raise NameNotAllowed("too_short")
    if len(tidy) > LONGEST:
        raise NameNotAllowed("too_long")
    if not any(sign.isalpha() for sign in tidy):
        raise NameNotAllowed("no_letter")
    return tidy


def _may_stand(sign: str) -> bool:
    category = unicodedata.category(sign)
    return sign in _PUNCTUATION or category[0] == "L" or category in ("Nd", "Mn", "Mc")


def _has_stacked_marks(name: str) -> bool:
    marks = "".join("m" if unicodedata.category(sign) == "Mn" else " " for sign in name)
    return "m" * _STACKED_MARKS in marks or marks.startswith("m")


def _sounds_official(name: str, words: frozenset[str]) -> bool:
    parts = [part for part in _SPLIT.split(name) if part and part.casefold() not in INNOCENT]
    # A number is no word, though 804 reads as one.
    read_as_words = [part for part in (*parts, *_spelled_out(parts)) if not part.isdigit()]
    stretched = squeezed("".join(parts))
    return (
        skeleton(name) in words | _NAMES
        or any(skeleton(part) in words for part in read_as_words)
        or any(stem in stretched for stem in _STEMS)
        or _CALLS_112.search(name) is not None
    )


def _spelled_out(parts: list[str]) -> list[str]:
    """Words of which the letters stand apart: "b o a Jan" has one."""
    letters = "".join(part if len(part) == 1 else " " for part in parts)
    return letters.split()
