"""`python -m tests.chaos.backup`: `bart backup` under load and kills, and a town made of each of them.

Exit code 0: everything that was acknowledged before a backup began is in the restored town, whole, once and at its
number, every epoch there is a higher one, every case is in one state with its deadline; and people can live there.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import uvloop

from tests.chaos.backup_check import check_restored
from tests.chaos.checker import Violation
from tests.chaos.nemesis import Plan, plan
from tests.chaos.progress import shown
from tests.chaos.run import Options, Outcome, Progress, Run

POLL_S = 0.02
TRIES = 100
AGAIN_S = 0.2
AFTER = 100
"""Commands that must be acknowledged in each restored town."""


class Taken(msgspec.Struct, frozen=True):
    """A backup. records: how many of the history there were when it began; failed: tries before, each with a clear
    refusal."""

    file: Path
    records: int
    failed: int


class BackupRun(Run):
    """A run in which backups are taken, evenly over its acknowledgements."""

    def __init__(self, options: Options, folder: Path, backups: int, say: Callable[[Progress], None]) -> None:
        super().__init__(options, say, folder / "data")
        self._folder, self._wanted = folder, backups
        self.taken: list[Taken] = []
        self.shouted: list[str] = []

    async def beside(self) -> None:
        for number in range(self._wanted):
            wait_for = self.options.posts * (number + 1) // (self._wanted + 1)
            while self.history.counts["Ok"] < wait_for:  # noqa: ASYNC110 - a counter tells nobody
                await asyncio.sleep(POLL_S)
            self.taken.append(await self._take(number))

    async def _take(self, number: int) -> Taken:
        """Tried again where it is refused: its Redis may just be dead."""
        file = self._folder / f"{number}.tar"
        for failed in range(TRIES):
            records = len(self.history.records)
            code, said = await _bart("backup", str(file), "--data", str(self._folder / "data"))
            if code == 0:
                return Taken(file, records, failed)
            if "Traceback" in said:
                self.shouted.append(said)
            await asyncio.sleep(AGAIN_S)
        raise RuntimeError(f"no backup in {TRIES} tries: {said}")


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """town: of the run itself; restored: of what was lived in each restored town; violations: of the backups; entries:
    that were in each; failed: backups that were refused, and tried again."""

    town: Outcome
    restored: list[Outcome]
    violations: list[Violation]
    entries: list[int]
    failed: int
    shouted: list[str]

    @property
    def good(self) -> bool:
        return all(one.good for one in (self.town, *self.restored)) and not self.violations and not self.shouted

    def told(self, seed: int) -> str:
        broken = [*self.violations, *(violation for one in self.restored for violation in one.violations)]
        lived = sum(one.seen["Ok"] for one in self.restored)
        return "\n".join(
            [
                self.town.told(seed),
                *map(str, broken),
                *self.shouted,
                f"{len(self.restored)} backups, {self.failed} tries refused; entries in them: {self.entries}",
                f"{lived} acknowledged in the towns made of them",
                "every backup is whole" if self.good else f"{len(broken)} VIOLATIONS of backups",
            ]
        )


async def run(options: Options, backups: int, say: Callable[[Progress], None] = lambda _: None) -> Verdict:
    """Run it all, restore each backup into a folder of its own, live there for a moment, and judge."""
    folder = Path(tempfile.mkdtemp(prefix="bart-chaos-backup-"))
    try:
        this = BackupRun(options, folder, backups, say)
        town = await this.play()
        verdicts = [await _restored(this, taken, folder / f"town-{taken.file.stem}") for taken in this.taken]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Verdict(
        town=town,
        restored=[outcome for outcome, _, _ in verdicts],
        violations=[violation for _, violations, _ in verdicts for violation in violations],
        entries=[entries for _, _, entries in verdicts],
        failed=sum(taken.failed for taken in this.taken),
        shouted=this.shouted,
    )


async def _restored(this: BackupRun, taken: Taken, data: Path) -> tuple[Outcome, list[Violation], int]:
    code, said = await _bart("restore", str(taken.file), "--data", str(data))
    if code:
        raise RuntimeError(said)
    options = Options(
        seed=this.options.seed, plan=Plan(), clients=6, rooms=this.options.rooms, servers=1, posts=AFTER, limit_s=60
    )
    life = Run(options, data=data, tag=" 2")
    outcome = await life.play()
    there = {room: log for room, log in life.before.items() if room in this.logs}
    violations = check_restored(this.history.records[: taken.records], there, this.logs)
    return outcome, violations, sum(len(log.rows) for log in there.values())


async def _bart(*arguments: str) -> tuple[int, str]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await child.communicate()
    return child.returncode or 0, said.decode()


def main() -> int:
    """Run as the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.backup", description=__doc__)
    parser.add_argument("--backups", type=int, default=8)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--posts", type=int, default=8000)
    parser.add_argument("--seed", type=int)
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else secrets.randbelow(10**6)
    print(f"seed {seed}", flush=True)
    options = Options(seed=seed, plan=plan(asked.kills, 0, 0), clients=asked.clients, posts=asked.posts, limit_s=1800)
    verdict = uvloop.run(run(options, asked.backups, shown()))
    print(verdict.told(seed))
    return 0 if verdict.good else 1


if __name__ == "__main__":
    sys.exit(main())
