"""The rules of reports without a store: every move in every state, and who may make it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rooms import report as rules
from rooms import report_ruling as rulings
from rooms.refusal import Refusal
from rooms.report import Report, Reporter, Ruling, Step, Target
from rooms.report_shape import ReportState, Verdict
from rooms.shape import By, NamedPlace

NOW = 1_795_442_400_000
ADA, BAKKER, VISSER, DERDE = (
    By("ada", "Ada", "resident"),
    *(By(name, name, "moderator", "municipality") for name in ("bakker", "visser", "derde")),
)
TARGET = Target(ADA)


def new() -> Report:
    place = NamedPlace("BU1:laan", "Laan")
    return Report(id="p07.k3m9x2w7q4v5", room="BU1:laan", place=place, target=7, author=ADA, since=NOW)


def ruling(verdict: Verdict, by: By = BAKKER) -> Ruling:
    return Ruling(verdict=verdict, entry="keep", rule="insult", facts="Er is gescholden.", by=by, at=NOW, until=NOW + 1)


def in_state(state: ReportState) -> Report:
    """A report that got there by moves; Bakker decides first, Visser on the appeal."""
    waiting = rules.filed(new(), Reporter("ben", "insult"), TARGET, NOW).report
    taken = rules.take(waiting, BAKKER, NOW).report
    decided = rulings.decide(taken, ruling("mute"), TARGET).report
    appealed = rules.appeal(decided, "ada", "Het was een grap.", NOW).report
    appeal_taken = rules.take(appealed, VISSER, NOW).report
    found = {
        "waiting": waiting, "taken": taken, "seconding": rulings.decide(taken, ruling("expel"), TARGET).report,
        "decided": decided, "appealed": appealed, "appeal_taken": appeal_taken,
        "final": rulings.decide(appeal_taken, ruling("keep", VISSER), TARGET).report,
    }  # fmt: skip
    assert found[state].state == state
    return found[state]


STATES: tuple[ReportState, ...] = ("waiting", "taken", "seconding", "decided", "appealed", "appeal_taken", "final")
MOVES: dict[str, Callable[[Report], Step]] = {
    "Bakker takes": lambda report: rules.take(report, BAKKER, NOW),
    "Visser takes": lambda report: rules.take(report, VISSER, NOW),
    "Bakker decides": lambda report: rulings.decide(report, ruling("warn"), TARGET),
    "Visser decides": lambda report: rulings.decide(report, ruling("warn", VISSER), TARGET),
    "Bakker seconds": lambda report: rulings.second(report, BAKKER, True, NOW),
    "Visser seconds": lambda report: rulings.second(report, VISSER, True, NOW),
    "Visser does not second": lambda report: rulings.second(report, VISSER, False, NOW),
    "Ada appeals": lambda report: rules.appeal(report, "ada", "Het was een grap.", NOW),
    "Ben appeals": lambda report: rules.appeal(report, "ben", "Het was een grap.", NOW),
    "Ada takes": lambda report: rules.take(report, ADA, NOW),
    "Bakker releases": lambda report: rules.release(report, BAKKER),
    "Visser releases": lambda report: rules.release(report, VISSER),
}
_NO, _MINE, _ME, _OTHER = "wrong_state", "conflict_of_interest", "not_permitted", "already_taken"
TABLE: dict[str, tuple[str, ...]] = {
    #                          waiting  taken      seconding  decided     appealed        appeal_taken  final
    "Bakker takes":           ("taken", "taken",   _MINE,     _NO,        _MINE,          _MINE,        _MINE),
    "Visser takes":           ("taken", _OTHER,    _NO,       _NO,        "appeal_taken", "appeal_taken", _MINE),
    "Bakker decides":         (_NO,     "decided", _MINE,     _NO,        _MINE,          _MINE,        _MINE),
    "Visser decides":         (_NO,     _OTHER,    _NO,       _NO,        _NO,            "final",      _MINE),
    "Bakker seconds":         (_NO,     _NO,       _MINE,     _NO,        _NO,            _NO,          _NO),
    "Visser seconds":         (_NO,     _NO,       "decided", _NO,        _NO,            _NO,          _NO),
    "Visser does not second": (_NO,     _NO,       "taken",   _NO,        _NO,            _NO,          _NO),
    "Ada appeals":            (_NO,     _NO,       _NO,       "appealed", _NO,            _NO,          _NO),
    "Ben appeals":            (_ME,     _ME,       _ME,       _ME,        _ME,            _ME,          _ME),
    "Ada takes":              (_MINE,   _MINE,     _MINE,     _MINE,      _MINE,          _MINE,        _MINE),
    "Bakker releases":        (_NO,     "waiting", _NO,       _NO,        _NO,            _OTHER,       _NO),
    "Visser releases":        (_NO,     _OTHER,    _NO,       _NO,        _NO,            "appealed",   _NO),
}  # fmt: skip


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", STATES)
def test_every_move_in_every_state(state: ReportState, move: str) -> None:
    """It leads to one state, or is refused for one reason."""
    try:
        outcome: str = MOVES[move](in_state(state)).report.state
    except Refusal as refusal:
        outcome = refusal.code
    assert outcome == TABLE[move][STATES.index(state)]


@pytest.mark.parametrize("state", STATES)
def test_what_the_clock_does(state: ReportState) -> None:
    """Who waits for a decision is late, and free for anybody; what was decided is final; nothing happens before."""
    report = in_state(state)
    assert report.due_at is not None
    if state not in ("final", *rules.TAKEN):  # words of the first go at once, the others are held for an hour only
        assert rules.overdue(report, report.due_at - 1) is None
    step = rules.overdue(report, report.due_at)
    assert step is not None
    free = {"taken": "waiting", "appeal_taken": "appealed", "decided": "final"}
    after = step.report
    assert (after.state, after.owner, after.due_at) == (free.get(state, state), None, None)
    assert after.late is report.is_open
    assert rules.overdue(after, NOW * 2) is None


@pytest.mark.parametrize(("state", "free"), [("taken", "waiting"), ("appeal_taken", "appealed")])
def test_who_took_it_and_went_away_holds_it_for_an_hour(state: ReportState, free: ReportState) -> None:
    """Then it is anybody's, with the clock that it had; taking it again is a sign of life."""
    report = in_state(state)
    assert rules.overdue(report, NOW + rules.HOLD_MS - 1) is None
    step = rules.overdue(report, NOW + rules.HOLD_MS)
    assert step is not None
    after = step.report
    assert (after.state, after.owner, after.late, after.due_at) == (free, None, False, report.due_at)
    assert rules.overdue(after, NOW + rules.HOLD_MS) is None
    assert report.owner is not None
    again = rules.take(report, report.owner, NOW + 5).report
    assert rules.overdue(again, NOW + rules.HOLD_MS) is None


def test_what_is_late_is_not_held_for_ever() -> None:
    """Its clock has run out, so nothing else would wake it: whoever takes it then has it for an hour too."""
    late = rules.overdue(in_state("waiting"), NOW + rules.CLOCK_MS)
    assert late is not None
    taken = rules.take(late.report, BAKKER, NOW + rules.CLOCK_MS).report
    step = rules.overdue(taken, NOW + rules.CLOCK_MS + rules.HOLD_MS)
    assert step is not None
    assert (step.report.state, step.report.owner, step.report.late) == ("waiting", None, True)


@pytest.mark.parametrize(
    ("earlier", "later", "undone"),
    [
        ("mute", "keep", (0, False)),
        ("mute", "warn", (0, False)),
        ("mute", "mute", (NOW + 1, False)),
        ("expel", "keep", (None, True)),
        ("expel", "mute", (NOW + 1, True)),
        ("hide", "keep", (None, False)),
        ("warn", "keep", (None, False)),
    ],
)
def test_an_appeal_undoes_what_it_does_not_repeat(
    earlier: Verdict, later: Verdict, undone: tuple[int | None, bool]
) -> None:
    """(mute from then on, None as it is; whether somebody comes back)."""
    taken = in_state("taken")
    decided = rulings.decide(taken, ruling(earlier), TARGET).report
    if earlier == "expel":
        decided = rulings.second(decided, VISSER, True, NOW).report
    appealed = rules.appeal(decided, "ada", "Het was een grap.", NOW).report
    step = rulings.decide(rules.take(appealed, DERDE, NOW).report, ruling(later, DERDE), TARGET)
    assert (step.mute_until, step.readmits) == undone


def test_a_thousand_reporters_leave_no_thousand_notes() -> None:
    """Each is counted, and hears what was decided; who decides reads the first of the notes."""
    report = new()
    for number in range(1_000):
        report = rules.filed(report, Reporter(f"p{number}", "spam", f"Nummer {number}."), TARGET, NOW).report
    assert (len(report.reporters), len(rules.notes(report))) == (1_000, rules.MOST_NOTES)


@pytest.mark.parametrize("mark", ["retracted", "retention", "erasure"])
@pytest.mark.parametrize("verdict", ["hide", "remove", "keep"])
def test_what_is_gone_is_left_alone(mark: str, verdict: Verdict) -> None:
    """Nothing brings it back, and nothing needs to hide it."""
    step = rulings.decide(in_state("taken"), ruling(verdict), Target(ADA, mark))
    assert (step.mark, step.events) == ("", ())


def test_measures_leave_the_entry_as_it_is() -> None:
    """Warning the author of what was hidden before does not bring it back."""
    direct = Ruling(verdict="warn", rule="insult", facts="Er is gescholden.", by=BAKKER, at=NOW)
    step = rulings.rule(new(), direct, Target(ADA, "hidden"))
    assert (step.mark, step.report.mark) == ("", "hidden")
