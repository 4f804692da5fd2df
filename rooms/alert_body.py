"""The text that is signed: what one message of an alert says, complete by itself, as JSON. Pure.

Rooms, number and end stand in the text, so that nobody who has seen one can show it again elsewhere, later in the chain
or after its end: it would say itself that it does not belong there.
"""

from __future__ import annotations

from typing import Final

import msgspec

from rooms.alert_chain import Alert, Message
from rooms.alert_event import AlertExpired, AlertSent
from rooms.alert_shape import AlertBody, AlertType
from rooms.person import SYSTEM
from rooms.refusal import Refusal
from rooms.shape import By, Fields
from rooms.signature import KeyPair

MOST_BYTES: Final = 48 * 1024
MOST_BYTES_IN_TOWN: Final = 24 * 1024 * 1024
"""Of one message, and of it in all its rooms, each of which holds it three times. Ten languages of full length in a
whole neighbourhood's room are fewer; only hundreds of single streets are more."""


def signed(alert: Alert, message_type: AlertType, by: By, sent_ms: int, key: KeyPair) -> Message:
    """The next message of the chain: what *alert* says from now on. by: who is seen to send it."""
    body = msgspec.json.encode(_said(alert, message_type, by, sent_ms)).decode()
    return Message(
        n=len(alert.messages) + 1, type=message_type, sent=sent_ms, by=by, body=body,
        signature=key.sign_text(body), key=key.id,
    )  # fmt: skip


def check_size(alert: Alert) -> None:
    """Raises Refusal("bad_request", field="places") for what no room, or not so many of them, can be given."""
    size = len(msgspec.json.encode(_said(alert, "update", alert.author, alert.content.expires_at)))
    if size <= MOST_BYTES and size * len(alert.rooms) <= MOST_BYTES_IN_TOWN:
        return
    message = f"These words for {len(alert.rooms)} rooms are too much; say less, or choose whole neighbourhoods."
    raise Refusal("bad_request", field="places", message=message)


def _said(alert: Alert, message_type: AlertType, by: By, sent_ms: int) -> AlertBody:
    content = alert.content
    return AlertBody(
        alert=alert.id, n=len(alert.messages) + 1, type=message_type,
        organisation=alert.organisation, sender_name=by.name, sent=sent_ms,
        expires_at=content.expires_at, severity=content.severity, urgency=content.urgency,
        certainty=content.certainty, category=alert.category, words=content.words, areas=alert.areas,
        rooms=alert.rooms, link=alert.link, exercise=alert.exercise,
        reason=alert.reason if message_type in ("cancel", "clear") else None,
    )  # fmt: skip


def ended(alert: Alert, sent_ms: int) -> Message:
    """The end by the clock, which nobody signs: it follows from what was signed."""
    return Message(n=len(alert.messages) + 1, type="expired", sent=sent_ms, by=msgspec.convert(SYSTEM, By))


def entry(alert_id: str, message: Message) -> tuple[str, Fields]:
    """(name, data) of the entry that brings a message into a room."""
    if message.type == "expired":
        return "alert.expired", AlertExpired(alert_id, message.n)
    return NAMES[message.type], AlertSent(alert_id, message.n, message.body, message.signature, message.key)


NAMES: dict[AlertType, str] = {
    "alert": "alert.broadcast",
    "update": "alert.updated",
    "cancel": "alert.cancelled",
    "clear": "alert.cleared",
}
