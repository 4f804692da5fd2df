"""Warnings: raised by members, answered by one tap, in force until somebody or the clock ends them.

Every command is one script that looks up belonging and state in the step that writes; nothing is read before it, so
that two hundred answers a second wait for nobody.
"""

from __future__ import annotations

from typing import Any

from rooms import event, triage
from rooms import warning_record as record
from rooms.call import Call, Reply
from rooms.deed import already_done, author
from rooms.person import SYSTEM, Organisation, Role
from rooms.refusal import Refusal
from rooms.shape import WarningKind
from rooms.town import Town
from rooms.warning_event import (
    WarningAnswered,
    WarningCleared,
    WarningCorrected,
    WarningRaised,
    WarningRetracted,
    WarningRouted,
)
from rooms.warning_payload import (
    CORRECTABLE,
    AnswerWarning,
    CorrectWarning,
    OfWarning,
    RaiseWarning,
    ReachOfWarning,
    RetractWarning,
    RouteWarning,
)
from rooms.warning_record import Step
from rooms.warning_shape import Counts, Proposal

DANGER: frozenset[str] = frozenset({"burglary", "theft", "violence", "fire"})
"""Kinds with danger: "112?" is asked first, neither a mute nor a lock stops such a warning, and neighbours alone do not
end it (product.md 4 and 7)."""
NOBODY = Counts(0, 0, 0)  # until the script has counted
MINUTE_MS = 60_000


def is_danger(kind: WarningKind | str | None) -> bool:
    return kind in DANGER


async def raise_warning(town: Town, call: Call[RaiseWarning]) -> Reply:
    """Append a warning and keep it in force.

    Raises Refusal: call_112_first, bad_request (its end), not_found, muted, room_locked, too_fast, stale,
    client_id_reused, unavailable.
    """
    said, mine = call.payload, await author(town, call)
    if is_danger(said.kind) and said.emergency is None:
        raise Refusal("call_112_first", field="emergency")
    until = _until(town, call)
    most_ms = record.MOST_MS["staff" if call.person.is_staff else "resident"]
    if not call.now_ms < until <= call.now_ms + most_ms:
        return await _refuse_end(town, call)
    data = WarningRaised(
        kind=said.kind, severity=said.severity, urgency=said.urgency, certainty=said.certainty, text=said.text.strip(),
        place_note=said.place_note.strip() if said.place_note else None, until=until, emergency=said.emergency,
        proposed=told(triage.propose(said.text, said.kind)), client_id=mine.client_id,
    )  # fmt: skip
    return await record.store(
        town, call, mine.by, data, is_danger=is_danger(said.kind), enough=_enough(town, said.kind)
    )


def told(found: triage.Proposal) -> Proposal:
    """What is proposed, as it goes over the wire."""
    return Proposal(desk=found.desk, confidence=round(100 * found.confidence), words=tuple(found.words))


def _until(town: Town, call: Call[RaiseWarning]) -> int:
    """When it ends, in ms."""
    said = call.payload
    if said.until is not None:
        return said.until
    return call.now_ms + (said.minutes if said.minutes is not None else town.policy.warning_minutes) * MINUTE_MS


async def _refuse_end(town: Town, call: Call[RaiseWarning]) -> Reply:
    """An end that is over, unless it was none when this command was carried out."""
    done = await already_done(town, call)
    if done is not None:
        return done
    message = "A warning ends later than now and within 24 hours, one of staff within 7 days."
    raise Refusal("bad_request", field="until", message=message)


def _enough(town: Town, kind: WarningKind) -> int:
    """How many neighbours who say that it is over end it; 0: they can't."""
    return 0 if is_danger(kind) else town.policy.neighbours_over


async def answer(town: Town, call: Call[AnswerWarning]) -> Reply:
    """One answer per person. Raises Refusal: wrong_target, wrong_state (it is over), not_permitted (one's own warning,
    except that it is over), or as `raise_warning` does."""
    said, mine = call.payload, await author(town, call)
    data = WarningAnswered(target=said.target, answer=said.answer, counts=NOBODY, client_id=mine.client_id)
    reason = WarningCleared(said.target, "staff" if call.person.is_staff else "author", mine.client_id)
    return await record.answer(
        town, call,
        event.packed("warning.answered", mine.by, data),
        event.packed("warning.cleared", mine.by, reason),
        event.packed("warning.cleared", SYSTEM, WarningCleared(said.target, "neighbours")),
    )  # fmt: skip


async def clear(town: Town, call: Call[OfWarning]) -> Reply:
    """All clear. Raises Refusal: wrong_target, wrong_state, not_permitted, or as `raise_warning` does."""
    mine = await author(town, call)
    data = WarningCleared(call.payload.target, "staff" if call.person.is_staff else "author", mine.client_id)
    step = Step(name="clear", may="staff", state="cleared")
    return await record.move(town, call, event.packed("warning.cleared", mine.by, data), step)


async def retract(town: Town, call: Call[RetractWarning]) -> Reply:
    """Take it back, also after its end; who was given it is owed a notice.

    Raises Refusal: wrong_target, wrong_state (retracted already), not_permitted, or as `raise_warning` does.
    """
    said, mine = call.payload, await author(town, call)
    reason = said.reason.strip()
    data = WarningRetracted(said.target, reason, mine.client_id)
    step = Step(name="retract", may=_as_moderator(town, call), state="retracted", what="retracted", reason=reason)
    return await record.move(town, call, event.packed("warning.retracted", mine.by, data), step)


def _as_moderator(town: Town, call: Call[RetractWarning]) -> record.May:
    """A moderator of the municipality may in a room of it, and from outside where the jurisdiction covers its place."""
    person, room = call.person, town.places.room(call.payload.room)
    if person.role is not Role.MODERATOR or person.organisation is not Organisation.MUNICIPALITY or room is None:
        return "author"
    is_street = room.kind in ("street", "neighbourhood")  # not a desk of others, nor a private case
    covers = is_street and any(town.places.covers(area, room.place) for area in person.jurisdiction)
    return "anybody" if covers else "staff"


async def correct(town: Town, call: Call[CorrectWarning]) -> Reply:
    """Say what is different, as its author; who was given it is owed a notice.

    Raises Refusal: call_112_first (its kind has danger now, and nobody has said), bad_request (its end), wrong_target,
    wrong_state, not_permitted, or as `raise_warning` does; muted and room_locked not where it warns of danger.
    """
    said, mine = call.payload, await author(town, call)
    changes: dict[str, Any] = {
        name: _stripped(getattr(said, name)) for name in CORRECTABLE if getattr(said, name) is not None
    }
    reason = said.reason.strip()
    data = WarningCorrected(target=said.target, reason=reason, client_id=mine.client_id, **changes)
    step = Step(
        name="correct", may="author", what="corrected", reason=reason, changes=changes,
        danger=dict.fromkeys(DANGER, True), enough=_enough(town, said.kind) if said.kind else -1,
    )  # fmt: skip
    return await record.move(town, call, event.packed("warning.corrected", mine.by, data), step)


def _stripped(value: str | int) -> str | int:
    return value.strip() if isinstance(value, str) else value


async def route(town: Town, call: Call[RouteWarning]) -> Reply:
    """Choose another desk. Raises Refusal: wrong_target, wrong_state, not_permitted, or as `raise_warning` does."""
    said, mine = call.payload, await author(town, call)
    data = WarningRouted(said.target, said.desk, mine.client_id)
    step = Step(name="route", may="staff", changes={"desk": said.desk})
    return await record.move(town, call, event.packed("warning.routed", mine.by, data), step)


async def reach(town: Town, call: Call[ReachOfWarning]) -> Reply:
    """{given} of {members}. Raises Refusal: not_found, wrong_target, not_permitted."""
    given, members = await record.reach(town, call)
    return {"ok": True, "given": given, "members": members}
