"""The periodic jobs, on one screen. Every process runs them; each may run at any time, anywhere, again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from time import monotonic
from zoneinfo import ZoneInfo

import msgspec
import structlog

from rooms import account, duty, keys, overdue, presence, retention, roster, session
from rooms.feed import Told
from rooms.person import STAFF_IN_ROOMS
from rooms.refusal import Refusal
from rooms.town import DAY_MS, Town
from server import metrics
from server.fanout import Fanout
from server.logging import where
from server.settings import Settings

log = structlog.get_logger("sweeps")
TICK_S = 0.2
UNHEALTHY_S = 5.0
TALK_WAITS_ABOVE = 0.8  # of maxmemory (promise.md 2)


class Job(msgspec.Struct):
    """What runs every so many milliseconds. due_ms: by the tick's own monotonic clock."""

    name: str
    every_ms: int
    run: Callable[[], Awaitable[object]]
    due_ms: float = 0


class Sweeps:
    """One process's jobs."""

    def __init__(self, town: Town, fanout: Fanout, settings: Settings) -> None:
        self._town, self._fanout, self._settings = town, fanout, settings
        self._told: dict[str, int | None] = {}
        self._last_s = monotonic()
        self.jobs = [
            Job("follow Redis's clock", 1_000, self.follow_clock),
            Job("settle accounts left half done", 1_000, lambda: account.overdue(town)),
            Job("reload places", 2_000, town.load_places),
            Job("watch the memory", 2_000, self.watch_memory),
            Job("tell presence", 2_000, self.tell_presence),
            Job("lease to who has come", 0, lambda: presence.renew(town, fanout.arrived())),
            Job("renew leases", presence.RENEW_EVERY_MS, lambda: presence.renew(town, fanout.persons_here())),
            Job("forget leases", 60_000, lambda: presence.forget(town, fanout.lines)),
            Job("end sessions that are over", 600_000, self.end_sessions),
            Job("nightly purge", 60_000, self.purge_at_night),
        ]
        self.prompt = [
            Job("carry out deadlines of cases", 0, self.step_cases),
            Job("keep duty", 1_000, self.keep_duty),
        ]
        """Beside the others, none of which may make a deadline late."""

    async def run(self) -> None:
        """Tick for ever. A job that fails is logged and comes again; the others go on."""
        await asyncio.gather(self._for_ever(self.tick), self._for_ever(lambda: self._run_all(self.prompt)))

    async def _for_ever(self, tick: Callable[[], Awaitable[None]]) -> None:
        while True:
            await tick()
            await asyncio.sleep(TICK_S)

    async def tick(self) -> None:
        """Run what is due, one after the other."""
        self._last_s = monotonic()
        await self._run_all(self.jobs)

    async def _run_all(self, jobs: list[Job]) -> None:
        for job in jobs:
            now_ms = monotonic() * 1000
            if job.due_ms <= now_ms:
                job.due_ms = now_ms + job.every_ms
                await self._run(job)

    async def _run(self, job: Job) -> None:
        try:
            await job.run()
        except Refusal as refusal:
            log.info("job waits", job=job.name, code=refusal.code)
        except Exception as error:  # noqa: BLE001 - see run
            metrics.faults.inc()
            log.error("job failed", job=job.name, error=type(error).__name__, where=where(error))

    def age_s(self) -> float:
        """Seconds since the last tick began; above UNHEALTHY_S something hangs."""
        return monotonic() - self._last_s

    # the jobs ------------------------------------------------------------------------------------

    async def follow_clock(self) -> None:
        self._town.clock.follow(await self._town.store.time_ms())

    async def step_cases(self) -> None:
        """Whatever process comes first carries out a deadline; the others find it done."""
        await overdue.overdue(self._town, self._town.clock.now_ms())

    async def keep_duty(self) -> None:
        """Who is connected here stays on duty; then those who have been away for too long go off."""
        people = self._fanout.people.items()
        here = [person for person, clients in people if any(one.person.role in STAFF_IN_ROOMS for one in clients)]
        await roster.renew(self._town, here)
        await duty.lapse(self._town)
        await duty.overdue(self._town, self._town.clock.now_ms())

    async def watch_memory(self) -> None:
        """Refuse talk when the store is nearly full, so that warnings, cases and alerts keep their place."""
        text = (await self._town.store.read("INFO", "memory")).decode()
        facts = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
        most = int(facts.get("maxmemory", "0"))
        waits = most > 0 and int(facts["used_memory"]) > TALK_WAITS_ABOVE * most
        if waits and not self._town.talk_waits:
            log.error("alarm: the store is nearly full, talk waits", maxmemory=most)
        self._town.talk_waits = waits

    async def tell_presence(self) -> None:
        """Tell every room that is open here how many are here, when that changed."""
        counts = await presence.counts(self._town, self._fanout.lines)
        told = {room: presence.told(self._town, count) for room, count in counts.items()}
        for room, here in told.items():
            if self._told.get(room, -1) != here:
                self._fanout.tell_room(room, "presence.changed", {"room": room, "here": here})
        self._told = told

    async def end_sessions(self) -> None:
        """A connection outlives no session: neither its 180 days, nor an end that we were not told of."""
        clients = [client for clients in self._fanout.people.values() for client in clients]
        over = await session.ended(self._town, [(client.person_id, client.session) for client in clients])
        for client, is_over in zip(clients, over, strict=True):
            if is_over:
                await self._fanout.on_signal(client, Told("session.ended", {"reason": "expired"}))

    async def purge_at_night(self) -> None:
        """Once a night in town, at the purge hour of its zone."""
        now_ms = self._town.clock.now_ms()
        local = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(self._settings.zone))
        if local.hour != self._settings.purge_hour:
            return
        mine = await self._town.store.read("SET", keys.purged(local.date().isoformat()), 1, "NX", "PX", DAY_MS)
        if mine:
            log.info("purged", entries=await retention.purge(self._town))
