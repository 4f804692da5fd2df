"""Two neighbours talk: what one says the other reads, once, in order."""

from __future__ import annotations

from server.app import Running
from tests.conftest import Join, until
from tests.town import BETJE_WOLFFSTRAAT, JAN_LUYKENLAAN, MOERWIJK_WEST, POLICE_DESK, MovedClock


async def test_two_neighbours_talk(join: Join) -> None:
    """What Ada says in her street, Ben reads; what Ben says, Ada reads; both see one order."""
    ada, ben = await join("Ada"), await join("Ben")
    first = await ada.say(JAN_LUYKENLAAN, "Ziet iemand het licht?")
    second = await ben.say(JAN_LUYKENLAAN, "Ja, bij nummer tien.", reply_to=first)
    assert second == first + 1
    for neighbour in (ada, ben):
        asked = await neighbour.expect("message.posted", seq=first, text="Ziet iemand het licht?")
        assert asked["by"]["name"] == "Ada"
        await neighbour.expect("message.posted", seq=second, reply_to=first)


async def test_a_message_stays_in_its_room(join: Join) -> None:
    """What is said in the street is not told to the rest of the neighbourhood."""
    ada, cor = await join("Ada"), await join("Cor", BETJE_WOLFFSTRAAT)
    await ada.say(JAN_LUYKENLAAN, "Alleen voor de straat.")
    await cor.expect_nothing("message.posted")
    await ada.say(MOERWIJK_WEST, "Voor de buurt.")
    await cor.expect("message.posted", room=MOERWIJK_WEST, text="Voor de buurt.")


async def test_an_edit_gives_a_message_new_words_and_keeps_the_old(join: Join) -> None:
    """Everyone is told the new wording, and the log keeps both."""
    ada, ben = await join("Ada"), await join("Ben")
    said = await ada.say(JAN_LUYKENLAAN, "De lamp is stukk.")
    edit = {"room": JAN_LUYKENLAAN, "client_id": ada.next_id(), "target": said, "text": "De lamp is stuk."}
    reply = await ada.ask("message.edit", edit)
    assert reply == {"ok": True, "seq": said + 1}
    await ben.expect("message.edited", seq=said + 1, target=said, text="De lamp is stuk.")
    pulled = await ben.pull(JAN_LUYKENLAAN, said - 1)
    assert [(entry["event"], entry["data"]["text"]) for entry in pulled] == [
        ("message.posted", "De lamp is stukk."),
        ("message.edited", "De lamp is stuk."),
    ]


async def test_what_was_taken_back_can_no_longer_be_read(join: Join) -> None:
    """Who was there is told; who reads later finds a marker where the words and their later wordings stood."""
    ada, ben = await join("Ada"), await join("Ben")
    said = await ada.say(JAN_LUYKENLAAN, "Dit had ik niet moeten zeggen.")
    at = {"room": JAN_LUYKENLAAN, "target": said}
    await ada.ask("message.edit", {**at, "client_id": ada.next_id(), "text": "Dit ook niet."})
    assert (await ada.ask("message.retract", {**at, "client_id": ada.next_id()}))["ok"]
    await ben.expect("message.retracted", target=said)
    pulled = await ben.pull(JAN_LUYKENLAAN, said - 1)
    assert [entry["event"] for entry in pulled] == ["entry.blanked", "entry.blanked", "message.retracted"]
    assert [entry["data"]["reason"] for entry in pulled[:2]] == ["retracted", "retracted"]
    assert "moeten" not in repr(pulled)
    assert "ook niet" not in repr(pulled)


async def test_nobody_touches_the_words_of_another(join: Join) -> None:
    """Only the author may edit or take back, and only what is a message."""
    ada, ben = await join("Ada"), await join("Ben")
    said = await ada.say(JAN_LUYKENLAAN, "Van mij.")
    for target in (said, 1, 999):  # Ada's message, her joining, nothing
        at = {"room": JAN_LUYKENLAAN, "target": target}
        await ben.refused("wrong_target", "message.edit", {**at, "client_id": ben.next_id(), "text": "Van mij!"})
        await ben.refused("wrong_target", "message.retract", {**at, "client_id": ben.next_id()})
    assert [entry["event"] for entry in await ben.pull(JAN_LUYKENLAAN, said - 1)] == ["message.posted"]


async def test_after_a_quarter_of_an_hour_words_stand(join: Join, clock: MovedClock) -> None:
    """The author may change a message for 15 minutes, and not a moment longer."""
    ada = await join("Ada")
    at = {"room": JAN_LUYKENLAAN, "target": await ada.say(JAN_LUYKENLAAN, "Het is nog vroeg.")}
    clock.forward(minutes=14, seconds=30)
    assert (await ada.ask("message.edit", {**at, "client_id": ada.next_id(), "text": "Het is al laat."}))["ok"]
    clock.forward(minutes=1)
    await ada.refused("too_late", "message.edit", {**at, "client_id": ada.next_id(), "text": "Te laat."})
    await ada.refused("too_late", "message.retract", {**at, "client_id": ada.next_id()})


async def test_a_reply_names_what_it_answers(join: Join) -> None:
    """A reply carries the number of the entry; a number at which nothing stands is refused."""
    ada, ben = await join("Ada"), await join("Ben")
    asked = await ada.say(JAN_LUYKENLAAN, "Wie heeft een ladder?")
    await ben.say(JAN_LUYKENLAAN, "Ik.", reply_to=asked)
    await ada.expect("message.posted", reply_to=asked)
    post = {"room": JAN_LUYKENLAAN, "client_id": ben.next_id(), "text": "Waarop?", "reply_to": 999}
    await ben.refused("wrong_target", "message.post", post)


async def test_a_tap_is_seen_by_all_and_can_be_taken_back(join: Join) -> None:
    """A reaction is an entry of its own; the person's latest one counts, null takes it back."""
    ada, ben = await join("Ada"), await join("Ben")
    at = {"room": JAN_LUYKENLAAN, "target": await ada.say(JAN_LUYKENLAAN, "De straat is weer open.")}
    for reaction in ("thanks", "heart", None):
        assert (await ben.ask("message.react", {**at, "client_id": ben.next_id(), "reaction": reaction}))["ok"]
        told = await ada.expect("message.reacted", target=at["target"], reaction=reaction)
        assert told["by"]["name"] == "Ben"
    await ben.refused("bad_request", "message.react", {**at, "client_id": ben.next_id(), "reaction": "middle_finger"})


async def test_what_was_read_here_is_read_on_every_device(join: Join) -> None:
    """The read cursor follows the person, never goes back, and is nobody else's business."""
    ada, ben = await join("Ada"), await join("Ben")
    tablet = await ada.other_device()
    seqs = [await ben.say(JAN_LUYKENLAAN, f"Bericht {number}.") for number in range(3)]
    assert await ada.ask("room.read", {"room": JAN_LUYKENLAAN, "seq": seqs[1]}) == {"ok": True, "seq": seqs[1]}
    await tablet.expect("room.read_moved", room=JAN_LUYKENLAAN, seq=seqs[1])
    for seq in (seqs[0], seqs[2] + 1000):  # back, and beyond what there is
        assert await tablet.ask("room.read", {"room": JAN_LUYKENLAAN, "seq": seq}) == {"ok": True, "seq": seqs[1]}
    await ben.expect_nothing("room.read_moved")
    await ada.resume()
    assert ada.room(JAN_LUYKENLAAN)["read"] == seqs[1]


async def test_somebody_is_writing(join: Join) -> None:
    """The others of the room see that somebody writes and not who; other rooms see nothing; it is no entry."""
    ada, ben, cor = await join("Ada"), await join("Ben"), await join("Cor", BETJE_WOLFFSTRAAT)
    head = (await ben.ask("room.history", {"room": JAN_LUYKENLAAN}))["head"]
    assert await ada.ask("room.typing", {"room": JAN_LUYKENLAAN}) == {"ok": True}
    assert await ben.expect("typing.started") == {"room": JAN_LUYKENLAAN}
    for neighbour in (ada, cor):
        await neighbour.expect_nothing("typing.started")
    assert (await ben.ask("room.history", {"room": JAN_LUYKENLAAN}))["head"] == head


async def test_staff_who_write_are_named(staff: Join) -> None:
    """Staff are named to everyone, by their function."""
    vega, smit = await staff("Officer Vega"), await staff("Moderator Smit")
    await vega.ask("room.typing", {"room": POLICE_DESK})
    by = (await smit.expect("typing.started", room=POLICE_DESK))["by"]
    assert (by["id"], by["role"], by["organisation"]) == (vega.id, "officer", "police")
    assert by["name"] != "Officer Vega"


async def test_below_five_neighbours_here_are_a_few(join: Join, server: Running, clock: MovedClock) -> None:
    """The number is told from five on, counts a person once, and falls back to a few when one has gone."""
    ada = await join("Ada")
    assert ada.room(JAN_LUYKENLAAN)["here"] is None
    for name in ("Ben", "Cor", "Dirk"):
        await join(name)
    await ada.other_device()
    await server.sweeps.tell_presence()
    await ada.expect_nothing("presence.changed", here=5)
    eva = await join("Eva")
    await eva.expect_nothing("message.posted")  # her arrival has been carried out
    await server.sweeps.tell_presence()
    await ada.expect("presence.changed", room=JAN_LUYKENLAAN, here=5)
    await eva.close()
    await until(lambda: len(server.fanout.people) == 4)
    clock.forward(seconds=13)  # a lease lingers for 12 s: another process might hold her too
    await server.sweeps.tell_presence()
    await ada.expect("presence.changed", room=JAN_LUYKENLAAN, here=None)


async def test_nobody_talks_without_end(join: Join, clock: MovedClock) -> None:
    """Ten messages at once and then one in two seconds; the refusal says how long to wait; others may go on."""
    ada, ben = await join("Ada"), await join("Ben")
    for number in range(10):
        await ada.say(JAN_LUYKENLAAN, f"Bericht {number}.")
    post = {"room": MOERWIJK_WEST, "client_id": ada.next_id(), "text": "Nog een."}
    refused = await ada.refused("too_fast", "message.post", post)
    assert refused["retryable"]
    assert 0 < refused["retry_after_ms"] <= 2000
    await ben.say(JAN_LUYKENLAAN, "Mag ik ook even?")
    clock.forward(ms=refused["retry_after_ms"])
    assert (await ada.ask("message.post", post))["ok"]
