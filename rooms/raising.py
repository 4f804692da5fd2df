"""Raising a case: what is asked, from which warning, by whom and how openly, becomes a Case that nobody knows yet."""

from __future__ import annotations

import secrets
from base64 import b32encode
from typing import Any

import msgspec

from rooms import alert_record, guest, keys, log
from rooms.alias import alias
from rooms.call import Call
from rooms.case import Case
from rooms.case_payload import RaiseCase
from rooms.event import Entry
from rooms.keys import partition_of, room_keys
from rooms.refusal import Refusal
from rooms.room import case_of, case_room_id
from rooms.shape import By, NamedPlace, Seq
from rooms.town import DAY_MS, Town
from rooms.warning import is_danger


async def warning_of(town: Town, call: Call[RaiseCase]) -> dict[str, Any]:
    """The data of the warning that the call names; {} where it names none. Raises Refusal("wrong_target")."""
    seq = call.payload.warning
    if seq is None:
        return {}
    entry = await _entry(town, call.payload.room, seq)
    if entry is None or entry.name != "warning.raised":
        raise Refusal("wrong_target", field="warning")
    return entry.data


async def _entry(town: Town, room: str, seq: Seq) -> Entry | None:
    found = await log.between(town.store, room, seq, seq)
    return found[0] if found else None


def check_emergency(call: Call[RaiseCase], warning: dict[str, Any]) -> None:
    """112 comes first. Raises Refusal("call_112_first") for what is urgent or dangerous while nobody has said so."""
    asked = call.payload
    dangerous = asked.urgency == "urgent" or is_danger(asked.kind or warning.get("kind"))
    if dangerous and asked.emergency is None and warning.get("emergency") is None:
        raise Refusal("call_112_first", field="emergency")


async def check_alert(town: Town, call: Call[RaiseCase]) -> None:
    """What one knows about an alert is for those who sent it, from a room that was given it.

    Raises Refusal("wrong_target", field="alert").
    """
    asked = call.payload
    if asked.alert is None:
        return
    alert = await alert_record.load(town, asked.alert)
    if alert is None or not alert.is_public or asked.room not in alert.rooms or asked.to != alert.organisation:
        raise Refusal("wrong_target", field="alert")


async def draft(town: Town, call: Call[RaiseCase], warning: dict[str, Any]) -> Case:
    """The case as it is before its first move. Raises Refusal: not_permitted, bad_request."""
    asked, person = call.payload, call.person
    if asked.private and person.is_staff:
        raise Refusal("not_permitted")
    case_id = new_case_id(partition_of(asked.room))
    place = _place(town, asked)
    hidden = asked.private and not asked.named
    asker = alias(town.code_key, case_id, person.id) if hidden else msgspec.convert(person.by(), By)
    return Case(
        id=case_id, room=case_room_id(case_id) if asked.private else asked.room, place=place,
        line=town.places.line(place.id), to=asked.to, urgency=asked.urgency, text=asked.text.strip(),
        kind=asked.kind or warning.get("kind"), warning=asked.warning,
        emergency=asked.emergency or warning.get("emergency"), private=asked.private, person=person.id, asker=asker,
        policy=town.case_policy(asked.to, asked.urgency, place.id), since=call.now_ms,
        quiet=await _is_beyond_share(town, call), alert=asked.alert,
    )  # fmt: skip


def _place(town: Town, asked: RaiseCase) -> NamedPlace:
    """The room's place; of a private case the neighbourhood alone, since in a street a name is soon guessed.

    Raises Refusal("bad_request") in a room that is of no place.
    """
    room = town.places.room(asked.room)
    if room is None or case_of(asked.room) is not None:
        raise Refusal("bad_request", field="room", message="Ask in the room of a place.")
    place = town.places.neighbourhood_of(room.place) if asked.private else town.places.get(room.place)
    place = place or town.places.get(room.place)
    assert place is not None
    return NamedPlace(place.id, place.name)


def new_case_id(partition: str) -> str:
    """60 bits of chance behind the partition in which the case lives."""
    return f"{partition}.{b32encode(secrets.token_bytes(8)).decode().lower()[:12]}"


async def _is_beyond_share(town: Town, call: Call[RaiseCase]) -> bool:
    """Whether the asker has enough open, or has asked often enough today; an urgent call counts, and is never quiet."""
    if call.payload.urgency == "urgent":
        return False
    partition = partition_of(call.payload.room)
    rows = await town.store.read("ZRANGE", keys.asked(partition, call.person.id), 0, -1, "WITHSCORES")
    cases, times = rows[::2], rows[1::2]
    if sum(int(at) > call.now_ms - DAY_MS for at in times) >= town.policy.cases_a_day:
        return True
    if len(cases) < town.policy.open_cases:
        return False
    scores = await town.store.read("ZMSCORE", keys.open_cases(partition), *cases)
    return sum(score is not None for score in scores) >= town.policy.open_cases


async def make_room(town: Town, case: Case) -> None:
    """Note where the asker of a private case will find it, before there is one: a look that finds nothing is harmless,
    a case that its asker does not find is not."""
    if case.private:
        await guest.note(town, case.person, case.room)


async def is_member(town: Town, room: str, person: str) -> bool:
    return bool(await town.store.read("HEXISTS", room_keys(room).members, person))
