"""`bart backup` and `bart restore`: a file of the whole town, and a town of such a file."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec
import structlog

from rooms import case_record, erasure, keys, log, session
from rooms.town import Town
from server import backup as backups
from server import erased_list
from server.cli_ground import in_town, run, where_the_town_is
from server.erased_list import ErasedList
from server.ground import Ground, open_town
from server.settings import Settings

logger = structlog.get_logger("backup")
AT_ONCE = 500


@click.command()
@where_the_town_is
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(town: Settings, file: Path) -> None:
    """Write the whole town into the new FILE, while it is open to everybody."""

    async def work(ground: Ground) -> None:
        if ground.redis is None:
            raise click.ClickException("A Redis elsewhere has backups of its own; see its documentation.")
        data = ground.settings.data_folder()
        taken = await asyncio.to_thread(backups.take, data, file, ground.town.clock.now_ms())
        when = _when(taken, ground.settings)
        click.echo(f"{file}: {taken.size / 1e6:.1f} MB, everything acknowledged before {when}. It holds every word and "
                   "every secret of the town.")  # fmt: skip

    in_town(town, work)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@where_the_town_is
@click.option(
    "--erased",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A newer erased.list than the one in the backup: that of the old data folder, where there still is one.",
)
def restore(town: Settings, file: Path, erased: Path | None) -> None:
    """Make a new data folder (--data) of a backup.

    Staff sign in anew; clients drop what they hold and load it again; who was erased is erased again.
    """
    if town.redis:
        raise click.ClickException("A backup becomes a data folder: give --data, and no --redis.")
    data = town.data_folder()

    async def work() -> None:
        with backups.unpacked(file, data) as aside:
            anew = msgspec.structs.replace(town, data=str(aside.folder))
            listed = ErasedList(aside.folder)
            for person in [] if erased is None else erased_list.read(erased):
                listed.add(person)
            async with open_town(anew, default=False) as ground:
                rooms = await begin_anew(ground.town)
                await _erase_again(ground.town, listed)
        when = _when(aside.backup, town)
        click.echo(f"{data}: the town as it was on {when}, {rooms} rooms. `bart serve --data {data}` opens it.")

    run(work())


def _when(taken: backups.Backup, settings: Settings) -> str:
    return datetime.fromtimestamp(taken.taken_ms / 1000, ZoneInfo(settings.zone)).isoformat(" ", "seconds")


async def _erase_again(town: Town, listed: ErasedList) -> None:
    """Those who are back. The server that opens the town looks a second time."""
    if back := await erasure.again(town, listed.persons()):
        logger.info("erased again", persons=back)
    await erasure.overdue(town, listed.note, under_way_ms=0)


async def begin_anew(town: Town) -> int:
    """What was said since the backup is gone: make every cursor void, and end the sessions of staff, whose rights may
    have been others by then. Returns how many rooms there are."""
    rooms = [*(room.id for room in town.places.rooms()), *await case_record.private_rooms(town)]
    for first in range(0, len(rooms), AT_ONCE):
        for room, head in (await log.heads(town.store, rooms[first : first + AT_ONCE])).items():
            if head.seq:
                await log.raise_epoch(town.store, room, head.epoch, town.clock.now_ms())
    for person in await town.store.read("HKEYS", keys.STAFF):
        await session.end_everywhere(town, person.decode())
    logger.info("a backup was restored", rooms=len(rooms))
    return len(rooms)
