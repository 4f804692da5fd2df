"""The part of a day in which neighbours report what was said and a moderator comes in: for test_contract_running.py."""

from __future__ import annotations

from typing import Any

from rooms import arrangement
from server.app import Running
from tests.neighbour import Neighbour
from tests.town import JAN_LUYKENLAAN

WHY = {"rule": "insult", "facts": "Een buurman wordt uitgescholden."}


async def judge(server: Running, ada: Neighbour, ben: Neighbour, elsewhere: Neighbour, bakker: Neighbour) -> None:
    """Every measure on an entry and on the room, a report that is decided, one that waits, and an arrangement that is
    withdrawn beside one that stands."""
    here: dict[str, Any] = {"room": JAN_LUYKENLAAN}
    assert (await bakker.prove())["ok"]
    made = [
        await arrangement.make(server.town, JAN_LUYKENLAAN, "municipality", "Er is veel onrust in de straat.", days)
        for days in (1, 7)
    ]
    for one in made:
        await _must(bakker, "room.enter", **here, ground={"kind": "arrangement", "id": one.id})
    target, other = await ben.say(JAN_LUYKENLAAN, "Schurk!"), await ben.say(JAN_LUYKENLAAN, "Grote schurk!")
    for measure in ("hide", "restore", "remove"):
        await _must(bakker, "measure.take", **here, target=target, measure=measure, **WHY)
    await _must(bakker, "measure.lock", **here)
    await _must(bakker, "measure.unlock", **here)
    await _must(bakker, "measure.slow", **here, seconds=5)
    await _must(bakker, "measure.slow", **here, seconds=None)
    report = (await _must(ada, "report.file", **here, target=other, reason="insult"))["report"]
    await bakker.expect("report.changed")
    await _must(bakker, "report.take", report=report)
    await _must(bakker, "report.decide", report=report, decision="warn", **WHY)
    await _must(ben, "report.appeal", report=report, text="Ik bedoelde iemand anders.")
    notice = (await ben.expect("notice.given"))["notice"]
    await _must(ben, "notice.seen", id=notice["id"])
    await elsewhere.expect("notice.closed")
    await arrangement.withdraw(server.town, made[0].id)
    await ada.expect("arrangement.ended")


async def _must(who: Neighbour, name: str, **more: Any) -> dict[str, Any]:
    reply = await who.ask(name, {"client_id": who.next_id(), **more})
    assert reply["ok"], (name, reply)
    return reply
