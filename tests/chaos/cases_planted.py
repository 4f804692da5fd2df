"""Planted bugs of deadlines: `python -m tests.chaos.cases_planted BUG[,BUG] serve ...` is `bart` with mistakes in it.

Each is put over the program's own functions in this process alone; a number stands behind a colon.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from rooms import case_record as record
from rooms import desk, overdue, roster
from rooms.case_move import Action
from rooms.case_record import Loaded
from rooms.clock import Clock
from rooms.store import Changed
from rooms.town import Town

EARLY_MS = 3_000
SLOW_S = 0.5


def early(_number: int) -> None:
    """Carries out deadlines three seconds before they are over."""
    look, follow = overdue.overdue, desk.follow

    async def hasty_look(town: Town, now_ms: int) -> int:
        return await look(town, now_ms + EARLY_MS)

    async def hasty(town: Town, case_id: str, action: Action, now_ms: int) -> bool:
        return await follow(town, case_id, action, now_ms + EARLY_MS * (action.name == "due"))

    overdue.overdue, overdue.follow = hasty_look, hasty  # type: ignore[attr-defined]


def twice(_number: int) -> None:
    """Writes what it decided, whatever another process has done to the case meanwhile."""
    pass_on = record.pass_on

    async def insist(town: Town, loaded: Loaded, step: Any, now_ms: int) -> None:
        await asyncio.sleep(SLOW_S)  # so that the other one has the time
        while True:
            try:
                return await pass_on(town, loaded, step, now_ms)
            except Changed:
                found = await record.load(town, loaded.case.id)
                assert found is not None
                loaded = found

    record.pass_on = insist


def forgets(_number: int) -> None:
    """Knows only those deadlines that this process has set since it was started."""
    open_case, pass_on, carry_out = record.open_case, record.pass_on, overdue._carry_out
    mine: set[str] = set()

    async def open_and_know(town: Town, call: Any, room: str, step: Any, told: Any) -> dict[str, Any]:
        mine.add(step.case.id)
        return await open_case(town, call, room, step, told)

    async def pass_and_know(town: Town, loaded: Loaded, step: Any, now_ms: int) -> None:
        await pass_on(town, loaded, step, now_ms)
        mine.add(loaded.case.id)

    async def carry_out_mine(town: Town, partition: str, case_id: str) -> bool:
        return case_id in mine and await carry_out(town, partition, case_id)

    record.open_case, record.pass_on, overdue._carry_out = open_and_know, pass_and_know, carry_out_mine


def own_clock(_number: int) -> None:
    """Goes by the clock of its own machine, and never asks Redis."""

    def pass_over(self: Clock, redis_ms: float) -> float:
        """As if Redis had no clock."""
        return 0.0

    Clock.follow = pass_over  # type: ignore[method-assign]


def forgets_duty(_number: int) -> None:
    """Takes those for on duty who are connected to this very process."""
    everyone, renew = roster.everyone, roster.renew
    here: set[str] = set()

    async def renew_and_know(town: Town, persons: Iterable[str], linger_ms: int = roster.RENEW_MS) -> None:
        found = list(persons)
        if linger_ms:
            here.clear()
            here.update(found)
        await renew(town, found, linger_ms)

    async def those_here(town: Town) -> Any:
        return tuple(member for member in await everyone(town) if member.person in here)

    roster.renew, roster.everyone = renew_and_know, those_here


def wrong_clock(number: int) -> None:
    """No mistake of ours: the machine's clock is so many seconds off. For where libfaketime is not installed."""
    right = time.time
    time.time = lambda: right() + number


BUGS: dict[str, Callable[[int], None]] = {
    bug.__name__: bug for bug in (early, twice, forgets, own_clock, forgets_duty, wrong_clock)
}


def main() -> None:
    """Plant the bugs named first, then run `bart` with the other arguments."""
    from server.cli import main as bart  # after the planting, as in a real process

    for bug in sys.argv.pop(1).split(","):
        name, _, number = bug.partition(":")
        BUGS[name](int(number or 0))
    bart()


if __name__ == "__main__":
    main()
