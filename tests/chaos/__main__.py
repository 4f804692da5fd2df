"""`python -m tests.chaos`: a run by hand, or the table of planted bugs. Exit code 0: the promise held."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Callable
from time import monotonic

import uvloop

from tests.chaos.nemesis import plan
from tests.chaos.run import Options, Outcome, run

EVERY_S = 10


def main() -> int:
    """Run as the arguments say."""
    asked = _arguments()
    seed = asked.seed if asked.seed is not None else secrets.randbelow(10**6)
    if asked.planted:
        from tests.chaos.trial import table  # it starts a run for each bug

        return uvloop.run(table(seed, asked.planted if asked.planted != "all" else ""))
    options = Options(
        seed=seed, plan=plan(asked.kills, asked.stops, asked.cuts), clients=asked.clients, rooms=asked.rooms,
        servers=asked.servers, posts=asked.posts, rate=asked.rate, moves_per_s=asked.moves, limit_s=asked.limit,
    )  # fmt: skip
    print(f"seed {seed}")
    outcome = uvloop.run(_run(options))
    print(outcome.told(seed))
    return 0 if outcome.good else 1


async def _run(options: Options) -> Outcome:
    show = _line if sys.stderr.isatty() else _now_and_then()
    outcome = await run(options, show)
    print(file=sys.stderr)
    return outcome


def _line(text: str) -> None:
    print(f"\r{text}", end="", file=sys.stderr, flush=True)


def _now_and_then() -> Callable[[str], None]:
    """Where nobody watches, a line every ten seconds."""
    next_s = 0.0

    def show(text: str) -> None:
        nonlocal next_s
        if monotonic() >= next_s:
            next_s = monotonic() + EVERY_S
            print(text, file=sys.stderr, flush=True)

    return show


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("--rooms", type=int, default=4)
    parser.add_argument("--kills", type=int, default=8, help="of servers, of Redis and of both, together")
    parser.add_argument("--stops", type=int, default=2, help="SIGSTOP of a server or of Redis")
    parser.add_argument("--cuts", type=int, default=2, help="connections cut, or one direction lost first")
    parser.add_argument("--posts", type=int, default=2000, help="commands that must be acknowledged at least")
    parser.add_argument("--rate", type=float, default=200, help="commands tried a second")
    parser.add_argument("--moves", type=float, default=1, help="people who move, a second")
    parser.add_argument("--servers", type=int, choices=(1, 2), default=2)
    parser.add_argument("--limit", type=float, default=3600, help="seconds after which the run ends, done or not")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--planted", nargs="?", const="all", help="try the planted bugs (or one) on the checker")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
