"""The server as a whole: who may in, pings, fan-out, draining, and an end that always comes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from server import packet
from server.engine import Rate, Settings
from tests.server.engine_echo import Echo, Serve
from tests.server.engine_raw import TEXT, Raw, event, handshake, pack, until

pytest_plugins = ("tests.server.engine_fixtures",)

POLLING = "/socket.io/?EIO=4&transport=polling"


# The way in ---------------------------------------------------------------------------------------------------------


async def test_the_handshake_negotiates_nothing(echo: Echo) -> None:
    """No compression, no subprotocol and no cookie, whatever the client offers."""
    offer = {"Sec_WebSocket_Extensions": "permessage-deflate", "Sec_WebSocket_Protocol": "chat"}
    raw = await Raw.ask(echo.port, handshake(echo.port, **offer))
    assert raw.status == 101
    names = {line.split(b":")[0].lower() for line in raw.head.splitlines()[1:] if line}
    assert names == {b"upgrade", b"connection", b"sec-websocket-accept"}
    opcode, hello = await raw.frame()
    assert (opcode, hello[:1]) == (TEXT, b"0")
    told = json.loads(hello[1:])
    assert len(told.pop("sid")) == 20
    assert told == {"upgrades": [], "pingInterval": 25000, "pingTimeout": 20000, "maxPayload": 65536}
    raw.hang_up()


async def test_the_accept_header_is_the_one_of_the_rfc(echo: Echo) -> None:
    """RFC 6455, 1.3, with its own example."""
    raw = await Raw.ask(echo.port, handshake(echo.port, Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ=="))
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in raw.head
    raw.hang_up()


NO_WEBSOCKET: dict[str, dict[str, str]] = {
    "long polling": {"path": POLLING},
    "long polling dressed as an upgrade": {"path": POLLING, "Connection": "", "Upgrade": ""},
    "an older Engine.IO": {"path": "/socket.io/?EIO=3&transport=websocket"},
    "an upgrade of a session": {"path": "/socket.io/?EIO=4&transport=websocket&sid=x"},
    "no upgrade": {"Upgrade": ""},
    "no connection header": {"Connection": "close"},
    "an older version": {"Sec_WebSocket_Version": "8"},
    "no key": {"Sec_WebSocket_Key": ""},
    "a short key": {"Sec_WebSocket_Key": "c2hvcnQ="},
    "a body": {"Content_Length": "5"},
}


@pytest.mark.parametrize("name", NO_WEBSOCKET)
async def test_whatever_is_no_websocket_handshake_is_refused(echo: Echo, name: str) -> None:
    """400 with a refusal as JSON, and the connection ends."""
    raw = await Raw.ask(echo.port, handshake(echo.port, **NO_WEBSOCKET[name]))
    assert raw.status == 400
    assert b"Connection: close" in raw.head
    body = await raw.reader.readuntil(b"}}")
    assert json.loads(body)["error"]["code"] == "bad_request"
    raw.hang_up()


async def test_posting_is_refused_too(echo: Echo) -> None:
    """Long polling posts its packets; here they reach nobody."""
    raw = await Raw.ask(echo.port, handshake(echo.port, path=POLLING).replace(b"GET", b"POST", 1))
    assert raw.status == 400
    raw.hang_up()


async def test_bytes_sent_before_the_answer_are_refused(echo: Echo) -> None:
    """No client may speak WebSocket before the server agreed to; what it said would be lost."""
    raw = await Raw.ask(echo.port, handshake(echo.port) + event("e"))
    assert raw.status == 400
    raw.hang_up()


@pytest.mark.parametrize(
    ("origins", "headers", "status"),
    [
        ((), {}, 101),
        ((), {"Origin": "http://{host}"}, 101),
        ((), {"Origin": "https://{host}"}, 101),
        ((), {"Origin": "https://evil.example"}, 403),
        ((), {"Origin": "null"}, 403),
        ((), {"Origin": "http://["}, 403),
        ((), {"Origin": "https://evil.example", "X_Forwarded_Host": "evil.example"}, 403),
        (("https://bart.example",), {"Origin": "https://bart.example"}, 101),
        (("https://bart.example",), {"Origin": "http://bart.example"}, 403),
        (("https://bart.example",), {"Origin": "http://{host}"}, 403),
        (("https://bart.example",), {}, 101),
    ],
)
async def test_foreign_pages_are_kept_out(
    serve: Serve, origins: tuple[str, ...], headers: dict[str, str], status: int
) -> None:
    """With a list only its origins; without one only pages of our own host, by the Host header alone."""
    echo = await serve(origins=origins)
    filled = {name: value.format(host=f"127.0.0.1:{echo.port}") for name, value in headers.items()}
    raw = await Raw.ask(echo.port, handshake(echo.port, **filled))
    assert raw.status == status
    raw.hang_up()


async def test_handshakes_beyond_the_rate_are_put_off(serve: Serve) -> None:
    """503 with a time to come back; a second later there is room again."""
    echo = await serve(handshakes_per_s=3)
    answers = [await Raw.ask(echo.port, handshake(echo.port)) for _ in range(4)]
    assert [raw.status for raw in answers] == [101, 101, 101, 503]
    assert b"Retry-After: 1" in answers[3].head
    echo.now_s += 1
    answers.append(await Raw.ask(echo.port, handshake(echo.port)))
    assert answers[-1].status == 101
    for raw in answers:
        raw.hang_up()


def test_a_rate_saves_no_more_than_one_second() -> None:
    """A quiet hour allows no burst of an hour."""
    now = [0.0]
    rate = Rate(2, lambda: now[0])
    now[0] = 3600
    assert [rate.take() for _ in range(3)] == [True, True, False]


async def test_half_sent_requests_are_closed_at_the_header_deadline(serve: Serve) -> None:
    """aiohttp's keepalive_timeout is that deadline, for a first request and for a second one."""
    echo = await serve(header_deadline_s=0.05)
    halves = []
    for start in (b"", b"GET /socket.io/ HT", handshake(echo.port)[:-2]):
        half = Raw(*await asyncio.open_connection("127.0.0.1", echo.port))
        half.write(start)
        halves.append(half)
    assert [await half.reader.read() for half in halves] == [b""] * 3
    for half in halves:
        half.hang_up()


async def test_the_header_deadline_is_not_one_for_websockets(serve: Serve) -> None:
    """Once the socket is ours, aiohttp's timer is gone."""
    echo = await serve(header_deadline_s=0.05)
    raw = await Raw.join(echo.port)
    late = Raw(*await asyncio.open_connection("127.0.0.1", echo.port))
    assert await late.reader.read() == b""  # as long as the deadline, counted by the server itself
    raw.write(event("e", ack_id=1))
    assert (await raw.packet())["id"] == 1
    late.hang_up()


# Pings --------------------------------------------------------------------------------------------------------------


def test_settings_that_the_ticks_can_not_keep_are_refused() -> None:
    """A pong must be due before the next ping, and a tick finer than both."""
    with pytest.raises(ValueError, match="tick_s"):
        Settings(ping_interval_s=20, ping_timeout_s=25)


async def test_everybody_is_pinged_and_who_does_not_answer_is_cut(echo: Echo) -> None:
    """A ping within ping_interval_s; without a pong ping_timeout_s later the connection is gone."""
    silent, lively = await Raw.join(echo.port), await Raw.join(echo.port)
    for _ in range(100):
        await echo.pass_s(0.25)
        if all(connection.pinged for connection in echo.connections()):
            break
    assert await silent.frame() == await lively.frame() == (TEXT, b"2")
    lively.send(b"3", TEXT)
    await until(lambda: sum(connection.pinged for connection in echo.connections()) == 1)
    await echo.pass_s(20)
    assert [connection.pinged for connection in echo.connections()] == [False]
    assert await silent.closed() is None
    await until(lambda: [reason for _, reason in echo.left] == ["no pong"])
    lively.hang_up()


async def test_a_stall_of_the_whole_server_blames_nobody(echo: Echo) -> None:
    """However late a tick comes, it counts as one: not-yet-joined and not-yet-answered clients stay."""
    raws = [await Raw.open(echo.port), await Raw.join(echo.port)]
    await echo.pass_s(9)
    echo.now_s += 600
    echo.engine.tick()
    assert len(echo.connections()) == 2
    for raw in raws:
        raw.hang_up()


async def test_the_engine_ticks_by_itself(serve: Serve) -> None:
    """Without anybody's help the deadlines come."""
    echo = await serve(tick_s=0.01, join_within_s=0.05, ping_interval_s=5, ping_timeout_s=4)
    echo.engine._ticking = True
    raw = await Raw.open(echo.port)
    assert await raw.closed() is None
    assert echo.engine.ended["never joined"] == 1


# Fan-out ------------------------------------------------------------------------------------------------------------


async def test_one_frame_reaches_everybody_who_is_open(echo: Echo) -> None:
    """Those who left meanwhile are passed over, in the same call."""
    raws = [await Raw.join(echo.port) for _ in range(5)]
    connections = echo.connections()
    connections[2].abort("gone")
    echo.engine.turn.fan_out(connections, packet.event_frame("told", {"number": 1}))
    for raw in (*raws[:2], *raws[3:]):
        assert (await raw.packet())["data"] == ["told", {"number": 1}]
    assert await raws[2].closed() is None


async def test_all_frames_of_a_turn_leave_in_one_write(echo: Echo) -> None:
    """Joined where they are already there, in the order in which they were sent."""
    raw = await Raw.join(echo.port)
    connection = echo.connections()[0]
    transport = connection._transport
    assert transport is not None
    writes: list[bytes] = []

    class Noting:
        def write(self, data: bytes) -> None:
            writes.append(data)
            transport.write(data)

    connection._transport = Noting()  # type: ignore[assignment]
    for number in range(3):
        echo.tell_all("told", {"number": number})
    connection.send(packet.event_frame("told", {"number": 3}))
    assert [(await raw.packet())["data"][1]["number"] for _ in range(4)] == [0, 1, 2, 3]
    connection._transport = transport
    assert len(writes) == 1
    raw.hang_up()


async def test_a_flush_is_cut_into_slices(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large room does not keep the loop: after a slice others have their turn, and nobody is forgotten."""
    monkeypatch.setattr("server.turn.LOOK_EVERY", 1)
    echo = await serve()
    raws = [await Raw.join(echo.port) for _ in range(10)]
    steps = iter(range(10_000))
    echo.engine._monotonic = lambda: next(steps) * 1.0  # every look at the clock is later than a slice
    turns: list[int] = []
    echo.tell_all("told", {"number": 1})
    for _ in range(12):
        await asyncio.sleep(0)
        turns.append(len(echo.engine.turn.batch.rest()) if echo.engine.turn.batch else 0)
    assert turns[:3] == [9, 8, 7]
    for raw in raws:
        assert (await raw.packet())["data"][1] == {"number": 1}
        raw.hang_up()


# The way out --------------------------------------------------------------------------------------------------------


async def test_drain_tells_everybody_and_closes_with_1012(echo: Echo) -> None:
    """Nobody new gets in; each is told its own moment to come back, and is closed; nobody is left."""
    raws = [await Raw.join(echo.port) for _ in range(30)]
    moments = iter(range(100))

    def reconnect(_connection: Any) -> bytes:
        return packet.event_frame("drain", {"reconnect_in_ms": next(moments)})

    async def wait_for_end(raw: Raw) -> tuple[int, int | None]:
        told = (await raw.packet())["data"][1]["reconnect_in_ms"]
        return told, await raw.closed()

    ends = [asyncio.create_task(wait_for_end(raw)) for raw in raws]
    draining = asyncio.create_task(echo.engine.drain(reconnect, within_s=0.2))
    await asyncio.sleep(0)
    late = await Raw.ask(echo.port, handshake(echo.port))
    assert late.status == 503
    assert json.loads(await late.reader.read())["error"]["code"] == "draining"
    await draining
    assert sorted([await end for end in ends]) == [(number, 1012) for number in range(30)]
    assert not echo.engine.connections


async def test_shutdown_ends_whatever_clients_and_handlers_do(serve: Serve) -> None:
    """Clients that read nothing and handlers that never end are cut; cleanup comes back."""
    echo = await serve(leave_within_s=0.05)
    deaf, holding, waiting = await Raw.join(echo.port), await Raw.join(echo.port), await Raw.open(echo.port)
    deaf.writer.transport.pause_reading()  # type: ignore[attr-defined]
    holding.write(event("hold", ack_id=1))
    waiting.send(pack(0, {"wish": "hold"}))
    await until(lambda: echo.heard and len(echo.sio.manager) == 3)
    await echo.runner.cleanup()
    assert not echo.engine.connections
    assert len(echo.left) >= 2
    for raw in (deaf, holding, waiting):
        raw.hang_up()
