"""The table of commands about cases and duty; `command.COMMANDS` holds them with the others."""

from __future__ import annotations

from typing import Any

from rooms import case_payload as asked
from rooms import desk, duty
from rooms.command_row import Row
from rooms.shape import CASE, CLIENT_ID, STREET

_STATE, _ON = {"state": "CaseState"}, {"on": "boolean"}
_IT: dict[str, Any] = {"case": CASE, "client_id": CLIENT_ID}
_HERE: dict[str, Any] = {"room": STREET, "client_id": CLIENT_ID}

CASE_COMMANDS: dict[str, Row] = {
    "escalation.raise": Row(
        asked.RaiseCase, desk.raise_case, "escalate", None,
        "Call police or municipality into the room, or into a private room of the case. Never refused for load.",
        {**_HERE, "to": "police", "urgency": "urgent", "text": "Er wordt aan deuren gevoeld.", "kind": "suspicious",
         "emergency": "called"}, {"seq": "number", "case": "string"},
    ),
    "escalation.accept": Row(
        asked.OfCase, desk.accept, "take_case", "touch", "Take the case: you own it and enter its room.", _IT, _STATE
    ),
    "escalation.decline": Row(
        asked.OfCase, desk.decline, "take_case", "touch", "You can't take it; others are asked at once.", _IT, _STATE
    ),
    "escalation.release": Row(
        asked.OfCase, desk.release, "take_case", "touch", "Let your case go: it is paged again, without you.",
        _IT, _STATE,
    ),
    "escalation.alive": Row(
        asked.OfCase, desk.alive, "take_case", "touch",
        "You are at it: the deadline starts anew, as with anything you do in the room.", _IT, _STATE,
    ),
    "escalation.hand_over": Row(
        asked.HandOver, desk.hand_over, "take_case", "touch",
        "Ask others to take your case over; it is yours until they do.", {**_IT, "to": "municipality"}, _STATE,
    ),
    "escalation.resolve": Row(
        asked.Resolve, desk.resolve, "take_case", "touch", "Give the outcome: a code and a sentence.",
        {**_IT, "outcome": "on_site", "text": "Ik ben langs geweest; het was de bezorger."}, _STATE,
    ),
    "escalation.withdraw": Row(
        asked.OfCase, desk.withdraw, "follow_case", "touch", "You need it no longer.", _IT, _STATE
    ),
    "escalation.rate": Row(
        asked.Rate, desk.rate, "follow_case", "touch", "Did it help? Changeable for 7 days.",
        {**_IT, "helped": True}, _STATE,
    ),
    "escalation.reopen": Row(
        asked.OfCase, desk.reopen, "follow_case", "touch", "You need it after all; once, within 7 days.", _IT, _STATE
    ),
    "escalation.join": Row(
        asked.OfCase, desk.join, "follow_case", "touch", "You need the same as a neighbour who called.", _IT, _STATE
    ),
    "page.delivered": Row(
        asked.OfPage, desk.deliver_page, "take_case", "read", "Your device has the page; the room counts it.",
        {"case": CASE}, {},
    ),
    "page.seen": Row(
        asked.OfPage, desk.see_page, "take_case", "read", "Your device shows the page; the room counts it.",
        {"case": CASE}, {},
    ),
    "duty.start": Row(
        asked.Duty, duty.start, "be_on_duty", "touch", "Go on duty: you are paged from now on.",
        {"client_id": CLIENT_ID}, _ON,
    ),
    "duty.stop": Row(
        asked.Duty, duty.stop, "be_on_duty", "touch", "Go off duty: what you own is paged anew.",
        {"client_id": CLIENT_ID}, _ON,
    ),
}  # fmt: skip
