"""What a name looks like at a glance, so that nobody passes for somebody else. PURE.

After the idea of Unicode's UTS #39 (skeletons), with tables of our own: only what can be typed into a name, and the
look of digits and of letter pairs. A skeleton is compared and never shown.
"""

import re
import unicodedata
from typing import Final

# Capitals and small letters apart, because they look alike with different Latin letters: capital eta is H, small eta n.
_FOREIGN: Final = (
    ("АВЕЅІЈКМНОРСТУХҮԚԜӀЗЬГЅԌΥ", "ABESIJKMHOPCTYXYQWIEBRSGY"),  # Cyrillic
    ("авеѕіјкмнорстухүԛԝһԁьгӏєөзґԍ", "abesijkmhopctyxyqwhdbrleoerg"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϺ", "ABEZHIKMNOPTYXCM"),  # Greek
    ("αβγεηικνορςτυχϲϳωϱ", "abyenikvopstuxcjwp"),
    ("ՕՍՏԼՀ", "OUSLH"),  # Armenian
    ("օսհոցյզքլ", "ouhngjqpl"),
    ("ᎪᏴᏟᎠᎬᎻᏆᎫᏦᏞᎷᏢᏚᎢᏔᏃᎡᏙ", "ABCDEHIJKLMPSTWZRV"),  # Cherokee
    ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),  # Latin small capitals
    ("øđðłħŧıɩɑɡƅþĸŋƒǀǃɫŀʟƖɨʋɯɐǝə", "oddlhtiiagbpknfllllliivwaee"),  # Latin letters that don't come apart
)
_ONE_FOR_ONE: Final = {look: latin for looks, latins in _FOREIGN for look, latin in zip(looks, latins, strict=True)}
_LATIN: Final = str.maketrans({**_ONE_FOR_ONE, "æ": "ae", "œ": "oe"})
_PAIRS: Final = (("rn", "m"), ("vv", "w"))
# No two digits become one letter: "Jan 6" and "Jan 9" are two people.
_LOOK: Final = str.maketrans({"0": "o", "1": "l", "i": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"})
_LONG_RUN: Final = re.compile(r"([^\W\d_])\1{2,}")
_RUN: Final = re.compile(r"(.)\1+")


def skeleton(name: str) -> str:
    """The same text for names that look alike: "P0litie", "p o l i t i e", and "Ρolitie" with a Greek rho.

    Two letters stay two ("Ana" is not "Anna"), more become one ("Annnna"). Digits that repeat stay: "Jan 1", "Jan 11".
    """
    return _LONG_RUN.sub(r"\1", _letters(name)).translate(_LOOK)


def squeezed(name: str) -> str:
    """The skeleton with every repeated sign once, for finding a word that was stretched: "Pollittie"."""
    return _RUN.sub(r"\1", _letters(name)).translate(_LOOK)


def _letters(name: str) -> str:
    """Latin small letters and digits where the name has something that looks so; other letters as they are."""
    apart = _without_marks(unicodedata.normalize("NFKD", name)).translate(_LATIN).casefold()
    # Again: what casefolding or the first table produced may come apart, or look like something else, in its turn.
    latin = _without_marks(unicodedata.normalize("NFKD", apart)).translate(_LATIN).casefold()
    kept = "".join(_digit(sign) for sign in latin if sign.isalnum())
    for pair, look in _PAIRS:
        kept = kept.replace(pair, look)
    return kept


def _without_marks(text: str) -> str:
    return "".join(sign for sign in text if not unicodedata.category(sign).startswith("M"))


def _digit(sign: str) -> str:
    """A decimal digit of any script as the ASCII one; anything else as it is."""
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)
