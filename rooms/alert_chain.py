"""An alert as its record holds it: what it says, its area, and the chain of messages that have been sent. Pure."""

from __future__ import annotations

from typing import Literal

import msgspec

from rooms.alert_shape import AlertBody, AlertState, AlertType, AlertWords, PendingUpdate, StaffAlertView
from rooms.cap import Category
from rooms.polygon import Ring
from rooms.shape import By, NamedPlace, OrganisationName, Severity
from rooms.warning_shape import Certainty, WarningUrgency

MessageType = AlertType | Literal["expired"]
PUBLIC: frozenset[AlertState] = frozenset({"in_force", "cancelled", "cleared", "expired"})
"""States of what residents were given."""
ORGANISATIONS: tuple[OrganisationName, ...] = ("police", "municipality")


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert says, as far as an update may change it. expires_at: ms; words: the town's own language first."""

    severity: Severity
    urgency: WarningUrgency
    certainty: Certainty
    words: tuple[AlertWords, ...]
    expires_at: int


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message of the chain, as every room of the area is given it.

    n: from 1.  sent: when it was committed.  by: who says it; approver: who approved it, where somebody had to.
    body, signature, key: see `AlertSent`; the end by the clock has none.
    """

    n: int
    type: MessageType
    sent: int
    by: By
    approver: By | None = None
    body: str = ""
    signature: str = ""
    key: str = ""

    @property
    def said(self) -> AlertBody:
        """What it says. Raises msgspec.DecodeError for the end by the clock, which says nothing."""
        return msgspec.json.decode(self.body, type=AlertBody)


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """An update that waits for the second officer until `lapses_at`."""

    by: By
    content: Content
    lapses_at: int


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert, whole.

    version: of the record, rises with every step.  author: who broadcast it; approver: who approved it, or its last
    update.  areas: as chosen; ring: the polygon that meant them, empty where they were named; rooms: of the cover;
    neighbourhoods: where those residents live.  made: when it was broadcast; changed: when staff last saw it change.
    approved: the severity that a second officer has seen, None where none had to.  lapses_at: while it waits.
    delivered: so many messages are in every room.  put_off_until: where delivery has failed.
    """

    id: str
    version: int = 0
    organisation: OrganisationName
    author: By
    approver: By | None = None
    state: AlertState = "waiting"
    category: Category
    content: Content
    areas: tuple[NamedPlace, ...]
    ring: Ring = ()
    rooms: tuple[str, ...]
    neighbourhoods: tuple[NamedPlace, ...]
    districts: tuple[str, ...]
    link: str | None = None
    exercise: bool = False
    members: int
    needs_approval: bool = False
    approved: Severity | None = None
    made: int = 0
    changed: int = 0
    lapses_at: int = 0
    messages: tuple[Message, ...] = ()
    delivered: int = 0
    put_off_until: int = 0
    pending: Pending | None = None
    reason: str | None = None

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC

    @property
    def is_under_way(self) -> bool:
        """Whether some room may still lack a message."""
        return self.delivered < len(self.messages)

    @property
    def area_ids(self) -> tuple[str, ...]:
        return tuple(area.id for area in self.areas)


def view(alert: Alert, *, is_own: bool = True) -> StaffAlertView:
    """The alert as staff see it; what waits is for the staff of the own organisation alone."""
    content, waits = alert.content, alert.state == "waiting"
    signed = [message for message in alert.messages if message.type != "expired"]
    return StaffAlertView(
        alert=alert.id, version=alert.version, state=alert.state, organisation=alert.organisation, by=alert.author,
        approver=alert.approver, severity=content.severity, urgency=content.urgency, certainty=content.certainty,
        category=alert.category, words=content.words, areas=alert.areas, neighbourhoods=alert.neighbourhoods,
        link=alert.link, exercise=alert.exercise, made=alert.made, sent=signed[-1].sent if signed else None,
        expires_at=content.expires_at, due=alert.lapses_at if waits else None, members=alert.members,
        needs_approval=alert.needs_approval, pending=_pending(alert.pending) if is_own else None, n=len(signed),
        reason=alert.reason,
    )  # fmt: skip


def _pending(pending: Pending | None) -> PendingUpdate | None:
    if pending is None:
        return None
    content = pending.content
    return PendingUpdate(
        by=pending.by, severity=content.severity, urgency=content.urgency, certainty=content.certainty,
        words=content.words, expires_at=content.expires_at, due=pending.lapses_at,
    )  # fmt: skip
