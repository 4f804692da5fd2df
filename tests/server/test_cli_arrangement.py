"""`bart arrangement`: made, listed and withdrawn beside a running server; what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.process import ServerProcess
from tests.server.command import Done, bart
from tests.town import JAN_LUYKENLAAN, MOERWIJK_WEST

REASON = "Er is twee keer brand gesticht."


@pytest.fixture
async def data(tmp_path: Path) -> AsyncIterator[Path]:
    """The data folder of a server that runs."""
    process = ServerProcess(tmp_path / "data")
    await process.start()
    yield tmp_path / "data"
    await process.end()


async def arrangement(data: Path, *command: str) -> Done:
    return await bart("arrangement", *command, "--data", str(data))


async def test_an_arrangement_is_made_listed_and_withdrawn(data: Path) -> None:
    """By the name of a street or the id of a neighbourhood; what has ended is listed no longer."""
    made = (await arrangement(data, "make", "Jan Luykenlaan", "police", "--reason", REASON, "--json")).json()
    assert (made["room"], made["organisation"], made["reason"]) == (JAN_LUYKENLAAN, "police", REASON)
    assert made["until"] - made["since"] == 7 * 86_400_000
    more = await arrangement(data, "make", MOERWIJK_WEST, "municipality", "--reason", REASON, "--days", "30")
    assert f"{MOERWIJK_WEST}  municipality until " in more.out
    assert [row["id"] for row in (await arrangement(data, "list", "--json")).json()].count(made["id"]) == 1
    assert REASON in (await arrangement(data, "list")).out
    assert (await arrangement(data, "end", made["id"])).code == 0
    assert [row["room"] for row in (await arrangement(data, "list", "--json")).json()] == [MOERWIJK_WEST]


async def test_what_cannot_be_arranged_is_refused_in_a_sentence(data: Path) -> None:
    """A place without a room, a reason that says nothing, too long a time, one that is not there."""
    for words, command in (
        ("is no room", ("make", "Escamp", "police", "--reason", REASON)),
        ("There is no place", ("make", "Nergenslaan", "police", "--reason", REASON)),
        ("10 to 280 characters", ("make", "Jan Luykenlaan", "police", "--reason", "kort")),
        ("1<=x<=30", ("make", "Jan Luykenlaan", "police", "--reason", REASON, "--days", "31")),
        ("There is no arrangement", ("end", "nergens")),
    ):
        done = await arrangement(data, *command)
        assert done.code != 0
        assert words in done.err
        assert "Traceback" not in done.err
    assert (await arrangement(data, "list", "--json")).json() == []
