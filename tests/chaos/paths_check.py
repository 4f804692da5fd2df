"""PURE: the logs at the end -> where a warning or a case walked a path that there is none of (promise.md 4).

Entries of one move of a case share its version and tell it as it was after the whole move; the first says what was
done.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

import msgspec

from tests.chaos.cases_check import Kept
from tests.chaos.checker import Violation
from tests.chaos.logs import Log, Row

OPEN = frozenset({"listed", "paging", "unanswered"})
OWNED = frozenset({"accepted", "handing_over"})
SAME = frozenset({"same"})
STEPS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "escalation.raised": (frozenset({""}), OPEN),
    "escalation.widened": (frozenset({"paging"}), frozenset({"paging"})),
    "escalation.unanswered": (frozenset({"paging"}), frozenset({"unanswered"})),
    "escalation.declined": (OPEN, frozenset({"paging", "unanswered", "listed"})),
    "escalation.accepted": (OPEN, frozenset({"accepted"})),
    "escalation.reminded": (frozenset({"accepted"}), SAME),
    "escalation.released": (OWNED, frozenset({"paging", "unanswered"})),
    "escalation.handing_over": (frozenset({"accepted"}), frozenset({"handing_over"})),
    "escalation.handed_over": (frozenset({"handing_over"}), frozenset({"accepted"})),
    "escalation.returned": (frozenset({"handing_over"}), frozenset({"accepted"})),
    "escalation.withdrawn": (OPEN | OWNED, frozenset({"withdrawn", "accepted", "handing_over"})),
    "escalation.resolved": (OWNED, frozenset({"resolved"})),
    "escalation.rated": (frozenset({"resolved"}), SAME),
    "escalation.reopened": (frozenset({"resolved"}), frozenset({"paging", "unanswered"})),
    "escalation.joined": (OPEN | OWNED, SAME | OPEN),
    "escalation.lapsed": (frozenset({"listed", "unanswered"}), frozenset({"lapsed"})),
}
"""What was done -> the states in which it may be done, and those to which it may lead."""
WAITING = OPEN | OWNED
ENDS = frozenset({"warning.cleared", "warning.retracted", "warning.expired"})
AFTER_THE_END = frozenset({"warning.retracted", "warning.corrected"})
"""An author may take a warning back, and correct it, when it is over."""
DANGER = frozenset({"burglary", "theft", "violence", "fire"})
ENOUGH = 3
Numbered = tuple[int, Row]


def check_paths(logs: Mapping[str, Log], kept: Mapping[str, Kept] | None = None) -> list[Violation]:
    """Every violation. kept: the cases as Redis holds them at the end; not looked at where there are none."""
    cases: dict[str, list[tuple[str, int, Row]]] = defaultdict(list)
    found: list[Violation] = []
    for room, log in logs.items():
        rows = sorted(log.rows.items())
        found += _warnings(room, log, [row for row in rows if row[1].event.startswith("warning.")])
        for seq, row in rows:
            if row.event.startswith("escalation."):
                cases[row.data["case"]["id"]].append((room, seq, row))
    for case, path in cases.items():
        found += [*_case(case, path)]
        if kept is not None:
            found += [*_rests(case, path, kept.get(case))]
    return found


# cases -----------------------------------------------------------------------------------------------


class _Move(msgspec.Struct, frozen=True):
    """event: the first of the move; view: the case after it."""

    event: str
    seq: int
    view: Mapping[str, Any]

    @property
    def owner(self) -> str:
        return _owner(self.view)


def _owner(view: Mapping[str, Any]) -> str:
    return str((view.get("owner") or {}).get("id", ""))


def _case(case: str, path: Sequence[tuple[str, int, Row]]) -> Iterator[Violation]:
    """One room, legal steps, versions that rise, one owner at a time, and a deadline wherever it waits."""
    room = path[0][0]
    if any(other != room for other, _, _ in path):
        yield Violation("path", room, f"{case} stands in {len({row[0] for row in path})} rooms", case)
    moves = list(_moves(path))
    before = ""
    for move in moves:
        after, allowed = move.view["state"], STEPS.get(move.event)
        leads = {before if state == "same" else state for state in allowed[1]} if allowed else set()
        if allowed is None or before not in allowed[0] or after not in leads:
            yield Violation("path", room, f"{case} went from {before or 'nothing'} by {move.event} to {after}", case)
        if after in WAITING and move.view.get("deadline") is None:
            yield Violation("deadline", room, f"{case} is {after} at {move.seq} and waits for no time", case)
        if (after in OWNED) != bool(move.owner) and after in WAITING:
            yield Violation("owner", room, f"{case} is {after} at {move.seq}, owned by {move.owner or 'nobody'}", case)
        before = after
    for one, other in pairwise(moves):
        if other.view["version"] <= one.view["version"]:
            yield Violation("path", room, f"{case} has version {other.view['version']} at {other.seq}", case)
        if one.owner and other.owner and one.owner != other.owner and other.event != "escalation.handed_over":
            yield Violation("owner", room, f"{case} was {one.owner}'s and became {other.owner}'s at {other.seq}", case)


def _moves(path: Iterable[tuple[str, int, Row]]) -> Iterator[_Move]:
    for _, rows in groupby(path, key=lambda row: row[2].data["case"].get("version", 0)):
        _, seq, first = next(rows)
        yield _Move(first.event, seq, first.data["case"])


def _rests(case: str, path: Sequence[tuple[str, int, Row]], kept: Kept | None) -> Iterator[Violation]:
    """It is in the state that its room was told last, with the deadline that the queue has."""
    room, seq, row = path[-1]
    view = row.data["case"]
    if kept is None:
        yield Violation("lost", room, f"{case} has entries and no record", case)
        return
    if (kept.state, kept.owner) != (view["state"], _owner(view)):
        told = f"{view['state']} of {_owner(view) or 'nobody'} at {seq}"
        yield Violation("told", room, f"{case} is {kept.state} of {kept.owner or 'nobody'}, told {told}", case)
    if kept.scores != (() if kept.due_at is None else (kept.due_at,)):
        yield Violation("deadline", room, f"{case} is due at {kept.due_at}, the queue has {kept.scores}", case)
    if kept.state in WAITING and kept.due_at is None:
        yield Violation("deadline", room, f"{case} is {kept.state} and waits for no time", case)


# warnings --------------------------------------------------------------------------------------------


def _warnings(room: str, log: Log, rows: Sequence[Numbered]) -> Iterator[Violation]:
    raised = {seq: row for seq, row in rows if row.event == "warning.raised"}
    about: dict[int, list[Numbered]] = defaultdict(list)
    for seq, row in rows:
        if row.event != "warning.raised":
            about[row.data["target"]].append((seq, row))
    for target, later in about.items():
        if target not in raised or later[0][0] <= target:
            yield Violation("warning", room, f"{later[0][1].event} at {later[0][0]} is about {target}, which is none")
        else:
            yield from _ended_once(room, target, later)
            yield from _counted(room, target, raised[target], later)
    if log.in_force is not None:
        ended = {target for target, later in about.items() if any(row.event in ENDS for _, row in later)}
        for target in log.in_force ^ (set(raised) - ended):
            said = "in force" if target in log.in_force else "over"
            yield Violation("warning", room, f"{target} is {said}, its entries say otherwise")


def _ended_once(room: str, target: int, later: Sequence[Numbered]) -> Iterator[Violation]:
    over: set[str] = set()
    for seq, row in later:
        if over and (row.event not in AFTER_THE_END or "warning.retracted" in over):
            yield Violation("warning", room, f"{row.event} at {seq}, {target} was over")
        if row.event in ENDS:
            over.add(row.event)


def _counted(room: str, target: int, raised: Row, later: Sequence[Numbered]) -> Iterator[Violation]:
    """Each answer tells all counts after it, one answer a person; the third neighbour for whom it is over ends it."""
    answers: dict[str, str] = {}
    for place, (seq, row) in enumerate(later):
        if row.event != "warning.answered":
            continue
        if answer := row.data.get("answer"):
            answers[row.person] = answer
        else:
            answers.pop(row.person, None)
        counts = Counter(answers.values())
        told = row.data["counts"]
        if any(told[name] != counts[name] for name in ("see", "not_here", "over")):
            yield Violation("counts", room, f"{seq} about {target} tells {told}, there are {dict(counts)}")
        follows = later[place + 1][1].event if place + 1 < len(later) else ""
        if counts["over"] >= ENOUGH and _kind(raised, later[:place]) not in DANGER and follows != "warning.cleared":
            yield Violation("counts", room, f"{seq} is over for {counts['over']}, and {target} goes on")


def _kind(raised: Row, later: Sequence[Numbered]) -> str:
    kinds = [row.data["kind"] for _, row in later if row.event == "warning.corrected" and row.data.get("kind")]
    return str(kinds[-1] if kinds else raised.data["kind"])
