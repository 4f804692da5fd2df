"""What an officer types, as an alert says it: cleaned, in every language, with the word for what it is about. Pure."""

from __future__ import annotations

import unicodedata

import msgspec

from rooms.alert_chain import Content
from rooms.alert_payload import OWN_LANGUAGE, PreviewAlert, UpdateAlert, Variant
from rooms.alert_shape import AlertWords
from rooms.alert_words import event_word
from rooms.cap import Category, clean
from rooms.refusal import Refusal

CHANGEABLE_FACTS = ("severity", "urgency", "certainty", "expires_at")
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs by their category that show nothing: fillers of Hangul, the empty braille cell."""


def first(said: PreviewAlert, expires_at: int) -> Content:
    """What a new alert says. Raises Refusal("bad_request", field) where nothing is left of a text."""
    own = _words(said.category, OWN_LANGUAGE, said.headline, said.text, said.instruction)
    return Content(
        severity=said.severity, urgency=said.urgency, certainty=said.certainty, expires_at=expires_at,
        words=(own, *_variants(said.category, said.languages)),
    )  # fmt: skip


def changed(content: Content, category: Category, said: UpdateAlert) -> Content:
    """What an alert says after an update; what the update leaves out stays.

    Raises Refusal("bad_request"): field languages where the words change and other languages would go on saying what
    was so, else as `first` does.
    """
    own = content.words[0]
    worded = _words(
        category, own.language, said.headline or own.headline, said.text or own.text,
        said.instruction or own.instruction,
    )  # fmt: skip
    if said.languages is None and worded != own and len(content.words) > 1:
        message = "Say it in the other languages too, or name none to leave them out."
        raise Refusal("bad_request", field="languages", message=message)
    others = content.words[1:] if said.languages is None else tuple(_variants(category, said.languages))
    facts = {name: value for name in CHANGEABLE_FACTS if (value := getattr(said, name)) is not None}
    return msgspec.structs.replace(content, words=(worded, *others), **facts)


def _variants(category: Category, languages: tuple[Variant, ...]) -> list[AlertWords]:
    return [_words(category, one.language, one.headline, one.text, one.instruction) for one in languages]


def _words(category: Category, language: str, headline: str, text: str, instruction: str | None) -> AlertWords:
    return AlertWords(
        language=language,
        event=event_word(category, language),
        headline=cleaned(headline, "headline"),
        text=cleaned(text, "text"),
        instruction=None if instruction is None else cleaned(instruction, "instruction"),
    )


def cleaned(text: str, field: str) -> str:
    """Without what no document can carry; signed so, since every reader must find the same.

    Raises Refusal("bad_request", field) where nothing is left that anybody could see.
    """
    text = clean(text).strip()
    if not any(_is_seen(character) for character in text):
        raise Refusal("bad_request", field=field)
    return text


def _is_seen(character: str) -> bool:
    """Not a space, nor a joiner, a direction or another mark that shows with others alone."""
    return character not in BLANK and unicodedata.category(character)[0] in "LNPS"
