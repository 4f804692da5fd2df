"""The chain over a book of deeds: what was changed is found, and the first wrong row is named."""

from __future__ import annotations

from hashlib import sha256
from random import Random

import msgspec
import pytest

from rooms import audit_chain, audit_export
from rooms.audit_chain import FIRST, Book, Problem, Row, Seen
from rooms.audit_deed import DEEDS, AuditRow, digest, packed, salted, unpacked, words_of
from rooms.audit_export import Export
from rooms.shape import By
from tests.rooms.audit_changes import CHANGES, NAME, NOW, book, found, missed

VEGA = By("v", "Wijkagent", "officer", "police")


def rows(count: int) -> tuple[Row, ...]:
    """That many deeds, a second apart."""
    event = packed(AuditRow(deed="staff.entered", by=VEGA, room=f"{NAME}:laan"))
    return tuple(Row(n, str(NOW + 1000 * n).encode(), event) for n in range(1, count + 1))


def sealed(count: int, reach: int | None = None) -> Book:
    """A book of *count* rows, sealed up to *reach*, to its end by default."""
    made, reach = rows(count), count if reach is None else reach
    seals = dict(list(audit_chain.seals(FIRST, made))[:reach])
    return Book(name=NAME, rows=made, seals=seals, count=count, sealed=reach, head=seals.get(reach, FIRST))


def verified(changed: Book, *kept: Seen) -> tuple[int, str] | None:
    problem = audit_chain.verify(changed, kept, NOW)
    return None if problem is None else (problem.n, problem.what)


# what is whole ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "reach"), [(0, 0), (1, 0), (1, 1), (7, 7), (7, 5)])
def test_a_book_as_it_was_written_is_whole(count: int, reach: int) -> None:
    """Empty, without a seal yet, sealed to its end or nearly: nobody is accused."""
    assert verified(sealed(count, reach)) is None


def test_heads_of_long_ago_are_in_it_still() -> None:
    """A head that somebody kept is found in the book as it grew on."""
    seals = sealed(9).seals
    assert verified(sealed(9), *(Seen(n, seal) for n, seal in seals.items())) is None


def test_a_seal_is_what_it_says() -> None:
    """Anybody can compute a seal: SHA-256 over the seal before, the number, the time and the event, as stored."""
    seal = audit_chain.seal(FIRST, Row(1, b"1795442400000", b"x"))
    assert seal == sha256(b"0" * 64 + b" 1 1795442400000 x").hexdigest()


# what is not -----------------------------------------------------------------------------------------


def test_every_one_of_two_hundred_random_changes_is_found() -> None:
    """Alter, remove, swap, cut the end, insert, with seals made anew or not; by hand a thousand (audit_changes.py)."""
    done, lost = missed(200, seed=8)
    assert lost == []
    assert set(done) == set(CHANGES)


def test_without_heads_elsewhere_the_end_can_be_cut() -> None:
    """Why heads are kept: a book cut off cleanly is in itself perfect. (So the changes above do test the heads.)"""
    export = book(Random(3))
    changed = CHANGES["cut the end cleanly"](Random(3), export.book)
    keep_after_ms = int(export.book.rows[0].at)
    assert found(Export(changed, ()), keep_after_ms) is None
    assert found(Export(changed, export.kept), keep_after_ms) is not None


@pytest.mark.parametrize("wrong", range(1, 8))
def test_the_first_wrong_row_is_named(wrong: int) -> None:
    """Of several the first: there somebody begins to look."""
    whole = sealed(7)
    changed = [
        msgspec.structs.replace(row, event=b"\x80") if row.n in (wrong, 7) else row for row in whole.rows
    ]  # fmt: skip
    assert verified(msgspec.structs.replace(whole, rows=tuple(changed))) == (wrong, "the row or its seal was changed")


def test_a_missing_row_is_named() -> None:
    """Where one is gone, the numbers have a hole."""
    whole = sealed(7)
    assert verified(msgspec.structs.replace(whole, rows=(*whole.rows[:3], *whole.rows[4:]))) == (
        4,
        "the row is missing",
    )


def test_an_end_that_is_cut_off_is_named() -> None:
    """By the count, or by the head that somebody kept."""
    whole = sealed(7)
    assert verified(msgspec.structs.replace(whole, rows=whole.rows[:5])) == (
        6, "the end is cut off: 7 rows were written"
    )  # fmt: skip
    assert verified(sealed(5), Seen(7, whole.head, where="audit.heads")) == (
        6, "the end is cut off: audit.heads holds a head of row 7"
    )  # fmt: skip


def test_a_book_sealed_anew_is_told_by_the_heads() -> None:
    """Between two heads that were kept, of which one is there still, something is another."""
    whole = sealed(9)
    altered = [msgspec.structs.replace(row, at=b"1") if row.n == 6 else row for row in whole.rows]
    seals = dict(audit_chain.seals(FIRST, altered))
    changed = msgspec.structs.replace(whole, rows=tuple(altered), seals=seals, head=seals[9])
    assert verified(changed) is None
    kept = [Seen(n, whole.seals[n], where="audit.heads") for n in (4, 8, 9)]
    assert verified(changed, *kept) == (
        5, "something from here to row 8 was changed: audit.heads holds another head"
    )  # fmt: skip


def test_a_beginning_that_is_too_young_to_be_gone_is_told() -> None:
    """Rows may be taken away for their age alone; the oldest row that is left says how old they were."""
    whole = sealed(9)
    seals = {n: seal for n, seal in whole.seals.items() if n > 3}
    later = msgspec.structs.replace(whole, rows=whole.rows[3:], seals=seals, anchor=3, anchor_hash=whole.seals[3])
    assert audit_chain.verify(later, [], NOW + 4_000) is None
    problem = audit_chain.verify(later, [], NOW + 3_999)
    assert problem == Problem(NAME, 3, "the beginning was taken away before its time")


def test_words_belong_to_their_row() -> None:
    """Words that are not those of the row are told; words that were erased are not missed."""
    text = salted("Vloekt.", bytes(16))
    row = Row(1, b"1", packed(AuditRow(deed="measure.removed", by=VEGA, digest=digest(text))))
    seal = audit_chain.seal(FIRST, row)
    whole = Book(name=NAME, rows=(row,), seals={1: seal}, count=1, sealed=1, head=seal, words={1: text})
    assert verified(whole) is None
    assert verified(msgspec.structs.replace(whole, words={})) is None
    for words in ({1: salted("Vloekt!", bytes(16))}, {1: text, 2: text}):
        told = verified(msgspec.structs.replace(whole, words=words))
        assert told is not None
        assert told[1] == "the words beside the row were changed"


# rows and exports ------------------------------------------------------------------------------------


def test_a_deed_that_is_not_in_the_table_is_not_packed() -> None:
    """What the book tells has a meaning that somebody wrote down."""
    with pytest.raises(KeyError):
        packed(AuditRow(deed="staff.flew", by=VEGA))
    assert all(unpacked(packed(AuditRow(deed=deed, by=VEGA))).deed == deed for deed in DEEDS)


def test_words_come_back_from_their_salt() -> None:
    """Salt and words are one text in the store, and two again for a reader."""
    assert words_of(salted("Vloekt: één keer.", bytes(16))) == "Vloekt: één keer."
    assert digest(salted("Vloekt.", bytes(16))) != digest(salted("Vloekt.", bytes(15) + b"1"))


@pytest.mark.parametrize("seed", range(20))
def test_an_export_is_read_as_it_was_written(seed: int) -> None:
    """Line by line, and nothing is lost on the way."""
    export = book(Random(seed))
    assert audit_export.read(audit_export.lines(export)) == [export]


def test_what_people_read_in_an_export_is_what_is_stored() -> None:
    """Who changes the readable part of a line alone is found as well."""
    lines = list(audit_export.lines(Export(sealed(3), ())))
    lines[2] = lines[2].replace("Wijkagent", "Wijkagente", 1)
    (again,) = audit_export.read(lines)
    assert again.problem == Problem(NAME, 2, "what is written there for people is not what is stored")


@pytest.mark.parametrize("line", ["x", "[]", "{}", '{"book": "a", "n": 1}', '{"book": "a", "n": "x", "stored": "!"}'])
def test_a_file_that_is_no_export_is_named_by_its_line(line: str) -> None:
    """The number of the line, and no traceback."""
    lines = [*audit_export.lines(Export(sealed(1), ())), line]
    with pytest.raises(ValueError, match=r"^Line 3 is no line"):
        audit_export.read(lines)
