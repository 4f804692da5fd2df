"""The scripts: each deed in one slot of a cluster, touching the keys it was given and no others."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence
from typing import Any

import pytest
from redis.asyncio import Redis

from rooms import script
from rooms.store import Store
from rooms.town import Town
from tests.rooms.story import everything_happens
from tests.town import MovedClock

_TAG = re.compile(r"\{([^{}]+)\}")


class Deed:
    """One call of a script as Redis saw it: the keys it was given, and the commands it gave."""

    def __init__(self, sha: str, keys: list[str]) -> None:
        self.sha, self.keys = sha, keys
        self.commands: list[tuple[str, str]] = []


@pytest.fixture
async def deeds(town: Town, clock: MovedClock, empty_redis: str) -> list[Deed]:
    """Everything happens once, and Redis tells every command of every script (MONITOR)."""
    seen: list[Deed] = []
    observer: Any = Redis.from_url(empty_redis)
    async with observer.monitor() as monitor:
        listening = asyncio.create_task(_listen(monitor, seen))
        await everything_happens(town, clock)
        await town.store.read("ECHO", "the end")
        await listening
    await observer.aclose()
    return seen


async def _listen(monitor: Any, seen: list[Deed]) -> None:
    while True:
        told = await monitor.next_command()
        words = [word.strip('"') for word in told["command"].split(" ")]
        if words[:1] == ["ECHO"]:
            return
        if words[0] == "EVALSHA":
            seen.append(Deed(words[1], words[3 : 3 + int(words[2])]))
        elif told["client_type"] == "lua":
            seen[-1].commands.append((words[0], words[1]))


async def test_every_deed_stays_in_one_slot_and_with_its_keys(deeds: list[Deed]) -> None:
    """All keys of a script carry one hash tag, and the script touches none that it was not given."""
    names = {script.script(name).sha: name for name in script.names()}
    for deed in deeds:
        name = names[deed.sha]
        assert len({_TAG.findall(key)[0] for key in deed.keys}) == 1, (name, deed.keys)
        for command, key in deed.commands:
            assert key in deed.keys, (name, command, key)


async def test_every_deed_has_been_watched(deeds: list[Deed]) -> None:
    """No script is left out of the test above, and none that nobody calls is left in the folder."""
    names = {script.script(name).sha: name for name in script.names()}
    assert {names[deed.sha] for deed in deeds} == set(script.names())
    assert sum(len(deed.commands) for deed in deeds) > 500


async def test_every_call_of_the_store_names_keys_of_one_partition(
    town: Town, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the callers hand in carries one hash tag, before Redis has seen it."""
    begin, calls = Store.begin, list[tuple[str, Sequence[str]]]()

    def noted(store: Store, name: str, keys: Sequence[str], args: Any) -> Any:
        calls.append((name, keys))
        return begin(store, name, keys, args)

    monkeypatch.setattr(Store, "begin", noted)
    await everything_happens(town, clock)
    assert {name for name, _ in calls} == set(script.names())
    for name, keys in calls:
        assert len({_TAG.match(key)[1] for key in keys}) == 1, (name, keys)  # type: ignore[index]  # all have one


@pytest.mark.parametrize("name", script.names())
def test_a_script_says_what_it_returns_and_fits_on_a_page(name: str) -> None:
    """Each names what it does and returns, uses no random and no clock of its own, and is short."""
    own = (script._FOLDER / f"{name}.lua").read_text()
    assert "-- Returns {'ok'" in own or "\n-- Returns" in own
    assert len(own.splitlines()) <= 80
    assert not re.search(r"'(TIME|RANDOMKEY|SRANDMEMBER|SPOP|KEYS|SCAN|EVAL|FLUSHALL)'|math\.random|os\.", own)
    assert max(len(line) for line in own.splitlines()) <= 130


@pytest.mark.parametrize("name", script.names())
def test_a_script_is_put_together_from_the_fragments_it_names(name: str) -> None:
    """Every fragment comes once, before the deed, and the SHA is the one that Redis computes."""
    made = script.script(name)
    assert made.sha == hashlib.sha1(made.source.encode(), usedforsecurity=False).hexdigest()
    own = (script._FOLDER / f"{name}.lua").read_text()
    assert made.source.endswith(own)
    first = own.partition("\n")[0]
    fragments = first.removeprefix("-- uses:").split() if first.startswith("-- uses:") else []
    for fragment in fragments:
        text = (script._FOLDER / "fragments" / f"{fragment}.lua").read_text()
        assert made.source.count(text) == 1
        defined = re.findall(r"^local (?:function )?(\w+)", text, re.MULTILINE)
        rest = made.source.replace(text, "")
        assert any(re.search(rf"\b{name}\b", rest) for name in defined), f"{fragment} is used for nothing"


def test_a_script_that_is_not_there_is_an_error() -> None:
    """A misspelled deed fails at once."""
    with pytest.raises(FileNotFoundError):
        script.script("pots")


async def test_redis_can_load_every_script(store: Store) -> None:
    """None has an error of syntax, and Redis finds each by our SHA."""
    for name in script.names():
        made = script.script(name)
        assert (await store.read("SCRIPT", "LOAD", made.source)).decode() == made.sha
