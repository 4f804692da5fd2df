"""Tiers and duty: who is paged in which tier of a case, and how long each has. Pure.

Tiers widen: who is in one is in every later one. An empty tier is passed over; when all are empty, nobody is on duty,
and the room is told so at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from rooms.shape import By, OrganisationName, Urgency

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
TierReach = Literal["neighbourhood", "district", "town"]
Line = tuple[tuple[str, str], ...]
"""A place and everything above it, the nearest first: (kind, id) of each."""

NAMED: dict[TierReach, frozenset[str]] = {
    "neighbourhood": frozenset({"street", "neighbourhood", "wijk"}),
    "district": frozenset({"street", "neighbourhood", "wijk", "district"}),
}
"""Whose jurisdiction names one of these is in the tier. In town everyone of the organisation is."""


class Tier(msgspec.Struct, frozen=True):
    reach: TierReach
    lasts_ms: int


class CasePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How a case runs; copied into it when it opens. tiers: none for a case that pages nobody by itself."""

    tiers: tuple[Tier, ...]
    accepted_ms: int = HOUR_MS
    reminder_ms: int = 5 * MINUTE_MS
    handing_over_ms: int = 10 * MINUTE_MS
    listed_ms: int = 7 * DAY_MS
    unanswered_ms: int = DAY_MS
    resolved_ms: int = 7 * DAY_MS


def tiers(*seconds: int) -> tuple[Tier, ...]:
    """The tiers, from the nearest to the widest, by how many seconds each lasts; none for none."""
    reaches: tuple[TierReach, ...] = ("neighbourhood", "district", "town")
    return tuple(Tier(reach, lasts * 1000) for reach, lasts in zip(reaches, seconds, strict=False))


POLICIES: Mapping[Urgency, CasePolicy] = {
    "urgent": CasePolicy(tiers=tiers(60, 60, 120), accepted_ms=15 * MINUTE_MS),
    "soon": CasePolicy(tiers=tiers(600, 1200, 3600)),
    "information": CasePolicy(tiers=()),
}
"""product.md 5."""


class OnDuty(msgspec.Struct, frozen=True):
    """A member of staff who is on duty. by: as everybody sees them."""

    person: str
    by: By
    jurisdiction: tuple[str, ...]

    @property
    def organisation(self) -> str | None:
        return self.by.organisation


Duty = tuple[OnDuty, ...]
"""Everybody on duty in town, in the order in which they came."""


def covers(member: OnDuty, line: Line) -> bool:
    """Whether the place lies in the jurisdiction."""
    return any(place in member.jurisdiction for _, place in line)


def people(
    duty: Duty, organisation: OrganisationName, tier: Tier, line: Line, without: Collection[str]
) -> tuple[str, ...]:
    """The persons of a tier who are on duty and have not been struck off."""
    in_town = tier.reach == "town"
    areas = frozenset() if in_town else frozenset(place for kind, place in line if kind in NAMED[tier.reach])
    return tuple(
        member.person
        for member in duty
        if member.organisation == organisation
        and member.person not in without
        and (in_town or not areas.isdisjoint(member.jurisdiction))
    )


def next_tier(
    duty: Duty,
    organisation: OrganisationName,
    tiers: tuple[Tier, ...],
    line: Line,
    without: Collection[str],
    first: int,
) -> tuple[int, tuple[int, ...]]:
    """The first tier with someone from number *first* on (0 where there is none), and the empty ones passed over."""
    skipped: list[int] = []
    for number in range(first, len(tiers) + 1):
        if people(duty, organisation, tiers[number - 1], line, without):
            return number, tuple(skipped)
        skipped.append(number)
    return 0, tuple(skipped)


def everyone(duty: Duty, organisation: OrganisationName, without: Collection[str]) -> tuple[str, ...]:
    """Everybody of an organisation who is on duty in town."""
    return people(duty, organisation, Tier("town", 0), (), without)
