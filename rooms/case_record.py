"""Cases in the store: read, opened, moved. What a move tells whom is put together here; the scripts only write it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgpack
import msgspec

from rooms import audit_deed, case_audit, event, keys
from rooms.call import Call
from rooms.case import Case, page, view
from rooms.case_event import CaseChanged, StaffEntered, StaffLeft
from rooms.escalation import Step
from rooms.keys import room_keys
from rooms.person import SYSTEM
from rooms.pipeline import Argument
from rooms.room import case_room_id
from rooms.shape import By, CaseView, Ground
from rooms.store import HandedIn
from rooms.town import Town

DUE = "escalation:"
FIRST_DIGITS = 16  # of the seq of its first entry, before the view of a case in its room


class Loaded(msgspec.Struct, frozen=True):
    """A case as it stood at this version."""

    case: Case
    version: int


class Unreadable(Exception):  # noqa: N818 - what was found, not what was done wrong
    """A record whose body does not decode: damaged, or of a version to come. It is left as it is; args: the case."""


class Told(msgspec.Struct, frozen=True):
    """Who a move is told as. by: the author of its first entry, client_id and text: of it too; reply: what the command
    is answered."""

    by: dict[str, Any] = msgspec.field(default_factory=lambda: SYSTEM)
    client_id: str | None = None
    reply: dict[str, Any] = msgspec.field(default_factory=dict)
    text: str | None = None


async def load(town: Town, case_id: str) -> Loaded | None:
    """None where there is none. Raises Unreadable."""
    (found,) = await look_at(town, [case_id])
    if isinstance(found, Unreadable):
        raise found
    return found


async def load_all(town: Town, case_ids: Iterable[str]) -> list[Loaded | None]:
    """Several, in one turn; None for what there is not, or can't be read."""
    return [found if isinstance(found, Loaded) else None for found in await look_at(town, case_ids)]


async def look_at(town: Town, case_ids: Iterable[str]) -> list[Loaded | Unreadable | None]:
    """Several, in one turn; one that can't be read hides none of the others. None for what there is not."""
    asked = list(case_ids)
    rows = await town.store.read_all(("HMGET", keys.case(case_id), "version", "body") for case_id in asked)
    return [_loaded(case_id, *row) for case_id, row in zip(asked, rows, strict=True)]


def _loaded(case_id: str, version: bytes | None, body: bytes | None) -> Loaded | Unreadable | None:
    if version is None:
        return None
    try:
        case = msgspec.msgpack.decode(body or b"", type=Case)
    except msgspec.DecodeError:
        return Unreadable(case_id)
    return Loaded(msgspec.structs.replace(case, version=int(version)), int(version))


async def in_town(town: Town) -> list[Loaded]:
    """Every case that waits or is owned; those that can't be read are passed over, and told of where they are due."""
    return await those_open(town, await open_ids(town))


def open_ids(town: Town) -> HandedIn[list[Any]]:
    """Ask every partition which cases are open; handed in at once."""
    names = [name for name in keys.ALL if name != keys.TOWN]
    return town.store.begin_all(("ZRANGE", keys.open_cases(name), 0, -1) for name in names)


async def those_open(town: Town, rows: Iterable[Iterable[bytes]]) -> list[Loaded]:
    """The cases of what `open_ids` found, as far as they are still open."""
    found = await load_all(town, [case_id.decode() for row in rows for case_id in row])
    return [one for one in found if one is not None and one.case.is_open]


async def private_rooms(town: Town) -> list[str]:
    """The rooms of private cases; no place has them."""
    return [case_room_id(case_id) for _, case_id in await _kept(town, "+inf")]


async def forget(town: Town, before_ms: int) -> int:
    """Delete the cases raised before that nothing can happen to any longer, their own rooms with them; how many."""
    raised = await _kept(town, before_ms)
    gone = 0
    for (partition, case_id), found in zip(raised, await look_at(town, [one for _, one in raised]), strict=True):
        if found is None or (isinstance(found, Loaded) and found.case.is_final):
            own = room_keys(case_room_id(case_id))
            room = [own.log, own.head, own.members, own.left, own.blank, own.edits, own.read, own.here, own.cases,
                    own.warning, own.in_force, own.warned, own.answers, own.given, own.correction,
                    own.owed, own.noted]  # fmt: skip
            await town.store.read("DEL", keys.case(case_id), *room)
            await town.store.read("ZREM", keys.kept_cases(partition), case_id)
            gone += 1
    return gone


async def _kept(town: Town, until: int | str) -> list[tuple[str, str]]:
    """(partition, case) of every case raised until then."""
    names = [name for name in keys.ALL if name != keys.TOWN]
    rows = await town.store.read_all(("ZRANGE", keys.kept_cases(name), "-inf", until, "BYSCORE") for name in names)
    return [(name, case_id.decode()) for name, row in zip(names, rows, strict=True) for case_id in row]


async def views(town: Town, room: str) -> list[CaseView]:
    """The cases of a room that are not over, as its members see them; without those that can't be read."""
    rows = await town.store.read("HVALS", room_keys(room).cases)
    return [seen for row in rows if (seen := _seen(row)) is not None]


def _seen(row: bytes) -> CaseView | None:
    try:
        return msgspec.msgpack.decode(row[FIRST_DIGITS:], type=CaseView)
    except msgspec.DecodeError:
        return None


# writing ---------------------------------------------------------------------------------------------


async def open_case(town: Town, call: Call[Any], room: str, step: Step, told: Told) -> dict[str, Any]:
    """Store a new case with its deadline, all or nothing; returns the reply: {seq} of its first entry, {case} its id.

    Where another copy of the command was first, the reply names the case of that one.

    room: where it was asked, of which the asker must be a member.  Raises Changed where the same warning has a case by
    now, Refusal: not_found, stale, client_id_reused, unavailable.
    """
    case, asked_in = step.case, room_keys(room)
    device, counter = call.numbered(call.payload.client_id)
    names = [
        *asked_in.done(call.person.id, device), asked_in.members,
        keys.asked(asked_in.partition, call.person.id), keys.kept_cases(asked_in.partition), *_names(case),
    ]  # fmt: skip
    change = _change(None, step, told)
    arguments: list[Argument] = [call.now_ms, call.person.id, room, counter, call.digest, change]
    (answer,) = await town.store.run("open_case", names, arguments)
    return answer if isinstance(answer, dict) else {"seq": answer, "case": case.id}


async def move(
    town: Town,
    call: Call[Any],
    loaded: Loaded,
    step: Step,
    told: Told,
    *,
    is_limited: bool = True,
    by_neighbour: bool = False,
) -> dict[str, Any]:
    """Commit a move by a command; returns the reply.

    is_limited: whether it spends the limit; a call for help never does.  by_neighbour: whether it takes a member of the
    room.
    Raises Changed where the case is of another version by now, Refusal: stale, client_id_reused, too_fast, unavailable.
    """
    case, person = step.case, call.person.id
    partition = keys.partition_of_case(case.id)
    device, counter = call.numbered(call.payload.client_id)
    spend = town.policy.limits["touch"]
    names = [*keys.done(partition, person, device), keys.bucket(partition, "touch", person), *_names(case)]
    arguments: list[Argument] = [
        call.now_ms, case.id, counter, call.digest, spend.burst if is_limited else 0, spend.every_ms, loaded.version,
        person if by_neighbour else "", _change(loaded.case, step, told),
    ]  # fmt: skip
    (answer,) = await town.store.run("step_case", names, arguments)
    if isinstance(answer, dict):
        return answer
    return {**told.reply, **({"seq": answer} if "seq" in told.reply else {})}


async def pass_on(town: Town, loaded: Loaded, step: Step, now_ms: int) -> None:
    """Commit a move by the clock, by duty or by a sign of life. Raises Changed, or Refusal("unavailable")."""
    arguments: list[Argument] = [now_ms, loaded.version, _change(loaded.case, step, Told())]
    await town.store.run("pass_case", _names(step.case), arguments)


def _names(case: Case) -> list[str]:
    """The keys of `k` in the scripts; those of the room are of the room in which the case is talked about."""
    of = room_keys(case.room)
    listed_in = [keys.case(case.id), keys.open_cases(of.partition), keys.due(of.partition)]
    room = [of.cases, of.called, of.head, of.members, of.log, of.feed, of.clock, of.read, of.here, of.fleeting]
    return [*listed_in, *room, keys.rechecks(of.partition), of.audit, of.audit_head]


def called(case: Case) -> str:
    """What must be open once only: the same warning and organisation, in the room. '' where it may be many times."""
    return "" if case.private or case.warning is None else f"{case.warning}:{case.to}"


def _change(before: Case | None, step: Step, told: Told) -> bytes:
    """All that a script writes and tells; text of Lua, so without the difference between bytes and text."""
    case = msgspec.structs.replace(step.case, version=before.version + 1 if before else 1)
    step = msgspec.structs.replace(step, case=case)
    return bytes(
        msgpack.packb(
            {
                "id": case.id,
                "room": case.room,
                "since": case.since,
                "from": 0 if case.private else case.warning or 0,
                "body": msgspec.msgpack.encode(case),
                "due": case.due_at or 0,
                "open": case.is_open,
                "view": b"" if case.is_final else msgspec.msgpack.encode(view(case)),
                "called": called(case),
                "was_called": called(before) if before else "",
                "entries": list(_entries(case, step, told)),
                "enters": _enters(before, step),
                "leaves": _leaves(step),
                "tells": _tells(before, step),
                "desks": _desks(before, case),
                "aside": _aside(before, step),
                "reply": told.reply,
                "book": keys.book_of(case.room),
                "audit": list(map(audit_deed.packed, case_audit.rows(before, step, told.by["id"]))),
            },
            use_bin_type=False,
        )
    )


def _entries(case: Case, step: Step, told: Told) -> Iterable[bytes]:
    """The first is by who did it; what follows from it by itself is by nobody."""
    whole = view(case)
    for number, name in enumerate(step.events):
        first = number == 0
        data = CaseChanged(whole, told.client_id, told.text) if first else CaseChanged(whole)
        yield event.packed(name, told.by if first else SYSTEM, data)


def _enters(before: Case | None, step: Step) -> list[list[str | bytes]]:
    """Who becomes a member: the asker of a private case, without a word; staff with one."""
    rows: list[list[str | bytes]] = []
    if before is None and step.case.private:
        rows.append([step.case.person, "resident", b""])
    if step.entered is not None:
        data = StaffEntered(step.entered, Ground("case", step.case.id))
        rows.append([step.entered.id, step.entered.role, event.packed("staff.entered", _author(step.entered), data)])
    return rows


def _leaves(step: Step) -> list[list[str | bytes]]:
    if step.left is None:
        return []
    data = StaffLeft(step.left, Ground("case", step.case.id))
    return [[step.left.id, event.packed("staff.left", _author(step.left), data)]]


def _author(by: By) -> dict[str, Any]:
    author: dict[str, Any] = msgspec.to_builtins(by)
    return author


def _tells(before: Case | None, step: Step) -> list[list[str | bytes]]:
    """Pages, their end, and the asker's own room of a private case."""
    case = step.case
    rows: list[list[str | bytes]] = []
    if before is None and case.private:
        rows.append([case.person, event.packed_signal("room.opened", {"room": case.room})])
    rows += [[person, _page(case, person)] for person in step.paged]
    withdrawn = event.packed_signal("page.withdrawn", {"case": case.id})
    rows += [[person, withdrawn] for person in step.withdrawn]
    return rows


def _page(case: Case, person: str) -> bytes:
    return event.packed_signal("escalation.paged", {"case": msgspec.to_builtins(page(case, person))})


def _desks(before: Case | None, case: Case) -> list[list[str | bytes]]:
    """The case as a page, to the staff of every organisation that it concerns or concerned: those of the area, and
    those whom the call has reached wherever they are, or who had it."""
    if before is not None and _looks_the_same(before, case, page):
        return []
    concerned = case.organisations | (before.organisations if before else frozenset())
    had_it = {one.owner.id for one in (before, case) if one is not None and one.owner is not None}
    also = sorted({*case.reached} | had_it)
    told = event.packed_signal("case.changed", {"case": msgspec.to_builtins(page(case))}, also)
    return [[organisation, told] for organisation in sorted(concerned)]


def _looks_the_same(before: Case, case: Case, seen_as: Callable[[Case], CaseView]) -> bool:
    """The version aside, which rises with every move, whether or not there is anything to see."""
    return seen_as(before) == seen_as(msgspec.structs.replace(case, version=before.version))


def _aside(before: Case | None, step: Step) -> bytes:
    """What changed for the room without an entry: a deadline that starts anew, how many have seen it. Without a word of
    what was said: nothing of it stays behind among the signals. Who the asker was is said where it changed: they were
    erased, and devices would keep what they hold."""
    case = step.case
    if step.events or before is None or _looks_the_same(before, case, view):
        return b""
    is_same = before.asker == case.asker
    told = page(case) if is_same else msgspec.structs.replace(page(case), asker=case.asker, text=case.text)
    return event.packed_signal("case.changed", {"case": msgspec.to_builtins(told)})
