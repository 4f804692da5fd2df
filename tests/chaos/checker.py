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
_MEMBERS = frozenset({"not_found", "muted"})
_ON_OWN = _MEMBERS | {"wrong_target", "too_late"}
_ON_WARNING = _MEMBERS | {"wrong_target", "wrong_state"}
FAIR_REFUSALS: dict[str, frozenset[str]] = {
    "": _ON_OWN,
    "message.post": _MEMBERS,
    "message.react": _MEMBERS | {"wrong_target"},
    "message.edit": _ON_OWN,
    "message.retract": _ON_OWN,
    "warning.raise": _MEMBERS,
    "warning.answer": _ON_WARNING,
    "warning.clear": _ON_WARNING,
    "warning.correct": _ON_WARNING,
    "warning.retract": _ON_WARNING,
    "escalation.raise": frozenset({"not_found"}),
    "escalation.accept": frozenset({"already_taken", "wrong_state"}),
    "measure.take": frozenset({"wrong_target", "wrong_state"}),
}
"""By command; '' is one of which the name is not known. Every other refusal is none that these people can earn."""
TALK = frozenset({"message.post", "message.react", "message.edit"})
"""What somebody who is muted can't do."""
NO_MEMBERS = ("escalation.", "arrangement.")
"""What others than members stand for: who takes a case comes in by that, and an admin arranges from outside."""
SYSTEM = "system"
EMPTY = Log(0, 1, {})
FREE = ("talks", 0)
"""Or asked, or muted; and how often that changed."""


class Violation(msgspec.Struct, frozen=True, order=True):
    """One break of the promise. rule: which invariant; facts: what was seen, and what should have been; about: the
    client_id of the command that it happened to, '' where it is none."""

    rule: str
    room: str
    facts: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.room or '-'}: {self.facts}"


def check(
    records: Sequence[Record], logs: Mapping[str, Log], before: Mapping[str, Log] | None = None
) -> list[Violation]:
    """Every violation. records: in the order in which they happened; logs: of every room, after everything healed;
    before: what stood there when the first record was written, by commands that are in no record."""
    judge = _Judge(records, logs)
    return [*_of_logs(logs, records, before or {}), *kept(before or {}, logs), *judge.judge()]


def kept(before: Mapping[str, Log], after: Mapping[str, Log]) -> Iterator[Violation]:
    """What stood in a log once stands there for good; only a marker may take its place."""
    for room, log in before.items():
        now = after.get(room, EMPTY)
        for seq, row in log.rows.items():
            if seq not in now.blank and (seq not in now.rows or now.rows[seq].mark != row.mark):
                found = "another entry" if seq in now.rows else "nothing"
                yield Violation("kept", room, f"{row.event} stood at {seq}, there is {found}", row.client_id)


# the logs alone --------------------------------------------------------------------------------------


def _of_logs(logs: Mapping[str, Log], records: Sequence[Record], before: Mapping[str, Log]) -> Iterator[Violation]:
    sent = {record.client_id for record in records if isinstance(record, seen.Sent)}
    where: dict[str, tuple[str, int]] = {}
    for room, log in logs.items():
        yield from holes(room, log)
        yield from _strangers(room, log)
        for seq, row in sorted(log.rows.items()):
            if not row.client_id:
                continue
            if row.client_id in where:
                yield Violation("twice", room, f"{row.client_id} is {where[row.client_id]} and {seq}", row.client_id)
            if row.client_id not in sent and seq > before.get(room, EMPTY).head:
                yield Violation("unsent", room, f"{row.client_id} at {seq} was sent by nobody")
            where[row.client_id] = room, seq


def holes(room: str, log: Log) -> Iterator[Violation]:
    """Numbers for which there is nothing, and entries beyond the last one."""
    for seq in range(log.oldest, log.head + 1):
        if seq not in log.rows and seq not in log.blank:
            yield Violation("hole", room, f"nothing and no marker at {seq} of {log.head}")
    for seq in log.rows:
        if seq > log.head:
            yield Violation("hole", room, f"an entry at {seq} beyond the head {log.head}")


def _strangers(room: str, log: Log) -> Iterator[Violation]:
    """Entries by somebody who was no member where they stand in the room's own order."""
    members: set[str] = {SYSTEM}
    for seq, row in sorted(log.rows.items()):
        if row.event in ("member.joined", "staff.entered"):
            members.add(row.person)
        elif row.event in ("member.left", "staff.left"):
            members.discard(row.person)
        elif row.person not in members and not row.event.startswith(NO_MEMBERS):
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
        self._said: dict[str, str] = {}  # client_id -> what was answered, where that is no seq
        self._names: dict[str, str] = {}  # client_id -> command
        self._mutes: dict[tuple[str, str], tuple[str, int]] = defaultdict(lambda: FREE)  # of (room, person)
        self._mute_at_send: dict[str, tuple[str, int]] = {}
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
            self._mute_at_send[record.client_id] = self._mute_of(record)
            self._names[record.client_id] = record.name
        yield from ()

    def _mute_of(self, record: seen.Sent | seen.Ok | seen.Refused) -> tuple[str, int]:
        return self._mutes[record.room, self._seats[record.client].person]

    def _ok(self, record: seen.Ok) -> Iterator[Violation]:
        row = self._logs[record.room].rows.get(record.seq)
        if record.seq and (row is None or row.client_id != record.client_id):
            found = "nothing" if row is None else row.client_id or row.event
            yield Violation(
                "acknowledged",
                record.room,
                f"{record.client_id} got ok {record.seq}, there is {found}",
                record.client_id,
            )
        state, changes = self._mute_at_send.get(record.client_id, FREE)
        is_talk = self._names.get(record.client_id) in TALK
        if is_talk and state == "muted" and (state, changes) == self._mute_of(record):
            facts = f"{record.client_id} was carried out, its author was muted before it was sent"
            yield Violation("muted", record.room, facts, record.client_id)
        before = self._told.setdefault(record.client_id, record.seq)
        if before != record.seq:
            yield Violation(
                "told", record.room, f"{record.client_id} was told {before} and then {record.seq}", record.client_id
            )
        self._floor[record.room] = max(self._floor[record.room], record.seq)

    def _done(self, record: seen.Done) -> Iterator[Violation]:
        before = self._said.setdefault(record.client_id, record.said)
        if before != record.said:
            facts = f"{record.client_id} was told {before} and then {record.said}"
            yield Violation("told", record.room, facts, record.client_id)

    def _refuse(self, record: seen.Refused) -> Iterator[Violation]:
        self._refused[record.client_id] = record.code
        name = self._names.get(record.client_id, "")
        if record.code not in FAIR_REFUSALS.get(name, frozenset()):
            facts = f"{name} {record.client_id} was refused with {record.code}"
            yield Violation("refused", record.room, facts, record.client_id)
        mute = self._mute_of(record)
        if record.code == "muted" and mute[0] == "talks" and self._mute_at_send.get(record.client_id) == mute:
            yield Violation("refused", record.room, f"{record.client_id}: nobody muted its author", record.client_id)
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
            if client_id in there or client_id in self._told or client_id in self._said:
                yield Violation("told", "", f"{client_id} was refused with {code} and carried out", client_id)
        for client_id, seq in self._told.items():
            if not seq and client_id in there:
                yield Violation("told", "", f"{client_id} changed nothing, by its answer, and is in the log", client_id)

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

    def _muting(self, record: seen.Muting) -> Iterator[Violation]:
        """Certain is what was answered; from when it is asked until then, either."""
        _, changes = self._mutes[record.room, record.person]
        state = "asked" if not record.is_done else "muted" if record.is_mute else "talks"
        self._mutes[record.room, record.person] = state, changes + 1
        yield from ()

    def _hidden(self, record: seen.Hidden) -> Iterator[Violation]:
        log = self._logs[record.room]
        if record.target not in log.blank:
            yield Violation("hidden", record.room, f"{record.target} was hidden, and is there for everybody to read")

    def _expelling(self, record: seen.Expelling) -> Iterator[Violation]:
        seat = self._seats[record.client]
        seat.rooms -= {record.room}
        if record.is_done:
            seat.gone_s.setdefault(record.room, record.at_s)
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
        seen.Done: _done,
        seen.Refused: _refuse,
        seen.Given: _given,
        seen.Began: _began,
        seen.Ended: _ended,
        seen.Reset: _reset,
        seen.Joined: _joined,
        seen.MoveAsked: _move_asked,
        seen.Moved: _moved,
        seen.Muting: _muting,
        seen.Hidden: _hidden,
        seen.Expelling: _expelling,
        seen.TurnedAway: _turned_away,
        seen.QuietBegan: _quiet_began,
        seen.QuietEnded: _quiet_ended,
    }
