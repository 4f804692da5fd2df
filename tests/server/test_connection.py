"""One client on the wire: what it may send, how it is answered, what may wait for it, and how it goes."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from server import packet
from server.connection import BUSY_TIMES
from tests.server.engine_echo import REFUSAL, Echo, Serve
from tests.server.engine_raw import BINARY, CLOSE, PING, PONG, TEXT, Raw, client_frame, event, pack, until
from tests.server.test_packet import BAD

pytest_plugins = ("tests.server.engine_fixtures",)

BAD_FRAMES = {name: client_frame(data) for name, data in BAD.items() if len(data) <= 64 * 1024} | {
    "a Socket.IO text packet": client_frame(b'42["e"]', TEXT),
    "a text CONNECT": client_frame(b"40", TEXT),
    "an Engine.IO ping": client_frame(b"2", TEXT),
    "an upgrade probe": client_frame(b"2probe", TEXT),
    "an empty text": client_frame(b"", TEXT),
    "a lone x": client_frame(b"x", TEXT),
    "a heap of brackets": client_frame(b"4" + b"[" * 60_000, TEXT),
    "an event not masked": client_frame(pack(2, ["e"]), masked=False),
    "a close not masked": client_frame(b"\x03\xe8", CLOSE, masked=False),
    "a compressed frame": bytes((0xC2, 0x80)) + bytes(4),
    "an unknown opcode": client_frame(b"x", 3),
    "a continuation of nothing": client_frame(b"x", 0),
    "a control frame in pieces": client_frame(b"x", PING, final=False),
    "a control frame too long": client_frame(bytes(126), PING),
    "a length beyond memory": bytes((0x82, 0xFF)) + b"\xff" * 8 + bytes(4),
    "a close code that is none": client_frame(b"\x00\x01", CLOSE),
    "a second CONNECT": client_frame(pack(0)),
}


# In -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BAD_FRAMES)
async def test_the_first_bad_frame_closes_the_connection(echo: Echo, name: str) -> None:
    """It is closed with a code that says so and one quiet line, and nothing of it reaches a handler."""
    raw = await Raw.join(echo.port)
    with capture_logs() as lines:
        raw.write(BAD_FRAMES[name])
        assert await raw.closed() in (1002, 1009)
    assert [line["event"] for line in lines] == ["frame refused"]
    assert echo.heard == []


async def test_one_byte_beyond_64_kib_is_too_big(echo: Echo) -> None:
    """64 KiB are read, one byte more closes with 1009."""
    raw = await Raw.join(echo.port)
    room = 64 * 1024 - len(pack(2, ["e", bytes(60_000)], 1)) + 60_000
    raw.send(pack(2, ["e", bytes(room)], 1))
    assert (await raw.packet())["data"][0]["ok"]
    raw.send(pack(2, ["e", bytes(room + 1)], 2))
    assert await raw.closed() == 1009


async def test_a_message_in_pieces_counts_as_a_whole(echo: Echo) -> None:
    """The limit holds for the message, however many fragments it comes in."""
    raw = await Raw.join(echo.port)
    raw.write(client_frame(bytes(40_000), BINARY, final=False))
    raw.write(client_frame(bytes(40_000), 0))
    assert await raw.closed() == 1009


async def test_an_event_before_connect_is_refused(echo: Echo) -> None:
    """Nobody speaks before being let in."""
    raw = await Raw.open(echo.port)
    raw.write(event("e"))
    assert await raw.closed() == 1002
    assert echo.heard == []


async def test_leftovers_of_long_polling_are_passed_over(echo: Echo) -> None:
    """Engine.IO's noop, upgrade and an unasked pong do no harm."""
    raw = await Raw.join(echo.port)
    for text in (b"6", b"5", b"3"):
        raw.send(text, TEXT)
    raw.write(event("e", ack_id=1))
    assert (await raw.packet())["id"] == 1


async def test_a_websocket_ping_is_answered(echo: Echo) -> None:
    """RFC 6455, 5.5.3: the pong carries what the ping did."""
    raw = await Raw.join(echo.port)
    raw.send(b"still there?", PING)
    assert await raw.frame() == (PONG, b"still there?")


@pytest.mark.parametrize(
    "good_bye", [client_frame(b"1", TEXT), client_frame(b"\x03\xe8", CLOSE), client_frame(pack(1))]
)
async def test_a_client_that_says_good_bye_is_let_go(echo: Echo, good_bye: bytes) -> None:
    """In the words of Engine.IO, of WebSocket or of Socket.IO; what it said before is still carried out."""
    raw = await Raw.join(echo.port)
    raw.write(event("e") + good_bye)
    assert await raw.closed() == 1000
    await until(lambda: echo.left)
    assert [name for name, _ in echo.heard] == ["e"]
    assert echo.left[0][1] == "client left"


# Events and answers -------------------------------------------------------------------------------------------------


async def test_every_event_is_answered_once(echo: Echo) -> None:
    """Also when the handler fails, or returns what can't be said; the answer tells nothing of the inside."""
    raw = await Raw.join(echo.port)
    with capture_logs() as lines:
        for number, name in enumerate(("boom", "strange", "two", "fine")):
            raw.write(event(name, {"n": number}, ack_id=number))
        answers = [await raw.packet() for _ in range(4)]
    assert [answer["id"] for answer in answers] == [0, 1, 2, 3]
    for answer in answers[:2]:
        error = answer["data"][0]["error"]
        assert (error["code"], error["retryable"]) == ("fault", True)
        assert "secret" not in error["message"]
    assert answers[2]["data"] == [1, 2]
    assert answers[3]["data"] == [{"ok": True, "name": "fine", "arguments": [{"n": 3}]}]
    assert [line["error"] for line in lines] == ["KeyError", "TypeError"]
    assert "secret" not in str(lines)


async def test_an_event_that_asks_for_no_answer_gets_none(echo: Echo) -> None:
    """It is carried out all the same, also when it fails."""
    raw = await Raw.join(echo.port)
    raw.write(event("boom") + event("quiet") + event("e", ack_id=9))
    assert (await raw.packet())["id"] == 9
    assert [name for name, _ in echo.heard] == ["boom", "quiet", "e"]


async def test_events_of_one_client_are_handled_in_order(echo: Echo) -> None:
    """The second waits for the first, even if that takes long."""
    raw = await Raw.join(echo.port)
    raw.write(event("hold", ack_id=1) + event("e", ack_id=2))
    await until(lambda: echo.heard)
    echo.gate.set()
    assert [(await raw.packet())["id"] for _ in range(2)] == [1, 2]


async def test_an_answer_of_the_client_does_not_wait_in_line(echo: Echo) -> None:
    """A handler may ask its own client and wait for it."""
    raw = await Raw.join(echo.port)
    raw.write(event("ask_back", ack_id=1))
    asked = await raw.packet()
    raw.send(pack(3, [b"\x00\xff"], asked["id"]))
    assert (await raw.packet())["data"] == [b"\x00\xff"]


async def test_answers_that_nobody_asked_for_cost_nothing(echo: Echo) -> None:
    """No task, no memory, no log line."""
    raw = await Raw.join(echo.port)
    with capture_logs() as lines:
        raw.write(b"".join(client_frame(pack(3, [], number)) for number in range(500)))
        raw.write(event("e", ack_id=1))
        assert (await raw.packet())["id"] == 1
    assert lines == []


async def test_answers_and_fan_out_keep_their_order(echo: Echo) -> None:
    """What was sent first arrives first, whichever way it was sent."""
    raw = await Raw.join(echo.port)
    raw.write(event("tell", 3, ack_id=1) + event("e", ack_id=2) + event("tell", 2, ack_id=3))
    got = [await raw.packet() for _ in range(8)]
    assert [p.get("id", p["data"][-1]) for p in got] == [
        *({"number": n} for n in range(3)),
        1,
        2,
        *({"number": n} for n in range(2)),
        3,
    ]


# Too much waits -----------------------------------------------------------------------------------------------------


async def busy_client(echo: Echo) -> Raw:
    """A client whose command 0 is in hand until the gate opens."""
    raw = await Raw.join(echo.port)
    raw.write(event("hold", ack_id=0))
    await until(lambda: echo.heard)
    return raw


async def test_beyond_32_waiting_commands_the_answer_is_busy(echo: Echo) -> None:
    """At once, with a time to wait; the 32 are carried out."""
    raw = await busy_client(echo)
    raw.write(b"".join(event("e", ack_id=n) for n in range(1, 34)))
    busy = await raw.packet()
    assert busy["id"] == 33
    assert busy["data"][0]["error"] | {"message": ""} == {
        "code": "busy",
        "message": "",
        "retryable": True,
        "retry_after_ms": 1000,
    }
    echo.gate.set()
    assert [(await raw.packet())["id"] for _ in range(33)] == list(range(33))


async def test_busy_three_times_within_a_minute_closes(echo: Echo) -> None:
    """Who does not heed busy is sent away with 1013."""
    raw = await busy_client(echo)
    raw.write(b"".join(event("e", ack_id=n) for n in range(1, 33 + BUSY_TIMES)))
    assert [(await raw.packet())["id"] for _ in range(BUSY_TIMES)] == [33, 34, 35]
    assert await raw.closed() == 1013
    echo.gate.set()
    await until(lambda: echo.left)
    assert len(echo.heard) == 1  # what waited was dropped


async def test_busy_is_forgotten_after_a_minute(echo: Echo) -> None:
    """Two of an hour ago do not count."""
    raw = await busy_client(echo)
    raw.write(b"".join(event("e", ack_id=n) for n in range(1, 33)))
    for number in range(BUSY_TIMES + 1):
        raw.write(event("e", ack_id=100 + number))
        assert (await raw.packet())["id"] == 100 + number
        for _ in range(3):
            echo.connections()[0].pinged = False
            await echo.pass_s(20)


async def test_a_hang_up_is_noticed_while_commands_wait(echo: Echo) -> None:
    """Reading never stops, so an end of file is seen at once, not at the next ping."""
    raw = await busy_client(echo)
    raw.write(b"".join(event("e", ack_id=n) for n in range(1, 33)))
    raw.writer.write_eof()
    await until(lambda: not echo.connections())


# Too much waits out -------------------------------------------------------------------------------------------------


async def deaf(port: int) -> Raw:
    """A client that has joined and reads nothing more, with little room on its side."""
    raw = await Raw.join(port)
    raw.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.writer.transport.pause_reading()  # type: ignore[attr-defined]
    return raw


@pytest.mark.parametrize("size", [100, 10_000])
async def test_a_slow_reader_is_freed_and_its_neighbour_gets_everything(echo: Echo, size: int) -> None:
    """Beyond 1 MiB or 256 frames it is cut; nobody else loses a frame or its order."""
    slow, neighbour = await deaf(echo.port), await Raw.join(echo.port)
    sent = 0
    while len(echo.connections()) == 2:
        echo.tell_all("told", {"number": sent, "text": "x" * size})
        sent += 1
        assert (await neighbour.packet())["data"][1]["number"] == sent - 1
    await until(lambda: echo.left)
    assert echo.left[0][1] == "too slow"
    assert (await _is_cut(slow)) is None


async def _is_cut(raw: Raw) -> int | None:
    raw.writer.transport.resume_reading()  # type: ignore[attr-defined]
    return await raw.closed()


async def test_one_turn_can_not_send_one_client_more_than_the_limit(echo: Echo) -> None:
    """A burst within a single turn counts at once, before anything was written."""
    raw = await deaf(echo.port)
    connection = echo.connections()[0]
    frame = packet.event_frame("told", {"text": "x" * 60_000})
    most = 0
    for _ in range(100):
        connection.send(frame)
        most = max(most, connection.out_bytes)
    assert not connection.open
    assert most < 400_000
    raw.hang_up()


async def test_waiting_bytes_grow_no_older_than_ten_seconds(echo: Echo) -> None:
    """A stalled client is cut when its oldest bytes have waited so long, not earlier."""
    raw = await deaf(echo.port)
    await _stall(echo)
    connection = echo.connections()[0]
    await echo.pass_s(9.5)
    assert connection.open
    await echo.pass_s(0.5)
    assert connection.reason == "too slow"
    raw.hang_up()


async def test_a_slow_client_that_moves_on_is_kept(echo: Echo) -> None:
    """What counts is how long the oldest bytes wait, not how long some bytes wait."""
    raw = await deaf(echo.port)
    await _stall(echo)
    connection = echo.connections()[0]
    assert connection._backlog is not None
    connection._written += 1  # as if the newest byte came later,
    connection._backlog.add(connection._written, 1, 8.0)
    connection._backlog.taken(connection._written - 1)  # and all before it had arrived
    await echo.pass_s(12)
    assert connection.open
    await echo.pass_s(8)
    assert not connection.open
    raw.hang_up()


async def _stall(echo: Echo) -> None:
    """Fill the kernel's buffers of the only client until its socket stalls."""
    connection = echo.connections()[0]
    while connection._backlog is None:
        connection.send(packet.event_frame("told", {"text": "x" * 8_000}))
        await asyncio.sleep(0)


async def test_who_has_much_to_send_can_wait_for_the_client(echo: Echo) -> None:
    """writable() comes back when the client takes more, so that a long history is no reason to cut it."""
    raw = await Raw.join(echo.port)
    connection = echo.connections()[0]
    frame = packet.event_frame("told", {"text": "x" * 10_000})

    async def send_much() -> int:
        for sent in range(1000):
            if not await connection.writable():
                return sent
            connection.send(frame)
        return 1000

    sending = asyncio.create_task(send_much())
    for _ in range(1000):
        await raw.packet()
    assert await sending == 1000


async def test_writable_tells_that_the_client_has_gone(echo: Echo) -> None:
    """Nobody waits for ever for a client that left."""
    raw = await deaf(echo.port)
    await _stall(echo)
    waiting = asyncio.create_task(echo.connections()[0].writable())
    await asyncio.sleep(0)
    raw.hang_up()
    assert not await waiting


# Joining and being sent away ----------------------------------------------------------------------------------------


async def test_events_sent_while_connect_is_decided_come_after_its_answer(echo: Echo) -> None:
    """A handler may subscribe and send before it accepts."""
    raw = await Raw.open(echo.port)
    raw.send(pack(0, {"wish": "welcome"}))
    assert (await raw.packet())["type"] == 0
    assert (await raw.packet())["data"][0] == "welcome"


async def test_a_refused_connect_tells_why_and_closes(echo: Echo) -> None:
    """The client gets our data, then the connection ends; it was never in."""
    raw = await Raw.open(echo.port)
    raw.send(pack(0, {"wish": "refuse"}))
    assert (await raw.packet())["data"] == {"message": "Sign in again.", "data": REFUSAL}
    assert await raw.closed() == 1000
    assert echo.left == []


async def test_a_fault_in_connect_is_answered(echo: Echo) -> None:
    """A bug does not leave the client waiting, and tells it nothing."""
    raw = await Raw.open(echo.port)
    with capture_logs() as lines:
        raw.send(pack(0, {"wish": "break"}))
        data = (await raw.packet())["data"]
    assert data["data"]["error"]["code"] == "fault"
    assert "secret" not in str(data) + str(lines)
    assert await raw.closed() == 1000


async def test_who_never_joins_is_cut_after_ten_seconds(echo: Echo) -> None:
    """A connection without an accepted CONNECT does not stay, whether silent or waiting for a slow handler."""
    silent, undecided = await Raw.open(echo.port), await Raw.open(echo.port)
    undecided.send(pack(0, {"wish": "hold"}))
    joined = await Raw.join(echo.port)
    await echo.pass_s(9.5)
    assert len(echo.connections()) == 3
    await echo.pass_s(0.5)
    assert len(echo.connections()) == 1
    assert [await silent.closed(), await undecided.closed()] == [None, None]
    joined.hang_up()


async def test_who_is_sent_away_stays_away(echo: Echo) -> None:
    """disconnect() tells the client, closes, drops what waits, and lets it CONNECT no more on that socket."""
    raw = await Raw.join(echo.port)
    raw.write(event("kick") + event("e"))
    assert (await raw.packet()) == {"type": 1, "nsp": "/"}
    raw.send(pack(0))
    assert await raw.closed() == 1000
    await until(lambda: echo.left)
    assert [name for name, _ in echo.heard] == ["kick"]
    assert [reason for _, reason in echo.left] == ["kicked"]


async def test_disconnect_is_told_once_for_each_who_was_let_in(echo: Echo) -> None:
    """Also when the client left while connect was still being decided."""
    raw = await Raw.open(echo.port)
    raw.send(pack(0, {"wish": "hold"}))
    await until(lambda: echo.sio.environ and len(echo.sio.manager))
    raw.hang_up()
    await until(lambda: not echo.connections())
    echo.gate.set()
    await until(lambda: echo.left)
    assert len(echo.left) == 1


async def test_an_idle_client_costs_no_task_and_no_timer(echo: Echo) -> None:
    """Between its words a client is one object and one socket."""
    raw = await Raw.join(echo.port)
    raw.write(event("e", ack_id=1))
    await raw.packet()
    await until(lambda: not echo.engine._tasks)
    assert len(echo.connections()) == 1
    assert len(echo.engine.deadlines) == 0
    assert echo.connections()[0]._line is None
    raw.hang_up()


# Going --------------------------------------------------------------------------------------------------------------


async def test_a_peer_that_does_not_close_is_cut(serve: Serve) -> None:
    """After our close frame it has leave_within_s to go."""
    echo = await serve(leave_within_s=5)
    raw = await Raw.join(echo.port)
    echo.connections()[0].close("enough")
    await until(lambda: echo.left)
    await echo.pass_s(4.5)
    assert len(echo.engine.connections) == 1
    await echo.pass_s(0.5)
    await until(lambda: not echo.engine.connections)
    raw.hang_up()


async def test_a_handler_that_does_not_end_is_cancelled_after_its_client_left(serve: Serve) -> None:
    """It gets leave_within_s; then the client's leaving is told, and nothing is left of it."""
    echo = await serve(leave_within_s=5)
    raw = await Raw.join(echo.port)
    raw.write(event("hold") + event("e"))
    await until(lambda: echo.heard)
    raw.hang_up()
    await until(lambda: not echo.connections())
    await echo.pass_s(5)
    await until(lambda: not echo.engine.connections)
    assert [name for name, _ in echo.heard] == ["hold"]
    assert len(echo.left) == 1


BAD_ENDS: dict[str, Any] = {
    "a bad frame": client_frame(b"x", TEXT),
    "half a frame": client_frame(pack(2, ["e", "x" * 100]))[:50],
    "too big": client_frame(bytes(70_000)),
    "not masked": client_frame(pack(2, ["e"]), masked=False),
    "a flood": b"".join(event("hold", ack_id=n) for n in range(50)),
    "a failing event": event("boom", ack_id=1),
    "nothing": b"",
}


async def test_nothing_is_left_of_clients_of_any_kind(serve: Serve) -> None:
    """After many clients of all bad kinds there are as many sockets, tasks, deadlines and descriptors as before."""
    echo = await serve()
    before = _descriptors()
    raws = []
    for end in BAD_ENDS.values():
        for joined in (True, False):
            for _ in range(5):
                raw = await (Raw.join(echo.port) if joined else Raw.open(echo.port))
                raw.write(end)
                raws.append(raw)
    echo.gate.set()
    await asyncio.sleep(0.05)
    for raw in raws:
        raw.hang_up()
    await until(lambda: not echo.engine.connections)
    await echo.expect_empty()
    await until(lambda: _descriptors() <= before)


def _descriptors() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0
