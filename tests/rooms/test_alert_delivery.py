"""An alert that is acknowledged arrives: once in every room, in order, whoever dies on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from rooms import alert_delivery, alert_due, correction, given, keys, membership, retention, warning_due
from rooms import alert_record as record
from rooms.alert_chain import Alert, Message
from rooms.clock import Clock
from rooms.given import Point
from rooms.keys import RoomKeys
from rooms.place import partition_key
from rooms.refusal import Refusal
from rooms.store import Changed, Store
from rooms.town import DAY_MS, Town
from tests.conftest import CODE_KEY, code_for
from tests.rooms.alert_cast import HOUR_MS, SMOKE, Station, chain, entries
from tests.rooms.voice import Voice
from tests.town import ESCAMP, GOUDKARPERSINGEL, MOERWIJK_WEST, MovedClock

WIDE = {**SMOKE, "places": [ESCAMP]}
ONCE = [("broadcast", 1)]
SCRIPTS = 10
"""Of a broadcast to that district: the commit, one for each of its partitions, and the note that all have it."""


class Killed(BaseException):
    """The process is no more."""


@contextmanager
def killed_after(town: Town, deeds: int) -> Iterator[list[str]]:
    """Kill the process when it has handed in so many scripts of an alert and begins another one, or waits for the last;
    yields their names."""
    handed_in: list[str] = []
    begin, patch = town.store.begin, pytest.MonkeyPatch()

    def count(name: str, names: Sequence[str], args: Any) -> Any:
        if name not in ("open_alert", "step_alert", "pass_alert", "deliver_alert"):
            return begin(name, names, args)
        if len(handed_in) == deeds:
            raise Killed
        handed_in.append(name)
        return begin(name, names, args)

    with patch.context() as patched:
        patched.setattr(town.store, "begin", count)
        yield handed_in


@pytest.fixture
def station(unhurried: Town, clock: MovedClock) -> Station:
    return Station(unhurried, clock)


@pytest.fixture
def elsewhere(unhurried: Town, store: Store, clock: Clock) -> Town:
    """The same town in another process."""
    other = Town(store, CODE_KEY, clock=clock, policy=unhurried.policy, signing=unhurried.signing)
    other.places = unhurried.places
    return other


async def _kept(station: Station) -> Alert:
    """The one alert that there is."""
    (alert,) = await record.changed_since(station.town, 0)
    return alert


async def _chains(station: Station, alert: Alert) -> list[list[tuple[str, int]]]:
    """What each room of the alert was given; every different answer once."""
    found = [await chain(station.town, room) for room in alert.rooms]
    return [one for number, one in enumerate(found) if one not in found[:number]]


# dying -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deeds", range(1, SCRIPTS))
async def test_a_process_that_dies_is_followed_by_another(
    station: Station, elsewhere: Town, ada: Voice, deeds: int
) -> None:
    """Killed after the commit, after each partition, and before it could note that all of them have it: in the end
    every room has the alert once, and nothing is left to be done."""
    with killed_after(station.town, deeds) as handed_in, pytest.raises(Killed):
        await station.send("Officer Vega", WIDE)
    assert len(handed_in) == deeds
    alert = await _kept(station)
    station.clock.forward(seconds=3)
    await alert_due.overdue(elsewhere, station.clock.now_ms())
    assert await _chains(station, alert) == [ONCE]
    kept = await _kept(station)
    assert (kept.delivered, kept.is_under_way) == (1, False)
    assert await station.town.store.read("ZSCORE", keys.ALERT_DUE, alert.id) == str(kept.content.expires_at).encode()


async def test_every_point_of_death_has_been_tried(station: Station, ada: Voice) -> None:
    """The test above kills once between any two scripts of a broadcast to a whole district."""
    with killed_after(station.town, 10_000) as handed_in:
        await station.send("Officer Vega", WIDE)
    assert handed_in[0] == "open_alert"
    assert handed_in[-1] == "pass_alert"
    partitions = {keys.partition_of(room) for room in (await _kept(station)).rooms}
    assert handed_in.count("deliver_alert") == len(partitions) == SCRIPTS - 2
    assert len(handed_in) == SCRIPTS


async def test_a_command_that_was_killed_is_repeated(station: Station, ada: Voice) -> None:
    """The officer who got no answer sends it again, and hears of the alert that there is."""
    seen = await station.ask("Officer Vega", "alert.preview", **WIDE)
    vega = await station.voice("Officer Vega")
    said = {"preview": seen["preview"], "client_id": vega.next_id()}
    with killed_after(station.town, 3), pytest.raises(Killed):
        await vega.ask("alert.broadcast", **said)
    alert = await _kept(station)
    assert await vega.ask("alert.broadcast", **said) == {"ok": True, "alert": alert.id, "state": "in_force"}
    await station.forward(seconds=3)
    assert await _chains(station, alert) == [ONCE]


@pytest.mark.parametrize("deeds", [1, 4, 8])
async def test_an_update_comes_after_what_it_updates(station: Station, elsewhere: Town, ada: Voice, deeds: int) -> None:
    """Where the broadcast died half-way, who updates brings both, in their order; an end as well."""
    with killed_after(station.town, deeds), pytest.raises(Killed):
        await station.send("Officer Vega", WIDE)
    alert = await _kept(station)
    await station.ask("Officer Kok", "alert.update", alert=alert.id, text="De rook trekt weg.")
    assert await _chains(station, alert) == [[*ONCE, ("updated", 2)]]
    with killed_after(station.town, deeds), pytest.raises(Killed):
        await station.ask("Officer Kok", "alert.clear", alert=alert.id)
    station.clock.forward(seconds=3)
    await alert_due.overdue(elsewhere, station.clock.now_ms())
    assert await _chains(station, alert) == [[*ONCE, ("updated", 2), ("cleared", 3)]]
    assert await station.town.store.read("ZCARD", keys.ALERT_DUE) == 0


async def test_an_alert_expires_in_every_room(station: Station, elsewhere: Town, ada: Voice) -> None:
    """Also where the process that noticed dies, and where nobody came by for hours."""
    await station.send("Officer Vega", WIDE)
    alert = await _kept(station)
    station.clock.forward(minutes=300)
    with killed_after(station.town, 4), pytest.raises(Killed):
        await alert_due.overdue(station.town, station.clock.now_ms())
    station.clock.forward(seconds=3)
    await alert_due.overdue(elsewhere, station.clock.now_ms())
    assert await _chains(station, alert) == [[*ONCE, ("expired", 2)]]
    pinned = [await station.town.store.read("HLEN", RoomKeys(room).alerts) for room in alert.rooms]
    assert set(pinned) == {0}


# several at once -------------------------------------------------------------------------------------


async def test_two_processes_bring_it_once(station: Station, elsewhere: Town, ada: Voice) -> None:
    """Both at every room at the same time."""
    with killed_after(station.town, 1), pytest.raises(Killed):
        await station.send("Officer Vega", WIDE)
    alert = await _kept(station)
    both = (alert_delivery.follow(town, alert.id) for town in (station.town, elsewhere))
    await asyncio.gather(*both)
    assert await _chains(station, alert) == [ONCE]
    assert not (await _kept(station)).is_under_way


async def test_a_slow_process_repeats_nothing(station: Station, ada: Voice) -> None:
    """Who still holds the alert as it was, before the update and the end, brings no room anything."""
    await station.send("Officer Vega", WIDE)
    alert = await _kept(station)
    await station.ask("Officer Vega", "alert.update", alert=alert.id, text="De rook trekt weg.")
    await station.ask("Officer Vega", "alert.clear", alert=alert.id)
    slow = msgspec.structs.replace(alert, delivered=0)
    assert await alert_delivery.deliver(station.town, slow) == 1
    assert await _chains(station, alert) == [[*ONCE, ("updated", 2), ("cleared", 3)]]
    pinned = await station.town.store.read("HLEN", RoomKeys(alert.rooms[0]).alerts)
    assert pinned == 0, "what is over must not be pinned again"


async def test_a_slow_process_overwrites_nothing(station: Station, ada: Voice) -> None:
    """What it notes of the alert as it was would take the update back."""
    sent = await station.send("Officer Vega", WIDE)
    slow = await _kept(station)
    await station.ask("Officer Vega", "alert.update", alert=sent["alert"], text="De rook trekt weg.")
    with pytest.raises(Changed):
        await record.pass_on(station.town, slow, slow, station.clock.now_ms())
    assert [message.n for message in (await _kept(station)).messages] == [1, 2]


async def test_two_officers_at_once_make_one_chain(station: Station, ada: Voice) -> None:
    """Two updates and an all clear at the same moment: each has its number, and none follows the end."""
    await station.send("Officer Vega", WIDE)
    alert = await _kept(station)
    await asyncio.gather(
        station.ask("Officer Vega", "alert.update", alert=alert.id, text="De rook trekt weg."),
        station.ask("Officer Kok", "alert.update", alert=alert.id, text="Er is nog rook."),
        (await station.voice("Chief Prins")).ask("alert.clear", alert=alert.id),
        return_exceptions=True,
    )
    (found,) = await _chains(station, alert)
    assert [n for _, n in found] == list(range(1, len(found) + 1))
    assert found[-1][0] == "cleared"


# rooms that fail -------------------------------------------------------------------------------------


async def test_a_broken_room_keeps_it_from_no_other(station: Station, ada: Voice) -> None:
    """The others are given everything at once; the broken one, when it is mended, in its order."""
    head = RoomKeys(MOERWIJK_WEST).head
    was = await station.town.store.read("HGET", head, "seq")
    await station.town.store.read("HSET", head, "seq", 0)  # its log refuses a number that it has
    sent = await station.send("Officer Vega", WIDE)
    await station.ask("Officer Vega", "alert.update", alert=sent["alert"], text="De rook trekt weg.")
    alert = await _kept(station)
    others = [room for room in alert.rooms if room != MOERWIJK_WEST]
    assert {tuple(await chain(station.town, room)) for room in others} == {(("broadcast", 1), ("updated", 2))}
    assert alert.is_under_way
    assert await station.forward(seconds=10) == 0, "not with every tick"
    await station.town.store.read("HSET", head, "seq", was)
    assert await station.forward(seconds=30) == 1
    assert await chain(station.town, MOERWIJK_WEST) == [("broadcast", 1), ("updated", 2)]
    assert not (await _kept(station)).is_under_way


async def test_a_room_that_missed_one_message_is_given_no_later_one(
    station: Station, ada: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has failed for a moment only: the next one would come before what it updates."""
    with killed_after(station.town, 1), pytest.raises(Killed):
        await station.send("Officer Vega", WIDE)
    alert, bring = await _kept(station), alert_delivery._bring
    with killed_after(station.town, 1), pytest.raises(Killed):
        await station.ask("Officer Vega", "alert.update", alert=alert.id, text="De rook trekt weg.")

    async def fail_once(town: Town, alert_id: str, message: Message, rooms: Sequence[str]) -> set[str]:
        failing = {MOERWIJK_WEST} if message.n == 1 else set[str]()
        return failing | await bring(town, alert_id, message, [room for room in rooms if room not in failing])

    with monkeypatch.context() as patched:
        patched.setattr(alert_delivery, "_bring", fail_once)
        await station.forward(seconds=3)
    assert await chain(station.town, MOERWIJK_WEST) == []
    await station.forward(seconds=31)
    assert await _chains(station, alert) == [[*ONCE, ("updated", 2)]]


async def test_an_alert_that_cannot_be_read_stops_no_other(station: Station, ada: Voice) -> None:
    """It is left as it is and put off; what else is due is done."""
    broken, sound = [str((await station.send("Officer Vega", WIDE))["alert"]) for _ in range(2)]
    await station.town.store.read("HSET", keys.alert(broken), "body", b"\xc1")
    assert await station.forward(minutes=121) == 2
    assert (await station.alert(sound)).state == "expired"
    assert await station.forward(seconds=10) == 0
    assert await station.forward(seconds=30) == 1
    assert await station.town.store.read("HGET", keys.alert(broken), "body") == b"\xc1"


async def test_a_deadline_without_an_alert_is_dropped(station: Station) -> None:
    """Or it would come with every tick."""
    await station.town.store.read("ZADD", keys.ALERT_DUE, 0, "a" * 12)
    assert await station.forward() == 1
    assert await station.forward() == 0


async def test_a_store_that_is_away_loses_no_alert(
    station: Station, ada: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept is answered as kept, though it could not be brought yet."""

    async def away(_town: Town, _alert_id: str) -> None:
        raise Refusal("unavailable")

    with monkeypatch.context() as patched:
        patched.setattr(alert_delivery, "follow", away)
        sent = await station.send("Officer Vega", WIDE)
    assert sent["state"] == "in_force"
    await station.forward(seconds=3)
    assert await _chains(station, await station.alert(sent["alert"])) == [ONCE]


# what staff are told ---------------------------------------------------------------------------------


async def _told(town: Town) -> list[tuple[str, str, int]]:
    """(organisation, state, version) of each word to staff about an alert."""
    rows = await town.store.read("XRANGE", keys.feed(keys.TOWN), "-", "+")
    found = []
    for _, flat in rows:
        fields = dict(zip(flat[::2], flat[1::2], strict=True))
        event = msgspec.msgpack.decode(fields[b"e"])
        if event["name"] == "alert.changed":
            alert = event["data"]["alert"]
            found.append((fields[b"o"].decode(), alert["state"], alert["version"]))
    return found


async def test_staff_are_told_of_every_change_and_of_nothing_else(station: Station, ada: Voice) -> None:
    """What waits the own organisation hears alone; that every room has it changes nothing for anybody."""
    grave = await station.send("Officer Vega", {**WIDE, "severity": "severe"})
    await station.ask("Officer Kok", "alert.approve", alert=grave["alert"])
    await station.ask("Officer Kok", "alert.clear", alert=grave["alert"])
    found = [(organisation, state) for organisation, state, _ in await _told(station.town)]
    assert found == [
        ("police", "waiting"), ("police", "in_force"), ("municipality", "in_force"), ("police", "cleared"),
        ("municipality", "cleared"),
    ]  # fmt: skip


async def test_an_update_that_waits_is_told_to_the_own_organisation(station: Station, ada: Voice) -> None:
    """To the other one nothing has changed."""
    sent = await station.send("Officer Vega", WIDE)
    before = len(await _told(station.town))
    await station.ask("Officer Vega", "alert.update", alert=sent["alert"], severity="extreme")
    assert [organisation for organisation, _, _ in (await _told(station.town))[before:]] == ["police"]


# who has left ----------------------------------------------------------------------------------------


async def _move(town: Town, voice: Voice, street: str = GOUDKARPERSINGEL) -> None:
    """To the other end of town, or to this street."""
    await membership.move(town, voice.id, "192.0.2.1", await code_for(town, street))


def _elsewhere(town: Town) -> str:
    """A street of the same district, in another neighbourhood."""
    streets = (place for place in town.places if place.kind == "street" and town.places.covers(ESCAMP, place.id))
    return next(street.id for street in streets if partition_key(street.id) != MOERWIJK_WEST)


async def _noticed(town: Town, clock: MovedClock, voice: Voice) -> list[dict[str, Any]]:
    """The notices that this person has, when all that are owed were given."""
    await warning_due.overdue(town, clock.now_ms())
    rows = await town.store.read(*correction.of_person(voice.id))
    return correction.unseen(rows, set())


async def test_who_was_given_it_and_has_left_hears_what_became_of_it(
    station: Station, clock: MovedClock, ada: Voice, ben: Voice
) -> None:
    """The date and the headline, of every later message; who is still there is given the entry itself, and who never
    had it hears nothing."""
    sent = await station.send("Officer Vega", SMOKE)
    (entry,) = await entries(station.town, MOERWIJK_WEST)
    await given.note(station.town, {MOERWIJK_WEST: [Point(ada.id, entry.seq)]})
    await _move(station.town, ada)
    await station.ask("Officer Vega", "alert.update", alert=sent["alert"], headline="Rook trekt weg")
    (first,) = await _noticed(station.town, clock, ada)
    assert first == {
        "id": first["id"], "room": MOERWIJK_WEST, "warning": entry.seq, "at": entry.at, "alert": sent["alert"],
        "headline": "Rook trekt weg", "what": "corrected", "seq": first["seq"],
    }  # fmt: skip
    await station.ask("Officer Vega", "alert.clear", alert=sent["alert"])
    assert [one["what"] for one in await _noticed(station.town, clock, ada)] == ["corrected", "cleared"]
    assert await _noticed(station.town, clock, ben) == []


async def test_who_is_still_there_is_owed_no_notice(
    station: Station, clock: MovedClock, ada: Voice, ben: Voice
) -> None:  # fmt: skip
    """Also where it turns out later how far they had been given the room: the entry itself is there for them."""
    sent = await station.send("Officer Vega", SMOKE)
    (entry,) = await entries(station.town, MOERWIJK_WEST)
    await given.note(station.town, {MOERWIJK_WEST: [Point(ada.id, entry.seq)]})
    await _move(station.town, ada)
    await station.ask("Officer Vega", "alert.update", alert=sent["alert"], certainty="likely")
    await given.note(station.town, {MOERWIJK_WEST: [Point(ben.id, entry.seq)]})
    assert [len(await _noticed(station.town, clock, one)) for one in (ada, ben)] == [1, 0]


async def test_who_moved_to_another_alerted_neighbourhood_was_told_twice(
    station: Station, clock: MovedClock, ada: Voice, ben: Voice
) -> None:
    """There each message is an entry to them; a notice of the same is owed to those alone whom no entry reaches."""
    sent = await station.send("Officer Vega", WIDE)
    (entry,) = await entries(station.town, MOERWIJK_WEST)
    await given.note(station.town, {MOERWIJK_WEST: [Point(ada.id, entry.seq), Point(ben.id, entry.seq)]})
    await _move(station.town, ada, _elsewhere(station.town))
    await _move(station.town, ben)
    await station.ask("Officer Vega", "alert.update", alert=sent["alert"], certainty="likely")
    await station.ask("Officer Vega", "alert.clear", alert=sent["alert"])
    assert [len(await _noticed(station.town, clock, one)) for one in (ada, ben)] == [0, 2]
    assert await station.town.store.read("HLEN", RoomKeys(MOERWIJK_WEST).owed) == 0


async def test_who_left_two_alerted_neighbourhoods_was_told_twice(
    station: Station, clock: MovedClock, ada: Voice
) -> None:  # fmt: skip
    """Of one message there is one notice, however many of its rooms somebody was given it in."""
    sent, street = await station.send("Officer Vega", WIDE), _elsewhere(station.town)
    first = (await entries(station.town, MOERWIJK_WEST))[0]
    await given.note(station.town, {MOERWIJK_WEST: [Point(ada.id, first.seq)]})
    await _move(station.town, ada, street)
    second = (await entries(station.town, partition_key(street)))[0]
    await given.note(station.town, {partition_key(street): [Point(ada.id, second.seq)]})
    await _move(station.town, ada)
    await station.ask("Officer Vega", "alert.cancel", alert=sent["alert"], reason="Het klopte niet.")
    (notice,) = await _noticed(station.town, clock, ada)
    assert (notice["alert"], notice["what"]) == (sent["alert"], "retracted")
    await ada.ask("correction.seen", id=notice["id"])
    assert await _noticed(station.town, clock, ada) == []


async def test_who_left_without_having_been_given_it_hears_nothing(
    station: Station, clock: MovedClock, ada: Voice, ben: Voice
) -> None:
    """Nor does anybody of its end by the clock, which stood in it."""
    sent = await station.send("Officer Vega", SMOKE)
    (entry,) = await entries(station.town, MOERWIJK_WEST)
    await _move(station.town, ben)
    await given.note(station.town, {MOERWIJK_WEST: [Point(ada.id, entry.seq)]})
    await station.ask("Officer Vega", "alert.update", alert=sent["alert"], certainty="likely")
    await _move(station.town, ada)
    await station.forward(minutes=121)
    assert [await _noticed(station.town, clock, one) for one in (ada, ben)] == [[], []]


async def test_who_was_given_it_is_known_over_night(
    station: Station, clock: MovedClock, ada: Voice, ben: Voice
) -> None:  # fmt: skip
    """The nightly purge keeps that as long as the room has an alert."""
    expires_at = clock.now_ms() + 70 * HOUR_MS
    sent = await station.send("Officer Vega", {**SMOKE, "expires_at": expires_at})
    (entry,) = await entries(station.town, MOERWIJK_WEST)
    await given.note(station.town, {MOERWIJK_WEST: [Point(ada.id, entry.seq)]})
    await retention.purge(station.town)
    await _move(station.town, ada)
    await station.ask("Officer Vega", "alert.cancel", alert=sent["alert"], reason="Het klopte niet.")
    assert [one["what"] for one in await _noticed(station.town, clock, ada)] == ["retracted"]


# retention -------------------------------------------------------------------------------------------


async def test_nothing_of_an_alert_is_kept_for_ever(station: Station, ada: Voice) -> None:
    """After its time entries, record and what the rooms hold are gone; a younger alert stays whole."""
    old = await station.send("Officer Vega", WIDE)
    await ada.ask("alert.seen", alert=old["alert"], room=MOERWIJK_WEST)
    await station.forward(minutes=121)
    station.clock.forward(ms=station.town.policy.keep_ms["alert"] - HOUR_MS)
    young = await station.send("Officer Vega", WIDE)
    station.clock.forward(ms=2 * HOUR_MS)
    await retention.purge(station.town)
    (kept,) = await record.changed_since(station.town, 0)
    assert kept.id == young["alert"]
    assert await station.town.store.read("EXISTS", keys.alert(old["alert"])) == 0
    of = RoomKeys(MOERWIJK_WEST)
    left = [await station.town.store.read("HKEYS", name) for name in (of.alerts, of.alerted, of.alert_known)]
    assert left == [[young["alert"].encode()], [young["alert"].encode()], []]
    assert [entry.data["alert"] for entry in await entries(station.town, MOERWIJK_WEST)] == [young["alert"]]


async def test_an_alert_that_nobody_ended_is_not_forgotten(station: Station, ada: Voice) -> None:
    """A town that stood still for a year ends it first."""
    sent = await station.send("Officer Vega", WIDE)
    station.clock.forward(ms=400 * DAY_MS)
    await record.forget(station.town, station.clock.now_ms())
    assert (await station.alert(sent["alert"])).state == "in_force"
    await station.forward()
    await record.forget(station.town, station.clock.now_ms())
    assert await record.load(station.town, sent["alert"]) is None
