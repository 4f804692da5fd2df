"""`bart arrangement`: who may read along in a room for a while, and why."""

from __future__ import annotations

import json
from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

import click

from rooms import arrangement as arrangements
from rooms.shape import ArrangementView, OrganisationName
from server.cli_ground import in_town, where_the_town_is
from server.cli_places import one_place
from server.ground import Ground
from server.settings import Settings


@click.group()
def arrangement() -> None:
    """Standing arrangements: staff may read along in one room for a while, for a reason that residents read."""


@arrangement.command("make")
@where_the_town_is
@click.argument("place")
@click.argument("organisation", type=click.Choice(get_args(OrganisationName)))
@click.option("--reason", required=True, help="Why, in words that residents of the room read.")
@click.option("--days", type=click.IntRange(1, arrangements.MOST_DAYS), default=7, show_default=True, help="How long.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: {id, room, organisation, reason, since, until}.")
def make_arrangement(
    town: Settings, place: str, organisation: OrganisationName, reason: str, days: int, as_json: bool
) -> None:
    """Let staff of ORGANISATION into the room of PLACE, a street or a neighbourhood; the room is told at once."""

    async def work(ground: Ground) -> None:
        room = one_place(ground.town.places, place)
        made = await arrangements.make(ground.town, room, organisation, reason, days)
        click.echo(json.dumps(_row(room, made), ensure_ascii=False) if as_json else _line(town, room, made))

    in_town(town, work)


@arrangement.command("end")
@where_the_town_is
@click.argument("arrangement_id", metavar="ID")
def end_arrangement(town: Settings, arrangement_id: str) -> None:
    """Withdraw the arrangement of this ID: whoever is in the room on it is out at once."""

    async def work(ground: Ground) -> None:
        room = await arrangements.withdraw(ground.town, arrangement_id)
        click.echo(f"It stands no longer in {room}.")

    in_town(town, work)


@arrangement.command("list")
@where_the_town_is
@click.option("--json", "as_json", is_flag=True, help="Print JSON: [{id, room, organisation, reason, since, until}].")
def list_arrangements(town: Settings, as_json: bool) -> None:
    """List the arrangements that stand."""

    async def work(ground: Ground) -> None:
        found = await arrangements.those(ground.town)
        if as_json:
            click.echo(json.dumps([_row(room, one) for room, one in found], ensure_ascii=False))
        for room, one in [] if as_json else found:
            click.echo(_line(town, room, one))

    in_town(town, work)


def _row(room: str, one: ArrangementView) -> dict[str, object]:
    """Times in milliseconds since 1970."""
    return {"id": one.id, "room": room, "organisation": one.organisation, "reason": one.reason, "since": one.since,
            "until": one.until}  # fmt: skip


def _line(town: Settings, room: str, one: ArrangementView) -> str:
    until = datetime.fromtimestamp(one.until / 1000, ZoneInfo(town.zone))
    return f"{one.id}  {room}  {one.organisation} until {until:%Y-%m-%d %H:%M}: {one.reason}"
