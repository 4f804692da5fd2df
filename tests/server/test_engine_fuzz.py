"""Twenty thousand mutated frames against a live server: nobody dies, nobody stays, nothing is told.

`BART_TEST_FRAMES=1000000` makes it a long run, by chance as `BART_TEST_SEED` has it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
from typing import Any

import pytest
from structlog.testing import capture_logs

from server.socketio_server import LIBRARY_LOGGERS
from tests.server.engine_echo import Echo, Serve
from tests.server.engine_raw import PING, TEXT, Raw, client_frame, event, handshake, pack

pytest_plugins = ("tests.server.engine_fixtures",)

FRAMES, AT_ONCE = int(os.environ.get("BART_TEST_FRAMES", "20000")), 40
SEED = int(os.environ.get("BART_TEST_SEED", "20000"))
CONNECT = client_frame(pack(0, {"token": "t"}))
SEEDS = [
    CONNECT,
    event("message.post", {"room": "r", "client_id": "d:1", "text": "hello"}, ack_id=1),
    event("boom", ack_id=2),
    event("tell", 2, ack_id=3),
    event("e", {"deep": [[[{"a": [1, 2, 3]}]]], "bytes": b"\x00\xff", "none": None, "half": 0.5}),
    client_frame(pack(3, ["x"], 1)),
    client_frame(pack(1)),
    client_frame(b"3", TEXT),
    client_frame(b"1", TEXT),
    client_frame(b"are you there", PING),
    client_frame(pack(2, ["e"])[:5], final=False) + client_frame(pack(2, ["e"])[5:], 0),
]


def mutate(chance: random.Random, frame: bytes, first: int) -> bytes:
    """A few bytes from *first* on changed, or, with the header, also lost, doubled or put in."""
    data = bytearray(frame)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(first, len(data)) if len(data) > first else first
        deed = chance.randrange(2 if first else 5)
        if deed == 0:
            data[at : at + 1] = bytes((data[at] ^ 1 << chance.randrange(8),)) if at < len(data) else b""
        elif deed == 1:
            data[at : at + 1] = chance.randbytes(1)
        elif deed == 2:
            del data[at : at + chance.randint(1, 4)]
        elif deed == 3:
            data[at:at] = chance.randbytes(chance.randint(1, 4))
        else:
            data += data[at : at + 16]
    return bytes(data)


async def strange_client(chance: random.Random, port: int) -> None:
    """Says a strange thing within a good frame, then one in any bytes, and hangs up or is hung up on."""
    raw = await Raw.ask(port, handshake(port))
    assert raw.status == 101
    header = 6  # of a short masked frame
    raw.write((CONNECT if chance.random() < 0.95 else b"") + mutate(chance, chance.choice(SEEDS), header))
    await asyncio.sleep(0)  # so that the first is read by itself
    raw.write(mutate(chance, chance.choice(SEEDS), chance.choice((0, header))))
    if not raw.writer.is_closing():
        raw.writer.write_eof()
    await raw.closed()


async def test_mutated_frames_leave_no_trace(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """No death, no ghost, no traceback; afterwards a neighbour is served as before."""
    echo = await serve(handshakes_per_s=1_000_000)
    unhandled: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: unhandled.append(context))
    chance = random.Random(SEED)
    with capture_logs() as lines, caplog.at_level(logging.DEBUG):
        for _ in range(FRAMES // 2 // AT_ONCE):  # each client says two
            await asyncio.gather(*(strange_client(chance, echo.port) for _ in range(AT_ONCE)))
    await _all_gone(echo)
    assert unhandled == []
    told = [record.name for record in caplog.records if record.name.startswith(LIBRARY_LOGGERS)]
    assert told == []
    assert {line["event"] for line in lines} <= {"frame refused", "event failed", "task failed", "connect failed"}
    assert not any("exc_info" in line or "hello" in str(line) for line in lines)
    neighbour = await Raw.join(echo.port)
    neighbour.write(event("e", ack_id=1))
    assert (await neighbour.packet())["id"] == 1


async def _all_gone(echo: Echo) -> None:
    while echo.engine.connections:
        await echo.pass_s(0.25)
    await echo.expect_empty()
