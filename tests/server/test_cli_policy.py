"""`bart policy`: numbers of an organisation and of an area, as people set, read and clear them; what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.process import ServerProcess
from tests.server.command import Done, bart
from tests.town import ESCAMP, JAN_LUYKENLAAN


@pytest.fixture
async def data(tmp_path: Path) -> AsyncIterator[Path]:
    """The data folder of a server that runs."""
    process = ServerProcess(tmp_path / "data")
    await process.start()
    yield tmp_path / "data"
    await process.end()


async def policy(data: Path, *command: str) -> Done:
    return await bart("policy", *command, "--data", str(data))


async def shown(data: Path, organisation: str, urgency: str, *where: str) -> dict[str, Any]:
    """The row of an organisation and urgency, in town or where it says."""
    rows = (await policy(data, "show", *where, "--json")).json()
    return next(row for row in rows if (row["organisation"], row["urgency"]) == (organisation, urgency))


async def test_a_policy_is_set_shown_and_cleared(data: Path) -> None:
    """Beside a running server; what is nearer counts, and what is cleared gives way to what is wider."""
    before = await shown(data, "police", "urgent")
    assert (before["tiers"], before["owner_s"], before["place"]) == ("60/60/120", 900, None)
    assert (await policy(data, "set", "police", "urgent", "--owner-s", "600")).code == 0
    done = await policy(data, "set", "police", "urgent", "--place", "Escamp", "--tiers", "30/30/60")
    assert f"{ESCAMP}  police urgent: tiers 30/30/60 owner_s 600 reminder_s 300" in done.out
    in_street = await shown(data, "police", "urgent", "--place", JAN_LUYKENLAAN)
    assert (in_street["tiers"], in_street["owner_s"]) == ("30/30/60", 600)
    assert (await shown(data, "police", "urgent"))["tiers"] == "60/60/120"
    assert {**before, "organisation": "municipality"} == await shown(data, "municipality", "urgent")
    assert f"{ESCAMP}  police urgent: tiers 30/30/60" in (await policy(data, "show")).out

    assert (await policy(data, "clear", "police", "urgent", "--place", ESCAMP)).code == 0
    assert (await shown(data, "police", "urgent", "--place", JAN_LUYKENLAAN))["tiers"] == "60/60/120"
    assert ESCAMP not in (await policy(data, "show")).out


async def test_a_policy_that_cannot_be_meant_is_refused(data: Path) -> None:
    """One clear sentence each, and everything stays as it was."""
    before = (await policy(data, "show", "--json")).json()
    for words, command in (
        ("three times seconds", ("set", "police", "urgent", "--tiers", "60/60")),
        ("three times seconds", ("set", "police", "urgent", "--tiers", "0/60/60")),
        ("at least one number", ("set", "police", "urgent")),
        ("has no tiers", ("set", "police", "information", "--tiers", "1/2/3")),
        ("Nergens", ("set", "police", "urgent", "--place", "Nergens", "--owner-s", "60")),
        ("owner-s", ("set", "police", "urgent", "--owner-s", "0")),
        ("owner-s", ("set", "police", "urgent", "--owner-s", "lang")),
        ("'fire'", ("set", "fire", "urgent", "--owner-s", "60")),
        ("'now'", ("set", "police", "now", "--owner-s", "60")),
        ("Nothing was set there", ("clear", "police", "urgent")),
        ("Nergens", ("show", "--place", "Nergens")),
    ):
        (await policy(data, *command)).refused(words)
    assert (await policy(data, "show", "--json")).json() == before
