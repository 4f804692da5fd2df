"""What neighbours say: sentences composed of small parts, by situation. The words stand in phrases.json.

`{spot}` in a sentence is a part drawn by chance; parts may hold others. What is named under `held` is drawn once per
conversation, so that the cat which is missed is the cat that is found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from random import Random

import msgspec

from rooms.person import Organisation
from rooms.shape import OutcomeCode, Severity, WarningKind

_PART = re.compile(r"\{(\w+)\}")
_BEGINNING = re.compile(r"(^|[.!?]\s+)([a-zà-ÿ])")


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One conversation: who opens it, what others answer, and what the first says in the end."""

    opens: tuple[str, ...]
    answers: tuple[str, ...]
    closes: tuple[str, ...]


class Alarm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sort of warning. notes: where; sees: what is said by who sees it too.  to, asks: whom some call, and how."""

    kind: WarningKind
    severity: Severity
    opens: tuple[str, ...]
    notes: tuple[str, ...]
    sees: tuple[str, ...]
    to: Organisation | None
    asks: tuple[str, ...]


class Desk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What staff say who take a call: at once, a little later, and the outcome."""

    hello: tuple[str, ...]
    works: tuple[str, ...]
    outcomes: tuple[tuple[OutcomeCode, str], ...]


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    held: frozenset[str]
    parts: dict[str, tuple[str, ...]]
    topics: dict[str, Topic]
    alarms: tuple[Alarm, ...]
    desk: dict[Organisation, Desk]


@cache
def read() -> Phrases:
    return msgspec.json.decode(resources.files("server.demo").joinpath("phrases.json").read_bytes(), type=Phrases)


class Words:
    """The words of one conversation. Nothing is said twice in it while there is something else to say."""

    def __init__(self, phrases: Phrases, chance: Random) -> None:
        self._phrases, self._chance = phrases, chance
        self._held: dict[str, str] = {}
        self._said: set[str] = set()

    def one_of(self, sentences: Sequence[str]) -> str:
        """One of these, whole: its parts filled in, each sentence with a capital."""
        fresh = [sentence for sentence in sentences if sentence not in self._said] or sentences
        chosen = self._chance.choice(fresh)
        self._said.add(chosen)
        filled = " ".join(self._filled(chosen).split())
        return _BEGINNING.sub(lambda match: match[1] + match[2].upper(), filled)

    def _filled(self, sentence: str) -> str:
        return _PART.sub(lambda match: self._filled(self._part(match[1])), sentence)

    def _part(self, name: str) -> str:
        if name not in self._held:
            drawn = self._chance.choice(self._phrases.parts[name])
            if name not in self._phrases.held:
                return drawn
            self._held[name] = drawn
        return self._held[name]
