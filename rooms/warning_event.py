"""The table of events of warnings; `event.EVENTS` holds them with the others. Pure."""

from __future__ import annotations

from rooms.shape import CLIENT_ID, Emergency, Fields, Row, Severity, WarningKind
from rooms.warning_shape import (
    NOTICE,
    PROPOSED,
    Answer,
    Certainty,
    ClearReason,
    CorrectionView,
    Counts,
    Desk,
    Proposal,
    WarningUrgency,
)


class WarningRaised(Fields, frozen=True, kw_only=True):
    """until: ms; emergency: the answer to "112?", which everybody sees with the time of the entry."""

    kind: WarningKind
    severity: Severity
    urgency: WarningUrgency
    certainty: Certainty
    text: str
    place_note: str | None = None
    until: int
    emergency: Emergency | None = None
    proposed: Proposal
    client_id: str


class WarningAnswered(Fields, frozen=True, kw_only=True):
    """answer: the person's one answer from now on; left out where it was taken back. counts: after it."""

    target: int
    answer: Answer | None = None
    counts: Counts
    client_id: str


class WarningCleared(Fields, frozen=True):
    """client_id: of none where it were the neighbours."""

    target: int
    reason: ClearReason
    client_id: str | None = None


class WarningExpired(Fields, frozen=True):
    target: int


class WarningRetracted(Fields, frozen=True):
    target: int
    reason: str
    client_id: str


class WarningCorrected(Fields, frozen=True, kw_only=True):
    """Only what changed."""

    target: int
    reason: str
    kind: WarningKind | None = None
    severity: Severity | None = None
    urgency: WarningUrgency | None = None
    certainty: Certainty | None = None
    text: str | None = None
    place_note: str | None = None
    until: int | None = None
    client_id: str


class WarningRouted(Fields, frozen=True):
    target: int
    desk: Desk
    client_id: str


class CorrectionGiven(Fields, frozen=True):
    correction: CorrectionView


class CorrectionClosed(Fields, frozen=True):
    id: str


WARNING_EVENTS: dict[str, Row] = {
    "warning.raised": Row(
        WarningRaised, "members", "A warning: what is happening, and until when it is in force.",
        {"kind": "suspicious", "severity": "moderate", "urgency": "immediate", "certainty": "observed",
         "text": "Iemand voelt aan alle deuren.", "until": 1795446061234, "emergency": "called", "proposed": PROPOSED,
         "client_id": CLIENT_ID}, "warning",
    ),
    "warning.answered": Row(
        WarningAnswered, "members", "A neighbour's one-tap answer; a person's latest one counts.",
        {"target": 117, "answer": "see", "counts": {"see": 3, "not_here": 0, "over": 0}, "client_id": CLIENT_ID},
        "warning",
    ),
    "warning.cleared": Row(
        WarningCleared, "members", "All clear: by the author, by staff, or because three neighbours say it is over.",
        {"target": 117, "reason": "neighbours"}, "warning",
    ),
    "warning.expired": Row(
        WarningExpired, "members", "A warning's time is over; nobody needs to be called for that.", {"target": 117},
        "warning",
    ),
    "warning.retracted": Row(
        WarningRetracted, "members", "A warning is taken back; who was given it gets a notice as well.",
        {"target": 117, "reason": "Het was de bezorger.", "client_id": CLIENT_ID}, "warning",
    ),
    "warning.corrected": Row(
        WarningCorrected, "members", "A warning says something else now; who was given it gets a notice as well.",
        {"target": 117, "reason": "Het is een straat verder.", "text": "Iemand voelt aan deuren in de zijstraat.",
         "client_id": CLIENT_ID}, "warning",
    ),
    "warning.routed": Row(
        WarningRouted, "members", "Somebody chose another desk than the one proposed; nobody is called by that.",
        {"target": 117, "desk": "municipality", "client_id": CLIENT_ID}, "warning",
    ),
    "correction.given": Row(
        CorrectionGiven, "the person", "A warning that you were given was taken back or corrected.",
        {"correction": NOTICE},
    ),
    "correction.closed": Row(
        CorrectionClosed, "the person", "Another device of yours has seen this notice.", {"id": NOTICE["id"]}
    ),
}  # fmt: skip
