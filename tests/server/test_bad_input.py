"""Bad input to the whole server: each gets the refusal or the close that protocol.md names; nothing is left of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from rooms import attempt
from server import app
from server.app import Running, running
from server.handshake import HEADER_DEADLINE_S
from server.routes import account as account_routes
from server.settings import Settings
from tests.conftest import CODE_KEY, Join, code_for, until
from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.server.engine_raw import BINARY, TEXT, Raw, client_frame, event, handshake, pack
from tests.town import JAN_LUYKENLAAN, PASSWORD, MovedClock

ROOM = JAN_LUYKENLAAN
HALF_SENT = 200


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Bad input is the client's fault: no line of a fault, no traceback, from us or from a library."""
    caplog.set_level(logging.DEBUG)
    with capture_logs() as lines:
        yield
    assert [line for line in lines if line["log_level"] in ("error", "critical") or "exc_info" in line] == []
    assert [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR] == []


@pytest.fixture
async def ada(join: Join) -> Neighbour:
    return await join("Ada")


async def nobody_left(server: Running) -> None:
    """No connection, no client, no room of the process is left of those who have gone."""
    await until(lambda: not server.sio.engine.connections)
    assert (server.fanout.people, server.fanout.lines) == ({}, {})
    assert not server.sio.environ
    assert len(server.sio.engine.deadlines) == 0


# commands --------------------------------------------------------------------------------------------


def said(**fields: Any) -> dict[str, Any]:
    """A message that is right but for these fields; a field given as ... is left out."""
    right = {"room": ROOM, "client_id": f"{'a' * 32}:1", "text": "Hallo."}
    return {name: value for name, value in {**right, **fields}.items() if value is not ...}


BAD: dict[str, tuple[str, Any, str | None]] = {
    "an unknown field": ("message.post", said(colour="red"), "colour"),
    "a field of the server": ("message.post", said(seq=1), "seq"),
    "a number as text": ("message.post", said(text=5), "text"),
    "null as text": ("message.post", said(text=None), "text"),
    "bytes as text": ("message.post", said(text=b"Hallo."), "text"),
    "a list as text": ("message.post", said(text=["Hallo."]), "text"),
    "no text": ("message.post", said(text=...), "text"),
    "an empty text": ("message.post", said(text=""), "text"),
    "a text of blanks": ("message.post", said(text=" \n\t\u00a0 "), "text"),
    "2,001 characters": ("message.post", said(text="a" * 2001), "text"),
    "no room": ("message.post", said(room=...), "room"),
    "a room with a blank": ("message.post", said(room="een kamer"), "room"),
    "a room with a line": ("message.post", said(room=ROOM + "\n"), "room"),
    "a room of 201": ("message.post", said(room="a" * 201), "room"),
    "an empty room": ("message.post", said(room=""), "room"),
    "a client_id without number": ("message.post", said(client_id="a" * 32), "client_id"),
    "a client_id of number 0": ("message.post", said(client_id=f"{'a' * 32}:0"), "client_id"),
    "a client_id below 0": ("message.post", said(client_id=f"{'a' * 32}:-1"), "client_id"),
    "a client_id beyond 2^53": ("message.post", said(client_id=f"{'a' * 32}:{2**60}"), "client_id"),
    "a client_id of another script": ("message.post", said(client_id=f"{'a' * 32}:١"), "client_id"),
    "a reply to nothing": ("message.post", said(reply_to=0), "reply_to"),
    "a reply to a fraction": ("message.post", said(reply_to=1.5), "reply_to"),
    "a reply to a yes": ("message.post", said(reply_to=True), "reply_to"),
    "a reply beyond 2^53": ("message.post", said(reply_to=2**53), "reply_to"),
    "an unknown reaction": ("message.react", said(text=..., target=1, reaction="👎"), "reaction"),
    "a page of 201": ("room.history", {"room": ROOM, "limit": 201}, "limit"),
    "a page of 0": ("room.history", {"room": ROOM, "limit": 0}, "limit"),
    "after below 0": ("room.history", {"room": ROOM, "after": -1}, "after"),
    "after and before": ("room.history", {"room": ROOM, "after": 1, "before": 2}, "before"),
    "a cursor of 0": ("room.read", {"room": ROOM, "seq": 0}, "seq"),
    "a list for a payload": ("message.post", [said()], None),
    "text for a payload": ("message.post", "Hallo.", None),
    "null for a payload": ("message.post", None, None),
    "a number for a payload": ("message.post", 5, None),
    "an empty payload": ("message.post", {}, "room"),
}


@pytest.mark.parametrize("what", BAD)
async def test_a_payload_that_has_not_the_form_is_refused(ada: Neighbour, what: str) -> None:
    """The refusal names the field and never its content; the connection goes on; nothing was posted."""
    name, payload, field = BAD[what]
    before = await ada.ask("room.history", {"room": ROOM})
    error = await ada.refused("bad_request", name, payload)
    assert (error["retryable"], error.get("field")) == (False, field)
    assert "Hallo" not in error["message"]
    assert await ada.ask("room.history", {"room": ROOM}) == before


@pytest.mark.parametrize(
    "name", ["message.shout", "message", "", "message.post ", "MESSAGE.POST", "x" * 5000, "welcome"]
)
async def test_an_unknown_command_is_refused(ada: Neighbour, name: str) -> None:
    """A name that is in no row of the table, an event's among them, is answered so; the connection goes on."""
    await ada.refused("unknown_command", name, {"room": ROOM})
    await ada.say(ROOM, "Ik ben er nog.")


async def test_a_command_has_exactly_one_payload(ada: Neighbour, server: Running) -> None:
    """Without a payload or with two it is refused, and nothing is carried out."""
    raw = await welcomed(server, ada)
    raw.send(pack(2, ["message.post"], 1))
    raw.send(pack(2, ["message.post", said(), said()], 2))
    raw.send(pack(2, ["message.post", said()], None))  # wants no answer, which is allowed
    raw.send(pack(2, ["room.history", {"room": ROOM}], 3))
    answers = {packet["id"]: packet["data"][0] for packet in [await answer(raw) for _ in range(3)]}
    assert [answers[number]["error"]["code"] for number in (1, 2)] == ["bad_request", "bad_request"]
    assert [entry["data"]["text"] for entry in answers[3]["entries"] if entry["event"] == "message.posted"] == [
        "Hallo."
    ]
    raw.hang_up()


async def test_two_thousand_characters_of_any_script_are_a_text(ada: Neighbour, join: Join) -> None:
    """The limit counts characters, not bytes, and what was said comes back as it was."""
    ben = await join("Ben")
    for text in ("👨‍👩‍👧" * 400, "ا" * 2000, "a\u0000b", "<script>alert(1)</script>", "e\u0301" * 1000):
        seq = await ada.say(ROOM, text)
        await ben.expect("message.posted", seq=seq, text=text)


async def test_thirty_two_commands_wait_and_more_are_busy(ada: Neighbour, server: Running) -> None:
    """Who sends without waiting is told `busy`, and at the third time is closed with 1013."""
    raw = await welcomed(server, ada)
    raw.write(b"".join(event("room.history", {"room": ROOM}, ack_id=number) for number in range(200)))
    assert await raw.closed() == 1013
    await ada.close()
    await nobody_left(server)


async def welcomed(server: Running, neighbour: Neighbour) -> Raw:
    """A bare socket that has joined as this neighbour and has been welcomed."""
    raw = await Raw.join(server.port, {"token": neighbour.token})
    assert (await raw.packet())["data"][0] == "welcome"
    return raw


async def answer(raw: Raw) -> dict[str, Any]:
    """The next acknowledgement; events on the way are passed over."""
    while (packet := await raw.packet())["type"] != 3:
        pass
    return packet


# frames ----------------------------------------------------------------------------------------------

FRAMES: dict[str, tuple[bytes, int]] = {
    "no packet": (client_frame(b"x"), 1002),
    "an empty frame": (client_frame(b""), 1002),
    "a text frame": (client_frame(b'42["message.post",{}]', TEXT), 1002),
    "a heap of brackets": (client_frame(b"4" + b"[" * 5000, TEXT), 1002),
    "64 KiB and 1": (client_frame(bytes(64 * 1024 + 1)), 1009),
    "a length beyond memory": (bytes((0x80 | BINARY, 0xFF)) + b"\x7f" + b"\xff" * 7 + bytes(4), 1009),
    "another namespace": (client_frame(pack(2, ["e"], nsp="/admin")), 1002),
    "a binary event": (client_frame(pack(5, ["e"])), 1002),
    "a name that is no text": (client_frame(pack(2, [1, {}])), 1002),
    "a reserved name": (client_frame(pack(2, ["disconnect"])), 1002),
    "deeply nested": (client_frame(pack(2, ["message.post", [[[[[[[[[[]]]]]]]]]]])), 1002),
    "801 items": (client_frame(pack(2, ["message.post", {"text": [0] * 801}])), 1002),
    "a second CONNECT": (client_frame(pack(0, {"token": "x"})), 1002),
    "not masked": (client_frame(pack(2, ["e"]), masked=False), 1002),
}


@pytest.mark.parametrize("what", FRAMES)
async def test_a_frame_that_is_none_closes_the_connection(ada: Neighbour, server: Running, what: str) -> None:
    """At once, with the code that says so; the others of the room go on, and no ghost is left."""
    raw = await welcomed(server, ada)
    data, code = FRAMES[what]
    raw.write(data)
    assert await raw.closed() == code
    await ada.say(ROOM, "Ik ben er nog.")
    await ada.close()
    await nobody_left(server)


async def test_a_frame_of_64_kib_is_read(ada: Neighbour, server: Running) -> None:
    """The largest frame is still a command, refused for its form and not for its size."""
    raw = await welcomed(server, ada)
    room = 64 * 1024 - len(pack(2, ["message.post", said(text="a" * 60_000)], 1)) + 60_000
    data = pack(2, ["message.post", said(text="a" * room)], 1)
    assert len(data) == 64 * 1024
    raw.send(data)
    assert (await answer(raw))["data"][0]["error"]["field"] == "text"
    raw.hang_up()


async def test_a_connection_that_breaks_in_any_state_leaves_no_ghost(ada: Neighbour, server: Running) -> None:
    """Cut before CONNECT, right behind it, in the middle of a frame, with commands under way."""
    for start in (b"", client_frame(pack(0, {"token": ada.token})), client_frame(pack(0, {"token": "x"}))):
        for more in (b"", event("message.post", said())[:-3], event("room.history", {"room": ROOM}, ack_id=1) * 5):
            raw = await Raw.open(server.port)
            raw.write(start + more)
            await raw.writer.drain()
            raw.hang_up()
    await ada.close()
    await nobody_left(server)


# HTTP ------------------------------------------------------------------------------------------------

JOIN = {"code": "ABCDEFGHJK", "name": "Ben", "password": PASSWORD, "device": "a" * 32}
BODIES: dict[str, tuple[str, bytes, int, str, str | None]] = {
    "nothing": ("/api/join", b"", 400, "bad_request", None),
    "no JSON": ("/api/join", b"code=ABC", 400, "bad_request", None),
    "half of JSON": ("/api/join", b'{"code": "ABCDE', 400, "bad_request", None),
    "no UTF-8": ("/api/join", b'{"code": "\xff\xfe"}', 400, "bad_request", None),
    "a list": ("/api/sign-in", b"[]", 400, "bad_request", None),
    "null": ("/api/sign-in", b"null", 400, "bad_request", None),
    "a wrong type": ("/api/sign-in", b'{"name": 5, "password": "x", "device": "aaaaaaaa"}', 400, "bad_request", "name"),
    "an unknown field": ("/api/recover", b'{"admin": true}', 400, "bad_request", "admin"),
    "a field left out": ("/api/sign-in", b'{"name": "Ada", "password": "x"}', 400, "bad_request", "device"),
    "a device that is none": (
        "/api/sign-in", b'{"name": "Ada", "password": "x", "device": "../../etc"}', 400, "bad_request", "device",
    ),
    "a code that is none": ("/api/join", b'{"code": "", "name": "B"}', 400, "bad_request", "code"),
    "deeply nested": ("/api/join", b'{"code": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400, "bad_request", None),
    "16 KiB and 1": ("/api/join", b" " * (16 * 1024 + 1), 413, "too_large", None),
    "a mebibyte": ("/api/join", b"a" * 1024 * 1024, 413, "too_large", None),
}  # fmt: skip


@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "in pieces"])
@pytest.mark.parametrize("what", BODIES)
async def test_a_body_that_has_not_the_form_is_refused(server: Running, what: str, *, chunked: bool) -> None:
    """The status of its row and the same JSON as on the socket, whether its length was told or not."""
    path, body, status, code, field = BODIES[what]

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 4096):
            yield body[start : start + 4096]

    async with aiohttp.ClientSession() as http:
        try:
            async with http.post(server.url + path, data=pieces() if chunked else body) as reply:
                answered = await reply.json()
        except aiohttp.ClientConnectionError:
            assert status == 413  # a server may hang up on what it will not read
            return
    assert (reply.status, answered["error"]["code"]) == (status, code)
    if field is not None:
        assert answered["error"]["field"] == field
    assert reply.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/join", 405),
        ("PUT", "/api/sign-in", 405),
        ("POST", "/healthz", 405),
        ("POST", "/", 405),
        ("GET", "/api/nothing", 404),
        ("GET", "/nothing", 404),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/assets/..%2f..%2f..%2fpyproject.toml", 404),
        ("GET", "/%2e%2e/pyproject.toml", 404),
        ("GET", "/socket.io/", 400),
        ("POST", "/socket.io/?EIO=4&transport=polling", 400),
        ("GET", "/socket.io/?EIO=4&transport=polling", 400),
        ("GET", "/socket.io/?EIO=3&transport=websocket", 400),
    ],
)
async def test_a_wrong_method_or_path_is_answered(server: Running, method: str, path: str, status: int) -> None:
    """With a status, and with the same policies as every other answer."""
    request = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    raw = await Raw.ask(server.port, request.encode())
    assert raw.status == status
    assert b"X-Content-Type-Options: nosniff" in raw.head
    raw.hang_up()


@pytest.mark.parametrize(
    "request_line",
    [b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n"],
    ids=["bytes", "half a line", "another HTTP", "a long line"],
)
async def test_what_is_no_request_is_answered_with_400(server: Running, request_line: bytes) -> None:
    """And the connection ends."""
    raw = await Raw.ask(server.port, request_line)
    assert raw.status == 400
    assert await raw.reader.read() is not None
    raw.hang_up()


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer ", "Basic abc", "Bearer niets", f"Bearer {'x' * 5000}"])
async def test_a_token_that_is_none_is_signed_out(server: Running, token: str) -> None:
    """Every route that needs a token answers 401."""
    bodies = {
        "/api/password": {"old": PASSWORD, "new": PASSWORD},
        "/api/move": {"code": "ABCDEFGHJK"},
        "/api/erase": {"password": PASSWORD},
    }
    async with aiohttp.ClientSession() as http:
        for path in ("/api/sign-out", "/api/sign-out-everywhere", *bodies):
            async with http.post(server.url + path, json=bodies.get(path), headers={"Authorization": token}) as reply:
                assert (reply.status, (await reply.json())["error"]["code"]) == (401, "signed_out")


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server that is started next waits one second for headers instead of ten."""
    assert HEADER_DEADLINE_S == 10
    monkeypatch.setattr(app, "HEADER_DEADLINE_S", 1.0)


async def test_half_sent_headers_are_cut_off(hasty: None, server: Running, ada: Neighbour) -> None:
    """Clients that never finish their request keep nobody from being served, and are gone at the deadline."""
    halves = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(HALF_SENT)]
    for _, writer in halves:
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    await ada.say(ROOM, "Ik ben er nog.")
    for reader, _ in halves:
        await reader.read()  # ends when the server has hung up
    await ada.say(ROOM, "Nog steeds.")
    for _, writer in halves:
        writer.transport.abort()


async def test_a_half_sent_body_is_not_waited_for(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The header deadline is over once the headers are there; the body has one of its own."""
    assert account_routes.BODY_DEADLINE_S == 10
    monkeypatch.setattr(account_routes, "BODY_DEADLINE_S", 0.05)
    head = b"POST /api/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n"
    raw = await Raw.ask(server.port, head + b'{"name": "Ada"')
    assert raw.status == 400
    raw.hang_up()


async def test_who_hangs_up_in_the_middle_of_a_body_is_no_fault(
    server: Running, ada: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A phone that loses its network while it asks leaves no line of a fault behind (`quiet` looks)."""
    read_body, ended = account_routes.read_body, list[str]()
    reading = asyncio.Event()

    async def watched(request: Any, form: Any) -> Any:
        reading.set()
        try:
            return await read_body(request, form)
        except BaseException as error:
            ended.append(type(error).__name__)
            raise

    monkeypatch.setattr(account_routes, "read_body", watched)
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b'POST /api/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n{"name": ')
    await reading.wait()
    writer.transport.abort()
    await until(lambda: bool(ended))
    assert ended == ["Refusal"]
    await ada.say(ROOM, "Ik ben er nog.")


# where it comes from ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 101),
        ({"Origin": "http://{host}"}, 101),
        ({"Origin": "https://{host}"}, 101),  # behind a proxy that ends TLS
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://{host}.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 101),  # as good as none
        ({"Origin": "http://evil.example", "X_Forwarded_Host": "evil.example"}, 403),
        ({"Origin": "http://evil.example", "Forwarded": "host=evil.example"}, 403),
    ],
)
async def test_pages_of_other_sites_open_nothing(server: Running, headers: dict[str, str], status: int) -> None:
    """Only pages of the own host; what anybody may write in X-Forwarded-Host is not asked."""
    host = f"127.0.0.1:{server.port}"
    asked = {name: value.replace("{host}", host) for name, value in headers.items()}
    raw = await Raw.ask(server.port, handshake(server.port, **asked))
    assert raw.status == status
    raw.hang_up()


async def wrong_codes(server: Running, forwarded: list[str]) -> list[str]:
    """The codes with which wrong letter codes are answered that come with these X-Forwarded-For."""
    codes = []
    async with aiohttp.ClientSession() as http:
        for number, address in enumerate(forwarded):
            body = {**JOIN, "name": f"Ben {number}"}
            async with http.post(server.url + "/api/join", json=body, headers={"X-Forwarded-For": address}) as reply:
                codes.append((await reply.json())["error"]["code"])
    return codes


MOST = attempt.BOUNDS["code_address"].most


async def test_nobody_chooses_the_own_address(server: Running) -> None:
    """X-Forwarded-For of an unknown peer is not believed: it doesn't escape the limit on wrong codes."""
    codes = await wrong_codes(server, [f"203.0.113.{number}" for number in range(MOST + 2)])
    assert codes == ["wrong_code"] * MOST + ["too_many_attempts"] * 2


async def test_a_trusted_proxy_is_believed(empty_redis: str, tmp_path: Path, clock: MovedClock) -> None:
    """Behind it every household has tries of its own; what a client put before the proxy's word is not believed."""
    settings = Settings(
        port=0, redis=empty_redis, data=str(tmp_path), code_key=CODE_KEY.hex(), drain_s=1, trusted_proxies="127.0.0.0/8"
    )
    async with running(settings, clock=clock) as server:
        assert set(await wrong_codes(server, [f"203.0.113.{number}" for number in range(MOST + 2)])) == {"wrong_code"}
        lies = [f"198.51.100.{number}, 203.0.113.99" for number in range(MOST + 1)]
        assert (await wrong_codes(server, lies))[-1] == "too_many_attempts"
        assert (await wrong_codes(server, ["203.0.113.100, 127.0.0.9"]))[-1] == "wrong_code"


# the log ---------------------------------------------------------------------------------------------


async def test_nothing_of_anybody_stands_in_the_log(tmp_path: Path) -> None:
    """A whole journey, good and bad, at the most talkative level: no token, name, code, password or word is written."""
    log = tmp_path / "server.log"
    process = ServerProcess(tmp_path / "data", log=log, BART_LOG_LEVEL="debug", BART_LOG_FORMAT="json")
    await process.start()
    code = await process.code()
    ada = await Neighbour(process.url, "Zonnebloem").join(code)
    secrets = [ada.token, ada.token[13:], ada.recovery, code, code.replace("-", ""), PASSWORD, ada.device, "Zonnebloem"]
    await ada.connect()
    await ada.say(ROOM, "Kwikstaart")
    await ada.refused("bad_request", "message.post", {"room": ROOM, "Kwikstaart": "Kwikstaart"})
    await ada.refused("unknown_command", "Kwikstaart", {"room": ROOM})
    raw = await Raw.join(process.port, {"token": ada.token})
    raw.write(client_frame(pack(2, ["message.post", {"text": "Kwikstaart" * 9000}])))
    await raw.closed()
    for path, body in (
        ("/api/sign-in", {"name": "Zonnebloem", "password": "Kwikstaart", "device": ada.device}),
        ("/api/join", {**JOIN, "name": "Kwikstaart"}),
        ("/api/join", {"Kwikstaart": 1}),
        ("/api/recover", {"name": "Zonnebloem", "recovery": "Kwikstaart", "password": PASSWORD, "device": ada.device}),
    ):
        assert not (await ada.post(path, body))[1].get("ok", False)
    process.kill9_redis()
    await ada.say(ROOM, "Kwikstaart")
    await ada.post("/api/sign-out-everywhere", token=ada.token)
    await ada.gone()
    assert await process.stop() == 0
    written = log.read_text()
    assert written
    assert [secret for secret in [*secrets, "Kwikstaart", "kwikstaart"] if secret in written] == []
    assert "Traceback" not in written


async def test_a_wrong_command_leaves_no_name_in_the_figures(server: Running, ada: Neighbour) -> None:
    """What a client calls a command is no label of the figures, also while the server drains."""
    await ada.refused("unknown_command", "Kwikstaart", {})
    server.gateway.draining = True
    await ada.refused("draining", "Grasmus", {})
    server.gateway.draining = False
    async with aiohttp.ClientSession() as http, http.get(server.url + "/metrics") as reply:
        figures = await reply.text()
    assert 'command="unknown"' in figures
    assert "Kwikstaart" not in figures
    assert "Grasmus" not in figures
    assert await code_for(server.town, ROOM) not in figures
