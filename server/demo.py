"""A town with a few neighbours who talk: real Socket.IO clients in this process, a real server in another.

Leaves nothing behind unless a data folder was given; then the same neighbours are there again the next time.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import random
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import click
import msgspec
import socketio
import structlog

from rooms import letter, letter_code
from server.ground import open_town
from server.settings import Settings

log = structlog.get_logger("demo")
STREET = "Jan Luykenlaan"
GUESTS = ("Noor", "Joris")
NEIGHBOURS = ("Fatma", "Kees", "Marieke", "Ahmed", "Sanne", "Dirk")
OPENINGS = ("Goedemorgen buren.", "Even een vraag.", "Hoi allemaal.", "Weet iemand dit?", "")
SAYINGS = (
    "De lantaarn bij nummer tien doet het weer niet.",
    "Er staat een witte bus half op de stoep.",
    "Wie heeft er een ladder te leen?",
    "De glasbak zit helemaal vol.",
    "Ik heb een sleutelbos gevonden bij de speeltuin.",
    "Zaterdag vegen we samen de straat, koffie staat klaar.",
    "Er liep net een losse hond richting het park.",
    "Hoor ik nu vuurwerk?",
)
ANSWERS = ("Dank je wel!", "Ja, hier ook.", "Ik kijk even.", "Dat heb ik gemeld.", "Nee, hier niets gezien.", "Top.")
PAUSE_S = (3.0, 9.0)
READY_WITHIN_S = 60
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run(settings: Settings, *, quiet: bool) -> None:
    """Serve until Ctrl-C, SIGTERM or SIGHUP. Raises RuntimeError when the server does not start, or ends by itself."""
    living = asyncio.create_task(_serve_and_live(settings, quiet=quiet))
    ending = asyncio.Event()

    def end() -> None:
        if not ending.is_set():  # a second Ctrl-C must not interrupt the clearing away
            ending.set()
            living.cancel()

    for number in ENDS:
        asyncio.get_running_loop().add_signal_handler(number, end)
    with contextlib.suppress(asyncio.CancelledError):
        await living


async def _serve_and_live(settings: Settings, *, quiet: bool) -> None:
    kept = bool(settings.data or settings.redis)
    folder = settings.data_folder() if kept else Path(tempfile.mkdtemp(prefix="bart-demo-"))
    town = settings if kept else msgspec.structs.replace(settings, data=str(folder))
    try:
        async with _server(town) as (server, url):
            await _live(town, server, url, quiet=quiet)
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def _server(settings: Settings) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`bart serve` as a child, and its address; stops it.

    In a session of its own: a terminal's Ctrl-C would reach it as well as our SIGTERM, and the second of two signals
    ends a server at once, without stopping its Redis.
    """
    where = ["--redis", settings.redis] if settings.redis else ["--data", settings.data]
    command = [sys.executable, "-m", "server", "serve", "--json-ready", *where,
               "--host", settings.host, "--port", str(settings.port)]  # fmt: skip
    child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, start_new_session=True)
    try:
        yield child, await _ready(child)
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # it ended this moment
                child.send_signal(signal.SIGTERM)
        await child.wait()


async def _ready(child: asyncio.subprocess.Process) -> str:
    """The address from the server's ready line. Raises RuntimeError where none comes."""
    assert child.stdout is not None
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            line = await child.stdout.readline()
    except TimeoutError:
        raise RuntimeError(f"The server was not ready within {READY_WITHIN_S} s.") from None
    if not line:
        raise RuntimeError("The server did not start; its reason stands above.")
    return str(json.loads(line)["url"])


async def _live(settings: Settings, server: asyncio.subprocess.Process, url: str, *, quiet: bool) -> None:
    """Let the neighbours in, tell how to join them, and stay as long as the server."""
    async with contextlib.AsyncExitStack() as stack:
        code = await _letter(settings)
        everyone = [Neighbour(url, name, _password(settings, name)) for name in (*GUESTS, *NEIGHBOURS)]
        if not quiet:
            for neighbour in everyone:
                await neighbour.come(code)
            for neighbour in everyone[len(GUESTS) :]:
                await stack.enter_async_context(neighbour.talking())
        _tell(url, code, [] if quiet else everyone[: len(GUESTS)])
        await server.wait()
    raise RuntimeError("The server has ended; its reason stands above.")


async def _letter(settings: Settings) -> str:
    async with open_town(settings) as ground:
        street = ground.town.places.find(STREET, "street") or ground.town.places.find("", "street")
        if not street:
            raise RuntimeError(f"The demo needs the default town: there is no {STREET} here.")
        (code,) = await letter.make(ground.town, street[0], 1, household=50)
        return code


def _password(settings: Settings, name: str) -> str:
    """The same in every demo of a folder, and kept nowhere."""
    key = (settings.data_folder() / "code.key").read_bytes() if not settings.code_key else settings.code_key.encode()
    return hmac.digest(key, f"demo:{name}".encode(), hashlib.sha256).hex()[:12]


def _tell(url: str, code: str, guests: list[Neighbour]) -> None:
    click.echo(f"\n  BART is at {url}")
    if guests:
        click.echo(f"\n  The neighbours of {STREET} are talking. Sign in, in two windows, as")
        for guest in guests:
            click.echo(f"    {guest.name:8} password {guest.password}")
    click.echo(f"\n  or join with the letter code {letter_code.spoken(code)}.  Ctrl-C ends it.\n")
    sys.stdout.flush()


class Neighbour:
    """Somebody of the street, with a client of their own."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.url, self.name, self.password = url, name, password
        self._device, self._count, self._token = secrets.token_hex(16), 0, ""
        self._rooms: list[str] = []
        # handle_sigint would take Ctrl-C from us and stop the loop before anything is cleared away
        self._client = socketio.AsyncClient(
            serializer="msgpack", logger=False, engineio_logger=False, handle_sigint=False
        )
        self._client.on("welcome", self._welcomed)

    async def come(self, code: str) -> None:
        """Sign in, or join by the code the first time. Raises RuntimeError where neither works."""
        asked = {"name": self.name, "password": self.password, "device": self._device}
        async with aiohttp.ClientSession() as http:
            for path, body in (("/api/sign-in", asked), ("/api/join", {**asked, "code": code})):
                async with http.post(self.url + path, json=body) as answer:
                    if answer.ok:
                        self._token = (await answer.json())["token"]
                        return
        raise RuntimeError(f"{self.name} can't join; the data folder has another {self.name}.")

    @asynccontextmanager
    async def talking(self) -> AsyncIterator[None]:
        """Connected, saying something now and then."""
        await self._client.connect(self.url, auth={"token": self._token}, transports=["websocket"])
        talk = asyncio.create_task(self._talk())
        try:
            yield
        finally:
            talk.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await talk
            await self._client.disconnect()

    def _welcomed(self, welcome: dict[str, Any]) -> None:
        self._rooms = [room["id"] for room in welcome["rooms"]]

    async def _talk(self) -> None:
        pause_s = random.uniform(0, PAUSE_S[1])  # noqa: S311 - a pace, no secret; who has just come hears somebody soon
        while True:
            await asyncio.sleep(pause_s)
            pause_s = random.uniform(*PAUSE_S) * len(NEIGHBOURS) / 2  # noqa: S311
            if self._rooms and self._client.connected:
                await self._say(random.choice(self._rooms[:1] * 3 + self._rooms), _something())  # noqa: S311

    async def _say(self, room: str, text: str) -> None:
        """Say it once; the next try has the same number until it is answered."""
        self._count += 1
        said = {"room": room, "client_id": f"{self._device}:{self._count}", "text": text}
        while True:
            try:
                reply = await self._client.call("message.post", said, timeout=10)
            except socketio.exceptions.SocketIOError:
                await asyncio.sleep(1)
                continue
            if reply["ok"] or not reply["error"]["retryable"]:
                return
            await asyncio.sleep(reply["error"].get("retry_after_ms", 1000) / 1000)


def _something() -> str:
    if random.random() < 0.4:  # noqa: S311
        return random.choice(ANSWERS)  # noqa: S311
    return f"{random.choice(OPENINGS)} {random.choice(SAYINGS)}".strip()  # noqa: S311
