"""The table of events of cases and duty; `event.EVENTS` holds them with the others. Pure.

Every entry of a case carries the case whole, as it was from that moment on. What staff are told who are in no room of
it is a page: kind, place and urgency, and nothing that was said.
"""

from __future__ import annotations

from typing import Any

from rooms.shape import (
    ADA,
    CASE,
    STREET,
    VEGA,
    By,
    CaseView,
    Fields,
    Ground,
    Row,
)


class CaseChanged(Fields, frozen=True):
    """client_id: of the command that did it; of none where the clock or somebody's duty did. text: what somebody said
    who called for what another had called for already."""

    case: CaseView
    client_id: str | None = None
    text: str | None = None


class CaseTold(Fields, frozen=True):
    case: CaseView


class PageWithdrawn(Fields, frozen=True):
    case: str


class StaffEntered(Fields, frozen=True):
    person: By
    ground: Ground


class StaffLeft(Fields, frozen=True):
    person: By
    ground: Ground


class DutyChanged(Fields, frozen=True):
    person: By
    on: bool


_WAITING: dict[str, Any] = {
    "id": CASE, "version": 4, "room": STREET, "place": {"id": STREET, "name": "Jan Luykenlaan"}, "to": "police",
    "urgency": "urgent", "kind": "suspicious", "text": "Er wordt aan deuren gevoeld.", "warning": 117,
    "emergency": "called", "state": "paging", "tier": 2, "tiers": 3, "skipped": [1], "since": 1795442461234,
    "deadline": 1795442521234, "reached": {"paged": 2, "sent": 1}, "asker": ADA,
}  # fmt: skip
_PAGE = {name: value for name, value in _WAITING.items() if name not in ("text", "asker", "warning")} | {"paged": True}
_TAKEN = _WAITING | {"version": 5, "state": "accepted", "tier": 0, "deadline": 1795443361234, "owner": VEGA}
_TAKEN_PAGE = {name: value for name, value in _TAKEN.items() if name not in ("text", "asker", "warning")}
_DONE = {name: value for name, value in _TAKEN.items() if name != "deadline"} | {
    "version": 6,
    "state": "resolved",
    "outcome": {"code": "on_site", "text": "Ik ben langs geweest; het was de bezorger.", "by": VEGA},
}
_GROUND = {"kind": "case", "id": CASE}


def _kept(summary: str, case: dict[str, Any]) -> Row:
    return Row(CaseChanged, "members", summary, {"case": case}, "escalation")


CASE_EVENTS: dict[str, Row] = {
    "escalation.raised": _kept("Somebody calls police or municipality.", _WAITING),
    "escalation.joined": _kept("A neighbour needs the same.", _WAITING | {"joined": 1}),
    "escalation.widened": _kept("Nobody took it in time: the next tier is paged.", _WAITING | {"tier": 3}),
    "escalation.declined": _kept("One of those who were asked can't take it.", _WAITING),
    "escalation.unanswered": _kept(
        "Nobody has answered, or nobody is on duty. In danger call 112, else 0900-8844 or 14070.",
        _WAITING | {"state": "unanswered", "tier": 0, "skipped": [1, 2, 3], "reached": {"paged": 0}},
    ),
    "escalation.accepted": _kept("Somebody took it; the owner's function is in the case.", _TAKEN),
    "escalation.reminded": _kept("The owner is reminded: silent for long, or it has become more urgent.", _TAKEN),
    "escalation.released": _kept("The owner let it go, or was silent, or is off duty: it waits again.", _WAITING),
    "escalation.handing_over": _kept(
        "The owner asks others to take over, and owns it until they do.",
        _TAKEN | {"state": "handing_over", "handing_to": "municipality"},
    ),
    "escalation.handed_over": _kept("Others took over.", _TAKEN | {"to": "municipality"}),
    "escalation.returned": _kept("Nobody took over: the owner keeps it.", _TAKEN),
    "escalation.withdrawn": _kept(
        "The asker needs it no longer; who owns it still owes the outcome.",
        _WAITING | {"state": "withdrawn", "tier": 0, "withdrawn": True},
    ),
    "escalation.resolved": _kept("It is done; the outcome says how.", _DONE),
    "escalation.rated": _kept("The asker says whether it helped.", _DONE | {"helped": True}),
    "escalation.reopened": _kept("The asker needs it after all.", _WAITING | {"reopened": True}),
    "escalation.lapsed": _kept("Nobody took it, and its time is over.", _WAITING | {"state": "lapsed", "tier": 0}),
    "staff.entered": Row(
        StaffEntered, "members", "A member of staff is in the room from now on, on this ground.",
        {"person": VEGA, "ground": _GROUND}, "escalation",
    ),
    "staff.left": Row(
        StaffLeft, "members", "A member of staff is in the room no longer.", {"person": VEGA, "ground": _GROUND},
        "escalation",
    ),
    "escalation.paged": Row(
        CaseTold, "the person", "You are being called. The text comes with accepting.", {"case": _PAGE}
    ),
    "page.withdrawn": Row(PageWithdrawn, "the person", "You are being called no longer.", {"case": CASE}),
    "case.changed": Row(
        CaseTold, "the organisation's staff there or called, or the members",
        "A case as it is now: for the desk, and for the room where something changed that is no entry. Text, asker, "
        "warning, outcome and helped are not in it: keep yours. Where the asker was erased it says so, with an empty "
        "text.", {"case": _TAKEN_PAGE},
    ),
    "duty.changed": Row(
        DutyChanged, "the organisation's staff", "Somebody went on duty or off.", {"person": VEGA, "on": True}
    ),
}  # fmt: skip
