"""`bart policy`: how the cases of an organisation run, in town and in places of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, get_args

import click

from rooms import on_call
from rooms.case_policy import EVERYWHERE, Rule, Where
from rooms.on_call import DAY_MS, HOUR_MS, CasePolicy
from rooms.shape import OrganisationName, Urgency
from rooms.town import Town
from server.cli_ground import in_town, where_the_town_is
from server.cli_places import one_place
from server.ground import Ground
from server.settings import Settings

TIERS = re.compile(r"[1-9][0-9]{0,5}(/[1-9][0-9]{0,5}){2}")
NUMBERS: dict[str, tuple[str, int, str]] = {
    "owner_s": ("accepted_ms", 1_000, "How long its owner may be silent."),
    "reminder_s": ("reminder_ms", 1_000, "How long after the reminder it is paged again."),
    "hand_over_s": ("handing_over_ms", 1_000, "How long others may take to take it over."),
    "unanswered_h": ("unanswered_ms", HOUR_MS, "How long it waits when nobody answered."),
    "listed_days": ("listed_ms", DAY_MS, "How long it waits where it pages nobody."),
    "rating_days": ("resolved_ms", DAY_MS, "How long it can be rated or opened again."),
}
"""Option -> the number of a CasePolicy, its unit in ms, and what it means; called as the settings are."""

Command = Callable[..., None]


def _numbers(command: Command) -> Command:
    """An option for each of NUMBERS."""
    for name, (_, _, meaning) in reversed(NUMBERS.items()):
        option = f"--{name.replace('_', '-')}"
        command = click.option(option, name, type=click.IntRange(1, 10**6), help=meaning)(command)
    return command


def _of_whom(command: Command) -> Command:
    """ORGANISATION, URGENCY and --place."""
    command = click.option("--place", "named", metavar="PLACE", help="Only in this area, an id or a name.")(command)
    command = click.argument("urgency", type=click.Choice(get_args(Urgency)))(command)
    return click.argument("organisation", type=click.Choice(get_args(OrganisationName)))(command)


@click.group()
def policy() -> None:
    """How cases run, by organisation and area. Cases that are open keep what they began with."""


@policy.command("show")
@where_the_town_is
@click.option("--place", "named", metavar="PLACE", help="As it is in this place, an id or a name.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: [{organisation, urgency, place, tiers, owner_s, ...}]."
)
def show_policy(town: Settings, named: str | None, as_json: bool) -> None:
    """Show the numbers that count: in town and in every place that has some of its own, or in one PLACE."""

    async def work(ground: Ground) -> None:
        places = _places(ground.town) if named is None else [one_place(ground.town.places, named)]
        rows = [row for place in places for row in _rows(ground.town, place)]
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False))
        for row in [] if as_json else rows:
            click.echo(_line(row))

    in_town(town, work)


def _places(town: Town) -> list[str]:
    """Everywhere, and each place that has a rule, from the municipality down."""
    own = {where.place for where in town.rules}
    return [EVERYWHERE, *(place.id for place in town.places if place.id in own)]


def _rows(town: Town, place: str) -> Iterator[dict[str, Any]]:
    for organisation in get_args(OrganisationName):
        for urgency in get_args(Urgency):
            numbers = _told(town.case_policy(organisation, urgency, place))
            yield {"organisation": organisation, "urgency": urgency, "place": place or None, **numbers}


def _told(policy: CasePolicy) -> dict[str, Any]:
    """tiers: s of each, as they are set; None where nobody is paged."""
    tiers = "/".join(str(tier.lasts_ms // 1000) for tier in policy.tiers) or None
    return {"tiers": tiers, **{name: getattr(policy, field) // unit for name, (field, unit, _) in NUMBERS.items()}}


def _line(row: dict[str, Any]) -> str:
    numbers = " ".join(f"{name} {row[name]}" for name in ("tiers", *NUMBERS) if row[name] is not None)
    return f"{row['place'] or 'everywhere'}  {row['organisation']} {row['urgency']}: {numbers}"


@policy.command("set")
@where_the_town_is
@_of_whom
@click.option("--tiers", metavar="S/S/S", help="Seconds per tier: area / district / town.")
@_numbers
def set_policy(
    town: Settings, organisation: OrganisationName, urgency: Urgency, named: str | None, tiers: str | None,
    **numbers: int | None,
) -> None:  # fmt: skip
    """Set numbers for the cases of ORGANISATION of this URGENCY; those that are not named stay as they are."""
    rule = _rule(tiers, numbers)

    async def work(ground: Ground) -> None:
        at = _where(ground, organisation, urgency, named)
        await ground.town.set_rule(at, rule)
        told = _told(ground.town.case_policy(organisation, urgency, at.place))
        click.echo(_line({"organisation": organisation, "urgency": urgency, "place": at.place, **told}))

    in_town(town, work)


def _rule(tiers: str | None, numbers: dict[str, int | None]) -> Rule:
    """Raises UsageError for tiers that can't be meant, and where nothing is set."""
    if tiers is not None and not TIERS.fullmatch(tiers):
        raise click.UsageError("--tiers takes three times seconds, for example 60/60/120.")
    if tiers is None and not any(numbers.values()):
        raise click.UsageError("Say at least one number to set; --help lists them.")
    given = {NUMBERS[name][0]: number * NUMBERS[name][1] for name, number in numbers.items() if number is not None}
    return Rule(tiers=on_call.tiers(*map(int, tiers.split("/"))) if tiers else None, **given)


def _where(ground: Ground, organisation: OrganisationName, urgency: Urgency, named: str | None) -> Where:
    place = EVERYWHERE if named is None else one_place(ground.town.places, named)
    return Where(organisation, urgency, place)


@policy.command("clear")
@where_the_town_is
@_of_whom
def clear_policy(town: Settings, organisation: OrganisationName, urgency: Urgency, named: str | None) -> None:
    """Take away what was set: what is wider counts again."""

    async def work(ground: Ground) -> None:
        at = _where(ground, organisation, urgency, named)
        if not await ground.town.clear_rule(at):
            raise click.ClickException("Nothing was set there. `bart policy show` shows what is.")
        click.echo("What was set there counts no longer.")

    in_town(town, work)
