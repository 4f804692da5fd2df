"""Erasing a person: everything they wrote becomes a marker, nothing else holds them, and what others need goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgpack
import pytest

from rooms import account, audit_book, erasure, given, keys, log, membership, own_words, presence, session
from rooms.default_town import default_town
from rooms.given import Point
from rooms.keys import RoomKeys
from rooms.person import ERASED
from rooms.refusal import Refusal
from rooms.report import Report
from rooms.store import Store, fields_of
from rooms.town import Policy, Town
from server.embedded_redis import EmbeddedRedis
from tests.conftest import CODE_KEY, code_for
from tests.rooms.desk_cast import Desk
from tests.rooms.report_cast import WHY, decide, file, inside
from tests.rooms.voice import Voice
from tests.rooms.warning_cast import NOISE, give, warn
from tests.town import (
    BETJE_WOLFFSTRAAT,
    JAN_LUYKENLAAN,
    MOERWIJK_WEST,
    PASSWORD,
    MovedClock,
    PlainPasswords,
    device_of,
)

NAME = "Zwaantje"
CANARY = "KANARIEVOGEL"
FACTS = f"{NAME} schold een buurvrouw uit."


class Wren:
    """The person to be erased, with what the tests look for afterwards. code: of the letter; case, private, report: ids
    of what they asked and of the report on their words; other: of their report on somebody else's."""

    def __init__(self, voice: Voice, code: str) -> None:
        self.voice, self.code = voice, code
        self.case = self.private = self.report = self.other = ""

    @property
    def id(self) -> str:
        return self.voice.id


async def noted(_person: str) -> None:
    """A list that nobody reads."""


async def erase(town: Town, clock: MovedClock, person: str) -> None:
    """From asking to the second look."""
    clock.forward(seconds=6)
    assert await erasure.begin(town, person)
    assert await erasure.overdue(town, noted) == 1
    clock.forward(seconds=61)
    assert await erasure.overdue(town, noted) == 1
    assert await erasure.overdue(town, noted) == 0


async def come(town: Town, name: str, street: str = JAN_LUYKENLAAN) -> tuple[Voice, str]:
    code = await code_for(town, street)
    signed = await membership.join(town, PlainPasswords(), "192.0.2.1", code, name, PASSWORD, device_of(name))
    return Voice(town, signed.person), code


async def live(town: Town, desk: Desk, ben: Voice) -> Wren:
    """Everything that a resident can leave behind."""
    wren = Wren(*await come(town, NAME))
    await _talk(wren.voice, ben)
    await _warn(town, wren.voice, ben)
    await _call(desk, wren, ben)
    await _report(desk, wren, ben)
    moved = await membership.move(town, wren.id, "192.0.2.1", await code_for(town, BETJE_WOLFFSTRAAT))
    there = Voice(town, moved, 2)
    await there.say(f"{CANARY} woont nu hier")
    await presence.renew(town, {BETJE_WOLFFSTRAAT: [wren.id], MOERWIJK_WEST: [wren.id, ben.id]})
    await there.ask("room.read", seq=1)
    return wren


async def _talk(wren: Voice, ben: Voice) -> None:
    target = await wren.say(f"{CANARY} zegt iets")
    await wren.ask("message.edit", target=target, text=f"{CANARY} zegt iets anders")
    await wren.ask("message.retract", target=await wren.say(f"{CANARY} neemt terug"))
    answered = await ben.say("Wie fluit daar?", reply_to=target)
    await wren.ask("message.react", target=answered, reaction="laugh")
    await wren.ask("room.typing")
    await wren.say(f"{CANARY} in de wijk", room=MOERWIJK_WEST)


async def _warn(town: Town, wren: Voice, ben: Voice) -> None:
    """One that is in force and corrected, one that was taken back, and an answer to somebody else's."""
    seq = await warn(wren, kind="nuisance", text=f"{CANARY} maakt lawaai op straat")
    await give(town, ben, seq)
    await ben.ask("warning.answer", target=seq, answer="see")
    await wren.ask("warning.correct", target=seq, text=f"{CANARY} maakt toch lawaai", reason=f"{CANARY} vergiste zich")
    gone = await warn(wren, **{**NOISE, "text": f"{CANARY} was het zelf op straat"})
    await give(town, ben, gone)
    await wren.ask("warning.retract", target=gone, reason=f"{CANARY} was het zelf")
    of_ben = await warn(ben, **NOISE)
    await give(town, wren, of_ben)
    await wren.ask("warning.answer", target=of_ben, answer="see")
    await given.note(town, {MOERWIJK_WEST: [Point(wren.id, 1)]})


async def _call(desk: Desk, wren: Wren, ben: Voice) -> None:
    """One in the room that the police have, a private one in which was talked, and Ben's, which the person joined."""
    await desk.on_duty("Officer Vega", "Moderator Bakker")
    wren.case = (await desk.call(wren.voice, text=f"{CANARY} ziet inbrekers"))["case"]
    await desk.ask("Officer Vega", "escalation.accept", wren.case)
    asked = {"to": "municipality", "urgency": "soon", "kind": "worry", "text": f"{CANARY} maakt zich zorgen"}
    wren.private = (await wren.voice.ask("escalation.raise", private=True, **asked))["case"]
    await desk.ask("Moderator Bakker", "escalation.accept", wren.private)
    await wren.voice.say(f"{CANARY} vertelt", room=f"case:{wren.private}")
    await (await desk.voice("Moderator Bakker")).say("Dank u wel.", room=f"case:{wren.private}")
    of_ben = (await desk.call(ben, text="Er brandt iets."))["case"]
    await wren.voice.ask("escalation.join", case=of_ben)


async def _report(desk: Desk, wren: Wren, ben: Voice) -> None:
    bakker = await inside(desk)
    bad = await wren.voice.say(f"{CANARY} scheldt")
    wren.report = await file(ben, bad)
    await decide(bakker, wren.report, "mute", entry="hide", facts=FACTS, minutes=60)
    await wren.voice.ask("report.appeal", report=wren.report, text=f"{CANARY} was het niet")
    wren.other = await file(wren.voice, await ben.say("Ga toch weg!"), note=f"{CANARY} schrok ervan")


@pytest.fixture
async def wren(unhurried: Town, desk: Desk, ben: Voice) -> Wren:
    return await live(unhurried, desk, ben)


async def bytes_of(store: Store) -> dict[str, bytes]:
    """Every key of the whole store with all that it holds, and its own name."""
    reads: dict[bytes, tuple[str, ...]] = {
        b"hash": ("HGETALL",), b"stream": ("XRANGE", "-", "+"), b"string": ("GET",),
        b"zset": ("ZRANGE", "0", "-1", "WITHSCORES"),
    }  # fmt: skip
    found = {}
    for name in await store.read("KEYS", "*"):
        command, *rest = reads[await store.read("TYPE", name)]
        found[name.decode()] = name + b"".join(_flat(await store.read(command, name, *rest)))
    return found


def _flat(value: Any) -> list[bytes]:
    return [value] if isinstance(value, bytes) else [part for one in value for part in _flat(one)] if value else []


async def holding(store: Store, *texts: str) -> list[str]:
    """The keys in which one of these texts can be found."""
    found = await bytes_of(store)
    return sorted(name for name, held in found.items() if any(text.encode() in held for text in texts))


# everything goes ---------------------------------------------------------------------------------------


async def test_nothing_of_an_erased_person_is_left(
    unhurried: Town, store: Store, clock: MovedClock, wren: Wren
) -> None:
    """Neither id nor name nor a word of theirs is in any key, where all of them were before."""
    signs = (wren.id, wren.voice.device, NAME, CANARY, f"Buur {_alias_number(unhurried, wren)}")
    for sign in signs:
        assert await holding(store, sign), sign
    await erase(unhurried, clock, wren.id)
    assert await holding(store, *signs) == []


def _alias_number(town: Town, wren: Wren) -> str:
    from rooms.alias import alias

    return alias(town.code_key, wren.private, wren.id).name.removeprefix("Buur ")


async def test_every_number_keeps_its_entry_or_its_marker(
    unhurried: Town, clock: MovedClock, wren: Wren, ben: Voice
) -> None:
    """No hole, no other reason, and not a word of anybody else's is gone."""
    said = [entry for entry in await ben.page() if entry["by"]["id"] == ben.id]
    before = (await ben.page())[-1]["seq"]
    await erase(unhurried, clock, wren.id)
    page = await ben.page()
    assert [entry["seq"] for entry in page] == list(range(page[0]["seq"], page[-1]["seq"] + 1))
    assert page[-1]["seq"] >= before
    assert [entry for entry in page if entry["seq"] <= before and entry["by"]["id"] == ben.id] == said
    assert {entry["data"]["reason"] for entry in page if entry["event"] == "entry.blanked"} == {"erasure"}


async def test_the_words_leave_the_disk(tmp_path: Path, clock: MovedClock) -> None:
    """After the second look no file of the data folder holds them."""
    redis = await EmbeddedRedis.open(tmp_path / "data")
    store = Store(redis.url)
    town = Town(store, CODE_KEY, clock=clock, policy=Policy())
    await town.import_places(default_town())
    ada, _ = await come(town, NAME)
    await ada.say(f"{CANARY} zegt iets")
    files = list((tmp_path / "data").rglob("*.aof"))
    assert any(CANARY.encode() in file.read_bytes() for file in files)
    await erase(town, clock, ada.id)
    files = [file for file in (tmp_path / "data").rglob("*") if file.is_file()]
    left = [file.name for file in files if any(sign.encode() in file.read_bytes() for sign in (CANARY, NAME))]
    await store.close()
    await redis.close()
    assert left == []


async def test_what_was_under_way_is_found_by_the_second_look(
    unhurried: Town, store: Store, clock: MovedClock, wren: Wren
) -> None:
    """A word of the last seconds waits until every process has read it; a process that writes late leaves nothing."""
    await Voice(unhurried, wren.voice.person, 3).say(f"{CANARY} net nog", room=MOERWIJK_WEST)
    await erasure.begin(unhurried, wren.id)
    await erasure.overdue(unhurried, noted)
    await given.note(unhurried, {JAN_LUYKENLAAN: [Point(wren.id, 2, is_here=False)]})
    assert await holding(store, f"{CANARY} net nog")
    clock.forward(seconds=61)
    await erasure.overdue(unhurried, noted)
    assert await holding(store, wren.id, CANARY) == []


async def test_what_is_still_owed_to_them_goes(unhurried: Town, store: Store, clock: MovedClock, wren: Wren) -> None:
    """A notice on its way when its process died, and the deadline by which another one would give it."""
    partition = RoomKeys(JAN_LUYKENLAAN).partition
    await store.read("HSET", keys.owing(partition), f"{wren.id}:p07.aaaaaaaaaaaa:3:decided", FACTS)
    await store.read("ZADD", keys.due(partition), clock.now_ms(), f"notice:{wren.id}:p07.aaaaaaaaaaaa:3:decided")
    await erase(unhurried, clock, wren.id)
    assert await holding(store, wren.id, FACTS) == []


# what others need goes on ------------------------------------------------------------------------------


async def test_an_open_case_goes_on_without_its_asker(
    unhurried: Town, clock: MovedClock, desk: Desk, wren: Wren, ben: Voice
) -> None:
    """Who has it keeps it and owes the outcome; who asked and with which words is told to nobody."""
    await erase(unhurried, clock, wren.id)
    case = await desk.case(wren.case)
    assert (case.state, case.text, case.person, case.asker.id) == ("accepted", "", ERASED["id"], ERASED["id"])
    told = [one["data"]["case"] for one in await _signals(unhurried) if one["name"] == "case.changed"]
    assert [(one["asker"], one["text"]) for one in told if one["id"] == wren.case][-1] == (ERASED, "")
    done = {"outcome": "on_site", "text": "Wij zijn langs geweest."}
    await desk.ask("Officer Vega", "escalation.resolve", wren.case, **done)
    resolved = [entry for entry in await ben.page() if entry["event"] == "escalation.resolved"]
    assert [entry["data"]["case"]["id"] for entry in resolved] == [wren.case]
    await desk.ask("Moderator Bakker", "escalation.resolve", wren.private, **{**done, "outcome": "advice"})


async def _signals(town: Town) -> list[dict[str, Any]]:
    """What the rooms of Moerwijk were told beside their logs."""
    rows = await town.store.read("XRANGE", RoomKeys(JAN_LUYKENLAAN).fleeting, "-", "+")
    return [msgpack.unpackb(fields_of(fields)[b"e"]) for _, fields in rows]


async def test_counts_stay_and_pins_go(
    unhurried: Town, store: Store, clock: MovedClock, wren: Wren, ben: Voice
) -> None:
    """An answer stays counted and a reporter reported; a warning of theirs is in force nowhere any longer."""
    raised = [entry for entry in await ben.page() if entry["event"] == "warning.raised"]
    (of_ben,) = [entry["seq"] for entry in raised if entry["by"]["id"] == ben.id]
    await erase(unhurried, clock, wren.id)
    of = RoomKeys(JAN_LUYKENLAAN)
    assert await store.read("HGET", of.answers, f"{of_ben}:see") == b"1"
    assert await store.read("ZRANGE", of.in_force, 0, -1) == [str(of_ben).encode()]
    expired = [entry for entry in await ben.page() if entry["event"] == "warning.expired"]
    assert len(expired) == 1
    report = await _report_of(unhurried, wren.other)
    assert [(one.person, one.note) for one in report.reporters] == [(ERASED["id"], "")]


async def _report_of(town: Town, report: str) -> Report:
    from rooms import report_record

    found = await report_record.load(town, report)
    assert found is not None
    return found


async def test_the_open_book_still_verifies(unhurried: Town, clock: MovedClock, wren: Wren) -> None:
    """Rows and seals stay; the words beside the decision about them are gone."""
    book = keys.book_of(JAN_LUYKENLAAN)
    await audit_book.seal_all(unhurried)
    before = await audit_book.load(unhurried.store, book)
    assert any(FACTS.encode() in words for words in before.words.values())
    await erase(unhurried, clock, wren.id)
    after = await audit_book.load(unhurried.store, book)
    assert after.rows[: len(before.rows)] == before.rows
    assert not any(FACTS.encode() in words for words in after.words.values())
    ruling = (await _report_of(unhurried, wren.report)).ruling
    assert ruling is not None
    assert ruling.facts is None


async def test_a_letter_stays_used_and_the_name_is_free(
    unhurried: Town, store: Store, clock: MovedClock, wren: Wren
) -> None:
    """Whoever is erased does not come back by the same letter for ever; somebody else may be called so."""
    from rooms import letter

    used = keys.code(letter.digest_of(unhurried, wren.code))
    before = [field for field in await store.read("HKEYS", used) if field.startswith(b"use:")]
    await erase(unhurried, clock, wren.id)
    after = [field for field in await store.read("HKEYS", used) if field.startswith(b"use:")]
    assert len(after) == len(before) == 1
    again, _ = await come(unhurried, NAME)
    assert again.id != wren.id


async def test_devices_load_the_rooms_anew(unhurried: Town, clock: MovedClock, wren: Wren) -> None:
    """What a neighbour's phone keeps of the room is void, or the words would stay there."""
    rooms = (JAN_LUYKENLAAN, BETJE_WOLFFSTRAAT, MOERWIJK_WEST)
    before = await log.heads(unhurried.store, rooms)
    await erase(unhurried, clock, wren.id)
    after = await log.heads(unhurried.store, rooms)
    assert all(after[room].epoch > before[room].epoch for room in rooms)


async def test_who_left_is_told_to_the_room_without_a_name(
    unhurried: Town, clock: MovedClock, wren: Wren, ben: Voice
) -> None:
    """Somebody left; who, only those know who knew."""
    await erase(unhurried, clock, wren.id)
    left = [entry for entry in await ben.page(room=MOERWIJK_WEST) if entry["event"] == "member.left"]
    assert [entry["data"] for entry in left] == [{"person": ERASED, "reason": "left"}]


# who is erased -----------------------------------------------------------------------------------------


async def test_the_account_ends_at_once(unhurried: Town, wren: Wren) -> None:
    """From the first step on no session is good, no new one begins, and no command of any device is carried out."""
    token = await session.begin(unhurried, wren.id, wren.voice.device)
    assert await erasure.begin(unhurried, wren.id)
    assert not await erasure.begin(unhurried, wren.id)
    with pytest.raises(Refusal, match="signed_out"):
        await session.resolve(unhurried, token)
    with pytest.raises(Refusal):
        await session.begin(unhurried, wren.id, wren.voice.device)
    assert await account.find(unhurried, NAME) is None


async def test_a_device_that_sends_again_is_turned_away(unhurried: Town, clock: MovedClock, wren: Wren) -> None:
    """The old outbox finds no room: nothing of it is carried out."""
    before = wren.voice.next_id()
    await erase(unhurried, clock, wren.id)
    await wren.voice.refused("not_found", "message.post", room=MOERWIJK_WEST, client_id=before, text="nog eens")
    with pytest.raises(Refusal, match="not_found"):
        await wren.voice.ask("warning.raise", room=MOERWIJK_WEST, **NOISE)


async def test_a_slow_settling_brings_nobody_back(unhurried: Town, clock: MovedClock, wren: Wren) -> None:
    """A process that had read the account before enters no room any more."""
    known = await account.load(unhurried, wren.id)
    assert known is not None
    clock.forward(seconds=6)
    await erasure.begin(unhurried, wren.id)
    await erasure.overdue(unhurried, noted)
    await account._enter(unhurried, known, MOERWIJK_WEST)
    assert not await unhurried.store.read("HEXISTS", RoomKeys(MOERWIJK_WEST).members, wren.id)


# whichever process dies ----------------------------------------------------------------------------------


class Killed(BaseException):
    """A process ends without a word."""


PARTS, APART = 11, 17
"""So many points at which a process dies, and the calls of the store between them; a look of this story has 134, the
second one some more."""


@pytest.mark.parametrize("part", range(PARTS))
async def test_a_kill_between_any_two_steps_loses_nothing(
    unhurried: Town, store: Store, clock: MovedClock, wren: Wren, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    """Another process finishes it: both looks are cut off, each at another call of the store, and done again."""
    clock.forward(seconds=6)
    await erasure.begin(unhurried, wren.id)
    for look in range(2):
        with monkeypatch.context() as patch:
            _kill_after(patch, part * APART + 7 * look)
            with suppress(Killed):
                await erasure.overdue(unhurried, noted)
        clock.forward(seconds=61)  # until the claim of the dead one is over
        await erasure.overdue(unhurried, noted)
        clock.forward(seconds=61)
    assert await erasure.overdue(unhurried, noted) == 0
    assert await holding(store, wren.id, NAME, CANARY) == []


def _kill_after(patch: pytest.MonkeyPatch, calls: int) -> None:
    """The process dies at the call after so many."""
    left = [calls]

    def counting(real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def counted(*asked: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return await real(*asked)

        return counted

    for name in ("run", "read", "read_all"):
        patch.setattr(Store, name, counting(getattr(Store, name)))


async def test_two_processes_at_once_do_no_harm(unhurried: Town, store: Store, clock: MovedClock, wren: Wren) -> None:
    """One of them has it; the other passes it over."""
    clock.forward(seconds=6)
    await erasure.begin(unhurried, wren.id)
    looked = await asyncio.gather(*(erasure.overdue(unhurried, noted) for _ in range(2)))
    assert sorted(looked) == [0, 1]
    clock.forward(seconds=61)
    await erasure.overdue(unhurried, noted)
    assert await holding(store, wren.id) == []


async def test_nobody_is_erased_before_it_is_written_down(unhurried: Town, clock: MovedClock, wren: Wren) -> None:
    """Where the list can't be written, it is tried again; the words go after it."""
    written: list[str] = []

    async def failing(_person: str) -> None:
        raise OSError

    async def writing(person: str) -> None:
        written.append(person)

    clock.forward(seconds=6)
    await erasure.begin(unhurried, wren.id)
    assert await erasure.overdue(unhurried, failing) == 0
    assert await holding(unhurried.store, CANARY)
    clock.forward(seconds=61)
    assert await erasure.overdue(unhurried, writing) == 1
    assert written == [wren.id]


async def test_who_is_back_is_erased_again(unhurried: Town, clock: MovedClock, wren: Wren, ben: Voice) -> None:
    """A store that was rolled back holds somebody of the list; those who are not there are passed over."""
    assert await erasure.again(unhurried, ["aaaaaaaaaaaa", wren.id]) == 1
    assert await erasure.again(unhurried, ["aaaaaaaaaaaa", wren.id]) == 0
    assert await account.load(unhurried, ben.id) is not None
    clock.forward(seconds=6)
    assert await erasure.overdue(unhurried, noted) == 1


# to take along -------------------------------------------------------------------------------------------


async def test_a_person_can_take_everything_along(unhurried: Town, wren: Wren, ben: Voice) -> None:
    """Every word of one's own with its room and time, also from the old street and the private case; nobody else's."""
    known = await account.load(unhurried, wren.id)
    assert known is not None
    told = await own_words.gather(unhurried, known)
    assert (told["account"]["name"], told["account"]["joined_by"]) == (NAME, "letter")
    assert {row["room"] for row in told["memberships"]} >= {BETJE_WOLFFSTRAAT, MOERWIJK_WEST, f"case:{wren.private}"}
    texts = [row["data"]["text"] for row in told["written"] if "text" in row["data"]]
    assert {f"{CANARY} zegt iets", f"{CANARY} vertelt", f"{CANARY} woont nu hier"} <= set(texts)
    cases = [row["data"]["case"]["text"] for row in told["written"] if row["event"] == "escalation.raised"]
    assert sorted(cases) == [f"{CANARY} maakt zich zorgen", f"{CANARY} ziet inbrekers"]
    assert [row["note"] for row in told["reports"]] == [f"{CANARY} schrok ervan"]
    assert [(row["appeal"], row["facts"]) for row in told["appeals"]] == [(f"{CANARY} was het niet", FACTS)]
    assert "Wie fluit daar?" not in str(told)
    assert ben.id not in str(told)
    assert WHY["facts"] not in str(told)
