"""The table of events of alerts; `event.EVENTS` holds them with the others. Pure."""

from __future__ import annotations

from rooms.alert_shape import ALERT, STAFF_VIEW, StaffAlertView, sent
from rooms.shape import STREET, Fields, Row


class AlertSent(Fields, frozen=True):
    """body: the JSON text of an `AlertBody`; signature: Ed25519 over its UTF-8 bytes, in base64url without padding;
    key: the name of the public key (RFC 7638). Verify that very text before you read it."""

    alert: str
    n: int
    body: str
    signature: str
    key: str


class AlertExpired(Fields, frozen=True):
    alert: str
    n: int


class AlertNoticed(Fields, frozen=True):
    """n: up to which message of it."""

    alert: str
    room: str
    n: int


class AlertChanged(Fields, frozen=True):
    alert: StaffAlertView


ALERT_EVENTS: dict[str, Row] = {
    "alert.broadcast": Row(
        AlertSent, "members", "An alert of police or municipality, signed.", sent(1, "alert"), "alert"
    ),
    "alert.updated": Row(
        AlertSent, "members", "It says something else now, whole; who has left the room gets a notice.",
        sent(2, "update"), "alert",
    ),
    "alert.cancelled": Row(
        AlertSent, "members", "It is taken back, by whom and why its body says.", sent(2, "cancel"), "alert"
    ),
    "alert.cleared": Row(AlertSent, "members", "All clear.", sent(2, "clear"), "alert"),
    "alert.expired": Row(
        AlertExpired, "members", "An alert's time is over; nobody needs to be called for that.",
        {"alert": ALERT, "n": 2}, "alert",
    ),
    "alert.noticed": Row(
        AlertNoticed, "the person", "Another device of yours has answered that you have seen it.",
        {"alert": ALERT, "room": STREET, "n": 1},
    ),
    "alert.changed": Row(
        AlertChanged, "the staff there", "An alert as it is now. While it waits, and where it never was in force, to "
        "the own organisation's staff alone.", {"alert": STAFF_VIEW},
    ),
}  # fmt: skip
