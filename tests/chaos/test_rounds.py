"""A long run in rounds: what is kept between two of them, and that the town goes on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from tests.chaos.logs import Log, Row
from tests.chaos.rounds import Folder, Round, State, Wanted, play, vanished

WANTED = Wanted(
    seed=20261124, clients=4, rooms=4, servers=1, kills=30, stops=5, cuts=7, posts=160, rate=100, moves_per_s=1,
    calls_per_s=1, rounds=4,
)  # fmt: skip
GOOD = Round(
    seconds=10, finished=True, seen={"Ok": 50}, done={"cut": 1}, stories={}, entries=60, redis=1, starts_failed=0,
    violations=[], faults={},
)  # fmt: skip


def test_the_rounds_together_are_the_plan() -> None:
    """Each fault of it in one of them, and with the same seed in the same one."""
    parts = [WANTED.part(number) for number in range(WANTED.rounds)]
    assert parts == [WANTED.part(number) for number in range(WANTED.rounds)]
    done = Counter(action for part in parts for action in part)
    assert sum(count for name, count in done.items() if name.startswith("kill")) == 30
    assert sum(count for name, count in done.items() if name.startswith("stop")) == 5
    assert done["cut"] == 7


def test_a_state_is_kept_whole(tmp_path: Path) -> None:
    """What was asked and what was found is read again as it was written."""
    folder = Folder(tmp_path / "kept")
    with folder.held():
        assert folder.is_new
        folder.save(State(wanted=WANTED, rounds=[GOOD], tries=3))
        assert not folder.is_new
        kept = folder.load()
        with pytest.raises(BlockingIOError), Folder(tmp_path / "kept").held():
            """Nobody else may run it meanwhile."""
    assert (kept.wanted, kept.rounds, kept.tries) == (WANTED, [GOOD], 3)


@pytest.mark.parametrize(
    "spoil", [{"finished": False}, {"violations": ["hole: laan: nothing at 3"]}, {"faults": {"traceback": 1}}]
)
def test_one_bad_round_makes_a_bad_run(spoil: dict[str, object]) -> None:
    """The verdict is over all rounds; a broken promise ends the run, a complaint of a server does not."""
    rounds = [GOOD, msgspec.structs.replace(GOOD, **spoil), GOOD, GOOD]
    assert State(wanted=WANTED, rounds=rounds[:2]).is_over == ("faults" not in spoil)
    state = State(wanted=WANTED, rounds=rounds, tries=4)
    assert not state.good
    assert "the promise held" not in state.told()


def test_a_run_is_good_when_all_rounds_are_over_and_good() -> None:
    """Not before the last one."""
    assert State(wanted=WANTED, rounds=[GOOD] * 4).good
    assert not State(wanted=WANTED, rounds=[GOOD] * 3).good
    assert not State(wanted=WANTED, rounds=[GOOD] * 3).is_over


@pytest.mark.parametrize("rows", [{}, {1: Row("message.posted", "ada", "a:1", 6)}], ids=["gone", "in other words"])
def test_what_is_gone_between_two_rounds_is_found(rows: dict[int, Row]) -> None:
    """Whatever happened while nobody watched, the town still has what it had."""
    marks = {"laan": {1: 5}}
    assert list(vanished(marks, {"laan": Log(1, 1, {1: Row("message.posted", "ada", "a:1", 5)})})) == []
    assert list(vanished(marks, {"laan": Log(1, 1, {}, frozenset({1}))})) == []
    assert [violation.rule for violation in vanished(marks, {"laan": Log(1, 1, rows)})] == ["kept"]
    assert [violation.rule for violation in vanished(marks, {})] == ["kept"]


@pytest.mark.timeout(120)
async def test_a_run_that_was_left_goes_on_in_the_same_town(tmp_path: Path) -> None:
    """One round, an end, and the next one from what lies in the folder: the plan's, in the town of the first."""
    wanted = msgspec.structs.replace(WANTED, kills=1, stops=0, cuts=1, posts=100, rounds=2)
    folder = Folder(tmp_path / "kept")
    with folder.held():
        await play(folder, State(wanted=wanted), lambda _: None, seconds=0.01)
        first = folder.load()
        assert len(first.rounds) == 1
        assert not first.is_over
        last = await play(folder, first, lambda _: None)
    print(last.told())
    assert last.good, last.told()
    assert sum(last.total("done")[name] for name in ("kill_server", "kill_redis", "kill_both", "cut")) == 2
    assert len(last.rounds[1].stories) > 0
    assert folder.marks()
