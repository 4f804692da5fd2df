"""Alerts in the store: previews, records and their deadlines. What a step tells which staff is put together here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgpack
import msgspec

from rooms import alert_body, alert_rules, event, keys
from rooms.alert_chain import ORGANISATIONS, Alert, Message, view
from rooms.alert_event import AlertChanged
from rooms.alert_rules import PREVIEW_MS, Step
from rooms.call import Call
from rooms.keys import room_keys
from rooms.pipeline import Argument
from rooms.town import Town


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that may be broadcast for a quarter of an hour, once, by who looked at it. code: to be typed back, ''
    where none is asked for."""

    person: str
    alert: Alert
    code: str


class Unreadable(Exception):  # noqa: N818 - what was found, not what was done wrong
    """A record whose body does not decode: damaged, or of a version to come. It is left as it is; args: the alert."""


# previews --------------------------------------------------------------------------------------------


async def keep_preview(town: Town, preview_id: str, preview: Preview) -> None:
    """Nothing else is written by looking."""
    await town.store.read("SET", keys.preview(preview_id), msgspec.msgpack.encode(preview), "PX", PREVIEW_MS)


async def find_preview(town: Town, preview_id: str) -> Preview | None:
    """None where it is over, was used, never was, or can't be read by this version."""
    body = await town.store.read("GET", keys.preview(preview_id))
    try:
        return None if body is None else msgspec.msgpack.decode(body, type=Preview)
    except msgspec.DecodeError:
        return None


# reading ---------------------------------------------------------------------------------------------


async def load(town: Town, alert_id: str) -> Alert | None:
    """None where there is none. Raises Unreadable."""
    (found,) = await _look_at(town, [alert_id])
    if isinstance(found, Unreadable):
        raise found
    return found


async def changed_since(town: Town, since_ms: int) -> list[Alert]:
    """Every alert that staff saw change from then on, the newest change first; without those that can't be read.

    One in force for at most 72 hours after its last message is among those of 72 hours.
    """
    ids = await town.store.read("ZRANGE", keys.ALERTS, "+inf", since_ms, "BYSCORE", "REV")
    found = await _look_at(town, [alert_id.decode() for alert_id in ids])
    return [one for one in found if isinstance(one, Alert)]


async def newest(town: Town) -> list[Alert]:
    """The alert that changed last, if there is one that can be read."""
    ids = await town.store.read("ZRANGE", keys.ALERTS, -1, -1)
    return [one for one in await _look_at(town, [row.decode() for row in ids]) if isinstance(one, Alert)]


async def _look_at(town: Town, alert_ids: Iterable[str]) -> list[Alert | Unreadable | None]:
    asked = list(alert_ids)
    rows = await town.store.read_all(("HMGET", keys.alert(alert_id), "version", "body") for alert_id in asked)
    return [_loaded(alert_id, *row) for alert_id, row in zip(asked, rows, strict=True)]


def _loaded(alert_id: str, version: bytes | None, body: bytes | None) -> Alert | Unreadable | None:
    if version is None:
        return None
    try:
        alert = msgspec.msgpack.decode(body or b"", type=Alert)
    except msgspec.DecodeError:
        return Unreadable(alert_id)
    return msgspec.structs.replace(alert, version=int(version))


# writing ---------------------------------------------------------------------------------------------


def carried_out(town: Town, step: Step, now_ms: int) -> Alert:
    """The alert after a step, with the message that goes out by it, signed before anything is written.

    A message does not wait with an earlier one that some room could not take: that is for the rooms that could.
    """
    if step.sends is None:
        return step.alert
    message = _message(town, step, now_ms)
    return msgspec.structs.replace(step.alert, messages=(*step.alert.messages, message), put_off_until=0)


def _message(town: Town, step: Step, now_ms: int) -> Message:
    """Never said to be sent before the one that it follows, by whichever of two that look again at once."""
    now_ms = max([now_ms, *(message.sent for message in step.alert.messages[-1:])])
    if step.sends is None or step.sends == "expired" or step.by is None:
        return alert_body.ended(step.alert, now_ms)
    message = alert_body.signed(step.alert, step.sends, step.by, now_ms, town.signing)
    return msgspec.structs.replace(message, approver=step.approver)


async def open_alert(town: Town, call: Call[Any], preview_id: str, alert: Alert) -> dict[str, Any]:
    """Store a new alert with its deadline and use up its preview, all or nothing; returns {alert, state}.

    Where another copy of the command was first, that of the other one.  Raises Refusal: preview_gone, too_fast, stale,
    client_id_reused, unavailable.
    """
    reply = {"alert": alert.id, "state": alert.state}
    return await _command(town, call, "open_alert", [keys.preview(preview_id)], None, alert, reply)


async def move(town: Town, call: Call[Any], before: Alert, after: Alert, reply: dict[str, Any]) -> dict[str, Any]:
    """Commit a step by a command; returns the reply.

    Raises Changed where the alert is of another version by now, Refusal: too_fast, stale, client_id_reused,
    unavailable.
    """
    return await _command(town, call, "step_alert", [], before, after, reply, before.version)


async def pass_on(town: Town, before: Alert, after: Alert, now_ms: int) -> None:
    """Commit a step by the clock, or how far it has come. Raises Changed, or Refusal("unavailable")."""
    change = _change(before, after, now_ms, {})
    await town.store.run("pass_alert", _names(after.id), [now_ms, before.version, change])


async def _command(
    town: Town, call: Call[Any], script: str, more_keys: list[str], before: Alert | None, after: Alert,
    reply: dict[str, Any], *more: int,
) -> dict[str, Any]:  # fmt: skip
    device, counter = call.numbered(call.payload.client_id)
    person, spend = call.person.id, town.policy.limits["touch"]
    names = [*keys.done(keys.TOWN, person, device), keys.bucket(keys.TOWN, "touch", person), *_names(after.id)]
    change = _change(before, after, call.now_ms, reply)
    arguments: list[Argument] = [call.now_ms, counter, call.digest, spend.burst, spend.every_ms, change, *more]
    answer = await town.store.run(script, [*names, *more_keys], arguments)
    return dict(answer[0]) if answer else reply


def _names(alert_id: str) -> list[str]:
    """The keys of `k` in the scripts."""
    return [keys.alert(alert_id), keys.ALERTS, keys.ALERT_DUE, keys.feed(keys.TOWN), keys.clock(keys.TOWN)]


def _change(before: Alert | None, after: Alert, now_ms: int, reply: dict[str, Any]) -> bytes:
    """All that a script writes and tells; text of Lua, so without the difference between bytes and text."""
    after = msgspec.structs.replace(after, version=before.version + 1 if before else 1)
    change = {
        "id": after.id,
        "body": msgspec.msgpack.encode(after),
        "changed": after.changed,
        "due": alert_rules.due_at(after, now_ms),
        "tells": list(_tells(before, after)),
        "reply": reply,
    }
    return bytes(msgpack.packb(change, use_bin_type=False))


def _tells(before: Alert | None, after: Alert) -> Iterator[list[str | bytes]]:
    """The alert as it is now, to the staff of the own organisation; what residents were given, to that of the other."""
    for organisation in ORGANISATIONS:
        is_own = organisation == after.organisation
        if (is_own or after.is_public) and not _looks_the_same(before, after, is_own=is_own):
            told = AlertChanged(view(after, is_own=is_own))
            yield [organisation, event.packed_signal("alert.changed", msgspec.to_builtins(told))]


def _looks_the_same(before: Alert | None, after: Alert, *, is_own: bool) -> bool:
    """The version aside, which rises with every room that was reached as well."""
    if before is None:
        return False
    return view(before, is_own=is_own) == view(msgspec.structs.replace(after, version=before.version), is_own=is_own)


# retention -------------------------------------------------------------------------------------------


async def forget(town: Town, before_ms: int) -> int:
    """Delete the alerts that have not changed since then and are over; how many. A record that can't be read goes."""
    ids = [row.decode() for row in await town.store.read("ZRANGE", keys.ALERTS, "-inf", before_ms, "BYSCORE")]
    gone = 0
    for alert_id, found in zip(ids, await _look_at(town, ids), strict=True):
        if isinstance(found, Alert) and alert_rules.due_at(found, before_ms):
            continue  # nobody has ended it yet
        await town.store.read_all(
            [("DEL", keys.alert(alert_id)), ("ZREM", keys.ALERT_DUE, alert_id), ("ZREM", keys.ALERTS, alert_id)]
        )
        gone += 1
    return gone


async def forget_gone(town: Town, room: str) -> None:
    """Drop what a room keeps of alerts that are no more."""
    of = room_keys(room)
    alerted = [row.decode() for row in await town.store.read("HKEYS", of.alerted)]
    there = await town.store.read_all(("EXISTS", keys.alert(alert_id)) for alert_id in alerted)
    gone = {alert_id for alert_id, is_there in zip(alerted, there, strict=True) if not is_there}
    if not gone:
        return
    known = [row.decode() for row in await town.store.read("HKEYS", of.alert_known)]
    told = [field for field in known if field.partition(":")[0] in gone]
    commands = [("HDEL", of.alerts, *gone), *([("HDEL", of.alert_known, *told)] if told else [])]
    await town.store.read_all([*commands, ("HDEL", of.alerted, *gone)])  # last: it says what is left to be dropped
