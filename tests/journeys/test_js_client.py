"""The core stories once more with npm's socket.io-client, the client that browsers have."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from server.app import Running
from tests.conftest import Join, code_for, settled
from tests.journeys.official import OfficialNeighbour
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST

pytest_plugins = ("tests.server.engine_fixtures",)

Official = Callable[..., Awaitable[OfficialNeighbour]]


@pytest.fixture
def settings() -> dict[str, Any]:
    """Neighbours who may talk as fast as the store takes it."""
    return {"limit_talk": "1000/1"}


@pytest.fixture
async def official(server: Running, node: str) -> AsyncIterator[Official]:
    """`ada = await official("Ada")`: a neighbour with the official client, joined and connected."""
    everyone: list[OfficialNeighbour] = []

    async def arrive(name: str, street: str = JAN_LUYKENLAAN, *, connected: bool = True) -> OfficialNeighbour:
        neighbour = OfficialNeighbour(node, server.url, name, lambda: settled(server))
        everyone.append(neighbour)
        await neighbour.join(await code_for(server.town, street))
        if connected:
            await neighbour.connect()
        return neighbour

    yield arrive
    for neighbour in everyone:
        await neighbour.close()


async def test_two_neighbours_talk_through_the_official_client(official: Official, join: Join) -> None:
    """What one says the other reads, also between the two kinds of client, in one order."""
    ada, ben, cor = await official("Ada"), await official("Ben"), await join("Cor")
    first = await ada.say(JAN_LUYKENLAAN, "Ziet iemand het licht? 💡")
    second = await ben.say(JAN_LUYKENLAAN, "Ja, bij nummer tien.", reply_to=first)
    third = await cor.say(JAN_LUYKENLAAN, "Nu is het uit.")
    assert [first, second, third] == [first, first + 1, first + 2]
    for neighbour in (ada, ben, cor):
        asked = await neighbour.expect("message.posted", seq=first, text="Ziet iemand het licht? 💡")
        assert asked["by"]["name"] == "Ada"
        await neighbour.expect("message.posted", seq=second, reply_to=first)
        await neighbour.expect("message.posted", seq=third, text="Nu is het uit.")


async def test_five_hundred_messages_while_the_official_client_was_away(official: Official, join: Join) -> None:
    """The first 200 come unasked, in order, the rest by pull: all once."""
    ada, ben = await official("Ada"), await join("Ben")
    await ada.expect("member.joined", room=MOERWIJK_WEST, person=ben.by)
    await ada.close()
    said = [f"Bericht {number}." for number in range(500)]
    first = await ben.say(JAN_LUYKENLAAN, said[0])
    for text in said[1:]:
        await ben.say(JAN_LUYKENLAAN, text)
    await ada.resume()
    assert ada.room(JAN_LUYKENLAAN)["more"] is True
    await ada.expect("message.posted", seq=first + 199)
    pulled = await ada.pull(JAN_LUYKENLAAN, first + 199)
    assert ada.texts(JAN_LUYKENLAAN) == said[:200]
    assert [entry["data"]["text"] for entry in pulled] == said[200:]


async def test_the_official_client_says_it_once(official: Official, join: Join) -> None:
    """The same client_id twice is one entry and one answer; other content under it is refused, readably."""
    ada, ben = await official("Ada"), await join("Ben")
    command = {"room": JAN_LUYKENLAAN, "client_id": ada.next_id(), "text": "Eén keer."}
    replies = [await ada.ask("message.post", command) for _ in range(3)]
    assert replies == [{"ok": True, "seq": replies[0]["seq"]}] * 3
    error = await ada.refused("client_id_reused", "message.post", {**command, "text": "Twee keer."})
    assert error["message"] == "This client_id was used for another command."
    await ben.expect("message.posted", seq=replies[0]["seq"])
    await ben.expect_nothing("message.posted")


async def test_the_official_client_hears_why_it_was_refused(official: Official) -> None:
    """The refusal of a command names code, sentence and field; that of a connection is in the error's data."""
    ada = await official("Ada")
    error = await ada.refused("bad_request", "message.post", {"room": JAN_LUYKENLAAN, "client_id": ada.next_id()})
    assert error["field"] == "text"
    await ada.refused("unknown_command", "message.shout", {"room": JAN_LUYKENLAAN})
    await ada.refused("not_found", "room.history", {"room": GOUDKARPERSINGEL})
    await ada.open({"token": f"aaaaaaaaaaaa.{'A' * 43}"})
    await ada.seen(ada.refusals)
    message, data = ada.refusals[0]
    assert data["ok"] is False
    assert (data["error"]["code"], data["error"]["retryable"]) == ("signed_out", False)
    assert message == data["error"]["message"]


async def test_the_official_client_stays_away_when_sent_away(official: Official) -> None:
    """At the end of its session it is told why and does not try to come back."""
    ada = await official("Ada")
    assert (await ada.post("/api/sign-out-everywhere", token=ada.token))[0] == 200
    assert await ada.expect("session.ended") == {"reason": "everywhere"}
    await ada.seen(ada.drops)
    assert ada.drops == [False]
    assert ada.connects == 1


async def test_the_official_client_comes_back_when_cut(official: Official, server: Running) -> None:
    """A connection that breaks is no end: the client returns by itself and is welcomed anew."""
    ada = await official("Ada")
    for connection in list(server.sio.engine.connections.values()):
        connection.abort("cut by the test")
    await ada.expect("welcome")
    assert ada.drops == [True]
    await ada.say(JAN_LUYKENLAAN, "Ik was even weg.")
    await ada.expect("message.posted", text="Ik was even weg.")


async def test_the_official_client_moves_house(official: Official, join: Join, server: Running) -> None:
    """The old rooms close and the new ones open on the open connection."""
    ada, cor = await official("Ada"), await join("Cor", GOUDKARPERSINGEL)
    status, _ = await ada.post("/api/move", {"code": await code_for(server.town, GOUDKARPERSINGEL)}, ada.token)
    assert status == 200
    assert {(await ada.expect("room.closed"))["room"] for _ in range(2)} == {JAN_LUYKENLAAN, MOERWIJK_WEST}
    assert (await ada.expect("room.opened"))["room"]["id"] == GOUDKARPERSINGEL
    await cor.say(GOUDKARPERSINGEL, "Welkom, Ada.")
    await ada.expect("message.posted", text="Welkom, Ada.")
    assert ada.connects == 1
