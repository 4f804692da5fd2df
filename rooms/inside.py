"""Staff who came into a room by themselves: what their grounds are, whether they still hold, and what ends their stay.

A stay ends by the room's own command, with its last ground, and 15 minutes after the last device has gone. Both are
deadlines beside those of the room, so that they end whichever process dies.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable

import msgpack
import msgspec

from rooms import account, case_record, keys
from rooms import report as rules
from rooms import report_record as reports
from rooms.case import OWNED
from rooms.keys import RoomKeys, room_keys
from rooms.person import Person
from rooms.pipeline import Argument
from rooms.report import Report
from rooms.reporting import is_of_a_place
from rooms.shape import Ground
from rooms.town import Town

BY_DEVICE, BY_GROUND = "inside:", "ground:"
STAY_MS = 15 * 60_000
RENEW_EVERY_MS = 10_000
LOOK_MS = 60_000
FOLLOW_EVERY_MS = 500
"""How often grounds are compared with what they stand on: of whom no process holds, and of who is connected. What ends
an arrangement or decides a report ends the stay itself."""
_OF_PARTITION = re.compile(r"p(0[0-9]|1[0-5])\.[a-z0-9]{12}")


class Evidence(msgspec.Struct, frozen=True):
    """Where a ground is written down, so that the script can see whether it still stands so. since: the entry from
    which on one may read."""

    key: str
    field: str
    value: bytes
    since: int


def as_text(ground: Ground) -> str:
    """As members keep it: a case by its id alone."""
    return ground.id if ground.kind == "case" else f"{ground.kind}:{ground.id}"


def as_ground(text: str) -> Ground:
    kind, colon, rest = text.partition(":")
    return msgspec.convert({"kind": kind, "id": rest} if colon else {"kind": "case", "id": text}, Ground)


def covers(town: Town, person: Person, room: str) -> bool:
    """Whether it is a room of neighbours in the own area."""
    known = town.places.room(room)
    if known is None or not is_of_a_place(town, room):
        return False
    return any(town.places.covers(area, known.place) for area in person.jurisdiction)


async def evidence(town: Town, person: Person, room: str, ground: Ground) -> Evidence | None:
    """What lets this person into the room on the ground; None where nothing does. The area is the caller's to ask."""
    return await GROUNDS[ground.kind](town, person, room, ground.id)


async def _case(town: Town, person: Person, room: str, case_id: str) -> Evidence | None:
    """A case that the own organisation has: its owner who went out, or a colleague who helps."""
    (loaded,) = await case_record.load_all(town, [case_id]) if _OF_PARTITION.fullmatch(case_id) else (None,)
    if loaded is None or loaded.case.room != room or loaded.case.private or loaded.case.state not in OWNED:
        return None
    owner = loaded.case.owner
    if owner is None or owner.organisation != person.organisation:
        return None
    seq = await town.store.read("HGET", keys.case(case_id), "seq")
    since = loaded.case.warning or int(seq)
    return Evidence(keys.case(case_id), "version", str(loaded.version).encode(), since)


async def _report(town: Town, person: Person, room: str, report_id: str) -> Evidence | None:
    """A report that this moderator may decide: the own, one that nobody has, or one that waits for a second person whom
    this one asked for."""
    report = await reports.load(town, report_id) if _OF_PARTITION.fullmatch(report_id) else None
    if report is None or report.room != room or not _may_decide(town, person, report):
        return None
    return Evidence(keys.report(report_id), "version", str(report.version).encode(), report.target)


def _may_decide(town: Town, person: Person, report: Report) -> bool:
    if not report.is_open or not rules.judges(person, town.places, report.place.id):
        return False
    if report.state == "seconding" and report.ruling is not None and report.ruling.by.id == person.id:
        return True  # can't second it, and decides anew where the second one says no
    is_mine = report.owner is None or report.owner.id == person.id
    return is_mine and not rules.is_in_conflict(report, person.id)


async def _alert(town: Town, person: Person, room: str, alert_id: str) -> Evidence | None:
    """An alert of the own organisation that is in force there."""
    packed = await town.store.read("HGET", room_keys(room).alerts, alert_id)
    found = msgpack.unpackb(packed) if packed else None
    if found is None or found["by"].get("organisation") != person.organisation:
        return None
    return Evidence(room_keys(room).alerts, alert_id, packed, found["seq"])


async def _arrangement(town: Town, person: Person, room: str, arrangement_id: str) -> Evidence | None:
    packed = await town.store.read("HGET", room_keys(room).arrangements, arrangement_id)
    found = msgpack.unpackb(packed) if packed else None
    if found is None or found["organisation"] != person.organisation or found["until"] <= town.clock.now_ms():
        return None
    return Evidence(room_keys(room).arrangements, arrangement_id, packed, found["seq"])


GROUNDS: dict[str, Callable[[Town, Person, str, str], Awaitable[Evidence | None]]] = {
    "case": _case,
    "report": _report,
    "alert": _alert,
    "arrangement": _arrangement,
}


# what nobody commands --------------------------------------------------------------------------------


async def renew(town: Town, here: Iterable[tuple[Person, str]]) -> None:
    """These staff are connected here, with the room of each: who of them came on a ground may stay."""
    until = town.clock.now_ms() + STAY_MS
    await town.store.read_all(
        ("ZADD", room_keys(room).due, "XX", "GT", until, f"{BY_DEVICE}{person.id}:{room}") for person, room in here
    )


async def put_out(town: Town, person: str, room: str) -> None:
    """The last device has been gone for long."""
    await _run(town, person, room, "")


async def look(town: Town, person: str, room: str) -> None:
    """Take away the grounds that are no more, of whom no process holds a device."""
    known = await account.load(town, person)
    gone = await _ended(town, person, None if known is None else known.person, room)
    await _run(town, person, room, str(town.clock.now_ms() + LOOK_MS), *gone)


async def follow(town: Town, here: Iterable[tuple[Person, str]]) -> int:
    """The same at once, of staff who are connected here, with the room of each; how many stays that ended or changed.

    Whoever lost the right to read is given nothing more within the second.
    """
    changed = 0
    for person, room in here:
        if gone := await _ended(town, person.id, person, room):
            await _run(town, person.id, room, str(town.clock.now_ms() + LOOK_MS), *gone)
            changed += 1
    return changed


async def _ended(town: Town, person_id: str, person: Person | None, room: str) -> list[str]:
    """The grounds of this stay that hold no longer; of who has no account all. None for who came otherwise."""
    packed = await town.store.read("HGET", room_keys(room).inside, person_id)
    grounds = list(msgpack.unpackb(packed)["grounds"]) if packed else []
    return [text for text in grounds if person is None or not await _holds(town, person, room, as_ground(text))]


async def _holds(town: Town, person: Person, room: str, ground: Ground) -> bool:
    return covers(town, person, room) and await evidence(town, person, room, ground) is not None


async def _run(town: Town, person: str, room: str, looks: str, *gone: str) -> None:
    of = room_keys(room)
    arguments: list[Argument] = [town.clock.now_ms(), person, room, keys.book_of(room), looks, *gone]
    await town.store.run("put_out", names(of), arguments)


def names(of: RoomKeys) -> list[str]:
    """The keys of `k` in the scripts that end a stay."""
    return [of.members, of.head, of.read, of.here, of.log, of.feed, of.clock, of.inside, of.due, of.audit,
            of.audit_head]  # fmt: skip
