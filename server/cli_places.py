"""`bart places`: listing them, and laying out a town of one's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from rooms.place import LEVELS, Place, Places
from rooms.place_import import read_csv, read_geojson
from server.cli_ground import in_town, where_the_town_is
from server.ground import Ground
from server.settings import Settings


@click.group()
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

    in_town(town, work)


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

    in_town(town, work, default=False)


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


def one_street(places: Places, text: str) -> Place:
    """The street of this id or name. Raises ClickException where there is none, or more than one."""
    found = places.find(text, "street")
    if not found:
        raise click.ClickException(f"There is no street {text}. `bart places list --kind street` lists them.")
    if len(found) > 1 and found[0].id != text:
        named = "\n".join(f"  {place.id}  {places.breadcrumb(place.id)}" for place in found)
        raise click.ClickException(f"Several streets are called {text}; name one by its id:\n{named}")
    return found[0]


def one_place(places: Places, text: str) -> str:
    """The id of the place of this id or name. Raises ClickException where there is none, or more than one."""
    found = places.find(text)
    if not found:
        raise click.ClickException(f"There is no place {text}. `bart places list` lists them.")
    if len(found) > 1 and found[0].id != text:
        named = "\n".join(f"  {place.id}  {place.kind}  {places.breadcrumb(place.id)}" for place in found)
        raise click.ClickException(f"Several places are called {text}; name one by its id:\n{named}")
    return found[0].id
