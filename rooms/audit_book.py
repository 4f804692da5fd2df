"""The open books of the town as they are stored: read whole, sealed, trimmed, and their heads kept elsewhere.

Any process seals, several at once: the head that each one read decides, and the others find the book sealed.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

import structlog

from rooms import audit_chain, keys
from rooms.audit_chain import FIRST, Book, Row, Seen
from rooms.keys import book_keys
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.store import Changed, Store, fields_of
from rooms.town import Town

log = structlog.get_logger("audit")
DUE = "seal:"
AT_ONCE = 500
"""Rows sealed in one script."""
BATCH = 1_000
TRIES = 20
"""How often a book is read again because somebody wrote in it meanwhile."""
PUT_OFF_MS = 30_000
"""What failed is tried again after this, and not with every tick."""


# sealing ---------------------------------------------------------------------------------------------


async def seal_all(town: Town) -> int:
    """Seal every book that has rows without a seal; returns how many rows. Raises Refusal("unavailable")."""
    now_ms, done = town.clock.now_ms(), 0
    rows = await town.store.read_all(("ZRANGE", keys.due(name), "-inf", now_ms, "BYSCORE") for name in keys.ALL)
    for book in [item.decode().removeprefix(DUE) for row in rows for item in row if item.startswith(DUE.encode())]:
        try:
            done += await _seal(town.store, book)
        except Changed:
            continue  # another process was first, and goes on
        except Exception as error:
            if isinstance(error, Refusal):
                raise
            log.error("alarm: a book cannot be sealed", book=book, error=type(error).__name__)
            await town.store.read("ZADD", book_keys(book).due, "XX", "GT", now_ms + PUT_OFF_MS, DUE + book)
    return done


async def _seal(store: Store, book: str) -> int:
    """Seal what stands in the book by now. Raises Changed."""
    of, done = book_keys(book), 0
    while True:
        sealed, head, count = await store.read("HMGET", of.audit_head, "sealed", "head", "n")
        before = (sealed or b"0").decode(), (head or FIRST.encode()).decode()
        found = await _rows(store, book, int(before[0]), AT_ONCE)
        made = list(audit_chain.seals(before[1], found))
        arguments: list[Argument] = [book, *before, count or b"0"]
        arguments += [part for n, seal in made for part in (n, seal)]
        await store.run("seal", [of.audit_head, of.seals, of.due], arguments)
        done += len(made)
        if made:
            await _tell_town(store, book, found[-1], made[-1][1])
        if len(made) < AT_ONCE:
            return done


async def _tell_town(store: Store, book: str, last: Row, head: str) -> None:
    """Keep the head outside the book as well; the town's is a partition of its own."""
    await store.run("keep_head", [keys.AUDIT_HEADS], [book, last.n, f"{last.n} {head} {last.at.decode()}"])


# heads -----------------------------------------------------------------------------------------------


async def heads(store: Store) -> dict[str, Seen]:
    """The last head of every book, as the town keeps it. What can't be read there is passed over: to whoever verifies
    it is a head that was not kept."""
    fields = fields_of(await store.read("HGETALL", keys.AUDIT_HEADS))
    found = {name.decode(): _seen(value) for name, value in fields.items()}
    return {name: seen for name, seen in found.items() if seen is not None}


def _seen(value: bytes) -> Seen | None:
    parts = value.decode(errors="replace").split(" ")
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[2].isdecimal()):
        return None
    return Seen(int(parts[0]), parts[1], int(parts[2]), "the town")


# reading ---------------------------------------------------------------------------------------------


async def names(town: Town) -> list[str]:
    """Every book there is: of the places, of private cases and accounts, and those whose heads were kept."""
    found = {keys.book_of(room.id) for room in town.places.rooms()}
    partitions = [name for name in keys.ALL if name != keys.TOWN]
    found |= {f"{kind}:{name}" for kind in ("case", "staff") for name in partitions}
    kept = set(await heads(town.store))
    asked = sorted(found | kept)
    there = await town.store.read_all(("EXISTS", book_keys(book).audit_head) for book in asked)
    return [book for book, is_there in zip(asked, there, strict=True) if is_there or book in kept]


async def load(store: Store, book: str) -> Book:
    """A book as it was at one moment. Raises Refusal("busy") where somebody writes in it without end."""
    of = book_keys(book)
    for _ in range(TRIES):
        before = fields_of(await store.read("HGETALL", of.audit_head))
        rows = await _all_rows(store, book)
        seals, words = await store.read_all([("HGETALL", of.seals), ("HGETALL", of.audit_text)])
        if fields_of(await store.read("HGETALL", of.audit_head)) == before:
            return _book(book, before, rows, fields_of(seals), fields_of(words))
    raise Refusal("busy", retry_after_ms=1_000)


def _book(name: str, head: dict[bytes, bytes], rows: list[Row], seals: dict[bytes, bytes],
          words: dict[bytes, bytes]) -> Book:  # fmt: skip
    return Book(
        name=name,
        rows=tuple(rows),
        seals={_number(n): value.decode(errors="replace") for n, value in seals.items()},
        count=_number(head.get(b"n", b"0")),
        sealed=_number(head.get(b"sealed", b"0")),
        head=head.get(b"head", FIRST.encode()).decode(errors="replace"),
        anchor=_number(head.get(b"anchor", b"0")),
        anchor_hash=head.get(b"anchor_hash", FIRST.encode()).decode(errors="replace"),
        words={_number(n): text for n, text in words.items()},
    )


def _number(text: bytes) -> int:
    """0 where somebody wrote something else: no row has that number."""
    return int(text) if text.isdigit() else 0


async def _all_rows(store: Store, book: str) -> list[Row]:
    rows: list[Row] = []
    while True:
        page = await _rows(store, book, rows[-1].n if rows else 0, BATCH)
        rows += page
        if len(page) < BATCH:
            return rows


async def _rows(store: Store, book: str, after: int, most: int) -> list[Row]:
    """Rows after a number, rising."""
    found = await store.read("XRANGE", book_keys(book).audit, f"{after + 1}-0", "+", "COUNT", most)
    return list(rows_of(found))


def rows_of(found: Iterable[Any]) -> Iterable[Row]:
    """Rows of a book's stream. A field that is missing is empty: then no seal fits."""
    for row_id, flat in found:
        fields = fields_of(flat)
        yield Row(int(row_id.partition(b"-")[0]), fields.get(b"t", b""), fields.get(b"e", b""))


# erasing ---------------------------------------------------------------------------------------------


async def erase_words(store: Store, book: str, rows: Iterable[int]) -> int:
    """Forget the words beside these rows; the rows and their seals stay. Returns how many words there were."""
    asked = list(rows)
    return int(await store.read("HDEL", book_keys(book).audit_text, *asked)) if asked else 0


# trimming --------------------------------------------------------------------------------------------


async def trim(town: Town, before_ms: int) -> int:
    """Take away rows that were written before that, in every book but the last of them; returns how many. By its time
    that one proves that nothing younger was taken with them."""
    gone = 0
    for book in await names(town):
        while last := await _last_before(town.store, book, before_ms):
            of = book_keys(book)
            (taken,) = await town.store.run("trim_book", [of.audit, of.audit_head, of.seals, of.audit_text], [last])
            gone += int(taken)
            if not taken:
                break
    return gone


async def _last_before(store: Store, book: str, before_ms: int) -> int:
    """The last but one of the first rows that are older, 0 for none."""
    old = takewhile(lambda row: row.at.isdigit() and int(row.at) < before_ms, await _rows(store, book, 0, BATCH))
    return ([0, 0] + [row.n for row in old])[-2]
