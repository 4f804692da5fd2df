"""kill -9 of the server, of Redis and of both while everybody talks: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import pytest

from tests.chaos.nemesis import Plan
from tests.chaos.run import Options, run

SEED = 20261123  # the plan is the same in every run; `python -m tests.chaos` draws others
PLAN = Plan(kill_server=3, kill_redis=3, kill_both=2, stop_server=1, stop_redis=1, cut=2, restart=1)


@pytest.mark.timeout(240)
async def test_kills_stops_and_cuts_break_no_promise() -> None:
    """Twelve neighbours, two officers and two moderators, four rooms, two servers, 200 commands a second: and all that
    can die dies."""
    outcome = await run(Options(seed=SEED, plan=PLAN, posts=2500, moves_per_s=2, calls_per_s=1, limit_s=80))
    print(outcome.told(SEED))
    assert not outcome.violations, outcome.violations[:5]
    assert not outcome.faults
    assert outcome.finished
    assert {name: outcome.done[name] for name in PLAN.__struct_fields__ if outcome.done[name]} == {
        "kill_server": 3, "kill_redis": 3, "kill_both": 2, "stop_server": 1, "stop_redis": 1, "cut": 2, "restart": 1,
    }  # fmt: skip
    assert outcome.redis >= 1 + 3 + 2, "each Redis that was killed was brought back"
    assert outcome.seen["Ok"] >= 2500
    assert outcome.seen["Unknown"] > 0, "some command was under way when something died"
    assert outcome.seen["Resumed"] > 0
    assert outcome.seen["Moved"] > 0
    assert outcome.seen["Muting"] + outcome.seen["Hidden"] + outcome.seen["Expelling"] > 0
    assert outcome.stories["escalation.raised"] == outcome.stories["escalation.accepted"] > 0, "one takes each"
    assert min(outcome.stories[f"warning.{what}"] for what in ("raised", "answered")) > 0
