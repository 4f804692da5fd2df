"""The periodic jobs, on one screen. Every process runs them; each may run at any time, anywhere, again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from time import monotonic
from zoneinfo import ZoneInfo

import msgspec
import structlog

from rooms import (
    account,
    alert_due,
    audit_book,
    desk,
    duty,
    erasure,
    given,
    inside,
    keys,
    overdue,
    presence,
    report_due,
    retention,
    roster,
    session,
    warning_due,
)
from rooms.feed import Told
from rooms.person import Person
from rooms.refusal import Refusal
from rooms.reporting import is_of_a_place
from rooms.town import DAY_MS, Town
from server import last_seen, metrics
from server.audit_heads import HeadsFile
from server.board import EVERY_MS, Board
from server.disk import DiskWatch
from server.erased_list import ErasedList
from server.fanout import Fanout
from server.last_seen import LastSeen
from server.logging import where
from server.settings import Settings

log = structlog.get_logger("sweeps")
TICK_S = 0.2
UNHEALTHY_S = 5.0
JUMP_MS = 5_000  # above the longest that an answer of the store can be late
TALK_WAITS_ABOVE = 0.8  # of maxmemory (promise.md 2)


class Job(msgspec.Struct):
    """What runs every so many milliseconds. due_ms: by the tick's own monotonic clock."""

    name: str
    every_ms: int
    run: Callable[[], Awaitable[object]]
    due_ms: float = 0
    waits: bool = False


class Sweeps:
    """One process's jobs."""

    def __init__(self, town: Town, fanout: Fanout, settings: Settings, board: Board) -> None:
        self._town, self._fanout, self._settings = town, fanout, settings
        self._told: dict[str, int | None] = {}
        self._last_s = monotonic()
        self.jobs = [
            Job("follow Redis's clock", 1_000, self.follow_clock),
            Job("settle accounts left half done", 1_000, lambda: account.overdue(town)),
            Job("reload places", 2_000, town.load_places),
            Job("reload the rules of cases", 2_000, town.load_rules),
            Job("tell presence", 2_000, self.tell_presence),
            Job("count pages that were sent", 0, self.count_pages),
            Job("lease to who has come", 0, lambda: presence.renew(town, fanout.arrived())),
            Job("note who was given what", 0, self.note_given),
            Job("renew leases", presence.RENEW_EVERY_MS, lambda: presence.renew(town, fanout.persons_here())),
            Job("forget leases", 60_000, lambda: presence.forget(town, fanout.lines)),
            Job("end sessions that are over", 600_000, self.end_sessions),
            Job("note when sessions were used", last_seen.EVERY_MS, LastSeen(town, fanout.connected).note),
            Job("nightly purge", 60_000, self.purge_at_night),
        ]
        self.prompt = [
            Job("carry out deadlines of cases", 0, self.step_cases),
        ]
        """Beside the others, none of which may make a deadline late."""
        self.by_duty = [
            Job("keep duty", 1_000, self.keep_duty),
            Job("let cases follow duty", 500, self.follow_duty),
        ]
        """Beside the deadlines too: a change of duty is a look at every open case."""
        self.of_warnings = [Job("end warnings and give notices", 0, self.step_warnings)]
        """Beside all of them: a notice may be for thousands."""
        self.of_alerts = [Job("carry on alerts", 0, self.step_alerts)]
        """Beside all of them too: of a whole town."""
        self._heads, self._keeping_heads = HeadsFile(settings.data_folder()), asyncio.Lock()
        self.of_books = [
            Job("seal the open books", 250, lambda: audit_book.seal_all(town)),
            Job("keep the heads of the books", 60_000, self.keep_heads),
        ]
        """Within a second of the deed, whatever else there is to do."""
        self.of_reports = [
            Job("keep who is inside", inside.RENEW_EVERY_MS, self.keep_inside),
            Job("let stays follow their grounds", inside.FOLLOW_EVERY_MS, self.follow_grounds),
            Job("carry out deadlines of reports, notices and stays", 0, self.step_reports),
        ]
        disk = DiskWatch(town, settings)
        self.jobs.append(Job("hold the rewriting of the file", 2_000, disk.hold_rewriting))
        self.of_disk = [Job("watch the disk", 500, disk.look)]
        """Beside whatever waits for a Redis that has ended over it."""
        self.of_memory = [Job("watch the memory", 250, self.watch_memory)]
        """Beside the slow ones: between two looks talk may fill what is kept for warnings, cases and alerts."""
        self.of_boards = [Job("tell boards", EVERY_MS, board.tell)]
        erased = ErasedList(settings.data_folder())
        self.of_erasures = [Job("erase who is to be forgotten", 1_000, lambda: erasure.overdue(town, erased.note))]
        """Beside all of them too: a look goes through whole logs."""

    async def run(self) -> None:
        """Tick for ever. A job that fails is logged and comes again; the others go on."""
        beside = (self.prompt, self.by_duty, self.of_alerts, self.of_books, self.of_warnings, self.of_reports,
                  self.of_boards, self.of_disk, self.of_memory, self.of_erasures)  # fmt: skip
        lanes = (self._for_ever(partial(self._run_all, jobs)) for jobs in beside)
        await asyncio.gather(self._for_ever(self.tick), *lanes)

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
            job.waits = False
        except Refusal as refusal:
            if not job.waits:  # said once: this may go on five times a second, on a disk that is full
                log.info("job waits", job=job.name, code=refusal.code)
            job.waits = True
        except Exception as error:  # noqa: BLE001 - see run
            metrics.faults.inc()
            log.error("job failed", job=job.name, error=type(error).__name__, where=where(error))

    async def end(self) -> None:
        """When everybody has gone: what they were given is the last thing this process knows."""
        await self._run(Job("note who was given what", 0, self.note_given))
        for job in self.of_books:
            await self._run(job)

    def age_s(self) -> float:
        """Seconds since the last tick began; above UNHEALTHY_S something hangs."""
        return monotonic() - self._last_s

    # the jobs ------------------------------------------------------------------------------------

    async def follow_clock(self) -> None:
        """A clock that is set while people wait brings their deadlines forward or puts them off: somebody must know."""
        jumped_ms = self._town.clock.follow(await self._town.store.time_ms())
        if abs(jumped_ms) >= JUMP_MS:
            log.error("alarm: the clock of the store was set", by_s=round(jumped_ms / 1000))

    async def step_cases(self) -> None:
        """Whatever process comes first carries out a deadline; the others find it done."""
        await overdue.overdue(self._town, self._town.clock.now_ms())

    async def step_warnings(self) -> None:
        """Whatever process comes first ends a warning or gives a notice; the others find it done."""
        await warning_due.overdue(self._town, self._town.clock.now_ms())

    async def step_reports(self) -> None:
        """Whatever process comes first carries out a deadline; the others find it done."""
        await report_due.overdue(self._town, self._town.clock.now_ms())

    async def keep_inside(self) -> None:
        """Who of the staff is connected here stays in the rooms into which they came."""
        await inside.renew(self._town, self._staff_inside())

    async def follow_grounds(self) -> None:
        """Who of the staff is connected here goes out when nothing lets them in any longer."""
        await inside.follow(self._town, self._staff_inside())

    def _staff_inside(self) -> list[tuple[Person, str]]:
        """Staff who are connected here, with each room of neighbours that they are given."""
        found = {
            (client.person, room)
            for client in self._fanout.connected.staff
            for room in client.rooms
            if is_of_a_place(self._town, room)
        }
        return list(found)

    async def step_alerts(self) -> None:
        """Whatever process comes first lets an alert lapse, end or arrive; the others find it done."""
        await alert_due.overdue(self._town, self._town.clock.now_ms())

    async def note_given(self) -> None:
        """Write down up to where this process gave everybody each log since it last did."""
        points = self._fanout.given.take()
        try:
            await given.note(self._town, points)
        except BaseException:
            self._fanout.given.put_back(points)
            raise

    async def keep_duty(self) -> None:
        """Who is connected here stays on duty; then those who have been away for too long go off, all at once."""
        await roster.renew(self._town, {client.person_id for client in self._fanout.connected.staff})
        await duty.lapse(self._town)

    async def follow_duty(self) -> None:
        """See to it that the cases follow every change of duty, and that no move has overlooked one."""
        now_ms = self._town.clock.now_ms()
        await duty.overdue(self._town, now_ms)
        await overdue.recheck(self._town, now_ms)

    async def keep_heads(self) -> None:
        """Write down in the data folder how far the books are sealed; a book that has become shorter is an alarm."""
        async with self._keeping_heads:
            behind = await asyncio.to_thread(self._heads.keep, await audit_book.heads(self._town.store))
        for book in behind:
            log.error("alarm: a book of deeds is shorter than it was; see `bart audit verify`", book=book)

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

    async def count_pages(self) -> None:
        """Tell the rooms of cases to how many a page has gone out; what fails is counted the next time."""
        counted = [(client, set(client.pages)) for client in self._fanout.connected.staff if client.pages]
        sent: dict[str, set[str]] = {}
        for client, cases in counted:
            for case in cases:
                sent.setdefault(case, set()).add(client.person_id)
        now_ms = self._town.clock.now_ms()
        await overdue.each(list(sent), lambda case: desk.pages_sent(self._town, case, sent[case], now_ms))
        for client, cases in counted:
            client.pages -= cases

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
