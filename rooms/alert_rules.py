"""The rules of alerts: who may send one, when a second officer is needed, and which step leads where. Pure.

waiting  --approve-->        in_force  --cancel, clear, due-->  cancelled, cleared, expired
waiting  --decline, due-->   declined, lapsed
in_force --update-->         in_force, at once or when a second officer has approved it
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec

from rooms.alert_chain import Alert, Content, MessageType, Pending
from rooms.alert_shape import AlertState
from rooms.cap import is_link
from rooms.person import Organisation, Person, Role
from rooms.place import Places
from rooms.refusal import Refusal
from rooms.shape import By, Severity

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
APPROVAL_MS: Final = 5 * MINUTE_MS
PREVIEW_MS: Final = 15 * MINUTE_MS
SOONEST_MS, USUAL_MS, LATEST_MS = 5 * MINUTE_MS, 2 * HOUR_MS, 72 * HOUR_MS
"""When an alert ends, from now: at the soonest, by default, at the latest (product.md 6)."""
AGAIN_MS: Final = 2_000
"""What the process that sent a message has to bring it to every room, before another sees to it."""
MOST_ROOMS: Final = 1_000
"""A body names every room and lies in every room: beyond this it would fill the logs. The largest town of the country
has half as many neighbourhoods."""

RANK: dict[Severity, int] = {"unknown": 0, "minor": 1, "moderate": 2, "severe": 3, "extreme": 4}
GRAVE: frozenset[Severity] = frozenset({"severe", "extreme"})
SENDERS: dict[Organisation, Role] = {Organisation.POLICE: Role.OFFICER, Organisation.MUNICIPALITY: Role.MODERATOR}
MOST_SEVERE: dict[Organisation, Severity] = {Organisation.POLICE: "extreme", Organisation.MUNICIPALITY: "moderate"}
"""Who broadcasts for an organisation, and up to which severity (product.md 6)."""

ActionName = Literal["approve", "decline", "update", "cancel", "clear", "due"]
Who = Literal["second", "colleague", "clock"]


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done. by: None for the clock; content: of an update; reason: of a cancel or an all clear; due: when
    what is approved lapses, None where that was not said."""

    name: ActionName
    by: By | None = None
    content: Content | None = None
    reason: str | None = None
    due: int | None = None


class Step(msgspec.Struct, frozen=True):
    """What a step comes to. sends: the type of the message that goes out now, None for none; by: whose it is; approver:
    who has approved it by this step."""

    alert: Alert
    sends: MessageType | None = None
    by: By | None = None
    approver: By | None = None


class Cell(NamedTuple):
    who: Who
    move: Callable[[Alert, Action, int], Step]


# who may ---------------------------------------------------------------------------------------------


def check_sender(person: Person, severity: Severity = "unknown") -> None:
    """Raises Refusal("not_permitted") for who may not broadcast, or (field severity) nothing so grave."""
    organisation = person.organisation
    if organisation is None or SENDERS[organisation] is not person.role:
        raise Refusal("not_permitted")
    if RANK[severity] > RANK[MOST_SEVERE[organisation]]:
        raise Refusal("not_permitted", field="severity")


def may_approve(by: By, author: By) -> bool:
    """Whether this is somebody else who broadcasts for the same organisation."""
    is_sender = by.organisation is not None and SENDERS[Organisation(by.organisation)].value == by.role
    return is_sender and by.organisation == author.organisation and by.id != author.id


def needs_approval(severity: Severity, districts: Collection[str]) -> bool:
    """Whether an alert waits for a second officer."""
    return severity in GRAVE or len(districts) > 1


def update_needs_approval(approved: Severity | None, severity: Severity) -> bool:
    """Whether an update does: it makes the alert graver than anybody else has seen it."""
    return severity in GRAVE and (approved is None or RANK[severity] > RANK[approved])


def touches(places: Places, jurisdiction: Iterable[str], area_ids: Collection[str]) -> bool:
    """Whether an alert concerns who has this jurisdiction: one of its places lies in it, or around it."""
    return any(places.covers(held, area) or places.covers(area, held) for held in jurisdiction for area in area_ids)


# what may be said ------------------------------------------------------------------------------------


def check_end(expires_at: int, now_ms: int, soonest_ms: int = SOONEST_MS) -> None:
    """Raises Refusal("bad_request", field="expires_at")."""
    if not now_ms + soonest_ms <= expires_at <= now_ms + LATEST_MS:
        message = f"An alert ends {soonest_ms // MINUTE_MS} minutes to 72 hours from now."
        raise Refusal("bad_request", field="expires_at", message=message)


def check_link(link: str, hosts: Collection[str]) -> None:
    """A link leads to one of these hosts or below it. Raises Refusal("bad_request", field="link")."""
    host = (urlsplit(link).hostname or "") if is_link(link) else ""
    if not any(host == one or host.endswith(f".{one}") for one in hosts):
        raise Refusal("bad_request", field="link", message="A link begins with https:// and leads to an allowed host.")


# steps -----------------------------------------------------------------------------------------------


def begin(alert: Alert, now_ms: int) -> Step:
    """The first step of an alert that its author broadcasts now: out at once, or waiting."""
    made = msgspec.structs.replace(alert, made=now_ms, changed=now_ms)
    if not made.needs_approval:
        return Step(msgspec.structs.replace(made, state="in_force"), "alert", made.author)
    lapses_at = min(now_ms + APPROVAL_MS, made.content.expires_at)
    return Step(msgspec.structs.replace(made, state="waiting", lapses_at=lapses_at))


def step(alert: Alert, action: Action, now_ms: int) -> Step:
    """Move *alert* by one *action*; touch nothing else.

    now_ms: by the town's clock.  Raises Refusal: wrong_state, second_officer, not_permitted.
    """
    cell = TRANSITIONS[alert.state].get(action.name)
    if cell is None:
        raise Refusal("wrong_state")
    _permit(cell.who, alert, action)
    moved = cell.move(alert, action, now_ms)
    if moved.alert == alert and moved.sends is None:
        return moved
    return msgspec.structs.replace(moved, alert=msgspec.structs.replace(moved.alert, changed=now_ms))


def due_at(alert: Alert, now_ms: int) -> int:
    """When something happens to it by itself, in ms; 0 where nothing will."""
    moments = [max(now_ms + AGAIN_MS, alert.put_off_until)] if alert.is_under_way else []
    if alert.state == "waiting":
        moments.append(alert.lapses_at)
    if alert.state == "in_force":
        moments.append(alert.content.expires_at)
        moments += [alert.pending.lapses_at] if alert.pending else []
    return min(moments, default=0)


def _permit(who: Who, alert: Alert, action: Action) -> None:
    """Raises Refusal where the action is somebody else's."""
    by = action.by
    if who == "clock":
        if by is not None:
            raise Refusal("not_permitted")
        return
    if by is None or by.organisation != alert.organisation:
        raise Refusal("not_permitted")
    if who == "second":
        _permit_second(alert, by)


def _permit_second(alert: Alert, by: By) -> None:
    if alert.state != "waiting" and alert.pending is None:
        raise Refusal("wrong_state")
    author = alert.pending.by if alert.pending else alert.author
    if not may_approve(by, author):
        raise Refusal("second_officer" if by.id == author.id else "not_permitted")


def _send(alert: Alert, action: Action, now_ms: int) -> Step:
    """The second officer approves the alert."""
    _check_waits(alert.lapses_at, action, now_ms)
    approved = msgspec.structs.replace(
        alert, state="in_force", approver=action.by, approved=alert.content.severity, lapses_at=0
    )
    return Step(approved, "alert", alert.author, action.by)


def _refuse(alert: Alert, _action: Action, _now_ms: int) -> Step:
    return Step(msgspec.structs.replace(alert, state="declined", lapses_at=0))


def _lapse(alert: Alert, _action: Action, now_ms: int) -> Step:
    if now_ms < alert.lapses_at:
        return Step(alert)
    return Step(msgspec.structs.replace(alert, state="lapsed", lapses_at=0))


def _update(alert: Alert, action: Action, now_ms: int) -> Step:
    """What is under way to the second officer is settled before anything else is said."""
    _check_holds(alert, now_ms)
    assert action.content is not None
    assert action.by is not None
    if alert.pending is not None:
        raise Refusal("wrong_state")
    if not update_needs_approval(alert.approved, action.content.severity):
        return Step(msgspec.structs.replace(alert, content=action.content), "update", action.by)
    lapses_at = min(now_ms + APPROVAL_MS, alert.content.expires_at, action.content.expires_at)
    pending = Pending(by=action.by, content=action.content, lapses_at=lapses_at)
    return Step(msgspec.structs.replace(alert, pending=pending))


def _send_update(alert: Alert, action: Action, now_ms: int) -> Step:
    """The second officer approves what waits."""
    pending = alert.pending
    assert pending is not None  # see _permit_second
    _check_waits(pending.lapses_at, action, now_ms)
    approved = msgspec.structs.replace(
        alert, pending=None, content=pending.content, approver=action.by, approved=pending.content.severity
    )
    return Step(approved, "update", pending.by, action.by)


def _refuse_update(alert: Alert, _action: Action, _now_ms: int) -> Step:
    if alert.pending is None:
        raise Refusal("wrong_state")
    return Step(msgspec.structs.replace(alert, pending=None))


def _end(state: AlertState, sends: MessageType) -> Callable[[Alert, Action, int], Step]:
    def end(alert: Alert, action: Action, now_ms: int) -> Step:
        _check_holds(alert, now_ms)
        return Step(msgspec.structs.replace(alert, state=state, pending=None, reason=action.reason), sends, action.by)

    return end


def _by_the_clock(alert: Alert, _action: Action, now_ms: int) -> Step:
    """An update that nobody approved lapses; at its end the alert expires."""
    if now_ms >= alert.content.expires_at:
        return Step(msgspec.structs.replace(alert, state="expired", pending=None), "expired")
    if alert.pending is not None and now_ms >= alert.pending.lapses_at:
        return Step(msgspec.structs.replace(alert, pending=None))
    return Step(alert)


def _rest(alert: Alert, _action: Action, _now_ms: int) -> Step:
    return Step(alert)


def _check_waits(lapses_at: int, action: Action, now_ms: int) -> None:
    """Raises Refusal("wrong_state") where it waits no longer, or is not what was read."""
    if now_ms >= lapses_at or action.due not in (None, lapses_at):
        raise Refusal("wrong_state")


def _check_holds(alert: Alert, now_ms: int) -> None:
    """Raises Refusal("wrong_state") where its time is over, though nothing has ended it yet."""
    if now_ms >= alert.content.expires_at:
        raise Refusal("wrong_state")


_OVER: dict[ActionName, Cell] = {"due": Cell("clock", _rest)}
TRANSITIONS: dict[AlertState, dict[ActionName, Cell]] = {
    "waiting": {
        "approve": Cell("second", _send),
        "decline": Cell("colleague", _refuse),
        "due": Cell("clock", _lapse),
    },
    "in_force": {
        "approve": Cell("second", _send_update),
        "decline": Cell("colleague", _refuse_update),
        "update": Cell("colleague", _update),
        "cancel": Cell("colleague", _end("cancelled", "cancel")),
        "clear": Cell("colleague", _end("cleared", "clear")),
        "due": Cell("clock", _by_the_clock),
    },
    "cancelled": _OVER,
    "cleared": _OVER,
    "expired": _OVER,
    "lapsed": _OVER,
    "declined": _OVER,
}
