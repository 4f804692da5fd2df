"""PURE: what was acknowledged, what the logs hold and when it was seen -> where a call broke its promise.

All times are milliseconds of Redis's clock. An entry was *seen* by a witness that asked Redis for the time in the
breath in which it was given the entry, so it was written at that time or before: whatever a server thinks of the hour.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from tests.chaos.checker import Violation

PATH = ("escalation.raised", "escalation.widened", "escalation.widened", "escalation.unanswered")
STANDS = (("paging", 1, 1), ("paging", 2, 2), ("paging", 3, 3), ("unanswered", 0, 3))
"""State, tier and how many were called, at each place of the path: each tier has one person of its own."""
LATE_MS = 2_000


class Ack(msgspec.Struct, frozen=True):
    """A call that was answered with ok."""

    room: str
    client_id: str
    seq: int
    case: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a case. client_id: '' where the clock did it; seen_ms: see above; deadline: the next one that it
    tells; owner: the person's id, '' for none."""

    room: str
    seq: int
    name: str
    case: str
    client_id: str = ""
    at_ms: float
    seen_ms: float
    state: str
    tier: int
    reached: int
    skipped: tuple[int, ...] = ()
    deadline: int | None
    owner: str = ""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A case as Redis holds it at the end. scores: its deadlines in the queue; owner: '' for none."""

    state: str
    due_at: int | None
    scores: tuple[int, ...]
    is_open: bool
    owner: str = ""


class Outage(msgspec.Struct, frozen=True, order=True):
    """A time in which Redis did not answer, or no server ran."""

    began_ms: float
    ended_ms: float
    what: str = ""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A run. unanswered: client_ids of calls without an answer at the end; gaps: what was found wrong in passing, as
    (rule, facts); unread: deadlines of cases that there are not."""

    acks: Sequence[Ack]
    entries: Sequence[Entry]
    kept: Mapping[str, Kept]
    outages: Sequence[Outage]
    tiers_ms: Sequence[int]
    unanswered: Sequence[str] = ()
    gaps: Sequence[tuple[str, str]] = ()
    unread: Sequence[str] = ()


class Lateness(msgspec.Struct, frozen=True, order=True):
    """A deadline and what it did. beside_ms: late_ms without what outages took of it."""

    beside_ms: float
    late_ms: float
    case: str
    place: int


def check(evidence: Evidence) -> list[Violation]:
    """Every violation."""
    paths = paths_of(evidence.entries)
    found = [*_acknowledged(evidence), *_in_passing(evidence)]
    for case, path in paths.items():
        found += [*_path(case, path), *_stands(case, path), *_hours(case, path, evidence), *_end(case, path, evidence)]
    return found


def paths_of(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The entries of each case, in the order of its room."""
    paths = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.seq):
        paths[entry.case].append(entry)
    return dict(paths)


def merged(outages: Iterable[Outage]) -> list[Outage]:
    """The same times, none of them twice."""
    whole: list[Outage] = []
    for outage in sorted(outages):
        if whole and outage.began_ms <= whole[-1].ended_ms:
            last = whole.pop()
            whole.append(Outage(last.began_ms, max(last.ended_ms, outage.ended_ms), f"{last.what}, {outage.what}"))
        else:
            whole.append(outage)
    return whole


def taken(outages: Iterable[Outage], from_ms: float, to_ms: float) -> float:
    """How much of a time outages took."""
    return sum(max(0.0, min(one.ended_ms, to_ms) - max(one.began_ms, from_ms)) for one in merged(outages))


def latenesses(evidence: Evidence) -> list[Lateness]:
    """Of every deadline that acted, the least first."""
    return sorted(
        _lateness(case, place, before.deadline, after, evidence.outages)
        for case, path in paths_of(evidence.entries).items()
        for place, (before, after) in enumerate(pairwise(path), 1)
        if before.deadline is not None
    )


def _lateness(case: str, place: int, due_ms: int, after: Entry, outages: Iterable[Outage]) -> Lateness:
    late_ms = after.seen_ms - due_ms
    return Lateness(late_ms - taken(outages, due_ms, after.seen_ms), late_ms, case, place)


# the rules -------------------------------------------------------------------------------------------


def _acknowledged(evidence: Evidence) -> Iterator[Violation]:
    """What was answered with ok is there, under that number, and once."""
    raised = {(entry.room, entry.seq): entry for entry in evidence.entries if entry.name == PATH[0]}
    for ack in evidence.acks:
        entry = raised.get((ack.room, ack.seq))
        if entry is None or (entry.client_id, entry.case) != (ack.client_id, ack.case):
            found = "nothing" if entry is None else f"{entry.client_id} {entry.case}"
            yield Violation(
                "acknowledged", ack.room, f"{ack.client_id} is {ack.case} at {ack.seq}, there is {found}", ack.case
            )
    for client_id, count in Counter(entry.client_id for entry in raised.values()).items():
        if count > 1:
            yield Violation("twice", "", f"{client_id} is {count} cases")
    for client_id in evidence.unanswered:
        yield Violation("unanswered", "", f"{client_id} was never answered")


def _in_passing(evidence: Evidence) -> Iterator[Violation]:
    for rule, facts in evidence.gaps:
        yield Violation(rule, "", facts)
    for item in evidence.unread:
        yield Violation("deadline", "", f"{item} is due, and there is no such case")


def _path(case: str, path: list[Entry]) -> Iterator[Violation]:
    """Each transition, each once, in this order."""
    names, room = tuple(entry.name for entry in path), path[0].room
    if names == PATH:
        return
    if more := Counter(names) - Counter(PATH):
        yield Violation("twice", room, f"{case} had beyond its path {dict(more)}", case)
    if missing := Counter(PATH) - Counter(names):
        yield Violation("forgotten", room, f"{case} never had {dict(missing)}", case)
    if Counter(names) == Counter(PATH):
        yield Violation("path", room, f"{case} went {names}", case)


def _stands(case: str, path: list[Entry]) -> Iterator[Violation]:
    """State, tier and reached are those of the place; nobody owns it; a tier that was skipped had lost its duty."""
    for (state, tier, reached), entry in zip(STANDS, path, strict=False):
        if (entry.state, entry.tier, entry.reached, entry.skipped) != (state, tier, reached, ()):
            said = f"{entry.state} {entry.tier} reached {entry.reached} skipped {entry.skipped}"
            yield Violation("tier", entry.room, f"{case} at {entry.seq} is {said}, not {state} {tier} {reached}", case)
    for entry in path:
        if entry.owner:
            yield Violation("owner", entry.room, f"{case} at {entry.seq} is owned by {entry.owner}", case)


def _hours(case: str, path: list[Entry], evidence: Evidence) -> Iterator[Violation]:
    """No deadline acted early or late, each is as long as its tier, and nobody wrote by a clock of its own."""
    for place, (before, after) in enumerate(pairwise(path), 1):
        if before.deadline is None:
            continue  # told by _end
        if min(after.at_ms, after.seen_ms) < before.deadline:
            early = before.deadline - min(after.at_ms, after.seen_ms)
            yield Violation("early", after.room, f"{case} left tier {place} {early:.0f} ms early", case)
        late = _lateness(case, place, before.deadline, after, evidence.outages)
        if late.beside_ms >= LATE_MS:
            facts = f"{case} left tier {place} {late.late_ms:.0f} ms late, {late.beside_ms:.0f} of it beside outages"
            yield Violation("late", after.room, facts, case)
    for lasts_ms, entry in zip(evidence.tiers_ms, path, strict=False):
        if entry.deadline is not None and abs(entry.deadline - entry.at_ms - lasts_ms) >= LATE_MS:
            lies = entry.deadline - entry.at_ms
            yield Violation("deadline", entry.room, f"{case} lies {lies:.0f} ms ahead, its tier has {lasts_ms}", case)
    for entry in path:
        off_ms = entry.seen_ms - entry.at_ms
        if off_ms - taken(evidence.outages, entry.at_ms, entry.seen_ms) >= LATE_MS or off_ms <= -LATE_MS:
            yield Violation("clock", entry.room, f"{case} at {entry.seq} says a time {off_ms:.0f} ms before", case)


def _end(case: str, path: list[Entry], evidence: Evidence) -> Iterator[Violation]:
    """It always had one deadline, and rests in the state that its room was told last."""
    for entry in path:
        if entry.deadline is None:
            yield Violation("deadline", entry.room, f"{case} at {entry.seq} has no deadline", case)
    kept, last = evidence.kept.get(case), path[-1]
    if kept is None:
        yield Violation("lost", last.room, f"{case} has entries and no record", case)
        return
    if (kept.state, kept.due_at, kept.is_open) != (last.state, last.deadline, True):
        facts = f"{case} is {kept.state} until {kept.due_at}, its room was told {last.state} until {last.deadline}"
        yield Violation("told", last.room, facts, case)
    if kept.scores != (kept.due_at,):
        yield Violation("deadline", last.room, f"{case} is due at {kept.due_at}, the queue has {kept.scores}", case)
    if kept.owner:
        yield Violation("owner", last.room, f"{case} is owned by {kept.owner} at the end", case)
