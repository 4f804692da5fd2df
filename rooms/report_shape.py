"""The words and shapes of reports, measures and the notices about them; `shape.py` has those of everything. Pure."""

from __future__ import annotations

from typing import Any, Literal

from rooms.shape import CASE, STREET, By, Fields, NamedPlace

ReportReason = Literal["insult", "hate", "private_data", "spam", "false_alarm", "other"]
"""Why somebody reports an entry, and the rule that a decision names."""
ReportState = Literal["waiting", "taken", "seconding", "decided", "appealed", "appeal_taken", "final"]
EntryMeasure = Literal["keep", "hide", "remove"]
Decision = Literal["keep", "hide", "remove", "warn", "mute", "expel"]
Measure = Literal["hide", "restore", "remove", "warn", "mute", "unmute", "expel"]
Verdict = Literal["keep", "hide", "restore", "remove", "warn", "mute", "unmute", "expel"]
"""Every decision and every measure."""
NoticeKind = Literal["reviewed", "decided", "answered", "appeal_decided"]


class ReportView(Fields, frozen=True, kw_only=True):
    """A report as it lies in the queue of the municipality's moderators: nothing of what was said is in it.

    version: rises with every change.  reasons: those given, each once.  reporters: how many; 0 for a measure that
    nobody had asked for.  deadline: when it is late; left out where it waits for nothing.  owner: who has it.  hidden:
    readers find a marker.  late: a deadline has passed.  decision: the last one, or the one that needs a second person.
    appealed: its author asked another moderator to look again.
    """

    report: str
    version: int
    room: str
    place: NamedPlace
    target: int
    reasons: tuple[ReportReason, ...]
    reporters: int
    state: ReportState
    since: int
    deadline: int | None = None
    owner: By | None = None
    hidden: bool = False
    late: bool = False
    decision: Verdict | None = None
    appealed: bool = False


class NoticeView(Fields, frozen=True, kw_only=True):
    """What somebody is told in person about a report, and kept until one device has seen it.

    kind: to the author that the entry is hidden until somebody has looked (reviewed), what was decided and why
    (decided, appeal_decided); to who reported, whether something was done (answered).  target: the entry.
    decision, entry: what becomes of the author, and of the entry.  rule, facts: the reasons.  until: of a mute.
    appeal_until: how long another moderator can be asked to look again, by `report.appeal`.
    acted: of an answer.
    """

    id: str
    kind: NoticeKind
    report: str
    room: str
    target: int
    at: int
    decision: Verdict | None = None
    entry: EntryMeasure | None = None
    rule: ReportReason | None = None
    facts: str | None = None
    until: int | None = None
    appeal_until: int | None = None
    acted: bool | None = None


REPORT: dict[str, Any] = {
    "report": CASE, "version": 1, "room": STREET, "place": {"id": STREET, "name": "Jan Luykenlaan"}, "target": 117,
    "reasons": ["insult"], "reporters": 1, "state": "waiting", "since": 1795442461234, "deadline": 1795528861234,
}  # fmt: skip
STATEMENT: dict[str, Any] = {
    "id": f"{CASE}:3:decided", "kind": "decided", "report": CASE, "room": STREET, "target": 117, "at": 1795442521234,
    "decision": "mute", "entry": "hide", "rule": "insult", "facts": "Een buurvrouw wordt uitgescholden.",
    "until": 1795446121234, "appeal_until": 1796047321234,
}  # fmt: skip
"""For the examples."""
