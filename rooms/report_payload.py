"""What is asked of reports and measures, of entering a room and leaving it: the payloads of their commands. Pure.

A command that names a report names no room: its id carries its partition, as that of a case does.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from rooms.call import ClientId, Id, Payload
from rooms.report_shape import Decision, EntryMeasure, Measure, ReportReason
from rooms.shape import Ground, Seq

ReportId = Annotated[str, Meta(pattern=r"\Ap(0[0-9]|1[0-5])\.[a-z0-9]{12}\Z")]
Note = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]
Facts = Annotated[str, Meta(min_length=10, max_length=500, pattern=r"\S")]
MuteMinutes = Annotated[int, Meta(ge=60, le=30 * 24 * 60)]
SlowSeconds = Annotated[int, Meta(ge=5, le=60)]


class EnterRoom(Payload, frozen=True):
    room: Id
    client_id: ClientId
    ground: Ground


class OfRoom(Payload, frozen=True):
    room: Id
    client_id: ClientId


class FileReport(Payload, frozen=True):
    """note: for the moderator who takes it, and nobody else."""

    room: Id
    client_id: ClientId
    target: Seq
    reason: ReportReason
    note: Note | None = None


class ListReports(Payload, frozen=True):
    pass


class OfReport(Payload, frozen=True):
    report: ReportId
    client_id: ClientId


class ReadReport(Payload, frozen=True):
    report: ReportId


class DecideReport(Payload, frozen=True):
    """decision: on the author or on the entry.  entry: what becomes of the entry where the decision is on its author.
    rule, facts: the reasons that the author is told; not needed to keep.  minutes: of a mute."""

    report: ReportId
    client_id: ClientId
    decision: Decision
    entry: EntryMeasure = "keep"
    rule: ReportReason | None = None
    facts: Facts | None = None
    minutes: MuteMinutes | None = None

    def __post_init__(self) -> None:
        if self.decision != "keep" and (self.rule is None or self.facts is None):
            raise ValueError("Say which rule, and what happened - at `$.facts`")
        _check_minutes(self.decision, self.minutes)


class SecondReport(Payload, frozen=True):
    """agree: whether the author is expelled; else the first moderator decides anew."""

    report: ReportId
    client_id: ClientId
    agree: bool


class AppealReport(Payload, frozen=True):
    report: ReportId
    client_id: ClientId
    text: Facts


class TakeMeasure(Payload, frozen=True):
    """On an entry, or on its author, without a report. rule, facts: the reasons that the author is told."""

    room: Id
    client_id: ClientId
    target: Seq
    measure: Measure
    rule: ReportReason
    facts: Facts
    minutes: MuteMinutes | None = None

    def __post_init__(self) -> None:
        _check_minutes(self.measure, self.minutes)


def _check_minutes(measure: str, minutes: int | None) -> None:
    """Raises ValueError."""
    if (measure == "mute") is (minutes is None):
        raise ValueError("A mute has a length, and nothing else has - at `$.minutes`")


class SlowRoom(Payload, frozen=True):
    """seconds: between two messages of a resident; null for any."""

    room: Id
    client_id: ClientId
    seconds: SlowSeconds | None


class SeenNotice(Payload, frozen=True):
    id: Id
    client_id: ClientId
