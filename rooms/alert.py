"""Alerts: broadcast, approved, updated, ended. Load, look at who asks, step, sign, commit; then bring it to its rooms.

A message is signed before the step that commits it, and brought after. What is committed is never lost: the record has
a deadline until every room has every message (alert_delivery.py). Of two at once one looks again.
"""

from __future__ import annotations

import hmac
from typing import Any

import msgspec

from rooms import alert_audience, alert_body, alert_content, alert_delivery, alert_rules
from rooms import alert_record as record
from rooms.alert_chain import Alert, Content, view
from rooms.alert_payload import (
    ApproveAlert,
    BroadcastAlert,
    CancelAlert,
    ClearAlert,
    ListAlerts,
    OfAlert,
    UpdateAlert,
)
from rooms.alert_preview import new_id
from rooms.alert_record import Preview
from rooms.alert_rules import Action
from rooms.call import Call, Reply
from rooms.cover import is_inside
from rooms.deed import already_done
from rooms.person import Person
from rooms.refusal import Refusal
from rooms.shape import By
from rooms.store import Changed
from rooms.town import DAY_MS, Town

TRIES = 50
"""How often a step looks again, each time because somebody else was first."""
SOON_MS = 60_000
"""An update may end an alert earlier than a new one could; for sooner there is the all clear."""
LOOK_BACK_MS = alert_rules.LATEST_MS + DAY_MS
"""Whatever is in force, or ended within a day, has changed since then."""


async def broadcast(town: Town, call: Call[BroadcastAlert]) -> Reply:
    """Send what a preview showed, or let it wait for the second officer.

    Raises Refusal: preview_gone, code_mismatch, outside_jurisdiction, not_permitted, bad_request (too many at once),
    too_fast, stale, client_id_reused, unavailable.
    """
    done = await already_done(town, call)
    if done is not None:
        return done
    try:
        alert = await _of_preview(town, call)
    except Refusal:
        done = await already_done(town, call)  # another copy of this command may have used it meanwhile
        if done is not None:
            return done
        raise
    reply = await record.open_alert(town, call, call.payload.preview, alert)
    await alert_delivery.begin(town, reply["alert"])
    return {"ok": True, **reply}


async def _of_preview(town: Town, call: Call[BroadcastAlert]) -> Alert:
    """The alert as it would stand from now on, its first message signed where it need not wait."""
    preview = await record.find_preview(town, call.payload.preview)
    if preview is None or not _is_mine(preview, call):
        raise Refusal("preview_gone")
    _check_code(preview, call.payload.code)
    alert_rules.check_sender(call.person, preview.alert.content.severity)
    _check_inside(town, call.person, preview.alert)
    await alert_audience.check_not_full(town, preview.alert, call.now_ms)
    fresh = msgspec.structs.replace(preview.alert, id=new_id())
    return record.carried_out(town, alert_rules.begin(fresh, call.now_ms), call.now_ms)


def _is_mine(preview: Preview, call: Call[BroadcastAlert]) -> bool:
    """Whether it is the caller's, of the same organisation still, and would not be over at once."""
    alert, person = preview.alert, call.person
    is_own = preview.person == person.id and alert.organisation == person.organisation
    return is_own and alert.content.expires_at > call.now_ms


def _check_code(preview: Preview, typed: str | None) -> None:
    """Raises Refusal("code_mismatch"): the hand that types it back has read what it is about to do."""
    if preview.code and not hmac.compare_digest((typed or "").strip().upper().encode(), preview.code.encode()):
        raise Refusal("code_mismatch", field="code")


def _check_inside(town: Town, person: Person, alert: Alert) -> None:
    if not is_inside(town.places, person.jurisdiction, alert.area_ids):
        raise Refusal("outside_jurisdiction")


# steps -----------------------------------------------------------------------------------------------


async def approve(town: Town, call: Call[ApproveAlert]) -> Reply:
    """Send what waits. Raises Refusal: second_officer, or as `_act` says."""
    return await _act(town, call, "approve")


async def decline(town: Town, call: Call[OfAlert]) -> Reply:
    """Do not send what waits; the author withdraws it so. Raises Refusal as `_act` says."""
    return await _act(town, call, "decline")


async def update(town: Town, call: Call[UpdateAlert]) -> Reply:
    """Say what is different. pending: it waits for a second officer, and the alert itself stays as it is.

    Raises Refusal: bad_request, or as `_act` says.
    """
    return await _act(town, call, "update")


async def cancel(town: Town, call: Call[CancelAlert]) -> Reply:
    """Take it back. Raises Refusal as `_act` says."""
    return await _act(town, call, "cancel", call.payload.reason)


async def clear(town: Town, call: Call[ClearAlert]) -> Reply:
    """All clear. Raises Refusal as `_act` says."""
    return await _act(town, call, "clear", call.payload.reason)


async def _act(town: Town, call: Call[Any], name: alert_rules.ActionName, reason: str | None = None) -> Reply:
    """Carry out one action.

    Raises Refusal: not_found (may not know of it), not_permitted, outside_jurisdiction, wrong_state, stale,
    client_id_reused, too_fast, busy, unavailable.
    """
    done = await already_done(town, call)
    if done is not None:
        return done
    for _ in range(TRIES):
        try:
            reply = await _step(town, call, name, reason)
        except Changed:
            continue
        except Refusal:
            done = await already_done(town, call)  # another copy of this command may have moved it meanwhile
            if done is not None:
                return done
            raise
        await alert_delivery.begin(town, call.payload.alert)
        return {"ok": True, **reply}
    raise Refusal("busy", retry_after_ms=1_000)


async def _step(town: Town, call: Call[Any], name: alert_rules.ActionName, reason: str | None) -> Reply:
    alert = await record.load(town, call.payload.alert)
    if alert is None or not _may_know(call.person, alert):
        raise Refusal("not_found")
    alert_rules.check_sender(call.person)
    _check_inside(town, call.person, alert)
    step = alert_rules.step(alert, _action(alert, call, name, reason), call.now_ms)
    after = record.carried_out(town, step, call.now_ms)
    reply: Reply = {"alert": alert.id, "state": after.state}
    if name == "update":
        reply["pending"] = after.pending is not None
    return await record.move(town, call, alert, after, reply)


def _action(alert: Alert, call: Call[Any], name: alert_rules.ActionName, reason: str | None) -> Action:
    """Raises Refusal as `_changed` does, or bad_request (field reason)."""
    return Action(
        name=name,
        by=msgspec.convert(call.person.by(), By),
        content=_changed(alert, call) if name == "update" else None,
        reason=None if reason is None else alert_content.cleaned(reason, "reason"),
        due=call.payload.due if name == "approve" else None,
    )


def _changed(alert: Alert, call: Call[UpdateAlert]) -> Content:
    """Raises Refusal: bad_request, not_permitted (graver than the organisation may say)."""
    said = call.payload
    if said.severity is not None:
        alert_rules.check_sender(call.person, said.severity)
    if said.expires_at is not None:
        alert_rules.check_end(said.expires_at, call.now_ms, SOON_MS)
    content = alert_content.changed(alert.content, alert.category, said)
    alert_body.check_size(msgspec.structs.replace(alert, content=content))
    return content


def _may_know(person: Person, alert: Alert) -> bool:
    """Whether this member of staff may know of it: what waits, or never was in force, is the own organisation's."""
    return person.organisation == alert.organisation or alert.is_public


# reading ---------------------------------------------------------------------------------------------


async def those(town: Town, call: Call[ListAlerts]) -> Reply:
    """The alerts that concern this member of staff, the newest change first. Raises Refusal("unavailable")."""
    found = await record.changed_since(town, call.now_ms - LOOK_BACK_MS)
    views = [
        msgspec.to_builtins(view(alert, is_own=call.person.organisation == alert.organisation))
        for alert in found
        if _concerns(town, call, alert)
    ]
    return {"ok": True, "alerts": views}


def _concerns(town: Town, call: Call[ListAlerts], alert: Alert) -> bool:
    is_recent = alert.state in ("waiting", "in_force") or alert.changed > call.now_ms - DAY_MS
    return (
        is_recent
        and _may_know(call.person, alert)
        and alert_rules.touches(town.places, call.person.jurisdiction, alert.area_ids)
    )
