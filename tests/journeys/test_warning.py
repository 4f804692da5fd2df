"""Warnings through real sockets: pinned for who comes later, over when it is over, taken back from who had it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rooms import correction, presence
from rooms.keys import partition_of_person, room_keys
from rooms.store import Store
from rooms.warning_shape import NOTICE
from server.app import running
from server.settings import Settings
from tests.conftest import CODE_KEY, Join, code_for, until
from tests.neighbour import Neighbour
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, MovedClock

NOISE = {"kind": "nuisance", "text": "Er is veel lawaai op straat."}
FIRE = {"kind": "fire", "text": "Er komt rook uit het dak.", "emergency": "called"}
REASON = "Het was een barbecue."


async def told(who: Neighbour, name: str, **more: Any) -> int:
    """Send a command about the street, which must be carried out; returns its seq."""
    reply = await who.ask(name, {"room": JAN_LUYKENLAAN, "client_id": who.next_id(), **more})
    assert reply["ok"], reply
    return int(reply["seq"])


async def gone(who: Neighbour) -> dict[str, list[int]]:
    """Close the device; returns what it holds."""
    cursors = who.cursors()
    await who.client.disconnect()
    return cursors


# in force --------------------------------------------------------------------------------------------


async def test_who_comes_later_finds_it_with_its_counts(join: Join) -> None:
    """A warning in force stands in every welcome, as it is by then; with one's own answer for who has given one."""
    ada, ben = await join("Ada"), await join("Ben")
    seq = await told(ada, "warning.raise", **FIRE)
    raised = await ben.expect("warning.raised")
    await told(ben, "warning.answer", target=seq, answer="see")
    await ada.expect("warning.answered", counts={"see": 1, "not_here": 0, "over": 0})
    await told(ada, "warning.correct", target=seq, text="Er komt veel rook uit de schuur.", reason="Het is de schuur.")
    cor = await join("Cor")
    (pinned,) = cor.welcome["warnings"]
    assert pinned == {
        "room": JAN_LUYKENLAAN, "seq": seq, "at": raised["at"], "by": ada.by, "kind": "fire", "severity": "unknown",
        "urgency": "unknown", "certainty": "unknown",
        "text": "Er komt veel rook uit de schuur.", "until": raised["data"]["until"], "emergency": "called",
        "proposed": raised["data"]["proposed"], "desk": raised["data"]["proposed"]["desk"],
        "counts": {"see": 1, "not_here": 0, "over": 0},
        "corrected": True,
    }  # fmt: skip
    await ben.resume()
    assert ben.welcome["warnings"] == [{**pinned, "mine": "see"}]
    await told(ada, "warning.clear", target=seq)
    await cor.expect("warning.cleared", reason="author")
    await ben.resume()
    assert "warnings" not in ben.welcome


async def test_who_moves_in_finds_it_with_the_room(join: Join, server: Any) -> None:
    """A room that opens brings its warnings along."""
    ada, dirk = await join("Ada"), await join("Dirk", GOUDKARPERSINGEL)
    seq = await told(ada, "warning.raise", **FIRE)
    body = {"code": await code_for(server.town, JAN_LUYKENLAAN)}
    assert (await dirk.post("/api/move", body, dirk.token))[0] == 200
    opened = await dirk.expect("room.opened")
    while opened["room"]["id"] != JAN_LUYKENLAAN:
        opened = await dirk.expect("room.opened")
    assert [warning["seq"] for warning in opened["warnings"]] == [seq]


async def test_three_neighbours_end_noise_and_not_a_fire(join: Join) -> None:
    """What is dangerous stays until its author says so; of noise the third "over" is the all clear, for everybody."""
    ada = await join("Ada")
    neighbours = [await join(name) for name in ("Ben", "Cor", "Dirk")]
    fire, noise = await told(ada, "warning.raise", **FIRE), await told(ada, "warning.raise", **NOISE)
    for who in neighbours:
        await told(who, "warning.answer", target=fire, answer="over")
        await told(who, "warning.answer", target=noise, answer="over")
    await ada.expect("warning.cleared", target=noise, reason="neighbours")
    late = await join("Els")
    (pinned,) = late.welcome["warnings"]
    assert (pinned["seq"], pinned["counts"]) == (fire, {"see": 0, "not_here": 0, "over": 3})


async def test_it_expires_at_once_on_return_and_once(empty_redis: str, tmp_path: Path, clock: MovedClock) -> None:
    """No server runs at the moment at which it ends; two that start afterwards end it, together, once."""
    settings = Settings(port=0, redis=empty_redis, data=str(tmp_path), code_key=CODE_KEY.hex(), drain_s=1)
    async with running(settings, clock=clock) as server:
        ada = Neighbour(server.url, "Ada")
        await (await ada.join(await code_for(server.town, JAN_LUYKENLAAN))).connect()
        seq = await told(ada, "warning.raise", **NOISE, minutes=5)
        await ada.close()
    clock.forward(minutes=6)
    async with running(settings, clock=clock) as server, running(settings, clock=clock) as other:
        ada.url = other.url
        await ada.connect(ada.cursors())
        await ada.expect("warning.expired", target=seq)
        for one in (server, other, server):
            await one.sweeps.step_warnings()
        assert "warnings" not in (await ada.resume()).welcome
        page = (await ada.ask("room.history", {"room": JAN_LUYKENLAAN}))["entries"]
        assert [entry["event"] for entry in page].count("warning.expired") == 1
        await ada.close()


# taken back ------------------------------------------------------------------------------------------


async def test_who_is_connected_is_told_at_once(join: Join) -> None:
    """On every device, as an entry and as a notice; the notice until one of them has seen it."""
    ada, ben = await join("Ada"), await join("Ben")
    elsewhere = await ben.other_device()
    seq = await told(ada, "warning.raise", **NOISE)
    taken_back = await told(ada, "warning.retract", target=seq, reason=REASON)
    for device in (ben, elsewhere):
        await device.expect("warning.retracted", target=seq, reason=REASON)
        notice = (await device.expect("correction.given"))["correction"]
        assert (notice["warning"], notice["seq"], notice["reason"]) == (seq, taken_back, REASON)
    await ada.expect_nothing("correction.given")
    assert (await ben.ask("correction.seen", {"id": notice["id"], "client_id": ben.next_id()}))["ok"]
    assert (await elsewhere.expect("correction.closed")) == {"id": notice["id"]}
    assert "corrections" not in (await elsewhere.resume()).welcome


async def test_who_was_away_is_told_first_thing(join: Join, server: Any) -> None:
    """Ben had it and left; Cor left before it came. Ben finds the notice in his welcome, and again until he says that
    he has seen it; Cor reads in the log what there is to read, and was never wrong."""
    ada, ben, cor = await join("Ada"), await join("Ben"), await join("Cor")
    before = await gone(cor)
    seq = await told(ada, "warning.raise", **NOISE)
    await ben.expect("warning.raised")
    held = await gone(ben)
    await until(lambda: ben.id not in server.fanout.people)
    await server.sweeps.note_given()
    await told(ada, "warning.retract", target=seq, reason=REASON)
    await server.sweeps.step_warnings()
    for _ in range(2):
        await ben.connect(held)
        assert [notice["warning"] for notice in ben.welcome["corrections"]] == [seq]
        await ben.client.disconnect()
    await ben.connect(held)
    (notice,) = ben.welcome["corrections"]
    assert (await ben.ask("correction.seen", {"id": notice["id"], "client_id": ben.next_id()}))["ok"]
    assert "corrections" not in (await ben.connect(held)).welcome
    assert "corrections" not in (await cor.connect(before)).welcome
    await cor.expect("warning.retracted", target=seq)


async def test_who_died_before_saying_so_is_told(join: Join, server: Any) -> None:
    """The warning was sent to Ben's device, which came back without having kept it."""
    ada, ben = await join("Ada"), await join("Ben")
    held = ben.cursors()
    seq = await told(ada, "warning.raise", **NOISE)
    await ben.expect("warning.raised")
    server.sio.engine.connections[ben.client.eio.sid].close("died")
    await until(lambda: ben.id not in server.fanout.people)
    await server.sweeps.note_given()
    await told(ada, "warning.retract", target=seq, reason=REASON)
    await server.sweeps.step_warnings()
    await ben.connect(held)
    assert [notice["warning"] for notice in ben.welcome["corrections"]] == [seq]


async def test_a_server_that_dies_forgets_nobody(
    empty_redis: str, tmp_path: Path, clock: MovedClock, store: Store
) -> None:
    """Its last sweep never came; a lease that ran on says who may have been given the warning, and a cursor that is
    presented later says who was."""
    settings = Settings(port=0, redis=empty_redis, data=str(tmp_path), code_key=CODE_KEY.hex(), drain_s=1)
    async with running(settings, clock=clock) as server:
        people = [Neighbour(server.url, name) for name in ("Ada", "Ben", "Cor")]
        for who in people:
            await (await who.join(await code_for(server.town, JAN_LUYKENLAAN))).connect()
        ada, ben, cor = people
        await presence.renew(server.town, server.fanout.persons_here())
        await server.sweeps.note_given()
        server.fanout.given.put_back = server.fanout.given.came = server.fanout.given.went = _lost  # type: ignore[method-assign, assignment]
        server.fanout.given.warned = _lost  # type: ignore[method-assign, assignment]
        seq = await told(ada, "warning.raise", **NOISE)
        for who in (ben, cor):
            await who.expect("warning.raised")
    await store.read("ZREM", room_keys(JAN_LUYKENLAAN).here, cor.id)  # the lease of one was lost as well
    async with running(settings, clock=clock) as server:
        for who in people:
            who.url = server.url
        await told(await ada.resume(), "warning.retract", target=seq, reason=REASON)
        await server.sweeps.step_warnings()
        assert len((await ben.resume()).welcome["corrections"]) == 1
        await cor.resume()
        await cor.expect("correction.given")
        for who in people:
            await who.close()


def _lost(*_: Any) -> None:
    """What dies with the process."""


@pytest.mark.parametrize("at_home", [True, False])
async def test_who_has_left_gets_the_date_and_the_kind(join: Join, server: Any, at_home: bool) -> None:
    """Connected or away: of a street that is no longer one's own nothing more is told."""
    ada, ben = await join("Ada"), await join("Ben")
    seq = await told(ada, "warning.raise", **NOISE)
    await ben.expect("warning.raised")
    body = {"code": await code_for(server.town, GOUDKARPERSINGEL)}
    assert (await ben.post("/api/move", body, ben.token))[0] == 200
    await ben.expect("room.closed", room=JAN_LUYKENLAAN)
    if not at_home:
        await ben.client.disconnect()
    await server.sweeps.note_given()
    await told(ada, "warning.retract", target=seq, reason=REASON)
    await server.sweeps.step_warnings()
    if at_home:
        notice = (await ben.expect("correction.given"))["correction"]
    else:
        (notice,) = (await ben.connect()).welcome["corrections"]
    assert set(notice) == {"id", "room", "warning", "at", "kind", "what", "seq"}
    assert (notice["kind"], notice["what"]) == ("nuisance", "retracted")


async def test_who_leaves_while_the_notice_is_under_way_gets_no_words(join: Join, server: Any) -> None:
    """It was written down for a member; when it arrives, the room is no longer Ben's."""
    ben = await join("Ben")
    notice = {**NOTICE, "room": GOUDKARPERSINGEL, "id": f"{GOUDKARPERSINGEL}:121"}
    await correction._note(server.town, partition_of_person(ben.id), [ben.id], notice)
    told_live = (await ben.expect("correction.given"))["correction"]
    (told_first,) = (await ben.resume()).welcome["corrections"]
    assert told_live == told_first == {name: value for name, value in notice.items() if name in correction.FOR_WHO_LEFT}
