"""`bart people`: a resident's data, to hand out or to erase, where they can't do it in the client themselves."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import click

from rooms import account, erasure, own_words
from rooms.account import Account
from rooms.refusal import Refusal
from rooms.town import Town
from server.cli_ground import in_town, where_the_town_is
from server.erased_list import ErasedList
from server.ground import Ground
from server.settings import Settings

_ID = re.compile(r"[a-z2-7]{12}")


@click.group()
def people() -> None:
    """Residents: what the town knows of them, and being forgotten."""


@people.command("export")
@where_the_town_is
@click.argument("who")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(town: Settings, who: str, file: Path) -> None:
    """Write what the town knows of WHO, a name or an id, into the new FILE (JSON)."""

    async def work(ground: Ground) -> None:
        told = await own_words.gather(ground.town, await _found(ground.town, who))
        _write(file, json.dumps(told, ensure_ascii=False, indent=1).encode())
        click.echo(f"{file}: {len(told['written'])} entries and the account. Hand it to nobody else.")

    in_town(town, work)


@people.command("erase")
@where_the_town_is
@click.argument("who")
@click.option("--yes", is_flag=True, help="Don't ask.")
def erase(town: Settings, who: str, yes: bool) -> None:
    """Erase WHO, a resident's name or id: account, memberships, and every word they wrote."""

    async def work(ground: Ground) -> None:
        known = await _found(ground.town, who)
        if known.person.is_staff:
            raise click.ClickException("Accounts of staff are ended by `bart staff remove`; the open book keeps deeds.")
        if not yes:
            click.confirm(f"Erase {known.person.name} for good? Nobody can bring it back.", abort=True)
        await erasure.begin(ground.town, known.person.id)
        await erasure.overdue(ground.town, ErasedList(ground.settings.data_folder()).note)
        click.echo(f"{known.person.id} is erased. A minute later the server looks once more for what was under way.")

    in_town(town, work)


async def _found(town: Town, who: str) -> Account:
    """Raises Refusal("not_found")."""
    known = await account.find(town, who)
    if known is None and _ID.fullmatch(who):
        known = await account.load(town, who)
    if known is None:
        raise Refusal("not_found", message=f"Nobody here is called {who}.")
    return known


def _write(path: Path, content: bytes) -> None:
    """A new file, for nobody else to read. Raises OSError where the name is taken."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
