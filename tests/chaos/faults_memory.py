"""Memory runs out: talk is refused first; warnings, calls, their deadlines and alerts go on; nothing is done by half.

Talk fills the store until a server refuses it; then everything else is tried, and the deadlines of a call must act. At
last Redis is given so little that it refuses everything: whoever was told to try again is answered once there is more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from time import monotonic

import redis

from rooms import staff
from rooms.person import Organisation, Role
from server.sign_in import Argon2
from tests.chaos.alerts_crowd import Officer
from tests.chaos.faults_servers import CALL, FaultServers, Talk, within
from tests.chaos.faults_verdict import Say, Verdict
from tests.chaos.history import History, Ok
from tests.chaos.logs import read_logs
from tests.town import PASSWORD

TIER_S = 1
TALKERS, ROOMS = 8, 4
FILLED_S = 180.0
GOES_S = 10.0
FULL_S = 2.0
SEEN_S = 1.0  # a server looks four times a second
SETTINGS = {"BART_TIERS_URGENT": f"{TIER_S}/{TIER_S}/{TIER_S}"}
EXPECTED = ("alarm: the store is nearly full",)
PATH = ("escalation.raised", "escalation.unanswered")
OFFICER = "Commissaris Prins"


async def run(rng: Random, mb: int, say: Say, count: int = 2) -> Verdict:
    """With so much memory, and so many servers."""
    began_s = monotonic()
    servers = FaultServers([{**SETTINGS, "BART_MAXMEMORY_MB": str(mb)}] * count)
    talk = Talk(servers, rng.random(), text="Bericht " * 240)
    full = _Full(talk)
    try:
        await servers.start()
        await talk.gather(TALKERS, ROOMS)
        await full.hire(Random(rng.random()))
        await full.fill(lambda: say(f"{monotonic() - began_s:5.0f} s  {talk.acknowledged} acknowledged"))
        await full.everything_else_goes()
        await full.to_the_last_byte()
        await talk.settle()
        full.problems += await talk.violations()
    finally:
        await full.close()
        await talk.crowd.close()
        said = await servers.close()
    full.problems += [f"a server said {n} times: {text}" for text, n in said.items() if not text.startswith(EXPECTED)]
    return Verdict(
        problems=full.problems,
        figures={
            "memory, MiB": mb,
            "acknowledged": talk.acknowledged,
            "of it taken when talk was refused": f"{full.share:.0%}",
            "messages that went afterwards": full.slipped,
            "what went while talk waited": ", ".join(full.went),
            "refused at the last byte": full.refused,
        },
        seconds=monotonic() - began_s,
    )


class _Full:
    """The steps of the run, and what they find. share: of the memory, when talk was refused."""

    def __init__(self, talk: Talk) -> None:
        self.talk, self.problems, self.went = talk, list[str](), list[str]()
        self.share, self.slipped, self.refused = 0.0, 0, 0
        self._officer: Officer | None = None

    async def hire(self, rng: Random) -> None:
        """An officer of the whole town, signed in and on duty, far from the first tier."""
        town = await self.talk.servers.town()
        argon2 = Argon2()
        try:
            (whole,) = [place.id for place in town.places if place.kind == "municipality"]
            await staff.add(town, argon2, OFFICER, Role.OFFICER, Organisation.POLICE, (whole,), PASSWORD)
        finally:
            argon2.close()
            await town.store.close()
        self._officer = Officer(OFFICER, self.talk.servers.urls, History(), rng)
        await self._officer.go_on_duty()

    async def fill(self, tell: Callable[[], None]) -> None:
        """Talk until it is refused."""
        talk, give_up_s = self.talk, monotonic() + FILLED_S
        talk.begin()
        while not talk.codes(0)["storage_low"] and monotonic() < give_up_s:
            tell()
            await asyncio.sleep(0.2)
        if not talk.codes(0)["storage_low"]:
            self.problems.append("talk was never refused")
        self.share = _share(talk.servers.redis_url)
        await asyncio.sleep(SEEN_S)  # both servers have looked
        before = talk.acknowledged
        await asyncio.sleep(1)
        self.slipped = talk.acknowledged - before
        if self.slipped:
            self.problems.append(f"{self.slipped} messages went although talk was to wait")

    async def everything_else_goes(self) -> None:
        """While talk goes on trying: a call through its tiers, a warning, an alert."""
        street = max(self.talk.caller.rooms, key=len)
        await self._goes("a call", "escalation.raise", street, **CALL)
        await self._goes("a warning", "warning.raise", street, kind="nuisance", text="Er is veel lawaai op straat.")
        assert self._officer is not None
        try:
            async with asyncio.timeout(GOES_S):
                preview = await self._officer.look([street.partition(":")[0]], "De rook trekt weg.")
                await self._officer.broadcast(preview)
                self.went.append("an alert")
        except TimeoutError:
            self.problems.append("an alert did not go while talk waited")
        await self._deadlines(street)

    async def _goes(self, what: str, command: str, room: str, **fields: str) -> None:
        records = self.talk.history.records
        since, caller = len(records), self.talk.caller
        caller.say(command, room, **fields)
        if await within(
            GOES_S, lambda: any(isinstance(one, Ok) and one.client == caller.name for one in records[since:])
        ):
            self.went.append(what)
        else:
            self.problems.append(f"{what} did not go while talk waited: {self.talk.codes(since)}")

    async def _deadlines(self, street: str) -> None:
        """The call that nobody answers passes through its tiers meanwhile."""
        await asyncio.sleep(3 * TIER_S + 2)
        found = await asyncio.to_thread(_events, self.talk.servers.redis_url, street)
        if not set(PATH) <= found:
            self.problems.append(f"the deadlines of a call did not act while talk waited: {sorted(found)}")
        else:
            self.went.append("deadlines")

    async def to_the_last_byte(self) -> None:
        """Redis refuses all that takes memory, and then has more again."""
        talk, since = self.talk, len(self.talk.history.records)
        with redis.Redis.from_url(talk.servers.redis_url) as administrator:
            limit = administrator.config_get("maxmemory")["maxmemory"]
            administrator.config_set("maxmemory", int(administrator.info("memory")["used_memory"]) // 2)
            before = talk.acknowledged
            talk.call()
            await asyncio.sleep(FULL_S)
            self.refused = talk.codes(since)["storage_low"]
            if talk.acknowledged != before or not self.refused:
                self.problems.append("something was written although Redis had no memory left")
            administrator.config_set("maxmemory", 2 * int(limit))
        if await talk.until_answered(GOES_S) is None:
            self.problems.append(f"nobody was answered within {GOES_S:g} s after there was memory again")

    async def close(self) -> None:
        if self._officer is not None:
            await self._officer.close()


def _share(url: str) -> float:
    with redis.Redis.from_url(url) as administrator:
        facts = administrator.info("memory")
    return float(facts["used_memory"] / facts["maxmemory"])


def _events(url: str, room: str) -> set[str]:
    """The names of all entries of a room that tell of calls."""
    return {row.event for row in read_logs(url, [room])[room].rows.values() if row.event.startswith("escalation.")}
