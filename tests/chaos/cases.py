"""`python -m tests.chaos.cases`: a thousand calls that nobody answers, and what kills do to their deadlines.

Exit code 0: every call went through its tiers once, none early, none late but by what an outage took.
"""

from __future__ import annotations

import argparse
import secrets
import sys
from collections import Counter

import uvloop

from tests.chaos.cases_run import Options, run
from tests.chaos.progress import shown

TRIALS: dict[str, tuple[Options, frozenset[str]]] = {
    name: (
        Options(seed=0, cases=40, kills=kills, tiers="4/4/4", raise_s=4, planted=name, wrong_clock_s=wrong, grace_s=8),
        frozenset(rules),
    )
    for name, kills, wrong, rules in (
        ("early", 0, 0, ("early",)),
        ("twice", 0, 0, ("twice",)),
        ("forgets", 4, 0, ("forgotten",)),
        ("own_clock", 0, 30, ("early", "clock")),
        ("forgets_duty", 0, 0, ("tier",)),
    )
}
"""How to meet each planted bug soon, and the rules of which one must find it."""


def main() -> int:
    """Run as the arguments say."""
    asked = _arguments()
    seed = asked.seed if asked.seed is not None else secrets.randbelow(10**6)
    if asked.planted:
        return uvloop.run(_table(seed, asked.planted))
    options = Options(
        seed=seed, cases=asked.cases, kills=asked.kills, redis_kills=asked.redis_kills, servers=asked.servers,
        wrong_clock_s=asked.wrong_clock_s, tiers=asked.tiers, raise_s=asked.raise_s,
    )  # fmt: skip
    print(f"seed {seed}")
    outcome = uvloop.run(run(options, shown()))
    print(outcome.told(seed))
    return 0 if outcome.good else 1


async def _table(seed: int, only: str) -> int:
    """Try the planted bugs; exit code 0 where all were caught."""
    missed = 0
    for name in TRIALS:
        if only in ("all", name):
            caught, found = await attempt(name, seed)
            told = ", ".join(f"{rule} {count}" for rule, count in found.most_common())
            print(f"{name:14} {'yes' if caught else 'NO':4} {told}", flush=True)
            missed += not caught
    print("every planted bug was caught" if not missed else f"{missed} PLANTED BUGS PASSED THE CHECKER")
    return 1 if missed else 0


async def attempt(name: str, seed: int) -> tuple[bool, Counter[str]]:
    """One run with a bug planted: whether it was caught, and the violations by rule."""
    options, rules = TRIALS[name]
    values = {field: getattr(options, field) for field in options.__struct_fields__}
    outcome = await run(Options(**{**values, "seed": seed}))
    found = Counter(violation.rule for violation in outcome.violations)
    return bool(rules & set(found)), found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.cases", description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20, help="of servers")
    parser.add_argument("--redis-kills", type=int, default=5)
    parser.add_argument("--servers", type=int, choices=(1, 2, 3), default=2)
    parser.add_argument("--wrong-clock-s", type=int, default=30, help="how far the last server's own clock is off")
    parser.add_argument("--tiers", default="60/60/120", help="s per tier: the real ones by default")
    parser.add_argument("--raise-s", type=float, default=30, help="the calls are raised within so many seconds")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--planted", nargs="?", const="all", help="try the planted bugs (or one) on the checker")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
