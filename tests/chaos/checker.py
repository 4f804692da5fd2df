"""PURE: what was seen, and the logs at the end -> where the promise was broken (promise.md 4).

Left open on purpose: whether an author gets the event before the `ok` or after it, and any order between rooms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from tests.chaos import history as seen
from tests.chaos.history import Record
from tests.chaos.logs import Log

REVOKED_WITHIN_S = 1.0
FAIR_REFUSALS = frozenset({"not_found", "wrong_target", "too_late"})


class Violation(msgspec.Struct, frozen=True, order=True):
    """One break of the promise. rule: which invariant; facts: what was seen, and what should have been; about: the
    client_id of the command that it happened to, '' where it is none."""

    rule: str
    room: str
    facts: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.room or '-'}: {self.facts}"


def check(records: Sequence[Record], logs: Mapping[str, Log]) -> list[Violation]:
    """Every violation. records: in the order in which they happened; logs: of every room, after everything healed."""
    judge = _Judge(records, logs)
    return [*_of_logs(logs, records), *judge.judge()]


# the logs alone --------------------------------------------------------------------------------------


def _of_logs(logs: Mapping[str, Log], records: Sequence[Record]) -> Iterator[Violation]:
    sent = {record.client_id for record in records if isinstance(record, seen.Sent)}
    where: dict[str, tuple[str, int]] = {}
    for room, log in logs.items():
        yield from _holes(room, log)
        yield from _strangers(room, log)
        for seq, row in sorted(log.rows.items()):
            if not row.client_id:
                continue
            if row.client_id in where:
                yield Violation("twice", room, f"{row.client_id} is {where[row.client_id]} and {seq}", row.client_id)
            if row.client_id not in sent:
                yield Violation("unsent", room, f"{row.client_id} at {seq} was sent by nobody")
            where[row.client_id] = room, seq


def _holes(room: str, log: Log) -> Iterator[Violation]:
    for seq in range(log.oldest, log.head + 1):
        if seq not in log.rows and seq not in log.blank:
            yield Violation("hole", room, f"nothing and no marker at {seq} of {log.head}")
    for seq in log.rows:
        if seq > log.head:
            yield Violation("hole", room, f"an entry at {seq} beyond the head {log.head}")


def _strangers(room: str, log: Log) -> Iterator[Violation]:
    """Entries by somebody who was no member where they stand in the room's own order."""
    members: set[str] = set()
    for seq, row in sorted(log.rows.items()):
        if row.event == "member.joined":
            members.add(row.person)
        elif row.event == "member.left":
            members.discard(row.person)
        elif row.person not in members:
            yield Violation("stranger", room, f"{row.event} at {seq} by {row.person}, who was no member")


def _away(log: Log) -> dict[str, list[tuple[int, int]]]:
    """For each person the seqs (from, to) that were appended after a departure and before the next return."""
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    left_at: dict[str, int] = {}
    for seq, row in sorted(log.rows.items()):
        if row.event == "member.left":
            left_at[row.person] = seq
        elif row.event == "member.joined" and row.person in left_at:
            spans[row.person].append((left_at.pop(row.person) + 1, seq - 1))
    for person, seq in left_at.items():
        spans[person].append((seq + 1, log.head))
    return spans


# what was seen, against the logs ---------------------------------------------------------------------


class _Seat:
    """What is known of one client while the records are read."""

    def __init__(self) -> None:
        self.person = ""
        self.rooms: frozenset[str] = frozenset()  # it is a member of these for certain
        self.last: dict[str, int] = {}  # room -> the last seq it applied
        self.gone_s: dict[str, float] = {}  # room -> when it was told that the room is its own no longer


class _Judge:
    """Reads the records once, in their order."""

    def __init__(self, records: Sequence[Record], logs: Mapping[str, Log]) -> None:
        self._records, self._logs = records, logs
        self._away = {room: _away(log) for room, log in logs.items()}
        self._seats: dict[str, _Seat] = defaultdict(_Seat)
        self._told: dict[str, int] = {}  # client_id -> seq of its ok
        self._refused: dict[str, str] = {}
        self._floor: dict[str, int] = defaultdict(int)  # room -> highest seq that anybody was told of
        self._floor_at_send: dict[str, tuple[str, int]] = {}
        self._member_at_send: dict[str, bool] = {}
        self._due: dict[str, int] = {}  # room -> what everybody must hold when the quiet ends

    def judge(self) -> Iterator[Violation]:
        for record in self._records:
            rule = self._RULES.get(type(record))
            if rule is not None:
                yield from rule(self, record)
        yield from self._order()
        yield from self._ends()

    # commands ------------------------------------------------------------------------------------

    def _sent(self, record: seen.Sent) -> Iterator[Violation]:
        if record.client_id not in self._floor_at_send:
            self._floor_at_send[record.client_id] = record.room, self._floor[record.room]
            self._member_at_send[record.client_id] = record.room in self._seats[record.client].rooms
        yield from ()

    def _ok(self, record: seen.Ok) -> Iterator[Violation]:
        row = self._logs[record.room].rows.get(record.seq)
        if row is None or row.client_id != record.client_id:
            found = "nothing" if row is None else row.client_id or row.event
            yield Violation(
                "acknowledged",
                record.room,
                f"{record.client_id} got ok {record.seq}, there is {found}",
                record.client_id,
            )
        before = self._told.setdefault(record.client_id, record.seq)
        if before != record.seq:
            yield Violation(
                "told", record.room, f"{record.client_id} was told {before} and then {record.seq}", record.client_id
            )
        self._floor[record.room] = max(self._floor[record.room], record.seq)

    def _refuse(self, record: seen.Refused) -> Iterator[Violation]:
        self._refused[record.client_id] = record.code
        if record.code not in FAIR_REFUSALS:
            yield Violation(
                "refused", record.room, f"{record.client_id} was refused with {record.code}", record.client_id
            )
        always = self._member_at_send.get(record.client_id) and record.room in self._seats[record.client].rooms
        if record.code == "not_found" and always:
            yield Violation(
                "refused", record.room, f"{record.client_id}: {record.client} is a member", record.client_id
            )

    def _order(self) -> Iterator[Violation]:
        """Who sends after an entry was told stands behind it."""
        for room, log in self._logs.items():
            for seq, row in log.rows.items():
                sent_in, floor = self._floor_at_send.get(row.client_id, (room, 0))
                if sent_in == room and seq <= floor:
                    facts = f"{row.client_id} is {seq}, but {floor} was told before it was sent"
                    yield Violation("order", room, facts, row.client_id)

    def _ends(self) -> Iterator[Violation]:
        """An unknown command ended as none or one, and what its author was told last says which."""
        there = {row.client_id for log in self._logs.values() for row in log.rows.values() if row.client_id}
        for client_id, code in self._refused.items():
            if client_id in there or client_id in self._told:
                yield Violation("told", "", f"{client_id} was refused with {code} and is in the log", client_id)

    # entries -------------------------------------------------------------------------------------

    def _given(self, record: seen.Given) -> Iterator[Violation]:
        log = self._logs[record.room]
        row = log.rows.get(record.seq)
        blanked = record.event == "entry.blanked" and record.seq in log.blank
        if not blanked and (row is None or row.mark != record.mark):
            found = "nothing" if row is None else "another"
            yield Violation("given", record.room, f"{record.client} was given {record.seq}, there is {found}")
        yield from self._outsider(record)
        if record.applied:
            yield from self._applied(record)
        self._floor[record.room] = max(self._floor[record.room], record.seq)

    def _applied(self, record: seen.Given) -> Iterator[Violation]:
        last = self._seats[record.client].last
        if record.room not in last:
            yield Violation("applied", record.room, f"{record.client} applied {record.seq} before a beginning")
        elif record.seq != last[record.room] + 1:
            yield Violation("applied", record.room, f"{record.client} applied {record.seq} after {last[record.room]}")
        last[record.room] = record.seq

    def _outsider(self, record: seen.Given) -> Iterator[Violation]:
        """Something that was said while the person was away, given more than a second after the departure."""
        seat = self._seats[record.client]
        gone_s = seat.gone_s.get(record.room)
        if gone_s is None or record.at_s <= gone_s + REVOKED_WITHIN_S:
            return
        if any(first <= record.seq <= last for first, last in self._away[record.room].get(seat.person, ())):
            late_s = record.at_s - gone_s
            yield Violation("outsider", record.room, f"{record.client} was given {record.seq}, {late_s:.1f} s too late")

    def _began(self, record: seen.Began) -> Iterator[Violation]:
        self._seats[record.client].last[record.room] = record.after
        yield from ()

    def _ended(self, record: seen.Ended) -> Iterator[Violation]:
        self._seats[record.client].last.pop(record.room, None)
        yield from ()

    def _reset(self, record: seen.Reset) -> Iterator[Violation]:
        """Only a log that was cut off before the cursor is a reason; one machine never takes back what it told."""
        self._seats[record.client].last.pop(record.room, None)
        if record.held >= self._logs[record.room].oldest - 1:
            yield Violation(
                "reset", record.room, f"{record.client} held {record.held}, the server said head {record.head}"
            )

    # belonging -----------------------------------------------------------------------------------

    def _joined(self, record: seen.Joined) -> Iterator[Violation]:
        seat = self._seats[record.client]
        seat.person, seat.rooms = record.person, frozenset(record.rooms)
        yield from ()

    def _move_asked(self, record: seen.MoveAsked) -> Iterator[Violation]:
        """From now on until the answer, only what stays is certain."""
        seat = self._seats[record.client]
        seat.rooms &= frozenset(record.rooms)
        for room in record.rooms:
            seat.gone_s.pop(room, None)
        yield from ()

    def _moved(self, record: seen.Moved) -> Iterator[Violation]:
        seat = self._seats[record.client]
        seat.rooms = frozenset(record.rooms)
        for room in self._logs:
            if room not in seat.rooms:
                seat.gone_s.setdefault(room, record.at_s)
        yield from ()

    def _turned_away(self, record: seen.TurnedAway) -> Iterator[Violation]:
        yield Violation("session", "", f"{record.client} was turned away with {record.code}")

    # quiet ---------------------------------------------------------------------------------------

    def _quiet_began(self, record: seen.QuietBegan) -> Iterator[Violation]:
        self._due = {room: max(head, self._floor[room]) for room, head in record.heads.items()}
        for client_id in record.unanswered:
            yield Violation("unanswered", "", f"{client_id} waits in vain although nothing is broken")

    def _quiet_ended(self, _record: seen.QuietEnded) -> Iterator[Violation]:
        for client, seat in self._seats.items():
            for room in sorted(seat.rooms):
                held, due = seat.last.get(room, -1), self._due.get(room, 0)
                if held < due:
                    yield Violation("converged", room, f"{client} holds {held} and should hold {due}")

    _RULES: ClassVar[dict[type[Record], Callable[[_Judge, Any], Iterator[Violation]]]] = {
        seen.Sent: _sent,
        seen.Ok: _ok,
        seen.Refused: _refuse,
        seen.Given: _given,
        seen.Began: _began,
        seen.Ended: _ended,
        seen.Reset: _reset,
        seen.Joined: _joined,
        seen.MoveAsked: _move_asked,
        seen.Moved: _moved,
        seen.TurnedAway: _turned_away,
        seen.QuietBegan: _quiet_began,
        seen.QuietEnded: _quiet_ended,
    }
