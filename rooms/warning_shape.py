"""The words and shapes of warnings, and of the notices to those who were given one that was taken back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from rooms.shape import ADA, STREET, By, Emergency, Fields, Severity, WarningKind

WarningUrgency = Literal["immediate", "expected", "future", "past", "unknown"]  # CAP 1.2, 3.2.2
Certainty = Literal["observed", "likely", "possible", "unlikely", "unknown"]  # CAP 1.2, 3.2.2
Answer = Literal["see", "not_here", "over"]
"""I see it too; not here; it is over."""
WarningState = Literal["in_force", "cleared", "retracted", "expired"]
ClearReason = Literal["author", "staff", "neighbours"]
CorrectionKind = Literal["retracted", "corrected", "cleared"]
"""cleared: the all clear of an alert; who was given a warning is not told of its."""
Desk = Literal["police", "municipality", "care", "none"]
"""Who fits; care is a private case for the municipality (product.md 4)."""


class Counts(Fields, frozen=True):
    """How many neighbours answer what; each has one answer, the latest."""

    see: int
    not_here: int
    over: int


class Proposal(Fields, frozen=True, kw_only=True):
    """The desk that fits a text. confidence: in percent; words: of the text, by which it went."""

    desk: Desk
    confidence: int
    words: tuple[str, ...] = ()


class WarningView(Fields, frozen=True, kw_only=True):
    """A warning in force as it is now, whole.

    at: when it was raised, and when its answer to "112?" was given.  until: when it ends by itself.  desk: the one that
    was proposed, or that somebody chose since.  mine: one's own answer.  corrected: its text or its facts are no longer
    those of its entry.
    """

    room: str
    seq: int
    at: int
    by: By
    kind: WarningKind
    severity: Severity
    urgency: WarningUrgency
    certainty: Certainty
    text: str
    place_note: str | None = None
    until: int
    emergency: Emergency | None = None
    proposed: Proposal
    desk: Desk
    counts: Counts
    mine: Answer | None = None
    corrected: bool = False


class CorrectionView(Fields, frozen=True, kw_only=True):
    """A notice: what one was given is not so.

    id: by which it is marked as seen.  warning, at: its seq and its time.  seq: of the entry that took it back or
    corrected it.  text: what it says now.  reason, text: not for who has left the room since.  kind: of a warning.
    alert, headline: of an alert whose first entry was at `warning`; only who has left the room is told so.
    """

    id: str
    room: str
    warning: int
    at: int
    kind: WarningKind | None = None
    alert: str | None = None
    headline: str | None = None
    what: CorrectionKind
    seq: int
    reason: str | None = None
    text: str | None = None


ANSWERS: tuple[Answer, ...] = ("see", "not_here", "over")


def pinned(flat: Sequence[Any]) -> list[dict[str, Any]]:
    """What lua/fragments/pinned.lua tells one person, as WarningViews go over the wire, in the order of their seqs."""
    rows = zip(flat[::5], flat[1::5], flat[2::5], flat[3::5], flat[4::5], strict=True)
    views = (_view(packed, counts, mine.decode()) for packed, *counts, mine in rows)
    return sorted((view for view in views if view is not None), key=lambda view: int(view["seq"]))


def _view(packed: bytes, counts: Sequence[int], mine: str) -> dict[str, Any] | None:
    """A record as it stands for one person; by which account is nobody's to know. None for one that can't be read,
    which keeps nobody out of the room."""
    try:
        view: dict[str, Any] = msgspec.msgpack.decode(packed, type=dict)
    except msgspec.DecodeError:
        return None
    del view["person"], view["state"]
    view["counts"] = dict(zip(ANSWERS, counts, strict=True))
    return view | ({"mine": mine} if mine else {})


PROPOSED: dict[str, Any] = {"desk": "police", "confidence": 85, "words": ["deuren"]}
WARNING: dict[str, Any] = {
    "room": STREET, "seq": 117, "at": 1795442461234, "by": ADA, "kind": "suspicious", "severity": "moderate",
    "urgency": "immediate", "certainty": "observed",
    "text": "Iemand voelt aan alle deuren.", "until": 1795446061234, "emergency": "called", "proposed": PROPOSED,
    "desk": "police", "counts": {"see": 2, "not_here": 0, "over": 0}, "mine": "see",
}  # fmt: skip
NOTICE: dict[str, Any] = {
    "id": f"{STREET}:121", "room": STREET, "warning": 117, "at": 1795442461234, "kind": "suspicious",
    "what": "retracted", "seq": 121, "reason": "Het was de bezorger.",
}  # fmt: skip
"""For the examples."""
