"""The codes of Statistics Netherlands (CBS), and what its files call them. PURE.

GM0518 is a municipality, WK051836 one of its wijken, BU05183637 a neighbourhood of that: each code begins with the
digits of the one above. Districts (stadsdelen) are a town's own and have no code.
"""

import re
from typing import Final

from rooms.place import Kind

_CODES: Final[dict[Kind, re.Pattern[str]]] = {
    "municipality": re.compile(r"GM(\d{4})", re.ASCII),
    "wijk": re.compile(r"WK(\d{4})\d{2}", re.ASCII),
    "neighbourhood": re.compile(r"BU(\d{4}\d{2})\d{2}", re.ASCII),
}
_PREFIX_ABOVE: Final[dict[Kind, str]] = {"wijk": "GM", "neighbourhood": "WK"}

# Kind -> the fields with its code and its name. From below upwards: a neighbourhood's feature names its wijk as well.
CODE_FIELDS: Final[dict[Kind, tuple[str, str]]] = {
    "neighbourhood": ("buurtcode", "buurtnaam"),
    "wijk": ("wijkcode", "wijknaam"),
    "municipality": ("gemeentecode", "gemeentenaam"),
}
# Field -> how files of different years spell the property; compared without case.
SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "buurtcode": ("buurtcode", "bu_code"),
    "buurtnaam": ("buurtnaam", "bu_naam"),
    "wijkcode": ("wijkcode", "wk_code"),
    "wijknaam": ("wijknaam", "wk_naam"),
    "gemeentecode": ("gemeentecode", "gm_code"),
    "gemeentenaam": ("gemeentenaam", "gm_naam"),
    "water": ("water", "h2o"),
}
# Stretches of water and of abroad fill the map's edges; nobody lives there, and they repeat codes of land.
UNINHABITED: Final = frozenset({"JA", "B"})


def tidy_code(code: str) -> str:
    """*code* in capitals when it is one of CBS, as it is otherwise."""
    capitals = code.upper()
    return capitals if kind_of_code(capitals) else code


def kind_of_code(code: str) -> Kind | None:
    """What a CBS code stands for; None when it is no such code."""
    return next((kind for kind, pattern in _CODES.items() if pattern.fullmatch(code)), None)


def code_above(code: str) -> str | None:
    """The code of the wijk of a neighbourhood, of the municipality of a wijk; None for anything else."""
    kind = kind_of_code(code)
    if kind is None or kind not in _PREFIX_ABOVE:
        return None
    match = _CODES[kind].fullmatch(code)
    return _PREFIX_ABOVE[kind] + match[1] if match else None
