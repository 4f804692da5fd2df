"""Entering: staff come into a room of their area on a ground, visibly, and go out of it again.

Without a ground that holds at that moment nobody is let in, and the refusal stands in the open book.
"""

from __future__ import annotations

import msgspec

from rooms import case_record as cases
from rooms import event, guest, inside, keys
from rooms.audit_deed import AuditRow, packed
from rooms.call import Call, Reply
from rooms.case_event import StaffEntered
from rooms.deed import already_done, turn_away
from rooms.inside import LOOK_MS, STAY_MS, Evidence
from rooms.keys import room_keys
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.report_payload import EnterRoom, OfRoom
from rooms.shape import By
from rooms.store import Changed
from rooms.town import Town

TRIES = 50


async def enter(town: Town, call: Call[EnterRoom]) -> Reply:
    """Come in; the room's log says so, and is read from the ground's own entry on.

    Raises Refusal: not_found (no room of neighbours in the own area), no_ground, too_fast, stale, client_id_reused.
    """
    done = await already_done(town, call)
    if done is not None:
        return done
    room, person = call.payload.room, call.person
    if not inside.covers(town, person, room):
        raise await turn_away(town, call, room)
    for _ in range(TRIES):
        found = await inside.evidence(town, person, room, call.payload.ground)
        if found is None:
            done = await already_done(town, call)  # another copy of this command may have been in and out meanwhile
            if done is None:
                raise Refusal("no_ground")
            return done
        await guest.note(town, person.id, room)
        try:
            return {"ok": True, **await _enter(town, call, found)}
        except Changed:
            continue
    raise Refusal("busy", retry_after_ms=1_000)


async def _enter(town: Town, call: Call[EnterRoom], found: Evidence) -> Reply:
    of, person, ground = room_keys(call.payload.room), call.person, call.payload.ground
    device, counter = call.numbered(call.payload.client_id)
    spend, by = town.policy.limits["touch"], msgspec.convert(person.by(), By)
    told = event.packed("staff.entered", person.by(), StaffEntered(by, ground))
    row = packed(AuditRow(deed="staff.entered", by=by, room=of.room, ground=ground))
    names = [*of.done(person.id, device), of.bucket("touch", person.id), found.key, of.members, of.head, of.read,
             of.here, of.log, of.feed, of.clock, of.inside, of.due, of.audit, of.audit_head]  # fmt: skip
    arguments: list[Argument] = [
        call.now_ms, person.id, of.room, counter, call.digest, spend.burst, spend.every_ms, keys.book_of(of.room),
        found.field, found.value, inside.as_text(ground), found.since, msgspec.msgpack.encode(by), person.role.value,
        told, row, call.now_ms + STAY_MS, call.now_ms + LOOK_MS,
    ]  # fmt: skip
    (answer,) = await town.store.run("enter_room", names, arguments)
    return answer if isinstance(answer, dict) else {"seq": answer}


async def leave(town: Town, call: Call[OfRoom]) -> Reply:
    """Go out; the room's log says so. Who owns a case there stays until it is resolved, released or handed over.

    Raises Refusal: not_found, wrong_state (the owner of a case, or not inside), stale, client_id_reused.
    """
    if await already_done(town, call) is not None:
        return {"ok": True}
    of, person = room_keys(call.payload.room), call.person
    is_inside, is_member = await town.store.read_all(
        [("HEXISTS", of.inside, person.id), ("HEXISTS", of.members, person.id)]
    )
    if not is_member or not inside.covers(town, person, of.room):
        raise await turn_away(town, call, of.room)
    owned = [view for view in await cases.views(town, of.room) if view.owner is not None and view.owner.id == person.id]
    if not is_inside or any(view.state in ("accepted", "handing_over") for view in owned):
        raise Refusal("wrong_state")
    device, counter = call.numbered(call.payload.client_id)
    arguments: list[Argument] = [call.now_ms, person.id, of.room, counter, call.digest, keys.book_of(of.room)]
    await town.store.run("leave_room", [*of.done(person.id, device), *inside.names(of)], arguments)
    return {"ok": True}
