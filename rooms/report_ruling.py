"""Rulings on reports: what a decision does to an entry and its author, and who is told. Pure."""

from __future__ import annotations

import msgspec

from rooms.refusal import Refusal
from rooms.report import (
    CLOCK_MS,
    DAY_MS,
    FOR_GOOD,
    HOLD_MS,
    TAKEN,
    Report,
    Ruling,
    Step,
    Target,
    check_conflict,
    check_owner,
    notice,
)
from rooms.report_shape import NoticeView, ReportState, Verdict
from rooms.shape import By

APPEAL_MS = 7 * DAY_MS


def decide(report: Report, ruling: Ruling, target: Target) -> Step:
    """The owner decides. An expulsion waits for a second person, what becomes of the entry does not.

    Raises Refusal: conflict_of_interest, already_taken, wrong_state (not taken), not_permitted (measures against
    staff), wrong_target (this entry can't be hidden).
    """
    check_conflict(report, ruling.by.id)
    if report.state not in TAKEN:
        raise Refusal("wrong_state")
    check_owner(report, ruling.by)
    return rule(report, ruling, target)


def rule(report: Report, ruling: Ruling, target: Target) -> Step:
    """Carry out a ruling on an entry and its author. Raises Refusal: not_permitted, wrong_target."""
    if ruling.verdict in ("warn", "mute", "unmute", "expel") and not target.is_resident:
        raise Refusal("not_permitted")
    step = _on_entry(msgspec.structs.replace(report, ruling=ruling), ruling, target)
    if ruling.verdict == "expel":
        waits = msgspec.structs.replace(
            step.report, state="seconding", owner=None, held_until=None, due_at=ruling.at + CLOCK_MS, late=False
        )
        return msgspec.structs.replace(step, report=waits, deeds=(*step.deeds, ("measure.expel_asked", "")))
    return _ended(_on_author(step, ruling), ruling.at, ruling.by.id)


ENTRY_DEEDS = {"hidden": "measure.hidden", "moderation": "measure.removed", "clear": "measure.restored"}
ENTRY_EVENTS = {"hidden": "entry.hidden", "moderation": "entry.removed", "clear": "entry.restored"}
MARKS: dict[Verdict, str] = {"hide": "hidden", "remove": "moderation", "keep": "clear", "restore": "clear"}


def _on_entry(report: Report, ruling: Ruling, target: Target) -> Step:
    """What readers find at its number from now on; nothing where its author took it back, or it is gone."""
    wanted = ruling.verdict if ruling.verdict in MARKS else ruling.entry
    if wanted is None:
        return Step(report=msgspec.structs.replace(report, mark=target.mark))
    mark = MARKS[wanted]
    if not target.markable and mark != "clear":
        raise Refusal("wrong_target")
    after = "" if mark == "clear" else mark
    if target.mark in (after, *FOR_GOOD):
        return Step(report=msgspec.structs.replace(report, mark=after))
    return Step(
        report=msgspec.structs.replace(report, mark=after), mark=mark, events=((ENTRY_EVENTS[mark], "hidden"),),
        deeds=((ENTRY_DEEDS[mark], ""),),
    )  # fmt: skip


def _on_author(step: Step, ruling: Ruling) -> Step:
    """What becomes of the author; what an earlier ruling did is undone where this one, on the appeal, says
    otherwise."""
    stands = step.report.stands
    earlier = stands.verdict if stands else ""
    changes: dict[str, object] = {}
    if stands is not None and earlier == "mute" and ruling.verdict != "unmute":
        changes |= {"mute_until": 0, "lifts": stands.until}
    if ruling.verdict in ("mute", "unmute"):
        changes["mute_until"] = ruling.until or 0
    if earlier == "expel":
        changes["readmits"] = True
    deeds = {"warn": "measure.warned", "mute": "measure.muted", "unmute": "measure.unmuted"}
    more = ((deeds[ruling.verdict], ""),) if ruling.verdict in deeds else ()
    return msgspec.structs.replace(step, deeds=(*step.deeds, *more), **changes)


def _ended(step: Step, now_ms: int, *ruled_by: str) -> Step:
    """Decided: who wrote it hears why, who reported it hears that it was; after an appeal that is the last word."""
    report, ruling, is_appeal = step.report, step.report.ruling, step.report.appeal != ""
    assert ruling is not None
    after = msgspec.structs.replace(
        report, state="final" if is_appeal else "decided", owner=None, held_until=None, late=False, stands=ruling,
        due_at=now_ms if is_appeal else now_ms + APPEAL_MS, ruled_by=(*report.ruled_by, *ruled_by),
    )  # fmt: skip
    deed = ("report.appeal_decided" if is_appeal else "report.decided", ruling.verdict)
    told = tuple(_told(after, step, is_appeal, now_ms))
    return msgspec.structs.replace(step, report=after, notices=(*step.notices, *told), deeds=(deed, *step.deeds))


def _told(report: Report, step: Step, is_appeal: bool, now_ms: int) -> list[tuple[str, NoticeView]]:
    """To the author, unless nothing had happened and nothing does; to each who reported, once."""
    ruling = report.ruling
    assert ruling is not None
    acted = ruling.verdict not in ("keep", "restore", "unmute")
    rows = []
    if step.mark or is_appeal or ruling.verdict != "keep":
        rows.append(notice(report, "appeal_decided" if is_appeal else "decided", report.author.id, now_ms))
    if not is_appeal:
        rows += [notice(report, "answered", one.person, now_ms, acted) for one in report.reporters]
    return rows


def second(report: Report, by: By, agrees: bool, now_ms: int) -> Step:
    """A second person on an expulsion: it happens, or the first decides anew.

    Raises Refusal: conflict_of_interest, wrong_state.
    """
    if report.state != "seconding" or report.ruling is None:
        raise Refusal("wrong_state")
    check_conflict(report, by.id)
    is_appeal = report.appeal != ""
    if not agrees:
        state: ReportState = "appeal_taken" if is_appeal else "taken"
        again = msgspec.structs.replace(
            report, state=state, owner=report.ruling.by, held_until=now_ms + HOLD_MS, ruling=None,
            due_at=now_ms + CLOCK_MS, late=False,
        )  # fmt: skip
        return Step(report=again, deeds=(("measure.expel_declined", ""),))
    step = Step(report=report, expels=True, deeds=(("measure.expelled", ""),))
    return _ended(step, now_ms, report.ruling.by.id, by.id)
