"""Reports in the domain's stories: neighbours who report, moderators who decide, and the clock that they have."""

from __future__ import annotations

from typing import Any

import msgpack

from rooms import arrangement, report_due
from rooms.audit_deed import unpacked
from rooms.keys import PersonKeys, RoomKeys
from rooms.store import fields_of
from rooms.town import Town
from tests.rooms.desk_cast import Desk
from tests.rooms.voice import Voice
from tests.town import JAN_LUYKENLAAN, MovedClock

WHY = {"rule": "insult", "facts": "Een buurvrouw wordt uitgescholden."}


async def file(who: Voice, target: int, reason: str = "insult", **more: Any) -> str:
    """Report an entry of the Jan Luykenlaan; the receipt."""
    return str((await who.ask("report.file", target=target, reason=reason, **more))["report"])


async def decide(who: Voice, report: str, decision: str, **more: Any) -> str:
    """Take a report and decide it; the state it comes to."""
    await who.ask("report.take", report=report)
    why = {} if decision == "keep" else WHY
    return str((await who.ask("report.decide", report=report, decision=decision, **{**why, **more}))["state"])


async def inside(desk: Desk, name: str = "Moderator Bakker", room: str = JAN_LUYKENLAAN) -> Voice:
    """A moderator who has come in on a standing arrangement of the municipality."""
    made = await arrangement.make(desk.town, room, "municipality", "Er is veel onrust in de straat.", 3)
    who = await desk.voice(name)
    await who.ask("room.enter", room=room, ground={"kind": "arrangement", "id": made.id})
    return who


async def measure(who: Voice, target: int, name: str, **more: Any) -> dict[str, Any]:
    return await who.ask("measure.take", room=JAN_LUYKENLAAN, target=target, measure=name, **{**WHY, **more})


async def queue(who: Voice) -> list[dict[str, Any]]:
    reports: list[dict[str, Any]] = (await who.ask("report.list"))["reports"]
    return reports


async def notices(who: Voice) -> list[dict[str, Any]]:
    """What waits for somebody until a device has seen it."""
    rows = await who.town.store.read("HVALS", PersonKeys(who.id).notices)
    return sorted((msgpack.unpackb(row) for row in rows if row), key=lambda one: one["at"])


async def forward(town: Town, clock: MovedClock, **by: float) -> int:
    """Turn the clock, and let what is due happen; how many deadlines were."""
    clock.forward(**by)  # type: ignore[arg-type]  # ms alone is whole
    return await report_due.overdue(town, town.clock.now_ms())


async def deeds(town: Town, room: str = JAN_LUYKENLAAN) -> list[str]:
    """What the open book tells, in order."""
    rows = await town.store.read("XRANGE", RoomKeys(room).audit, "-", "+")
    return [unpacked(fields_of(row[1])[b"e"]).deed for row in rows]


async def listed(town: Town, name: str, room: str = JAN_LUYKENLAAN) -> int:
    """How many are `inside`, or how many entries are `reported`, of a room."""
    return int(await town.store.read("HLEN", getattr(RoomKeys(room), name)))


async def events(who: Voice, **asked: Any) -> list[str]:
    """The names of the entries of a page, without the comings of neighbours."""
    return [entry["event"] for entry in await who.page(**asked) if entry["event"] != "member.joined"]
