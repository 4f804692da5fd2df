"""Strange frames against a whole server that is in use: nobody dies, nobody stays, nothing is told.

Each connection says two of them: one strange within a good frame, one in any bytes; one in ten has signed in before.
`tests/server/test_engine_fuzz.py` looks at the engine alone and closer.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from random import Random
from time import monotonic

from tests.chaos.client import Client
from tests.chaos.faults_servers import FaultServers, Talk, within
from tests.chaos.faults_verdict import Say, Verdict
from tests.server.engine_raw import TEXT, Raw, client_frame, event, handshake, pack
from tests.server.test_engine_fuzz import mutate

AT_ONCE = 64
FRAMES_EACH = 2
TALKERS, ROOMS = 3, 2
GHOSTS_S = 1.0
PATIENCE_S = 20.0
HEADER = 6  # bytes of a short masked frame
SIGNED_IN = 0.1  # of the connections
SETTINGS = {"BART_HANDSHAKES_PER_S": "1000000", "BART_LIMIT_OUTSIDE": "100000/1"}


async def run(rng: Random, frames: int, say: Say) -> Verdict:
    """So many frames, while neighbours talk."""
    began_s = monotonic()
    servers = FaultServers([SETTINGS])
    talk = Talk(servers, rng.random())
    try:
        await servers.start()
        await talk.gather(TALKERS, ROOMS)
        (pid,), redis = servers.all[0].pids, await servers.redis()
        before, before_kb = _sockets(pid), _resident_kb(pid)
        fuzz = _Fuzz(servers.all[0].proxy.target, talk.caller, rng)
        talk.begin()
        while fuzz.said < frames:
            say(f"{monotonic() - began_s:5.0f} s  {fuzz.said} frames  {talk.acknowledged} acknowledged beside them")
            await asyncio.gather(*(fuzz.one() for _ in range(AT_ONCE)))
        problems = fuzz.problems
        if not await within(GHOSTS_S, lambda: _sockets(pid) <= before):
            problems.append(f"{_sockets(pid) - before} connections are still open {GHOSTS_S:g} s after the last frame")
        await talk.settle()
        problems += [one for one in await talk.violations() if not one.startswith("unsent:")]  # a good one among them
        if servers.all[0].pids != {pid} or not servers.all[0].alive or await servers.redis() != redis:
            problems.append("the server or its Redis died")
        grown_kb = _resident_kb(pid) - before_kb
    finally:
        await talk.crowd.close()
        said = await servers.close()
    problems += [f"the server said {count} times: {text}" for text, count in said.items()]
    return Verdict(
        problems=problems,
        figures={
            "frames": fuzz.said,
            "connections, of them signed in": f"{fuzz.said // FRAMES_EACH}, {fuzz.signed_in}",
            "memory of the server, grown": f"{grown_kb >> 10} MiB",
            "acknowledged beside them": talk.acknowledged,
        },
        seconds=monotonic() - began_s,
    )


class _Fuzz:
    """Says strange things by the rules of a seed."""

    def __init__(self, port: int, neighbour: Client, rng: Random) -> None:
        self._port, self._rng = port, rng
        self._connect = client_frame(pack(0, {"token": neighbour._token}))
        self._seeds = _seeds(neighbour.rooms[0], self._connect)
        self.said = self.signed_in = 0
        self.problems: list[str] = []

    async def one(self) -> None:
        """One connection, until the server has ended it or read its end."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._say(await Raw.ask(self._port, handshake(self._port)))
        except TimeoutError:
            self.problems.append(f"a connection was not ended within {PATIENCE_S:g} s")
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            self.problems.append(f"a connection was not taken: {type(error).__name__}")

    async def _say(self, raw: Raw) -> None:
        rng = self._rng
        signs_in = rng.random() < SIGNED_IN
        self.signed_in += signs_in
        raw.write((self._connect if signs_in else b"") + mutate(rng, rng.choice(self._seeds), HEADER))
        await asyncio.sleep(0)  # so that the first is read by itself
        self.said += FRAMES_EACH
        with suppress(ConnectionError):  # hung up on after the first
            raw.write(mutate(rng, rng.choice(self._seeds), rng.choice((0, HEADER))))
            if not raw.writer.is_closing():
                raw.writer.write_eof()
        await raw.closed()


def _seeds(room: str, connect: bytes) -> list[bytes]:
    """What is changed: good frames of every sort."""
    number = f"{'0' * 32}:1"
    return [
        connect,
        event("message.post", {"room": room, "client_id": number, "text": "hallo"}, ack_id=1),
        event("escalation.raise", {"room": room, "client_id": number, "to": "police", "urgency": "urgent",
                                   "text": "hallo", "emergency": "called"}, ack_id=2),
        event("warning.raise", {"room": room, "client_id": number, "kind": "fire", "text": "hallo"}, ack_id=3),
        event("room.history", {"room": room, "after": 0, "limit": 200}, ack_id=4),
        event("presence.typing", {"room": room}),
        event("e", {"deep": [[[{"a": [1, 2, 3]}]]], "bytes": b"\x00\xff", "none": None, "half": 0.5}),
        client_frame(pack(3, ["x"], 1)),
        client_frame(pack(1)),
        client_frame(b"3", TEXT),
        client_frame(pack(2, ["e"])[:5], final=False) + client_frame(pack(2, ["e"])[5:], 0),
    ]  # fmt: skip


def _sockets(pid: int) -> int:
    """How many sockets a process has open."""
    found = 0
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            found += str(descriptor.readlink()).startswith("socket:")
    return found


def _resident_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
