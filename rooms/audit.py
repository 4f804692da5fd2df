"""The open book: what staff did about a room, read by its neighbours, by staff of the area and by auditors.

Its rows are written by the scripts of the deeds (audit_deed.py) and sealed by the sweeps (audit_book.py). What was
refused has no script of its own deed; it is noted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from rooms import case_record, keys, report_record
from rooms.audit_book import rows_of
from rooms.audit_chain import FIRST, Row
from rooms.audit_deed import AuditHead, AuditRow, AuditView, packed, unpacked, words_of
from rooms.audit_payload import OfBook, ProveHead, ReadBook
from rooms.call import Call, Payload, Reply
from rooms.keys import BookKeys, book_keys, room_keys
from rooms.person import STAFF_IN_ROOMS, Person, Role
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.room import case_of
from rooms.shape import By
from rooms.town import Town

BATCH = 200
MOST_LOOKED_AT = 2_000
"""Rows that one command goes through to find those of a room; the next one goes on from there."""
NOTED = frozenset({"not_found", "not_permitted", "no_ground", "outside_jurisdiction"})
"""Refusals to staff that the book tells: those for want of a right."""
NOTED_WITHOUT_ROOM = frozenset({"outside_jurisdiction"})
"""Those of them that are told of where the command named no room."""


async def read(town: Town, call: Call[ReadBook]) -> Reply:
    """Rows of a room or a book, the newest first. next: the number to go on `before`, 0 at the beginning of the book.

    Words are not for residents: they may be about a neighbour.  Staff who look are told of in it themselves.
    Raises Refusal("not_found") where this person may not read it, or it is not there.
    """
    asked = call.payload
    book = await _permitted(town, call.person, asked)
    of = book_keys(book)
    head = await _head(town, of)
    found, goes_on = await _newest(town, of, asked)
    views = await _views(town, of, found, with_words=call.person.is_staff)
    if call.person.is_staff:
        await _note_look(town, call, book)
    rows = [msgspec.to_builtins(view) for view in views]
    return {"ok": True, "book": book, "rows": rows, "head": msgspec.to_builtins(head), "next": goes_on}


async def _note_look(town: Town, call: Call[ReadBook], book: str) -> None:
    of, room = book_keys(book), call.payload.room
    row = packed(AuditRow(deed="book.read", by=_by(call.person), room=room))
    arguments: list[Argument] = [call.now_ms, book, row, call.person.id, room or ""]
    await town.store.run("note_look", [of.audit, of.audit_head, of.due], arguments)


async def prove(town: Town, call: Call[ProveHead]) -> Reply:
    """The seal of a row, to compare with the head that was seen there. Raises Refusal: not_found, wrong_target."""
    of = book_keys(await _permitted(town, call.person, call.payload))
    n = call.payload.n
    (seal,), (anchor, anchor_hash) = await town.store.read_all(
        [("HMGET", of.seals, n), ("HMGET", of.audit_head, "anchor", "anchor_hash")]
    )
    if seal is None and int(anchor or 0) == n:
        seal = anchor_hash
    if seal is None:
        raise Refusal("wrong_target")
    return {"ok": True, "n": n, "hash": seal.decode()}


async def refused(town: Town, call: Call[Any], command: str, code: str) -> None:
    """Note that somebody of the staff was refused for want of a right: in the book of the room that it was about, or
    of the own account where that is no room. What there is not has no book."""
    person, room = call.person, await _room_of(town, call.payload)
    if room is None and code not in NOTED_WITHOUT_ROOM:
        return
    book = keys.book_of_person(person.id) if room is None else keys.book_of(room)
    of = book_keys(book)
    row = packed(AuditRow(deed="staff.refused", by=_by(person), room=room, target=command, code=code))
    arguments: list[Argument] = [call.now_ms, book, row, person.id, room or ""]
    await town.store.run("note_refused", [of.audit, of.audit_head, of.due], arguments)


async def _room_of(town: Town, payload: Payload) -> str | None:
    """The room that a command names, by itself or by its case or report; None where it names none that there is."""
    room = getattr(payload, "room", None)
    if room is None:
        return await _room_of_record(town, payload)
    case = case_of(room)
    there = town.places.room(room) is not None if case is None else await town.store.read("EXISTS", keys.case(case))
    return room if there else None


async def _room_of_record(town: Town, payload: Payload) -> str | None:
    if (case_id := getattr(payload, "case", None)) is not None:
        (found,) = await case_record.load_all(town, [case_id])
        return None if found is None else found.case.room
    if (report_id := getattr(payload, "report", None)) is not None:
        report = await report_record.load(town, report_id)
        return None if report is None else report.room
    return None


def _by(person: Person) -> By:
    return msgspec.convert(person.by(), By)


# who may read ----------------------------------------------------------------------------------------


async def _permitted(town: Town, person: Person, asked: OfBook) -> str:
    """The book, where this person may read what is asked of it. Raises Refusal("not_found")."""
    if asked.room is not None:
        may = await _may_read_room(town, person, asked.room)
        book = keys.book_of(asked.room)
    else:
        book = asked.book or ""
        may = _may_read_book(town, person, book)
    if not may:
        raise Refusal("not_found")
    return book


async def _may_read_room(town: Town, person: Person, room: str) -> bool:
    """Auditors any; of private cases nobody else. Staff of the area, and whoever is a member."""
    if person.role is Role.AUDITOR:
        return True
    if case_of(room) is not None:
        return False
    place = town.places.room(room)
    if place is not None and _is_of_area(town, person, place.place):
        return True
    return bool(await town.store.read("HEXISTS", room_keys(room).members, person.id))


def _may_read_book(town: Town, person: Person, book: str) -> bool:
    """Whole books are for auditors, and for staff of the area those of its places."""
    place = town.places.get(book.removeprefix("desk:"))
    if person.role is not Role.AUDITOR:
        return place is not None and _is_of_area(town, person, place.id)
    return place is not None or book in _OTHERS


_OTHERS = frozenset(f"{kind}:{name}" for kind in ("case", "staff") for name in keys.ALL)


def _is_of_area(town: Town, person: Person, place: str) -> bool:
    in_rooms = person.role in STAFF_IN_ROOMS
    return in_rooms and any(town.places.covers(area, place) for area in person.jurisdiction)


# reading ---------------------------------------------------------------------------------------------


async def _head(town: Town, of: BookKeys) -> AuditHead:
    sealed, head, anchor = await town.store.read("HMGET", of.audit_head, "sealed", "head", "anchor")
    return AuditHead(n=int(sealed or 0), hash=(head or FIRST.encode()).decode(), first=int(anchor or 0) + 1)


async def _newest(town: Town, of: BookKeys, asked: ReadBook) -> tuple[list[tuple[Row, AuditRow]], int]:
    """Rows that are asked for, the newest first, and where to go on, 0 at the beginning of the book."""
    found: list[tuple[Row, AuditRow]] = []
    before, looked_at = asked.before, 0
    while looked_at < MOST_LOOKED_AT:
        end = "+" if before is None else f"({before}-0"
        page = list(rows_of(await town.store.read("XREVRANGE", of.audit, end, "-", "COUNT", BATCH)))
        for row in page:
            deed = _deed(row)
            if deed is not None and (asked.room is None or deed.room in (None, asked.room)):
                found.append((row, deed))
                if len(found) == asked.limit:
                    return found, row.n
        if len(page) < BATCH:
            return found, 0
        before, looked_at = page[-1].n, looked_at + len(page)
    return found, before or 0


def _deed(row: Row) -> AuditRow | None:
    """None for a row that can't be read: `bart audit verify` tells of it, and the others are shown."""
    try:
        return unpacked(row.event)
    except msgspec.DecodeError:
        return None


async def _views(
    town: Town, of: BookKeys, found: Sequence[tuple[Row, AuditRow]], *, with_words: bool
) -> list[AuditView]:
    asked = [row.n for row, deed in found if with_words and deed.digest is not None]
    texts = await town.store.read("HMGET", of.audit_text, *asked) if asked else []
    words = {n: words_of(text) for n, text in zip(asked, texts, strict=True) if text is not None}
    return [_view(row, deed if with_words else _for_neighbours(deed), words.get(row.n)) for row, deed in found]


def _view(row: Row, deed: AuditRow, words: str | None) -> AuditView:
    fields: dict[str, Any] = {name: getattr(deed, name) for name in AuditRow.__struct_fields__}
    return AuditView(n=row.n, at=int(row.at) if row.at.isdigit() else 0, words=words, **fields)


def _for_neighbours(deed: AuditRow) -> AuditRow:
    """That somebody decided, and not on which report what: whoever reported it knows its id, and would know what became
    of a neighbour."""
    if not deed.deed.startswith(("report.", "measure.")) or (deed.target or "").isdigit():
        return deed
    return msgspec.structs.replace(deed, target=None, code=None if deed.deed.startswith("report.") else deed.code)
