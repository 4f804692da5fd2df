"""The command line. Every command works beside a running server, on the same data folder or Redis."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from server import app, contract, settings
from server.cli_arrangement import arrangement
from server.cli_audit import audit
from server.cli_backup import backup, restore
from server.cli_erasure import people
from server.cli_ground import run, where_the_town_is
from server.cli_people import invite, staff
from server.cli_places import places
from server.cli_policy import policy
from server.settings import Settings


@click.group()
@click.version_option(package_name="bart")
def main() -> None:
    """BART: neighbours, police and municipality warn each other at once."""


for command in (places, invite, people, staff, policy, arrangement, audit, backup, restore):
    main.add_command(command)


@main.command()
@where_the_town_is
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
@click.option("--json-ready", is_flag=True, help="Print one line {url, pid, redis_pid} when connections are accepted.")
def serve(town: Settings, host: str | None, port: int | None, json_ready: bool) -> None:
    """Serve the town."""
    chosen = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    run(app.serve(_with(town, **chosen), json_ready=json_ready))


@main.command()
@where_the_town_is
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
@click.option("--quiet", is_flag=True, help="Leave the town empty.")
@click.option("--pace", type=click.FloatRange(0.1, 10_000), default=1.0, help="How many times as fast as life.")
@click.option("--hour", type=click.IntRange(0, 23), help="Hour of the day for the neighbours; by default it is now.")
@click.option("--json-ready", is_flag=True, help="Print one line {url, code, links} instead of words.")
def demo(
    town: Settings, host: str | None, port: int | None, quiet: bool, pace: float, hour: int | None, json_ready: bool
) -> None:
    """Serve a town that lives, with links that sign in; leaves nothing behind unless --data is given."""
    from server.demo import child, launch  # noqa: PLC0415 - only the demo needs a Socket.IO client

    chosen = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    orders = child.Orders(settings=_with(town, **chosen), pace=pace, hour=hour)
    run(launch.run(orders, quiet=quiet, json_ready=json_ready))


def _with(town: Settings, **chosen: Any) -> Settings:
    return msgspec.structs.replace(town, **chosen)


@main.command("settings")
def print_settings() -> None:
    """Print every setting with its default and meaning."""
    for variable, kind, default, meaning in settings.table():
        click.echo(f"{variable}={default}  ({kind}) {meaning}")


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
