"""Reports: filed by members, taken and decided by the municipality's moderators, appealed by who wrote the entry.

Load, step, commit; of two at once one looks again. Whoever may not know of a report hears what is heard of none.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from collections.abc import Callable
from typing import Any

import msgspec

from rooms import account, notice, report_ruling, retention
from rooms import report as rules
from rooms import report_record as record
from rooms.call import Call, Reply
from rooms.deed import already_done, turn_away
from rooms.keys import partition_of, room_keys
from rooms.refusal import Refusal
from rooms.report import FOR_GOOD, Report, Reporter, Ruling, Step, Target
from rooms.report_payload import AppealReport, DecideReport, FileReport, ListReports, OfReport, ReadReport, SecondReport
from rooms.shape import By, NamedPlace
from rooms.store import Changed
from rooms.town import MINUTE_MS, Town

TRIES = 50
"""How often a step looks again, each time because somebody else was first."""
Move = Callable[[Report, Target], Step]


# members ---------------------------------------------------------------------------------------------


async def file(town: Town, call: Call[FileReport]) -> Reply:
    """Report an entry; one that waits for a decision already gets one reporter more.

    Raises Refusal: not_found, wrong_target (nothing that anybody said, or not in the room of a place), too_fast, stale,
    client_id_reused.
    """
    done = await already_done(town, call)
    if done is not None:
        return done
    said, person = call.payload, call.person
    if not await town.store.read("HEXISTS", room_keys(said.room).members, person.id):
        raise await turn_away(town, call, said.room)
    seq, _ = await _reportable(town, said.room, said.target)
    reporter = Reporter(person.id, said.reason, (said.note or "").strip())
    for _ in range(TRIES):
        before = await record.open_on(town, said.room, seq)
        _, target = await _reportable(town, said.room, seq)  # after the report, whose version then vouches for both
        report = before or new(town, said.room, seq, target, call.now_ms)
        step = rules.filed(await record.informed(town, report), reporter, target, call.now_ms)
        try:
            reply = await record.move(town, call, before, step, what=said.room, needs="member", limit="report",
                                      reply={"report": report.id})  # fmt: skip
        except Changed:
            continue
        await notice.give_all(town, step.report.room, step.notices)
        return {"ok": True, **reply}
    raise Refusal("busy", retry_after_ms=1_000)


async def _reportable(town: Town, room: str, seq: int) -> tuple[int, Target]:
    """The entry with words at this number, or of which this is a later wording. Raises Refusal("wrong_target")."""
    found = await record.target_of(town, room, seq) if is_of_a_place(town, room) else None
    if found is None or found[1].mark not in ("", "review"):
        raise Refusal("wrong_target")
    return found


def is_of_a_place(town: Town, room: str) -> bool:
    """Whether residents talk there: no desk, and no private case, of which nothing is anybody else's to judge."""
    known = town.places.room(room)
    return known is not None and known.kind in ("street", "neighbourhood")


def new(town: Town, room: str, seq: int, target: Target, now_ms: int) -> Report:
    """A report that nobody knows yet: 60 bits of chance behind the partition in which it lives."""
    known = town.places.room(room)
    place = town.places.get(known.place) if known else None
    assert place is not None
    report_id = f"{partition_of(room)}.{b32encode(secrets.token_bytes(8)).decode().lower()[:12]}"
    return Report(
        id=report_id, room=room, place=NamedPlace(place.id, place.name), target=seq, author=target.author,
        since=now_ms, mark=target.mark,
    )  # fmt: skip


async def appeal(town: Town, call: Call[AppealReport]) -> Reply:
    """Ask another moderator to look again, as the author, once within 7 days.

    Raises Refusal: not_found (nothing of yours), wrong_state (appealed already, or not decided), too_late, too_fast.
    """
    text, person = call.payload.text.strip(), call.person

    def moved(report: Report, _target: Target) -> Step:
        return rules.appeal(report, person.id, text, call.now_ms)

    return await _act(town, call, moved, lambda report: report.author.id == person.id, limit="report")


# moderators ------------------------------------------------------------------------------------------


async def those(town: Town, call: Call[ListReports]) -> Reply:
    """The reports that wait for a decision in one's area, the most pressing first; none but for the municipality's."""
    found = [one for one in await record.in_town(town) if rules.judges(call.person, town.places, one.place.id)]
    found.sort(key=lambda one: (not one.late, one.due_at or 0))
    return {"ok": True, "reports": [msgspec.to_builtins(rules.view(one)) for one in found]}


async def read(town: Town, call: Call[ReadReport]) -> Reply:
    """What reporters and the author wrote for who decides; the entry itself is read in its room.

    Raises Refusal: not_found, wrong_state (not yours to decide).
    """
    report = await record.load(town, call.payload.report)
    if report is None or not rules.judges(call.person, town.places, report.place.id):
        raise Refusal("not_found")
    is_mine = report.owner is not None and report.owner.id == call.person.id
    if not is_mine and report.state != "seconding":
        raise Refusal("wrong_state")
    rules.check_conflict(report, call.person.id)
    return {"ok": True, "report": msgspec.to_builtins(rules.view(report)), "notes": rules.notes(report)}


async def take(town: Town, call: Call[OfReport]) -> Reply:
    """Decide on it from now on. Raises Refusal: conflict_of_interest, already_taken, wrong_state, or as `_judge`."""
    return await _judge(town, call, lambda report, _target: rules.take(report, _by(call), call.now_ms))


async def release(town: Town, call: Call[OfReport]) -> Reply:
    """Give it back to the others. Raises Refusal: wrong_state, already_taken, or as `_judge`."""
    return await _judge(town, call, lambda report, _target: rules.release(report, _by(call)))


async def decide(town: Town, call: Call[DecideReport]) -> Reply:
    """Decide, with the reasons that the author is told.

    Raises Refusal: conflict_of_interest, already_taken, wrong_state (not taken), not_permitted (a measure against
    staff), wrong_target (it can't be hidden), or as `_judge` says.
    """
    said = call.payload
    entry = said.decision if said.decision in ("hide", "remove", "keep") else said.entry
    ruling = Ruling(
        verdict=said.decision, entry=entry, rule=said.rule, facts=said.facts.strip() if said.facts else None,
        by=_by(call), at=call.now_ms, until=call.now_ms + said.minutes * MINUTE_MS if said.minutes else None,
    )  # fmt: skip
    return await _judge(town, call, lambda report, target: report_ruling.decide(report, ruling, target))


async def second(town: Town, call: Call[SecondReport]) -> Reply:
    """Say as a second person whether somebody is expelled. Raises Refusal: conflict_of_interest, wrong_state, or as
    `_judge` says."""
    agrees = call.payload.agree
    return await _judge(
        town, call, lambda report, _target: report_ruling.second(report, _by(call), agrees, call.now_ms)
    )


def _by(call: Call[Any]) -> By:
    return msgspec.convert(call.person.by(), By)


async def _judge(town: Town, call: Call[Any], move: Move) -> Reply:
    """One step of a moderator. Raises Refusal: not_found, stale, client_id_reused, too_fast, busy, unavailable."""
    return await _act(
        town, call, move, lambda report: rules.judges(call.person, town.places, report.place.id), limit="touch"
    )


async def _act(town: Town, call: Call[Any], move: Move, may_know: Callable[[Report], bool], *, limit: str) -> Reply:
    """Carry out one step of a report; {state}."""
    done = await already_done(town, call)
    if done is not None:
        return done
    for _ in range(TRIES):
        before = await record.load(town, call.payload.report)
        if before is None:
            raise Refusal("not_found")
        if not may_know(before):
            raise await turn_away(town, call, before.id)
        try:
            step = move(await record.informed(town, before), await target_of(town, before))
        except Refusal:
            done = await already_done(town, call)  # another copy of this command may have moved it meanwhile
            if done is not None:
                return done
            raise
        try:
            reply = await record.move(town, call, before, step, what=before.id, needs="", limit=limit,
                                      reply={"state": step.report.state})  # fmt: skip
        except Changed:
            continue
        await notice.give_all(town, step.report.room, step.notices)
        if step.readmits:
            await readmit(town, before.author.id, before.room)
        return {"ok": True, **reply}
    raise Refusal("busy", retry_after_ms=1_000)


async def target_of(town: Town, report: Report) -> Target:
    """The entry of a report as it is now; one that is gone needs no hiding."""
    found = await record.target_of(town, report.room, report.target)
    return Target(report.author, FOR_GOOD[1]) if found is None else found[1]


# what nobody commands --------------------------------------------------------------------------------


async def overdue(town: Town, report_id: str) -> bool:
    """Carry out the deadline of a report; False where there is none (any longer). What was removed goes for good when
    nobody can appeal any longer."""
    for _ in range(TRIES):
        report = await record.load(town, report_id)
        step = None if report is None else rules.overdue(report, town.clock.now_ms())
        if report is None or step is None:
            return False
        if not report.is_open and (await target_of(town, report)).mark == "moderation":
            await retention.blank(town, report.room, await record.wordings(town, report), "moderation")
        try:
            await record.pass_on(town, report, step, town.clock.now_ms())
        except Changed:
            continue
        return True
    return False


async def readmit(town: Town, person: str, room: str) -> None:
    """Let somebody back into a room where the account still says so; may be done again."""
    await account.settle(town, person)
    of = room_keys(room)
    await town.store.read("ZREM", of.due, f"readmit:{person}:{room}")
