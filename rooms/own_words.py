"""What the town knows of a person, for that person to take along (product.md 8): the account, and everything of one's
own with its room and time; of others not a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgpack
import msgspec

from rooms import account, correction, keys, log, notice, report_record, session, traces
from rooms.account import Account
from rooms.event import Entry
from rooms.keys import room_keys
from rooms.report import Report
from rooms.town import Town

FORM = 1
OF_A_CASE = ("id", "to", "urgency", "kind", "emergency", "private", "state", "since", "withdrawn", "helped")
"""Of what an entry tells of a case; who took it and what they answered are others' words."""
OWN_NOTICE = ("id", "room", "warning", "at", "kind", "alert", "what", "seq")
Told = dict[str, Any]


async def gather(town: Town, known: Account, current: str = "") -> Told:
    """Everything as one JSON value. current: digest of the session that asks.

    form, made_at, account, sessions, memberships, written, reports, appeals, notices, corrections; times in ms.
    """
    person = known.person.id
    rooms = await traces.rooms_of(town, person)
    corrections, notices = await town.store.read_all([correction.of_person(person), notice.of_person(person)])
    return {
        "form": FORM,
        "made_at": town.clock.now_ms(),
        "account": _account(town, known),
        "sessions": [msgspec.to_builtins(one) for one in await session.of_person(town, person, current)],
        "memberships": [row for room in rooms if (row := await _membership(town, person, room))],
        "written": [row for room in rooms for row in await _written(town, person, room)],
        **await _reports(town, person),
        "notices": notice.unseen(notices),
        "corrections": [{name: one[name] for name in OWN_NOTICE if name in one} for one in _unseen(corrections)],
    }


def _unseen(rows: list[bytes]) -> list[Told]:
    return correction.unseen(rows, frozenset())


def _account(town: Town, known: Account) -> Told:
    """Without password and codes, of which only what they are compared with is kept."""
    told = account.view(known.person, town.places)
    joined_by = "letter" if known.joined_by else "staff"
    return {**told, "sign_in_name": known.sign_in_name, "joined_at": known.joined_at, "joined_by": joined_by}


async def _membership(town: Town, person: str, room: str) -> Told | None:
    """None for a room that one is in no longer."""
    of = room_keys(room)
    packed, read, given = await town.store.read_all(("HGET", name, person) for name in (of.members, of.read, of.given))
    if packed is None:
        return None
    member: Told = msgpack.unpackb(packed)
    told: Told = {"room": room, "role": member["role"], "read": int(read or 0)}
    if "muted_until" in member:
        told["muted_until"] = member["muted_until"]
    return told | ({"given": given.decode()} if given else {})


# what was written ------------------------------------------------------------------------------------


async def _written(town: Town, person: str, room: str) -> list[Told]:
    """The entries by this person, in order, with what was taken back or hidden but is still kept."""
    of, signs = room_keys(room), traces.signs(town, person, room)
    found: list[Told] = []
    async for ids in traces.entries(town, of.log, signs, town.clock.now_ms()):
        rows = await town.store.read_all(("XRANGE", of.log, entry_id, entry_id) for entry_id in ids)
        marks = await town.store.read("HMGET", of.blank, *traces.seqs(ids))
        entries = [entry for row in rows for entry in log.raw(room, row)]
        reasons = {seq: mark for seq, mark in zip(traces.seqs(ids), marks, strict=True) if mark}
        found += [_entry(entry, reasons) for entry in entries if entry.by["id"] in signs]
    return found


def _entry(entry: Entry, marks: Mapping[int, bytes]) -> Told:
    told: Told = {"room": entry.room, "seq": entry.seq, "at": entry.at, "event": entry.name, "data": _own(entry)}
    return told | ({"hidden": msgpack.unpackb(marks[entry.seq])["reason"]} if entry.seq in marks else {})


def _own(entry: Entry) -> Told:
    """What this person said in it. A case carries everybody's words; its text is the asker's."""
    data = {name: value for name, value in entry.data.items() if name not in ("case", "counts")}
    case = entry.data.get("case")
    if case is None:
        return data
    shown = {name: case[name] for name in OF_A_CASE if name in case}
    is_asker = case.get("asker", {}).get("id") == entry.by["id"]
    return {**data, "case": shown | ({"text": case["text"]} if is_asker and "text" in case else {})}


# reports ---------------------------------------------------------------------------------------------


async def _reports(town: Town, person: str) -> Told:
    """reports: those this person filed; appeals: the own words against a decision, and the decision."""
    filed: list[Told] = []
    appeals: list[Told] = []
    ids = [one for _, one in await traces.members(town, [keys.kept_reports(name) for name in traces.PARTITIONS])]
    for some in traces.portions(ids):
        for one in await report_record.load_all(town, some):
            if one is not None:
                filed += [
                    {**_of(one), "reason": by.reason, "note": by.note} for by in one.reporters if by.person == person
                ]
                appeals += [_judged(one)] if one.author.id == person else []
    return {"reports": filed, "appeals": appeals}


def _of(one: Report) -> Told:
    return {"report": one.id, "room": one.room, "target": one.target, "since": one.since, "state": one.state}


def _judged(one: Report) -> Told:
    """What was decided on something that this person wrote; the reasons are about them, and so theirs to read."""
    ruling = one.ruling
    decided = {} if ruling is None else {"decision": ruling.verdict, "rule": ruling.rule, "facts": ruling.facts}
    return {**_of(one), "appeal": one.appeal, **decided}
