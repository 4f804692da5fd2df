"""`python -m tests.chaos`: a run by hand, long or short, or the table of planted bugs. Exit code 0: the promise held.

A run is played in rounds on one town. `--state DIR` keeps all of it: after Ctrl-C, or a death of this program at any
moment, `--resume DIR` goes on with the same seed and plan.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

import uvloop

from tests.chaos.progress import shown
from tests.chaos.rounds import Folder, State, Wanted, play

POSTS, FAULTS = 10_000, 50
"""Of one round, about."""
BROKEN_OFF = 130


def main() -> int:
    """Run as the arguments say."""
    asked = _arguments()
    if asked.planted:
        from tests.chaos.trial import table  # it starts a run for each bug

        return uvloop.run(table(asked.seed, asked.planted if asked.planted != "all" else ""))
    kept = asked.resume or asked.state
    folder = Folder(Path(kept) if kept else Path(tempfile.mkdtemp(prefix="bart-chaos-state-")))
    try:
        with folder.held():
            return _run(folder, asked, is_kept=bool(kept))
    except BlockingIOError:
        print(f"{folder.path} is being run by another process; wait for it, or stop it.", file=sys.stderr)
        return 2


def _run(folder: Folder, asked: argparse.Namespace, *, is_kept: bool) -> int:
    if bool(asked.resume) == folder.is_new:
        advice = "there is none; begin it with --state." if asked.resume else "is there already; use --resume."
        print(f"{folder.path}: {advice}", file=sys.stderr)
        return 2
    state = folder.load() if asked.resume else State(wanted=_wanted(asked))
    print(f"seed {state.wanted.seed}, {state.wanted.rounds} rounds, kept in {folder.path}", flush=True)
    try:
        state = uvloop.run(play(folder, state, shown(), asked.limit))
    except (KeyboardInterrupt, asyncio.CancelledError):
        print(f"\nbroken off; go on with --resume {folder.path}", file=sys.stderr)
        return BROKEN_OFF
    print(file=sys.stderr)
    print(state.told())
    if not is_kept and state.good:
        shutil.rmtree(folder.path, ignore_errors=True)
    elif not state.is_over:
        print(f"the time is over; go on with --resume {folder.path}")
    return 0 if state.good else 1


def _wanted(asked: argparse.Namespace) -> Wanted:
    rounds = max(1, round(asked.posts / POSTS), round((asked.kills + asked.stops + asked.cuts) / FAULTS))
    return Wanted(
        seed=asked.seed if asked.seed is not None else secrets.randbelow(10**6), clients=asked.clients,
        rooms=asked.rooms, servers=asked.servers, kills=asked.kills, stops=asked.stops, cuts=asked.cuts,
        posts=asked.posts, rate=asked.rate, moves_per_s=asked.moves, calls_per_s=asked.calls,
        rounds=asked.rounds or rounds,
    )  # fmt: skip


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
    parser.add_argument("--calls", type=float, default=0.5, help="calls to the police, a second, and as many measures")
    parser.add_argument("--servers", type=int, choices=(1, 2), default=2)
    parser.add_argument("--rounds", type=int, help=f"by default of about {POSTS} acknowledgements and {FAULTS} faults")
    parser.add_argument("--limit", type=float, default=float("inf"), help="seconds after which no round is begun")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--state", metavar="DIR", help="keep the run there, in a new folder")
    parser.add_argument("--resume", metavar="DIR", help="go on with a run that is kept there")
    parser.add_argument("--planted", nargs="?", const="all", help="try the planted bugs (or one) on the checker")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
