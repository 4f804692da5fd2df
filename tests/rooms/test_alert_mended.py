"""What once went wrong with alerts, found by somebody who tried to break them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from rooms import alert_cap, alert_delivery, correction, given, log, membership, warning_due
from rooms import staff as staff_accounts
from rooms.given import Point
from rooms.keys import RoomKeys
from rooms.person import Organisation, Role
from rooms.place import Place
from rooms.town import Town
from tests.conftest import code_for
from tests.rooms.alert_cast import ENGLISH, GRAVE, SMOKE, Station, chain, entries
from tests.rooms.conftest import Resident
from tests.rooms.test_alert_delivery import Killed, killed_after
from tests.rooms.voice import Voice
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST, PASSWORD, MovedClock, PlainPasswords


@pytest.fixture
def station(unhurried: Town, clock: MovedClock) -> Station:
    return Station(unhurried, clock)


async def _sent(station: Station, **more: Any) -> str:
    """An alert of Officer Vega's that is in force."""
    reply = await station.send("Officer Vega", {**SMOKE, **more})
    assert reply["state"] == "in_force"
    return str(reply["alert"])


# what is said ----------------------------------------------------------------------------------------


async def test_a_reason_was_signed_with_what_no_document_can_carry(station: Station, ada: Voice) -> None:
    """Why an alert ends is cleaned as its words are: whoever reads it as CAP finds the very text that was signed."""
    alert_id = await _sent(station)
    error = await station.refused("bad_request", "Officer Vega", "alert.cancel", alert=alert_id, reason="\x00\x07\x1b")
    assert error["field"] == "reason"
    await station.ask("Officer Vega", "alert.cancel", alert=alert_id, reason="De melding\r\nklopte\x00 niet.")
    alert = await station.alert(alert_id)
    assert json.loads(alert.messages[-1].body)["reason"] == "De melding\nklopte niet."
    (_, told) = alert_cap.messages(alert, station.town.places, "alerts@bart.example")
    assert told.words[0].text.startswith("De melding\nklopte niet.\n\n")


@pytest.mark.parametrize("nothing", ["\u200b", "\u200d\ufe0f", "\u202e\u2066", "\u3164", "\u2800", "\u00ad \u2060"])
async def test_a_headline_of_nothing_was_broadcast(station: Station, ada: Voice, nothing: str) -> None:
    """Joiners, directions and fillers show nothing: an alert of them would be an empty frame of the police."""
    for field in ("headline", "text", "instruction"):
        error = await station.refused("bad_request", "Officer Vega", "alert.preview", **{**SMOKE, field: nothing})
        assert error["field"] == field


@pytest.mark.parametrize(
    "words", ["\U0001f46e\u200d\u2640\ufe0f", "\u200f\u062f\u062e\u0627\u0646", "\u0645\u06cc\u200c\u0633", "火", "1!"]
)
async def test_what_shows_is_said_as_it_was_typed(station: Station, ada: Voice, words: str) -> None:
    """Emoji with their joiners, scripts from right to left with their marks."""
    alert_id = await _sent(station, headline=words)
    assert (await station.alert(alert_id)).messages[0].said.words[0].headline == words


async def test_the_towns_own_language_was_said_twice(station: Station, ada: Voice) -> None:
    """Dutch of the Netherlands is Dutch: one of the two would have gone unread."""
    twice = {**SMOKE, "languages": [{**ENGLISH, "language": "nl-NL"}]}
    assert (await station.refused("bad_request", "Officer Vega", "alert.preview", **twice))["field"] == "languages"
    countries = [{**ENGLISH, "language": language} for language in ("en", "en-GB")]
    await station.ask("Officer Vega", "alert.preview", **{**SMOKE, "languages": countries})


# how much is said ------------------------------------------------------------------------------------


def _town_of(neighbourhoods: int, streets: int) -> Iterator[Place]:
    yield Place(id="GM0999", name="Grootstad", kind="municipality", parent=None)
    yield Place(id="WK099900", name="Wijk 0", kind="wijk", parent="GM0999")
    for number in range(neighbourhoods):
        home = f"BU0999{number:04}"
        yield Place(id=home, name=f"Buurt {number}", kind="neighbourhood", parent="WK099900")
        for street in range(streets):
            yield Place(id=f"{home}:straat-{street}", name=f"Straat {street}", kind="street", parent=home)


async def _chief(town: Town) -> Voice:
    made = await staff_accounts.add(
        town, PlainPasswords(), "Chief Groot", Role.OFFICER, Organisation.POLICE, ("GM0999",), PASSWORD, title="Chief"
    )
    return Voice(town, made.person)


async def test_a_large_town_could_not_be_alerted_as_a_whole(station: Station, resident: Resident) -> None:
    """A town of 518 neighbourhoods is as many rooms, however few words say it; everybody has it once."""
    await station.town.import_places(list(_town_of(518, 4)))
    await resident("Zoë", "BU09990007:straat-3")
    chief = await _chief(station.town)
    seen = await chief.ask("alert.preview", **{**SMOKE, "places": ["GM0999"]})
    assert (seen["rooms"], seen["members"]) == (518, 1)
    sent = await chief.ask("alert.broadcast", preview=seen["preview"])
    alert = await station.alert(sent["alert"])
    assert not alert.is_under_way
    assert {tuple(await chain(station.town, room)) for room in alert.rooms} == {(("broadcast", 1),)}
    assert await chain(station.town, "BU09990007:straat-3") == []


async def test_so_many_words_for_so_many_rooms_filled_the_logs(station: Station, resident: Resident) -> None:
    """Every room holds every word and the name of every room: what is too much for all is refused, by update too."""
    await station.town.import_places(list(_town_of(8, 60)))
    await resident("Zoë", "BU09990007:straat-3")
    chief = await _chief(station.town)
    streets = [f"BU0999{home:04}:straat-{street}" for home in range(8) for street in range(45)]
    long = {"headline": "ж" * 80, "text": "火" * 1000, "instruction": "火" * 500}
    languages = [{**long, "language": language} for language in ("en", "tr", "ar", "pl", "uk", "zh", "de", "fr", "es")]
    said = {**SMOKE, **long, "places": streets, "languages": languages}
    assert (await chief.refused("bad_request", "alert.preview", **said))["error"]["field"] == "places"  # type: ignore[index]
    assert (await chief.ask("alert.preview", **{**said, "places": ["BU09990007:straat-3"]}))["rooms"] == 1
    seen = await chief.ask("alert.preview", **{**said, "languages": []})
    sent = await chief.ask("alert.broadcast", preview=seen["preview"])
    await chief.refused("bad_request", "alert.update", alert=sent["alert"], languages=languages)
    await chief.ask("alert.update", alert=sent["alert"], languages=languages[:2])


async def test_so_many_alerts_at_once_kept_everybody_out(station: Station, ada: Voice) -> None:
    """Who connects is told all that is in force: each organisation has ten in one place, looked at before or after."""
    first = await _sent(station)
    seen = await station.ask("Officer Vega", "alert.preview", **SMOKE)
    for _ in range(9):
        await _sent(station)
    error = await station.refused("bad_request", "Officer Kok", "alert.preview", **SMOKE)
    assert error["field"] == "places"
    await station.refused("bad_request", "Officer Vega", "alert.broadcast", preview=seen["preview"])
    await station.send("Moderator Bakker", SMOKE)
    await station.ask("Officer Kok", "alert.clear", alert=first)
    vega = await station.voice("Officer Vega")
    last = {"preview": seen["preview"], "client_id": vega.next_id()}
    answers = await asyncio.gather(*(vega.ask("alert.broadcast", **last) for _ in range(4)))
    assert {answer["state"] for answer in answers} == {"in_force"}, "the last one, sent by a device that tries again"


# the second officer ----------------------------------------------------------------------------------


async def test_another_update_was_approved_than_was_read(station: Station, ada: Voice) -> None:
    """Who approves says by when what was read lapses: what its author put in its place meanwhile goes on waiting."""
    alert_id = await _sent(station)
    await station.ask("Officer Vega", "alert.update", alert=alert_id, severity="severe")
    read = await _pending(station, alert_id)
    await station.ask("Officer Vega", "alert.decline", alert=alert_id)
    station.clock.forward(seconds=1)
    await station.ask("Officer Vega", "alert.update", alert=alert_id, severity="extreme", text="Ga nu weg.")
    await station.refused("wrong_state", "Officer Kok", "alert.approve", alert=alert_id, due=read["due"])
    assert await chain(station.town, MOERWIJK_WEST) == [("broadcast", 1)]
    now = await _pending(station, alert_id)
    await station.ask("Officer Kok", "alert.approve", alert=alert_id, due=now["due"])
    assert await chain(station.town, MOERWIJK_WEST) == [("broadcast", 1), ("updated", 2)]


async def test_a_late_yes_to_an_alert_was_a_yes_to_its_update(station: Station, ada: Voice) -> None:
    """It waited in the outbox of a device without a network while another officer approved the alert."""
    alert_id = (await station.send("Officer Vega", GRAVE))["alert"]
    (view,) = (await station.ask("Officer Kok", "alert.list"))["alerts"]
    await station.ask("Chief Prins", "alert.approve", alert=alert_id, due=view["due"])
    station.clock.forward(seconds=1)
    await station.ask("Officer Vega", "alert.update", alert=alert_id, severity="extreme")
    await station.refused("wrong_state", "Officer Kok", "alert.approve", alert=alert_id, due=view["due"])
    assert (await station.alert(alert_id)).pending is not None


async def _pending(station: Station, alert_id: str) -> dict[str, Any]:
    views = (await station.ask("Officer Kok", "alert.list"))["alerts"]
    return dict(next(view["pending"] for view in views if view["alert"] == alert_id))


async def test_who_approved_stood_in_no_book(station: Station, ada: Voice) -> None:
    """Neighbours read that two officers sent it, and two made it graver; of each message once in a neighbourhood."""
    alert_id = (await station.send("Officer Vega", GRAVE))["alert"]
    await station.ask("Officer Kok", "alert.approve", alert=alert_id)
    await station.ask("Officer Kok", "alert.update", alert=alert_id, severity="extreme")
    await station.ask("Chief Prins", "alert.approve", alert=alert_id)
    await station.ask("Officer Vega", "alert.update", alert=alert_id, certainty="likely")
    await alert_delivery.deliver(station.town, msgspec.structs.replace(await station.alert(alert_id), delivered=0))
    rows = (await ada.ask("audit.read", room=MOERWIJK_WEST))["rows"]
    assert [(row["deed"], row["by"]["name"], row["code"]) for row in reversed(rows)] == [
        ("alert.approved", "Officer Kok", "severe"), ("alert.broadcast", "Officer Vega", "severe"),
        ("alert.approved", "Chief Prins", "extreme"), ("alert.updated", "Officer Kok", "extreme"),
        ("alert.updated", "Officer Vega", "extreme"),
    ]  # fmt: skip


async def test_an_officer_of_elsewhere_was_told_how_an_alert_stands(station: Station, ada: Voice) -> None:
    """Outside the own area the answer is that, whatever its state and whatever is asked of it."""
    alert_id = await _sent(station)
    await station.ask("Officer Vega", "alert.clear", alert=alert_id)
    more: dict[str, dict[str, Any]] = {"update": {"text": "Nee."}, "cancel": {"reason": "Zomaar."}}
    for name in ("approve", "decline", "update", "cancel", "clear"):
        asked = {"alert": alert_id, **more.get(name, {})}
        await station.refused("outside_jurisdiction", "Officer Yilmaz", f"alert.{name}", **asked)


# delivery --------------------------------------------------------------------------------------------


async def test_a_message_waited_with_an_earlier_one_that_a_room_could_not_take(station: Station, ada: Voice) -> None:
    """The process that committed it has died: the rooms that can take it have it within seconds, not after 30."""
    head = RoomKeys(JAN_LUYKENLAAN).head
    await station.town.store.read("HSET", head, "seq", 0)  # its log refuses a number that it has
    streets = [JAN_LUYKENLAAN, "BU05183637:betje-wolffstraat"]
    alert_id = await _sent(station, places=streets)
    with killed_after(station.town, 1), pytest.raises(Killed):
        await station.ask("Officer Vega", "alert.clear", alert=alert_id)
    await station.forward(seconds=3)
    assert await chain(station.town, streets[1]) == [("broadcast", 1), ("cleared", 2)]


async def test_a_message_was_sent_before_the_one_that_it_follows(station: Station, ada: Voice) -> None:
    """Of two commands at once the later one may be the first to be carried out."""
    alert_id = await _sent(station)
    station.clock.forward(seconds=1)
    await station.ask("Officer Vega", "alert.update", alert=alert_id, certainty="likely")
    station.clock.forward(ms=-500)
    await station.ask("Officer Kok", "alert.update", alert=alert_id, certainty="possible")
    sent = [message.sent for message in (await station.alert(alert_id)).messages]
    assert sent == sorted(sent)
    bodies = [json.loads(entry.data["body"]) for entry in await entries(station.town, MOERWIJK_WEST)]
    assert [body["sent"] for body in bodies] == sent


async def test_a_pinned_alert_without_its_parts_kept_everybody_out(station: Station, ada: Voice) -> None:
    """The room opens without it."""
    await _sent(station)
    of = RoomKeys(MOERWIJK_WEST)
    await station.town.store.read("HSET", of.alerts, "aaaaaaaaaaaa", msgspec.msgpack.encode({"n": 1}))
    resumed = await log.resume(station.town.store, MOERWIJK_WEST, ada.id, None, station.clock.now_ms())
    assert len(resumed.alerts) == 1


async def test_who_was_found_too_late_to_have_been_given_it_heard_nothing(
    station: Station, clock: MovedClock, ada: Voice
) -> None:
    """Who moves away in the moment of an update, or was given the alert by a process that has died, hears of it all the
    same when that turns out."""
    await given.note(station.town, {MOERWIJK_WEST: [Point(ada.id, 1)]})
    alert_id = await _sent(station)
    (entry,) = await entries(station.town, MOERWIJK_WEST)
    await membership.move(station.town, ada.id, "192.0.2.1", await code_for(station.town, GOUDKARPERSINGEL))
    await station.ask("Officer Vega", "alert.update", alert=alert_id, certainty="likely")
    await given.note(station.town, {MOERWIJK_WEST: [Point(ada.id, entry.seq)]})
    await warning_due.overdue(station.town, clock.now_ms())
    rows = await station.town.store.read(*correction.of_person(ada.id))
    assert [one["what"] for one in correction.unseen(rows, set())] == ["corrected"]
