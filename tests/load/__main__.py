"""The comparison with one command: `python -m tests.load`; `--quick` for a first look, `--json FILE` to keep it."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import click
import msgspec
from click.core import ParameterSource

from server.ground import open_town
from server.settings import Settings
from tests.load import build, client, crowd, machine, report, rows, rows_alerts, rows_answers, rows_board, rows_own
from tests.load.bench import Bench, Options
from tests.load.servers import EVERYONE, PEERS

OWN_ROWS: dict[str, Callable[[Bench], Awaitable[None]]] = {
    "rooms": rows_own.rooms,
    "writes": rows_own.writes,
    "log": rows_own.log,
    "deaf": rows_own.deaf,
    "answers": rows_answers.answers,
    "board": rows_board.board,
    "alerts": rows_alerts.alerts,
}
ROWS = ("throughput", "pace", "command", "storm", "memory", *OWN_ROWS)
QUICK = {"sizes": (100, 1000), "repeat": 1, "seconds": 0.5, "rooms": 100, "storm": 1000, "log_entries": 20_000}


def _numbers(_context: click.Context, _option: click.Parameter, text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(","))


def _names(known: tuple[str, ...]) -> Callable[[click.Context, click.Parameter, str], tuple[str, ...]]:
    def read(_context: click.Context, _option: click.Parameter, text: str) -> tuple[str, ...]:
        chosen = tuple(text.split(","))
        if unknown := set(chosen) - set(known):
            raise click.BadParameter(f"{', '.join(sorted(unknown))}; there are {', '.join(known)}")
        return chosen

    return read


@click.command()
@click.option("--rows", default=",".join(ROWS), callback=_names(ROWS), help="Which rows.", show_default=True)
@click.option("--servers", default=",".join(EVERYONE), callback=_names(EVERYONE), show_default=True)
@click.option("--sizes", default="100,1000,5000", callback=_numbers, show_default=True, help="Members of the room.")
@click.option("--repeat", default=5, show_default=True, help="Measurements of which the median counts.")
@click.option("--patience", default=3, show_default=True, help="New tries when other programs took the cores.")
@click.option("--seconds", default=2.0, show_default=True, help="Length of each.")
@click.option("--bytes", "text_bytes", default=200, show_default=True, help="Of a message's text.")
@click.option("--awake-us", default=100, show_default=True, help="How long the client looks again before it sleeps.")
@click.option("--rooms", default=1000, show_default=True, help="Rooms of 20 in the row of that name.")
@click.option("--storm", default=5000, show_default=True, help="Clients that come at once, and whose memory is taken.")
@click.option("--log-entries", default=1_000_000, show_default=True, help="Of the long log.")
@click.option("--deaf-s", default=40.0, show_default=True, help="How long some do not read.")
@click.option("--server-core", default=0, show_default=True, help="For the server; -1 for any.")
@click.option("--redis-core", default=-1, show_default=True, help="For BART's Redis; -1 for the server's.")
@click.option("--client-core", default=1, show_default=True, help="For the load client; -1 for any.")
@click.option("--quick", is_flag=True, help=f"Small and once: {QUICK}.")
@click.option("--json", "kept", type=click.Path(dir_okay=False, path_type=Path), help="Write everything here, too.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="On the disk that is to be measured.")
def main(kept: Path | None, folder: Path | None, *, quick: bool, **chosen: object) -> None:
    """Compare BART with its peers on this machine."""
    cores = {
        name: None if chosen[name] == -1 else chosen[name] for name in ("server_core", "redis_core", "client_core")
    }
    options = msgspec.convert({**chosen, **cores, **(_not_given(QUICK) if quick else {})}, Options)
    with tempfile.TemporaryDirectory(prefix="bart-load-", dir=folder) as made:
        bench = asyncio.run(_compare(options, Path(made)))
    facts = _facts(bench)
    if kept:
        kept.write_text(json.dumps(report.as_json(bench, facts), indent=1) + "\n")
    click.echo(report.as_text(bench, facts))


def _not_given(values: dict[str, object]) -> dict[str, object]:
    """Those of which the command line says nothing of its own."""
    source = click.get_current_context().get_parameter_source
    return {name: value for name, value in values.items() if source(name) is ParameterSource.DEFAULT}


def _facts(bench: Bench) -> dict[str, str]:
    options = bench.options
    compiled = not bench.program[0].endswith(("python", "python3"))
    return {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Linux {platform.release()}",
        "load client": f"compiled, epoll, one thread, awake for {options.awake_us} us"
        if compiled
        else "Python, raw frames, several processes",
        "cores": f"server on {options.server_core}, BART's Redis on {_redis_core(options)}, load client on "
        f"{options.client_core}",
        "method": f"loopback, {options.text_bytes}-byte messages, W under way by W people, medians of "
        f"{options.repeat} x {options.seconds:g} s",
        "cpu": "cpu_us is the server's process; redis_us, beside it, that of BART's own Redis (appendfsync always)",
        "failed": "; ".join(bench.failed) or "nothing",
        "bart": "the whole server: signed in, checked, ordered, fsynced before answer and delivery; peers only relay",
    }


def _redis_core(options: Options) -> int | None:
    return options.server_core if options.redis_core is None else options.redis_core


async def _compare(options: Options, folder: Path) -> Bench:
    machine.allow_files(max(options.largest, options.rooms * rows_own.ROOM_SIZE // 2))
    built = build.compiled(folder, "client", "client.c", "wire.c")
    bench = Bench(options, folder, client.program(built))
    if "bart" in options.servers:
        await _prepare(bench)
    else:
        bench.crowds = {rows.room_of(size): crowd.strangers(size) for size in {*options.sizes, options.largest}}
    for name in options.servers:
        click.echo(f"{name}: {PEERS[name].what if name in PEERS else 'BART, the whole server'}", err=True)
        if {"throughput", "pace", "command"} & set(options.rows):
            await _attempt(bench, f"{name}: throughput, pace, command", rows.relay(bench, name))
        await _attempt(bench, f"{name}: storm, memory", rows.coming(bench, name))
    for row, run in OWN_ROWS.items():
        if row in options.rows and "bart" in options.servers:
            await _attempt(bench, row, run(bench))
    return bench


async def _attempt(bench: Bench, what: str, row: Awaitable[None]) -> None:
    """A row that fails is told, and the others are run all the same."""
    try:
        await row
    except Exception as error:  # noqa: BLE001 - half an hour of figures must not be lost with it
        bench.failed.append(f"{what}: {type(error).__name__}: {error}")
        click.echo(f"  FAILED {bench.failed[-1]}", err=True)


async def _prepare(bench: Bench) -> None:
    """The town of BART: a neighbourhood for each crowd. Redis syncs here as always, on any core."""
    options = bench.options
    sizes = {rows.room_of(size): size for size in {*options.sizes, options.largest}}
    if "rooms" in options.rows:
        sizes |= {f"R{number}": rows_own.ROOM_SIZE for number in range(options.rooms // 2)}
        sizes[rows.room_of(rows_own.ROOM_SIZE)] = rows_own.ROOM_SIZE
    if "deaf" in options.rows:
        sizes[rows.room_of(rows_own.READERS + rows_own.DEAF)] = rows_own.READERS + rows_own.DEAF
    if "answers" in options.rows:
        sizes[rows.room_of(rows_answers.SIZE)] = rows_answers.SIZE
    if "board" in options.rows:
        sizes |= rows_board.sizes(2 * options.rooms)
        sizes[rows.room_of(rows_board.FAN_OUT)] = rows_board.FAN_OUT
    if "writes" in options.rows:
        sizes |= {f"W{number}": 1 for number in range(rows_own.WRITERS)}
    click.echo(f"settling {sum(sizes.values()):,} people", err=True)
    async with open_town(Settings(data=str(bench.data)), default=False) as ground:
        bench.crowds = await crowd.settle(ground.town, sizes)
    both = [msgspec.structs.replace(member, second_room=member.room.partition(":")[0])
            for name, people in bench.crowds.items() if name.startswith("R") for member in people]  # fmt: skip
    bench.crowds["rooms"] = both
    bench.crowds["writers"] = [people[0] for name, people in bench.crowds.items() if name.startswith("W")]


if __name__ == "__main__":
    main()
