"""How the names of places are compared and made into ids. PURE."""

import re
import unicodedata
from typing import Final

_APOSTROPHES: Final = "'’‘ʼ`´′"
# Letters that Unicode does not take apart, and that stand in street names all the same.
_WHOLE_LETTERS: Final = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
_APART: Final = str.maketrans(dict.fromkeys(_APOSTROPHES, ""))
_PLAIN: Final = str.maketrans({**_WHOLE_LETTERS, **dict.fromkeys(_APOSTROPHES, "")})
_WORD: Final = re.compile(r"[^\W_]+")


def fold(name: str) -> str:
    """*name* as it is compared: case, accents, apostrophes, hyphens and runs of spaces make no difference."""
    # Apostrophes go first: some of them decompose into a space, which would split the word.
    taken_apart = unicodedata.normalize("NFKD", name.translate(_APART)).casefold().translate(_PLAIN)
    return " ".join(_WORD.findall("".join(char for char in taken_apart if not unicodedata.combining(char))))


def slug(name: str) -> str:
    """*name* as part of an id: ASCII, lower case, "-" between words; empty when no Latin letter or digit is in it."""
    return "-".join(fold(name).encode("ascii", "ignore").decode().split())


def tidy(name: str) -> str:
    """*name* as it is kept and shown: composed letters (NFC), single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", name).split())
