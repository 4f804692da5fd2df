"""How far a long run is, for whoever waits: a bar on a terminal, a line every ten seconds anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic

EVERY_S = 10
WIDTH = 24
Show = Callable[[object], None]


def shown() -> Show:
    """What shows whatever it is given, on standard error; as often as one likes."""
    return _over_and_over if sys.stderr.isatty() else _now_and_then()


def _over_and_over(what: object) -> None:
    print(f"\r{what}\x1b[K", end="", file=sys.stderr, flush=True)


def _now_and_then() -> Show:
    next_s = 0.0

    def show(what: object) -> None:
        nonlocal next_s
        if monotonic() >= next_s:
            next_s = monotonic() + EVERY_S
            print(what, file=sys.stderr, flush=True)

    return show


def bar(share: float, seconds: float) -> str:
    """The bar of that share, with what has gone and what is left. seconds: it took for that share."""
    full = round(WIDTH * min(share, 1.0))
    left = clock(seconds * (1 - share) / share) if share > 0.01 else "?"
    return f"[{'#' * full}{'.' * (WIDTH - full)}] {100 * share:3.0f} %  {clock(seconds)} gone, {left} left"


def clock(seconds: float) -> str:
    """Hours, minutes and seconds, as 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
