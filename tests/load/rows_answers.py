"""One-tap answers to one warning, beside as many messages: 200 a second into 1,000, as a street does where it burns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rooms import session
from rooms.dispatch import Caller, dispatch
from rooms.keys import RoomKeys
from rooms.store import fields_of
from rooms.town import Town
from server.ground import open_town
from server.settings import Settings
from tests.load.bench import Bench, Figures, deliveries
from tests.load.client import LoadClient
from tests.load.crowd import Member
from tests.load.rows import room_of
from tests.load.servers import Server

SIZE, PER_S = 1000, 200
WARM_S = 1.0
WARNING = {"kind": "nuisance", "text": "Er is veel lawaai op straat.", "minutes": 24 * 60, "client_id": "load-client:1"}
MESSAGES, ANSWERS = "answers: messages", "answers"


async def answers(bench: Bench) -> None:
    """The same pace of both, in turn, so that both have the same weather. Raises RuntimeError where the warning's
    counts are not those of the answers that its neighbours gave."""
    people = bench.crowds[room_of(SIZE)]
    async with bench.serving("bart") as server:
        assert server is not None
        async with open_town(Settings(data=str(bench.data)), default=False) as ground:
            warning = await _warned(ground.town, people[-1])
            async with bench.client(server, people) as client:
                await bench.come(client, SIZE)
                commands = {MESSAGES: ("rate", PER_S), ANSWERS: ("taps", PER_S, warning)}
                for name, *numbers in commands.values():
                    await client.do(str(name), WARM_S, *map(float, numbers))
                await _in_turn(bench, server, client, commands)
            await _check_counts(ground.town, people[0].room, warning)


async def _warned(town: Town, author: Member) -> int:
    """The seq of a warning by somebody who answers nothing."""
    caller = Caller(await session.resolve(town, author.token))
    return int((await dispatch(town, caller, "warning.raise", {**WARNING, "room": author.room}))["seq"])


async def _in_turn(
    bench: Bench, server: Server, client: LoadClient, commands: Mapping[str, tuple[float | str, ...]]
) -> None:
    runs: dict[str, list[Figures]] = {row: [] for row in commands}
    seconds = max(1.0, bench.options.seconds)
    for _ in range(bench.options.repeat):
        for row, (name, *numbers) in commands.items():

            async def once(name: float | str = name, numbers: list[float | str] = numbers) -> Figures:
                return await bench.measured(server, client, deliveries, name, seconds, *numbers)

            runs[row].append(await bench.undisturbed(once))
    for row, all_runs in runs.items():
        bench.keep(row, "bart", all_runs)


async def _check_counts(town: Town, room: str, warning: int) -> None:
    """Raises RuntimeError where they are not what the answers of each come to."""
    kept = {name.decode().partition(":"): value.decode()
            for name, value in fields_of(await town.store.read("HGETALL", RoomKeys(room).answers)).items()}  # fmt: skip
    mine = {name: value for (seq, _, name), value in kept.items() if seq == str(warning)}
    given = Counter(value for value in mine.values() if value in ("see", "not_here"))
    counted = {name: int(mine.get(name, "0")) for name in ("see", "not_here")}
    if not given or counted != {name: given[name] for name in counted}:
        raise RuntimeError(f"counted {counted}, given {dict(given)}")
