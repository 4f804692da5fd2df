"""The store alone: posts as fast as they go while its Redis is killed and brought back, over and over.

Nothing that was acknowledged may be lost, doubled or out of order; no server and no socket is in between.
"""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from time import monotonic

import msgspec

from rooms import letter, membership
from rooms.default_town import default_town
from rooms.dispatch import Caller, dispatch
from rooms.limit import Limit
from rooms.person import Person
from rooms.refusal import Refusal
from rooms.store import Store, StoreFault
from rooms.town import Town
from server.embedded_redis import EmbeddedRedis
from tests.chaos.checker import check
from tests.chaos.faults_verdict import Say, Verdict, spread
from tests.chaos.history import History, Joined, Ok, Refused, Sent, Unknown
from tests.chaos.logs import Log, read_logs
from tests.town import PASSWORD, PlainPasswords, device_of

WRITERS = 8
KILLS_PER_TOWN = 100
REWRITES = 0.1  # of the lives of a Redis
LIVES_S = 0.02  # the longest that a Redis lives once it has answered somebody again
PATIENCE_S = 15.0
PAUSE_S = 0.002  # between two posts of one writer
CODE_KEY = bytes(range(32))


class Writer:
    """One person with one device, who posts one message after the other, and repeats what was not answered."""

    def __init__(self, town: Town, person: Person, history: History) -> None:
        self.name, self.room = person.name, str(person.street)
        self._town, self._caller, self._history, self._count = town, Caller(person), history, 0
        history.note(Joined, self.name, person.id, device_of(person.name), (self.room,))

    async def write(self, stopping: asyncio.Event) -> None:
        """Until told to stop; the last post is answered too."""
        while not stopping.is_set():
            self._count += 1
            client_id = f"{device_of(self.name)}:{self._count}"
            while not await self._post(client_id):
                pass
            await asyncio.sleep(PAUSE_S)

    async def _post(self, client_id: str) -> bool:
        """True where the answer is final."""
        self._history.note(Sent, self.name, self.room, client_id, "message.post")
        try:
            payload = {"room": self.room, "client_id": client_id, "text": f"Bericht {client_id[-8:]}"}
            reply = await dispatch(self._town, self._caller, "message.post", payload)
        except Refusal as refusal:
            kind = Unknown if refusal.row.retryable else Refused
            self._history.note(kind, self.name, self.room, client_id, refusal.code)
            return not refusal.row.retryable
        self._history.note(Ok, self.name, self.room, client_id, reply["seq"])
        return True


async def run(rng: Random, kills: int, say: Say) -> Verdict:
    """So many kills of Redis, each as soon as the one before has been made good; a new town now and then, or reading
    its file would become the run."""
    began_s, problems, back_ms, counts = monotonic(), list[str](), list[float](), Counter[str]()

    def tell() -> None:
        say(f"{monotonic() - began_s:5.0f} s  {len(back_ms)} kills  {counts['Ok']} acknowledged")

    while len(back_ms) < kills:
        history = History()
        logs = await _one_town(rng, min(kills - len(back_ms), KILLS_PER_TOWN), history, back_ms, tell)
        problems += [str(violation) for violation in check(history.records, logs)]
        counts += history.counts
        counts["entries"] += sum(len(log.rows) for log in logs.values())
    if counts["Ok"] < kills:
        problems.append("hardly anything was acknowledged between two kills: the run proves nothing")
    return Verdict(
        problems=problems,
        figures={
            "kills of Redis": len(back_ms),
            "until it answered again": spread(back_ms),
            "acknowledged": counts["Ok"],
            "entries in the logs": counts["entries"],
        },
        seconds=monotonic() - began_s,
    )


async def _one_town(
    rng: Random, kills: int, history: History, back_ms: list[float], tell: Callable[[], None]
) -> dict[str, Log]:
    """Write and kill in a folder of its own; the logs at the end."""
    with tempfile.TemporaryDirectory(prefix="bart-store-") as folder:
        data = Path(folder) / "data"
        redis = await EmbeddedRedis.open(data)
        store = Store(redis.url)
        try:
            writers = await writers_of(store, history)
            stopping = asyncio.Event()
            writing = [asyncio.ensure_future(writer.write(stopping)) for writer in writers]
            for _ in range(kills):
                tell()
                await _somebody_is_answered(history)
                if rng.random() < REWRITES:
                    await _rewrite(store)
                await asyncio.sleep(rng.uniform(0, LIVES_S))
                redis, took_ms = await _kill(redis, data)
                back_ms.append(took_ms)
            stopping.set()
            await asyncio.gather(*writing)
            return await asyncio.to_thread(read_logs, redis.url, sorted({writer.room for writer in writers}))
        finally:
            await store.close()
            await redis.close()


async def _rewrite(store: Store) -> None:
    """Let Redis write its file anew, so that it is killed in the midst of that too."""
    with suppress(StoreFault):  # it is at it already
        await store.read("BGREWRITEAOF")


async def writers_of(store: Store, history: History) -> list[Writer]:
    """A town on an empty store, and those who write in it, two to a street."""
    town = Town(store, CODE_KEY)
    town.policy = msgspec.structs.replace(town.policy, limits=dict.fromkeys(town.policy.limits, Limit(100_000, 1)))
    await town.import_places(default_town())
    town.clock.follow(await store.time_ms())
    streets = [place for place in town.places if place.kind == "street"][: WRITERS // 2]
    writers = []
    for number in range(WRITERS):
        (code,) = await letter.make(town, streets[number % len(streets)], 1)
        name = f"Buur {number + 1}"
        joined = await membership.join(town, PlainPasswords(), "192.0.2.1", code, name, PASSWORD, device_of(name))
        writers.append(Writer(town, joined.person, history))
    return writers


async def _somebody_is_answered(history: History) -> None:
    """So that every kill hits a Redis that is being written to."""
    before, give_up_s = history.counts["Ok"], monotonic() + PATIENCE_S
    while history.counts["Ok"] == before and monotonic() < give_up_s:  # noqa: ASYNC110
        await asyncio.sleep(0.001)


async def _kill(redis: EmbeddedRedis, data: Path) -> tuple[EmbeddedRedis, float]:
    """kill -9, and a new one that answers in its place; how many milliseconds that took.

    A seat is given up and taken anew each time: the watch of a server would wait longer after every death.
    """
    began_s = monotonic()
    os.kill(redis.pid, signal.SIGKILL)
    await redis.close()
    return await EmbeddedRedis.open(data), (monotonic() - began_s) * 1000
