"""A store that is full, in memory or on the disk: what matters most goes longest, and nothing is done by half."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import rooms
from rooms import alert_delivery, alert_due, membership, retention, session
from rooms.person import Person
from rooms.refusal import Refusal
from rooms.script import READS, names, script
from rooms.space import RETRY_AFTER_MS, Space, space
from rooms.store import WRITES, Store
from rooms.town import Town
from tests.conftest import code_for
from tests.rooms.alert_cast import chain
from tests.rooms.alert_sent import SAYS
from tests.rooms.desk_cast import Desk
from tests.rooms.voice import Voice
from tests.town import MOERWIJK_WEST, PASSWORD, PlainPasswords, device_of

CALL = {"to": "police", "urgency": "urgent", "text": "Er wordt ingebroken.", "emergency": "called"}
MB = 1 << 20
HARMLESS = READS | {"CONFIG", "INFO", "MGET", "PING", "SCAN", "TIME", "XREAD", "ZMSCORE"}


@asynccontextmanager
async def full(store: Store) -> AsyncIterator[None]:
    """Redis has no memory left."""
    await store.read("CONFIG", "SET", "maxmemory", 1)
    try:
        yield
    finally:
        await store.read("CONFIG", "SET", "maxmemory", 0)


async def everything(store: Store) -> dict[bytes, bytes]:
    """All that Redis holds."""
    held = sorted(await store.read("KEYS", "*"))
    return dict(zip(held, await store.read_all(("DUMP", key) for key in held), strict=True))


# memory ----------------------------------------------------------------------------------------------


async def test_at_the_end_of_memory_nothing_is_done_by_half(ada: Voice, ben: Voice, desk: Desk, store: Store) -> None:
    """Each command is refused as one to be tried again and leaves Redis as it was; afterwards it goes through, once."""
    said = await ada.say("Wie heeft een ladder?")
    warned = (await ben.ask("warning.raise", kind="nuisance", text="Een feest in het park."))["seq"]
    await desk.on_duty("Sergeant Prins")
    sergeant, vega = await desk.voice("Sergeant Prins"), await desk.voice("Officer Vega")
    preview = await sergeant.ask("alert.preview", places=[MOERWIJK_WEST], **SAYS)
    case = (await ben.ask("escalation.raise", **CALL))["case"]
    asked: list[tuple[Voice, str, dict[str, Any]]] = [
        (ada, "message.post", {"text": "Hallo"}),
        (ada, "message.edit", {"target": said, "text": "Wie heeft een trap?"}),
        (ben, "message.react", {"target": said, "reaction": "thanks"}),
        (ada, "warning.raise", {"kind": "nuisance", "text": "Nog een feest in het park."}),
        (ada, "warning.answer", {"target": warned, "answer": "see"}),
        (ada, "escalation.raise", CALL),
        (vega, "duty.start", {}),
        (sergeant, "escalation.accept", {"case": case}),
        (sergeant, "alert.broadcast", {"preview": preview["preview"]}),
    ]
    numbered = [(who, name, {**payload, "client_id": who.next_id()}) for who, name, payload in asked]
    before = await everything(store)
    async with full(store):
        for who, name, payload in numbered:
            await who.refused("storage_low", name, **payload)
            assert await everything(store) == before, name
    for who, name, payload in numbered:
        done = await who.ask(name, **payload)
        assert await who.ask(name, **payload) == done


async def test_at_the_end_of_memory_nobody_joins_by_half(town: Town, ada: Voice, store: Store) -> None:
    """A letter's code is not used up by somebody who could not come in."""
    code = await code_for(town, "BU05183637:jan-luykenlaan")
    before = await everything(store)
    async with full(store):
        with pytest.raises(Refusal, match="storage_low"):
            await join(town, code)
        with pytest.raises(Refusal, match="storage_low"):
            await session.begin(town, ada.id, ada.device)
        kept = await everything(store)
        assert {key: kept[key] for key in before} == before
    assert (await join(town, code)).name == "Cleo"


async def join(town: Town, code: str) -> Person:
    cleo = await membership.join(town, PlainPasswords(), "192.0.2.1", code, "Cleo", PASSWORD, device_of("Cleo"))
    return cleo.person


async def test_an_alert_that_memory_ran_out_on_arrives_afterwards(
    ada: Voice, desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Acknowledged is acknowledged: once in every room, as soon as there is room."""
    sergeant = await desk.voice("Sergeant Prins")
    preview = await sergeant.ask("alert.preview", places=[MOERWIJK_WEST], **SAYS)

    async def dies(*_: object) -> None:
        """The process that should bring it."""

    with monkeypatch.context() as patched:
        patched.setattr(alert_delivery, "begin", dies)
        await sergeant.ask("alert.broadcast", preview=preview["preview"])
    desk.clock.forward(seconds=2)  # until whoever broadcast it must have brought it
    async with full(store):
        with pytest.raises(Refusal, match="storage_low"):
            await alert_due.overdue(desk.town, desk.clock.now_ms())
    assert await chain(desk.town, MOERWIJK_WEST) == []
    desk.clock.forward(minutes=1)
    await alert_due.overdue(desk.town, desk.clock.now_ms())
    await alert_due.overdue(desk.town, desk.clock.now_ms())
    assert await chain(desk.town, MOERWIJK_WEST) == [("broadcast", 1)]


@pytest.mark.parametrize("why", ["memory", "disk"])
async def test_what_is_said_of_messages_waits_as_they_do(ada: Voice, ben: Voice, why: str) -> None:
    """Editing and reacting took what was kept for warnings; taking back never waits."""
    said = await ada.say("Wie heeft een ladder?")
    ada.town.talk_waits = why == "memory"
    ada.town.space = Space.TALK_WAITS if why == "disk" else Space.AMPLE
    await ada.refused("storage_low", "message.post", text="Hallo")
    await ada.refused("storage_low", "message.edit", target=said, text="Wie heeft een trap?" * 50)
    await ben.refused("storage_low", "message.react", target=said, reaction="thanks")
    assert (await ben.ask("warning.raise", kind="nuisance", text="Een feest in het park."))["ok"]
    assert (await ben.ask("escalation.raise", **CALL))["ok"]
    assert (await ada.ask("message.retract", target=said))["ok"]


# the disk --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("free_mb", "reserve_mb", "expected"),
    [
        (1000, 100, Space.AMPLE), (200, 100, Space.AMPLE), (199, 100, Space.TALK_WAITS), (100, 100, Space.TALK_WAITS),
        (99, 100, Space.READ_ONLY), (50, 100, Space.READ_ONLY), (49, 100, Space.CLOSED), (0, 100, Space.CLOSED),
        (0, 0, Space.AMPLE),
    ],
)  # fmt: skip
def test_less_goes_the_less_room_there_is(free_mb: int, reserve_mb: int, expected: Space) -> None:
    """First talk waits, then every command, then the clock too; without a reserve nothing does."""
    assert space(free_mb * MB, reserve_mb * MB) is expected


async def test_a_town_without_room_is_read_only(ada: Voice, resident: Callable[..., Awaitable[Person]]) -> None:
    """Below the reserve nobody writes or comes in, but what was answered before is answered again, and all is read."""
    post = {"text": "Wie heeft een ladder?", "client_id": ada.next_id()}
    done = await ada.ask("message.post", **post)
    ada.town.space = Space.READ_ONLY
    reply = await ada.refused("storage_low", "escalation.raise", **CALL)
    error: Any = reply["error"]
    assert error["retryable"]
    assert error["retry_after_ms"] == RETRY_AFTER_MS
    assert await ada.ask("message.post", **post) == done
    assert await ada.texts() == ["Wie heeft een ladder?"]
    code = await code_for(ada.town, "BU05183637:jan-luykenlaan")
    with pytest.raises(Refusal, match="storage_low"):
        await join(ada.town, code)
    ada.town.space = Space.AMPLE
    assert (await join(ada.town, code)).name == "Cleo"


async def test_on_a_full_disk_not_even_the_clock_writes(ada: Voice, desk: Desk, store: Store) -> None:
    """Deadlines wait too, or Redis would end over them; reading goes on, and afterwards they act."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = (await ada.ask("escalation.raise", **CALL))["case"]
    before = await everything(store)
    store.closed, ada.town.space = True, Space.CLOSED
    desk.clock.forward(minutes=5)
    with pytest.raises(Refusal, match="storage_low"):
        await desk.forward(seconds=1)
    assert await everything(store) == before
    assert len(await ada.page()) == 2
    store.closed, ada.town.space = False, Space.AMPLE
    await desk.forward(seconds=1)
    assert (await desk.case(case)).tier > 1


async def test_a_file_is_not_rewritten_where_two_have_no_room(town: Town) -> None:
    """The purge says that it waits, instead of filling the disk with a second file."""
    town.may_rewrite = False
    with pytest.raises(Refusal, match="storage_low"):
        await retention.rewrite_file(town)


def test_what_only_reads_is_known_by_what_it_calls() -> None:
    """Pages and resuming go on when nothing may be written; whatever writes does not pass for reading."""
    reading = {name for name in names() if not script(name).writes}
    assert {"history", "resume"} <= reading
    assert not reading & {"post", "raise_warning", "open_case", "step_case", "deliver_alert", "redeem", "open_session"}
    for name in names():
        source = script(name).source
        assert len(re.findall(r"redis\.p?call\(", source)) == len(re.findall(r"redis\.p?call\(\s*'\w+'", source)), name


def test_every_command_outside_of_scripts_is_known_to_read_or_to_write() -> None:
    """Or one would go on writing on a full disk."""
    for folder in (Path(rooms.__file__).parent, Path(rooms.__file__).parents[1] / "server"):
        for path in folder.rglob("*.py"):
            found = set(re.findall(r"store\.(?:read|read_all|begin_all)\(\s*\[?\(?\"([A-Z]+)\"", path.read_text()))
            assert found <= HARMLESS | WRITES, path
