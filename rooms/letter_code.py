"""Letter codes: what an admin sends by post to a street, and a neighbour types to join. PURE but for chance.

Ten characters of an alphabet of 25 are 46 bits: at a hundred wrong tries per town and hour, guessing is hopeless. Codes
are kept as an HMAC with a key outside the store alone, so that who reads the store can print no letters.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final, Protocol

# Of every group that looks alike at most one is in: not 0 O Q, not 1 I L, Z for 2, S for 5, B for 8, G for 6, V for U.
ALPHABET: Final = "ABCDEFGHJKMNPRSTVWXYZ3479"
LENGTH: Final = 10
# What a person may type for a letter that is in. 0 O Q 1 I L stand for nothing: they may be a D as well as a C or a J.
_MEANT: Final = str.maketrans({"2": "Z", "5": "S", "8": "B", "6": "G", "U": "V"})
_DROPPED: Final = str.maketrans(dict.fromkeys("-‐‑‒–—−_.", ""))
LONGEST_INPUT: Final = 100


class Chance(Protocol):
    """Where letters are drawn from: `secrets`, or a seeded random.Random in tests."""

    def choice(self, seq: Sequence[str], /) -> str: ...


def make(random: Chance = secrets) -> str:
    """A new code, as it is stored and compared; `spoken` is how it is printed."""
    return "".join(random.choice(ALPHABET) for _ in range(LENGTH))


def normalise(text: str) -> str:
    """The code that *text* means: capitals, no spaces or dashes, look-alikes understood where only one can be meant.

    Raises ValueError when it can't be a code. The error doesn't repeat the text, so that it may be logged.
    """
    if len(text) > LONGEST_INPUT:
        raise ValueError("too long for a letter code")
    code = "".join(text.upper().split()).translate(_DROPPED).translate(_MEANT)
    if len(code) != LENGTH or any(letter not in ALPHABET for letter in code):
        raise ValueError(f"a letter code has {LENGTH} of these: {ALPHABET}")
    return code


def spoken(code: str) -> str:
    """*code* in two halves, to be printed and read aloud: "ABCDE-FGHJK"."""
    half = LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def digest(code: str, key: bytes) -> str:
    """What is stored instead of a normalised *code*: its HMAC-SHA-256 in hex. Raises ValueError without a key."""
    if not key:
        raise ValueError("a digest without a key would protect nothing")
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()
