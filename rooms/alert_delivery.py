"""Bringing an alert to its rooms: every message of the chain into each of them, once and in order.

The record says how many messages are in every room; whoever finds that some are not carries on from there, partition
by partition, one idempotent script each. So it does not matter which process began, which died, or how many are at it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgpack
import msgspec
import structlog

from rooms import alert_body, audit_deed, event, keys
from rooms import alert_record as record
from rooms.alert_chain import Alert, Message, MessageType
from rooms.alert_rules import Action, step
from rooms.audit_deed import AuditRow
from rooms.keys import RoomKeys, room_keys
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.store import Changed
from rooms.town import Town
from rooms.warning_shape import CorrectionKind

AT_ONCE, AT_ONCE_ASKING = 40, 5
"""Rooms of one call: a script holds up everybody else. Asking: where it looks for who has left each of them."""
PUT_OFF_MS = 30_000
"""A room that could not take a message is tried again after this."""
TRIES = 50
ENDS = frozenset({"cancel", "clear", "expired"})
NOTICES: dict[MessageType, CorrectionKind] = {"update": "corrected", "cancel": "retracted", "clear": "cleared"}
FOLLOW_THE_CLOCK = Action(name="due")
log = structlog.get_logger("alert_delivery")


async def begin(town: Town, alert_id: str) -> None:
    """Bring what has just been kept, at once. Where that fails the deadline of the record sees to it."""
    try:
        await follow(town, alert_id)
    except Refusal as refusal:
        log.info("an alert waits for the store", alert=alert_id, code=refusal.code)


async def follow(town: Town, alert_id: str) -> None:
    """Let an alert follow the clock and bring every room what it lacks; what others have done is found done.

    Raises Refusal("unavailable"), or alert_record.Unreadable.
    """
    for _ in range(TRIES):
        alert = await record.load(town, alert_id)
        if alert is None:
            await town.store.read("ZREM", keys.ALERT_DUE, alert_id)
            return
        try:
            if not await _carry_on(town, alert):
                return
        except Changed:
            continue


async def _carry_on(town: Town, alert: Alert) -> bool:
    """One thing that is to be done now; False where nothing is left. Raises Changed where another was first."""
    now_ms = town.clock.now_ms()
    due = record.carried_out(town, step(alert, FOLLOW_THE_CLOCK, now_ms), now_ms)
    if due != alert:
        await record.pass_on(town, alert, due, now_ms)
        return True
    if not alert.is_under_way:
        return False
    everywhere = await deliver(town, alert)
    is_done = everywhere == len(alert.messages)
    put_off_ms = 0 if is_done else now_ms + PUT_OFF_MS
    came = msgspec.structs.replace(alert, delivered=everywhere, put_off_until=put_off_ms)
    await record.pass_on(town, alert, came, now_ms)
    return is_done


async def deliver(town: Town, alert: Alert) -> int:
    """Bring the rooms of an alert all its messages, in their order; returns how many are in every room now.

    A room that can't take one is given no later one either; the others do not wait for it.
    Raises Refusal("unavailable").
    """
    everywhere, failed = alert.delivered, set[str]()
    for message in alert.messages[alert.delivered :]:
        failed |= await _bring(town, alert.id, message, [room for room in alert.rooms if room not in failed])
        if not failed:
            everywhere = message.n
    if failed:
        log.error("alarm: rooms cannot be given an alert", alert=alert.id, rooms=len(failed))
    return everywhere


async def _bring(town: Town, alert_id: str, message: Message, rooms: Sequence[str]) -> set[str]:
    """Bring one message to these rooms, all partitions at once; returns the rooms that could not take it."""
    name, data = alert_body.entry(alert_id, message)
    by = msgspec.to_builtins(message.by)
    kept = b"" if message.type in ENDS else _packed({"n": message.n, "by": by, "data": msgspec.to_builtins(data)})
    told: list[Argument] = [town.clock.now_ms(), alert_id, message.n, event.packed(name, by, data), kept]
    told += [_deeds(name, alert_id, message), _notice(message)]
    handed_in = [
        town.store.begin("deliver_alert", _names(batch), [*told, *_with_books(batch)])
        for batch in keys.batches(rooms, AT_ONCE_ASKING if message.type in NOTICES else AT_ONCE)
    ]
    return {room.decode() for answer in handed_in for room in await answer}


def _names(rooms: Sequence[str]) -> list[str]:
    of = [room_keys(room) for room in rooms]
    return [of[0].feed, of[0].clock, of[0].due, *(name for one in of for name in _of_room(one))]


def _of_room(of: RoomKeys) -> list[str]:
    """In the order of OF_ROOM in the script."""
    return [
        of.head, of.log, of.alerts, of.alerted, of.audit, of.audit_head,
        of.members, of.given, of.correction, of.owed, of.noted,
    ]  # fmt: skip


def _with_books(rooms: Sequence[str]) -> list[str]:
    return [part for room in rooms for part in (room, keys.book_of(room))]


def _deeds(name: str, alert_id: str, message: Message) -> bytes:
    """The message as the open book of a neighbourhood tells it: who approved it, if somebody had to, and who said it;
    empty for what the clock did."""
    if message.type == "expired":
        return b""
    whose = [("alert.approved", message.approver)] if message.approver else []
    rows = (
        AuditRow(deed=deed, by=by, target=alert_id, code=message.said.severity)
        for deed, by in (*whose, (name, message.by))
    )
    return _packed([audit_deed.packed(row) for row in rows])


def _notice(message: Message) -> bytes:
    """What is owed to who was given the first message and has left the room since: what became of it, and its headline.
    Nothing of its end by the clock, which they know."""
    what = NOTICES.get(message.type)
    return b"" if what is None else _packed({"what": what, "headline": message.said.words[0].headline})


def _packed(kept: dict[str, object] | list[bytes]) -> bytes:
    return bytes(msgpack.packb(kept, use_bin_type=False))
