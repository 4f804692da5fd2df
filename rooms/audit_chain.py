"""The hash chain over a book of deeds: how a row is sealed, and how any later change is found. Pure.

The seal of row n is SHA-256 over the seal of row n - 1 and the bytes that are stored of row n: its number, its time,
its event. So nobody changes a row without changing every seal after it, the last of which, the head, is kept in other
places: in the town's partition, in a file beside the data, and by every client that looked. Who can change all of the
store can write new seals too; heads that were kept elsewhere tell of it, up to the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

import msgspec

from rooms.audit_deed import digest, unpacked

FIRST = "0" * 64
"""The seal before row 1."""


class Row(msgspec.Struct, frozen=True):
    """A row as it is stored. at: ms since 1970, as text."""

    n: int
    at: bytes
    event: bytes


class Seen(msgspec.Struct, frozen=True):
    """A head that was kept outside the book. at: the time of that row, ms; where: for whoever reads of a problem."""

    n: int
    hash: str
    at: int = 0
    where: str = "outside"


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """A book, whole. count: rows that were ever written; sealed, head: how far the seals reach, and the last of them;
    anchor, anchor_hash: the last row that was taken away because its time was over, and its seal; words: salted words
    by row, as far as they are still kept. Of rows that are too old the last one stays."""

    name: str
    rows: tuple[Row, ...]
    seals: Mapping[int, str]
    count: int
    sealed: int
    head: str
    anchor: int = 0
    anchor_hash: str = FIRST
    words: Mapping[int, bytes] = msgspec.field(default_factory=dict)


class Problem(msgspec.Struct, frozen=True):
    """Something that nobody may do to a book. n: the first row that is wrong; what: a sentence about it."""

    book: str
    n: int
    what: str


def seal(before: str, row: Row) -> str:
    """The seal of a row, 64 hex digits. before: that of the row before it."""
    return sha256(b"%s %d %s %s" % (before.encode(), row.n, row.at, row.event)).hexdigest()


def seals(before: str, rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """(n, seal) of rows that follow each other."""
    for row in rows:
        before = seal(before, row)
        yield row.n, before


def verify(book: Book, kept: Iterable[Seen], keep_after_ms: int) -> Problem | None:
    """The first row that is not as it was written, None where all are. Rows that no sealer has come to yet are counted
    and no more.

    kept: heads of this book from outside.  keep_after_ms: rows of a later time may not have been taken away yet.
    """
    found = [*_holes(book), *_broken(book), *_against(book, kept), *_beginning(book, keep_after_ms), *_words(book)]
    return min(found, key=lambda problem: problem.n, default=None)


def _holes(book: Book) -> Iterator[Problem]:
    """Rows that are missing, stand twice, or were never counted."""
    wanted = book.anchor + 1
    for row in book.rows:
        if row.n != wanted:
            what = "is missing" if row.n > wanted else "stands there twice"
            yield Problem(book.name, min(row.n, wanted), f"the row {what}")
            return
        wanted += 1
    if wanted <= book.count:
        yield Problem(book.name, wanted, f"the end is cut off: {book.count} rows were written")
    elif wanted > book.count + 1:
        yield Problem(book.name, book.count + 1, f"a row too many: {book.count} were written")
    if book.sealed > book.count:
        yield Problem(book.name, book.count + 1, "the end is cut off: there are seals of more rows")


def _broken(book: Book) -> Iterator[Problem]:
    """The first row whose seal does not follow from what is stored, and a head that is no row's seal."""
    at = {book.anchor: book.anchor_hash, **book.seals}
    for row in book.rows:
        if row.n > book.sealed:
            break
        if row.n - 1 in at and at.get(row.n) != seal(at[row.n - 1], row):
            yield Problem(book.name, row.n, "the row or its seal was changed")
            return
    if at.get(book.sealed) != book.head:
        yield Problem(book.name, book.sealed, "the head is not the seal of the last sealed row")
    for n in sorted(book.seals):
        if n > book.sealed or n <= book.anchor:
            yield Problem(book.name, n, "a seal without its row")
            return


def _against(book: Book, kept: Iterable[Seen]) -> Iterator[Problem]:
    """Heads that were kept elsewhere and are not in the book any longer. One tells that something up to its row is
    another, and the one before it from where on."""
    at = {book.anchor: book.anchor_hash, **book.seals}
    first = book.anchor + 1
    for seen in sorted(kept, key=lambda seen: seen.n):
        if seen.n > book.sealed:
            yield Problem(book.name, book.sealed + 1, f"the end is cut off: {seen.where} holds a head of row {seen.n}")
            return
        if seen.n >= book.anchor and at.get(seen.n) != seen.hash:
            what = f"something from here to row {seen.n} was changed: {seen.where} holds another head"
            yield Problem(book.name, min(first, seen.n), what)
            return
        first = max(first, seen.n + 1)


def _beginning(book: Book, keep_after_ms: int) -> Iterator[Problem]:
    """Rows are taken away for their age, and the last of those that are too old stays: a book that begins with a
    younger one has lost more."""
    if book.anchor and not (book.rows and book.rows[0].at.isdigit() and int(book.rows[0].at) <= keep_after_ms):
        yield Problem(book.name, book.anchor, "the beginning was taken away before its time")


def _words(book: Book) -> Iterator[Problem]:
    """Words that are not those whose digest the row holds; words that were erased are missing by right."""
    rows = {row.n: row for row in book.rows}
    for n, text in sorted(book.words.items()):
        try:
            is_its_own = n in rows and unpacked(rows[n].event).digest == digest(text)
        except msgspec.DecodeError:
            is_its_own = False
        if not is_its_own:
            yield Problem(book.name, n, "the words beside the row were changed")
            return
