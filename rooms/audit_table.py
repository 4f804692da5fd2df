"""The table of commands about the open book; `command.COMMANDS` holds them with the others."""

from __future__ import annotations

from rooms import audit
from rooms.audit_payload import ProveHead, ReadBook
from rooms.command_row import Row
from rooms.shape import STREET

AUDIT_COMMANDS: dict[str, Row] = {
    "audit.read": Row(
        ReadBook, audit.read, "read_audit", "read",
        "What staff did about a room, or all of a book, the newest first. `next`: to go on with as `before`; 0 at the "
        "beginning.", {"room": STREET, "limit": 50},
        {"book": "string", "rows": "AuditView[]", "head": "AuditHead", "next": "number"},
    ),
    "audit.proof": Row(
        ProveHead, audit.prove, "read_audit", "read",
        "The seal of a row, to compare with the head that you saw there.", {"room": STREET, "n": 12},
        {"n": "number", "hash": "string"},
    ),
}  # fmt: skip
