"""What an alert is about, in a few words of the reader's language: CAP's <event> (CAP 1.2, 3.2.2)."""

from functools import cache
from importlib import resources

import msgspec

from rooms.cap import Category

ELSE = "en"
"""The language of the words where the catalogue has none of the reader's."""


def event_word(category: Category, language: str) -> str:
    """The words for *category* in *language* ("nl", "en-GB"), in English where the catalogue lacks the language."""
    words = _catalogue()[category]
    return words.get(language.partition("-")[0].lower(), words[ELSE])


@cache
def _catalogue() -> dict[Category, dict[str, str]]:
    """category -> language -> words."""
    file = resources.files("rooms").joinpath("data/alert_events.json")
    return msgspec.json.decode(file.read_bytes(), type=dict[Category, dict[str, str]])
