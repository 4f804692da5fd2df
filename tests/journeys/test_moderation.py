"""Watching and moderating: neighbours report, moderators decide, another one looks again; and who reads what."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import aiohttp
import pytest

from rooms import arrangement, log
from rooms.command import COMMANDS
from rooms.event import Entry
from server.app import Running
from tests import contract as fits
from tests.conftest import Join, settled
from tests.journeys.duty import Colleague, call, colleague
from tests.neighbour import Neighbour
from tests.rooms.report_cast import WHY
from tests.test_contract import PYTHON, ROUTE
from tests.town import JAN_LUYKENLAAN, MOERWIJK_WEST, MovedClock

__all__ = ["colleague"]
REASON = "Er is veel onrust in de straat."
SECRET = "schurkenstreek"
DANGER = {"kind": "burglary", "text": f"Inbraak, een {SECRET}!", "emergency": "called"}
GROUPS = {"message.posted", "message.edited", "message.reacted"}
"""Entries that a measure against a person or a room must stop."""


@pytest.fixture
def settings() -> dict[str, Any]:
    """Nobody is slowed down: what is refused is refused for its right alone, and a load is one."""
    names = ("talk", "touch", "outside", "read", "report", "warning", "danger")
    return {f"limit_{name}": "100000/1" for name in names}


async def ask(who: Neighbour, name: str, **payload: Any) -> dict[str, Any]:
    """A command that must be carried out."""
    if "client_id" in COMMANDS[name].payload.__struct_fields__:
        payload.setdefault("client_id", who.next_id())
    reply = await who.ask(name, payload)
    assert reply["ok"], (name, reply)
    fits.check_reply(name, reply)
    return reply


async def enter(server: Running, who: Neighbour, room: str = JAN_LUYKENLAAN) -> str:
    """Come in on a new arrangement of the municipality; its id."""
    made = await arrangement.make(server.town, room, "municipality", REASON, 7)
    await ask(who, "room.enter", room=room, ground={"kind": "arrangement", "id": made.id})
    await who.expect("room.opened")
    return made.id


async def notice(who: Neighbour, kind: str) -> dict[str, Any]:
    """Wait for a notice of this kind."""
    while True:
        found: dict[str, Any] = (await who.expect("notice.given"))["notice"]
        if found["kind"] == kind:
            return found


# the whole way ---------------------------------------------------------------------------------------


async def test_a_report_is_decided_and_looked_at_again(server: Running, join: Join, colleague: Colleague) -> None:
    """Ben reports, Bakker decides, Ada asks for another look, Visser takes it back; each hears what is theirs."""
    ada, ben = await join("Ada"), await join("Ben")
    bakker, visser = await colleague("Moderator Bakker"), await colleague("Moderator Visser")
    target = await ada.say(JAN_LUYKENLAAN, f"Wat een {SECRET}!")
    report = (await ask(ben, "report.file", room=JAN_LUYKENLAAN, target=target, reason="insult"))["report"]
    queued = (await bakker.expect("report.changed"))["report"]
    assert (queued["report"], queued["state"]) == (report, "waiting")
    await ask(bakker, "report.take", report=report)
    await ask(bakker, "room.enter", room=JAN_LUYKENLAAN, ground={"kind": "report", "id": report})
    await ada.expect("staff.entered", ground={"kind": "report", "id": report})
    opened = await bakker.expect("room.opened")
    assert next(entry["seq"] for entry in await bakker.pull(opened["room"]["id"], 0)) == target
    decided = {"decision": "mute", "entry": "hide", "minutes": 60, **WHY}
    await ask(bakker, "report.decide", report=report, **decided)
    statement = await notice(ada, "decided")
    assert (statement["decision"], statement["entry"], statement["facts"]) == ("mute", "hide", WHY["facts"])
    assert (await notice(ben, "answered"))["acted"] is True
    await bakker.expect("room.closed", room=JAN_LUYKENLAAN)
    await ada.refused("muted", "message.post", _said(ada))
    await ask(ada, "report.appeal", report=report, text="Ik bedoelde het bedrijf.")
    again = await visser.expect("report.changed", report=await _as_listed(visser, report))
    assert (again["report"]["state"], again["report"]["appealed"]) == ("appealed", True)
    await ask(visser, "report.take", report=report)
    await ask(visser, "report.decide", report=report, decision="keep")
    assert (await notice(ada, "appeal_decided"))["decision"] == "keep"
    await ben.expect("entry.restored", target=target)
    await ada.say(JAN_LUYKENLAAN, "Dank u wel.")


async def _as_listed(who: Neighbour, report: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = (await who.ask("report.list", {}))["reports"]
    return next(one for one in found if one["report"] == report)


def _said(who: Neighbour, text: str = "Toch!") -> dict[str, Any]:
    return {"room": JAN_LUYKENLAAN, "client_id": who.next_id(), "text": text}


async def test_a_notice_waits_until_a_device_has_seen_it(server: Running, join: Join, colleague: Colleague) -> None:
    """Who was away finds it in the welcome, each time, until one device says that it was seen; then none shows it."""
    ada = await join("Ada")
    bakker = await colleague("Moderator Bakker")
    target = await ada.say(JAN_LUYKENLAAN, f"Wat een {SECRET}!")
    await enter(server, bakker)
    await ada.client.disconnect()
    await ask(bakker, "measure.take", room=JAN_LUYKENLAAN, target=target, measure="warn", **WHY)
    for _ in range(2):
        await ada.connect()
        (found,) = ada.welcome["notices"]
        assert found["decision"] == "warn"
    other = await ada.other_device()
    assert other.welcome["notices"] == ada.welcome["notices"]
    await ask(ada, "notice.seen", id=found["id"])
    assert (await other.expect("notice.closed"))["id"] == found["id"]
    assert "notices" not in (await ada.connect()).welcome


async def test_everybody_there_finds_a_hidden_entry_hidden(server: Running, join: Join, colleague: Colleague) -> None:
    """In pages, and by who resumes; and what was said before the hiding is in no page of theirs."""
    ada, ben = await join("Ada"), await join("Ben")
    bakker = await colleague("Moderator Bakker")
    held = ben.cursors()
    target = await ada.say(JAN_LUYKENLAAN, f"Wat een {SECRET}!")
    await enter(server, bakker)
    await ask(bakker, "measure.take", room=JAN_LUYKENLAAN, target=target, measure="hide", **WHY)
    await ben.expect("entry.hidden", target=target)
    await ben.connect(held)
    marker = await ben.expect("entry.blanked")
    assert (marker["seq"], marker["data"]["reason"]) == (target, "hidden")
    assert SECRET not in json.dumps(await ben.pull(JAN_LUYKENLAAN, 0))


# losing a right --------------------------------------------------------------------------------------


async def test_an_arrangement_that_is_withdrawn_ends_reading(server: Running, join: Join, colleague: Colleague) -> None:
    """Within a second, on every device: the room closes, and nothing that is said after that is given."""
    ada, bakker = await join("Ada"), await colleague("Moderator Bakker")
    arranged = await enter(server, bakker)
    tablet = await bakker.other_device()
    await ada.say(JAN_LUYKENLAAN, "Voor iedereen")
    for device in (bakker, tablet):
        await device.expect("message.posted", text="Voor iedereen")
    async with asyncio.timeout(1):
        await arrangement.withdraw(server.town, arranged)
        for device in (bakker, tablet):
            await device.expect("room.closed", room=JAN_LUYKENLAAN)
    await ada.say(JAN_LUYKENLAAN, "Onder ons")
    for device in (bakker, tablet):
        await device.expect_nothing("message.posted", text="Onder ons")
        await device.refused("not_found", "room.history", {"room": JAN_LUYKENLAAN})
    assert JAN_LUYKENLAAN not in {room["id"] for room in (await bakker.connect()).welcome["rooms"]}


async def test_who_comes_back_is_still_inside(server: Running, join: Join, colleague: Colleague) -> None:
    """A connection that was lost ends no stay; a quarter of an hour without any does."""
    ada, bakker = await join("Ada"), await colleague("Moderator Bakker")
    await enter(server, bakker)
    await bakker.connect()
    info = bakker.room(JAN_LUYKENLAAN)
    assert info["arrangements"][0]["reason"] == REASON
    await ada.say(JAN_LUYKENLAAN, "Welkom terug")
    await bakker.expect("message.posted", text="Welkom terug")


async def test_the_last_device_gone_ends_a_stay(
    server: Running, join: Join, colleague: Colleague, clock: MovedClock
) -> None:
    """The room sees them go; who is connected stays."""
    ada = await join("Ada")
    bakker, visser = await colleague("Moderator Bakker"), await colleague("Moderator Visser")
    for who in (bakker, visser):
        await enter(server, who)
    await visser.client.disconnect()
    await settled(server)
    for _ in range(16):
        clock.forward(minutes=1)
        await server.sweeps.keep_inside()
        await server.sweeps.step_reports()
    left = await ada.expect("staff.left")
    assert left["data"]["person"]["id"] == visser.id
    await ada.expect_nothing("staff.left")
    await ask(bakker, "room.history", room=JAN_LUYKENLAAN)


# under load ------------------------------------------------------------------------------------------


@asynccontextmanager
async def _talking(people: list[Neighbour], target: int) -> AsyncIterator[None]:
    """Everybody talks and reacts without pause, whatever they are answered, until what they have under way is answered.

    Nobody is cancelled: Python 3.11's wait_for, under the client's call, loses a cancellation that meets its answer.
    """
    over = False

    async def talk(who: Neighbour) -> None:
        for number in count():
            if over:
                return
            said = {"room": JAN_LUYKENLAAN, "client_id": who.next_id()}
            if number % 3 == 2:
                await who.ask("message.react", {**said, "target": target, "reaction": "heart"})
            else:
                await who.ask("message.post", {**said, "text": f"{who.name} {number}"})

    under_way = [asyncio.create_task(talk(who)) for who in people]
    try:
        yield
    finally:
        over = True
        await asyncio.gather(*under_way)


async def _log(server: Running) -> list[Entry]:
    head = (await log.heads(server.town.store, [JAN_LUYKENLAAN]))[JAN_LUYKENLAAN]
    return await log.between(server.town.store, JAN_LUYKENLAAN, 1, head.seq)


async def _said_by(server: Running, people: list[Neighbour], after: int) -> list[int]:
    ids = {who.id for who in people}
    return [one.seq for one in await _log(server) if one.seq > after and one.by["id"] in ids and one.name in GROUPS]


async def _until_said(server: Running, who: Neighbour, more: int) -> None:
    """Wait until somebody's load is on its way."""
    while len(await _said_by(server, [who], 0)) < more:  # noqa: ASYNC110 - the log tells nobody
        await asyncio.sleep(0.002)


async def test_a_mute_under_load_is_the_end(server: Running, join: Join, colleague: Colleague) -> None:
    """No entry of the person lies behind the moment of the measure; the others go on, and help can be called."""
    people = [await join(name) for name in ("Ada", "Ben", "Cor")]
    ada, ben, _ = people
    bakker = await colleague("Moderator Bakker")
    target = await ada.say(JAN_LUYKENLAAN, f"Wat een {SECRET}!")
    await enter(server, bakker)
    async with _talking(people, target):
        await _until_said(server, ada, 20)
        muted = await ask(bakker, "measure.take", room=JAN_LUYKENLAAN, target=target, measure="mute", minutes=60, **WHY)
        await _until_said(server, ben, len(await _said_by(server, [ben], 0)) + 20)
    assert await _said_by(server, [ada], muted["seq"]) == []
    assert len(await _said_by(server, [ben], muted["seq"])) >= 20
    await ask(ada, "warning.raise", room=JAN_LUYKENLAAN, **DANGER)
    await call(ada)


async def test_a_lock_under_load_is_the_end(server: Running, join: Join, colleague: Colleague) -> None:
    """Behind the entry of the lock there is no word of a resident, until it is opened."""
    people = [await join(name) for name in ("Ada", "Ben", "Cor")]
    bakker = await colleague("Moderator Bakker")
    target = await people[0].say(JAN_LUYKENLAAN, "Hallo")
    await enter(server, bakker)
    async with _talking(people, target):
        await _until_said(server, people[0], 20)
        locked = (await ask(bakker, "measure.lock", room=JAN_LUYKENLAAN))["seq"]
        for number in range(20):
            await bakker.say(JAN_LUYKENLAAN, f"Even rust, {number}")
    assert await _said_by(server, people, locked) == []
    (entry,) = [one for one in await _log(server) if one.seq == locked]
    assert entry.name == "room.locked"
    await ask(bakker, "measure.unlock", room=JAN_LUYKENLAAN)
    await people[0].say(JAN_LUYKENLAAN, "Daar zijn we weer")


async def test_an_expulsion_under_load_is_the_end(server: Running, join: Join, colleague: Colleague) -> None:
    """Nothing of the person behind the entry of the expulsion, and nothing given to them after it."""
    people = [await join(name) for name in ("Ada", "Ben", "Cor")]
    ada, ben, _ = people
    bakker, visser = await colleague("Moderator Bakker"), await colleague("Moderator Visser")
    target = await ada.say(JAN_LUYKENLAAN, f"Wat een {SECRET}!")
    await enter(server, bakker)
    async with _talking(people, target):
        await _until_said(server, ada, 20)
        asked = await ask(bakker, "measure.take", room=JAN_LUYKENLAAN, target=target, measure="expel", **WHY)
        await ask(visser, "report.second", report=asked["report"], agree=True)
        await _until_said(server, ben, len(await _said_by(server, [ben], 0)) + 20)
    (gone,) = [one.seq for one in await _log(server) if one.name == "member.left"]
    assert await _said_by(server, [ada], gone) == []
    await settled(server)
    await ada.expect("room.closed", room=JAN_LUYKENLAAN)
    assert max(ada.seqs(JAN_LUYKENLAAN)) == gone
    assert MOERWIJK_WEST in {room["id"] for room in (await ada.connect()).welcome["rooms"]}


# without a ground ------------------------------------------------------------------------------------


class Said:
    """What neighbours said in the Jan Luykenlaan, each with a word that nobody else may read, and the ids of it."""

    def __init__(self, **ids: Any) -> None:
        self.ids = ids

    @classmethod
    async def by(cls, ada: Neighbour, ben: Neighbour) -> Said:
        message = await ada.say(JAN_LUYKENLAAN, f"Wat een {SECRET}!")
        edit = {"room": JAN_LUYKENLAAN, "client_id": ada.next_id(), "target": message, "text": f"Wat een {SECRET}!!"}
        await ada.ask("message.edit", edit)
        warning = (await ask(ada, "warning.raise", room=JAN_LUYKENLAAN, **DANGER))["seq"]
        await call(ada, text=f"Kom snel, een {SECRET}!", warning=warning)
        private = (await call(ada, text=f"Kom snel, een {SECRET}!", private=True))["case"]
        await ada.say(f"case:{private}", f"Het is een {SECRET}.")
        report = (await ask(ben, "report.file", room=JAN_LUYKENLAAN, target=message, reason="insult"))["report"]
        return cls(room=JAN_LUYKENLAAN, target=message, case=private, report=report, message=message, warning=warning)


def _asked(command: str, who: Neighbour, said: Said, room: str) -> dict[str, Any]:
    """The example of the table, meant for what was said."""
    more = {**said.ids, "room": room, "client_id": who.next_id(), "seq": said.ids["target"], "after": 0}
    example = COMMANDS[command].example
    return {
        name: more.get(name, value) if name != "warning" else said.ids["warning"] for name, value in example.items()
    }


def _everything(said: Said) -> Iterator[tuple[str, str]]:
    for command in sorted(COMMANDS):
        for room in (JAN_LUYKENLAAN, MOERWIJK_WEST, f"case:{said.ids['case']}"):
            yield command, room


@pytest.mark.parametrize("name", ["Moderator Bakker", "Moderator Politie", "Officer Vega"])
async def test_without_a_ground_nothing_is_read(server: Running, join: Join, colleague: Colleague, name: str) -> None:
    """Through any command, any event or any route: not a word of what neighbours said reaches staff who are on duty and
    in no room of it."""
    ada, ben = await join("Ada"), await join("Ben")
    who = await colleague(name, duty=name == "Moderator Bakker")  # who is on duty for the case may take it
    said = await Said.by(ada, ben)
    assert SECRET in json.dumps(await ben.pull(JAN_LUYKENLAAN, 0)), "there is something to be read"
    for command, room in _everything(said):
        if command.startswith("session.end"):
            continue
        reply = await who.ask(command, _asked(command, who, said, room))
        assert SECRET not in json.dumps(reply), (command, room)
    await settled(server)
    await who.connect()
    assert SECRET not in json.dumps(who.events), [event for event, _ in who.events]
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {who.token}"}) as http:
        for path in _routes():
            for method in ("GET", "POST"):
                async with http.request(method, server.url + path, json={} if method == "POST" else None) as answer:
                    assert SECRET.encode() not in await answer.read(), (method, path)


def _routes() -> list[str]:
    """Every path that the sources serve, the ends of sessions aside, with an id for what takes one."""
    found = {path for file in PYTHON for path in ROUTE.findall(file.read_text())}
    found |= {re.sub(r"\{\w+\}", "nergens", path) for path in ("/", "/alerts/{id}.xml", "/alerts.atom")}
    return sorted(path for path in found if "sign-out" not in path and path != "/api/password")
