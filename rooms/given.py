"""Up to where everybody was given each room's log: who was given a warning can be told when it is taken back.

A person counts as given what any device's cursor had passed: presented at connecting, or fetched, or sent and never
confirmed. A log has no holes, so one number per room and person says it all. It is written in batches, beside every
path on which somebody waits: for who has come, for everybody there when a warning is given, and for who has gone. Until
then, and where a process dies, the person's lease stands for it (lua/fragments/owe.lua).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rooms.keys import room_keys
from rooms.town import Town

AT_ONCE = 500
"""Points of one call: a script holds up everybody else."""


class Point(NamedTuple):
    """A person was given everything up to *seq*. is_here: false where the last connection of a process went then."""

    person: str
    seq: int
    is_here: bool = True


async def note(town: Town, points: Mapping[str, Sequence[Point]]) -> None:
    """Note these points per room, in their order."""
    now_ms = town.clock.now_ms()
    for room, some in points.items():
        of = room_keys(room)
        names = [of.given, of.correction, of.due, of.members, of.owed, of.noted]
        for first in range(0, len(some), AT_ONCE):
            batch = some[first : first + AT_ONCE]
            flat = [part for point in batch for part in (point.person, point.seq, int(point.is_here))]
            await town.store.run("give", names, [now_ms, room, town.policy.lease_ms, *flat])
