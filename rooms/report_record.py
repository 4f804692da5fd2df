"""Reports in the store: read, opened, moved. What a step does and tells is put together here; the scripts write it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import msgpack
import msgspec

from rooms import event, keys
from rooms.audit_deed import SALT, AuditRow, digest, salted
from rooms.audit_deed import packed as audit_packed
from rooms.call import Call
from rooms.event import Entry, MemberLeft
from rooms.keys import PersonKeys, room_keys
from rooms.log import raw
from rooms.person import SYSTEM
from rooms.pipeline import Argument
from rooms.report import Report, Step, Target, overruled, view
from rooms.report_event import EntryHidden, EntryRemoved, EntryRestored
from rooms.shape import By
from rooms.store import fields_of
from rooms.town import Town

DUE = "report:"
REPORTABLE = frozenset({"message.posted", "warning.raised", "escalation.raised"})
"""What somebody said; alerts are the police's own, and nothing else has words."""
LATER_WORDINGS = frozenset({"message.edited", "warning.corrected", "warning.retracted"})
"""What the same person said about it later; it is reported, hidden and removed with the first."""
RULINGS = frozenset({"report.decided", "report.appeal_decided"})
ON_ENTRY = frozenset({"measure.hidden", "measure.restored", "measure.removed"})
Fields = dict[str, Any]


async def load(town: Town, report_id: str) -> Report | None:
    """None where there is none, or none that can be read."""
    (found,) = await load_all(town, [report_id])
    return found


async def load_all(town: Town, report_ids: Iterable[str]) -> list[Report | None]:
    """Several, in one turn."""
    asked = list(report_ids)
    rows = await town.store.read_all(("HMGET", keys.report(report_id), "version", "body") for report_id in asked)
    return [_loaded(*row) for row in rows]


def _loaded(version: bytes | None, body: bytes | None) -> Report | None:
    if version is None or body is None:
        return None
    try:
        report = msgspec.msgpack.decode(body, type=Report)
    except msgspec.DecodeError:
        return None
    return msgspec.structs.replace(report, version=int(version))


async def open_on(town: Town, room: str, seq: int) -> Report | None:
    """The report on this entry that waits for a decision."""
    found = await town.store.read("HGET", room_keys(room).reported, seq)
    return None if found is None else await load(town, found.decode())


async def informed(town: Town, report: Report) -> Report:
    """The report, knowing whether somebody has decided on all that its entry says by now, and whom that bars."""
    of = room_keys(report.room)
    found, later = await town.store.read_all([("HGET", of.judged, report.target), ("HGET", of.edits, report.target)])
    newest, _, last_id = (found or b"0 ").decode().partition(" ")
    judged = found is not None and all(int(wording) <= int(newest) for wording in (later or b"").split())
    last = await load(town, last_id) if judged and last_id != report.id else None
    barred = overruled(last) if last is not None else report.barred if judged else ()
    return msgspec.structs.replace(report, judged=judged, barred=barred)


async def in_town(town: Town) -> list[Report]:
    """Every report that waits for a decision, the oldest first."""
    names = [name for name in keys.ALL if name != keys.TOWN]
    rows = await town.store.read_all(("ZRANGE", keys.open_reports(name), 0, -1) for name in names)
    found = await load_all(town, [report_id.decode() for row in rows for report_id in row])
    return sorted((one for one in found if one is not None), key=lambda one: (one.since, one.id))


async def target_of(town: Town, room: str, seq: int) -> tuple[int, Target] | None:
    """(seq, what is found there) of an entry with words; a later wording stands for the first one. None where
    there are no words."""
    of = room_keys(room)
    rows, mark, warning = await town.store.read_all(
        [("XRANGE", of.log, f"{seq}-0", f"{seq}-0"), ("HGET", of.blank, seq), ("HGET", of.warning, seq)]
    )
    entry = next(raw(room, rows), None)
    if entry is not None and entry.name in LATER_WORDINGS:
        return await _first_wording(town, room, entry)
    if entry is None or entry.name not in REPORTABLE:
        return None
    in_force = warning is not None and msgpack.unpackb(warning)["state"] == "in_force"
    reason = msgpack.unpackb(mark)["reason"] if mark else ""
    markable = entry.name != "escalation.raised" and not in_force
    return seq, Target(msgspec.convert(entry.by, By), reason, markable)


async def _first_wording(town: Town, room: str, later: Entry) -> tuple[int, Target] | None:
    """As target_of; None where somebody else took the warning back, whose words are not its author's."""
    found = await target_of(town, room, later.data["target"])
    return found if found is not None and found[1].author.id == later.by["id"] else None


async def forget(town: Town, before_ms: int) -> int:
    """Delete the reports filed before then that nothing can happen to any longer; how many."""
    names, gone = [name for name in keys.ALL if name != keys.TOWN], 0
    rows = await town.store.read_all(
        ("ZRANGE", keys.kept_reports(name), "-inf", before_ms, "BYSCORE") for name in names
    )
    for name, row in zip(names, rows, strict=True):
        ids = [report_id.decode() for report_id in row]
        for report_id, found in zip(ids, await load_all(town, ids), strict=True):
            if found is None or (not found.is_open and found.due_at is None):
                if found is not None:
                    await _forget_judged(town, found)
                await town.store.read("DEL", keys.report(report_id))
                await town.store.read("ZREM", keys.kept_reports(name), report_id)
                gone += 1
    return gone


async def _forget_judged(town: Town, report: Report) -> None:
    """Unless another report on the entry was decided since."""
    judged = room_keys(report.room).judged
    last = await town.store.read("HGET", judged, report.target)
    if last is not None and last.decode().endswith(f" {report.id}"):
        await town.store.read("HDEL", judged, report.target)


async def forget_mutes(town: Town, room: str, now_ms: int) -> None:
    """Drop the mutes, of those who have left, that are over or whose accounts have ended."""
    muted = room_keys(room).muted
    kept = {person.decode(): int(until) for person, until in fields_of(await town.store.read("HGETALL", muted)).items()}
    there = await town.store.read_all(("EXISTS", PersonKeys(person).account) for person in kept) if kept else []
    ended = [person for person, is_there in zip(kept, there, strict=True) if not is_there or kept[person] <= now_ms]
    if ended:
        await town.store.read("HDEL", muted, *ended)


async def wordings(town: Town, report: Report) -> list[int]:
    """The seqs of the entry and of its later wordings."""
    later = await town.store.read("HGET", room_keys(report.room).edits, report.target)
    return [report.target, *(int(seq) for seq in (later or b"").split())]


# writing ---------------------------------------------------------------------------------------------


async def move(
    town: Town, call: Call[Any], before: Report | None, step: Step, *, what: str, needs: str, limit: str, reply: Fields
) -> Fields:
    """Commit a step by a command; returns the reply.

    what: the id that the command names.  needs: `member` who may read the entry, `inside` on a ground, or ''.
    Raises Changed where the report is of another version by now, or the entry has another one; Refusal: not_found,
    wrong_target, too_fast, stale, client_id_reused, unavailable.
    """
    of, person = room_keys(step.report.room), call.person
    device, counter = call.numbered(call.payload.client_id)
    spend = town.policy.limits[limit]
    arguments: list[Argument] = [
        call.now_ms, person.id, what, counter, call.digest, spend.burst, spend.every_ms,
        before.version if before else 0, needs,
        _change(before, step, person.by(), call.payload.client_id, reply),
    ]  # fmt: skip
    names = [*of.done(person.id, device), of.bucket(limit, person.id), *_names(step.report)]
    (answer,) = await town.store.run("step_report", names, arguments)
    if isinstance(answer, dict):
        return answer
    return {**reply, **({"seq": answer} if "seq" in reply else {})}


async def pass_on(town: Town, before: Report, step: Step, now_ms: int) -> None:
    """Commit a step by the clock. Raises Changed, or Refusal("unavailable")."""
    arguments: list[Argument] = [now_ms, before.version, _change(before, step, SYSTEM, None, {})]
    await town.store.run("pass_report", _names(step.report), arguments)


def _names(report: Report) -> list[str]:
    """The keys of `k` in the scripts."""
    of = room_keys(report.room)
    return [
        of.members, of.head, of.read, of.here, of.log, of.feed, of.clock, of.inside, of.due, of.audit, of.audit_head,
        keys.report(report.id), keys.open_reports(of.partition), keys.kept_reports(of.partition), of.reported,
        of.blank, of.edits, of.left, of.given, of.warned, keys.owing(of.partition),
        of.audit_text, of.judged, of.muted,
    ]  # fmt: skip


def _change(before: Report | None, step: Step, by: Fields, client_id: str | None, reply: Fields) -> bytes:
    """All that a script writes and tells; text of Lua, so without the difference between bytes and text."""
    report = msgspec.structs.replace(step.report, version=before.version + 1 if before else 1)
    told = event.packed_signal("report.changed", {"report": msgspec.to_builtins(view(report))})
    change = {
        "id": report.id,
        "room": report.room,
        "book": keys.book_of(report.room),
        "target": report.target,
        "author": report.author.id,
        "since": report.since,
        "body": msgspec.msgpack.encode(report),
        "due": report.wakes_at or 0,
        "open": report.is_open,
        "judges": _ruled_at(report) != _ruled_at(before),
        "entries": [_entry(name, reason, report.target, by, client_id) for name, reason in step.events],
        "mark": step.mark,
        "mute": -1 if step.mute_until is None else step.mute_until,
        "lifts": step.lifts or 0,
        "expelled": _expelled(report, by) if step.expels else b"",
        "readmits": step.readmits,
        "notices": [[f"{person}:{one.id}", msgspec.msgpack.encode(one)] for person, one in step.notices],
        "told": told,
        "audit": _audit(report, step, by),
        "reply": reply,
    }
    return bytes(msgpack.packb(change, use_bin_type=False))


def _ruled_at(report: Report | None) -> int | None:
    return None if report is None or report.stands is None else report.stands.at


def _entry(name: str, reason: str, target: int, by: Fields, client_id: str | None) -> bytes:
    """What three neighbours brought about is nobody's doing."""
    if reason == "review":
        return event.packed(name, SYSTEM, EntryHidden(target, "review"))
    if name == "entry.hidden":
        return event.packed(name, by, EntryHidden(target, "hidden", client_id))
    kind = EntryRestored if name == "entry.restored" else EntryRemoved
    return event.packed(name, by, kind(target, client_id))


def _expelled(report: Report, by: Fields) -> bytes:
    return event.packed("member.left", by, MemberLeft(person=report.author, reason="expelled"))


def _audit(report: Report, step: Step, by: Fields) -> list[list[bytes]]:
    """The open book's rows of what staff did, each with its words; whom a measure was against is not in it, and what
    somebody did stands among the words alone, which can be erased."""
    if by["role"] != "moderator":
        return []
    who, rows = msgspec.convert(by, By), []
    facts = report.ruling.facts if report.ruling is not None else None
    for deed, code in step.deeds:
        words = salted(facts, secrets.token_bytes(SALT)) if facts and deed in RULINGS else b""
        target = str(report.target) if deed in ON_ENTRY else report.id
        row = AuditRow(
            deed=deed, by=who, room=report.room, code=code or None, target=target,
            digest=digest(words) if words else None,
        )  # fmt: skip
        rows.append([audit_packed(row), words])
    return rows
