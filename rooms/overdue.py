"""What happens to cases by itself: their deadlines, what follows from somebody's duty, and signs of life.

Any process may do any of it at any time, and several at once: the version lets one of them win, and the others find
nothing left to do. A case that can't be carried on, for a fault of ours or a record that can't be read, stops no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial

import structlog

from rooms import case_record as record
from rooms import escalation, keys, roster
from rooms.case import Case
from rooms.case_move import Action
from rooms.case_record import Loaded
from rooms.desk import follow
from rooms.on_call import Duty
from rooms.person import Person
from rooms.refusal import Refusal
from rooms.room import in_log
from rooms.town import Town

log = structlog.get_logger("overdue")
AT_ONCE = 100
"""Under way together: after an outage a thousand may be over, and each is a few round trips."""
PUT_OFF_MS = 30_000
"""What failed is tried again after this, and not with every tick."""
SIGN_EVERY_MS = 10_000
"""A deadline that was set anew a moment ago is left: the owner's every word would else be a write."""
FOLLOW_DUTY = Action(name="duty")


# deadlines -------------------------------------------------------------------------------------------


async def overdue(town: Town, now_ms: int) -> int:
    """Carry out every deadline of a case that is over; returns how many. Raises Refusal("unavailable")."""
    items = await _until(town, keys.due, now_ms)
    waiting = {item.removeprefix(record.DUE): name for name, item in items if item.startswith(record.DUE)}
    done, failed = await each(list(waiting), lambda case_id: _carry_out(town, waiting[case_id], case_id))
    for case_id in failed:
        later_ms = town.clock.now_ms() + PUT_OFF_MS
        await town.store.read("ZADD", keys.due(waiting[case_id]), "XX", "GT", later_ms, record.DUE + case_id)
    return done


async def _until(town: Town, key: Callable[[str], str], now_ms: int) -> list[tuple[str, str]]:
    """(partition, item) of all that is over in such a queue of every partition with cases. All: behind any limit a
    call would wait for what others leave standing there, warnings above all."""
    names = [name for name in keys.ALL if name != keys.TOWN]
    rows = await town.store.read_all(("ZRANGE", key(name), "-inf", now_ms, "BYSCORE") for name in names)
    return [(name, item.decode()) for name, row in zip(names, rows, strict=True) for item in row]


async def _carry_out(town: Town, partition: str, case_id: str) -> bool:
    """One deadline, at the moment at which its turn has come; that of a case that was purged is dropped."""
    if await follow(town, case_id, Action(name="due"), town.clock.now_ms()):
        return True
    if not await town.store.read("EXISTS", keys.case(case_id)):
        await town.store.read("ZREM", keys.due(partition), record.DUE + case_id)
    return False


async def each(case_ids: Sequence[str], carry: Callable[[str], Awaitable[bool]]) -> tuple[int, list[str]]:
    """Carry on these cases, AT_ONCE together; returns how many that changed, and those that failed, each with an alarm.

    Raises Refusal where the store is away: then none can be carried on.
    """
    done, failed = 0, list[str]()
    for batch in (case_ids[first : first + AT_ONCE] for first in range(0, len(case_ids), AT_ONCE)):
        answers = await asyncio.gather(*map(carry, batch), return_exceptions=True)
        for case_id, answer in zip(batch, answers, strict=True):
            if isinstance(answer, bool):
                done += answer
            elif isinstance(answer, Refusal) or not isinstance(answer, Exception):
                raise answer
            else:
                log.error("alarm: a case cannot be carried on", case=in_log(case_id), error=type(answer).__name__)
                failed.append(case_id)
    return done, failed


# duty ------------------------------------------------------------------------------------------------


async def duty_changed(town: Town, now_ms: int) -> None:
    """Let every open case follow who is on duty now. Raises Refusal("unavailable")."""
    await _follow_duty(town, await record.in_town(town), now_ms)


async def recheck(town: Town, now_ms: int) -> int:
    """Compare the cases that were moved a moment ago with the roster once more; returns how many were looked at.

    Somebody may have come on duty, or gone, between the reading of the roster and the commit, and have looked for cases
    before this one stood so. Every commit leaves its mark for that, in the same script: so it is made good whichever
    process dies, and however long one stood still in between.
    """
    marks = await _until(town, keys.rechecks, now_ms)
    found = await record.load_all(town, {mark.rpartition(":")[0] for _, mark in marks})
    await _follow_duty(town, [one for one in found if one is not None], now_ms)
    by_partition: dict[str, list[str]] = {}
    for name, mark in marks:
        by_partition.setdefault(name, []).append(mark)
    await town.store.read_all(("ZREM", keys.rechecks(name), *gone) for name, gone in by_partition.items())
    return len(marks)


async def _follow_duty(town: Town, cases: Iterable[Loaded], now_ms: int) -> None:
    """Move those for which the roster, read after them, makes a difference: of a thousand hardly one."""
    there = list(cases)
    duty = await roster.everyone(town) if there else ()
    for batch in (there[first : first + AT_ONCE] for first in range(0, len(there), AT_ONCE)):
        moved = [one.case.id for one in batch if _would_move(one.case, duty, now_ms)]
        await each(moved, partial(_follow, town, now_ms))
        await asyncio.sleep(0)  # deciding costs time, and others wait for the loop


def _would_move(case: Case, duty: Duty, now_ms: int) -> bool:
    """Whether it is worth a move. A rule that fails is met again there, where it is told of."""
    try:
        step = escalation.step(case, FOLLOW_DUTY, now_ms, duty)
    except Refusal:
        return False
    except Exception:  # noqa: BLE001 - see above
        return True
    return step.case != case or bool(step.events)


async def _follow(town: Town, now_ms: int, case_id: str) -> bool:
    return await follow(town, case_id, FOLLOW_DUTY, now_ms)


# signs of life ---------------------------------------------------------------------------------------


async def sign_of_life(town: Town, person: Person, room: str, now_ms: int) -> None:
    """The owner of a case did something in its room: the deadline starts anew."""
    mine = [
        view.id
        for view in await record.views(town, room)
        if view.state == "accepted" and view.owner is not None and view.owner.id == person.id
    ]
    for found in await record.load_all(town, mine):
        if found is not None and _is_worth_a_sign(found.case, now_ms):
            await follow(town, found.case.id, Action(name="alive", person=person.id), now_ms)


def _is_worth_a_sign(case: Case, now_ms: int) -> bool:
    """By the policy that the case began with; who was reminded has answered."""
    return case.reminded or case.due_at is None or now_ms + case.policy.accepted_ms - case.due_at >= SIGN_EVERY_MS
