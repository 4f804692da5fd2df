"""The judges: npm's socket.io-client in Node and python-socketio's AsyncClient, asked the same questions."""

from __future__ import annotations

import asyncio

from server import packet
from server.connection import DRAINED
from server.frames import RESTART
from tests.server.engine_clients import Client
from tests.server.engine_echo import REFUSAL, Echo
from tests.server.engine_raw import until

pytest_plugins = ("tests.server.engine_fixtures",)


async def join(client: Client, echo: Echo, **auth: object) -> None:
    client.open(echo.url, auth or None)
    await client.next("connect")


async def test_a_client_joins_with_what_it_presents(client: Client, echo: Echo) -> None:
    """The auth of the client reaches the connect handler, and events follow once it is in."""
    await join(client, echo, wish="welcome", token="t", cursors={"room": ["e", 5]})
    (name, arguments) = await client.next("event")
    assert (name, arguments) == (
        "welcome",
        [{"auth": {"wish": "welcome", "token": "t", "cursors": {"room": ["e", 5]}}}],
    )


async def test_a_client_may_present_nothing(client: Client, echo: Echo) -> None:
    """Then the handler gets None or an empty map, as the client has it."""
    await join(client, echo)
    assert not echo.connections()[0].state


async def test_a_client_is_answered(client: Client, echo: Echo) -> None:
    """Each event gets its own acknowledgement, faults and unknown values included."""
    await join(client, echo)
    for name in ("fine", "boom", "strange", "two"):
        client.ask(name, {"text": "Dag \U0001f44b", "none": None, "number": 2**53 - 1, "part": 0.5})
    answers = [await client.next("answer") for _ in range(4)]
    assert [name for name, _ in answers] == ["fine", "boom", "strange", "two"]
    said = {"text": "Dag \U0001f44b", "none": None, "number": 2**53 - 1, "part": 0.5}
    assert answers[0][1] == [{"ok": True, "name": "fine", "arguments": [said]}]
    assert [answer[0]["error"]["code"] for _, answer in answers[1:3]] == ["fault", "fault"]
    assert answers[3][1] == [1, 2]


async def test_bytes_go_there_and_back(client: Client, echo: Echo) -> None:
    """A Uint8Array is bytes to the server and a Uint8Array again."""
    await join(client, echo)
    client.ask("e", {"picture": bytes(range(256))})
    assert (await client.next("answer"))[1][0]["arguments"] == [{"picture": bytes(range(256))}]


async def test_sixty_kilobytes_go_there_and_back(client: Client, echo: Echo) -> None:
    """The largest messages pass whole."""
    await join(client, echo)
    client.ask("e", "x" * 60_000)
    assert (await client.next("answer"))[1][0]["arguments"] == ["x" * 60_000]


async def test_the_server_can_ask_the_client(client: Client, echo: Echo) -> None:
    """Acknowledgements the other way, while the client's own command waits for them."""
    await join(client, echo)
    client.ask("ask_back")
    assert await client.next("event") == ["asked", [{"bytes": b"\x00\xff"}]]
    assert await client.next("answer") == ["ask_back", [{"bytes": b"\x00\xff"}]]


async def test_events_and_answers_keep_their_order(client: Client, echo: Echo) -> None:
    """A thousand events, then the answer to the command that made them."""
    await join(client, echo)
    client.ask("tell", 100)
    for number in range(100):
        assert await client.next("event") == ["told", [{"number": number}]]
    assert (await client.next("answer"))[1] == [{"ok": True, "told": 100}]


async def test_a_refused_client_learns_why(client: Client, echo: Echo) -> None:
    """connect_error carries our data."""
    client.open(echo.url, {"wish": "refuse"})
    assert await client.next("connect_error") == ["Sign in again.", REFUSAL]
    await until(lambda: not echo.engine.connections)


async def test_a_client_that_was_sent_away_does_not_come_back(client: Client, echo: Echo) -> None:
    """The official clients reconnect after everything but a disconnect by the server."""
    await join(client, echo)
    client.ask("kick")
    assert await client.next("disconnect") == [False]
    await until(lambda: not echo.engine.connections)
    await asyncio.sleep(0.1)  # ten times what it waits before it reconnects
    assert client.nothing_more()
    assert not echo.engine.connections


async def test_a_client_comes_back_after_a_restart(client: Client, echo: Echo) -> None:
    """Close code 1012, and an aborted connection too, are followed by a new one."""
    await join(client, echo)
    for end in (lambda: echo.connections()[0].close(DRAINED, RESTART), lambda: echo.connections()[0].abort("cut")):
        end()
        assert await client.next("disconnect") == [True]
        await client.next("connect")
    client.ask("e")
    await client.next("answer")


async def test_a_client_leaves_cleanly(client: Client, echo: Echo) -> None:
    """Its leaving is told at once, and nothing of it stays."""
    await join(client, echo)
    client.leave()
    await client.next("disconnect")
    await until(lambda: not echo.engine.connections)
    assert [reason for _, reason in echo.left] == ["client left"]


async def test_a_client_answers_pings(client: Client, echo: Echo) -> None:
    """An idle client that lives is kept."""
    await join(client, echo)
    connection = echo.connections()[0]
    for _ in range(3):
        connection.ping()
        await until(lambda: not connection.pinged)
    echo.engine.turn.fan_out([connection], packet.event_frame("told", {"number": 1}))
    assert await client.next("event") == ["told", [{"number": 1}]]
