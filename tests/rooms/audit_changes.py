"""Random changes to copied books of deeds, each of which must be found: alter, remove, swap, cut the end, insert.

By hand: python -m tests.rooms.audit_changes --count 1000
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable
from random import Random

import msgspec

from rooms import audit_chain, audit_export
from rooms.audit_chain import Book, Problem, Row, Seen
from rooms.audit_deed import DEEDS, AuditRow, digest, packed, salted
from rooms.audit_export import Export
from rooms.shape import By, Ground

NOW = 1_795_442_400_000
NAME = "BU05183637"
STAFF = (By("v", "Wijkagent", "officer", "police"), By("b", "Moderator gemeente", "moderator", "municipality"))


def book(random: Random) -> Export:
    """A book of some deeds, sealed to its last row or nearly, with heads that were kept along the way; of some the
    beginning has gone for its age."""
    anchor, length = random.choice((0, 0, random.randint(1, 30))), random.randint(2, 40)
    words = {n: salted(f"Reden {n}.", random.randbytes(16)) for n in range(1, anchor + length + 1) if n % 5 == 0}
    rows = [_row(random, n, words.get(n)) for n in range(1, anchor + length + 1)]
    seals = dict(audit_chain.seals(audit_chain.FIRST, rows))
    sealed = len(rows) - random.choice((0, 0, 1))
    kept = [
        Seen(n, seals[n], int(rows[n - 1].at)) for n in range(1, sealed + 1) if n == sealed or random.random() < 0.2
    ]
    return Export(
        Book(
            name=NAME,
            rows=tuple(rows[anchor:]),
            seals={n: seals[n] for n in range(anchor + 1, sealed + 1)},
            count=len(rows),
            sealed=sealed,
            head=seals[sealed] if sealed else audit_chain.FIRST,
            anchor=anchor,
            anchor_hash=seals[anchor] if anchor else audit_chain.FIRST,
            words={n: text for n, text in words.items() if n > anchor},
        ),
        tuple(seen for seen in kept if seen.n > anchor),
    )


def _row(random: Random, n: int, words: bytes | None) -> Row:
    deed = AuditRow(
        deed=random.choice(list(DEEDS)), by=random.choice(STAFF), room=f"{NAME}:laan-{random.randint(1, 5)}",
        ground=random.choice((None, Ground("case", "p07.k3m9x2w7q4v5"))), digest=digest(words) if words else None,
    )  # fmt: skip
    return Row(n, str(NOW + 1000 * n).encode(), packed(deed))


# the changes -----------------------------------------------------------------------------------------

Change = Callable[[Random, Book], Book]


def _sealed(random: Random, old: Book) -> int:
    """Where in the rows one stands that is sealed."""
    return random.randrange(old.sealed - old.anchor)


def alter_event(random: Random, old: Book) -> Book:
    """One byte of what a row says."""
    place = _sealed(random, old)
    row = old.rows[place]
    at = random.randrange(len(row.event))
    event = bytearray(row.event)
    event[at] ^= random.randint(1, 255)
    return _with(old, place, msgspec.structs.replace(row, event=bytes(event)))


def alter_time(random: Random, old: Book) -> Book:
    """It was a minute earlier, or later."""
    place = _sealed(random, old)
    row = old.rows[place]
    at = int(row.at) + random.choice((-60_000, 60_000))
    return _with(old, place, msgspec.structs.replace(row, at=str(at).encode()))


def replace_event(random: Random, old: Book) -> Book:
    """Another deed in its place, in perfect form."""
    place = _sealed(random, old)
    row = old.rows[place]
    other = _row(random, row.n, None)
    changed = msgspec.structs.replace(row, event=other.event)
    return _with(old, place, changed if changed != row else msgspec.structs.replace(row, event=b"\x80"))


def remove(random: Random, old: Book) -> Book:
    place = _sealed(random, old)
    return msgspec.structs.replace(old, rows=old.rows[:place] + old.rows[place + 1 :])


def remove_and_close_up(random: Random, old: Book) -> Book:
    """A row less, and all after it renumbered, so that no hole shows."""
    place = _sealed(random, old)
    rows = old.rows[:place] + tuple(msgspec.structs.replace(row, n=row.n - 1) for row in old.rows[place + 1 :])
    return _shortened(msgspec.structs.replace(old, rows=rows), 1)


def swap(random: Random, old: Book) -> Book:
    """What two rows say, each under the other's number."""
    last = old.sealed - old.anchor
    one, other = random.randrange(last), random.randrange(last)
    rows = list(old.rows)
    rows[one], rows[other] = (
        msgspec.structs.replace(old.rows[other], n=old.rows[one].n),
        msgspec.structs.replace(old.rows[one], n=old.rows[other].n),
    )
    swapped = msgspec.structs.replace(old, rows=tuple(rows))
    return swapped if swapped != old else alter_time(random, old)


def cut(random: Random, old: Book) -> Book:
    """The last rows, with nothing else."""
    return msgspec.structs.replace(old, rows=old.rows[: _sealed(random, old)])


def cut_cleanly(random: Random, old: Book) -> Book:
    """The last rows with their seals, the head set back, the count lowered: in itself a perfect book."""
    return _shortened(old, random.randint(1, old.sealed - old.anchor))


def insert(random: Random, old: Book) -> Book:
    """A deed that nobody did, and all after it renumbered."""
    place = _sealed(random, old)
    new = _row(random, old.anchor + place + 1, None)
    later = tuple(msgspec.structs.replace(row, n=row.n + 1) for row in old.rows[place:])
    return msgspec.structs.replace(old, rows=(*old.rows[:place], new, *later), count=old.count + 1)


def repeat(random: Random, old: Book) -> Book:
    """A row that stands there twice."""
    place = _sealed(random, old)
    return msgspec.structs.replace(old, rows=(*old.rows[: place + 1], *old.rows[place:]))


def change_seal(random: Random, old: Book) -> Book:
    n = old.anchor + _sealed(random, old) + 1
    return msgspec.structs.replace(old, seals={**old.seals, n: random.randbytes(32).hex()})


def change_head(random: Random, old: Book) -> Book:
    return msgspec.structs.replace(old, head=random.randbytes(32).hex())


def take_the_beginning(random: Random, old: Book) -> Book:
    """As if its time were over."""
    n = old.anchor + _sealed(random, old) + 1
    rows, seals = tuple(row for row in old.rows if row.n > n), {m: seal for m, seal in old.seals.items() if m > n}
    words = {m: text for m, text in old.words.items() if m > n}
    return msgspec.structs.replace(old, rows=rows, seals=seals, words=words, anchor=n, anchor_hash=old.seals[n])


def sealed_anew(change: Change) -> Change:
    """The same by somebody who can write every seal after it."""

    def changed(random: Random, old: Book) -> Book:
        new = change(random, old)
        sealed = min(new.sealed, new.rows[-1].n) if new.rows else new.anchor
        rows = [row for row in new.rows if row.n <= sealed]
        seals = dict(audit_chain.seals(new.anchor_hash, rows))
        head = seals[max(seals)] if seals else new.anchor_hash
        return msgspec.structs.replace(new, seals=seals, sealed=sealed, head=head, count=max(new.count, sealed))

    return changed


def _with(old: Book, place: int, row: Row) -> Book:
    return msgspec.structs.replace(old, rows=(*old.rows[:place], row, *old.rows[place + 1 :]))


def _shortened(old: Book, by: int) -> Book:
    """The book with that many sealed rows less, as if there had never been more."""
    sealed = old.sealed - by
    seals = {n: seal for n, seal in old.seals.items() if n <= sealed}
    rows = tuple(row for row in old.rows if row.n <= sealed)
    words = {n: text for n, text in old.words.items() if n <= sealed}
    head = seals.get(sealed, old.anchor_hash)
    return msgspec.structs.replace(old, rows=rows, seals=seals, words=words, sealed=sealed, count=sealed, head=head)


CHANGES: dict[str, Change] = {
    "alter what a row says": alter_event,
    "alter its time": alter_time,
    "put another deed in its place": replace_event,
    "remove": remove,
    "remove and close up": remove_and_close_up,
    "swap": swap,
    "cut the end": cut,
    "cut the end cleanly": cut_cleanly,
    "insert": insert,
    "repeat": repeat,
    "change a seal": change_seal,
    "change the head": change_head,
    "take the beginning away": take_the_beginning,
    "alter and seal anew": sealed_anew(alter_event),
    "remove, close up and seal anew": sealed_anew(remove_and_close_up),
    "swap and seal anew": sealed_anew(swap),
    "insert and seal anew": sealed_anew(insert),
}


def found(export: Export, keep_after_ms: int) -> Problem | None:
    """What `bart audit verify --file` finds in the export."""
    (again,) = audit_export.read(audit_export.lines(export))
    return again.problem or audit_chain.verify(again.book, again.kept, keep_after_ms)


def missed(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Make that many changes, each kind in turn; (how often each kind was found, those that were not)."""
    random, done, lost = Random(seed), Counter[str](), list[str]()
    names: Iterable[str] = (list(CHANGES)[number % len(CHANGES)] for number in range(count))
    for number, name in enumerate(names):
        export = book(random)
        keep_after_ms = int(export.book.rows[0].at)
        assert found(export, keep_after_ms) is None
        problem = found(msgspec.structs.replace(export, book=CHANGES[name](random, export.book)), keep_after_ms)
        if problem is None:
            lost.append(f"{number}: {name}")
        else:
            done[name] += 1
    return done, lost


def main() -> None:
    parser = argparse.ArgumentParser(description="Change copied books of deeds at random; every change must be found.")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    done, lost = missed(asked.count, asked.seed)
    for name, times in done.items():
        print(f"{times:5} {name}")
    print(f"{asked.count} changes, {done.total()} found")
    for line in lost:
        print(f"NOT FOUND: {line}")
    raise SystemExit(1 if lost else 0)


if __name__ == "__main__":
    main()
