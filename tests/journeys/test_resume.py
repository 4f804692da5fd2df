"""Coming back: what was missed comes once, in order, before anything newer; or the client is told that it can't."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from rooms import log, membership, retention
from rooms.log import Resumed
from server.app import Running
from tests.conftest import Join, code_for, settled
from tests.neighbour import Neighbour
from tests.town import BETJE_WOLFFSTRAAT, DE_VISSEN, GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST, MovedClock

ROUNDS = 40


@pytest.fixture
def settings() -> dict[str, Any]:
    """Neighbours who may talk as fast as the store takes it."""
    return {"limit_talk": "100000/1", "limit_read": "100000/1"}


async def test_five_hundred_messages_while_away(join: Join) -> None:
    """The first 200 come unasked, the rest is pulled, what is new meanwhile waits its turn: all once, in order."""
    ada, ben = await join("Ada"), await join("Ben")
    await ada.expect("member.joined", room=MOERWIJK_WEST, person=ben.by)
    await ada.close()
    said = [f"Bericht {number}." for number in range(500)]
    first = await ben.say(JAN_LUYKENLAAN, said[0])
    for text in said[1:]:
        await ben.say(JAN_LUYKENLAAN, text)

    await ada.resume()
    assert ada.room(JAN_LUYKENLAAN)["more"] is True
    assert ada.room(JAN_LUYKENLAAN)["head"] == first + 499
    assert "more" not in ada.room(MOERWIJK_WEST)
    await ada.expect("message.posted", seq=first + 199)
    newest = await ben.say(JAN_LUYKENLAAN, "Ben je er weer?")
    await ada.expect("message.posted", seq=newest)
    pulled = await ada.pull(JAN_LUYKENLAAN, first + 199)

    assert ada.texts(JAN_LUYKENLAAN) == [*said[:200], "Ben je er weer?"]
    assert [entry["data"]["text"] for entry in pulled] == [*said[200:], "Ben je er weer?"]


async def test_a_page_ends_at_its_bytes(join: Join) -> None:
    """Long messages come in pages of at most 128 KiB, and no word between two pages is lost."""
    ada, ben = await join("Ada"), await join("Ben")
    await ada.expect("member.joined", room=MOERWIJK_WEST, person=ben.by)
    await ada.close()
    said = [f"{number} {'€' * 1990}" for number in range(60)]  # 6 KB each
    first = await ben.say(JAN_LUYKENLAAN, said[0])
    for text in said[1:]:
        await ben.say(JAN_LUYKENLAAN, text)
    await ada.resume()
    assert ada.room(JAN_LUYKENLAAN)["more"] is True
    await ada.expect_nothing("reset")
    given = ada.texts(JAN_LUYKENLAAN)
    assert 15 <= len(given) <= 128 * 1024 // 6000
    pulled = await ada.pull(JAN_LUYKENLAAN, first + len(given) - 1)
    assert [*given, *(entry["data"]["text"] for entry in pulled)] == said


async def test_a_bare_number_is_a_cursor_too(join: Join) -> None:
    """A client that keeps no epoch resumes by seq alone."""
    ada, ben = await join("Ada"), await join("Ben")
    await ada.close()
    first = await ben.say(JAN_LUYKENLAAN, "Eén.")
    second = await ben.say(JAN_LUYKENLAAN, "Twee.")
    await ada.connect({JAN_LUYKENLAAN: first})
    await ada.expect("message.posted", seq=second)
    assert ada.texts(JAN_LUYKENLAAN) == ["Twee."]


async def test_without_a_cursor_nothing_comes_unasked(join: Join) -> None:
    """A new device is given the room's numbers; what was said it pulls."""
    ada, ben = await join("Ada"), await join("Ben")
    seq = await ben.say(JAN_LUYKENLAAN, "Eén.")
    tablet = await ada.other_device()
    assert tablet.room(JAN_LUYKENLAAN)["head"] == seq
    await tablet.expect_nothing("message.posted")
    page = await tablet.ask("room.history", {"room": JAN_LUYKENLAAN, "limit": 1})
    assert [entry["seq"] for entry in page["entries"]] == [seq]
    assert page["more"]


@pytest.mark.parametrize("beyond", [1, 2**40, 2**63])
async def test_a_cursor_beyond_the_head_is_reset(join: Join, beyond: int) -> None:
    """Who holds more than there is drops it: the log was rolled back, or the cursor is of another town."""
    ada = await join("Ada")
    head, epoch = ada.room(JAN_LUYKENLAAN)["head"], ada.room(JAN_LUYKENLAAN)["epoch"]
    for cursor in (head + beyond, [epoch, head + beyond]):
        await ada.connect({JAN_LUYKENLAAN: cursor})
        told = await ada.expect("reset")
        assert told == {"room": JAN_LUYKENLAAN, "epoch": epoch, "oldest": 1, "head": head}


async def test_a_cursor_of_another_epoch_is_reset(join: Join) -> None:
    """A number of another epoch says nothing about this log; after the reset the room goes on."""
    ada, ben = await join("Ada"), await join("Ben")
    seq = await ben.say(JAN_LUYKENLAAN, "Eén.")
    await ada.connect({JAN_LUYKENLAAN: [ada.room(JAN_LUYKENLAAN)["epoch"] - 1, seq - 1]})
    await ada.expect("reset", room=JAN_LUYKENLAAN, head=seq)
    await ada.expect_nothing("message.posted")
    seq = await ben.say(JAN_LUYKENLAAN, "Twee.")
    await ada.expect("message.posted", seq=seq)


async def test_a_cursor_older_than_the_oldest_is_reset(join: Join, server: Running, clock: MovedClock) -> None:
    """What retention took can't be given; one who holds everything up to it is given the rest without a word."""
    ada, ben = await join("Ada"), await join("Ben")
    await ada.close()
    last_old = await ben.say(JAN_LUYKENLAAN, "Dit vergeten we.")
    clock.forward(days=31)
    await retention.purge(server.town)
    fresh = await ben.say(JAN_LUYKENLAAN, "Dit nog niet.")
    await ada.resume()
    told = await ada.expect("reset")
    assert (told["oldest"], told["head"]) == (fresh, fresh)
    await ada.expect_nothing("message.posted")
    await ada.connect({JAN_LUYKENLAAN: last_old})
    await ada.expect("message.posted", seq=fresh)
    await ada.expect_nothing("reset")


async def test_who_comes_back_while_others_talk_is_given_everything_once(join: Join) -> None:
    """Through many connections, while three neighbours talk without pause, every entry comes once and in order."""
    ada = await join("Ada")
    start = ada.cursors()
    others = [await join(name) for name in ("Ben", "Cor", "Dirk")]
    done = asyncio.Event()

    async def talk(neighbour: Neighbour) -> int:
        count = 0
        while not done.is_set():
            await neighbour.say((JAN_LUYKENLAAN, MOERWIJK_WEST)[count % 2], f"{neighbour.name} {count}")
            count += 1
        return count

    talking = [asyncio.create_task(talk(neighbour)) for neighbour in others]
    for _ in range(ROUNDS):
        await ada.resume()
        await ada.expect("message.posted")
    done.set()
    said = sum([await task for task in talking])
    for room in (JAN_LUYKENLAAN, MOERWIJK_WEST):
        head = (await ada.ask("room.history", {"room": room}))["head"]
        while ada.cursors()[room][1] < head:
            await ada.expect("message.posted", room=room)
        assert ada.seqs(room) == list(range(start[room][1] + 1, head + 1))
    assert len(ada.texts(JAN_LUYKENLAAN)) + len(ada.texts(MOERWIJK_WEST)) == said > ROUNDS


class Meanwhile:
    """Something that happens, and has been fanned out, between the look into the log and the welcome."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, server: Running) -> None:
        self.does: Any = None
        self._server, self._resume = server, log.resume
        monkeypatch.setattr(log, "resume", self.resume)

    async def resume(self, *asked: Any) -> Resumed:
        resumed = await self._resume(*asked)
        does, self.does = self.does, None
        if does is not None:
            await does()
            await settled(self._server)
        return resumed


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch, server: Running) -> Meanwhile:
    return Meanwhile(monkeypatch, server)


@pytest.mark.parametrize("count", [1, 250])
async def test_what_is_said_during_the_welcome_comes_once(join: Join, meanwhile: Meanwhile, count: int) -> None:
    """Messages between the look into the log and the first delivery are neither lost nor doubled."""
    ada, ben = await join("Ada"), await join("Ben")
    await ada.expect("member.joined", room=MOERWIJK_WEST, person=ben.by)
    await ada.close()
    said = [await ben.say(JAN_LUYKENLAAN, "Terwijl Ada weg was.")]

    async def talk() -> None:
        said.extend([await ben.say(JAN_LUYKENLAAN, f"Bericht {number}.") for number in range(count)])

    meanwhile.does = talk
    await ada.resume()
    said.append(await ben.say(JAN_LUYKENLAAN, "En nu?"))
    await ada.expect("message.posted", seq=said[-1])
    assert [seq for seq, name in ada.entries(JAN_LUYKENLAAN) if name == "message.posted"] == said


async def test_a_room_left_during_the_welcome_stays_shut(join: Join, server: Running, meanwhile: Meanwhile) -> None:
    """Who is moved between the look into the log and the first delivery hears nothing more of the old street."""
    ada = await join("Ada", connected=False)
    code = await code_for(server.town, GOUDKARPERSINGEL)

    async def move() -> None:
        await membership.move(server.town, ada.id, "somewhere", code)

    meanwhile.does = move
    await ada.connect({JAN_LUYKENLAAN: 0, MOERWIJK_WEST: 0})
    await ada.expect("room.opened")
    ben = await join("Ben")
    await ben.say(JAN_LUYKENLAAN, "Is Ada al weg?")
    await ada.expect_nothing("message.posted")
    assert not server.fanout.lines[JAN_LUYKENLAAN].clients.keys() & server.fanout.people[ada.id]
    cor = await join("Cor", GOUDKARPERSINGEL)
    await cor.say(DE_VISSEN, "Welkom, Ada.")
    await ada.expect("message.posted", room=DE_VISSEN)


async def test_the_welcome_comes_before_all_else(join: Join, server: Running, meanwhile: Meanwhile) -> None:
    """What happens to a person while a connection is being welcomed is told behind the welcome."""
    ada = await join("Ada")
    tablet = await ada.other_device()

    async def read() -> None:
        await ada.ask("room.read", {"room": JAN_LUYKENLAAN, "seq": 1})
        await ada.expect("room.read_moved")

    tablet.events.clear()
    meanwhile.does = read
    await tablet.connect()
    assert tablet.events[0][0] == "welcome"
    await tablet.expect("room.read_moved", room=JAN_LUYKENLAAN, seq=1)


async def test_what_a_feed_did_not_bring_is_filled_in(
    join: Join, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries that this process never heard of come before the next one, but not the words that were taken back."""
    ada, ben = await join("Ada"), await join("Ben")
    await ada.expect("member.joined", room=MOERWIJK_WEST, person=ben.by)
    with monkeypatch.context() as deaf:
        deaf.setattr(server.fanout, "take", _pass_over)
        first = await ben.say(JAN_LUYKENLAAN, "Eén.")
        regretted = await ben.say(JAN_LUYKENLAAN, "Dit had ik niet moeten zeggen.")
        at = {"room": JAN_LUYKENLAAN, "client_id": ben.next_id(), "target": regretted}
        assert (await ben.ask("message.retract", at))["ok"]
        await settled(server)
    last = await ben.say(JAN_LUYKENLAAN, "Drie.")
    await ada.expect("message.posted", seq=last)
    assert ada.seqs(JAN_LUYKENLAAN)[-3:] == [first, regretted + 1, last]
    assert ada.texts(JAN_LUYKENLAAN) == ["Eén.", "Drie."]


async def _pass_over(_item: object) -> None:
    """A feed that was trimmed before it was read."""


async def test_a_room_opens_live(join: Join, server: Running) -> None:
    """Who moves is given the new rooms on the open connection, and every entry from there on, once."""
    ada, cor = await join("Ada"), await join("Cor", GOUDKARPERSINGEL)
    for number in range(3):
        await cor.say(GOUDKARPERSINGEL, f"Nog zonder Ada {number}.")
    talking = asyncio.create_task(_talk(cor, GOUDKARPERSINGEL, 200))
    status, _ = await ada.post("/api/move", {"code": await code_for(server.town, GOUDKARPERSINGEL)}, ada.token)
    assert status == 200
    opened = (await ada.expect("room.opened"))["room"]
    opened = opened if opened["id"] == GOUDKARPERSINGEL else (await ada.expect("room.opened"))["room"]
    assert opened["kind"] == "street"
    last = await talking
    await ada.expect("message.posted", seq=last)
    assert ada.seqs(GOUDKARPERSINGEL) == list(range(opened["head"] + 1, last + 1))
    before = await ada.ask("room.history", {"room": GOUDKARPERSINGEL, "before": opened["head"] + 1})
    assert "Nog zonder Ada 0." in [entry["data"].get("text") for entry in before["entries"]]


async def _talk(neighbour: Neighbour, room: str, count: int) -> int:
    """Say something *count* times; returns the last seq."""
    return [await neighbour.say(room, f"{neighbour.name} {number}") for number in range(count)][-1]


async def test_somebody_new_reads_from_where_the_room_is(join: Join) -> None:
    """Who joins sees the own joining as the first entry of every room, by the numbers of the welcome."""
    cor = await join("Cor", BETJE_WOLFFSTRAAT)
    assert [cor.room(room)["head"] for room in (BETJE_WOLFFSTRAAT, MOERWIJK_WEST)] == [1, 1]
    assert (await cor.pull(BETJE_WOLFFSTRAAT, 0))[0]["data"]["person"]["id"] == cor.id
