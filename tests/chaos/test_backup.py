"""A backup taken under load, and the town made of it; and what the checker of such a town must not overlook."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from tests.chaos.backup import run
from tests.chaos.backup_check import check_restored
from tests.chaos.history import Ok
from tests.chaos.logs import Log, Row
from tests.chaos.nemesis import Plan
from tests.chaos.run import Options

SEED = 20261124
STREET = "laan"
ROWS = {seq: Row("message.posted", "ada", f"a:{seq}", seq) for seq in (1, 2, 3)}
TOWN = {STREET: Log(3, 1, ROWS, epoch=7)}
RECORDS = [Ok(1.0, "ada", STREET, "a:1", 1), Ok(2.0, "ada", STREET, "a:2", 2)]
AS_IT_SHOULD_BE = Log(2, 1, {seq: ROWS[seq] for seq in (1, 2)}, epoch=8)


@pytest.mark.timeout(120)
async def test_what_was_acknowledged_before_a_backup_is_in_the_town_made_of_it() -> None:
    """While a server dies and everybody talks: whole, once, at its number; and people live on there."""
    options = Options(seed=SEED, plan=Plan(kill_server=1), posts=250, clients=6, limit_s=60, calls_per_s=1)
    verdict = await run(options, backups=1)
    print(verdict.told(SEED))
    assert verdict.good, verdict.told(SEED)
    assert verdict.entries[0] > 100
    assert verdict.restored[0].seen["Ok"] >= 100


def test_a_backup_as_it_should_be_has_no_violation() -> None:
    """It may lack what came later, and has a higher epoch."""
    assert check_restored(RECORDS, {STREET: AS_IT_SHOULD_BE}, TOWN) == []


SPOILT: dict[str, tuple[str, Callable[[Log], Log]]] = {
    "the last part is missing": ("acknowledged", lambda log: with_rows(log, {1: ROWS[1]}, head=1)),
    "at another number": ("acknowledged", lambda log: with_rows(log, {1: ROWS[2], 2: ROWS[1]})),
    "one is missing in the middle": ("hole", lambda log: with_rows(log, {2: ROWS[2]})),
    "one stands there twice": ("twice", lambda log: with_rows(log, {**log.rows, 3: ROWS[1]}, head=3)),
    "in other words": ("another", lambda log: with_rows(log, {**log.rows, 2: Row("message.posted", "ada", "a:2", 9)})),
    "cursors of the town are good there": ("epoch", lambda log: msgspec.structs.replace(log, epoch=7)),
}


def with_rows(log: Log, rows: dict[int, Row], head: int = 2) -> Log:
    return msgspec.structs.replace(log, rows=rows, head=head)


@pytest.mark.parametrize("what", list(SPOILT))
def test_the_checker_sees(what: str) -> None:
    """Each way in which a backup can be worth nothing, by its rule."""
    rule, spoil = SPOILT[what]
    assert rule in {violation.rule for violation in check_restored(RECORDS, {STREET: spoil(AS_IT_SHOULD_BE)}, TOWN)}
