"""The open book: deeds of staff stand in it, each by its own script, and whoever may read it does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib import resources
from typing import Any

import msgspec
import pytest

from rooms import alert_delivery, audit_book, audit_chain, audit_deed, keys, retention
from rooms import staff as staff_accounts
from rooms.audit_chain import FIRST
from rooms.audit_deed import AuditRow
from rooms.keys import book_keys, room_keys
from rooms.person import Person
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.room import case_room_id
from rooms.shape import By
from rooms.store import Changed, Store
from rooms.town import Town
from tests.rooms.alert_cast import SMOKE, Station
from tests.rooms.desk_cast import Desk
from tests.rooms.report_cast import WHY, decide, file, inside
from tests.rooms.voice import Voice
from tests.town import (
    BETJE_WOLFFSTRAAT,
    DE_VISSEN,
    GOUDKARPERSINGEL,
    JAN_LUYKENLAAN,
    MOERWIJK_WEST,
    PASSWORD,
    STAFF,
    MovedClock,
    PlainPasswords,
)

Resident = Callable[..., Awaitable[Person]]


@pytest.fixture
def desk(town: Town, clock: MovedClock) -> Desk:
    return Desk(town, clock)


@pytest.fixture
async def ada(town: Town, resident: Resident) -> Voice:
    return Voice(town, await resident("Ada"))


@pytest.fixture
async def auditor(town: Town) -> Voice:
    return await voice_of(town, "Auditor Klein")


async def voice_of(town: Town, name: str) -> Voice:
    role, organisation, areas = STAFF[name]
    made = await staff_accounts.add(town, PlainPasswords(), name, role, organisation, areas, PASSWORD)
    return Voice(town, made.person)


async def told(reader: Voice, **asked: Any) -> list[dict[str, Any]]:
    """Rows as a reader is given them, the oldest first; without those about who else has read."""
    rows: list[dict[str, Any]] = (await reader.ask("audit.read", **asked))["rows"]
    return [row for row in rows[::-1] if row["deed"] != "book.read"]


async def deeds(town: Town, room: str) -> list[AuditRow]:
    """What stands in the book of a room, whoever may read it."""
    book = await audit_book.load(town.store, keys.book_of(room))
    return [audit_deed.unpacked(row.event) for row in book.rows]


async def take(desk: Desk, asker: Voice, **more: Any) -> str:
    """Somebody calls and Officer Vega takes it."""
    await desk.on_duty("Officer Vega")
    case: str = (await desk.call(asker, **more))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    return case


async def is_whole(town: Town, book: str) -> bool:
    loaded, kept = await audit_book.load(town.store, book), (await audit_book.heads(town.store)).get(book)
    assert loaded.sealed == loaded.count
    return audit_chain.verify(loaded, [kept] if kept else [], 0) is None


# what stands in it -----------------------------------------------------------------------------------


async def test_who_came_in_on_what_ground_and_how_long(desk: Desk, ada: Voice, clock: MovedClock) -> None:
    """A neighbour reads that the officer came in for a case, and when she went; both rows name person, room, ground."""
    case = await take(desk, ada)
    clock.forward(minutes=14)
    text = "Ik ben langs geweest; het was de bezorger."
    await desk.ask("Officer Vega", "escalation.resolve", case, outcome="on_site", text=text)
    rows = [row for row in await told(ada) if row["deed"].startswith("staff.")]
    assert [row["deed"] for row in rows] == ["staff.entered", "staff.left"]
    came, went = rows
    assert came["by"] == went["by"] == {
        "id": desk.voices["Officer Vega"].id, "name": "Officer Vega", "role": "officer", "organisation": "police"
    }  # fmt: skip
    assert came["ground"] == went["ground"] == {"kind": "case", "id": case}
    assert came["room"] == went["room"] == JAN_LUYKENLAAN
    assert went["at"] - came["at"] >= 14 * 60_000


async def test_every_move_of_an_owner_stands_in_the_book(town: Town, desk: Desk, ada: Voice) -> None:
    """Taken, let go, taken by another, asked of the municipality, taken over there, resolved."""
    case = await take(desk, ada)
    await desk.on_duty("Sergeant Prins", "Moderator Bakker")
    await desk.ask("Officer Vega", "escalation.release", case)
    await desk.ask("Sergeant Prins", "escalation.accept", case)
    await desk.ask("Sergeant Prins", "escalation.hand_over", case, to="municipality")
    await desk.ask("Moderator Bakker", "escalation.accept", case)
    await desk.ask("Moderator Bakker", "escalation.resolve", case, outcome="advice", text="Er is raad gegeven.")
    found = [(row.deed, row.by.name, row.code) for row in await deeds(town, JAN_LUYKENLAAN) if row.target == case]
    assert [row for row in found if row[0].startswith("case.")] == [
        ("case.accepted", "Officer Vega", None),
        ("case.released", "Officer Vega", None),
        ("case.accepted", "Sergeant Prins", None),
        ("case.handing_over", "Sergeant Prins", "municipality"),
        ("case.handed_over", "Moderator Bakker", None),
        ("case.resolved", "Moderator Bakker", "advice"),
    ]
    passages = [(row[0], row[1]) for row in found if row[0].startswith("staff.")]
    assert passages == [
        (deed, name)
        for name in ("Officer Vega", "Sergeant Prins", "Moderator Bakker")
        for deed in ("staff.entered", "staff.left")
    ]


async def test_who_loses_a_case_is_named(town: Town, desk: Desk, ada: Voice) -> None:
    """The clock takes a case from an owner who is silent; the book names the owner, not the clock."""
    case = await take(desk, ada)
    await desk.forward(minutes=15)
    await desk.forward(minutes=5)
    assert (await desk.case(case)).state == "paging"
    lost = [row for row in await deeds(town, JAN_LUYKENLAAN) if row.deed == "case.lost"]
    assert [(row.by.name, row.target) for row in lost] == [("Officer Vega", case)]


async def test_a_warning_that_a_moderator_takes_back_is_in_the_book(town: Town, desk: Desk, ada: Voice) -> None:
    """It is a measure against a neighbour's words, from outside too; what Ada takes back herself is hers."""
    bakker, noise = await desk.voice("Moderator Bakker"), {"kind": "nuisance", "text": "Er is veel lawaai op straat."}
    first, own = [(await ada.ask("warning.raise", **noise))["seq"] for _ in range(2)]
    await bakker.ask("warning.retract", room=JAN_LUYKENLAAN, target=first, reason="Het was een oefening.")
    await ada.ask("warning.retract", target=own, reason="Ik had het mis.")
    (row,) = await deeds(town, JAN_LUYKENLAAN)
    assert (row.deed, row.by.name, row.target) == ("warning.retracted", "Moderator Bakker", str(first))


async def test_the_all_clear_of_somebody_elses_warning_is_in_the_book(town: Town, desk: Desk, ada: Voice) -> None:
    """Staff who end what a neighbour warned of are told of, by the command or by the tap; who ends the own is not."""
    noise = {"kind": "nuisance", "text": "Er is veel lawaai op straat."}
    bakker = await inside(desk)
    ours, theirs, tapped = [(await who.ask("warning.raise", **noise))["seq"] for who in (bakker, ada, ada)]
    number = bakker.next_id()
    for _ in range(2):
        await bakker.ask("warning.clear", target=theirs, client_id=number)
    await bakker.ask("warning.answer", target=tapped, answer="over")
    await bakker.ask("warning.clear", target=ours)
    own = (await ada.ask("warning.raise", **noise))["seq"]
    await ada.ask("warning.clear", target=own)
    rows = [row for row in await deeds(town, JAN_LUYKENLAAN) if row.deed == "warning.cleared"]
    assert [(row.by.name, row.target) for row in rows] == [("Moderator Bakker", str(seq)) for seq in (theirs, tapped)]


async def test_talk_leaves_nothing_in_the_book(town: Town, desk: Desk, ada: Voice) -> None:
    """The book is about staff: neither neighbours' words, warnings and calls nor the words of staff stand in it."""
    target = await ada.say("Ziet iemand het licht?")
    await ada.ask("message.react", target=target, reaction="thanks")
    await ada.ask("warning.raise", kind="nuisance", text="Er is veel lawaai op straat.")
    case = (await desk.call(ada))["case"]
    await ada.ask("escalation.withdraw", case=case)
    assert await deeds(town, JAN_LUYKENLAAN) == []
    await take(desk, ada)
    before = await deeds(town, JAN_LUYKENLAAN)
    await desk.voices["Officer Vega"].say("Ik kom eraan.", room=JAN_LUYKENLAAN)
    assert await deeds(town, JAN_LUYKENLAAN) == before


async def test_a_private_case_leaves_nothing_with_the_neighbours(
    town: Town, desk: Desk, ada: Voice, auditor: Voice
) -> None:
    """Nothing is in the neighbourhood's book; auditors find it in another, and nobody else does."""
    case = await take(desk, ada, private=True)
    assert await deeds(town, JAN_LUYKENLAAN) == []
    book = keys.book_of(f"case:{case}")
    assert [row["deed"] for row in await told(auditor, room=None, book=book)] == ["case.accepted", "staff.entered"]
    for other in (ada, desk.voices["Officer Vega"]):
        await other.refused("not_found", "audit.read", room=None, book=book)
        await other.refused("not_found", "audit.read", room=f"case:{case}")


async def test_a_repeated_command_leaves_one_row(town: Town, desk: Desk, ada: Voice) -> None:
    """The rows are written by the deed's own script: what is once in effect is once in the book."""
    await desk.on_duty("Officer Vega")
    vega, case = desk.voices["Officer Vega"], (await desk.call(ada))["case"]
    again = vega.next_id()
    for _ in range(3):
        await vega.ask("escalation.accept", case=case, client_id=again)
    assert [row.deed for row in await deeds(town, JAN_LUYKENLAAN)] == ["case.accepted", "staff.entered"]


# what was refused ------------------------------------------------------------------------------------


async def test_an_attempt_without_a_right_is_told(town: Town, desk: Desk, ada: Voice) -> None:
    """Who of the staff asks for a room's talk from outside is refused, and the neighbours read of it."""
    vega = await desk.voice("Officer Vega")
    await vega.refused("not_found", "room.history", room=JAN_LUYKENLAAN)
    (row,) = await told(ada)
    assert (row["deed"], row["by"]["name"], row["target"], row["code"]) == (
        "staff.refused", "Officer Vega", "room.history", "not_found"
    )  # fmt: skip


async def test_an_admin_and_an_auditor_are_told_of_too(town: Town, ada: Voice, auditor: Voice) -> None:
    """Whoever keeps the books reads no conversation, and trying leaves a row."""
    admin = await voice_of(town, "Admin Groot")
    for who in (admin, auditor):
        await who.refused("not_found", "room.history", room=JAN_LUYKENLAAN)
    assert [row["by"]["role"] for row in await told(ada)] == ["admin", "auditor"]


async def test_neighbours_are_not_told_of(town: Town, ada: Voice) -> None:
    """A resident who asks for another street's room is refused, and in no book."""
    await ada.refused("not_found", "room.history", room=BETJE_WOLFFSTRAAT)
    assert await deeds(town, BETJE_WOLFFSTRAAT) == []


async def test_a_room_that_there_is_not_has_no_book(store: Store, desk: Desk) -> None:
    """An attempt at what does not exist leaves nothing behind, in whatever name."""
    vega = await desk.voice("Officer Vega")
    for room in ("BU05183637:nergenslaan", "nergens", "case:p07.nergensnerge"):
        await vega.refused("not_found", "room.history", room=room)
    assert [key for key in await store.read("KEYS", "*audit:*") if b"staff:" not in key] == []


async def test_an_attempt_that_is_said_twice_stands_there_once(town: Town) -> None:
    """The store repeats a call whose answer did not come, and the row is written once; a later attempt is another."""
    of, now_ms = room_keys(JAN_LUYKENLAAN), town.clock.now_ms()
    row = audit_deed.packed(AuditRow(deed="staff.refused", by=By("v", "Wijkagent", "officer"), target="room.history"))
    for at in (now_ms, now_ms, now_ms + 1, now_ms + 1):
        arguments: list[Argument] = [at, keys.book_of(JAN_LUYKENLAAN), row, "v", JAN_LUYKENLAAN]
        await town.store.run("note_refused", [of.audit, of.audit_head, of.due], arguments)
    assert len(await deeds(town, JAN_LUYKENLAAN)) == 2


async def test_who_has_just_left_is_not_accused(desk: Desk, ada: Voice, clock: MovedClock) -> None:
    """What a device had on its way when its owner went out is refused and not told; a minute later it is an attempt."""
    case = await take(desk, ada)
    vega = desk.voices["Officer Vega"]
    text = "Ik ben langs geweest; het was de bezorger."
    await vega.ask("escalation.resolve", case=case, outcome="on_site", text=text)
    await vega.refused("not_found", "room.read", room=JAN_LUYKENLAAN, seq=1)
    assert (await told(ada))[-1]["deed"] == "staff.left"
    clock.forward(minutes=1)
    await vega.refused("not_found", "room.read", room=JAN_LUYKENLAAN, seq=1)
    assert (await told(ada))[-1]["deed"] == "staff.refused"


async def test_an_attempt_at_a_case_or_a_report_by_its_id_is_told(
    town: Town, desk: Desk, ada: Voice, resident: Resident, auditor: Voice
) -> None:
    """It names no room, and the book of its room tells of it; that of a private case is for auditors."""
    bakker, vega = await desk.voice("Moderator Bakker"), await desk.voice("Officer Vega")
    open_case, private = (await desk.call(ada))["case"], (await desk.call(ada, private=True))["case"]
    report = await file(Voice(town, await resident("Ben")), await ada.say("Jij bent een schurk!"))
    for case in (open_case, private):
        await bakker.refused("not_found", "escalation.accept", case=case)
    await vega.refused("not_permitted", "report.take", report=report)
    found = [(row["by"]["name"], row["target"]) for row in await told(ada)]
    assert found == [("Moderator Bakker", "escalation.accept"), ("Officer Vega", "report.take")]
    (row,) = await told(auditor, room=None, book=keys.book_of(case_room_id(private)))
    assert row["deed"] == "staff.refused"


async def test_an_alert_outside_the_own_area_is_told_to_auditors(town: Town, desk: Desk, auditor: Voice) -> None:
    """It concerns no room of theirs: the row stands in the book of the officer's account."""
    vega = await desk.voice("Officer Vega")
    await vega.refused("outside_jurisdiction", "alert.preview", **{**SMOKE, "places": [DE_VISSEN]})
    row = (await told(auditor, room=None, book=keys.book_of_person(vega.id)))[-1]
    assert (row["deed"], row["target"], row["code"]) == ("staff.refused", "alert.preview", "outside_jurisdiction")


async def test_attempts_without_end_fill_no_book(desk: Desk, ada: Voice) -> None:
    """Who is refused again and again is slowed down, so that no row of others drowns in theirs."""
    vega, ground = await desk.voice("Officer Vega"), {"kind": "arrangement", "id": "abcdefghijkl"}
    for _ in range(10):
        await vega.refused("no_ground", "room.enter", room=JAN_LUYKENLAAN, ground=ground)
    await vega.refused("too_fast", "room.enter", room=JAN_LUYKENLAAN, ground=ground)


async def test_who_begins_in_the_middle_of_a_book_is_told_of(town: Town, desk: Desk) -> None:
    """A look at the older pages alone is a look too."""
    vega = await desk.voice("Officer Vega")
    await vega.ask("audit.read", room=JAN_LUYKENLAAN, before=1_000)
    assert [row.deed for row in await deeds(town, JAN_LUYKENLAAN)] == ["book.read"]


# who reads it ----------------------------------------------------------------------------------------


async def test_a_neighbour_reads_of_the_own_rooms_alone(town: Town, desk: Desk, ada: Voice, resident: Resident) -> None:
    """Ada's street and neighbourhood, no other street; and Ben of the next street reads nothing of hers."""
    await take(desk, ada)
    ben = Voice(town, await resident("Ben", BETJE_WOLFFSTRAAT))
    assert await told(ada, room=JAN_LUYKENLAAN) != []
    assert await told(ada, room=MOERWIJK_WEST) == await told(ben, room=MOERWIJK_WEST) == []
    assert await told(ben) == []
    await ben.refused("not_found", "audit.read", room=JAN_LUYKENLAAN)
    await ada.refused("not_found", "audit.read", room=None, book=MOERWIJK_WEST)


async def test_who_reported_reads_of_no_neighbours_punishment(
    town: Town, desk: Desk, ada: Voice, resident: Resident, auditor: Voice
) -> None:
    """The receipt names the report; what was decided on it is told to its author, and in the book to staff alone."""
    ben, bakker = Voice(town, await resident("Ben")), await desk.voice("Moderator Bakker")
    report = await file(ben, await ada.say("Weg met jou!"))
    await decide(bakker, report, "mute", minutes=60)
    for who, names_it in ((ben, False), (auditor, True)):
        rows = await told(who, room=JAN_LUYKENLAAN)
        assert {row["deed"] for row in rows} >= {"report.taken", "report.decided", "measure.muted"}
        assert (report in str(rows)) is names_it
        decided = next(row for row in rows if row["deed"] == "report.decided")
        assert decided.get("code") == ("mute" if names_it else None)


async def test_staff_read_of_their_area_and_auditors_of_all(
    desk: Desk, town: Town, ada: Voice, auditor: Voice, resident: Resident
) -> None:
    """An officer needs no membership to read what staff did in the own area, and reads nothing of another's."""
    await take(desk, ada)
    vega, bakker = await desk.voice("Officer Vega"), await desk.voice("Moderator Bakker")
    for reader in (vega, bakker, auditor):
        assert len(await told(reader, room=JAN_LUYKENLAAN)) == 2
        assert len(await told(reader, room=None, book=MOERWIJK_WEST)) == 2
    for asked in ({"room": GOUDKARPERSINGEL}, {"room": None, "book": DE_VISSEN}):
        await vega.refused("not_found", "audit.read", **asked)
        await auditor.ask("audit.read", **asked)
    admin = await voice_of(town, "Admin Groot")
    await admin.refused("not_found", "audit.read", room=JAN_LUYKENLAAN)
    await admin.refused("not_permitted", "audit.read", room=None, book=MOERWIJK_WEST)


async def test_one_of_room_and_book_is_named(auditor: Voice) -> None:
    """Both, or none of them, is no question."""
    await auditor.refused("bad_request", "audit.read", room=None)
    await auditor.refused("bad_request", "audit.read", room=JAN_LUYKENLAAN, book=MOERWIJK_WEST)


async def test_who_looks_is_told_of(town: Town, desk: Desk, ada: Voice, auditor: Voice, clock: MovedClock) -> None:
    """Staff and auditors who read of a room stand in its book, once an hour; a neighbour who reads does not."""
    vega = await desk.voice("Officer Vega")
    for reader in (ada, vega, auditor, auditor):
        await reader.ask("audit.read")
    assert [(row.deed, row.by.name) for row in await deeds(town, JAN_LUYKENLAAN)] == [
        ("book.read", "Officer Vega"), ("book.read", "Auditor")
    ]  # fmt: skip
    clock.forward(minutes=61)
    await auditor.ask("audit.read")
    assert len(await deeds(town, JAN_LUYKENLAAN)) == 3
    assert [row["by"]["name"] for row in (await ada.ask("audit.read"))["rows"]] == [
        "Auditor",
        "Auditor",
        "Officer Vega",
    ]


async def test_pages_lead_back_to_the_beginning(desk: Desk, clock: MovedClock, auditor: Voice) -> None:
    """Whoever goes on with `next` is given every row of the room once, past those of other streets."""
    vega = await desk.voice("Officer Vega")
    for number in range(9):
        room = JAN_LUYKENLAAN if number % 2 else BETJE_WOLFFSTRAAT
        clock.forward(ms=1)  # within one, the same attempt is one that was sent again
        await vega.refused("not_found", "room.history", room=room)
    seen, before = list[int](), 1_000
    while before != 0:
        page = await auditor.ask("audit.read", room=JAN_LUYKENLAAN, limit=2, before=before)
        seen += [row["n"] for row in page["rows"]]
        before = page["next"]
    assert seen == [8, 6, 4, 2]


# seals -----------------------------------------------------------------------------------------------


async def test_a_deed_is_sealed_and_the_head_kept_elsewhere(town: Town, desk: Desk, ada: Voice) -> None:
    """Once the sealer has come by, the book is whole, its head is with the town, and nothing is left to seal."""
    await take(desk, ada)
    assert await audit_book.seal_all(town) >= 2
    assert await audit_book.seal_all(town) == 0
    assert await is_whole(town, MOERWIJK_WEST)
    head = (await ada.ask("audit.read"))["head"]
    kept = (await audit_book.heads(town.store))[MOERWIJK_WEST]
    assert (head["n"], head["hash"]) == (kept.n, kept.hash) == (2, kept.hash)
    assert (await ada.ask("audit.proof", n=2))["hash"] == kept.hash


async def test_a_deed_whose_process_died_is_sealed_by_another(town: Town, store: Store, desk: Desk, ada: Voice) -> None:
    """The row is written with the deed; whichever process comes next finds it unsealed and seals it."""
    await take(desk, ada)
    other = Town(Store(store.url), town.code_key, clock=town.clock)
    await other.load_places()
    await audit_book.seal_all(other)
    await other.store.close()
    assert await is_whole(town, MOERWIJK_WEST)


async def test_a_row_after_a_seal_follows_from_it(town: Town, desk: Desk, ada: Voice) -> None:
    """The chain goes on from where it was sealed."""
    case = await take(desk, ada)
    await audit_book.seal_all(town)
    await desk.ask("Officer Vega", "escalation.release", case)
    await audit_book.seal_all(town)
    assert await is_whole(town, MOERWIJK_WEST)


async def test_of_two_sealers_one_comes_too_late(town: Town, store: Store, desk: Desk, ada: Voice) -> None:
    """Several processes seal at once: every row has one seal, and the chain holds."""
    others = [Town(Store(store.url), town.code_key, clock=town.clock) for _ in range(3)]
    case = await take(desk, ada)
    for _ in range(5):
        await desk.ask("Officer Vega", "escalation.release", case)
        await asyncio.gather(*(audit_book.seal_all(one) for one in (town, *others)))
        await desk.ask("Officer Vega", "escalation.accept", case)
    await audit_book.seal_all(town)
    assert await is_whole(town, MOERWIJK_WEST)
    for one in others:
        await one.store.close()


async def test_a_seal_against_an_older_head_is_refused(town: Town, desk: Desk, ada: Voice) -> None:
    """A sealer that stood still sets nothing back: whoever was first has sealed."""
    await take(desk, ada)
    await audit_book.seal_all(town)
    of, before = book_keys(MOERWIJK_WEST), await audit_book.load(town.store, MOERWIJK_WEST)
    with pytest.raises(Changed):
        await town.store.run("seal", [of.audit_head, of.seals, of.due], [MOERWIJK_WEST, 0, FIRST, 1, 1, "f" * 64])
    assert await audit_book.load(town.store, MOERWIJK_WEST) == before


async def test_a_row_written_beside_a_sealer_that_found_nothing_is_sealed(town: Town, desk: Desk, ada: Voice) -> None:
    """A second sealer comes when all is sealed, and a deed is done before it says so: the row keeps its deadline."""
    case = await take(desk, ada)
    await audit_book.seal_all(town)
    of = book_keys(MOERWIJK_WEST)
    sealed, head, count = await town.store.read("HMGET", of.audit_head, "sealed", "head", "n")
    await desk.ask("Officer Vega", "escalation.release", case)
    await town.store.run("seal", [of.audit_head, of.seals, of.due], [MOERWIJK_WEST, sealed, head, count])
    assert await audit_book.seal_all(town) > 0
    assert await is_whole(town, MOERWIJK_WEST)


async def test_the_town_holds_the_head_of_a_full_batch(
    town: Town, desk: Desk, ada: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where as many rows waited as are sealed at once, the last of them is kept elsewhere too."""
    monkeypatch.setattr(audit_book, "AT_ONCE", 2)
    await take(desk, ada)
    await audit_book.seal_all(town)
    assert (
        (await audit_book.heads(town.store))[MOERWIJK_WEST].n
        == (await audit_book.load(town.store, MOERWIJK_WEST)).count
        == 2
    )


async def test_a_slow_sealer_takes_the_kept_head_back_by_nothing(town: Town, desk: Desk, ada: Voice) -> None:
    """It tells the town of its own last row when another has told of a later one: that is no shorter book."""
    await take(desk, ada)
    await audit_book.seal_all(town)
    kept = (await audit_book.heads(town.store))[MOERWIJK_WEST]
    await town.store.run("keep_head", [keys.AUDIT_HEADS], [MOERWIJK_WEST, 1, f"1 {FIRST} 1"])
    assert (await audit_book.heads(town.store))[MOERWIJK_WEST] == kept


# time over, tampered with ----------------------------------------------------------------------------


async def test_what_is_old_goes_and_the_chain_holds(town: Town, desk: Desk, ada: Voice, clock: MovedClock) -> None:
    """After two years the first rows are gone; an anchor stays, the rest verifies, and old heads accuse nobody."""
    case = await take(desk, ada)
    await audit_book.seal_all(town)
    old = (await audit_book.heads(town.store))[MOERWIJK_WEST]
    await desk.ask("Officer Vega", "escalation.release", case)
    clock.forward(days=700)
    vega = await desk.voice("Officer Vega")
    await vega.refused("not_found", "room.history", room=BETJE_WOLFFSTRAAT)
    await audit_book.seal_all(town)
    clock.forward(days=31)
    await retention.purge(town)
    book = await audit_book.load(town.store, MOERWIJK_WEST)
    assert [row.n for row in book.rows] == [4, 5], "the last that is too old stays, to prove the age of the others"
    assert (book.anchor, sorted(book.seals)) == (3, [4, 5])
    before_ms = clock.now_ms() - town.policy.keep_audit_ms
    assert audit_chain.verify(book, [old, *(await audit_book.heads(town.store)).values()], before_ms) is None
    assert (await ada.ask("audit.read"))["head"]["first"] == 4
    assert (await ada.ask("audit.proof", n=3))["hash"] == book.anchor_hash
    await ada.refused("wrong_target", "audit.proof", n=2)


async def test_what_is_not_sealed_is_not_taken_away(town: Town, desk: Desk, ada: Voice, clock: MovedClock) -> None:
    """A row nobody has sealed yet stays, however old: its chain would have no beginning."""
    await take(desk, ada)
    clock.forward(days=800)
    assert await audit_book.trim(town, clock.now_ms() - town.policy.keep_audit_ms) == 0
    assert len(await deeds(town, JAN_LUYKENLAAN)) == 2


async def test_words_go_and_the_chain_holds(town: Town, ada: Voice, auditor: Voice) -> None:
    """Words stand beside their row; erased they are gone for every reader, and the book is as whole as before."""
    words = audit_deed.salted("Vloekt tegen de buren.", bytes(audit_deed.SALT))
    by = By("m", "Moderator gemeente", "moderator", "municipality")
    row = AuditRow(deed="measure.removed", by=by, room=JAN_LUYKENLAAN, digest=audit_deed.digest(words))
    await write(town, row, words)
    assert [row["words"] for row in await told(auditor)] == ["Vloekt tegen de buren."]
    assert "words" not in (await told(ada))[0], "they may be about a neighbour"
    await audit_book.seal_all(town)
    assert await is_whole(town, MOERWIJK_WEST)
    assert await audit_book.erase_words(town.store, MOERWIJK_WEST, []) == 0
    assert await audit_book.erase_words(town.store, MOERWIJK_WEST, [1, 99]) == 1
    assert await audit_book.erase_words(town.store, MOERWIJK_WEST, [1]) == 0, "it may be done again"
    assert "words" not in (await told(auditor))[0]
    assert await is_whole(town, MOERWIJK_WEST)


async def write(town: Town, row: AuditRow, words: bytes) -> None:
    """A row with words, by the fragment that the deeds use."""
    of = book_keys(MOERWIJK_WEST)
    source = (resources.files("rooms") / "lua" / "fragments" / "audit.lua").read_text()
    source += "local k = {audit = KEYS[1], audit_head = KEYS[2], audit_text = KEYS[3], due = KEYS[4]}\n"
    source += "return audit_words(k, tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4])"
    names = [of.audit, of.audit_head, of.audit_text, of.due]
    given: list[Argument] = [town.clock.now_ms(), MOERWIJK_WEST, audit_deed.packed(row), words]
    await town.store.read("EVAL", source, len(names), *names, *given)


async def test_a_book_with_numbers_of_somebody_elses_stops_no_deed(town: Town, desk: Desk, ada: Voice) -> None:
    """Whoever writes a row of a later number into a book breaks no call for help; the deed follows, the hole shows."""
    await town.store.read("XADD", book_keys(MOERWIJK_WEST).audit, "7-0", "t", "1", "e", "x")
    case = await take(desk, ada)
    assert (await desk.case(case)).state == "accepted"
    await audit_book.seal_all(town)
    book = await audit_book.load(town.store, MOERWIJK_WEST)
    assert [row.n for row in book.rows] == [7, 8, 9]
    found = audit_chain.verify(book, [], 0)
    assert found is not None
    assert found.n == 1
    assert [row["deed"] for row in await told(ada)] == ["case.accepted", "staff.entered"]


# accounts and alerts ---------------------------------------------------------------------------------


async def test_accounts_of_staff_are_in_a_book_for_auditors(town: Town, auditor: Voice) -> None:
    """Made, given a new password, ended: each once, by the one who may change them, whatever is said twice."""
    vega = await voice_of(town, "Officer Vega")
    await staff_accounts.set_password(town, PlainPasswords(), "Officer Vega", f"{PASSWORD}!")
    for _ in range(2):
        with suppress(Refusal):
            await staff_accounts.remove(town, "Officer Vega")
    rows = await told(auditor, room=None, book=keys.book_of_person(vega.id))
    assert [(row["deed"], row.get("code")) for row in rows if row["target"] == vega.id] == [
        ("account.added", "officer"), ("account.password", "officer"), ("account.removed", "officer")
    ]  # fmt: skip


async def test_accounts_of_neighbours_are_in_no_book(town: Town, ada: Voice) -> None:
    """Joining is nobody's deed but the neighbour's own."""
    assert (await audit_book.load(town.store, keys.book_of_person(ada.id))).rows == ()


async def test_an_alert_is_told_once_in_each_neighbourhood(town: Town, clock: MovedClock, ada: Voice) -> None:
    """One row, whichever of its rooms it came into, however often it is brought; every neighbour there reads it."""
    station = Station(town, clock)
    alert = (await station.send("Officer Vega", {**SMOKE, "places": [JAN_LUYKENLAAN, BETJE_WOLFFSTRAAT]}))["alert"]
    await alert_delivery.deliver(town, msgspec.structs.replace(await station.alert(alert), delivered=0))
    (row,) = await told(ada)
    assert (row["deed"], row["target"], row["code"]) == ("alert.broadcast", alert, "moderate")
    assert "room" not in row
    await station.ask("Officer Vega", "alert.clear", alert=alert)
    assert [row["deed"] for row in await told(ada)] == ["alert.broadcast", "alert.cleared"]


async def test_the_reasons_of_a_decision_are_for_auditors_until_they_are_erased(
    town: Town, desk: Desk, ada: Voice, auditor: Voice, resident: Resident
) -> None:
    """What somebody is said to have done stands beside the row, in none: erased, it is gone, and the chain holds."""
    ben = Voice(town, await resident("Ben"))
    report = await file(ben, await ada.say("Weg met jou!"))
    await decide(await desk.voice("Moderator Bakker"), report, "warn")
    (row,) = [row for row in await told(auditor, room=JAN_LUYKENLAAN) if row["deed"] == "report.decided"]
    assert (row["target"], row["code"], row["words"]) == (report, "warn", WHY["facts"])
    assert WHY["facts"] not in str(await told(ben, room=JAN_LUYKENLAAN))
    stored = await town.store.read("XRANGE", book_keys(MOERWIJK_WEST).audit, "-", "+")
    assert WHY["facts"].encode() not in b"".join(field for _, fields in stored for field in fields)
    await audit_book.seal_all(town)
    await audit_book.erase_words(town.store, MOERWIJK_WEST, [row["n"]])
    assert await is_whole(town, MOERWIJK_WEST)
