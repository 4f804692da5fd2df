"""PURE: what was acknowledged before a backup began, and the town that was made of it -> what the backup lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.chaos.checker import EMPTY, Violation, holes
from tests.chaos.history import Ok, Record
from tests.chaos.logs import Log


def check_restored(
    records: Sequence[Record], restored: Mapping[str, Log], original: Mapping[str, Log]
) -> list[Violation]:
    """Every violation. records: up to when the backup began; restored: the logs of the new town, before anybody said a
    word there; original: those of the town itself, later."""
    found = [*_acknowledged(records, restored), *_once(restored)]
    for room, log in restored.items():
        found += [*holes(room, log), *_same(room, log, original.get(room, EMPTY))]
    return found


def _acknowledged(records: Sequence[Record], restored: Mapping[str, Log]) -> Iterator[Violation]:
    for record in records:
        if isinstance(record, Ok) and record.seq:
            row = restored.get(record.room, EMPTY).rows.get(record.seq)
            if row is None or row.client_id != record.client_id:
                found = "nothing" if row is None else row.client_id or row.event
                facts = f"{record.client_id} had ok {record.seq} before the backup, there is {found}"
                yield Violation("acknowledged", record.room, facts, record.client_id)


def _once(restored: Mapping[str, Log]) -> Iterator[Violation]:
    seen: set[str] = set()
    for room, log in restored.items():
        for row in log.rows.values():
            if row.client_id in seen:
                yield Violation("twice", room, f"{row.client_id} stands there twice", row.client_id)
            seen |= {row.client_id} - {""}


def _same(room: str, log: Log, original: Log) -> Iterator[Violation]:
    """What somebody did stands there as in the town itself, at the same number; and every cursor from there is void."""
    for seq, row in log.rows.items():
        if row.client_id and (seq not in original.rows or original.rows[seq].mark != row.mark):
            yield Violation("another", room, f"{row.client_id} stands at {seq}, where the town has something else")
    if log.head and log.epoch <= original.epoch:
        yield Violation("epoch", room, f"its epoch is {log.epoch}, that of the town {original.epoch}")
