"""The activity board, through real sockets: what happens in the jurisdiction is seen, and not a word is read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rooms import account
from rooms.activity import HOUR, MINUTE_MS
from rooms.person import Role
from server.app import Running, running
from server.settings import Settings
from tests.conftest import CODE_KEY, Join, settled
from tests.journeys.duty import Colleague, call, colleague, done
from tests.journeys.screen import Screen
from tests.neighbour import Neighbour
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST, MovedClock

__all__ = ["colleague"]
SECRET = "Niemand leest dit mee"
ELSEWHERE = "Officer Yilmaz"  # of Leidschenveen-Ypenburg


@pytest.fixture
def settings() -> dict[str, Any]:
    """Neighbours may talk as much as they like."""
    return {"limit_talk": "1000/1"}


@pytest.fixture
async def other(server: Running, tmp_path: Path, clock: MovedClock) -> AsyncIterator[Running]:
    """A second server of the same town."""
    given: dict[str, Any] = {"port": 0, "redis": server.ground.settings.redis, "data": str(tmp_path / "other"),
                             "code_key": CODE_KEY.hex(), "drain_s": 1}  # fmt: skip
    async with running(Settings(**given), clock=clock) as other:
        yield other


async def _at(server: Running, who: Neighbour) -> Neighbour:
    """The same person, connected to that server instead."""
    await who.client.disconnect()
    who.url = server.url
    return await who.connect()


async def test_an_hour_of_talk_is_seen_from_the_other_server(
    server: Running, other: Running, join: Join, colleague: Colleague, clock: MovedClock
) -> None:
    """After sixty minutes the board of a server at which nobody talks has every minute right, and so has one that is
    opened then."""
    clock.forward(ms=MINUTE_MS - clock.now_ms() % MINUTE_MS)
    ada, vega = await join("Ada"), await _at(other, await colleague("Officer Vega"))
    screen = await Screen(vega).watch()
    said: list[int] = []
    for minute in range(HOUR + 5):
        clock.forward(minutes=1)
        for _ in range(minute % 3):
            said.append(clock.now_ms() // MINUTE_MS)
            await ada.say(JAN_LUYKENLAAN, SECRET)
        if minute % 7 == 0:
            await settled(other)
            await other.board.tell()
    await settled(other)
    await other.board.tell()
    await vega.ask("connection.check", {})
    screen.follow()
    now = clock.now_ms()
    expected = [said.count(now // MINUTE_MS - ago) for ago in range(HOUR - 1, -1, -1)]
    assert screen.minutes(JAN_LUYKENLAAN, now) == expected
    assert sum(expected) < len(said)
    for place in (server, other):
        late = await Screen(await _at(place, vega)).watch()
        assert late.minutes(JAN_LUYKENLAAN, clock.now_ms()) == expected


async def test_a_board_ends_where_the_jurisdiction_ends(server: Running, join: Join, colleague: Colleague) -> None:
    """Two districts: each sees its own rooms, from the first piece to the last difference."""
    vega, yilmaz = await colleague("Officer Vega"), await colleague(ELSEWHERE)
    escamp, ypenburg = await Screen(vega).watch(), await Screen(yilmaz).watch()
    ada, ben = await join("Ada"), await join("Ben", GOUDKARPERSINGEL)
    await ada.say(JAN_LUYKENLAAN, SECRET)
    await ben.say(GOUDKARPERSINGEL, SECRET)
    await escamp.until(JAN_LUYKENLAAN, why="talking")
    await ypenburg.until(GOUDKARPERSINGEL, why="talking")
    places = server.town.places
    for screen, areas in ((escamp, vega.person["jurisdiction"]), (ypenburg, yilmaz.person["jurisdiction"])):
        told = [row["room"] for name, one in screen.who.events if name == "board.changed" for row in one["rooms"]]
        rooms = [places.room(room) for room in told]
        assert all(room is not None and any(places.covers(area, room.place) for area in areas) for room in rooms)
        assert {room.kind for room in rooms if room is not None} == {"street", "neighbourhood"}


async def test_who_is_given_another_district_sees_nothing_more_of_the_first(
    server: Running, other: Running, join: Join, colleague: Colleague
) -> None:
    """A change of the account, by another process, ends what this one tells; a role without a board ends it all."""
    vega = await colleague("Officer Vega")
    screen, (ada, ben) = await Screen(vega).watch(), [await join("Ada"), await join("Ben", GOUDKARPERSINGEL)]
    known = await account.load(other.town, vega.id)
    assert known is not None
    far = msgspec.structs.replace(known.person, jurisdiction=("GM0518.leidschenveen-ypenburg",))
    await account.change(other.town, known, far, "")
    await vega.expect("person.changed")
    vega.unread.clear()
    already = len(vega.events)
    await ada.say(JAN_LUYKENLAAN, SECRET)
    await ben.say(GOUDKARPERSINGEL, SECRET)
    while GOUDKARPERSINGEL not in screen.rows:
        await vega.expect("board.changed")
        screen.follow()
    await screen.until(GOUDKARPERSINGEL, why="talking")
    told = [row["room"] for name, one in vega.events[already:] if name == "board.changed" for row in one["rooms"]]
    assert GOUDKARPERSINGEL in told
    assert JAN_LUYKENLAAN not in told
    again = await account.load(other.town, vega.id)
    assert again is not None
    auditor = msgspec.structs.replace(far, role=Role.AUDITOR, organisation=None, jurisdiction=())
    await account.change(other.town, again, auditor, "")
    await vega.expect("person.changed")
    await server.board.tell()
    assert not server.board.watchers


async def test_what_happens_is_seen_and_not_what_is_said(server: Running, join: Join, colleague: Colleague) -> None:
    """A warning, a call, its owner inside, and their ends; a private call is on no board; and in everything that came
    through the socket there is no word of anybody."""
    ada, ben, vega = await join("Ada"), await join("Ben"), await colleague("Officer Vega")
    prins = await colleague("Sergeant Prins", duty=False)
    screen = await Screen(prins).watch()
    await ada.say(JAN_LUYKENLAAN, SECRET)
    warning = {"room": JAN_LUYKENLAAN, "client_id": ben.next_id(), "kind": "fire", "severity": "severe",
               "urgency": "immediate", "certainty": "observed", "text": SECRET, "emergency": "called"}  # fmt: skip
    reply = await ben.ask("warning.raise", warning)
    assert reply["ok"], reply
    row = await screen.until(JAN_LUYKENLAAN, why="danger")
    assert [(one["kind"], one["severity"]) for one in row["warnings"]] == [("fire", "severe")]

    private = (await call(ben, text=SECRET, private=True))["case"]
    case = (await call(ada, text=SECRET))["case"]
    row = await screen.until(JAN_LUYKENLAAN, why="urgent_waiting")
    assert [(one["id"], one["state"], one["urgency"]) for one in row["cases"]] == [(case, "paging", "urgent")]
    assert await done(vega, "accept", case) == "accepted"
    row = await screen.until(JAN_LUYKENLAAN, staff=1)
    assert [one["state"] for one in row["cases"]] == ["accepted"]
    deadline = row["cases"][0]["deadline"]
    assert await done(vega, "resolve", case, outcome="on_site", text=f"{SECRET}.") == "resolved"
    clear = {"room": JAN_LUYKENLAAN, "client_id": ben.next_id(), "target": reply["seq"], "answer": "over"}
    assert (await ben.ask("warning.answer", clear))["ok"]
    row = await screen.until(JAN_LUYKENLAAN, staff=0, cases=[], warnings=[])
    assert deadline > 0

    late = await Screen(await prins.other_device()).watch()
    assert late.rows[JAN_LUYKENLAAN]["cases"] == []
    boards = [one for who in (prins, *prins.devices) for name, one in who.events if name == "board.changed"]
    for words in (SECRET, private, "Ada", "Ben", ada.id, ben.id, vega.id):
        assert words not in json.dumps(boards)
    everything = json.dumps([payload for who in (prins, *prins.devices) for _, payload in who.events])
    assert SECRET not in everything
    assert "leest" not in everything


async def test_a_board_that_is_opened_finds_what_is_open(server: Running, join: Join, colleague: Colleague) -> None:
    """What was raised before anybody watched is there with the first piece; what is over is not, though it can still
    be rated."""
    ada, vega = await join("Ada"), await colleague("Officer Vega")
    over = (await call(ada, text=SECRET))["case"]
    assert await done(vega, "accept", over) == "accepted"
    assert await done(vega, "resolve", over, outcome="on_site", text=f"{SECRET}.") == "resolved"
    await call(ada, text=SECRET, urgency="soon")
    case = (await call(ada, text=SECRET))["case"]
    assert await done(vega, "accept", case) == "accepted"
    screen = await Screen(vega).watch()
    row = screen.rows[JAN_LUYKENLAAN]
    assert sorted(one["state"] for one in row["cases"]) == ["accepted", "paging"]
    assert (row["staff"], row["why"], row["area"]) == (1, "waiting", MOERWIJK_WEST)
    assert {area["kind"] for area in screen.areas} == {"municipality", "district", "wijk", "neighbourhood"}
    assert MOERWIJK_WEST in {area["id"] for area in screen.areas}


async def test_a_report_waits_on_the_board_of_who_decides(
    server: Running, join: Join, colleague: Colleague, clock: MovedClock
) -> None:
    """With its clock, and late when that is over; to the police the street is as it was; decided, it is gone."""
    ada, ben = await join("Ada"), await join("Ben")
    bakker, prins = await colleague("Moderator Bakker"), await colleague("Sergeant Prins")
    municipality, police = await Screen(bakker).watch(), await Screen(prins).watch()
    target = await ada.say(JAN_LUYKENLAAN, SECRET)
    filed = {"room": JAN_LUYKENLAAN, "client_id": ben.next_id(), "target": target, "reason": "hate"}
    report = (await ben.ask("report.file", filed))["report"]
    row = await municipality.until(JAN_LUYKENLAAN, why="report")
    assert [one["id"] for one in row["reports"]] == [report]
    late = await Screen(await bakker.other_device()).watch()
    assert late.rows[JAN_LUYKENLAAN]["reports"] == row["reports"]
    clock.forward(minutes=31)
    row = await municipality.until(JAN_LUYKENLAAN, why="overdue_report")
    await police.until(JAN_LUYKENLAAN, why="quiet")
    assert police.rows[JAN_LUYKENLAAN]["reports"] == []
    told = [name for name, one in prins.events if name == "board.changed" and report in json.dumps(one)]
    assert told == []

    enter = {"room": JAN_LUYKENLAAN, "client_id": bakker.next_id(), "ground": {"kind": "report", "id": report}}
    assert (await bakker.ask("room.enter", enter))["ok"]
    await municipality.until(JAN_LUYKENLAAN, staff=1)
    assert (await bakker.ask("report.take", {"report": report, "client_id": bakker.next_id()}))["ok"]
    assert (await bakker.prove())["ok"]  # half an hour has passed
    decided = {"report": report, "client_id": bakker.next_id(), "decision": "keep"}
    reply = await bakker.ask("report.decide", decided)
    assert reply["ok"], reply
    await municipality.until(JAN_LUYKENLAAN, reports=[])


async def test_a_few_neighbours_are_not_counted(server: Running, join: Join, colleague: Colleague) -> None:
    """Below five nobody learns from the board either who is away."""
    screen = await Screen(await colleague("Officer Vega")).watch()
    for name in ("Ada", "Ben", "Cor", "Dirk"):
        await join(name)
    await _all_counted(server)
    screen.follow()
    assert screen.rows[JAN_LUYKENLAAN]["here"] == 0
    await join("Eva")
    await server.sweeps.tick()
    assert (await screen.until(JAN_LUYKENLAAN, here=5))["name"] == "Jan Luykenlaan"


async def _all_counted(server: Running) -> None:
    """Leases are written, and every room's have been looked at."""
    await server.sweeps.tick()
    for _ in range(10):
        await server.board.tell()


async def test_who_watches_no_longer_is_told_nothing(server: Running, join: Join, colleague: Colleague) -> None:
    """From the answer on; and with the last one the server forgets what it knew."""
    ada, vega = await join("Ada"), await colleague("Officer Vega")
    await Screen(vega).watch()
    assert await vega.ask("board.unwatch", {}) == {"ok": True}
    vega.unread.clear()
    await ada.say(JAN_LUYKENLAAN, SECRET)
    await settled(server)
    await server.board.tell()
    await vega.expect_nothing("board.changed")
    assert not server.board.knows


async def test_a_neighbour_has_no_board(join: Join) -> None:
    """Nor learns that there is one."""
    ada = await join("Ada")
    for command in ("board.watch", "board.unwatch"):
        await ada.refused("not_permitted", command, {})
    await ada.expect_nothing("board.changed")
