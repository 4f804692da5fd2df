"""Erasing a person from cases, reports and the open books: what is under way goes on, without them and their words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import msgpack
import msgspec

from rooms import audit_book, audit_deed, case_record, escalation, keys, report, report_record, traces
from rooms.audit_book import rows_of
from rooms.audit_chain import Row
from rooms.case import Case
from rooms.case_record import Loaded
from rooms.erasure_rooms import REASON
from rooms.keys import book_keys, room_keys
from rooms.person import ERASED
from rooms.report import Report, Reporter, Ruling
from rooms.shape import By
from rooms.store import Changed, fields_of
from rooms.town import Town

NOBODY = msgspec.convert(ERASED, By)
T = TypeVar("T")


async def erase(town: Town, person: str, rooms: list[str]) -> None:
    """rooms: those in which the person's entries have been blanked. The books come first: they go by the reports."""
    await _erase_words(town, person, rooms)
    async for reports in _kept(town, keys.kept_reports, report_record.load_all):
        for one in reports:
            if _is_in_report(one, person):
                await _try_again(_change_report, town, one.id, person)
    async for cases in _kept(town, keys.kept_cases, case_record.load_all):
        for loaded in cases:
            if _is_in_case(loaded.case, person):
                await _try_again(_change_case, town, loaded.case.id, person)


async def _kept(
    town: Town, listed: Callable[[str], str], load: Callable[[Town, list[str]], Awaitable[list[T | None]]]
) -> AsyncIterator[list[T]]:
    """Every record that there is, portion by portion."""
    ids = [one for _, one in await traces.members(town, [listed(name) for name in traces.PARTITIONS])]
    for some in traces.portions(ids):
        yield [one for one in await load(town, list(some)) if one is not None]


async def _try_again(change: Callable[[Town, str, str], Awaitable[None]], town: Town, record: str, person: str) -> None:
    while True:
        try:
            return await change(town, record, person)
        except Changed:
            continue  # somebody moved it meanwhile: look again


# cases -----------------------------------------------------------------------------------------------


def _is_in_case(case: Case, person: str) -> bool:
    return person == case.person or person in case.joined


async def _change_case(town: Town, case_id: str, person: str) -> None:
    loaded = await case_record.load(town, case_id)
    if loaded is not None and _is_in_case(loaded.case, person):
        await case_record.pass_on(town, loaded, _step(loaded, person), town.clock.now_ms())


def _step(loaded: Loaded, person: str) -> escalation.Step:
    """Nobody is called or sent away by it; the next move of the case tells the rest."""
    case = loaded.case
    case = msgspec.structs.replace(case, joined=tuple(NOBODY.id if one == person else one for one in case.joined))
    if case.person == person:
        case = msgspec.structs.replace(case, person=NOBODY.id, asker=NOBODY, text="")
    return escalation.Step(case=case, events=(), paged=(), withdrawn=(), entered=None, left=None)


# reports ---------------------------------------------------------------------------------------------


def _is_in_report(one: Report, person: str) -> bool:
    return one.author.id == person or any(reporter.person == person for reporter in one.reporters)


async def _change_report(town: Town, report_id: str, person: str) -> None:
    before = await report_record.load(town, report_id)
    if before is not None and _is_in_report(before, person):
        await report_record.pass_on(town, before, report.Step(report=_without(before, person)), town.clock.now_ms())


def _without(one: Report, person: str) -> Report:
    """Three who reported stay three; what was decided stays, and the facts about its author go."""
    reporters = tuple(
        Reporter(NOBODY.id, reporter.reason) if reporter.person == person else reporter for reporter in one.reporters
    )
    one = msgspec.structs.replace(one, reporters=reporters)
    if one.author.id != person:
        return one
    ruling, stands = _without_facts(one.ruling), _without_facts(one.stands)
    return msgspec.structs.replace(one, author=NOBODY, appeal="", ruling=ruling, stands=stands)


def _without_facts(ruling: Ruling | None) -> Ruling | None:
    return None if ruling is None else msgspec.structs.replace(ruling, facts=None)


# the open books --------------------------------------------------------------------------------------


async def _erase_words(town: Town, person: str, rooms: list[str]) -> None:
    """The rows about somebody stay, sealed as they are; the words beside them, which alone say who it was, go."""
    about: set[str] = set()
    async for reports in _kept(town, keys.kept_reports, report_record.load_all):
        about |= {one.id for one in reports if one.author.id in (person, NOBODY.id)}
    for book in sorted({keys.book_of(room) for room in rooms}):
        if gone := [n async for n in _rows_about(town, book, person, about)]:
            await audit_book.erase_words(town.store, book, gone)


async def _rows_about(town: Town, book: str, person: str, reports: set[str]) -> AsyncIterator[int]:
    of = book_keys(book)
    words = {int(n): text for n, text in fields_of(await town.store.read("HGETALL", of.audit_text)).items()}
    for some in traces.portions(sorted(words)):
        found = await town.store.read_all(("XRANGE", of.audit, f"{n}-0", f"{n}-0") for n in some)
        for row in [row for rows in found for row in rows_of(rows)]:
            said = audit_deed.words_of(words[row.n])
            if person in said or await _is_about(town, row, reports):
                yield row.n


async def _is_about(town: Town, row: Row, reports: set[str]) -> bool:
    """Whether it is about one of these reports, or about an entry that has been blanked for this reason."""
    try:
        deed = audit_deed.unpacked(row.event)
    except msgspec.DecodeError:  # `bart audit verify` tells of it
        return False
    target = deed.target or ""
    if deed.room is None or not target.isdecimal():
        return target in reports
    mark = await town.store.read("HGET", room_keys(deed.room).blank, target)
    return mark is not None and bool(msgpack.unpackb(mark)["reason"] == REASON)
