"""What is asked of alerts: the payloads of their commands. Pure."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from rooms.call import ClientId, Id, Payload
from rooms.cap import Category
from rooms.shape import Severity
from rooms.warning_shape import Certainty, WarningUrgency

AlertId = Annotated[str, Meta(pattern=r"\A[a-z2-7]{12}\Z")]
Headline = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"\S")]
AlertText = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"\S")]
Instruction = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]
Language = Annotated[str, Meta(pattern=r"\A[a-z]{2,3}(-[A-Z]{2})?\Z")]
Link = Annotated[str, Meta(min_length=1, max_length=500)]
Moment = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Why = Annotated[str, Meta(min_length=3, max_length=280, pattern=r"\S")]
TypedCode = Annotated[str, Meta(min_length=1, max_length=20)]
Places = Annotated[tuple[Id, ...], Meta(min_length=1, max_length=400)]
Points = Annotated[tuple[tuple[float, float], ...], Meta(min_length=1, max_length=200)]
OWN_LANGUAGE = "nl"
"""Of the town: what is asked for without a language."""
MOST_LANGUAGES = 9


class Variant(Payload, frozen=True):
    """The words in one more language than the town's own."""

    language: Language
    headline: Headline
    text: AlertText
    instruction: Instruction | None = None


Variants = Annotated[tuple[Variant, ...], Meta(max_length=MOST_LANGUAGES)]


def _check_languages(languages: tuple[Variant, ...]) -> None:
    """Each once, and none for the town's own, of whatever country. Raises ValueError."""
    named = [variant.language for variant in languages]
    if len(set(named)) < len(named) or OWN_LANGUAGE in {name.partition("-")[0] for name in named}:
        raise ValueError(f"Each language once; {OWN_LANGUAGE} stands in the alert itself - at `$.languages`")


class PreviewAlert(Payload, frozen=True):
    """places: ids, at any level; or polygon: a closed ring of (longitude, latitude) in degrees, one of the two.

    expires_at: ms since 1970, 5 minutes to 72 hours from now; 2 hours by default.  link: https, on an allowed host.
    """

    headline: Headline
    text: AlertText
    severity: Severity
    urgency: WarningUrgency
    certainty: Certainty
    category: Category
    places: Places | None = None
    polygon: Points | None = None
    instruction: Instruction | None = None
    expires_at: Moment | None = None
    languages: Variants = ()
    link: Link | None = None
    exercise: bool = False

    def __post_init__(self) -> None:
        if (self.places is None) == (self.polygon is None):
            raise ValueError("An area is places or a polygon, one of the two - at `$.places`")
        _check_languages(self.languages)


class BroadcastAlert(Payload, frozen=True):
    """code: what the preview gave to be typed back, where it gave one."""

    preview: AlertId
    client_id: ClientId
    code: TypedCode | None = None


class OfAlert(Payload, frozen=True):
    alert: AlertId
    client_id: ClientId


class ApproveAlert(Payload, frozen=True):
    """due: until when what one has read waits; another update that waits by now is not approved in its place."""

    alert: AlertId
    client_id: ClientId
    due: Moment | None = None


CHANGEABLE = ("headline", "text", "instruction", "severity", "urgency", "certainty", "expires_at", "languages")


class UpdateAlert(Payload, frozen=True):
    """Only what changes, one thing at least; the area never does.

    languages: all other languages from now on; they must come along where the words of an alert that has any change.
    """

    alert: AlertId
    client_id: ClientId
    headline: Headline | None = None
    text: AlertText | None = None
    instruction: Instruction | None = None
    severity: Severity | None = None
    urgency: WarningUrgency | None = None
    certainty: Certainty | None = None
    expires_at: Moment | None = None
    languages: Variants | None = None

    def __post_init__(self) -> None:
        if all(getattr(self, name) is None for name in CHANGEABLE):
            raise ValueError("An update says what is different - at `$.text`")
        _check_languages(self.languages or ())


class CancelAlert(Payload, frozen=True):
    alert: AlertId
    client_id: ClientId
    reason: Why


class ClearAlert(Payload, frozen=True):
    alert: AlertId
    client_id: ClientId
    reason: Why | None = None


class SeenAlert(Payload, frozen=True):
    """n: which message of it; the newest where left out."""

    alert: AlertId
    room: Id
    client_id: ClientId
    n: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None


class DeliveredAlert(Payload, frozen=True):
    alert: AlertId
    room: Id


class ListAlerts(Payload, frozen=True):
    """All that concern one's own area: those in force, the ended ones of a day, and the own organisation's waiting."""


class ReachOfAlert(Payload, frozen=True):
    alert: AlertId
