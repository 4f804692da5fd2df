"""Retention: what was kept long enough leaves the rooms and the disk, and a marker says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rooms import letter, log, membership, overdue, retention
from rooms.default_town import default_town
from rooms.store import Store, StoreFault
from rooms.town import DAY_MS, Policy, Town
from server.embedded_redis import EmbeddedRedis
from tests.conftest import CODE_KEY, code_for
from tests.rooms.voice import Voice
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, PASSWORD, MovedClock, PlainPasswords

CANARY = "KANARIEVOGEL"


@pytest.fixture
async def own(tmp_path: Path, clock: MovedClock) -> AsyncIterator[Town]:
    """A town with a data folder of its own, as `bart serve` has it."""
    redis = await EmbeddedRedis.open(tmp_path / "data")
    store = Store(redis.url)
    town = Town(store, CODE_KEY, clock=clock, policy=Policy())
    await town.import_places(default_town())
    yield town
    await store.close()
    await redis.close()


async def _neighbour(town: Town, name: str, street: str = JAN_LUYKENLAAN) -> Voice:
    code = await code_for(town, street)
    signed = await membership.join(town, PlainPasswords(), "192.0.2.1", code, name, PASSWORD, "0" * 32)
    return Voice(town, signed.person)


def _files_with(folder: Path, text: str) -> list[str]:
    """Every file of the data folder in which the text can be found."""
    wanted = text.encode()
    return [file.name for file in folder.rglob("*") if file.is_file() and wanted in file.read_bytes()]


async def test_a_purged_text_is_nowhere_in_the_data_folder(own: Town, clock: MovedClock, tmp_path: Path) -> None:
    """What was said, worded anew or taken back a month ago is found in no file, though it was there before."""
    ada = await _neighbour(own, "Ada")
    await ada.say(f"{CANARY} gezegd")
    target = await ada.say(f"{CANARY} eerst")
    await ada.ask("message.edit", target=target, text=f"{CANARY} anders")
    gone = await ada.say(f"{CANARY} weg")
    await ada.ask("message.retract", target=gone)
    clock.forward(days=29)
    await ada.say("Dit blijft nog een dag")
    assert _files_with(tmp_path / "data", CANARY)
    clock.forward(days=1.1)
    assert await retention.purge(own) > 0
    assert _files_with(tmp_path / "data", CANARY) == []
    assert await ada.texts() == ["Dit blijft nog een dag"]


async def test_a_purge_that_was_killed_before_the_file_leaves_nothing_for_ever(
    own: Town, clock: MovedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next purge cleans the disk though it finds nothing to blank."""
    ada = await _neighbour(own, "Ada")
    await ada.say(CANARY)
    clock.forward(days=31)

    async def killed(_town: Town) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(retention, "rewrite_file", killed)
        with pytest.raises(asyncio.CancelledError):
            await retention.purge(own)
    assert _files_with(tmp_path / "data", CANARY)
    assert await retention.purge(own) == 0
    assert _files_with(tmp_path / "data", CANARY) == []


async def test_what_is_young_enough_stays(town: Town, ada: Voice, clock: MovedClock) -> None:
    """A day less than a month is kept, to the word."""
    await ada.say("nieuw")
    clock.forward(days=29.9)
    assert await retention.purge(town) == 0
    assert await ada.texts() == ["nieuw"]


async def test_every_room_is_purged(town: Town, ada: Voice, clock: MovedClock) -> None:
    """Streets, neighbourhoods and both ends of town."""
    dee = await _neighbour(town, "Dee", GOUDKARPERSINGEL)
    await ada.say("straat")
    await ada.say("buurt", room="BU05183637")
    await dee.say("singel")
    clock.forward(days=31)
    assert await retention.purge(town) == 3 + 4
    for voice in (ada, dee):
        assert await voice.page() == []
    assert await ada.page(room="BU05183637") == []


async def test_more_than_one_batch_is_purged(unhurried: Town, ada: Voice, clock: MovedClock) -> None:
    """A lively street is purged to the last old entry, and not beyond."""
    for _ in range(250):
        await ada.say("oud")
    clock.forward(days=31)
    young = await ada.say("nieuw")
    assert await retention.purge(unhurried) == 252
    reply = await ada.ask("room.history")
    assert ([entry["seq"] for entry in reply["entries"]], reply["oldest"]) == ([young], young)


async def test_classes_are_kept_as_long_as_each_is_set(town: Town, ada: Voice, clock: MovedClock) -> None:
    """Talk goes and leaves markers between memberships that stay."""
    kept = {**town.policy.keep_ms, "talk": 30 * DAY_MS, "membership": 90 * DAY_MS}
    town.policy = msgspec.structs.replace(town.policy, keep_ms=kept)
    await ada.say("praat")
    clock.forward(days=31)
    assert await retention.purge(town) == 1
    page = await ada.page()
    assert [(entry["seq"], entry["event"]) for entry in page] == [(1, "member.joined"), (2, "entry.blanked")]
    assert page[1]["data"] == {"reason": "retention"}


async def test_purging_again_and_at_once_does_no_harm(town: Town, ada: Voice, clock: MovedClock) -> None:
    """Two processes that purge the same night blank every entry once."""
    for number in range(5):
        await ada.say(str(number))
    clock.forward(days=31)
    gone = await asyncio.gather(retention.purge(town), retention.purge(town))
    assert sum(gone) == 7
    assert await retention.purge(town) == 0


async def test_a_retracted_message_is_purged_like_any_other(town: Town, ada: Voice, clock: MovedClock) -> None:
    """The words under a marker go with the rest."""
    target = await ada.say("weg")
    await ada.ask("message.retract", target=target)
    clock.forward(days=31)
    await retention.purge(town)
    assert await log.between(town.store, JAN_LUYKENLAAN, 1, 10) == []


async def test_a_file_that_could_not_be_rewritten_is_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the words may still be on the disk, the purge is not called done."""
    read = town.store.read

    async def failing(*command: Any) -> Any:
        answer = await read(*command)
        if command == ("INFO", "persistence"):
            return answer.replace(b"aof_last_bgrewrite_status:ok", b"aof_last_bgrewrite_status:err")
        return answer

    monkeypatch.setattr(town.store, "read", failing)
    with pytest.raises(StoreFault):
        await retention.purge(town)


async def test_a_store_without_a_file_has_nothing_to_rewrite(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis elsewhere that keeps no file is purged all the same."""
    read, asked = town.store.read, []

    async def without_file(*command: Any) -> Any:
        asked.append(command[0])
        return b"aof_enabled:0\r\n" if command == ("INFO", "persistence") else await read(*command)

    monkeypatch.setattr(town.store, "read", without_file)
    await letter.make(town, town.places.get(JAN_LUYKENLAAN), 1)  # type: ignore[arg-type]  # it is there
    await retention.purge(town)
    assert "BGREWRITEAOF" not in asked


async def test_a_private_case_is_forgotten_with_its_room(own: Town, clock: MovedClock, tmp_path: Path) -> None:
    """What was said in it goes after a month like all talk, the call itself after 180 days, and then there is no room
    and no case, in no file."""
    ada = await _neighbour(own, "Ada")
    said = {"to": "municipality", "urgency": "soon", "kind": "worry", "text": f"{CANARY} gevraagd", "private": True}
    case = (await ada.ask("escalation.raise", **said))["case"]
    await ada.say(f"{CANARY} gezegd", room=f"case:{case}")
    clock.forward(days=1.1)
    await overdue.overdue(own, clock.now_ms())
    clock.forward(days=31)
    await retention.purge(own)
    page = await ada.page(room=f"case:{case}")
    assert [entry["event"] for entry in page] == [
        "escalation.raised",
        "escalation.unanswered",
        "entry.blanked",
        "escalation.lapsed",
    ]
    clock.forward(days=150)
    await retention.purge(own)
    assert _files_with(tmp_path / "data", CANARY) == []
    await ada.refused("not_found", "room.history", room=f"case:{case}")
    await ada.refused("not_found", "escalation.rate", case=case, helped=True)
