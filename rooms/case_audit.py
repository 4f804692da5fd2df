"""What the open book tells of a case: who of the staff took it, gave it away, lost it, and came for it. Pure.

What neighbours do about their own case stands in the room's log and in no book.
"""

from __future__ import annotations

from collections.abc import Iterator

from rooms.audit_deed import AuditRow
from rooms.case import Case
from rooms.escalation import Step
from rooms.shape import By, Ground

DEED_OF: dict[str, str] = {
    "escalation.accepted": "case.accepted",
    "escalation.released": "case.released",
    "escalation.handing_over": "case.handing_over",
    "escalation.handed_over": "case.handed_over",
    "escalation.resolved": "case.resolved",
}
"""Events of a move that staff make, and what the book calls them."""


def rows(before: Case | None, step: Step, person: str) -> Iterator[AuditRow]:
    """What a move leaves in the book, in order. person: who made it; nobody's id where the clock or duty did."""
    for name in step.events:
        actor = _actor(before, step.case, name)
        if actor is None or name not in DEED_OF:
            continue
        deed = "case.lost" if name == "escalation.released" and actor.id != person else DEED_OF[name]
        yield _row(deed, actor, step.case, _code(step.case, name))
    if step.left is not None:
        yield _row("staff.left", step.left, step.case)
    if step.entered is not None:
        yield _row("staff.entered", step.entered, step.case)


def _actor(before: Case | None, after: Case, event: str) -> By | None:
    """Whose deed it is: who had the case, or of those that begin an ownership who has it now."""
    had_it = before.owner if before is not None else None
    return after.owner if event in ("escalation.accepted", "escalation.handed_over") else had_it


def _code(case: Case, event: str) -> str | None:
    if event == "escalation.resolved" and case.outcome is not None:
        return case.outcome.code
    return case.handing_to if event == "escalation.handing_over" else None


def _row(deed: str, by: By, case: Case, code: str | None = None) -> AuditRow:
    ground = Ground("case", case.id)
    return AuditRow(deed=deed, by=by, room=case.room, ground=ground, target=case.id, code=code)
