"""The same client_id is carried out once, however often and over whatever it is sent."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.conftest import Join
from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.town import JAN_LUYKENLAAN, MOERWIJK_WEST, MovedClock

ROUNDS, BURST = 3, 8


def post(neighbour: Neighbour, text: str, room: str = JAN_LUYKENLAAN) -> dict[str, Any]:
    return {"room": room, "client_id": neighbour.next_id(), "text": text}


async def test_the_same_id_twice_is_one_entry(join: Join) -> None:
    """A repeat is answered as the first was and leaves nothing more in the room."""
    ada, ben = await join("Ada"), await join("Ben")
    command = post(ada, "Eén keer.")
    replies = [await ada.ask("message.post", command) for _ in range(3)]
    assert replies[0]["ok"]
    assert replies == [replies[0]] * 3
    last = await ada.say(JAN_LUYKENLAAN, "Klaar.")
    await ben.expect("message.posted", seq=last)
    assert ben.texts(JAN_LUYKENLAAN) == ["Eén keer.", "Klaar."]


async def test_two_connections_at_once_are_one_entry(join: Join) -> None:
    """A device that sends the same command over an old and a new connection has said it once."""
    ada, ben = await join("Ada"), await join("Ben")
    again = await ada.other_device(1)
    for number in range(5):
        command = post(ada, f"Bericht {number}.")
        replies = await asyncio.gather(*(tab.ask("message.post", command) for tab in (ada, again, ada, again)))
        assert replies == [replies[0]] * 4
        await ben.expect("message.posted", seq=replies[0]["seq"])
    await ben.expect_nothing("message.posted")
    assert ben.texts(JAN_LUYKENLAAN) == [f"Bericht {number}." for number in range(5)]


async def test_one_number_stands_for_one_command(join: Join) -> None:
    """The same client_id with other words, another room of the neighbourhood or another command is refused."""
    ada = await join("Ada")
    command = post(ada, "Dit.")
    seq = (await ada.ask("message.post", command))["seq"]
    edit = {"room": JAN_LUYKENLAAN, "client_id": command["client_id"], "target": seq, "text": "Dit."}
    await ada.refused("client_id_reused", "message.post", {**command, "text": "Dat."})
    await ada.refused("client_id_reused", "message.post", {**command, "room": MOERWIJK_WEST})
    await ada.refused("client_id_reused", "message.edit", edit)
    assert (await ada.ask("message.post", command))["seq"] == seq


async def test_numbers_belong_to_a_person_and_a_device(join: Join) -> None:
    """Another neighbour's command of the same number, or another device's, is another command."""
    ada, ben = await join("Ada"), await join("Ben")
    stolen = post(ada, "Van Ada.")
    first = await ada.ask("message.post", stolen)
    second = await ben.ask("message.post", {**stolen, "text": "Van Ben."})
    assert (first["ok"], second["ok"]) == (True, True)
    assert second["seq"] == first["seq"] + 1


async def test_a_known_id_is_answered_before_any_limit_or_right(join: Join, clock: MovedClock) -> None:
    """A repeat costs nothing of what one may say, and is answered after the window or the words have gone."""
    ada = await join("Ada")
    command = post(ada, "Eén keer.")
    reply = await ada.ask("message.post", command)
    edit = {"room": JAN_LUYKENLAAN, "client_id": ada.next_id(), "target": reply["seq"], "text": "Anders."}
    edited = await ada.ask("message.edit", edit)
    for number in range(9):
        await ada.say(JAN_LUYKENLAAN, f"Bericht {number}.")
    await ada.refused("too_fast", "message.post", post(ada, "Te veel."))
    assert await ada.ask("message.post", command) == reply
    clock.forward(minutes=20)
    assert await ada.ask("message.edit", edit) == edited


async def test_killed_between_sending_and_answering(busy: ServerProcess) -> None:
    """What was sent when the server died, answered or not, is in the room once after it was sent again."""
    ada = await Neighbour(busy.url, "Ada").join(await busy.code())
    commands: list[dict[str, Any]] = []
    for _ in range(ROUNDS):
        await ada.connect()
        burst = [post(ada, f"Bericht {len(commands) + number}.") for number in range(BURST)]
        commands += burst
        for command in burst[:-1]:
            await ada.client.emit("message.post", command)
        await ada.ask("room.history", {"room": JAN_LUYKENLAAN})  # all but the last have arrived
        await ada.client.emit("message.post", burst[-1])
        await busy.kill9()
        await busy.start()
        await ada.connect()
        for command in burst:
            assert (await ada.ask("message.post", command))["ok"]
    entries = [entry for entry in await ada.pull(JAN_LUYKENLAAN, 0) if entry["event"] == "message.posted"]
    assert sorted(entry["data"]["client_id"] for entry in entries) == sorted(c["client_id"] for c in commands)
    assert [entry["data"]["text"] for entry in entries] == [command["text"] for command in commands]
    await ada.close()
