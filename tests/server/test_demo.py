"""`bart demo` as people start it: its links and its letter, what is left of it, and that no real town answers them."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server.app import Running, running
from server.demo import mark
from server.demo.guests import GUESTS, Guests, links
from server.settings import Settings
from tests.conftest import CODE_KEY, Join, until
from tests.neighbour import Neighbour
from tests.server.command import BART, ROOT, Beside, bart, beside, children_of, left_in, processes_about
from tests.town import JAN_LUYKENLAAN, MOERWIJK_WEST, MovedClock, device_of

QUICK = ("--port", "0", "--json-ready", "--hour", "20", "--pace", "50")
ALERT: dict[str, Any] = {
    "headline": "Let op uw fiets", "text": "Er worden fietsen gestolen.", "severity": "moderate",
    "urgency": "immediate", "certainty": "observed", "category": "security", "places": [MOERWIJK_WEST],
}  # fmt: skip


class Demo:
    """A demo that has told how to come in. children: its server and its neighbours."""

    def __init__(self, beside: Beside, told: dict[str, Any]) -> None:
        self.beside, self.told = beside, told
        self.url = str(told["url"])

    async def guest(self, who: str) -> Neighbour:
        return await guest_of(self.url, key_of(self.told["links"][who]))

    def processes(self) -> list[int]:
        return [self.beside.child.pid, *children_of(self.beside.child.pid)]

    async def stop(self, number: signal.Signals) -> None:
        """As a terminal does, which signals everybody in it."""
        os.killpg(self.beside.child.pid, number)
        assert await self.beside.ended() == 0
        assert "Traceback" not in "".join(self.beside.lines)


def running_still(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def key_of(link: str) -> str:
    return link.rpartition("#")[2]


async def guest_of(url: str, key: str) -> Neighbour:
    """Who comes in by the key of a link, as its page does; connected, with what was said before."""
    guest = Neighbour(url, key[:12])
    status, answer = await guest.post("/demo/sign-in", {"key": key, "device": guest.device})
    assert status == 200, answer
    guest.token, guest.person, guest.id = answer["token"], answer["person"], answer["person"]["id"]
    return await guest.connect({JAN_LUYKENLAAN: 0, MOERWIJK_WEST: 0} if "street" in guest.person else None)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """`bart demo` in words would do as well; the line for programs is easier to read here."""
    async with beside(*BART, "demo", *QUICK, TMPDIR=str(tmp_path), BART_LOG_FORMAT="json") as process:
        lines = await process.until(lambda lines: '"links"' in "".join(lines))
        yield Demo(process, json.loads(next(line for line in lines if '"links"' in line)))


@pytest.fixture
async def guests(empty_redis: str, tmp_path: Path, clock: MovedClock) -> AsyncIterator[tuple[Running, Guests]]:
    """The demo's server in the test's own loop."""
    settings = Settings(port=0, redis=empty_redis, data=str(tmp_path), code_key=CODE_KEY.hex(), drain_s=1)
    guests = Guests()
    async with running(settings, clock=clock, first=guests.come, also=guests.routes) as server:
        yield server, guests


# as a process ----------------------------------------------------------------------------------------


async def test_the_neighbours_talk_to_a_guest_and_nothing_is_left(demo: Demo, tmp_path: Path) -> None:
    """Who opens the resident's link hears them; Ctrl-C ends all three processes and Redis, and the folder is gone."""
    noor = await demo.guest("resident")
    assert (await noor.expect("message.posted"))["by"]["id"] != noor.id
    joined = await Neighbour(demo.url, "Wie komt kijken").join(demo.told["code"])
    assert joined.person["street"]["id"] == JAN_LUYKENLAAN
    there = demo.processes()
    assert len(there) == 3
    await demo.stop(signal.SIGINT)
    await noor.close()
    assert running_still(there) == []
    assert processes_about(tmp_path) == {}
    assert left_in(tmp_path) == []


async def test_a_demo_that_is_stopped_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C at the first sign of life."""
    async with beside(*BART, "demo", "--port", "0", TMPDIR=str(tmp_path), BART_LOG_FORMAT="json") as demo:
        await demo.until(lambda lines: any("redis.started" in line for line in lines))
        os.killpg(demo.child.pid, signal.SIGHUP)
        assert await demo.ended() == 0
    assert processes_about(tmp_path) == {}
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(("who", "reason"), [
    ("serving", "The server has ended; its reason stands above."),
    ("living", "The neighbours have ended; their reason stands above."),
])  # fmt: skip
async def test_a_demo_does_not_go_on_without_one_of_its_parts(
    demo: Demo, tmp_path: Path, who: str, reason: str
) -> None:
    """It says so, and clears the other away."""
    noor = await demo.guest("resident")
    await noor.expect("message.posted")  # the neighbours are there
    there = demo.processes()
    (part,) = [pid for pid in there if who in command_of(pid)]
    os.kill(part, signal.SIGKILL if who == "living" else signal.SIGTERM)
    assert await demo.beside.ended() == 1
    await noor.close()
    assert f"Error: {reason}\n" in demo.beside.lines
    assert running_still(there) == []
    assert left_in(tmp_path) == []


async def test_nobody_outlives_a_command_that_was_killed(demo: Demo, tmp_path: Path) -> None:
    """kill -9 lets it clear nothing away; its children, and Redis, notice that it has gone and end by themselves."""
    there = demo.processes()
    os.kill(there[0], signal.SIGKILL)
    await demo.beside.ended()
    await until(lambda: not running_still(there) and not processes_about(tmp_path))


async def test_a_kept_town_is_the_same_the_next_time_and_never_a_real_one(tmp_path: Path) -> None:
    """With --data the people stay; `bart serve` refuses their town, with its reason and what to do."""
    data, seen = tmp_path / "data", list[str]()
    for _ in range(2):
        async with beside(*BART, "demo", *QUICK, "--quiet", "--data", data, BART_LOG_LEVEL="error") as process:
            demo = Demo(process, json.loads((await process.until(bool))[-1]))
            officer = await demo.guest("officer")
            seen.append(officer.id)
            await officer.close()
            assert len(demo.processes()) == 2  # nobody else
            await demo.stop(signal.SIGTERM)
    assert seen[0] == seen[1]
    (await bart("serve", "--data", str(data), "--port", "0")).refused("the town of a demo", "second factor")
    assert processes_about(data) == {}


# the links -------------------------------------------------------------------------------------------


async def test_every_link_signs_its_guest_in(guests: tuple[Running, Guests]) -> None:
    """As often as it is opened, each time in a session of its own; two officers, so that one can approve."""
    server, keys = guests
    for guest in GUESTS:
        first, second = [await guest_of(server.url, keys.keys[guest.who]) for _ in range(2)]
        assert first.person["name"] == second.person["name"] == guest.name
        assert first.person["role"] == (guest.staff.role.value if guest.staff else "resident")
        assert first.token != second.token
        await first.close()
        await second.close()


async def test_a_guest_of_the_staff_is_never_asked_for_a_second_factor(
    guests: tuple[Running, Guests], clock: MovedClock
) -> None:
    """There is none to show, on the first day or on the next; what needs a fresh one is carried out."""
    server, keys = guests
    noor = await guest_of(server.url, keys.keys["resident"])
    vega = await guest_of(server.url, keys.keys["officer"])
    clock.forward(days=1)
    preview = await vega.ask("alert.preview", ALERT)
    told = await vega.ask("alert.broadcast", {"preview": preview["preview"], "client_id": vega.next_id()})
    assert told["state"] == "in_force"
    await noor.expect("alert.broadcast", alert=told["alert"])
    await noor.close()
    await vega.close()


async def test_a_key_of_another_demo_opens_nothing(guests: tuple[Running, Guests]) -> None:
    """Keys are of one run; and a password fits none of the demo's people."""
    server, keys = guests
    stranger = Neighbour(server.url, "Niemand")
    body = {"key": Guests().keys["officer"], "device": stranger.device}
    status, answer = await stranger.post("/demo/sign-in", body)
    assert (status, answer["error"]["code"]) == (401, "wrong_credentials")
    for password in ("!", "", keys.keys["officer"]):
        body = {"name": "Wijkagent Moerwijk", "password": password, "device": stranger.device}
        status, answer = await stranger.post("/api/sign-in", body)
        assert (status, answer["error"]["code"]) == (401, "wrong_credentials")


async def test_a_real_town_answers_no_link(server: Running) -> None:
    """`bart serve` has neither the page nor the request behind it, whatever the key."""
    stranger = Neighbour(server.url, "Niemand")
    routes = {resource.canonical for resource in server.app().router.resources()}
    assert not {route for route in routes if "demo" in route}
    async with aiohttp.ClientSession() as http:
        async with http.get(server.url + "/demo") as page:
            assert page.status == 404
        body = {"key": Guests().keys["officer"], "device": device_of(stranger.name)}
        async with http.post(server.url + "/demo/sign-in", json=body) as answer:
            assert answer.status in (404, 405)


async def test_a_town_with_people_of_its_own_is_never_made_a_demo(server: Running, join: Join) -> None:
    """Nobody invented comes to live among real people; an empty one is the demo's from then on, for good."""
    await join("Ada")
    with pytest.raises(RuntimeError, match="people of its own"):
        await Guests().come(server.town)
    assert not await mark.is_set(server.town)
    await mark.refuse(server.town)  # which it does not


async def test_the_page_of_a_link_may_run_where_it_is(guests: tuple[Running, Guests]) -> None:
    """Its script is a file of the same origin, as the policy of every page wants it; nobody keeps either."""
    async with aiohttp.ClientSession() as http:
        for path, kind in (("/demo", "text/html"), ("/demo/sign_in.js", "text/javascript")):
            async with http.get(guests[0].url + path) as answer:
                assert (answer.status, answer.content_type) == (200, kind)
                assert answer.headers["Cache-Control"] == "no-store"
                assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_page_of_a_link_leaves_the_session_where_the_client_looks() -> None:
    """Under the names of the client's own file, or the guest would stand before the door."""
    named = re.compile(r'const (DEVICE|SESSION) = "([a-z.]+)"')
    page = named.findall((ROOT / "server/demo/sign_in.js").read_text())
    assert len(page) == 2
    assert page == named.findall((ROOT / "clients/web/src/session.ts").read_text())


@pytest.mark.parametrize(("settings", "url", "link"), [
    (Settings(), "http://localhost:8000", "http://officer.localhost:8000/demo#key"),
    (Settings(host="10.0.0.5"), "http://10.0.0.5:8000", "http://10.0.0.5:8000/demo#key"),
    (Settings(origins="http://localhost:8000"), "http://localhost:8000", "http://localhost:8000/demo#key"),
])  # fmt: skip
def test_a_link_has_a_host_of_its_own_where_that_works(settings: Settings, url: str, link: str) -> None:
    """Five windows of one browser are five people; not where other machines look up the name, or pages are named."""
    assert links(settings, url, {"officer": "key"}) == {"officer": link}
