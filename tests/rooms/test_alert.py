"""Alerts as officers send them: looked at first, approved where it is grave, whole in every language, and ended."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64decode
from typing import Any

import msgspec
import pytest

from rooms import keys, log
from rooms.refusal import Refusal
from rooms.signature import verify
from rooms.town import Town
from tests.rooms.alert_cast import EAST, ENGLISH, GRAVE, HOUR_MS, MINUTE_MS, SMOKE, Station, chain, entries
from tests.rooms.conftest import Resident
from tests.rooms.voice import Voice
from tests.town import BETJE_WOLFFSTRAAT, ESCAMP, GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST, MovedClock

RING = [[4.29, 52.04], [4.31, 52.04], [4.31, 52.06], [4.29, 52.04]]


@pytest.fixture
def station(unhurried: Town, clock: MovedClock) -> Station:
    """The staff who send alerts, whom no limit stops."""
    return Station(unhurried, clock)


@pytest.fixture
async def street(ada: Voice, ben: Voice) -> tuple[Voice, Voice]:
    """Ada and Ben, of the Jan Luykenlaan."""
    return ada, ben


async def _waiting(station: Station, name: str = "Officer Vega") -> str:
    return str((await station.send(name, GRAVE))["alert"])


async def _in_force(station: Station, **more: Any) -> str:
    return str((await station.send("Officer Vega", {**SMOKE, **more}))["alert"])


# looking ---------------------------------------------------------------------------------------------


async def test_a_preview_says_whom_it_reaches(
    station: Station, street: tuple[Voice, Voice], resident: Resident
) -> None:
    """How many live there, in which neighbourhoods, how many of them are here; and that nobody else need look."""
    await resident("Fien", GOUDKARPERSINGEL)
    now_ms = station.clock.now_ms()
    await station.town.store.read("ZADD", keys.RoomKeys(MOERWIJK_WEST).here, now_ms + 1_000, street[0].id)
    seen = await station.ask("Officer Vega", "alert.preview", **SMOKE)
    assert (seen["members"], seen["connected"], seen["rooms"]) == (2, 1, 1)
    assert seen["neighbourhoods"] == [{"id": MOERWIJK_WEST, "name": "Moerwijk-West", "members": 2}]
    assert (seen["needs_approval"], "code" in seen) == (False, False)
    assert seen["expires_at"] - now_ms == pytest.approx(2 * HOUR_MS, abs=MINUTE_MS)


async def test_a_preview_counts_everybody_once(station: Station, resident: Resident, ada: Voice) -> None:
    """Streets and the neighbourhood around them name the same people."""
    await resident("Betty", BETJE_WOLFFSTRAAT)
    places = [MOERWIJK_WEST, JAN_LUYKENLAAN, BETJE_WOLFFSTRAAT]
    assert (await station.ask("Officer Vega", "alert.preview", **{**SMOKE, "places": places}))["members"] == 2


async def test_a_preview_sends_and_keeps_nothing(station: Station, ada: Voice) -> None:
    """Looking leaves the preview alone, for a quarter of an hour."""
    await station.voice("Officer Vega")
    before = {*await station.town.store.read("KEYS", "*")}
    seen = await station.ask("Officer Vega", "alert.preview", **SMOKE)
    left = {*await station.town.store.read("KEYS", "*")} - before
    assert left == {keys.preview(seen["preview"]).encode()}
    assert 0 < await station.town.store.read("PTTL", keys.preview(seen["preview"])) <= 15 * MINUTE_MS
    assert await chain(station.town, MOERWIJK_WEST) == []


async def test_a_preview_says_who_could_approve(station: Station, ada: Voice) -> None:
    """Other officers on duty whose area covers it: not oneself, nor who is of another area or organisation."""
    for name in ("Officer Vega", "Officer Yilmaz", "Moderator Smit", "Moderator Bakker"):
        await station.ask(name, "duty.start")
    assert (await station.ask("Officer Vega", "alert.preview", **GRAVE))["approvers"] == 0
    await station.ask("Officer Kok", "duty.start")
    assert (await station.ask("Officer Vega", "alert.preview", **GRAVE))["approvers"] == 1


async def test_a_line_on_the_map_means_places(station: Station, ada: Voice) -> None:
    """Where the town has borders; the line itself is kept beside them, for who draws it again."""
    home = station.town.places.get(MOERWIJK_WEST)
    assert home is not None
    border = ((4.28, 52.04), (4.32, 52.04), (4.32, 52.08), (4.28, 52.08), (4.28, 52.04))
    await station.town.import_places([msgspec.structs.replace(home, geometry=((border,),))])
    drawn = {**{name: value for name, value in SMOKE.items() if name != "places"}, "polygon": RING}
    seen = await station.ask("Officer Vega", "alert.preview", **drawn)
    assert seen["areas"] == [{"id": MOERWIJK_WEST, "name": "Moerwijk-West"}]
    sent = await station.ask("Officer Vega", "alert.broadcast", preview=seen["preview"])
    assert (await station.alert(sent["alert"])).ring == tuple((east, north) for east, north in RING)
    assert await chain(station.town, MOERWIJK_WEST) == [("broadcast", 1)]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"places": []}, "places"),
        ({"places": ["BU05189999"]}, "places"),
        ({"places": None}, "places"),
        ({"polygon": RING}, "places"),
        ({"places": None, "polygon": RING}, "polygon"),
        ({"places": None, "polygon": RING[:3]}, "polygon"),
        ({"headline": "x" * 81}, "headline"),
        ({"headline": "\x07"}, "headline"),
        ({"text": " "}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"instruction": "x" * 501}, "instruction"),
        ({"severity": "danger"}, "severity"),
        ({"category": "other "}, "category"),
        ({"languages": [{**ENGLISH, "language": "nl"}]}, "languages"),
        ({"languages": [ENGLISH, ENGLISH]}, "languages"),
        ({"link": "http://politie.nl/"}, "link"),
        ({"link": "https://politie.nl.example/"}, "link"),
        ({"link": "https://nepolitie.nl/"}, "link"),
        ({"link": "https://politie.nl@example.org/"}, "link"),
        ({"links": "https://politie.nl/"}, "links"),
    ],
)
async def test_what_makes_no_alert_is_refused(station: Station, ada: Voice, more: dict[str, Any], field: str) -> None:
    """With the field that is wrong; the town of the tests has no borders that a polygon could mean."""
    said = {name: value for name, value in {**SMOKE, **more}.items() if value is not None}
    assert (await station.refused("bad_request", "Officer Vega", "alert.preview", **said))["field"] == field


@pytest.mark.parametrize("minutes", [4, 72 * 60 + 1])
async def test_an_alert_ends_within_three_days(station: Station, ada: Voice, minutes: int) -> None:
    """Not at once either: who is given it must have time to read it."""
    said = {**SMOKE, "expires_at": station.clock.now_ms() + minutes * MINUTE_MS}
    assert (await station.refused("bad_request", "Officer Vega", "alert.preview", **said))["field"] == "expires_at"


@pytest.mark.parametrize("link", ["https://politie.nl/moerwijk?a=1", "https://www.denhaag.nl"])
async def test_a_link_leads_to_an_allowed_host(station: Station, ada: Voice, link: str) -> None:
    """Or below one."""
    alert_id = await _in_force(station, link=link)
    assert (await station.alert(alert_id)).messages[0].said.link == link


async def test_looking_has_a_limit(town: Town, clock: MovedClock, ada: Voice) -> None:
    """A look counts a whole area; who looks again and again waits a little."""
    station = Station(town, clock)
    for _ in range(town.policy.limits["alert"].burst):
        await station.ask("Officer Vega", "alert.preview", **SMOKE)
    await station.refused("too_fast", "Officer Vega", "alert.preview", **SMOKE)


# who may ---------------------------------------------------------------------------------------------


async def test_a_resident_sends_no_alert(ada: Voice) -> None:
    """Nor does anything else that a resident can send look like one."""
    await ada.refused("not_permitted", "alert.preview", **SMOKE)
    await ada.refused("not_permitted", "alert.broadcast", preview="a" * 12)
    await ada.refused("not_permitted", "alert.list")


async def test_a_moderator_of_the_police_sends_no_alert(station: Station, ada: Voice) -> None:
    """Moderators of the police watch conversations; officers alert."""
    await station.refused("not_permitted", "Moderator Smit", "alert.preview", **SMOKE)


async def test_the_municipality_says_nothing_grave(station: Station, ada: Voice) -> None:
    """Notices up to moderate, by its moderators; an update makes them no graver."""
    error = await station.refused("not_permitted", "Moderator Bakker", "alert.preview", **GRAVE)
    assert error["field"] == "severity"
    notice = await station.send("Moderator Bakker", SMOKE)
    assert notice["state"] == "in_force"
    error = await station.refused(
        "not_permitted", "Moderator Bakker", "alert.update", alert=notice["alert"], severity="extreme"
    )
    assert error["field"] == "severity"


@pytest.mark.parametrize("places", [[GOUDKARPERSINGEL], [MOERWIJK_WEST, GOUDKARPERSINGEL], ["GM0518"]])
async def test_an_officer_alerts_the_own_area(station: Station, ada: Voice, places: list[str]) -> None:
    """One street outside it is outside."""
    await station.refused("outside_jurisdiction", "Officer Vega", "alert.preview", **{**SMOKE, "places": places})


async def test_an_empty_area_is_never_widened(station: Station, ada: Voice) -> None:
    """Where nobody lives who is a member there is nobody to alert, and the street next to it is not asked."""
    await station.refused("nobody_there", "Officer Vega", "alert.preview", **{**SMOKE, "places": [BETJE_WOLFFSTRAAT]})


async def test_so_many_streets_are_no_area(station: Station, ada: Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every room stands in the text that every room is given: whole neighbourhoods are few."""
    monkeypatch.setattr("rooms.alert_rules.MOST_ROOMS", 1)
    places = [JAN_LUYKENLAAN, BETJE_WOLFFSTRAAT]
    error = await station.refused("bad_request", "Officer Vega", "alert.preview", **{**SMOKE, "places": places})
    assert error["field"] == "places"


# sending ---------------------------------------------------------------------------------------------


async def test_an_alert_says_all_that_was_seen(station: Station, street: tuple[Voice, Voice]) -> None:
    """One entry in the neighbourhood's room, in every language, signed over its very text."""
    more = {"languages": [ENGLISH], "exercise": True, "link": "https://politie.nl/"}
    alert_id = await _in_force(station, **more)
    (entry,) = await entries(station.town, MOERWIJK_WEST)
    assert (entry.name, entry.by["name"], entry.data["alert"]) == ("alert.broadcast", "Officer Vega", alert_id)
    said = json.loads(entry.data["body"])
    assert {name: said[name] for name in ("alert", "n", "type", "rooms", "exercise")} == {
        "alert": alert_id, "n": 1, "type": "alert", "rooms": [MOERWIJK_WEST], "exercise": True,
    }  # fmt: skip
    assert [(words["language"], words["headline"]) for words in said["words"]] == [
        ("nl", SMOKE["headline"]), ("en", ENGLISH["headline"]),
    ]  # fmt: skip
    assert [await chain(station.town, room) for room in (JAN_LUYKENLAAN, BETJE_WOLFFSTRAAT)] == [[], []]


async def test_nothing_is_sent_that_was_not_looked_at(station: Station, ada: Voice) -> None:
    """A broadcast names a preview; one that never was, or is over, sends nothing."""
    await station.refused("preview_gone", "Officer Vega", "alert.broadcast", preview="a" * 12)
    seen = await station.ask("Officer Vega", "alert.preview", **SMOKE)
    await station.town.store.read("DEL", keys.preview(seen["preview"]))  # as it is after a quarter of an hour
    await station.refused("preview_gone", "Officer Vega", "alert.broadcast", preview=seen["preview"])
    assert await chain(station.town, MOERWIJK_WEST) == []


async def test_a_preview_is_used_once(station: Station, ada: Voice) -> None:
    """A second broadcast of it, from another device too, is none."""
    seen = await station.ask("Officer Vega", "alert.preview", **SMOKE)
    await station.ask("Officer Vega", "alert.broadcast", preview=seen["preview"])
    await station.refused("preview_gone", "Officer Vega", "alert.broadcast", preview=seen["preview"])
    other = (await station.voice("Officer Vega")).other_device()
    await other.refused("preview_gone", "alert.broadcast", preview=seen["preview"])
    assert await chain(station.town, MOERWIJK_WEST) == [("broadcast", 1)]


async def test_two_broadcasts_of_a_preview_at_once_are_one(station: Station, ada: Voice) -> None:
    """Whichever comes first uses it up, between the other's look and its step as well."""
    seen = await station.ask("Officer Vega", "alert.preview", **SMOKE)
    vega = await station.voice("Officer Vega")
    both = (one.ask("alert.broadcast", preview=seen["preview"]) for one in (vega, vega.other_device()))
    answers = await asyncio.gather(*both, return_exceptions=True)
    refusals = [answer.code for answer in answers if isinstance(answer, Refusal)]
    assert refusals == ["preview_gone"]
    assert await chain(station.town, MOERWIJK_WEST) == [("broadcast", 1)]


async def test_a_repeat_is_answered_as_it_was(station: Station, ada: Voice) -> None:
    """The same client_id again, also at the same moment, is the same alert."""
    seen = await station.ask("Officer Vega", "alert.preview", **SMOKE)
    vega = await station.voice("Officer Vega")
    said = {"preview": seen["preview"], "client_id": vega.next_id()}
    replies = await asyncio.gather(*(vega.ask("alert.broadcast", **said) for _ in range(3)))
    assert replies == [replies[0]] * 3
    assert await vega.ask("alert.broadcast", **said) == replies[0]
    assert await chain(station.town, MOERWIJK_WEST) == [("broadcast", 1)]


async def test_a_preview_is_who_looked(station: Station, ada: Voice) -> None:
    """A colleague has not seen what it says."""
    seen = await station.ask("Officer Vega", "alert.preview", **SMOKE)
    await station.refused("preview_gone", "Officer Kok", "alert.broadcast", preview=seen["preview"])
    assert (await station.ask("Officer Vega", "alert.broadcast", preview=seen["preview"]))["state"] == "in_force"


async def test_the_code_guards_the_button(station: Station, ada: Voice) -> None:
    """Without it, or with another, nothing is sent and the preview stays; small letters will do."""
    seen = await station.ask("Officer Vega", "alert.preview", **GRAVE)
    send = {"preview": seen["preview"]}
    assert (await station.refused("code_mismatch", "Officer Vega", "alert.broadcast", **send))["field"] == "code"
    await station.refused("code_mismatch", "Officer Vega", "alert.broadcast", **send, code="0000")
    sent = await station.ask("Officer Vega", "alert.broadcast", **send, code=seen["code"].lower())
    assert sent["state"] == "waiting"


async def test_who_lost_the_area_since_sends_nothing(station: Station, ada: Voice) -> None:
    """What one may is looked at when it is done, not when it was looked at."""
    seen = await station.ask("Officer Vega", "alert.preview", **SMOKE)
    vega = await station.voice("Officer Vega")
    yilmaz = await station.voice("Officer Yilmaz")
    moved = Voice(station.town, _as(vega, jurisdiction=yilmaz.person.jurisdiction), 2)
    await moved.refused("outside_jurisdiction", "alert.broadcast", preview=seen["preview"])


def _as(voice: Voice, **changed: Any) -> Any:
    return type(voice.person)(
        **{name: getattr(voice.person, name) for name in voice.person.__struct_fields__} | changed
    )


# the second officer ----------------------------------------------------------------------------------


async def test_what_is_grave_waits_for_a_second_officer(station: Station, ada: Voice) -> None:
    """Nobody is given anything before; then everybody is, and it says who wrote it."""
    alert_id = await _waiting(station)
    assert await chain(station.town, MOERWIJK_WEST) == []
    approved = await station.ask("Officer Kok", "alert.approve", alert=alert_id)
    assert approved == {"ok": True, "alert": alert_id, "state": "in_force"}
    (entry,) = await entries(station.town, MOERWIJK_WEST)
    assert (entry.name, entry.by["name"]) == ("alert.broadcast", "Officer Vega")
    kept = await station.alert(alert_id)
    assert (kept.approver and kept.approver.name, kept.approved) == ("Officer Kok", "severe")


async def test_more_than_one_district_waits_too(station: Station, ada: Voice, resident: Resident) -> None:
    """However harmless it is."""
    await resident("Fien", GOUDKARPERSINGEL)
    seen = await station.ask("Chief Prins", "alert.preview", **{**SMOKE, "places": [ESCAMP, EAST]})
    assert (seen["needs_approval"], seen["members"]) == (True, 2)
    sent = await station.ask("Chief Prins", "alert.broadcast", preview=seen["preview"], code=seen["code"])
    assert sent["state"] == "waiting"
    await station.refused("outside_jurisdiction", "Officer Kok", "alert.approve", alert=sent["alert"])
    assert (await station.ask("Chief Dekker", "alert.approve", alert=sent["alert"]))["state"] == "in_force"


async def test_nobody_approves_the_own_alert(station: Station, ada: Voice) -> None:
    """From another device neither."""
    alert_id = await _waiting(station)
    await station.refused("second_officer", "Officer Vega", "alert.approve", alert=alert_id)
    other = (await station.voice("Officer Vega")).other_device()
    await other.refused("second_officer", "alert.approve", alert=alert_id)
    assert (await station.alert(alert_id)).state == "waiting"


async def test_who_may_not_send_may_not_approve(station: Station, ada: Voice) -> None:
    """Moderators of the police never; of what waits at the police the municipality hears nothing."""
    alert_id = await _waiting(station)
    await station.refused("not_permitted", "Moderator Smit", "alert.approve", alert=alert_id)
    await station.refused("not_found", "Moderator Bakker", "alert.approve", alert=alert_id)
    await station.refused("not_found", "Moderator Bakker", "alert.approve", alert="a" * 12)
    await station.refused("outside_jurisdiction", "Officer Yilmaz", "alert.approve", alert=alert_id)


async def test_nobody_within_five_minutes_and_it_lapses(station: Station, ada: Voice) -> None:
    """From then on nobody can approve it, whether the deadline has been carried out or not."""
    alert_id = await _waiting(station)
    await station.forward(minutes=4.9)
    assert (await station.alert(alert_id)).state == "waiting"
    station.clock.forward(seconds=7)
    await station.refused("wrong_state", "Officer Kok", "alert.approve", alert=alert_id)
    assert await station.forward() == 1
    assert (await station.alert(alert_id)).state == "lapsed"
    await station.refused("wrong_state", "Officer Kok", "alert.approve", alert=alert_id)
    assert await chain(station.town, MOERWIJK_WEST) == []
    assert await station.forward(days=1) == 0


@pytest.mark.parametrize("name", ["Officer Kok", "Officer Vega"])
async def test_what_waits_can_be_declined(station: Station, ada: Voice, name: str) -> None:
    """By another officer, or by the author who withdraws it."""
    alert_id = await _waiting(station)
    assert (await station.ask(name, "alert.decline", alert=alert_id))["state"] == "declined"
    await station.refused("wrong_state", "Officer Kok", "alert.approve", alert=alert_id)
    assert await station.forward(days=1) == 0


async def test_two_approvals_at_once_send_once(station: Station, ada: Voice) -> None:
    """One of them finds it done."""
    alert_id = await _waiting(station)
    names = ("Officer Kok", "Chief Prins")
    approvals = (station.ask(name, "alert.approve", alert=alert_id) for name in names)
    answers = await asyncio.gather(*approvals, return_exceptions=True)
    assert [answer.code for answer in answers if isinstance(answer, Refusal)] == ["wrong_state"]
    assert await chain(station.town, MOERWIJK_WEST) == [("broadcast", 1)]


# later -----------------------------------------------------------------------------------------------


async def test_an_update_says_everything_anew(station: Station, ada: Voice) -> None:
    """It is complete by itself: what it leaves out stands in it as it was, and the area never changes."""
    alert_id = await _in_force(station, languages=[ENGLISH])
    text = "De brand is onder controle."
    update = {"text": text, "languages": [{**ENGLISH, "text": "The fire is under control."}]}
    answer = await station.ask("Officer Kok", "alert.update", alert=alert_id, **update)
    assert (answer["state"], answer["pending"]) == ("in_force", False)
    first, second = (json.loads(entry.data["body"]) for entry in await entries(station.town, MOERWIJK_WEST))
    assert (second["n"], second["type"], second["sender_name"]) == (2, "update", "Officer Kok")
    assert (second["words"][0]["text"], second["words"][0]["headline"]) == (text, SMOKE["headline"])
    assert (second["areas"], second["rooms"]) == (first["areas"], first["rooms"])


async def test_no_language_goes_on_saying_what_was_so(station: Station, ada: Voice) -> None:
    """Who changes the words says them in every language, or leaves the others out on purpose."""
    alert_id = await _in_force(station, languages=[ENGLISH])
    change = {"alert": alert_id, "text": "De brand is uit."}
    error = await station.refused("bad_request", "Officer Vega", "alert.update", **change)
    assert error["field"] == "languages"
    await station.ask("Officer Vega", "alert.update", **change, languages=[])
    await station.ask("Officer Vega", "alert.update", alert=alert_id, certainty="likely")
    body = json.loads((await entries(station.town, MOERWIJK_WEST))[-1].data["body"])
    assert [words["language"] for words in body["words"]] == ["nl"]


async def test_an_update_that_makes_it_grave_waits(station: Station, ada: Voice) -> None:
    """The alert stays as it is until a second officer has approved; then the update goes out, by who wrote it."""
    alert_id = await _in_force(station)
    answer = await station.ask("Officer Kok", "alert.update", alert=alert_id, severity="extreme")
    assert (answer["state"], answer["pending"]) == ("in_force", True)
    await station.refused("wrong_state", "Officer Vega", "alert.update", alert=alert_id, severity="minor")
    await station.refused("second_officer", "Officer Kok", "alert.approve", alert=alert_id)
    assert await chain(station.town, MOERWIJK_WEST) == [("broadcast", 1)]
    await station.ask("Officer Vega", "alert.approve", alert=alert_id)
    entry = (await entries(station.town, MOERWIJK_WEST))[-1]
    body = json.loads(entry.data["body"])
    assert (entry.name, entry.by["name"], body["severity"]) == ("alert.updated", "Officer Kok", "extreme")
    again = await station.ask("Officer Kok", "alert.update", alert=alert_id, text="Ga nu weg.")
    assert again["pending"] is False, "what somebody else has seen to be extreme needs no second look"


@pytest.mark.parametrize("end", ["lapse", "decline"])
async def test_an_update_that_nobody_approves_changes_nothing(station: Station, ada: Voice, end: str) -> None:
    """It lapses after five minutes, or is declined; the alert stays in force."""
    alert_id = await _in_force(station)
    await station.ask("Officer Kok", "alert.update", alert=alert_id, severity="extreme")
    if end == "lapse":
        assert await station.forward(minutes=5) == 1
    else:
        await station.ask("Officer Vega", "alert.decline", alert=alert_id)
    kept = await station.alert(alert_id)
    assert (kept.state, kept.pending, kept.content.severity) == ("in_force", None, "moderate")
    await station.refused("wrong_state", "Officer Vega", "alert.approve", alert=alert_id)
    await station.refused("wrong_state", "Officer Vega", "alert.decline", alert=alert_id)


@pytest.mark.parametrize(("command", "name"), [("alert.cancel", "cancelled"), ("alert.clear", "cleared")])
async def test_an_alert_is_ended_by_a_colleague(station: Station, ada: Voice, command: str, name: str) -> None:
    """With a reason, to everybody who has it; then it is over for good."""
    alert_id = await _in_force(station)
    answer = await station.ask("Officer Kok", command, alert=alert_id, reason="De brand is uit.")
    assert answer["state"] == name
    assert await chain(station.town, MOERWIJK_WEST) == [("broadcast", 1), (name, 2)]
    body = json.loads((await entries(station.town, MOERWIJK_WEST))[-1].data["body"])
    assert (body["reason"], body["type"], body["n"]) == ("De brand is uit.", command.removeprefix("alert."), 2)
    for again in ("alert.cancel", "alert.clear", "alert.update"):
        more = {"text": "Toch niet."} if again == "alert.update" else {"reason": "Toch niet."}
        await station.refused("wrong_state", "Officer Vega", again, alert=alert_id, **more)
    assert await station.forward(days=3) == 0


async def test_an_alert_belongs_to_its_organisation(station: Station, ada: Voice) -> None:
    """The municipality sees what the police have sent, and can't change it; nor can an officer of another area."""
    alert_id = await _in_force(station)
    await station.refused("not_permitted", "Moderator Bakker", "alert.clear", alert=alert_id)
    await station.refused("outside_jurisdiction", "Officer Yilmaz", "alert.clear", alert=alert_id)
    await station.refused("not_permitted", "Moderator Smit", "alert.clear", alert=alert_id)


async def test_an_alert_expires_by_itself(station: Station, ada: Voice) -> None:
    """Its end is an entry of nobody's; from then on nothing can be said about it."""
    alert_id = await _in_force(station, expires_at=station.clock.now_ms() + 10 * MINUTE_MS)
    station.clock.forward(minutes=10)
    await station.refused("wrong_state", "Officer Vega", "alert.clear", alert=alert_id)
    assert await station.forward() == 1
    entry = (await entries(station.town, MOERWIJK_WEST))[-1]
    assert (entry.name, entry.by["role"], entry.data) == ("alert.expired", "system", {"alert": alert_id, "n": 2})
    assert (await station.alert(alert_id)).state == "expired"
    assert await station.forward(days=1) == 0


async def test_an_update_moves_the_end(station: Station, ada: Voice) -> None:
    """Within 72 hours from then."""
    alert_id = await _in_force(station, expires_at=station.clock.now_ms() + 10 * MINUTE_MS)
    late = station.clock.now_ms() + 73 * HOUR_MS
    error = await station.refused("bad_request", "Officer Vega", "alert.update", alert=alert_id, expires_at=late)
    assert error["field"] == "expires_at"
    await station.ask("Officer Vega", "alert.update", alert=alert_id, expires_at=station.clock.now_ms() + HOUR_MS)
    assert await station.forward(minutes=10) == 0
    assert await station.forward(minutes=50) == 1


# who comes later -------------------------------------------------------------------------------------


async def _pinned(town: Town, voice: Voice, room: str = MOERWIJK_WEST) -> list[dict[str, Any]]:
    return (await log.resume(town.store, room, voice.id, None, town.clock.now_ms())).alerts


async def test_who_comes_later_sees_it_pinned(station: Station, ada: Voice, resident: Resident) -> None:
    """As its newest message says, until it is over; in the room that it holds for, and in no other."""
    alert_id = await _in_force(station)
    await station.ask("Officer Vega", "alert.update", alert=alert_id, certainty="likely")
    later = Voice(station.town, await resident("Dirk"))
    (view,) = await _pinned(station.town, later)
    entry = (await entries(station.town, MOERWIJK_WEST))[-1]
    assert view == {"room": MOERWIJK_WEST, "seq": entry.seq, "at": entry.at, "by": entry.by, **entry.data}
    assert await _pinned(station.town, later, JAN_LUYKENLAAN) == []
    await station.ask("Officer Vega", "alert.clear", alert=alert_id)
    assert await _pinned(station.town, later) == []


async def test_what_a_person_has_seen_is_pinned_as_seen(station: Station, ada: Voice, ben: Voice) -> None:
    """To them alone."""
    alert_id = await _in_force(station)
    await ada.ask("alert.seen", alert=alert_id, room=MOERWIJK_WEST)
    assert [view.get("seen") for view in await _pinned(station.town, ada)] == [True]
    assert [view.get("seen") for view in await _pinned(station.town, ben)] == [None]
    await station.ask("Officer Vega", "alert.update", alert=alert_id, certainty="likely")
    assert [view.get("seen") for view in await _pinned(station.town, ada)] == [None]  # it says something else now


async def test_a_pinned_alert_that_cannot_be_read_keeps_nobody_out(station: Station, ada: Voice) -> None:
    """The room opens without it."""
    await _in_force(station)
    await station.town.store.read("HSET", keys.RoomKeys(MOERWIJK_WEST).alerts, "aaaaaaaaaaaa", b"\xc1")
    assert len(await _pinned(station.town, ada)) == 1


# the list of staff -----------------------------------------------------------------------------------


async def _listed(station: Station, name: str) -> list[tuple[str, str]]:
    return [(one["alert"], one["state"]) for one in (await station.ask(name, "alert.list"))["alerts"]]


async def test_staff_see_the_alerts_of_their_area(station: Station, ada: Voice) -> None:
    """What is in force everybody whose area it touches; what waits the own organisation alone."""
    alert_id, waiting = await _in_force(station), await _waiting(station, "Officer Kok")
    assert await _listed(station, "Officer Vega") == [(waiting, "waiting"), (alert_id, "in_force")]
    assert await _listed(station, "Chief Prins") == [(waiting, "waiting"), (alert_id, "in_force")]
    assert await _listed(station, "Moderator Smit") == [(waiting, "waiting"), (alert_id, "in_force")]
    assert await _listed(station, "Moderator Bakker") == [(alert_id, "in_force")]
    assert await _listed(station, "Officer Yilmaz") == []


async def test_what_is_over_is_listed_for_a_day(station: Station, ada: Voice) -> None:
    """What is in force for longer, until it is over."""
    over = await _in_force(station)
    long = await _in_force(station, expires_at=station.clock.now_ms() + 71 * HOUR_MS)
    await station.ask("Officer Vega", "alert.clear", alert=over)
    assert await _listed(station, "Officer Vega") == [(over, "cleared"), (long, "in_force")]
    await station.forward(days=2)
    assert await _listed(station, "Officer Vega") == [(long, "in_force")]


async def test_only_the_own_organisation_sees_an_update_that_waits(station: Station, ada: Voice) -> None:
    """What is not said yet is nobody else's to know."""
    alert_id = await _in_force(station)
    await station.ask("Officer Kok", "alert.update", alert=alert_id, severity="extreme")
    mine = (await station.ask("Officer Vega", "alert.list"))["alerts"][0]
    theirs = (await station.ask("Moderator Bakker", "alert.list"))["alerts"][0]
    assert (mine["pending"]["severity"], mine["severity"]) == ("extreme", "moderate")
    assert "pending" not in theirs


# the signature ---------------------------------------------------------------------------------------


async def test_every_message_is_signed_over_its_text(station: Station, ada: Voice) -> None:
    """By the town's key, of which the entry says the name."""
    alert_id = await _in_force(station)
    await station.ask("Officer Vega", "alert.update", alert=alert_id, text="De rook trekt weg.")
    await station.ask("Officer Vega", "alert.clear", alert=alert_id)
    found = await entries(station.town, MOERWIJK_WEST)
    assert [_is_valid(station.town, entry.data) for entry in found] == [True, True, True]
    altered = {**found[0].data, "body": found[0].data["body"].replace("loods", "flat")}
    assert not _is_valid(station.town, altered)


def _is_valid(town: Town, data: dict[str, Any]) -> bool:
    signature = urlsafe_b64decode(data["signature"] + "==")
    return data["key"] == town.signing.id and verify(town.signing.public, data["body"].encode(), signature)
