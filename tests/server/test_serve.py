"""`bart serve`, alone, under honcho and on a Redis elsewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from server import settings
from tests.server.command import BART, ROOT, bart, beside, processes_about, redis_elsewhere

URL = re.compile(r"http://localhost:(\d+)")
DURABLE = ("--appendonly", "yes", "--appendfsync", "always")


async def status(url: str, path: str = "/readyz") -> int:
    async with aiohttp.ClientSession() as http, http.get(url + path) as answer:
        return answer.status


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended, and waits for its parent to take note, does not."""
    try:
        os.kill(pid, 0)
        state = (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] if Path("/proc/self").exists() else ""
        )
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


# alone -----------------------------------------------------------------------------------------------


async def test_a_server_tells_where_it_is(tmp_path: Path) -> None:
    """`--port 0` takes a free port and prints it; SIGTERM ends the server and its Redis, with exit code 0."""
    data = tmp_path / "data"
    async with beside(*BART, "serve", "--data", data, "--port", "0", BART_DRAIN_S="1") as server:
        (line,) = (await server.until(lambda lines: any("BART serves" in line for line in lines)))[-1:]
        found = URL.search(line)
        assert found is not None
        assert int(found[1]) > 0
        assert await status(found[0]) == 200
        server.child.terminate()
        assert await server.ended() == 0
    assert processes_about(data) == {}


async def test_a_server_tells_programs_where_it_is(tmp_path: Path) -> None:
    """`--json-ready` prints one line {url, pid, redis_pid}, and nothing else on standard output."""
    data = tmp_path / "data"
    command = (*BART, "serve", "--data", data, "--port", "0", "--json-ready")
    async with beside(*command, BART_LOG_LEVEL="error", BART_DRAIN_S="1") as server:
        (line,) = await server.until(bool)
        ready = json.loads(line)
        assert list(ready) == ["url", "pid", "redis_pid"]
        assert ready["pid"] == server.child.pid
        assert is_alive(ready["redis_pid"])
        assert await status(ready["url"], "/healthz") == 200
        server.child.send_signal(signal.SIGINT)
        assert await server.ended() == 0
        assert server.lines == [line]
    assert not is_alive(ready["redis_pid"])


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    """With its number; and the Redis that was started for it is not left behind."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = await bart("serve", "--data", str(tmp_path / "data"), "--port", port)
    done.refused(port, "address already in use")
    assert processes_about(tmp_path) == {}


async def test_a_host_that_is_none_is_said(tmp_path: Path) -> None:
    """An address that no machine has."""
    (await bart("serve", "--data", str(tmp_path / "data"), "--host", "999.1.1.1")).refused(
        "no such address to listen on"
    )


BAD: dict[str, str] = {
    "BART_PORT": "abc",
    "BART_HANDSHAKES_PER_S": "0",
    "BART_LIMIT_TALK": "5",
    "BART_LOG_LEVEL": "loud",
    "BART_ZONE": "Mars/Base",
    "BART_CODE_KEY": "secret",
    "BART_TRUSTED_PROXIES": "10.0.0.0/99",
    "BART_REDIS": "localhost",
    "BART_NONSENSE": "1",
}


@pytest.mark.parametrize("variable", BAD)
async def test_a_setting_that_can_not_be_meant_is_refused(tmp_path: Path, variable: str) -> None:
    """The sentence names the variable and never repeats its value, which could be a secret; nothing is started."""
    data = ["--data", str(tmp_path / "data")] if variable != "BART_REDIS" else []
    done = await bart("serve", *data, "--port", "0", **{variable: BAD[variable], "XDG_DATA_HOME": str(tmp_path)})
    done.refused("redis://" if variable == "BART_REDIS" else variable)
    assert len(BAD[variable]) < 4 or BAD[variable] not in done.err
    assert "redis.started" not in done.err


@pytest.mark.parametrize(
    "options", [("--data", "x", "--redis", "redis://localhost"), ("--port", "65536"), ("--nonsense",)]
)
async def test_options_that_can_not_be_meant_are_refused(options: tuple[str, ...]) -> None:
    """Before anything is started."""
    (await bart("serve", *options)).refused()


@pytest.mark.parametrize("variable", [row[0] for row in settings.table()])
def test_every_setting_is_read_from_its_variable(variable: str) -> None:
    """Its default, given as a variable, is the default."""
    default = str(getattr(settings.Settings(), variable.removeprefix("BART_").lower()))
    assert settings.read({variable: default}) == settings.Settings()


# a Redis elsewhere -----------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder for a Redis, short enough for a socket."""
    folder = Path("/tmp") / f"bart-elsewhere-{os.getpid()}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


async def _listed(url: str, home: Path) -> str:
    done = await bart("places", "list", "--kind", "municipality", "--redis", url, XDG_DATA_HOME=str(home))
    assert done.out == "'s-Gravenhage  GM0518\n", done.err
    return done.err


async def test_a_redis_that_is_not_durable_is_warned_of_loudly(elsewhere: Path, tmp_path: Path) -> None:
    """An acknowledged message could be lost there, and whoever starts the server must know."""
    async with redis_elsewhere(elsewhere) as url:
        assert "THIS REDIS IS NOT DURABLE" in await _listed(url, tmp_path)


async def test_a_durable_redis_is_not_warned_of(elsewhere: Path, tmp_path: Path) -> None:
    """A warning that always comes is read by nobody."""
    async with redis_elsewhere(elsewhere, *DURABLE) as url:
        assert "DURABLE" not in await _listed(url, tmp_path)


async def test_a_redis_that_does_not_tell_is_warned_of(elsewhere: Path, tmp_path: Path) -> None:
    """Hosted ones may have no CONFIG; BART runs there all the same."""
    async with redis_elsewhere(elsewhere, *DURABLE, "--rename-command", "CONFIG", "") as url:
        assert "DOES NOT TELL WHETHER IT IS DURABLE" in await _listed(url, tmp_path)


# honcho ----------------------------------------------------------------------------------------------


def two_ports() -> int:
    """A port that is free, and so is the next one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


async def test_two_web_processes_share_one_redis_under_honcho(tmp_path: Path) -> None:
    """`honcho start -c web=2` counts the ports up; both serve the town of one data folder, and end together."""
    port, bin_folder = two_ports(), Path(sys.executable).parent
    assert (bin_folder / "bart").exists(), "install the package first: pip install -e ."
    environ = {"PATH": f"{bin_folder}:{os.environ['PATH']}", "BART_DATA": str(tmp_path / "data"), "BART_DRAIN_S": "1",
               "BART_LOG_FORMAT": "json", "PYTHONUNBUFFERED": "1"}  # fmt: skip
    command = (bin_folder / "honcho", "-f", ROOT / "Procfile", "--no-colour", "start", "-c", "web=2", "-p", str(port))
    async with beside(*command, **environ) as honcho:
        await honcho.until(lambda lines: sum("BART serves" in line for line in lines) == 2)
        urls = {found[0] for line in honcho.lines if "BART serves" in line and (found := URL.search(line))}
        assert urls == {f"http://localhost:{port}", f"http://localhost:{port + 1}"}
        assert [await status(url) for url in sorted(urls)] == [200, 200]
        started, adopted = honcho.logged("redis.started"), honcho.logged("redis.adopted")
        assert len(started) == 1
        assert {row["pid"] for row in adopted} == {started[0]["pid"]}
        honcho.child.terminate()
        await honcho.ended()
    assert (len(honcho.logged("stopping")), len(honcho.logged("redis.stopped"))) == (2, 1)
    assert not [line for line in honcho.lines if "SIGKILL" in line]
    assert processes_about(tmp_path) == {}
    assert not is_alive(started[0]["pid"])
