"""The periodic jobs: each may run at any time and again; one that fails holds up nobody."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from rooms import account, keys, log, presence
from rooms.keys import PersonKeys
from rooms.refusal import Refusal
from server.app import Running
from server.sweeps import Job, Sweeps
from tests.conftest import Join, code_for
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST, MovedClock


@pytest.fixture
def settings() -> dict[str, Any]:
    """The purge at four in the morning in The Hague."""
    return {"purge_hour": 4, "zone": "Europe/Amsterdam"}


@pytest.fixture
def sweeps(server: Running) -> Sweeps:
    """Jobs that run when the test says so, beside those of the server, as another process has them."""
    return Sweeps(server.town, server.fanout, server.ground.settings, server.board)


def only(sweeps: Sweeps, *jobs: Job) -> None:
    sweeps.jobs = list(jobs)


async def test_a_job_that_fails_comes_again_and_holds_up_nobody(sweeps: Sweeps) -> None:
    """A fault is logged by its place, without what it says; a refusal waits; the others run."""
    ran: list[str] = []

    async def faulty() -> None:
        ran.append("faulty")
        raise ValueError("Kwikstaart")

    async def waiting() -> None:
        ran.append("waiting")
        raise Refusal("unavailable")

    async def well() -> None:
        ran.append("well")

    only(sweeps, Job("faulty", 0, faulty), Job("waiting", 0, waiting), Job("well", 0, well), Job("rare", 10**9, well))
    with capture_logs() as lines:
        await sweeps.tick()
        await sweeps.tick()
    assert ran == ["faulty", "waiting", "well", "well", "faulty", "waiting", "well"]
    failed = [line for line in lines if line["log_level"] == "error"]
    assert [(line["job"], line["error"]) for line in failed] == [("faulty", "ValueError")] * 2
    assert "Kwikstaart" not in repr(lines)


async def test_a_job_that_takes_long_makes_no_deadline_late(sweeps: Sweeps) -> None:
    """A purge of the whole town waits for the disk; what is due at a moment does not wait for the purge."""
    looked, purging = asyncio.Event(), asyncio.Event()

    async def purge() -> None:
        purging.set()
        await asyncio.Event().wait()

    async def look() -> None:
        if purging.is_set():
            looked.set()

    only(sweeps, Job("purge", 0, purge))
    sweeps.prompt = [Job("look", 0, look)]
    running = asyncio.create_task(sweeps.run())
    async with asyncio.timeout(5):
        await looked.wait()
    running.cancel()
    await asyncio.wait([running])


async def test_a_look_at_every_case_makes_no_deadline_late(sweeps: Sweeps) -> None:
    """Staff who go off duty are a look at all that is open; what is due at a moment does not wait for it."""
    looked, following = asyncio.Event(), asyncio.Event()

    async def follow() -> None:
        following.set()
        await asyncio.Event().wait()

    async def look() -> None:
        if following.is_set():
            looked.set()

    only(sweeps)
    sweeps.by_duty, sweeps.prompt = [Job("follow", 0, follow)], [Job("look", 0, look)]
    running = asyncio.create_task(sweeps.run())
    async with asyncio.timeout(5):
        await looked.wait()
    running.cancel()
    await asyncio.wait([running])


async def test_who_came_on_duty_at_the_wrong_moment_is_paged_by_the_server(
    server: Running, sweeps: Sweeps, clock: MovedClock
) -> None:
    """The jobs beside the deadlines see to what a process that died has left: its marks, and its changes of duty."""
    store, now_ms = server.town.store, clock.now_ms()
    await store.read("ZADD", keys.rechecks("p07"), now_ms, "p07.aaaaaaaaaaaa:1")
    await store.read("ZADD", keys.due(keys.TOWN), now_ms, f"duty:aaaaaaaaaaaa:{now_ms}")
    for job in sweeps.by_duty:
        await job.run()
    assert await store.read("EXISTS", keys.rechecks("p07"), keys.due(keys.TOWN)) == 0


async def test_a_tick_that_hangs_is_seen(sweeps: Sweeps) -> None:
    """The age counts from the beginning of the last tick."""
    sweeps._last_s -= 7
    assert sweeps.age_s() >= 7
    only(sweeps)
    await sweeps.tick()
    assert sweeps.age_s() < 7


async def test_a_move_left_half_done_is_finished(
    server: Running, sweeps: Sweeps, join: Join, clock: MovedClock
) -> None:
    """A process that died between the account and the rooms leaves a deadline; any process settles it."""
    ada = await join("Ada")
    known = await account.load(server.town, ada.id)
    assert known is not None
    with pytest.MonkeyPatch.context() as killed:
        killed.setattr(account, "settle", _nothing)
        code = await code_for(server.town, GOUDKARPERSINGEL)
        await ada.post("/api/move", {"code": code}, ada.token)
    assert await server.town.store.read("ZCARD", PersonKeys(ada.id).due) == 1
    await ada.expect_nothing("room.closed")
    clock.forward(seconds=6)
    await account.overdue(server.town)
    assert {(await ada.expect("room.closed"))["room"] for _ in range(2)} == {JAN_LUYKENLAAN, MOERWIJK_WEST}
    assert (await ada.expect("room.opened"))["room"]["id"] == GOUDKARPERSINGEL
    assert await server.town.store.read("ZCARD", PersonKeys(ada.id).due) == 0


async def _nothing(*_asked: object) -> None:
    """A process that is killed here."""


async def test_presence_is_told_when_it_changed(
    server: Running, sweeps: Sweeps, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A room hears its number once, and again only when it is another one."""
    ada = await join("Ada")
    told: list[dict[str, object]] = []

    def tell(_room: str, name: str, data: dict[str, object]) -> None:
        told.append({"name": name, **data})

    monkeypatch.setattr(server.fanout, "tell_room", tell)
    await presence.renew(server.town, server.fanout.persons_here())
    await sweeps.tell_presence()
    await sweeps.tell_presence()
    assert {line["room"]: line["here"] for line in told} == {JAN_LUYKENLAAN: None, MOERWIJK_WEST: None}
    assert len(told) == 2
    neighbours = [f"person{number:06}" for number in range(6)]
    await presence.renew(server.town, {JAN_LUYKENLAAN: neighbours})
    told.clear()
    await sweeps.tell_presence()
    assert told == [{"name": "presence.changed", "room": JAN_LUYKENLAAN, "here": 7}]
    assert ada.id not in repr(told)


async def test_talk_waits_when_the_store_is_nearly_full(
    server: Running, sweeps: Sweeps, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above 80 % talk is refused and told to wait; below it goes on."""
    ada = await join("Ada")
    full = b"used_memory:81\r\nmaxmemory:100\r\n"
    room = b"used_memory:79\r\nmaxmemory:100\r\n"
    answers = {"now": full}
    read = server.town.store.read

    async def memory(*command: Any) -> Any:
        return answers["now"] if command == ("INFO", "memory") else await read(*command)

    monkeypatch.setattr(server.town.store, "read", memory)
    with capture_logs() as lines:
        await sweeps.watch_memory()
        await sweeps.watch_memory()
    assert [line["event"] for line in lines if line["log_level"] == "error"] == [
        "alarm: the store is nearly full, talk waits"
    ]
    post = {"room": JAN_LUYKENLAAN, "client_id": ada.next_id(), "text": "Nog plaats?"}
    error = await ada.refused("storage_low", "message.post", post)
    assert error["retryable"]
    answers["now"] = room
    await sweeps.watch_memory()
    assert (await ada.ask("message.post", post))["ok"]


async def test_a_job_that_waits_says_so_once(sweeps: Sweeps) -> None:
    """Five times a second it would fill the disk that it waits for."""

    async def wait() -> None:
        raise Refusal("storage_low")

    async def go_on() -> None:
        """There is room again."""

    job = Job("lease", 0, wait)
    with capture_logs() as lines:
        await sweeps._run_all([job])
        await sweeps._run_all([job])
        job.run = go_on
        await sweeps._run_all([job])
        job.run = wait
        await sweeps._run_all([job])
    assert [line["event"] for line in lines] == ["job waits", "job waits"]


async def test_a_clock_that_was_set_wakes_somebody(
    server: Running, sweeps: Sweeps, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every deadline moves with the store's clock; an answer that was late is no jump."""
    await sweeps.follow_clock()
    told = await server.town.store.time_ms()
    for ahead_s, alarms in ((1, 0), (3600, 1)):

        async def time_ms(ahead_s: int = ahead_s) -> float:
            return told + ahead_s * 1000

        monkeypatch.setattr(server.town.store, "time_ms", time_ms)
        with capture_logs() as lines:
            await sweeps.follow_clock()
        assert [line["event"] for line in lines] == ["alarm: the clock of the store was set"] * alarms


async def test_the_purge_runs_once_a_night_at_its_hour(
    server: Running, sweeps: Sweeps, join: Join, clock: MovedClock
) -> None:
    """By the town's own clock, in the town's zone, by one of all processes."""
    ada = await join("Ada")
    old = await ada.say(JAN_LUYKENLAAN, "Over een maand vergeten.")
    clock.forward(days=31)
    _forward_to(clock, hour=3)
    await sweeps.purge_at_night()
    assert [entry.seq for entry in await log.between(server.town.store, JAN_LUYKENLAAN, old, old)] == [old]
    _forward_to(clock, hour=4)
    other = Sweeps(server.town, server.fanout, server.ground.settings, server.board)
    with capture_logs() as lines:
        await sweeps.purge_at_night()
        await other.purge_at_night()
        await sweeps.purge_at_night()
    assert len([line for line in lines if line["event"] == "purged"]) == 1
    assert await log.between(server.town.store, JAN_LUYKENLAAN, old, old) == []


def _forward_to(clock: MovedClock, hour: int) -> None:
    """To the next half past *hour* in The Hague."""
    now = datetime.fromtimestamp(clock.now_ms() / 1000, UTC).astimezone(ZoneInfo("Europe/Amsterdam"))
    then = now.replace(hour=hour, minute=30, second=0, microsecond=0)
    if then <= now:
        then += timedelta(days=1)
    clock.forward(ms=int((then - now).total_seconds() * 1000))


async def test_a_connection_outlives_no_session(sweeps: Sweeps, join: Join, clock: MovedClock) -> None:
    """After 180 days the session is over for who is still connected, too."""
    ada = await join("Ada")
    await sweeps.end_sessions()
    await ada.expect_nothing("session.ended")
    clock.forward(days=181)
    await sweeps.end_sessions()
    assert (await ada.expect("session.ended"))["reason"] == "expired"
    assert (await ada.refused_to_connect({"token": ada.token}))["code"] == "signed_out"


async def test_a_page_whose_count_failed_is_counted_the_next_time(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page once for each who has a device, however many devices; what the store refused comes again."""
    counted: list[tuple[str, list[str]]] = []

    async def pages_sent(_town: object, case: str, persons: set[str], _now_ms: int) -> bool:
        counted.append((case, sorted(persons)))
        if len(counted) == 1:
            raise Refusal("unavailable")
        return True

    monkeypatch.setattr("rooms.desk.pages_sent", pages_sent)
    phone, tablet, desktop = (SimpleNamespace(person_id=person, pages={"one"}) for person in ("vega", "vega", "yilmaz"))
    here = SimpleNamespace(connected=SimpleNamespace(staff=[phone, tablet, desktop]))
    sweeps = Sweeps(server.town, here, server.ground.settings, server.board)  # type: ignore[arg-type]  # as much of it as is asked
    with pytest.raises(Refusal, match="unavailable"):
        await sweeps.count_pages()
    await sweeps.count_pages()
    await sweeps.count_pages()
    assert counted == [("one", ["vega", "yilmaz"])] * 2
