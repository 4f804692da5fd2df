"""Open books as lines of JSON, for an auditor's own machine: what stands there can be read and verified without BART's
store. Pure.

Of each book first a line {book, count, sealed, head, anchor, anchor_hash}; of each row {book, n, at, stored, seal, row,
salted, words}, where `stored` is base64 of what the seal is over and `row` the same for people; of each head that was
kept elsewhere {book, kept: {n, hash, at, where}}.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from rooms.audit_chain import FIRST, Book, Problem, Row, Seen
from rooms.audit_deed import unpacked, words_of


class Export(msgspec.Struct, frozen=True):
    """A book, the heads of it that were kept elsewhere, and the first of its lines whose words for people are not
    those that are stored."""

    book: Book
    kept: tuple[Seen, ...]
    problem: Problem | None = None


def lines(export: Export) -> Iterator[str]:
    """The lines of a book, without ends of lines."""
    book = export.book
    head = {name: getattr(book, name) for name in ("count", "sealed", "head", "anchor", "anchor_hash")}
    yield _line(book=book.name, **head)
    for row in book.rows:
        yield _line(book=book.name, **_of_row(book, row))
    known = {row.n for row in book.rows}
    yield from (_line(book=book.name, n=n, seal=seal) for n, seal in book.seals.items() if n not in known)
    yield from (_line(book=book.name, kept=msgspec.to_builtins(seen)) for seen in export.kept)


def _of_row(book: Book, row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {"n": row.n, "at": row.at.decode(errors="replace"), "stored": b64encode(row.event).decode()}
    found["row"] = _for_people(row)
    if row.n in book.seals:
        found["seal"] = book.seals[row.n]
    if row.n in book.words:
        text = book.words[row.n]
        found |= {"salted": b64encode(text).decode(), "words": words_of(text)}
    return found


def _for_people(row: Row) -> dict[str, Any] | None:
    """None for what is no row."""
    try:
        deed: dict[str, Any] = msgspec.to_builtins(unpacked(row.event))
    except msgspec.DecodeError:
        return None
    return deed


def _line(**fields: Any) -> str:
    return msgspec.json.encode(fields).decode()


# reading ---------------------------------------------------------------------------------------------


class _Draft:
    """A book that is being read. head: its first line."""

    def __init__(self, name: str) -> None:
        self.name, self.head = name, dict[str, Any]()
        self.rows, self.seals, self.words = list[Row](), dict[int, str](), dict[int, bytes]()
        self.kept, self.problem = list[Seen](), None

    problem: Problem | None

    def done(self) -> Export:
        """Raises KeyError where the line of the book itself is missing."""
        book = Book(
            name=self.name,
            rows=tuple(self.rows),
            seals=self.seals,
            count=int(self.head["count"]),
            sealed=int(self.head["sealed"]),
            head=str(self.head["head"]),
            anchor=int(self.head.get("anchor", 0)),
            anchor_hash=str(self.head.get("anchor_hash", FIRST)),
            words=self.words,
        )
        return Export(book, tuple(self.kept), self.problem)


def read(text: Iterable[str]) -> list[Export]:
    """The books of an export. Raises ValueError, with the number of the line, for one that is none, or where there is
    no book at all."""
    drafts: dict[str, _Draft] = {}
    number = 0
    try:
        for number, line in enumerate(text, 1):  # noqa: B007 - which one it was, for the refusal
            if not line.strip():
                continue
            fields = msgspec.json.decode(line, type=dict[str, Any])
            draft = drafts.setdefault(str(fields["book"]), _Draft(str(fields["book"])))
            _take(draft, fields)
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        raise ValueError(f"Line {number} is no line of an exported book") from None
    if not drafts:
        raise ValueError("There is no book in the file")
    try:
        return [draft.done() for draft in drafts.values()]
    except (KeyError, TypeError, ValueError):
        raise ValueError("The line of a book itself is missing or can't be read") from None


def _take(draft: _Draft, fields: dict[str, Any]) -> None:
    if "count" in fields:
        draft.head = fields
    elif "kept" in fields:
        draft.kept.append(msgspec.convert(fields["kept"], Seen))
    elif "stored" in fields:
        _take_row(draft, fields)
    else:
        draft.seals[int(fields["n"])] = str(fields["seal"])


def _take_row(draft: _Draft, fields: dict[str, Any]) -> None:
    row = Row(int(fields["n"]), str(fields["at"]).encode(), b64decode(fields["stored"], validate=True))
    draft.rows.append(row)
    if "seal" in fields:
        draft.seals[row.n] = str(fields["seal"])
    if "salted" in fields:
        draft.words[row.n] = b64decode(fields["salted"], validate=True)
    words = draft.words.get(row.n)
    said = None if words is None else words_of(words)
    if draft.problem is None and (fields.get("row") != _for_people(row) or fields.get("words") != said):
        draft.problem = Problem(draft.name, row.n, "what is written there for people is not what is stored")
