"""The command line. Every command works beside a running server, on the same data folder or Redis."""

from __future__ import annotations

import asyncio
import csv
import functools
import io
import json
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click
import msgspec

from rooms import letter, letter_code, membership
from rooms.person import Organisation, Role
from rooms.place import LEVELS, Place, PlaceError, Places
from rooms.place_import import ImportRefused, read_csv, read_geojson
from rooms.refusal import Refusal
from server import app, contract, settings
from server.ground import Ground, open_town
from server.logging import configure
from server.redis_binary import NoRedis
from server.settings import SettingError, Settings
from server.sign_in import Argon2

EXPECTED = (SettingError, NoRedis, PlaceError, ImportRefused, Refusal, OSError, RuntimeError)
MOST_LETTERS = 10_000


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


def _run(work: Awaitable[None]) -> None:
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


def _in_town(town: Settings, work: Callable[[Ground], Awaitable[None]], *, default: bool = True) -> None:
    async def open_and_work() -> None:
        async with open_town(town, default=default) as ground:
            await work(ground)

    _run(open_and_work())


@click.group()
@click.version_option(package_name="bart")
def main() -> None:
    """BART: neighbours, police and municipality warn each other at once."""


# serving ---------------------------------------------------------------------------------------------


@main.command()
@where_the_town_is
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
@click.option("--json-ready", is_flag=True, help="Print one line {url, pid, redis_pid} when connections are accepted.")
def serve(town: Settings, host: str | None, port: int | None, json_ready: bool) -> None:
    """Serve the town."""
    chosen = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    _run(app.serve(_with(town, **chosen), json_ready=json_ready))


@main.command()
@where_the_town_is
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
@click.option("--quiet", is_flag=True, help="Leave the town empty.")
def demo(town: Settings, port: int | None, quiet: bool) -> None:
    """Serve the default town with a few neighbours who talk; leaves nothing behind unless --data is given."""
    from server import demo as living  # noqa: PLC0415 - only the demo needs a Socket.IO client

    chosen = {} if port is None else {"port": port}
    _run(living.run(_with(town, **chosen), quiet=quiet))


def _with(town: Settings, **chosen: Any) -> Settings:
    return msgspec.structs.replace(town, **chosen)


@main.command("settings")
def print_settings() -> None:
    """Print every setting with its default and meaning."""
    for variable, kind, default, meaning in settings.table():
        click.echo(f"{variable}={default}  ({kind}) {meaning}")


# places ----------------------------------------------------------------------------------------------


@main.group()
def places() -> None:
    """The places of the town."""


@places.command("list")
@where_the_town_is
@click.option("--kind", type=click.Choice(list(LEVELS)), help="Only places of this kind.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: [{id, name, kind, parent}].")
def list_places(town: Settings, kind: str | None, as_json: bool) -> None:
    """List the places, from the municipality down."""

    async def work(ground: Ground) -> None:
        chosen = [place for place in ground.town.places if kind is None or place.kind == kind]
        if as_json:
            rows = [{"id": one.id, "name": one.name, "kind": one.kind, "parent": one.parent} for one in chosen]
            click.echo(json.dumps(rows, ensure_ascii=False))
        else:
            for one in chosen:
                click.echo(f"{'  ' * (LEVELS[one.kind] if kind is None else 0)}{one.name}  {one.id}")

    _in_town(town, work)


@places.command("import")
@where_the_town_is
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--property", "properties", multiple=True, metavar="OURS=THEIRS", help="GeoJSON: which property holds what."
)
@click.option("--kind", type=click.Choice(list(LEVELS)), help="GeoJSON: what the features are, where no code says so.")
@click.option("--parent", help="GeoJSON: id of the place they stand under, where nothing else says so.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: {imported, places}.")
def import_places(
    town: Settings, file: Path, properties: Sequence[str], kind: Any, parent: str | None, as_json: bool
) -> None:
    """Add or change places from FILE: GeoJSON (CBS wijken, buurten) or CSV (code,name,kind,parent)."""
    mapping = _mapping(properties)

    async def work(ground: Ground) -> None:
        found = _read_places(file, mapping, kind, parent, ground.town.places)
        count = await ground.town.import_places(found)
        told = {"imported": len(found), "places": count}
        click.echo(json.dumps(told) if as_json else f"{len(found)} places imported; the town has {count}.")

    _in_town(town, work, default=False)


def _mapping(properties: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in properties]
    if any(not ours or not theirs for ours, _, theirs in pairs):
        raise click.UsageError("--property takes OURS=THEIRS, for example --property name=statnaam.")
    return {ours: theirs for ours, _, theirs in pairs}


def _read_places(file: Path, mapping: dict[str, str], kind: Any, parent: str | None, known: Places) -> list[Place]:
    data = file.read_bytes()
    if file.suffix.lower() == ".csv":
        if mapping or kind or parent:
            raise click.UsageError("--property, --kind and --parent are for GeoJSON.")
        return read_csv(data, known=known)
    return read_geojson(data, mapping, kind, parent, known=known)


# people ----------------------------------------------------------------------------------------------


@main.command()
@where_the_town_is
@click.argument("street", required=False)
@click.option("--count", type=click.IntRange(1, MOST_LETTERS), default=1, show_default=True, help="How many letters.")
@click.option("--household", type=click.IntRange(1, 50), help="People each code is good for.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV: code,street.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: [{code, street}].")
@click.option("--withdraw", metavar="CODE", help="Make a code void instead; who joined by it stays.")
def invite(
    town: Settings,
    street: str | None,
    count: int,
    household: int | None,
    as_csv: bool,
    as_json: bool,
    withdraw: str | None,
) -> None:
    """Make letter codes for STREET, an id or a name. They are printed once and kept only as an HMAC."""
    if bool(street) == bool(withdraw):
        raise click.UsageError("Give a STREET, or --withdraw CODE.")

    async def work(ground: Ground) -> None:
        if withdraw:
            await letter.withdraw(ground.town, withdraw)
            click.echo(json.dumps({"withdrawn": True}) if as_json else "The code is void.")
            return
        place = _one_street(ground.town.places, street or "")
        codes = await letter.make(ground.town, place, count, household)
        click.echo(_letters(codes, place.id, as_json=as_json, as_csv=as_csv))

    _in_town(town, work)


def _one_street(places: Places, text: str) -> Place:
    found = places.find(text, "street")
    if not found:
        raise click.ClickException(f"There is no street {text}. `bart places list --kind street` lists them.")
    if len(found) > 1 and found[0].id != text:
        named = "\n".join(f"  {place.id}  {places.breadcrumb(place.id)}" for place in found)
        raise click.ClickException(f"Several streets are called {text}; name one by its id:\n{named}")
    return found[0]


def _letters(codes: Sequence[str], street: str, *, as_json: bool, as_csv: bool) -> str:
    if as_json:
        return json.dumps([{"code": code, "street": street} for code in codes])
    if as_csv:
        text = io.StringIO()
        csv.writer(text).writerows([("code", "street"), *((code, street) for code in codes)])
        return text.getvalue().rstrip()
    return "\n".join(f"{letter_code.spoken(code)}  {street}" for code in codes)


@main.group()
def staff() -> None:
    """Accounts of officers, moderators, auditors and admins."""


@staff.command("add")
@where_the_town_is
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role if role is not Role.RESIDENT]), required=True)
@click.option(
    "--organisation", type=click.Choice([item.value for item in Organisation]), help="For officers, moderators."
)
@click.option("--place", "named", multiple=True, metavar="PLACE", help="Id or name of an area; may be given again.")
@click.option("--title", help="The function that others see, instead of the usual one.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: {id, name, role, organisation?, jurisdiction}.")
def add_staff(
    town: Settings, name: str, role: str, organisation: str | None, named: Sequence[str], title: str | None,
    password_stdin: bool, as_json: bool,  # noqa: ARG001 - there is no other way to give it
) -> None:  # fmt: skip
    """Make an account that signs in as NAME."""
    password = sys.stdin.readline().rstrip("\r\n")

    async def work(ground: Ground) -> None:
        areas = tuple(_one_place(ground.town.places, text) for text in named)
        argon2 = Argon2()
        try:
            made = await membership.add_staff(
                ground.town, argon2, name, Role(role), Organisation(organisation) if organisation else None,
                areas, password, title,
            )  # fmt: skip
        finally:
            argon2.close()
        told = {**made.person.by(), "jurisdiction": list(made.person.jurisdiction)}
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{name} can sign in, as {made.person.name}.")

    _in_town(town, work)


def _one_place(places: Places, text: str) -> str:
    found = places.find(text)
    if not found:
        raise click.ClickException(f"There is no place {text}. `bart places list` lists them.")
    if len(found) > 1 and found[0].id != text:
        named = "\n".join(f"  {place.id}  {place.kind}  {places.breadcrumb(place.id)}" for place in found)
        raise click.ClickException(f"Several places are called {text}; name one by its id:\n{named}")
    return found[0].id


# the contract ----------------------------------------------------------------------------------------


@main.command("contract")
@click.option("--check", is_flag=True, help="Change nothing; fail when a document is stale.")
def render_contract(check: bool) -> None:
    """Render the tables into protocol.md and the client's types (in a checkout)."""
    try:
        stale = contract.stale() if check else contract.write()
    except FileNotFoundError:
        raise click.ClickException("There is no protocol.md here; the contract is rendered in a checkout.") from None
    for path in stale:
        click.echo(f"{'stale' if check else 'written'}: {path}")
    if check and stale:
        raise click.ClickException("Run `bart contract`.")
