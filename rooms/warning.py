"""Warnings: raised by members, in force until they end."""

from __future__ import annotations

from rooms import case_event, event
from rooms.call import Call, Reply
from rooms.case_payload import RaiseWarning
from rooms.deed import author, deed
from rooms.refusal import Refusal
from rooms.shape import WarningKind
from rooms.town import Town

DANGER: frozenset[str] = frozenset({"burglary", "theft", "violence", "fire"})
"""Kinds with danger: "112?" is asked first, and neither a mute nor a lock stops such a warning (product.md 4 and 7)."""
MINUTE_MS = 60_000
MOST_MS = 24 * 60 * MINUTE_MS


async def raise_warning(town: Town, call: Call[RaiseWarning]) -> Reply:
    """Append a warning. Raises Refusal: call_112_first, bad_request (its end), or as `deed` says."""
    said, mine = call.payload, await author(town, call)
    data = case_event.WarningRaised(
        kind=said.kind, severity=said.severity, text=said.text.strip(), until=_until(town, call),
        place_note=said.place_note.strip() if said.place_note else None, emergency=said.emergency,
        client_id=mine.client_id,
    )  # fmt: skip
    packed = event.packed("warning.raised", mine.by, data)
    if not is_danger(said.kind):
        return await deed(town, call, "post", "warning", packed, 0)
    if said.emergency is None:
        raise Refusal("call_112_first", field="emergency")
    return await deed(town, call, "alarm", "danger", packed)


def is_danger(kind: WarningKind | str | None) -> bool:
    return kind in DANGER


def _until(town: Town, call: Call[RaiseWarning]) -> int:
    """When it ends, in ms. Raises Refusal("bad_request") for an end that is over or more than 24 hours away."""
    said = call.payload
    if said.until is None:
        minutes = said.minutes if said.minutes is not None else town.policy.warning_minutes
        return call.now_ms + minutes * MINUTE_MS
    if not call.now_ms < said.until <= call.now_ms + MOST_MS:
        raise Refusal("bad_request", field="until", message="A warning ends later than now and within 24 hours.")
    return said.until
