"""Cases in every state, and everybody who could lay hands on one; made of moves, without a store."""

from __future__ import annotations

from typing import Any

from rooms.case import Case
from rooms.case_move import Action
from rooms.escalation import Step, begin, step
from rooms.on_call import POLICIES, Duty, OnDuty
from rooms.shape import By, NamedPlace, Urgency

NOW = 1_795_442_400_000
LINE = (("street", "BU1:laan"), ("neighbourhood", "BU1"), ("wijk", "WK1"), ("district", "D1"), ("municipality", "GM1"))


def _on(name: str, organisation: str, *areas: str) -> OnDuty:
    return OnDuty(name, By(name, name, "officer", organisation), areas)  # type: ignore[arg-type]  # a word of the two


VEGA, YILMAZ, PRINS, FAR = (
    _on("vega", "police", "WK1"),
    _on("yilmaz", "police", "WK1"),
    _on("prins", "police", "D1"),
    _on("far", "police", "WK2"),
)
BAKKER, VISSER = _on("bakker", "municipality", "D1"), _on("visser", "municipality", "D1")
DUTY: Duty = (VEGA, YILMAZ, PRINS, FAR, BAKKER, VISSER)
ACTORS = ("ada", "ben", "vega", "yilmaz", "prins", "far", "bakker", "off", "")
"""The asker, a neighbour, the owner, colleagues of the wijk, the district and elsewhere, the municipality, somebody of
the staff who is off duty, and the clock."""


def new_case(urgency: Urgency = "urgent", **more: Any) -> Case:
    fields: dict[str, Any] = {
        "id": "p07.k3m9x2w7q4v5", "room": "BU1:laan", "place": NamedPlace("BU1:laan", "Laan"), "line": LINE,
        "to": "police", "urgency": urgency, "text": "Er wordt ingebroken.", "person": "ada",
        "asker": By("ada", "Ada", "resident"), "policy": POLICIES[urgency], "since": NOW,
    }  # fmt: skip
    return Case(**{**fields, **more})


def act(case: Case, name: str, person: str, now_ms: int = NOW, duty: Duty = DUTY, **more: Any) -> Step:
    """One action. The rest of what it needs has a value."""
    needs: dict[str, dict[str, Any]] = {
        "hand_over": {"to": "municipality"},
        "resolve": {"outcome": "on_site", "text": "Ik ben langs geweest."},
        "rate": {"helped": True},
        "attach": {"call": new_case("urgent")},
        "send": {"persons": ("vega", "bakker")},
        "deliver": {"persons": ("vega", "bakker")},
        "see": {"persons": ("vega", "bakker")},
    }
    action = Action(name=name, person=person, **{**needs.get(name, {}), **more})  # type: ignore[arg-type]
    return step(case, action, now_ms, duty)


def in_state(state: str) -> Case:
    """A case that got there by moves, the owner being Vega where there is one."""
    if state == "listed":
        return begin(new_case("information"), NOW, DUTY).case
    if state == "unanswered":
        return begin(new_case(), NOW, ()).case
    paging = begin(new_case(), NOW, DUTY).case
    if state == "paging":
        return paging
    if state == "withdrawn":
        return act(paging, "withdraw", "ada").case
    if state == "lapsed":
        case = in_state("unanswered")
        return act(case, "due", "", now_ms=NOW + case.policy.unanswered_ms).case
    accepted = act(paging, "accept", "vega").case
    moves = {"accepted": None, "handing_over": "hand_over", "resolved": "resolve"}
    name = moves[state]
    return accepted if name is None else act(accepted, name, "vega").case
