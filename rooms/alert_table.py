"""The table of commands about alerts; `command.COMMANDS` holds them with the others."""

from __future__ import annotations

from typing import Any

from rooms import alert, alert_preview, alert_reach
from rooms import alert_payload as asked
from rooms.alert_shape import ALERT, WORDS
from rooms.command_row import Row
from rooms.shape import CLIENT_ID, STREET

_IT: dict[str, Any] = {"alert": ALERT, "client_id": CLIENT_ID}
_STATE = {"alert": "string", "state": "AlertState"}
_NUMBERS = {"members": "number", "sent": "number", "delivered": "number", "seen": "number"}

ALERT_COMMANDS: dict[str, Row] = {
    "alert.preview": Row(
        asked.PreviewAlert, alert_preview.preview, "broadcast", "alert",
        "Whom an alert would reach. It sends nothing; a broadcast names it within 15 minutes. code: to be typed back.",
        {"places": ["BU05183637"], "headline": WORDS["headline"], "text": WORDS["text"], "severity": "moderate",
         "urgency": "immediate", "certainty": "observed", "category": "fire", "instruction": WORDS["instruction"],
         "expires_at": 1795449661234},
        {"preview": "string", "members": "number", "connected": "number", "neighbourhoods": "AlertMembers[]",
         "needs_approval": "boolean", "approvers": "number", "areas": "NamedPlace[]", "rooms": "number",
         "expires_at": "number", "code?": "string"},
    ),
    "alert.broadcast": Row(
        asked.BroadcastAlert, alert.broadcast, "broadcast", "touch",
        "Send what a preview of yours showed: at once, or when a second officer has approved it.",
        {"preview": ALERT, "client_id": CLIENT_ID, "code": "K3MX"}, _STATE, fresh=True,
    ),
    "alert.approve": Row(
        asked.ApproveAlert, alert.approve, "broadcast", "touch",
        "As the second officer: send the alert, or its update, that waits.", {**_IT, "due": 1795442761234}, _STATE,
        fresh=True,
    ),
    "alert.decline": Row(
        asked.OfAlert, alert.decline, "broadcast", "touch",
        "As the second officer or the author: what waits is not sent.", _IT, _STATE,
    ),
    "alert.update": Row(
        asked.UpdateAlert, alert.update, "broadcast", "touch",
        "Say what is different. An update that makes it severe or extreme waits for a second officer.",
        {**_IT, "text": "De brand is onder controle; er is nog rook."}, {**_STATE, "pending": "boolean"}, fresh=True,
    ),
    "alert.cancel": Row(
        asked.CancelAlert, alert.cancel, "broadcast", "touch", "Take it back: it should not have been sent.",
        {**_IT, "reason": "De melding klopte niet."}, _STATE,
    ),
    "alert.clear": Row(
        asked.ClearAlert, alert.clear, "broadcast", "touch", "All clear: it is over.",
        {**_IT, "reason": "De brand is uit."}, _STATE,
    ),
    "alert.list": Row(
        asked.ListAlerts, alert.those, "broadcast", "read",
        "The alerts that concern your area: those in force, the ended ones of a day, and your organisation's waiting.",
        {}, {"alerts": "StaffAlertView[]"},
    ),
    "alert.reach": Row(
        asked.ReachOfAlert, alert_reach.reach, "broadcast", "read",
        "How far an alert has come, in residents and per neighbourhood.", {"alert": ALERT},
        {**_NUMBERS, "neighbourhoods": "AlertReach[]"},
    ),
    "alert.seen": Row(
        asked.SeenAlert, alert_reach.seen, "read_alert", "touch",
        "You have seen this message of it; your other devices need not ask.", {**_IT, "room": STREET, "n": 1}, {},
    ),
    "alert.delivered": Row(
        asked.DeliveredAlert, alert_reach.delivered, "read_alert", "read",
        "Your device has the alert; staff see how many do.", {"alert": ALERT, "room": STREET}, {},
    ),
}  # fmt: skip
