"""The table of commands about warnings; `command.COMMANDS` holds them with the others."""

from __future__ import annotations

from typing import Any

from rooms import correction, warning, warning_check
from rooms import warning_payload as asked
from rooms.command_row import Row
from rooms.shape import CLIENT_ID, STREET
from rooms.warning_shape import NOTICE

_SEQ = {"seq": "number"}
_HERE: dict[str, Any] = {"room": STREET, "client_id": CLIENT_ID}
_THIS: dict[str, Any] = {**_HERE, "target": 117}

WARNING_COMMANDS: dict[str, Row] = {
    "warning.raise": Row(
        asked.RaiseWarning, warning.raise_warning, "warn", "warning",
        "Warn the room; for 60 minutes unless it says otherwise. Kinds with danger have a limit of their own.",
        {**_HERE, "kind": "suspicious", "text": "Iemand voelt aan alle deuren.", "severity": "moderate",
         "minutes": 60, "emergency": "called"}, _SEQ,
    ),
    "warning.check": Row(
        asked.CheckWarning, warning_check.check, "warn", "check",
        "Before raising: which desk fits, and whether the text tells of looks only; you may still send it.",
        {"text": "Een man met een capuchon.", "kind": "suspicious"},
        {"desk": "Desk", "confidence": "number", "words": "string[]", "dangerous": "boolean", "hint": "boolean",
         "looks": "string[]"},
    ),
    "warning.answer": Row(
        asked.AnswerWarning, warning.answer, "follow_warning", "answer",
        "One tap: I see it too, not here, it is over; or null. Changeable; seq is 0 where nothing changed.",
        {**_THIS, "answer": "over"}, _SEQ,
    ),
    "warning.clear": Row(
        asked.OfWarning, warning.clear, "follow_warning", "touch", "All clear, by its author or by staff.", _THIS, _SEQ
    ),
    "warning.retract": Row(
        asked.RetractWarning, warning.retract, "retract_warning", "touch",
        "Take a warning back: its author, or a moderator of the municipality. Who was given it gets a notice.",
        {**_THIS, "reason": "Het was de bezorger."}, _SEQ,
    ),
    "warning.correct": Row(
        asked.CorrectWarning, warning.correct, "follow_warning", "touch",
        "Say what is different, as its author. Who was given it gets a notice.",
        {**_THIS, "text": "Iemand voelt aan deuren in de zijstraat.", "reason": "Het is een straat verder."}, _SEQ,
    ),
    "warning.route": Row(
        asked.RouteWarning, warning.route, "follow_warning", "touch",
        "Choose another desk than the one proposed, as its author or as staff. It calls nobody.",
        {**_THIS, "desk": "municipality"}, _SEQ,
    ),
    "warning.reach": Row(
        asked.ReachOfWarning, warning.reach, "follow_warning", "read",
        "How many of the members were given it; for its author and for staff.",
        {"room": STREET, "target": 117}, {"given": "number", "members": "number"},
    ),
    "correction.seen": Row(
        asked.SeenCorrection, correction.seen, "be_here", "touch",
        "You have seen a notice; your other devices need not show it.",
        {"id": NOTICE["id"], "client_id": CLIENT_ID}, {},
    ),
}  # fmt: skip
