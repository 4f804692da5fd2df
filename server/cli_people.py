"""`bart invite` and `bart staff`: who gets into the town, and how."""

from __future__ import annotations

import csv
import functools
import io
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import click

from rooms import letter, letter_code
from rooms import staff as staff_accounts
from rooms.account import Account
from rooms.person import Organisation, Role
from rooms.place import Place
from server import letters
from server.cli_ground import in_town, where_the_town_is
from server.cli_places import one_place, one_street
from server.ground import Ground
from server.settings import Settings
from server.sign_in import Argon2

MOST_LETTERS = 10_000
STDOUT = "-"


@click.command()
@where_the_town_is
@click.argument("street", required=False)
@click.option("--count", type=click.IntRange(1, MOST_LETTERS), default=1, show_default=True, help="How many letters.")
@click.option("--household", type=click.IntRange(1, 50), help="People each code is good for.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV: code,street.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: [{code, street}].")
@click.option("--letters", "paper", metavar="FILE.html", help="Write a new file of letters to print; - prints it.")
@click.option("--address", metavar="URL", help="Where the letters send people; by default the first of BART_ORIGINS.")
@click.option("--withdraw", metavar="CODE", help="Make a code void instead; who joined by it stays.")
def invite(
    town: Settings, street: str | None, count: int, household: int | None, as_csv: bool, as_json: bool,
    paper: str | None, address: str | None, withdraw: str | None,
) -> None:  # fmt: skip
    """Make letter codes for STREET, an id or a name. They are printed once and kept only as an HMAC."""
    if bool(street) == bool(withdraw):
        raise click.UsageError("Give a STREET, or --withdraw CODE.")
    if (paper is None and address is not None) or (paper is not None and withdraw):
        raise click.UsageError("--letters is for new codes, and --address for --letters.")
    if paper == STDOUT and (as_csv or as_json):
        raise click.UsageError("Letters and codes can't both be printed: give --letters a file.")
    base = None if paper is None else _base(town, address)

    async def work(ground: Ground) -> None:
        if withdraw:
            await letter.withdraw(ground.town, withdraw)
            click.echo(json.dumps({"withdrawn": True}) if as_json else "The code is void.")
            return
        place = one_street(ground.town.places, street or "")
        people = household or ground.town.policy.household
        codes = functools.partial(letter.make, ground.town, place, count, people)
        if paper is None or base is None:
            click.echo(_codes(await codes(), place.id, as_json=as_json, as_csv=as_csv))
            return
        made = await _write(paper, _letter(ground, place, base, people), codes)
        if as_csv or as_json:
            click.echo(_codes(made, place.id, as_json=as_json, as_csv=as_csv))
        elif paper != STDOUT:
            click.echo(f"{count} letter{'' if count == 1 else 's'} to {place.name}. Print {paper}, then delete it.")

    in_town(town, work)


def _base(town: Settings, address: str | None) -> str:
    """The address that letters name. Raises ClickException for one that can't be meant."""
    try:
        base = letters.base_address(letters.default_address(town) if address is None else address)
    except letters.AddressError as error:
        raise click.ClickException(str(error)) from None
    if letters.is_of_this_machine(base):
        click.echo(f"These letters say {base}, which no other machine can open: give --address.", err=True)
    return base


def _letter(ground: Ground, street: Place, base: str, household: int) -> letters.Letter:
    """What the letters to a street say; made before its codes, so that none promises more time than its code has."""
    town = ground.town
    neighbourhood = town.places.neighbourhood_of(street.id)
    return letters.Letter(
        street=street.name,
        neighbourhood=neighbourhood.name if neighbourhood else "",
        base=base,
        household=household,
        expires_at_ms=town.clock.now_ms() + town.policy.code_valid_ms,
        zone=ground.settings.zone,
    )


async def _write(paper: str, to_street: letters.Letter, make: Callable[[], Awaitable[list[str]]]) -> list[str]:
    """Make the codes and put them on paper, in this order, when there is a place to put them; returns them."""
    if paper == STDOUT:
        codes = await make()
        click.echo(letters.sheet(to_street, codes), nl=False)
        return codes
    try:
        with letters.new_file(Path(paper)) as file:
            codes = await make()
            file.write(letters.sheet(to_street, codes))
    except FileExistsError:
        raise click.ClickException(f"{paper} is there already, and letters are never written over others.") from None
    return codes


def _codes(codes: Sequence[str], street: str, *, as_json: bool, as_csv: bool) -> str:
    if as_json:
        return json.dumps([{"code": code, "street": street} for code in codes])
    if as_csv:
        text = io.StringIO()
        csv.writer(text).writerows([("code", "street"), *((code, street) for code in codes)])
        return text.getvalue().rstrip()
    return "\n".join(f"{letter_code.spoken(code)}  {street}" for code in codes)


@click.group()
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
    password = _password()

    async def work(ground: Ground) -> None:
        areas = tuple(one_place(ground.town.places, text) for text in named)
        async with _argon2() as argon2:
            made = await staff_accounts.add(
                ground.town, argon2, name, Role(role), Organisation(organisation) if organisation else None,
                areas, password, title,
            )  # fmt: skip
        shown = made.person.name
        click.echo(json.dumps(_told(made), ensure_ascii=False) if as_json else f"{name} can sign in, as {shown}.")

    in_town(town, work)


@staff.command("list")
@where_the_town_is
@click.option("--json", "as_json", is_flag=True, help="Print JSON: [{sign_in_name, id, name, role, ...}].")
def list_staff(town: Settings, as_json: bool) -> None:
    """List the accounts of staff by the names they sign in with."""

    async def work(ground: Ground) -> None:
        rows = [{"sign_in_name": one.sign_in_name, **_told(one)} for one in await staff_accounts.everyone(ground.town)]
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False))
        for row in [] if as_json else rows:
            click.echo(f"{row['sign_in_name']:24} {row['name']}, {row['role']}  {' '.join(row['jurisdiction'])}")

    in_town(town, work)


@staff.command("password")
@where_the_town_is
@click.argument("name")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the new password from standard input.")
def set_password(town: Settings, name: str, password_stdin: bool) -> None:  # noqa: ARG001 - there is no other way
    """Set a new password for NAME, who lost it; all their sessions end."""
    password = _password()

    async def work(ground: Ground) -> None:
        async with _argon2() as argon2:
            await staff_accounts.set_password(ground.town, argon2, name, password)
        click.echo(f"{name} has a new password.")

    in_town(town, work)


@staff.command("reset-second-factor")
@where_the_town_is
@click.argument("name")
def reset_second_factor(town: Settings, name: str) -> None:
    """Forget the second factor of NAME, who lost it; all their sessions end, and the next sign-in sets a new one."""

    async def work(ground: Ground) -> None:
        was = await staff_accounts.reset_second_factor(ground.town, name)
        done = "has no second factor any longer" if was else "had no second factor"
        click.echo(f"{name} {done}; the next sign-in sets a new one.")

    in_town(town, work)


@staff.command("remove")
@where_the_town_is
@click.argument("name")
def remove_staff(town: Settings, name: str) -> None:
    """End the account of NAME: sessions, rooms and name. What they wrote stays."""

    async def work(ground: Ground) -> None:
        await staff_accounts.remove(ground.town, name)
        click.echo(f"{name} can no longer sign in.")

    in_town(town, work)


def _password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


@asynccontextmanager
async def _argon2() -> AsyncIterator[Argon2]:
    argon2 = Argon2()
    try:
        yield argon2
    finally:
        argon2.close()


def _told(made: Account) -> dict[str, Any]:
    return {**made.person.by(), "jurisdiction": list(made.person.jurisdiction)}
