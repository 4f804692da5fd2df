"""The table of commands about entering, reports and measures; `command.COMMANDS` holds them with the others."""

from __future__ import annotations

from typing import Any

from rooms import entering, measure, notice, reporting
from rooms import report_payload as asked
from rooms.command_row import Row
from rooms.report_shape import STATEMENT
from rooms.shape import CASE, CLIENT_ID, STREET

_SEQ, _STATE = {"seq": "number"}, {"state": "ReportState"}
_HERE: dict[str, Any] = {"room": STREET, "client_id": CLIENT_ID}
_IT: dict[str, Any] = {"report": CASE, "client_id": CLIENT_ID}
_WHY = {"rule": "insult", "facts": "Een buurvrouw wordt uitgescholden."}

REPORT_COMMANDS: dict[str, Row] = {
    "room.enter": Row(
        asked.EnterRoom, entering.enter, "enter", "touch",
        "Come into a room of your area on a ground: a case, a report, an alert or a standing arrangement. Everybody "
        "there sees it, and you read from the ground's own entry on.",
        {**_HERE, "ground": {"kind": "arrangement", "id": "k3m9x2w7q4v5"}}, _SEQ,
    ),
    "room.leave": Row(
        asked.OfRoom, entering.leave, "enter", "touch",
        "Go out of a room into which you came; by itself 15 minutes after your last device has gone.", _HERE, {},
    ),
    "report.file": Row(
        asked.FileReport, reporting.file, "report", "report",
        "Report what somebody said. The report's id is the receipt; the decision comes as a notice.",
        {**_HERE, "target": 117, "reason": "insult", "note": "Dit gaat over mijn buurvrouw."}, {"report": "string"},
    ),
    "report.appeal": Row(
        asked.AppealReport, reporting.appeal, "report", "report",
        "Ask another moderator to look again, as the author, once within 7 days.",
        {**_IT, "text": "Het was een grap tussen vrienden."}, _STATE,
    ),
    "report.list": Row(
        asked.ListReports, reporting.those, "moderate", "read",
        "The reports of your area that wait for a decision, the most pressing first; for the municipality's.", {},
        {"reports": "ReportView[]"},
    ),
    "report.read": Row(
        asked.ReadReport, reporting.read, "moderate", "read",
        "What was written to who decides; the entry itself is read in its room.", {"report": CASE},
        {"report": "ReportView", "notes": "string[]"},
    ),
    "report.take": Row(
        asked.OfReport, reporting.take, "moderate", "touch", "You decide on it; it is a ground to enter the room.",
        _IT, _STATE,
    ),
    "report.release": Row(
        asked.OfReport, reporting.release, "moderate", "touch",
        "You do not decide on it after all: it waits for anybody. By itself an hour after you took it.", _IT, _STATE,
    ),
    "report.decide": Row(
        asked.DecideReport, reporting.decide, "moderate", "touch",
        "Decide. The author is told why, who reported it whether something was done; an expulsion waits for a second "
        "person.", {**_IT, "decision": "mute", "entry": "hide", "minutes": 60, **_WHY}, _STATE, fresh=True,
    ),
    "report.second": Row(
        asked.SecondReport, reporting.second, "moderate", "touch",
        "As the second person: expel the author, or have the first decide anew.", {**_IT, "agree": True}, _STATE,
        fresh=True,
    ),
    "measure.take": Row(
        asked.TakeMeasure, measure.take, "moderate", "touch",
        "Hide, bring back or remove an entry of the room you are in, or warn, mute, unmute or expel its author.",
        {**_HERE, "target": 117, "measure": "hide", **_WHY},
        {"report": "string", "state": "ReportState", "seq": "number"}, fresh=True,
    ),
    "measure.lock": Row(
        asked.OfRoom, measure.lock, "moderate", "touch",
        "Residents can only warn of danger and call for help; seq is 0 where nothing changed.", _HERE, _SEQ, fresh=True,
    ),
    "measure.unlock": Row(
        asked.OfRoom, measure.unlock, "moderate", "touch", "Everybody can write again.", _HERE, _SEQ, fresh=True
    ),
    "measure.slow": Row(
        asked.SlowRoom, measure.slow, "moderate", "touch",
        "So many seconds between two messages of a resident; null for any.", {**_HERE, "seconds": 30}, _SEQ, fresh=True,
    ),
    "notice.seen": Row(
        asked.SeenNotice, notice.seen, "be_here", "touch",
        "You have seen a notice; your other devices need not show it.",
        {"id": STATEMENT["id"], "client_id": CLIENT_ID}, {},
    ),
}  # fmt: skip
