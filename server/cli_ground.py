"""What every command of the command line stands on: the options that say where the town is, and plain errors."""

from __future__ import annotations

import asyncio
import functools
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import click

from rooms.place import PlaceError
from rooms.place_import import ImportRefused
from rooms.refusal import Refusal
from server import settings
from server.ground import Ground, open_town
from server.logging import configure
from server.redis_binary import NoRedis
from server.settings import SettingError, Settings

EXPECTED = (SettingError, NoRedis, PlaceError, ImportRefused, Refusal, OSError, RuntimeError)


def where_the_town_is(command: Callable[..., None]) -> Callable[..., None]:
    """--data and --redis, on every command, as `town: Settings`."""

    @click.option("--data", help="Data folder of the own Redis.")
    @click.option("--redis", help="Address of a Redis elsewhere.")
    @functools.wraps(command)
    def wrapped(*args: Any, data: str | None, redis: str | None, **options: Any) -> None:
        if data and redis:
            raise click.UsageError("Give --data or --redis, not both.")
        elsewhere = "" if data else redis  # an option comes before BART_REDIS
        command(*args, town=_settings(data=data, redis=elsewhere), **options)

    return wrapped


def _settings(**options: Any) -> Settings:
    try:
        read = settings.read(os.environ, **options)
    except SettingError as error:
        raise click.ClickException(str(error)) from None
    configure(read.log_format, read.log_level)
    return read


def run(work: Awaitable[None]) -> None:
    """Run to the end on uvloop where there is one; what can be expected to go wrong is a sentence, not a traceback."""
    try:
        _runner()(work)
    except KeyboardInterrupt:
        sys.exit(130)
    except EXPECTED as error:
        _fail(error)


def _runner() -> Callable[[Any], None]:
    try:
        import uvloop  # noqa: PLC0415 - not on Windows
    except ImportError:
        return asyncio.run
    return uvloop.run


def _fail(error: BaseException) -> NoReturn:
    if isinstance(error, ImportRefused):
        for problem in error.problems[:20]:
            click.echo(f"row {problem.row}{f', {problem.field}' if problem.field else ''}: {problem.message}", err=True)
        raise click.ClickException(_nothing_imported(len(error.problems)))
    if isinstance(error, PlaceError):
        for sentence in error.problems[:20]:
            click.echo(sentence, err=True)
        raise click.ClickException(_nothing_imported(len(error.problems)))
    if isinstance(error, Refusal):
        raise click.ClickException(error.message)
    if isinstance(error, socket.gaierror):
        raise click.ClickException(f"There is no such address to listen on ({error.strerror}).")
    if isinstance(error, OSError):
        raise click.ClickException(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}.")
    raise click.ClickException(str(error))


def _nothing_imported(problems: int) -> str:
    return f"{problems} problem{'' if problems == 1 else 's'}; nothing was imported."


def in_town(town: Settings, work: Callable[[Ground], Awaitable[None]], *, default: bool = True) -> None:
    async def open_and_work() -> None:
        async with open_town(town, default=default) as ground:
            await work(ground)

    run(open_and_work())
