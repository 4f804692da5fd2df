"""A report: who reported which entry, who decides on it, and what follows. Pure.

Every measure on an entry or its author is one of these, also where nobody had reported anything: so each can be
appealed, by the same way, to another moderator.
"""

from __future__ import annotations

import msgspec

from rooms.person import Organisation, Person, Role
from rooms.place import Places
from rooms.refusal import Refusal
from rooms.report_shape import (
    EntryMeasure,
    NoticeKind,
    NoticeView,
    ReportReason,
    ReportState,
    ReportView,
    Verdict,
)
from rooms.shape import By, NamedPlace

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
PRESSING: frozenset[ReportReason] = frozenset({"hate", "private_data"})
PRESSING_MS, CLOCK_MS = 30 * MINUTE_MS, DAY_MS
"""How long a report may wait for its decision (product.md 7)."""
MOST_NOTES = 30
"""Of those who report an entry; a thousand neighbours may, and each says the same."""
HOLD_MS = 60 * MINUTE_MS
"""How long somebody has it who took it and then does nothing: the device may have gone for good."""
ENOUGH = 3
"""Members who report an entry hide it until somebody has looked."""
OPEN: frozenset[ReportState] = frozenset({"waiting", "taken", "seconding", "appealed", "appeal_taken"})
FOR_GOOD = ("retracted", "retention", "erasure")
"""What nobody can bring back, or need hide."""
TAKEN: frozenset[ReportState] = frozenset({"taken", "appeal_taken"})


class Reporter(msgspec.Struct, frozen=True):
    person: str
    reason: ReportReason
    note: str = ""


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """A decision and its reasons. entry: what becomes of the entry, None for as it is; by: whose; at: when; until: of a
    mute."""

    verdict: Verdict
    entry: EntryMeasure | None = None
    rule: ReportReason | None = None
    facts: str | None = None
    by: By
    at: int
    until: int | None = None


class Target(msgspec.Struct, frozen=True):
    """An entry as it is found when something is decided on it. mark: what readers find instead, '' for the entry.

    markable: it can be hidden: words of talk, or a warning that is over; never a case or an alert.
    """

    author: By
    mark: str = ""
    markable: bool = True

    @property
    def is_resident(self) -> bool:
        return self.author.role == "resident"


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The record, whole. due_at: when it is late, or when its author can appeal no longer.  mark: as of Target.

    ruling: the last one, or the one that needs a second person; stands: the last one that was carried out.
    ruled_by: who decided before, and can't on an appeal.  appeal: the author's words.  judged: an earlier report on the
    entry was decided.  barred: whose decision on the entry an appeal has looked at since, and who can't decide anew.
    held_until: how long its owner has it without a sign of life.
    """

    id: str
    version: int = 0
    room: str
    place: NamedPlace
    target: int
    author: By
    reporters: tuple[Reporter, ...] = ()
    state: ReportState = "waiting"
    since: int
    due_at: int | None = None
    owner: By | None = None
    mark: str = ""
    late: bool = False
    ruling: Ruling | None = None
    stands: Ruling | None = None
    ruled_by: tuple[str, ...] = ()
    appeal: str = ""
    judged: bool = False
    barred: tuple[str, ...] = ()
    held_until: int | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def wakes_at(self) -> int | None:
        """When the clock has something to do."""
        held = self.held_until if self.owner is not None else None
        return min((at for at in (self.due_at, held) if at is not None), default=None)


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What a move makes of a report, and what it does. mark: for the entry from now on, 'clear' for none, '' for as it
    is.  mute_until: of the author, 0 for no mute, None for as it is; lifts: when the mute ends that goes for it, None
    for any.  events: (name, reason) of the room's entries.  notices: (person, kind of who is told).  deeds: of
    audit_deed.DEEDS, with the code of each.
    """

    report: Report
    mark: str = ""
    mute_until: int | None = None
    lifts: int | None = None
    expels: bool = False
    readmits: bool = False
    events: tuple[tuple[str, str], ...] = ()
    notices: tuple[tuple[str, NoticeView], ...] = ()
    deeds: tuple[tuple[str, str], ...] = ()


def judges(person: Person, places: Places, place: str) -> bool:
    """Residents' words are judged by the municipality alone (product.md 2), in the own area."""
    is_moderator = person.role is Role.MODERATOR and person.organisation is Organisation.MUNICIPALITY
    return is_moderator and any(places.covers(area, place) for area in person.jurisdiction)


def view(report: Report) -> ReportView:
    """The report as moderators see it in their queue."""
    return ReportView(
        report=report.id, version=report.version, room=report.room, place=report.place, target=report.target,
        reasons=tuple(dict.fromkeys(one.reason for one in report.reporters)), reporters=len(report.reporters),
        state=report.state, since=report.since, deadline=report.due_at if report.is_open else None,
        owner=report.owner, hidden=bool(report.mark), late=report.late,
        decision=report.ruling.verdict if report.ruling else None, appealed=bool(report.appeal),
    )  # fmt: skip


def notes(report: Report) -> list[str]:
    """What reporters, the author who appealed, and whoever asks for an expulsion wrote for who decides."""
    asked = (report.ruling.facts,) if report.state == "seconding" and report.ruling else ()
    return [text for text in (*asked, report.appeal, *(one.note for one in report.reporters)) if text]


# reporting -------------------------------------------------------------------------------------------


def filed(report: Report, reporter: Reporter, target: Target, now_ms: int) -> Step:
    """One more member reports the entry; who did before changes nothing."""
    if any(one.person == reporter.person for one in report.reporters):
        return Step(report=report)
    due_at = now_ms + (PRESSING_MS if reporter.reason in PRESSING else CLOCK_MS)
    is_sooner = not report.late and (report.due_at is None or due_at < report.due_at)
    if len(notes(report)) >= MOST_NOTES:
        reporter = msgspec.structs.replace(reporter, note="")
    after = msgspec.structs.replace(
        report, reporters=(*report.reporters, reporter), due_at=due_at if is_sooner else report.due_at
    )
    return _review(after, now_ms) if _may_review(after, target) else Step(report=after)


def _may_review(report: Report, target: Target) -> bool:
    """Never an entry of staff, a warning in force, a case or an alert (product.md 7), nor what somebody has looked at:
    three who don't agree with the decision can't undo it."""
    return (
        not report.judged
        and len(report.reporters) >= ENOUGH
        and target.is_resident
        and target.markable
        and not target.mark
    )


def _review(report: Report, now_ms: int) -> Step:
    after = msgspec.structs.replace(report, mark="review")
    told = notice(after, "reviewed", after.author.id, now_ms)
    return Step(report=after, mark="review", events=(("entry.hidden", "review"),), notices=(told,))


# deciding --------------------------------------------------------------------------------------------


def take(report: Report, by: By, now_ms: int) -> Step:
    """Somebody decides on it from now on; the owner keeps it for longer.

    Raises Refusal: conflict_of_interest, already_taken, wrong_state.
    """
    check_conflict(report, by.id)
    if report.state in TAKEN:
        check_owner(report, by)
        return Step(report=msgspec.structs.replace(report, held_until=now_ms + HOLD_MS))
    if report.state not in ("waiting", "appealed"):
        raise Refusal("wrong_state")
    state: ReportState = "taken" if report.state == "waiting" else "appeal_taken"
    after = msgspec.structs.replace(report, state=state, owner=by, held_until=now_ms + HOLD_MS)
    return Step(report=after, deeds=(("report.taken", ""),))


def release(report: Report, by: By) -> Step:
    """The owner gives it back: it waits for anybody. Raises Refusal: wrong_state (not taken), already_taken."""
    if report.state not in TAKEN:
        raise Refusal("wrong_state")
    check_owner(report, by)
    return Step(report=_free(report), deeds=(("report.released", ""),))


def _free(report: Report) -> Report:
    states: dict[ReportState, ReportState] = {"taken": "waiting", "appeal_taken": "appealed"}
    state = states.get(report.state, report.state)
    return msgspec.structs.replace(report, state=state, owner=None, held_until=None)


def check_conflict(report: Report, person: str) -> None:
    """Nobody decides about themselves, nor on an appeal against what they decided; whoever asks for an expulsion is
    not the second person. Raises Refusal("conflict_of_interest")."""
    if is_in_conflict(report, person):
        raise Refusal("conflict_of_interest")


def is_in_conflict(report: Report, person: str) -> bool:
    asked = (report.ruling.by.id,) if report.state == "seconding" and report.ruling else ()
    earlier = report.ruled_by if report.appeal else ()
    return person in (report.author.id, *earlier, *asked, *report.barred)


def overruled(report: Report) -> tuple[str, ...]:
    """Who decided on its entry before an appeal did: the last word was somebody else's."""
    if not report.appeal or report.state != "final" or report.stands is None:
        return report.barred
    last = 2 if report.stands.verdict == "expel" else 1
    return (*report.barred, *report.ruled_by[:-last])


def check_owner(report: Report, by: By) -> None:
    """Raises Refusal("already_taken") where another moderator has it."""
    if report.owner is not None and report.owner.id != by.id:
        raise Refusal("already_taken", owner=report.owner.name)


def notice(
    report: Report, kind: NoticeKind, person: str, now_ms: int, acted: bool | None = None
) -> tuple[str, NoticeView]:
    """Who reported hears whether something was done, and not what happened to a neighbour."""
    notice = NoticeView(
        id=f"{report.id}:{report.version + 1}:{kind}", kind=kind, report=report.id, room=report.room,
        target=report.target, at=now_ms, acted=acted,
    )  # fmt: skip
    ruling = report.ruling
    if kind not in ("decided", "appeal_decided") or ruling is None:
        return person, notice
    return person, msgspec.structs.replace(
        notice, decision=ruling.verdict, entry=ruling.entry, rule=ruling.rule, facts=ruling.facts, until=ruling.until,
        appeal_until=report.due_at if kind == "decided" else None,
    )  # fmt: skip


# afterwards ------------------------------------------------------------------------------------------


def appeal(report: Report, person: str, text: str, now_ms: int) -> Step:
    """The author asks another moderator to look again, once. Raises Refusal: not_permitted, wrong_state, too_late."""
    if person != report.author.id:
        raise Refusal("not_permitted")
    if report.appeal or report.is_open:
        raise Refusal("wrong_state")
    if report.state == "final" or report.due_at is None or now_ms >= report.due_at:
        raise Refusal("too_late")
    after = msgspec.structs.replace(report, state="appealed", appeal=text, due_at=now_ms + CLOCK_MS, late=False)
    return Step(report=after)


def overdue(report: Report, now_ms: int) -> Step | None:
    """What the clock does: what waits for a decision is late and free for anybody, and free as well when its owner did
    nothing for long; what was decided is final.

    None where nothing is due.
    """
    if report.wakes_at is None or now_ms < report.wakes_at:
        return None
    if not report.is_open:
        return Step(report=msgspec.structs.replace(report, state="final", due_at=None))
    is_late = report.due_at is not None and now_ms >= report.due_at
    after = _free(report)
    return Step(report=msgspec.structs.replace(after, late=True, due_at=None) if is_late else after)
