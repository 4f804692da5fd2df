"""Warnings in the store: written, moved, read. What is in force lies whole in its room, for who comes later."""

from __future__ import annotations

from typing import Any, Literal

import msgpack
import msgspec

from rooms import audit_deed, correction, event, keys
from rooms.audit_deed import AuditRow
from rooms.call import Call, Reply
from rooms.keys import PersonKeys, RoomKeys, room_keys
from rooms.person import SYSTEM
from rooms.pipeline import Argument
from rooms.shape import By
from rooms.town import Town
from rooms.warning_event import WarningExpired, WarningRaised
from rooms.warning_shape import CorrectionKind, WarningState

DUE = "warning:"
DAY_MS = 24 * 3_600_000
MOST_MS = {"resident": DAY_MS, "staff": 7 * DAY_MS}
"""So long after it was raised a warning ends at the latest, however often it is corrected (product.md 4)."""
ENDS = {"clear": "warning.cleared", "retract": "warning.retracted"}
"""Steps by which staff can end what is not their own, and what the open book calls them."""
May = Literal["author", "staff", "anybody"]
"""Beside the author: nobody; staff who are in the room; or the caller, in the room or not."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What a move does to a warning; the script reads it by these names.

    name: of lua/fragments/warning.lua's STEPS.  state: from then on, '' for as it is.  what, reason: of the notice that
    is owed, '' for none.  changes: fields of the warning that become others.  danger: the kinds that have it.
    enough: neighbours who end it by saying that it is over, -1 for as it is.
    """

    name: Literal["clear", "retract", "correct", "route"]
    may: May
    state: WarningState | Literal[""] = ""
    what: CorrectionKind | Literal[""] = ""
    reason: str = ""
    changes: dict[str, Any] = {}
    danger: dict[str, bool] = {}
    enough: int = -1


async def store(
    town: Town, call: Call[Any], by: dict[str, Any], data: WarningRaised, *, is_danger: bool, enough: int
) -> Reply:
    """Write the entry, the record and the deadline in one step. Raises Refusal as `warning.raise_warning` says."""
    fields = msgspec.to_builtins(data)
    del fields["client_id"]
    kept = {**fields, "room": call.payload.room, "by": by, "desk": data.proposed.desk, "person": call.person.id,
            "state": "in_force"}  # fmt: skip
    packed = event.packed("warning.raised", by, data)
    limit = "danger" if is_danger else "warning"
    return await _deed(town, call, "raise_warning", limit, packed, msgpack.packb(kept), enough, int(is_danger))


async def answer(town: Town, call: Call[Any], answered: bytes, cleared: bytes, cleared_by_all: bytes) -> Reply:
    """Note one person's answer. cleared: the entry where the author or staff say that it is over; cleared_by_all: where
    enough neighbours do.  Raises Refusal as `warning.answer` says."""
    said = call.payload
    more = [said.target, said.answer or "", int(call.person.is_staff), cleared, cleared_by_all]
    row = _row(call, "warning.cleared") if said.answer == "over" else b""
    return await _deed(town, call, "answer_warning", "answer", answered, *more, keys.book_of(said.room), row)


async def move(town: Town, call: Call[Any], packed: bytes, step: Step) -> Reply:
    """Carry out one step. Raises Refusal as the command of that name in `warning` says."""
    change, room = msgpack.packb(msgspec.structs.asdict(step), use_bin_type=False), call.payload.room
    row = _row(call, ENDS[step.name]) if step.name in ENDS else b""
    more = [call.payload.target, change, msgpack.packb(MOST_MS), keys.book_of(room), row]
    return await _deed(town, call, "step_warning", "touch", packed, *more)


def _row(call: Call[Any], deed: str) -> bytes:
    """What the open book tells where staff end what somebody else warned of; empty for residents."""
    if not call.person.is_staff:
        return b""
    by, said = msgspec.convert(call.person.by(), By), call.payload
    return audit_deed.packed(AuditRow(deed=deed, by=by, room=said.room, target=str(said.target)))


async def expire(town: Town, room: str, seq: int, now_ms: int) -> bool:
    """End a warning whose time is over; False where there was nothing to end (any longer, or yet)."""
    of = room_keys(room)
    names = [of.head, of.log, of.feed, of.clock, *_names(of)]
    packed = event.packed("warning.expired", SYSTEM, WarningExpired(seq))
    (entry,) = await town.store.run("expire_warning", names, [now_ms, room, seq, packed])
    return bool(entry)


async def reach(town: Town, call: Call[Any]) -> tuple[int, int]:
    """How many members were given it, of how many. Raises Refusal: not_found, wrong_target, not_permitted."""
    of = room_keys(call.payload.room)
    names = [of.members, of.warning, of.given, of.here]
    given, members = await town.store.run("reach_warning", names, [call.person.id, call.payload.target])
    return given, members


async def forget(town: Town, room: str, before_ms: int) -> None:
    """Drop what is left of warnings raised before then: record, answers, corrections, notices, who was given them."""
    of = room_keys(room)
    corrected = await correction.forget(town, room, before_ms)
    await town.store.run(
        "forget_warnings", [*_names(of), of.given, of.correction, of.alerted], [room, before_ms, *corrected]
    )


async def forget_gone(town: Town, room: str) -> None:
    """Drop the ids of those whose accounts have ended from who was given what, who was told, and who has seen it."""
    of = room_keys(room)
    lists = (of.given, of.owed, of.noted, of.alert_known)
    rows = await town.store.read_all(("HKEYS", name) for name in lists)
    fields = [[field.decode() for field in row] for row in rows]
    persons = list({field.rpartition(":")[2] for row in fields for field in row})
    there = await town.store.read_all(("EXISTS", PersonKeys(person).account) for person in persons)
    gone = {person for person, is_there in zip(persons, there, strict=True) if not is_there}
    for name, row in zip(lists, fields, strict=True):
        if theirs := [field for field in row if field.rpartition(":")[2] in gone]:
            await town.store.read("HDEL", name, *theirs)


async def _deed(town: Town, call: Call[Any], name: str, limit: str, packed: bytes, *more: Argument) -> Reply:
    """Run one of the scripts that a member's command is; all take the same keys and begin with the same arguments."""
    of, person = room_keys(call.payload.room), call.person.id
    device, counter = call.numbered(call.payload.client_id)
    spend = town.policy.limits[limit]
    names = [
        *of.done(person, device), of.bucket(limit, person), of.head, of.members, of.log, of.feed, of.clock,
        *_names(of), of.audit, of.audit_head, of.given, of.here, of.correction, of.owed, of.noted,
        keys.routed(of.partition), of.edits, of.blank,
    ]  # fmt: skip
    head: list[Argument] = [
        call.now_ms, person, of.room, counter, call.digest, spend.burst, spend.every_ms, packed,
    ]  # fmt: skip
    (answer,) = await town.store.run(name, names, [*head, *more])
    return {"ok": True, **(answer if isinstance(answer, dict) else {"seq": answer})}


def _names(of: RoomKeys) -> list[str]:
    """The keys of `k` in the scripts, in this order."""
    return [of.due, of.warning, of.in_force, of.warned, of.answers]
