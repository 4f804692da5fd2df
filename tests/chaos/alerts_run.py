"""A whole run with alerts: town-wide ones that are sent, changed and ended while what carries them is killed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable
from random import Random
from time import monotonic
from typing import Literal

import msgspec

from tests.alert_verdict import keys_of
from tests.chaos.alerts_check import Evidence, check
from tests.chaos.alerts_crowd import AlertsCrowd
from tests.chaos.alerts_logs import read_entries, read_kept, wait_for_words, words_to_staff
from tests.chaos.checker import Violation
from tests.chaos.history import History
from tests.chaos.logs import read_heads
from tests.chaos.progress import bar
from tests.chaos.servers import ChaosServer, Servers

What = Literal["server", "redis", "both"]
KILLS: tuple[What, ...] = ("server", "redis", "both")
"""In turn."""
SETTINGS = {"BART_PROOF_MINUTES": "100000", "BART_LIMIT_ALERT": "1000/1"}
ROUND_S = 90.0
KEPT_S = 5.0
BUGS = "tests.chaos.alerts_planted"
AFTER_S = 1.0  # for what happens a second time
POLL_S = 0.05
SHOWN = 20
MORE = 1.3
"""So many times as long as a command takes undisturbed, the moment of a kill is drawn from."""
BRINGING_S = 0.012
"""From when an alert has been kept to when every room has it; two in three kills strike within that."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What to run. residents: at home in the neighbourhoods in turn; planted: a bug of alerts_planted, '' for none;
    heal_s: how long everybody has to catch up at the end."""

    seed: int
    kills: int = 50
    servers: int = 2
    residents: int = 40
    planted: str = ""
    heal_s: float = 60.0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict and its figures.

    done: kills, rounds, and those in the middle of a command; resumed: how often a device came back; cut: commands that
    had to be asked again; faults: what the servers logged that no kill explains.
    """

    violations: list[Violation]
    evidence: Evidence
    done: Counter[str]
    resumed: int
    cut: int
    faults: Counter[str]
    seconds: float

    @property
    def good(self) -> bool:
        return not self.violations and not self.faults

    def told(self, seed: int) -> str:
        evidence, chains = self.evidence, [kept.messages for kept in self.evidence.kept.values()]
        given = sum(len(device.given) for device in evidence.devices.values())
        killed = ", ".join(f"{what} {times}" for what, times in sorted(self.done.items()))
        messages, entries = sum(map(len, chains)), sum(map(len, evidence.logs.values()))
        rows = [
            f"seed {seed}, {self.seconds:.0f} s; {killed}; devices came back {self.resumed} times",
            f"{len(chains)} alerts, {messages} messages, {len(evidence.acks)} acknowledged, {self.cut} asked again",
            f"{entries} entries in the rooms, {given} given to {len(evidence.devices)} devices",
            *(f"fault: {name} {times}" for name, times in self.faults.items()),
            *map(str, self.violations[:SHOWN]),
            f"{len(self.violations)} VIOLATIONS" if self.violations else "everyone has every message exactly once",
        ]
        return "\n".join(rows)


class AlertServers(Servers):
    """Servers whose officers show their second factor once."""

    def __init__(self, count: int, planted: str) -> None:
        super().__init__(0)
        for number in range(1, count + 1):
            log = self._folder / f"{number}.log"
            self.all.append(ChaosServer(self._data, log, planted, bugs=BUGS, environ=SETTINGS))


class _Run:
    def __init__(self, options: Options, say: Callable[[str], None]) -> None:
        self.options, self._say, self._rng = options, say, Random(options.seed)
        self.servers, self.history = AlertServers(options.servers, options.planted), History()
        self.crowd = AlertsCrowd(self.servers, self.history, Random(f"{options.seed}:crowd"))
        self.done: Counter[str] = Counter()
        self.alert = ""
        """The one in force; '' where there is none."""
        self._lasts_s: dict[str, float] = {}
        self._began_s, self._count = monotonic(), 0

    @property
    def seconds(self) -> float:
        return monotonic() - self._began_s

    async def go(self) -> Evidence:
        await self.servers.start()
        await self.crowd.gather(self.options.residents)
        for command in ("send", "update", "clear"):
            began_s = monotonic()
            await self._carry_out(command)
            self._lasts_s[command] = monotonic() - began_s
        for number in range(self.options.kills):
            async with asyncio.timeout(ROUND_S):
                await self._round(KILLS[number % len(KILLS)])
            share, acks = (number + 1) / self.options.kills, len(self.crowd.author.acks)
            self._say(f"{bar(share, self.seconds)}  {number + 1}/{self.options.kills} kills  {acks} acks")
        await self._heal()
        return await self._evidence()

    async def _round(self, what: What) -> None:
        """One command, and a kill at some moment of it; then everything is there again."""
        command = self._rng.choice(("update", "clear", "cancel")) if self.alert else "send"
        redis_pid, url = await self.servers.redis(), self.servers.redis_url
        words = await asyncio.to_thread(words_to_staff, url)
        doing = asyncio.create_task(self._carry_out(command))
        try:
            if self._rng.random() < 1 / 3:
                await asyncio.sleep(self._rng.uniform(0, MORE * self._lasts_s.get(command, self._lasts_s["clear"])))
            else:
                beyond = words + (command == "send")  # it is kept once before, while it waits for the second officer
                await asyncio.to_thread(wait_for_words, url, beyond, monotonic() + KEPT_S)
                await asyncio.sleep(self._rng.uniform(0, BRINGING_S))
            self.done["in the middle"] += not doing.done()
            await self._kill(what, redis_pid)
            await doing
        finally:
            doing.cancel()

    async def _kill(self, what: What, redis_pid: int) -> None:
        victims = self.servers.all if what == "both" else [self._rng.choice(self.servers.all)]
        if what != "server":
            os.kill(redis_pid, signal.SIGKILL)
            self.done["redis"] += 1
        if what != "redis":
            await asyncio.gather(*(server.kill() for server in victims))
            self.done["server"] += len(victims)
            await asyncio.gather(*(server.start() for server in victims))
        self.done["rounds"] += 1

    # what officers do ----------------------------------------------------------------------------

    async def _carry_out(self, command: str) -> None:
        self._count += 1
        says = f"Bericht {self._count}."
        await (self._send(says) if command == "send" else self._change(command, says))

    async def _send(self, says: str) -> None:
        """To the whole town, which takes two officers."""
        author, approver = self.crowd.author, self.crowd.approver
        preview = await author.look([self.crowd.town_id], says)
        alert = str((await author.broadcast(preview))["alert"])
        await approver.command("alert.approve", alert=alert)
        author.acknowledged(alert, "alert", says)
        self.alert = alert

    async def _change(self, command: str, says: str) -> None:
        author, alert = self.crowd.author, self.alert
        field = "text" if command == "update" else "reason"
        await author.command(f"alert.{command}", alert=alert, **{field: says})
        author.acknowledged(alert, command, says)
        if command != "update":
            self.alert = ""

    # the end -------------------------------------------------------------------------------------

    async def _heal(self) -> None:
        """Until every message is everywhere and every device holds its rooms, or the time for it is over."""
        await self.servers.redis()
        give_up_s = monotonic() + self.options.heal_s
        while not await asyncio.to_thread(self._is_whole) and monotonic() < give_up_s:  # noqa: ASYNC110 - no event
            await asyncio.sleep(POLL_S)
        await asyncio.sleep(AFTER_S)

    def _is_whole(self) -> bool:
        url = self.servers.redis_url
        is_sent = all(kept.delivered == len(kept.messages) for kept in read_kept(url).values())
        return is_sent and self.crowd.holds(read_heads(url, self.crowd.rooms))

    async def _evidence(self) -> Evidence:
        url = self.servers.redis_url
        return Evidence(
            acks=self.crowd.author.acks,
            kept=read_kept(url),
            logs=read_entries(url, self.crowd.rooms),
            heads=read_heads(url, self.crowd.rooms),
            devices={resident.name: resident.device_now() for resident in self.crowd.residents},
            keys=await keys_of(self.servers.urls()[0]),
        )


async def run(options: Options, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Run it all and judge. say: is told how far it is, after each kill."""
    this = _Run(options, say)
    try:
        evidence = await this.go()
        seconds = this.seconds
    finally:
        await this.crowd.close()
        faults = await this.servers.close()
    resets = [Violation("reset", "", f"{this.history.counts['Reset']} devices were reset")]
    return Outcome(
        violations=check(evidence) + (resets if this.history.counts["Reset"] else []),
        evidence=evidence,
        done=this.done,
        resumed=this.history.counts["Connected"] - options.residents - len(this.crowd.officers),
        cut=sum(officer.cut for officer in this.crowd.officers),
        faults=faults,
        seconds=seconds,
    )
