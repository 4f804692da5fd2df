"""The words and shapes of alerts: what residents are given, what is signed, and what staff see. Pure.

A resident is given a text and a signature over it (`AlertView.body`); what the text says is an `AlertBody`, and nothing
beside it is to be believed. Staff are told by the server itself (`StaffAlertView`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from rooms.cap import Category
from rooms.shape import VEGA, By, Fields, NamedPlace, OrganisationName, Severity
from rooms.warning_shape import Certainty, WarningUrgency

AlertState = Literal["waiting", "in_force", "cancelled", "cleared", "expired", "lapsed", "declined"]
"""waiting: for the second officer. lapsed: nobody approved in time; declined: somebody said no. These three were never
given to any resident; the others were."""
AlertType = Literal["alert", "update", "cancel", "clear"]


class AlertWords(Fields, frozen=True, kw_only=True):
    """An alert in one language ("nl", "en"). event: what kind of thing it is, in a few words of that language."""

    language: str
    event: str
    headline: str
    text: str
    instruction: str | None = None


class AlertBody(Fields, frozen=True, kw_only=True):
    """What one message of an alert says; the JSON text in `body`, over whose UTF-8 bytes the signature is.

    alert, n: of which alert the how manyeth message, from 1; each is complete by itself.  rooms: where it holds; in
    any other room it is a replay.  expires_at: from then on it holds nowhere.  words: the town's own language first.
    reason: of a cancel or an all clear.
    """

    alert: str
    n: int
    type: AlertType
    organisation: OrganisationName
    sender_name: str
    sent: int
    expires_at: int
    severity: Severity
    urgency: WarningUrgency
    certainty: Certainty
    category: Category
    words: tuple[AlertWords, ...]
    areas: tuple[NamedPlace, ...]
    rooms: tuple[str, ...]
    link: str | None = None
    exercise: bool = False
    reason: str | None = None


class AlertView(Fields, frozen=True, kw_only=True):
    """An alert in force in a room, as its newest message says. seq, at, by: of that message's entry; seen: one has
    answered so of this message, not only of one before it."""

    room: str
    seq: int
    at: int
    by: By
    alert: str
    n: int
    body: str
    signature: str
    key: str
    seen: bool = False


class AlertMembers(Fields, frozen=True):
    """A neighbourhood of an area. members: the residents whom an alert reaches there."""

    id: str
    name: str
    members: int


class AlertReach(Fields, frozen=True):
    """How far an alert has come in one neighbourhood, in residents. sent: to a connected device of theirs; delivered:
    which has it; seen: and they have said so of its newest message."""

    id: str
    name: str
    members: int
    sent: int
    delivered: int
    seen: int


class PendingUpdate(Fields, frozen=True, kw_only=True):
    """An update that waits for the second officer. due: when it lapses; the alert itself stays as it is."""

    by: By
    severity: Severity
    urgency: WarningUrgency
    certainty: Certainty
    words: tuple[AlertWords, ...]
    expires_at: int
    due: int


class StaffAlertView(Fields, frozen=True, kw_only=True):
    """An alert as staff see it, whole; of two views the one of the higher version is the newer.

    by: its author; approver: the second officer.  made: when the author broadcast it; sent: when its newest message
    went out, left out while it waits.  due: when it lapses, while it waits.  members: residents whom its preview
    counted.  n: messages so far.  reason: of how it ended.
    """

    alert: str
    version: int
    state: AlertState
    organisation: OrganisationName
    by: By
    approver: By | None = None
    severity: Severity
    urgency: WarningUrgency
    certainty: Certainty
    category: Category
    words: tuple[AlertWords, ...]
    areas: tuple[NamedPlace, ...]
    neighbourhoods: tuple[NamedPlace, ...]
    link: str | None = None
    exercise: bool = False
    made: int
    sent: int | None = None
    expires_at: int
    due: int | None = None
    members: int
    needs_approval: bool = False
    pending: PendingUpdate | None = None
    n: int
    reason: str | None = None


def pinned(room: str, flat: Sequence[Any]) -> list[dict[str, Any]]:
    """What lua/fragments/alerts.lua tells one person of a room, as AlertViews go over the wire, in the order of their
    seqs; one that can't be read keeps nobody out of the room."""
    rows = zip(flat[::2], flat[1::2], strict=True)
    views = (_view(room, packed, int(seen)) for packed, seen in rows)
    return sorted((view for view in views if view is not None), key=lambda view: int(view["seq"]))


def _view(room: str, packed: bytes, seen_n: int) -> dict[str, Any] | None:
    """seen_n: of the message that was seen."""
    try:
        kept: dict[str, Any] = msgspec.msgpack.decode(packed, type=dict)
        view = {"room": room, "seq": kept["seq"], "at": kept["at"], "by": kept["by"], **kept["data"]}
        return view | ({"seen": True} if seen_n >= kept["n"] else {})
    except (msgspec.DecodeError, KeyError):
        return None


ALERT = "k3m7x2w7q4v5"
WORDS: dict[str, Any] = {
    "language": "nl", "event": "Brand", "headline": "Rook bij het Zuiderpark",
    "text": "Bij het Zuiderpark staat een loods in brand. De rook trekt naar het noorden.",
    "instruction": "Houd ramen en deuren dicht.",
}  # fmt: skip
_SAYS: dict[str, Any] = {"severity": "moderate", "urgency": "immediate", "certainty": "observed"}
_BODY = AlertBody(
    alert=ALERT, n=1, type="alert", organisation="police", sender_name="Wijkagent", sent=1795442461234,
    expires_at=1795449661234, severity="moderate", urgency="immediate", certainty="observed", category="fire",
    words=(AlertWords(language="nl", event="Brand", headline="Rook", text="Houd ramen en deuren dicht."),),
    areas=(NamedPlace("BU05183637", "Moerwijk-West"),), rooms=("BU05183637",),
)  # fmt: skip


def sent(n: int, message_type: AlertType) -> dict[str, Any]:
    """The data of a message's entry, for the examples."""
    body = msgspec.structs.replace(_BODY, n=n, type=message_type)
    return {
        "alert": ALERT, "n": n, "body": msgspec.json.encode(body).decode(),
        "signature": "VYrjzKzS_1mxEwXVdYIcA0TWcyxKfW0Kh1zTVnYyDUXlV6cR2lYxdkZz0o8n7Hq1vQk9mXz3s5b2wYt4u6p8Aw",
        "key": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    }  # fmt: skip


_PLACE = {"id": "BU05183637", "name": "Moerwijk-West"}
STAFF_VIEW: dict[str, Any] = {
    "alert": ALERT, "version": 2, "state": "in_force", "organisation": "police", "by": VEGA, **_SAYS,
    "category": "fire", "words": [WORDS], "areas": [_PLACE], "neighbourhoods": [_PLACE], "made": 1795442461234,
    "sent": 1795442461234, "expires_at": 1795449661234, "members": 214, "n": 1,
}  # fmt: skip
"""For the examples."""
