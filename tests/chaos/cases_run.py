"""A whole run with cases: calls that nobody answers, kills while their tiers pass, and the verdict."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from time import monotonic

import msgspec

from tests.chaos.cases_check import PATH, Evidence, Lateness, Outage, check, latenesses, merged
from tests.chaos.cases_crowd import CasesCrowd
from tests.chaos.cases_logs import Witness, read_entries, read_kept
from tests.chaos.cases_nemesis import CasesNemesis, Fault, schedule
from tests.chaos.cases_servers import CaseServers
from tests.chaos.checker import Violation
from tests.chaos.history import History
from tests.chaos.progress import bar

POLL_S = 0.2
ANSWER_S = 60.0  # after the last call, for every answer
GRACE_S = 30.0  # after the last deadline
AFTER_S = 3.0  # for what happens a second time
SHOWN = 20
STEPS = len(PATH) - 1


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What to run. tiers: seconds of each, as BART_TIERS_URGENT has them; raise_s: over which the calls are raised;
    planted: a bug of cases_planted, '' for none."""

    seed: int
    cases: int
    kills: int = 0
    redis_kills: int = 0
    servers: int = 2
    wrong_clock_s: int = 0
    tiers: str = "60/60/120"
    raise_s: float = 30
    planted: str = ""
    grace_s: float = GRACE_S

    def tiers_s(self) -> list[float]:
        return [float(part) for part in self.tiers.split("/")]

    def faults(self) -> list[Fault]:
        rng = Random(f"{self.seed}:faults")
        return schedule(rng, self.kills, self.redis_kills, self.raise_s, self.tiers_s())


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict and its figures. heard: pages that each of the staff was told; faults: what the servers logged that
    no fault of ours explains."""

    violations: list[Violation]
    evidence: Evidence
    late: list[Lateness]
    done: Counter[str]
    heard: dict[str, int]
    samples: int
    resumed: int
    how_wrong: str
    faults: Counter[str]
    seconds: float

    @property
    def good(self) -> bool:
        return not self.violations and not self.faults

    def told(self, seed: int) -> str:
        """The verdict, what was broken, and the figures, a line each."""
        verdict = "the promise held" if self.good else f"{len(self.violations)} VIOLATIONS, {len(self.faults)} FAULTS"
        lines = [
            *(f"  {violation}" for violation in self.violations[:SHOWN]),
            *(f"  a server complained {count} times: {text}" for text, count in self.faults.most_common(SHOWN)),
            *(f"{name:28} {figure}" for name, figure in self._figures()),
            f"{verdict}; {self.seconds:.0f} s; seed {seed}",
        ]
        return "\n".join(lines)

    def _figures(self) -> list[tuple[str, object]]:
        evidence, names = self.evidence, Counter(entry.name for entry in self.evidence.entries)
        whole = merged(evidence.outages)
        broken = Counter(violation.rule for violation in self.violations)
        return [
            ("acknowledged calls", f"{len(evidence.acks)}, {len(evidence.unanswered)} unanswered"),
            ("cases", len(evidence.kept)),
            ("transitions", f"{len(self.late)} of {STEPS * len(evidence.kept)}"),
            *sorted(names.items()),
            ("late, ms", _spread([one.late_ms for one in self.late])),
            ("late beside outages, ms", _spread([one.beside_ms for one in self.late])),
            ("kills", f"{self.done['server']} of a server, {self.done['redis']} of Redis"),
            ("outages", f"{len(whole)}: {_lengths(evidence.outages)}"),
            ("connections", self.resumed),
            ("pages heard by staff", ", ".join(f"{name} {count}" for name, count in self.heard.items())),
            ("looks at duty and deadlines", self.samples),
            ("clock", self.how_wrong),
            ("violations", ", ".join(f"{rule} {count}" for rule, count in broken.items()) or "none"),
        ]


def _spread(numbers: list[float]) -> str:
    if not numbers:
        return "-"
    ordered = sorted(numbers)
    middle, p99 = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
    return f"least {ordered[0]:.0f}, median {middle:.0f}, p99 {p99:.0f}, most {ordered[-1]:.0f}"


def _lengths(outages: Sequence[Outage]) -> str:
    return ", ".join(f"{one.what} {(one.ended_ms - one.began_ms) / 1000:.1f} s" for one in merged(outages))


class _Run:
    def __init__(self, options: Options, say: Callable[[str], None], servers: CaseServers | None) -> None:
        self.options, self._say = options, say
        self.history = History()
        self.servers = servers or CaseServers(options.servers, options.tiers, options.wrong_clock_s, options.planted)
        self.crowd = CasesCrowd(self.servers, self.history, Random(f"{options.seed}:crowd"))
        self.nemesis = CasesNemesis(self.servers, options.faults(), Random(f"{options.seed}:victims"))
        self.witness: Witness | None = None
        self._began_s = monotonic()

    @property
    def seconds(self) -> float:
        return monotonic() - self._began_s

    async def go(self) -> Evidence:
        """Until nobody has answered any call, or the time for it is over; then what there is."""
        await self.servers.start()
        await self.crowd.gather()
        staff = [member.person for member in self.crowd.staff]
        self.witness = Witness(self.servers.redis_url, self.crowd.rooms, staff)
        self.witness.start()
        self._began_s = monotonic()
        loop = asyncio.get_running_loop()
        nemesis = loop.create_task(self.nemesis.run())
        calling = loop.create_task(self.crowd.call(self.options.cases, self.options.raise_s))
        try:
            await self._within(self.options.raise_s + ANSWER_S, lambda: calling.done() and not self.crowd.unanswered())
            await calling
            await self._within(sum(self.options.tiers_s()) + self.options.grace_s, self._all_passed)
            await nemesis
            await asyncio.sleep(AFTER_S)
        finally:
            nemesis.cancel()
            calling.cancel()
            await asyncio.gather(nemesis, calling, return_exceptions=True)
            self.witness.stop()
        return await asyncio.to_thread(self._evidence)

    def _all_passed(self) -> bool:
        assert self.witness is not None
        return self.witness.passed[PATH[-1]] >= self.options.cases

    async def _within(self, seconds: float, holds: Callable[[], bool]) -> None:
        give_up_s = monotonic() + seconds
        while not holds() and monotonic() < give_up_s:
            self._tell()
            await asyncio.sleep(POLL_S)

    def _tell(self) -> None:
        assert self.witness is not None
        passed, done = self.witness.passed, self.nemesis.done
        steps = sum(passed[name] for name in set(PATH))
        self._say(
            f"{bar(steps / (len(PATH) * self.options.cases), self.seconds)}  "
            f"{passed['escalation.raised']} raised  {passed['escalation.widened']} widened  "
            f"{passed['escalation.unanswered']} unanswered  {done['server']} servers and {done['redis']} Redis killed"
        )

    def _evidence(self) -> Evidence:
        assert self.witness is not None
        kept, unread = read_kept(self.servers.redis_url)
        entries = read_entries(self.servers.redis_url, self.crowd.rooms, self.witness.seen)
        return Evidence(
            acks=self.crowd.acks(),
            entries=entries,
            kept=kept,
            outages=self.nemesis.outages(),
            tiers_ms=[int(lasts_s * 1000) for lasts_s in self.options.tiers_s()],
            unanswered=self.crowd.unanswered(),
            gaps=self.witness.differences(entries),
            unread=unread,
        )


async def run(
    options: Options, say: Callable[[str], None] = lambda _: None, servers: CaseServers | None = None
) -> Outcome:
    """Run it all and judge. say: is told how far it is, many times a second; servers: others than the options make."""
    this = _Run(options, say, servers)
    try:
        evidence = await this.go()
        seconds = this.seconds
    finally:
        await this.crowd.close()
        faults = await this.servers.close()
    assert this.witness is not None
    return Outcome(
        violations=check(evidence),
        evidence=evidence,
        late=latenesses(evidence),
        done=this.nemesis.done,
        heard={member.name: len(member.heard) for member in this.crowd.staff},
        samples=this.witness.samples,
        resumed=this.history.counts["Connected"],
        how_wrong=this.servers.how_wrong,
        faults=faults,
        seconds=seconds,
    )
