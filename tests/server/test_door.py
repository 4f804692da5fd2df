"""The door: a handshake beyond doubt goes straight in, everything else goes to aiohttp as it came."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest

from server import handshake as shake
from server.door import Door, Site
from tests.server.engine_echo import Echo, Serve
from tests.server.engine_raw import Raw, handshake, until

pytest_plugins = ("tests.server.engine_fixtures",)

PATH = b"/socket.io/"
PLAIN = handshake(80)
DOUBTFUL = {
    "half of it": PLAIN[:-3],
    "something behind it": PLAIN + b"x",
    "another behind it": PLAIN + PLAIN,
    "a header twice": PLAIN[:-2] + b"Host: elsewhere\r\n\r\n",
    "a header twice, spelt differently": PLAIN[:-2] + b"hOST: elsewhere\r\n\r\n",
    "a folded header": PLAIN[:-2] + b"X-Long: one\r\n two\r\n\r\n",
    "a header that is not ASCII": PLAIN[:-2] + "X-Name: é\r\n\r\n".encode(),
    "a header without a name": PLAIN[:-2] + b": empty\r\n\r\n",
    "a space before the colon": PLAIN[:-2] + b"X-Name : x\r\n\r\n",
    "a body": PLAIN[:-2] + b"Content-Length: 4\r\n\r\n",
    "a body in pieces": PLAIN[:-2] + b"Transfer-Encoding: chunked\r\n\r\n",
    "line feeds alone": PLAIN.replace(b"\r\n", b"\n"),
    "too long": PLAIN[:-2] + b"X-Long: " + b"x" * shake.LONGEST_HEAD + b"\r\n\r\n",
    "another method": PLAIN.replace(b"GET", b"POST"),
    "an older HTTP": PLAIN.replace(b"HTTP/1.1", b"HTTP/1.0"),
    "another path": PLAIN.replace(PATH, b"/socket.io/x/"),
    "a path written otherwise": PLAIN.replace(PATH, b"/socket%2eio/"),
    "no query": PLAIN.replace(b"?EIO=4&transport=websocket", b""),
    "an escaped query": PLAIN.replace(b"EIO=4", b"E%49O=4"),
    "an older protocol": PLAIN.replace(b"EIO=4", b"EIO=3"),
    "two protocols": PLAIN.replace(b"EIO=4", b"EIO=3&EIO=4"),
    "an upgrade from polling": PLAIN.replace(b"EIO=4", b"EIO=4&sid=abc"),
    "long polling": PLAIN.replace(b"=websocket", b"=polling"),
    "no key": handshake(80, Sec_WebSocket_Key=""),
    "a short key": handshake(80, Sec_WebSocket_Key="YWJj"),
    "another version": handshake(80, Sec_WebSocket_Version="8"),
    "no upgrade": handshake(80, Upgrade="h2c"),
    "a connection that stays as it is": handshake(80, Connection="keep-alive"),
    "a foreign page": handshake(80, Origin="https://elsewhere.example"),
    "no host": handshake(80, Host=""),
    "an empty host": handshake(80).replace(b"Host: 127.0.0.1:80", b"Host:"),
    "no host for its origin": handshake(80, Host="", Origin="https://elsewhere.example"),
    "nothing": b"",
    "bytes": bytes(range(256)),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_whatever_is_doubtful_is_not_taken(name: str) -> None:
    """It is aiohttp's to read, and to refuse in words."""
    assert shake.read(DOUBTFUL[name], PATH, ()) is None


@pytest.mark.parametrize(
    "head",
    [
        PLAIN,
        handshake(80, Upgrade="WebSocket", Connection="keep-alive, Upgrade"),
        handshake(80, Origin="http://127.0.0.1:80", Cookie="a=b; c=d", User_Agent="Een (browser)"),
        handshake(80, path="/socket.io/?EIO=4&transport=websocket&t=P1abc.0"),
        handshake(80, path="/socket.io/?transport=websocket&EIO=4"),
    ],
)
def test_what_the_official_clients_say_is_taken(head: bytes) -> None:
    """In whatever order they say it."""
    assert shake.read(head, PATH, ()) is not None


def test_with_a_list_of_origins_only_those() -> None:
    """Also for who comes in by the short way."""
    known, foreign = handshake(80, Origin="https://bart.example"), handshake(80, Origin="http://127.0.0.1:80")
    assert shake.read(known, PATH, ("https://bart.example",)) is not None
    assert shake.read(foreign, PATH, ("https://bart.example",)) is None


async def test_a_plain_handshake_never_reaches_aiohttp(echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    """And who comes by aiohttp, with its head in two parts, is served the same."""
    served = list[str]()
    monkeypatch.setattr(echo.engine, "_check", lambda _request: served.append("by aiohttp"))
    quick = await Raw.open(echo.port)
    assert served == []
    slow = Raw(*await asyncio.open_connection("127.0.0.1", echo.port))
    await until(lambda: _at_the_door(echo) == 1)
    slow.writer.write(handshake(echo.port)[:40])
    await until(lambda: _at_the_door(echo) == 0)
    slow.writer.write(handshake(echo.port)[40:])
    assert (await slow.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
    assert served == ["by aiohttp"]
    assert len(echo.engine.connections) == 2
    assert not quick.writer.is_closing()


async def test_who_says_nothing_is_shut_out(serve: Serve) -> None:
    """A socket that is opened and left costs nothing for long."""
    echo = await serve(header_deadline_s=0.05)
    reader, _writer = await asyncio.open_connection("127.0.0.1", echo.port)
    assert await _ended(reader)
    assert _at_the_door(echo) == 0


async def test_who_goes_without_a_word_is_forgotten(echo: Echo) -> None:
    """Nothing waits for the deadline of a socket that is gone."""
    _reader, writer = await asyncio.open_connection("127.0.0.1", echo.port)
    await until(lambda: _at_the_door(echo) == 1)
    writer.close()
    await until(lambda: _at_the_door(echo) == 0)


async def test_stopping_shuts_out_who_stands_at_the_door(serve: Serve) -> None:
    """No socket outlives its server."""
    echo = await serve()
    reader, _writer = await asyncio.open_connection("127.0.0.1", echo.port)
    await until(lambda: _at_the_door(echo) == 1)
    await echo.stop()
    assert await _ended(reader)


async def test_who_came_while_the_server_stopped_stood_at_the_door_of_nobody(echo: Echo) -> None:
    """The kernel had let it in, and the loop tells of it a turn later: it is shut out at once, without a watch."""
    (site,) = echo.runner.sites
    assert isinstance(site, Site)
    await site.stop()
    ours, theirs = socket.socketpair()
    await asyncio.get_running_loop().connect_accepted_socket(lambda: Door(site), ours)
    reader, writer = await asyncio.open_connection(sock=theirs)
    assert await _ended(reader)
    writer.close()
    assert len(site._silent) == 0
    assert site._watch is None


async def test_who_closes_half_at_the_door_is_let_go(echo: Echo) -> None:
    """There is nobody to say anything any more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", echo.port)
    await until(lambda: _at_the_door(echo) == 1)
    writer.write_eof()
    assert await _ended(reader)
    await until(lambda: _at_the_door(echo) == 0)


@pytest.mark.parametrize("parts", [1, 2])
async def test_a_connect_that_failed_left_a_connection_that_nobody_knew(echo: Echo, parts: int) -> None:
    """Neither the application nor a deadline would have ended what came next; it is cut at once, by either way in."""

    async def faulty(_sid: str, _environ: dict[str, object]) -> None:
        raise ValueError("a bug of ours")

    echo.engine.on("connect", faulty)
    reader, writer = await asyncio.open_connection("127.0.0.1", echo.port)
    head = handshake(echo.port)
    if parts == 2:
        writer.write(head[:40])
        await until(lambda: echo.runner.server is not None and echo.runner.server.connections)
        head = head[40:]
    writer.write(head)
    with contextlib.suppress(ConnectionResetError):
        await reader.read()
    await until(lambda: echo.engine.ended["fault"] == 1)
    await until(lambda: not echo.engine.connections)
    writer.close()


async def test_beyond_the_rate_one_is_refused_in_words(serve: Serve) -> None:
    """The bucket is one for both ways in."""
    echo = await serve(handshakes_per_s=2)
    _let_in = [await Raw.open(echo.port), await Raw.open(echo.port)]
    refused = await Raw.ask(echo.port, handshake(echo.port))
    assert refused.status == 503
    assert b"Retry-After" in refused.head


async def test_the_kernel_holds_back_no_more_than_its_buffer(echo: Echo) -> None:
    """The limits on what waits out see what the kernel does not take."""
    _client = await Raw.open(echo.port)
    (connection,) = echo.engine.connections.values()
    assert connection._transport is not None
    stream = connection._transport.get_extra_info("socket")
    kernel_doubles = 2 * echo.engine.settings.send_buffer_bytes
    assert stream.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == kernel_doubles


def _at_the_door(echo: Echo) -> int:
    (site,) = echo.runner.sites
    return len(site._silent)  # type: ignore[attr-defined]  # a door.Site


async def _ended(reader: asyncio.StreamReader) -> bool:
    """Wait for the end of a socket, whichever way the kernel tells it; True where nothing came before it."""
    try:
        return await reader.read() == b""
    except ConnectionResetError:
        return True
