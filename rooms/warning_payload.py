"""What is asked of warnings: the payloads of their commands. Pure."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from rooms.call import ClientId, Id, Payload
from rooms.shape import CaseKind, Emergency, Seq, Severity, WarningKind
from rooms.warning_shape import Answer, Certainty, Desk, WarningUrgency

Happening = Annotated[str, Meta(min_length=10, max_length=500, pattern=r"\S")]
Draft = Annotated[str, Meta(max_length=500)]
Reason = Annotated[str, Meta(min_length=3, max_length=280, pattern=r"\S")]
PlaceNote = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"\S")]
Until = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Minutes = Annotated[int, Meta(ge=1, le=24 * 60)]
LEAST, LEAST_OF_DEED = 10, 15
"""Characters of what is happening, and of what a suspicious person does."""


def _check_words(text: str) -> None:
    """Blanks around them are no words. Raises ValueError."""
    if len(text.strip()) < LEAST:
        raise ValueError(f"Say what is happening, in {LEAST} characters or more - at `$.text`")


class RaiseWarning(Payload, frozen=True):
    """until: ms since 1970; or minutes from now on; 60 minutes by default, at most 24 hours, of staff 7 days."""

    room: Id
    client_id: ClientId
    kind: WarningKind
    text: Happening
    severity: Severity = "unknown"
    urgency: WarningUrgency = "unknown"
    certainty: Certainty = "unknown"
    place_note: PlaceNote | None = None
    until: Until | None = None
    minutes: Minutes | None = None
    emergency: Emergency | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.minutes is not None:
            raise ValueError("A warning ends at a time or after some minutes, not both - at `$.minutes`")
        _check_words(self.text)
        if self.kind == "suspicious" and len(self.text.strip()) < LEAST_OF_DEED:
            raise ValueError(f"Say what the person does, in {LEAST_OF_DEED} characters or more - at `$.text`")


class CheckWarning(Payload, frozen=True):
    """A warning that is being written: nothing of it is kept."""

    text: Draft
    kind: CaseKind | None = None


class AnswerWarning(Payload, frozen=True):
    """answer: null takes it back. "Over" from the author or from staff is the all clear."""

    room: Id
    client_id: ClientId
    target: Seq
    answer: Answer | None


class OfWarning(Payload, frozen=True):
    room: Id
    client_id: ClientId
    target: Seq


class RetractWarning(Payload, frozen=True):
    room: Id
    client_id: ClientId
    target: Seq
    reason: Reason


class CorrectWarning(Payload, frozen=True):
    """Only what changes, one thing at least. until: ms since 1970."""

    room: Id
    client_id: ClientId
    target: Seq
    reason: Reason
    kind: WarningKind | None = None
    severity: Severity | None = None
    urgency: WarningUrgency | None = None
    certainty: Certainty | None = None
    text: Happening | None = None
    place_note: PlaceNote | None = None
    until: Until | None = None

    def __post_init__(self) -> None:
        if all(getattr(self, name) is None for name in CORRECTABLE):
            raise ValueError("A correction says what is different - at `$.text`")
        if self.text is not None:
            _check_words(self.text)


CORRECTABLE = ("kind", "severity", "urgency", "certainty", "text", "place_note", "until")


class RouteWarning(Payload, frozen=True):
    room: Id
    client_id: ClientId
    target: Seq
    desk: Desk


class ReachOfWarning(Payload, frozen=True):
    room: Id
    target: Seq


class SeenCorrection(Payload, frozen=True):
    """id: of the notice."""

    id: Id
    client_id: ClientId
