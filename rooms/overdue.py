"""What happens to cases by itself: their deadlines, what follows from somebody's duty, and signs of life.

Any process may do any of it at any time, and several at once: the version lets one of them win, and the others find
nothing left to do.
"""

from __future__ import annotations

import asyncio

from rooms import case_record as record
from rooms import keys
from rooms.case_move import Action
from rooms.desk import follow
from rooms.person import Person
from rooms.town import Town

MOST = 1_000  # of a partition in one look
AT_ONCE = 100
"""Under way together: after an outage a thousand may be over, and each is a few round trips."""
SIGN_EVERY_MS = 10_000
"""A deadline that was set anew a moment ago is left: the owner's every word would else be a write."""


async def overdue(town: Town, now_ms: int) -> int:
    """Carry out every deadline of a case that is over; returns how many."""
    names = [name for name in keys.ALL if name != keys.TOWN]
    rows = await town.store.read_all(
        ("ZRANGE", keys.due(name), "-inf", now_ms, "BYSCORE", "LIMIT", 0, MOST) for name in names
    )
    items = [(name, item.decode()) for name, row in zip(names, rows, strict=True) for item in row]
    waiting = [(name, item.removeprefix(record.DUE)) for name, item in items if item.startswith(record.DUE)]
    done = 0
    for batch in (waiting[first : first + AT_ONCE] for first in range(0, len(waiting), AT_ONCE)):
        done += sum(await asyncio.gather(*(_carry_out(town, name, case_id) for name, case_id in batch)))
    return done


async def _carry_out(town: Town, partition: str, case_id: str) -> bool:
    """One deadline, at the moment at which its turn has come; that of a case that was purged is dropped."""
    if await follow(town, case_id, Action(name="due"), town.clock.now_ms()):
        return True
    if not await town.store.read("EXISTS", keys.case(case_id)):
        await town.store.read("ZREM", keys.due(partition), record.DUE + case_id)
    return False


async def duty_changed(town: Town, now_ms: int) -> None:
    """Let every open case follow who is on duty now."""
    there = [loaded.case.id for loaded in await record.in_town(town)]
    for batch in (there[first : first + AT_ONCE] for first in range(0, len(there), AT_ONCE)):
        await asyncio.gather(*(follow(town, case_id, Action(name="duty"), now_ms) for case_id in batch))


async def sign_of_life(town: Town, person: Person, room: str, now_ms: int) -> None:
    """The owner of a case did something in its room: the deadline starts anew."""
    mine = [
        view
        for view in await record.views(town, room)
        if view.state == "accepted" and view.owner is not None and view.owner.id == person.id
    ]
    for view in mine:
        fresh_ms = now_ms + town.policy.cases[view.urgency].accepted_ms
        if view.deadline is None or fresh_ms - view.deadline >= SIGN_EVERY_MS:
            await follow(town, view.id, Action(name="alive", person=person.id), now_ms)
