"""The demo's people on a real server, a thousand times as fast as life: the evening, the desk, talk and warnings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random

import pytest

from server.app import Running
from server.demo import people, story, warned
from server.demo.cast import Colleague
from server.demo.child import Orders
from server.demo.guests import GUESTS
from server.demo.living import Life
from server.demo.pace import Pace
from tests.conftest import Join, settled, until
from tests.neighbour import Neighbour
from tests.town import JAN_LUYKENLAAN, MOERWIJK_WEST

QUICK = 1000.0
OFFICER = next(guest.staff for guest in GUESTS if guest.who == "officer")


@pytest.fixture
async def life(server: Running) -> AsyncIterator[Life]:
    """The story's street and the staff on duty."""
    life = Life(Orders(settings=server.ground.settings, url=server.url, pace=QUICK, hour=20))
    life.pace.chance.seed(7)
    await life.begin(server.town)
    yield life
    for neighbour in (*life.streets[0].neighbours, *life.staff):
        if neighbour.is_here:
            await neighbour.go()


async def visitor(server: Running, row: Colleague | None) -> Neighbour:
    """Somebody of the staff who looks in, as by a link, and goes on duty."""
    assert row is not None
    visitor = Neighbour(server.url, row.name)
    person = await people.colleague(server.town, row)
    visitor.token, _ = await people.begin(server.town, person, visitor.device)
    visitor.person, visitor.id = person.by(), person.id
    await visitor.connect()
    assert (await visitor.ask("duty.start", {"client_id": visitor.next_id()}))["ok"]
    return visitor


# the evening -----------------------------------------------------------------------------------------

TOLD = ["warning.raised", "warning.answered", "escalation.raised", "escalation.accepted", "staff.entered",
        "warning.cleared", "escalation.resolved", "staff.left", "escalation.rated"]  # fmt: skip


async def test_the_evening_is_told_from_the_warning_to_the_outcome(server: Running, life: Life, join: Join) -> None:
    """Every deed is carried out; the street's log has each step in its order, the neighbourhood's the alert."""
    ada = await join("Ada")
    evening = life.evening()
    await evening.play()
    assert evening.done == [(line.deed, True) for line in story.script()]
    street = await ada.pull(JAN_LUYKENLAAN, 0)
    steps = iter([entry["event"] for entry in street])
    assert [step for step in TOLD if step in steps] == TOLD
    around = [entry["event"] for entry in await ada.pull(MOERWIJK_WEST, 0)]
    assert [event for event in around if event.startswith("alert.")] == ["alert.broadcast", "alert.cleared"]
    (rated,) = [entry["data"]["case"] for entry in street if entry["event"] == "escalation.rated"]
    assert (rated["outcome"]["code"], rated["helped"]) == ("on_site", True)


async def test_a_visitor_may_take_the_case(
    server: Running, life: Life, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demo's officer then leaves it to them, talk and outcome too, and the evening goes on."""
    vega, evening = await visitor(server, OFFICER), life.evening()

    called = [line.deed for line in story.script()].index("call")

    async def vega_is_quick(_: float) -> None:
        """Before the line after the call."""
        if len(evening.done) == called + 1:
            case = (await vega.expect("escalation.paged"))["case"]["id"]
            assert (await vega.ask("escalation.accept", {"case": case, "client_id": vega.next_id()}))["ok"]

    monkeypatch.setattr(life.pace, "exactly", vega_is_quick)
    await evening.play()
    assert {deed for deed, done in evening.done if not done} == {"take", "tell", "resolve", "helped"}
    ada = await join("Ada")
    (case,) = ada.welcome["cases"]
    assert case["owner"]["id"] == vega.id
    await vega.close()


# the desk --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("to", "who"), [("police", "Wijkagent van dienst"), ("municipality", "Avonddienst gemeente")])
async def test_a_call_of_a_visitor_is_taken_and_answered(life: Life, join: Join, to: str, who: str) -> None:
    """Somebody comes into the room, says something, and gives an outcome."""
    ada = await join("Ada")
    asked = {"room": JAN_LUYKENLAAN, "to": to, "urgency": "soon", "text": "Kan er iemand komen kijken?"}
    called = await ada.ask("escalation.raise", {**asked, "client_id": ada.next_id()})
    assert (await ada.expect("staff.entered"))["by"]["name"] == who
    assert (await ada.expect("message.posted"))["by"]["name"] == who
    assert (await ada.expect("escalation.resolved"))["data"]["case"]["id"] == called["case"]
    assert called["case"] not in life.desk.left


async def test_a_private_call_is_answered_in_private(life: Life, join: Join) -> None:
    """In its own room; nothing of it stands in the street."""
    ada = await join("Ada")
    asked = {"room": JAN_LUYKENLAAN, "to": "municipality", "urgency": "soon", "kind": "worry", "private": True,
             "text": "Ik maak me zorgen om mijn buurvrouw."}  # fmt: skip
    called = await ada.ask("escalation.raise", {**asked, "client_id": ada.next_id()})
    said = await ada.expect("message.posted")
    assert said["room"] == f"case:{called['case']}"
    await ada.expect("escalation.resolved")


async def test_a_colleague_approves_what_a_visitor_sends(server: Running, life: Life, join: Join) -> None:
    """So that one window is enough to see an alert go out."""
    ada, vega = await join("Ada"), await visitor(server, OFFICER)
    preview = await vega.ask("alert.preview", {**story.ALERT, "places": [MOERWIJK_WEST]})
    told = await vega.ask("alert.broadcast", {"preview": preview["preview"], "code": preview["code"],
                                              "client_id": vega.next_id()})  # fmt: skip
    assert told["state"] == "waiting"
    assert (await ada.expect("alert.broadcast"))["data"]["alert"] == told["alert"]
    await vega.close()


# talk and warnings -----------------------------------------------------------------------------------


async def test_a_street_talks(server: Running, life: Life, join: Join) -> None:
    """In its own room and in the neighbourhood's; who answers is somebody else than who asked."""
    ada, street = await join("Ada"), life.streets[0]
    for _ in range(12):
        await street.talk()
    await settled(server)
    for room in (JAN_LUYKENLAAN, MOERWIJK_WEST):
        assert ada.texts(room)
    said = {(entry["room"], entry["seq"]): entry for name, entry in ada.events if name == "message.posted"}
    answered = [(entry, said[entry["room"], entry["data"]["reply_to"]])
                for entry in said.values() if "reply_to" in entry["data"]]  # fmt: skip
    assert answered
    assert all(answer["by"] != question["by"] for answer, question in answered)


async def test_a_street_in_alarm_does_not_chat(life: Life, join: Join) -> None:
    """Nobody asks for a ladder while a door is broken open."""
    ada, street = await join("Ada"), life.streets[0]
    street.is_alarmed = True
    await street.talk()
    await ada.expect_nothing("message.posted")


async def test_a_warning_is_answered_and_ends(life: Life, join: Join) -> None:
    """Raised, answered by neighbours, and all clear."""
    ada, street = await join("Ada"), life.streets[0]
    await warned.warn(street, Pace(QUICK, 20, chance=Random(3)))
    raised = await ada.expect("warning.raised")
    answered = await ada.expect("warning.answered", target=raised["seq"])
    assert answered["by"]["id"] != raised["by"]["id"]
    await ada.expect("warning.cleared", target=raised["seq"])


async def test_neighbours_go_to_sleep_and_come_back(server: Running, life: Life) -> None:
    """At night only those who are up late are connected, and those by whom the evening is told."""
    (street,) = life.streets
    everyone = len(street.here())
    life.pace.fixed_hour = 3
    await life.wake(street)
    await until(lambda: len(street.here()) < everyone)
    asleep = [neighbour for neighbour in street.neighbours if not neighbour.is_here]
    life.pace.fixed_hour = 20
    await life.wake(street)
    assert len(street.here()) == everyone
    assert asleep
