"""The checker on trial: every planted bug must be caught. `python -m tests.chaos --planted` prints the table."""

from __future__ import annotations

from collections import Counter
from time import monotonic

import msgspec

from tests.chaos.nemesis import Plan
from tests.chaos.run import Options, run

WITHIN_S = 600.0


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """How to meet a bug soon. bug: a name of planted.BUGS, with a rate where it has one; rules: those it breaks."""

    bug: str
    rules: frozenset[str]
    plan: Plan = Plan()
    servers: int = 2
    fills: bool = True
    moves_per_s: float = 0.5
    posts: int = 600
    quiet_every_s: float = 2

    def options(self, seed: int) -> Options:
        return Options(
            seed=seed, plan=self.plan, clients=8, rooms=4, servers=self.servers, posts=self.posts, planted=self.bug,
            fills=self.fills, moves_per_s=self.moves_per_s, quiet_every_s=self.quiet_every_s, converge_s=5,
            limit_s=60,
        )  # fmt: skip


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """caught: by one of the trial's rules; found: violations by rule."""

    caught: bool
    found: Counter[str]
    seconds: float
    seed: int


TRIALS = {
    trial.bug.partition(":")[0]: trial
    for trial in (
        Trial(bug="acknowledge_before_write", rules=frozenset({"acknowledged"})),
        Trial(bug="no_deduplication", rules=frozenset({"twice"}), plan=Plan(cut=8, kill_server=2)),
        Trial(bug="deduplication_in_memory", rules=frozenset({"twice"}), plan=Plan(cut=8, kill_server=4)),
        Trial(bug="emit_from_handler", rules=frozenset({"converged"})),
        Trial(bug="drop_feed_event:10", rules=frozenset({"converged"})),
        Trial(bug="no_gap_fill:50", rules=frozenset({"applied"}), fills=False),
        Trial(bug="no_resume", rules=frozenset({"converged"}), plan=Plan(cut=10, kill_server=6), quiet_every_s=1),
        Trial(bug="membership_at_join", rules=frozenset({"outsider"}), moves_per_s=4),
        Trial(
            bug="retry_incr_xadd",
            rules=frozenset({"twice", "hole", "acknowledged"}),
            plan=Plan(kill_redis=4, kill_server=2, cut=4),
        ),
    )
}


async def attempt(trial: Trial, seed: int) -> Verdict:
    """One run with the bug planted."""
    began_s = monotonic()
    outcome = await run(trial.options(seed))
    found = Counter(violation.rule for violation in outcome.violations)
    return Verdict(caught=bool(trial.rules & set(found)), found=found, seconds=monotonic() - began_s, seed=seed)


async def table(seed: int, only: str = "") -> int:
    """Try them all, each with new seeds until it is caught or ten minutes are over; exit code 0 where all were."""
    print(f"{'bug':26} {'caught':6} {'seed':>7} {'s':>5}  by")
    missed = 0
    for name, trial in TRIALS.items():
        if only in ("", name):
            verdict = await _try(trial, seed)
            found = ", ".join(f"{rule} {count}" for rule, count in verdict.found.most_common())
            caught = "yes" if verdict.caught else "NO"
            print(f"{trial.bug:26} {caught:6} {verdict.seed:7} {verdict.seconds:5.0f}  {found}", flush=True)
            missed += not verdict.caught
    print("every planted bug was caught" if not missed else f"{missed} PLANTED BUGS PASSED THE CHECKER")
    return 1 if missed else 0


async def _try(trial: Trial, seed: int) -> Verdict:
    began_s = monotonic()
    while True:
        verdict = await attempt(trial, seed)
        if verdict.caught or monotonic() - began_s > WITHIN_S:
            return msgspec.structs.replace(verdict, seconds=monotonic() - began_s)
        seed += 1
