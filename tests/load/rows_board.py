"""The activity board: 2,000 rooms, 200 messages a second, 20 boards open; beside the same without any board.

Both are measured in turn, so that they have the same weather. The delay of a board's numbers is that of messages of our
own into rooms of which nobody else speaks: from sending one until its count is on a board.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from rooms import account, session
from rooms.membership import new_person_id
from rooms.person import Organisation, Person, Role
from rooms.town import Town
from server.ground import open_town
from server.settings import Settings
from tests.load import machine
from tests.load.bench import WARM_S, Bench, Figures, deliveries
from tests.load.crowd import NO_PASSWORD, Member
from tests.load.rows import room_of
from tests.load.servers import Server
from tests.neighbour import Neighbour

BOARDS, PER_S, UNDER_WAY, FAN_OUT = 20, 200, 8, 1000
IN_EACH = 2  # residents of a street and its neighbourhood
PROBES = 10
EVERY_S = 0.13  # between two probes; no part of the half second between two tellings
BESIDE, WATCHED = "board: without", "board"
FAN_OUT_BESIDE, FAN_OUT_WATCHED = "board: fan-out without", "board: fan-out"
Measure = Callable[[], Awaitable[Figures]]


def sizes(rooms: int) -> dict[str, int]:
    """Residents for so many rooms, each neighbourhood with its one street, and for the probes."""
    return {f"B{number}": IN_EACH for number in range(rooms // 2)} | {f"P{number}": 1 for number in range(PROBES)}


async def board(bench: Bench) -> None:
    """Talk in all rooms, and a burst into one of 1,000; both with boards open and without."""
    people = [member for name, some in bench.crowds.items() if name[0] == "B" for member in some]
    async with bench.serving("bart") as server:
        assert server is not None
        async with open_town(Settings(data=str(bench.data)), default=False) as ground:
            watchers = [await _staff(ground.town) for _ in range(BOARDS)]
        seconds = max(2.0, bench.options.seconds)
        async with bench.client(server, _in_both(people)) as client:
            await bench.come(client, len(people))
            await client.do("rate", WARM_S, PER_S)

            async def talk() -> Figures:
                return await bench.measured(server, client, deliveries, "rate", seconds, PER_S)

            await _in_turn(bench, server, watchers, talk, BESIDE, WATCHED)
        async with bench.client(server, room_of(FAN_OUT)) as client:
            await bench.come(client, FAN_OUT)
            await client.do("burst", WARM_S, UNDER_WAY)

            async def burst() -> Figures:
                return await bench.measured(server, client, deliveries, "burst", seconds, UNDER_WAY)

            await _in_turn(bench, server, watchers, burst, FAN_OUT_BESIDE, FAN_OUT_WATCHED)


def _in_both(people: list[Member]) -> list[Member]:
    """In the street and in the neighbourhood's room."""
    return [Member(member.token, member.room, member.room.partition(":")[0]) for member in people]


async def _staff(town: Town) -> str:
    """The token of a moderator of the whole town."""
    person = Person(id=new_person_id(), name="Moderator", role=Role.MODERATOR, organisation=Organisation.MUNICIPALITY,
                    jurisdiction=("LOAD",))  # fmt: skip
    await account.create(town, person, person.id, NO_PASSWORD, "", "")
    return await session.begin(town, person.id, "load-board")


async def _in_turn(
    bench: Bench, server: Server, watchers: list[str], measure: Measure, beside: str, watched: str
) -> None:
    """As often as asked, without a board and with all of them. core: of the server, while this went on."""
    runs: dict[str, list[Figures]] = {beside: [], watched: []}
    for _ in range(bench.options.repeat):
        runs[beside].append(_with_core(await bench.undisturbed(measure)))
        with machine.on_core(bench.options.client_core):  # who looks on needs nothing of the server's core
            async with _boards(server, watchers) as boards:
                runs[watched].append(await bench.undisturbed(lambda: _probed(bench, server, boards, measure)))
    for row, figures in runs.items():
        bench.keep(row, "bart", figures)


def _with_core(figures: Figures) -> Figures:
    """Shares of a core that the server and its Redis used."""
    return {**figures, "core": figures["cpu_us"] * figures["per_s"] / 1e6,
            "redis_core": figures["redis_us"] * figures["per_s"] / 1e6}  # fmt: skip


async def _probed(bench: Bench, server: Server, boards: list[Board], measure: Measure) -> Figures:
    """The measurement, and meanwhile the delay of a board's numbers, in ms."""
    probing = asyncio.ensure_future(_probe(bench, server, boards[0]))
    told = [one.told for one in boards]
    figures = _with_core(await measure())
    per_board = statistics.mean(one.told - before for one, before in zip(boards, told, strict=True))
    delays = sorted(await probing)
    return {**figures, "delay_ms": statistics.median(delays), "worst_delay_ms": delays[-1],
            "told_per_board": per_board}  # fmt: skip


async def _probe(bench: Bench, server: Server, board: Board) -> list[float]:
    """Somebody says something in each of the quiet rooms."""
    delays = []
    for name in (name for name in bench.crowds if name[0] == "P"):
        (member,) = bench.crowds[name]
        prober = _connected_as(server, member.token)
        await prober.connect()
        waiting = board.wait_for(member.room)
        began_s = time.perf_counter()
        said = {"room": member.room, "client_id": f"load-probe:{time.monotonic_ns()}", "text": "Hallo"}
        reply, _ = await asyncio.gather(prober.ask("message.post", said), waiting)
        if not reply["ok"]:
            raise RuntimeError(f"a probe was refused: {reply['error']['code']}")
        delays.append((time.perf_counter() - began_s) * 1000)
        await prober.close()
        await asyncio.sleep(EVERY_S)
    return delays


def _connected_as(server: Server, token: str) -> Neighbour:
    who = Neighbour(f"http://127.0.0.1:{server.port}", "load")
    who.token = token
    return who


class Board:
    """One open board. told: differences that came."""

    def __init__(self, who: Neighbour) -> None:
        self._who, self.told, self._rooms, self._expected = who, 0, 0, -1
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._whole = asyncio.Event()

    async def open(self) -> Board:
        """Connected, and with every room on it. Raises RuntimeError where it was refused."""
        await self._who.connect()
        self._who.client.on("board.changed", self._take)
        reply = await self._who.ask("board.watch", {})
        if not reply["ok"]:
            raise RuntimeError(f"a board was refused: {reply['error']['code']}")
        self._expected = reply["rooms"]
        self._look_whether_whole()
        await self._whole.wait()
        return self

    def _look_whether_whole(self) -> None:
        """The rooms come before the answer, or after it."""
        if self._rooms >= self._expected >= 0:
            self._whole.set()

    async def close(self) -> None:
        await self._who.close()

    async def wait_for(self, room: str) -> None:
        """Until something of this room is told."""
        future = self._waiting[room] = asyncio.get_running_loop().create_future()
        await future

    async def _take(self, payload: dict[str, list[dict[str, str]]]) -> None:
        self.told += 1
        if not self._whole.is_set():
            self._rooms += sum("name" in row for row in payload["rooms"])
            self._look_whether_whole()
        for row in payload["rooms"] if self._waiting else ():
            waiting = self._waiting.pop(row["room"], None)
            if waiting is not None and not waiting.done():
                waiting.set_result(None)


@asynccontextmanager
async def _boards(server: Server, tokens: list[str]) -> AsyncIterator[list[Board]]:
    boards = [Board(_connected_as(server, token)) for token in tokens]
    try:
        for one in boards:
            await one.open()
        yield boards
    finally:
        for one in boards:
            await one.close()
