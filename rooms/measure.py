"""Measures of a moderator who is in the room: on an entry or its author, and on the room itself.

One on an entry or its author is a report that nobody filed: decided at once, with reasons, and open to an appeal.
"""

from __future__ import annotations

from typing import Any

import msgpack
import msgspec

from rooms import event, keys, notice, report_ruling
from rooms import report as rules
from rooms import report_record as record
from rooms.audit_deed import AuditRow, packed
from rooms.call import Call, Reply
from rooms.deed import already_done, turn_away
from rooms.keys import room_keys
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.report import Report, Ruling, Target
from rooms.report_event import RoomLocked, RoomSlowed, RoomUnlocked
from rooms.report_payload import OfRoom, SlowRoom, TakeMeasure
from rooms.reporting import TRIES, is_of_a_place, new, readmit
from rooms.shape import By
from rooms.store import Changed
from rooms.town import MINUTE_MS, Town


async def take(town: Town, call: Call[TakeMeasure]) -> Reply:
    """Hide, bring back or remove an entry, or warn, mute, unmute or expel its author.

    Raises Refusal: not_found (not inside), not_permitted, wrong_target, conflict_of_interest, already_taken,
    wrong_state (an expulsion waits for a second person), too_fast, stale, client_id_reused.
    """
    done = await already_done(town, call)
    if done is not None:
        return done
    await _check_inside(town, call)
    said = call.payload
    seq, _ = await _target(town, said.room, said.target)
    for _ in range(TRIES):
        before = await record.open_on(town, said.room, seq)
        _, target = await _target(town, said.room, seq)  # after the report, whose version then vouches for both
        report = await record.informed(town, before or new(town, said.room, seq, target, call.now_ms))
        try:
            _check(report, call)
            step = report_ruling.rule(report, _ruling(call), target)
        except Refusal:
            done = await already_done(town, call)  # another copy of this command may have moved it meanwhile
            if done is not None:
                return done
            raise
        reply = {"report": report.id, "state": step.report.state, "seq": 0}
        try:
            reply = await record.move(town, call, before, step, what=said.room, needs="inside", limit="touch",
                                      reply=reply)  # fmt: skip
        except Changed:
            continue
        await notice.give_all(town, said.room, step.notices)
        if step.readmits:
            await readmit(town, report.author.id, said.room)
        return {"ok": True, **reply}
    raise Refusal("busy", retry_after_ms=1_000)


async def _target(town: Town, room: str, seq: int) -> tuple[int, Target]:
    """The entry with words at this number, or of which this is a later wording. Raises Refusal("wrong_target")."""
    found = await record.target_of(town, room, seq)
    if found is None:
        raise Refusal("wrong_target")
    return found


def _check(report: Report, call: Call[Any]) -> None:
    """A report on the same entry that waits is decided by this. Raises Refusal: conflict_of_interest, already_taken,
    wrong_state."""
    rules.check_conflict(report, call.person.id)
    if report.owner is not None and report.owner.id != call.person.id:
        raise Refusal("already_taken", owner=report.owner.name)
    if report.state == "seconding":
        raise Refusal("wrong_state")


def _ruling(call: Call[TakeMeasure]) -> Ruling:
    said = call.payload
    until = call.now_ms + said.minutes * MINUTE_MS if said.minutes else None
    by = msgspec.convert(call.person.by(), By)
    return Ruling(verdict=said.measure, rule=said.rule, facts=said.facts.strip(), by=by, at=call.now_ms, until=until)


async def _check_inside(town: Town, call: Call[Any]) -> None:
    """Measures are taken where one is, visibly, by the municipality. Raises Refusal: not_found, not_permitted."""
    room, person = call.payload.room, call.person
    member = await town.store.read("HGET", room_keys(room).members, person.id)
    if member is None:
        raise await turn_away(town, call, room)
    known = town.places.room(room)
    on_ground = bool(msgpack.unpackb(member).get("grounds")) and is_of_a_place(town, room)
    if not on_ground or known is None or not rules.judges(person, town.places, known.place):
        raise Refusal("not_permitted")


# the room --------------------------------------------------------------------------------------------


async def lock(town: Town, call: Call[OfRoom]) -> Reply:
    """Residents can only call for help. Raises Refusal: not_found, not_permitted, too_fast, stale, client_id_reused."""
    told = event.packed("room.locked", call.person.by(), RoomLocked(call.payload.client_id))
    return await _set(town, call, "locked", "1", told, "measure.locked")


async def unlock(town: Town, call: Call[OfRoom]) -> Reply:
    """Everybody can write again. Raises Refusal as `lock` does."""
    told = event.packed("room.unlocked", call.person.by(), RoomUnlocked(call.payload.client_id))
    return await _set(town, call, "locked", "", told, "measure.unlocked")


async def slow(town: Town, call: Call[SlowRoom]) -> Reply:
    """So many seconds between two messages of a resident. Raises Refusal as `lock` does."""
    seconds = call.payload.seconds or 0
    told = event.packed("room.slowed", call.person.by(), RoomSlowed(seconds, call.payload.client_id))
    value = str(seconds * 1000) if seconds else ""
    return await _set(town, call, "slow", value, told, "measure.slowed", str(seconds))


async def _set(
    town: Town, call: Call[Any], field: str, value: str, told: bytes, deed: str, code: str | None = None
) -> Reply:
    done = await already_done(town, call)
    if done is not None:
        return done
    await _check_inside(town, call)
    of, person = room_keys(call.payload.room), call.person
    device, counter = call.numbered(call.payload.client_id)
    spend = town.policy.limits["touch"]
    row = AuditRow(deed=deed, by=msgspec.convert(person.by(), By), room=of.room, code=code)
    names = [*of.done(person.id, device), of.bucket("touch", person.id), of.head, of.members, of.log, of.feed, of.clock,
             of.due, of.audit, of.audit_head]  # fmt: skip
    arguments: list[Argument] = [
        call.now_ms, person.id, of.room, counter, call.digest, spend.burst, spend.every_ms, field, value, told,
        keys.book_of(of.room), packed(row),
    ]  # fmt: skip
    (answer,) = await town.store.run("set_room", names, arguments)
    return {"ok": True, **(answer if isinstance(answer, dict) else {"seq": answer})}
