"""An alert's messages as CAP 1.2 has them: each signed body becomes a message that names those it replaces. PURE."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rooms import alert_chain, cap
from rooms.alert_shape import AlertBody, AlertType, AlertWords
from rooms.cap import Alert, Area, MessageType, Reference, Words
from rooms.place import Places
from rooms.polygon import Ring
from rooms.shape import NamedPlace, OrganisationName

DRAWN: Final = "Op de kaart getekend"
"""The name of an area that was drawn, in the town's own language."""
SENDERS: Final[dict[OrganisationName, str]] = {"police": "politie", "municipality": "gemeente"}
TYPES: Final[dict[AlertType, MessageType]] = {
    "alert": "alert", "update": "update", "cancel": "cancel", "clear": "update",
}  # fmt: skip
"""An all clear is an update whose response type says so (CAP 1.2, 3.2.2)."""
AT_LEAST_MS: Final = 1_000
"""CAP writes whole seconds, and a message that ends an alert may come in its last one."""

_MESSAGE: Final = re.compile(r"([a-z2-7]{12})(?:-([2-9]|[1-9][0-9]{1,3}))?", re.ASCII)


def message_id(alert: str, n: int) -> str:
    """The identifier of an alert's *n*th message: the alert's own of the first, "k3m9x2w7q4v5-2" of the second."""
    return alert if n == 1 else f"{alert}-{n}"


def numbered(identifier: str) -> tuple[str, int] | None:
    """(alert, n) of a message's identifier; None for what is none."""
    found = _MESSAGE.fullmatch(identifier)
    return (found[1], int(found[2] or 1)) if found else None


def messages(alert: alert_chain.Alert, places: Places, sender: str) -> tuple[Alert, ...]:
    """The signed messages of an alert; its end by the clock is none, since each says itself until when it holds."""
    bodies = [message.said for message in alert.messages if message.type != "expired"]
    return chain(bodies, alert.ring, places, sender)


def chain(bodies: Sequence[AlertBody], ring: Ring, places: Places, sender: str) -> tuple[Alert, ...]:
    """The messages of one alert, the first one first.

    bodies: as they were signed, in their order.  ring: what the officer drew, empty where places were chosen.
    sender: for machines ("alerts@bart.example").
    """
    messages: list[Alert] = []
    references: tuple[Reference, ...] = ()
    for body in bodies:
        messages.append(_message(body, ring, places, sender, references))
        references += (messages[-1].reference,)
    return tuple(messages)


def _message(body: AlertBody, ring: Ring, places: Places, sender: str, references: tuple[Reference, ...]) -> Alert:
    return Alert(
        id=message_id(body.alert, body.n),
        sender=sender,
        sender_name=f"{body.sender_name}, {SENDERS[body.organisation]}",
        sent_ms=body.sent,
        expires_ms=max(body.expires_at, body.sent + AT_LEAST_MS),
        type=TYPES[body.type],
        severity=body.severity,
        urgency=body.urgency,
        certainty=body.certainty,
        category=body.category,
        words=tuple(_words(body)),
        areas=tuple(_areas(body.areas, ring, places)),
        link=body.link,
        references=references,
        all_clear=body.type == "clear",
        exercise=body.exercise,
    )


def _words(body: AlertBody) -> Iterator[Words]:
    """Why it ends stands before what it said, in the language in which the officer wrote it: the town's."""
    for number, words in enumerate(body.words):
        reason = f"{body.reason}\n\n" if body.reason and number == 0 else ""
        yield _in_one_language(words, reason)


def _in_one_language(words: AlertWords, reason: str) -> Words:
    return Words(
        language=words.language,
        event=words.event,
        headline=words.headline,
        text=reason + words.text,
        instruction=words.instruction,
    )


def _areas(named: Sequence[NamedPlace], ring: Ring, places: Places) -> Iterator[Area]:
    """The places with their codes, and what was drawn beside them: residents of each were reached as a whole."""
    for place in named:
        # A place that an import has taken away since keeps the name that was signed.
        yield cap.area(places, place.id) if place.id in places else Area(name=place.name)
    if ring:
        yield Area(name=DRAWN, ring=ring)
