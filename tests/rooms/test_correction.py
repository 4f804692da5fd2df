"""A warning that is taken back or corrected: an entry for all, and a notice for exactly those who were given it."""

from __future__ import annotations

from typing import Any

import msgpack
import msgspec
import pytest

from rooms import account, correction, keys, log, presence, retention, warning_due
from rooms.keys import PersonKeys, RoomKeys
from rooms.store import Store
from rooms.town import Town
from tests.rooms.conftest import Resident, SetMember
from tests.rooms.desk_cast import Desk
from tests.rooms.voice import Voice
from tests.rooms.warning_cast import FIRE, NOISE, give, let_in, warn
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, POLICE_DESK, MovedClock

REASON = "Het was de bezorger."


@pytest.fixture
async def cor(town: Town, resident: Resident, ben: Voice) -> Voice:
    return Voice(town, await resident("Cor"))


async def _notices(voice: Voice, *, rooms: tuple[str, ...] | None = None) -> list[dict[str, Any]]:
    """What waits for this person, after every notice that is owed has been given."""
    await warning_due.overdue(voice.town, voice.town.clock.now_ms())
    rows = await voice.town.store.read(*correction.of_person(voice.id))
    return correction.unseen(rows, (voice.room,) if rows and rooms is None else rooms or ())


async def _retract(voice: Voice, seq: int) -> int:
    return int((await voice.ask("warning.retract", target=seq, reason=REASON))["seq"])


# to whom ---------------------------------------------------------------------------------------------


async def test_who_was_given_it_is_told_and_nobody_else(ada: Voice, ben: Voice, cor: Voice) -> None:
    """Ben's device had passed the warning, Cor's stood before it, and Ada raised it."""
    seq = await warn(ada, **NOISE)
    await give(ada.town, ben, seq, gone=True)
    await give(ada.town, cor, seq - 1, gone=True)
    taken_back = await _retract(ada, seq)
    assert await _notices(cor) == await _notices(ada) == []
    (notice,) = await _notices(ben)
    at = notice.pop("at")
    assert abs(at - ada.town.clock.now_ms()) < 10_000
    assert notice == {
        "id": f"{JAN_LUYKENLAAN}:{taken_back}", "room": JAN_LUYKENLAAN, "warning": seq, "kind": "nuisance",
        "what": "retracted", "seq": taken_back, "reason": REASON,
    }  # fmt: skip


async def test_what_was_sent_and_never_confirmed_counts(ada: Voice, ben: Voice, town: Town) -> None:
    """A process died before it could say what it had given to Ben: his lease ran on."""
    await presence.renew(town, {ada.room: [ben.id]})
    seq = await warn(ada, **NOISE)
    await _retract(ada, seq)
    assert len(await _notices(ben)) == 1


async def test_a_lease_that_was_given_back_does_not_count(ada: Voice, ben: Voice, town: Town) -> None:
    """Ben went before the warning came; his lease lingers for the sake of other processes."""
    await presence.renew(town, {ada.room: [ben.id]})
    await give(town, ben, 2, gone=True)
    await presence.left(town, ben.id, [ada.room])
    seq = await warn(ada, **NOISE)
    await _retract(ada, seq)
    assert await _notices(ben) == []


async def test_a_dead_process_s_lease_is_remembered(ada: Voice, ben: Voice, town: Town, clock: MovedClock) -> None:
    """What was raised while it ran counts as given, what was raised after it does not."""
    await presence.renew(town, {ada.room: [ben.id]})
    first = await warn(ada, **NOISE)
    clock.forward(minutes=1)
    second = await warn(ada, **NOISE)
    await presence.forget(town, [ada.room])
    await _retract(ada, second)
    assert await _notices(ben) == []
    await _retract(ada, first)
    assert [notice["warning"] for notice in await _notices(ben)] == [first]


async def test_a_cursor_that_is_presented_later_tells_too(ada: Voice, ben: Voice, cor: Voice, town: Town) -> None:
    """Nobody had noted that Ben holds the warning; he comes back with a cursor behind it. Cor comes with one before
    it, and with the whole log after."""
    seq = await warn(ada, **NOISE)
    taken_back = await _retract(ada, seq)
    assert await _notices(ben) == []
    await give(town, ben, seq)
    await give(town, ben, taken_back + 3)
    await give(town, cor, seq - 1)
    await give(town, cor, taken_back + 3)
    assert len(await _notices(ben)) == 1
    assert await _notices(cor) == []


async def test_who_came_into_the_room_later_could_not_read_it(ada: Voice, town: Town, desk: Desk) -> None:
    """Staff read from their ground on."""
    seq = await warn(ada, **NOISE)
    vega = await let_in(desk, "Officer Vega", ada.room, since=seq + 1)
    await give(town, vega, seq + 1)
    await _retract(ada, seq)
    assert await _notices(vega) == []


async def test_who_went_from_one_server_and_stays_on_another_is_told(
    ada: Voice, ben: Voice, town: Town, clock: MovedClock
) -> None:
    """The tablet went; the telephone's process renewed the lease, gave the warning, and died before it could say so."""
    await presence.renew(town, {ada.room: [ben.id]})
    await give(town, ben, 2, gone=True)
    await presence.left(town, ben.id, [ada.room])
    clock.forward(seconds=10)
    await presence.renew(town, {ada.room: [ben.id]})
    first, second = await warn(ada, **NOISE), await warn(ada, **NOISE)
    await _retract(ada, first)
    assert [notice["warning"] for notice in await _notices(ben)] == [first]
    clock.forward(minutes=1)
    await presence.forget(town, [ada.room])
    await _retract(ada, second)
    assert [notice["warning"] for notice in await _notices(ben)] == [first, second]


async def test_who_moves_away_keeps_what_a_dead_process_gave(ada: Voice, ben: Voice, town: Town) -> None:
    """With the place in the room the lease goes, and what was sent under it is still not confirmed."""
    await presence.renew(town, {ada.room: [ben.id]})
    seq = await warn(ada, **NOISE)
    known = await account.load(town, ben.id)
    assert known is not None
    await account.change(town, known, msgspec.structs.replace(known.person, street=GOUDKARPERSINGEL), "")
    await _retract(ada, seq)
    assert [notice["warning"] for notice in await _notices(ben, rooms=(GOUDKARPERSINGEL,))] == [seq]


async def test_staff_who_have_left_hear_nothing_of_what_they_could_not_read(
    ada: Voice, town: Town, desk: Desk, store: Store
) -> None:
    """Not even that there was something: what lies before the ground stays shut when the ground has gone."""
    before = await warn(ada, **NOISE)
    vega = await let_in(desk, "Officer Vega", ada.room, since=before + 1)
    during = await warn(ada, **NOISE)
    await give(town, vega, during, gone=True)
    await store.read("HDEL", RoomKeys(ada.room).members, vega.id)
    await _retract(ada, before)
    await _retract(ada, during)
    assert [notice["warning"] for notice in await _notices(vega)] == [during]


async def test_staff_who_come_again_are_told_of_what_they_had_been_given(ada: Voice, town: Town, desk: Desk) -> None:
    """By the date and the kind: the new ground begins later."""
    await ada.say("Goedemorgen")
    vega = await let_in(desk, "Officer Vega", ada.room, since=3)
    seq = await warn(ada, **NOISE)
    await give(town, vega, seq, gone=True)
    await let_in(desk, "Officer Vega", ada.room, since=seq + 1)
    await give(town, vega, seq + 1)
    await _retract(ada, seq)
    (notice,) = await _notices(vega, rooms=(ada.room,))
    assert set(notice) == {"id", "room", "warning", "at", "kind", "what", "seq"}


async def test_who_has_left_gets_the_date_and_the_kind(ada: Voice, ben: Voice, town: Town, store: Store) -> None:
    """What the street says is no longer for Ben, whether he left before or after the notice was given."""
    first, second = await warn(ada, **NOISE), await warn(ada, **NOISE)
    await give(town, ben, second)
    await _retract(ada, first)
    assert [notice["reason"] for notice in await _notices(ben)] == [REASON]
    await store.read("HDEL", RoomKeys(ada.room).members, ben.id)
    await _retract(ada, second)
    for notice in await _notices(ben, rooms=("elsewhere",)):
        assert set(notice) == {"id", "room", "warning", "at", "kind", "what", "seq"}
    kept = [msgpack.unpackb(row) for row in await store.read(*correction.of_person(ben.id))]
    assert ["reason" in notice for notice in sorted(kept, key=lambda notice: notice["warning"])] == [True, False]


# once ------------------------------------------------------------------------------------------------


async def test_a_notice_is_given_once_however_often_it_is_tried(ada: Voice, ben: Voice, town: Town) -> None:
    """A process may die between giving it and saying so; the next one finds it given, also when it was seen."""
    seq = await warn(ada, **NOISE)
    await give(town, ben, seq)
    taken_back = await _retract(ada, seq)
    assert await correction.carry_out(town, ada.room, taken_back) == 1
    mine = PersonKeys(ben.id)
    told = await town.store.read("XLEN", mine.feed)
    of, mine_of_it = RoomKeys(ada.room), f"{taken_back}:{ben.id}"
    await town.store.read("HDEL", of.noted, mine_of_it)  # as if nobody had said so
    await town.store.read("HSET", of.owed, mine_of_it, "member")
    assert await correction.carry_out(town, ada.room, taken_back) == 1
    assert await town.store.read("XLEN", mine.feed) == told
    await ben.ask("correction.seen", id=f"{ada.room}:{taken_back}")
    await town.store.read("HSET", of.owed, mine_of_it, "member")
    await correction.carry_out(town, ada.room, taken_back)
    assert await _notices(ben) == []


async def test_one_device_sees_it_for_all(ada: Voice, ben: Voice, town: Town) -> None:
    """Seen twice is seen; an id that nobody knows is seen as well."""
    seq = await warn(ada, **NOISE)
    await give(town, ben, seq)
    taken_back = await _retract(ada, seq)
    assert len(await _notices(ben)) == 1
    said = {"id": f"{ada.room}:{taken_back}", "client_id": ben.next_id()}
    assert await ben.ask("correction.seen", **said) == {"ok": True}
    assert await ben.ask("correction.seen", **said) == {"ok": True}
    await ben.other_device().ask("correction.seen", id=said["id"])
    await ben.ask("correction.seen", id="nergens:7")
    assert await _notices(ben) == []


async def test_the_words_of_a_notice_are_in_no_feed(ada: Voice, ben: Voice, town: Town, clock: MovedClock) -> None:
    """What is purged from the logs must not stay behind among what was told."""
    seq = await warn(ada, **NOISE)
    await give(town, ben, seq)
    await _retract(ada, seq)
    assert len(await _notices(ben)) == 1
    clock.forward(days=91)
    await retention.purge(town)
    for partition in keys.ALL:
        assert REASON.encode() not in repr(await town.store.read("XRANGE", keys.feed(partition), "-", "+")).encode()


async def test_nothing_is_noted_for_who_has_gone_for_good(ada: Voice, ben: Voice, town: Town) -> None:
    """An account that was ended gets no notice, which nobody would ever delete."""
    seq = await warn(ada, **NOISE)
    await give(town, ben, seq)
    mine = PersonKeys(ben.id)
    await town.store.read("DEL", mine.account)
    await _retract(ada, seq)
    await warning_due.overdue(town, town.clock.now_ms())
    assert not await town.store.read("EXISTS", mine.corrections)
    assert await town.store.read("ZRANGE", RoomKeys(ada.room).due, 0, -1) == []


# taking back and correcting --------------------------------------------------------------------------


async def test_its_author_takes_it_back_also_after_its_end(ada: Voice, ben: Voice) -> None:
    """A false alarm stays one; a neighbour can't, and what was taken back is."""
    seq = await warn(ada, **FIRE)
    await ben.refused("not_permitted", "warning.retract", target=seq, reason=REASON)
    await ada.refused("bad_request", "warning.retract", target=seq, reason="  ")
    await ada.ask("warning.clear", target=seq)
    await _retract(ada, seq)
    entry = (await ben.page())[-1]
    assert (entry["event"], entry["data"]["target"], entry["data"]["reason"]) == ("warning.retracted", seq, REASON)
    await ada.refused("wrong_state", "warning.retract", target=seq, reason=REASON)
    await ada.refused("wrong_target", "warning.retract", target=1, reason=REASON)


async def test_a_moderator_of_the_municipality_takes_it_back_from_outside(
    ada: Voice, ben: Voice, town: Town, desk: Desk
) -> None:
    """Where the jurisdiction covers the place; nobody of the police does, and Ben, who was given it, hears of it."""
    seq = await warn(ada, **NOISE)
    await give(town, ben, seq)
    for name in ("Officer Vega", "Moderator Ver"):
        await (await desk.voice(name)).refused("not_found", "warning.retract", target=seq, reason=REASON)
    officer = await let_in(desk, "Officer Vega", ada.room)
    await officer.refused("not_permitted", "warning.retract", target=seq, reason=REASON)
    bakker = await desk.voice("Moderator Bakker")
    await bakker.refused("not_found", "warning.retract", target=1, reason=REASON)
    await _retract(bakker, seq)
    assert len(await _notices(ben)) == 1
    assert await _notices(ada) == []


async def test_nobody_outside_takes_back_what_another_s_desk_was_warned_of(town: Town, desk: Desk) -> None:
    """The police's desk lies in the jurisdiction of the municipality's moderators, and is none of theirs."""
    vega, bakker = await desk.voice("Officer Vega"), await desk.voice("Moderator Bakker")
    seq = (await vega.ask("warning.raise", room=POLICE_DESK, **NOISE))["seq"]
    said = {"room": POLICE_DESK, "target": seq, "reason": REASON}
    for target in (seq, seq + 1):
        await bakker.refused("not_found", "warning.retract", **{**said, "target": target})
    await vega.ask("warning.retract", **said)


async def test_a_late_copy_of_a_refused_retraction_would_have_taken_back_what_came_later(
    ada: Voice, desk: Desk
) -> None:
    """A moderator outside was told that there is none; a copy on its way does nothing to the one raised since."""
    seq = await warn(ada, **NOISE)
    bakker = await desk.voice("Moderator Bakker")
    said = {"room": ada.room, "target": seq + 1, "reason": REASON, "client_id": bakker.next_id()}
    await bakker.refused("not_found", "warning.retract", **said)
    assert await warn(ada, **NOISE) == seq + 1
    await bakker.refused("not_found", "warning.retract", **said)
    await bakker.ask("warning.retract", **{**said, "client_id": bakker.next_id()})


async def test_a_mute_is_not_written_around_by_a_correction(
    ada: Voice, ben: Voice, town: Town, clock: MovedClock, set_member: SetMember
) -> None:
    """Nor is a lock; other words only where it warns of danger. The all clear and taking it back stay open."""
    noise, fire = await warn(ada, **NOISE), await warn(ada, **FIRE)
    said = {"text": "De buurman is een dief.", "reason": "Zomaar."}
    await set_member(ada, ada.room, muted_until=clock.now_ms() + 3_600_000)
    await ada.refused("muted", "warning.correct", target=noise, **said)
    await ada.ask("warning.correct", target=fire, text="Het is de schuur die brandt.", reason="Verkeerd gezien.")
    await set_member(ada, ada.room, muted_until=0)
    await town.store.read("HSET", RoomKeys(ada.room).head, "locked", "1")
    await ada.refused("room_locked", "warning.correct", target=noise, **said)
    await ada.ask("warning.clear", target=noise)
    await _retract(ada, noise)


async def test_a_correction_tells_what_is_different(ada: Voice, ben: Voice, cor: Voice, town: Town) -> None:
    """Everybody reads it, who had the other wording is told, who comes later finds it as it is now."""
    seq = await warn(ada, **NOISE)
    await give(town, ben, seq, gone=True)
    changed = {"text": "Het lawaai komt uit de school.", "severity": "minor", "reason": "Verkeerd gehoord."}
    corrected = (await ada.ask("warning.correct", target=seq, **changed))["seq"]
    entry = (await cor.page())[-1]
    assert entry["event"] == "warning.corrected"
    assert {name: entry["data"][name] for name in changed} == changed
    (notice,) = await _notices(ben)
    assert (notice["what"], notice["text"], notice["seq"]) == ("corrected", changed["text"], corrected)
    assert await _notices(cor) == []
    await ben.refused("not_permitted", "warning.correct", target=seq, **changed)
    await ada.refused("bad_request", "warning.correct", target=seq, reason="Zomaar.")


async def test_a_correction_does_not_lead_around_112(ada: Voice) -> None:
    """What was no danger can't become one without an answer; nor can nothing become suspicious."""
    seq = await warn(ada, **NOISE)
    await ada.refused("call_112_first", "warning.correct", target=seq, kind="fire", reason="Er is brand.")
    short = await warn(ada, kind="traffic", text="Gladheid hier.")
    await ada.refused("bad_request", "warning.correct", target=short, kind="suspicious", reason="Verdacht.")
    answered = await warn(ada, **NOISE, emergency="called")
    await ada.ask("warning.correct", target=answered, kind="fire", reason="Er is brand.")
    assert (await ada.page())[-1]["data"]["kind"] == "fire"


# reach -----------------------------------------------------------------------------------------------


async def test_the_reach_is_for_its_author_and_for_staff(
    ada: Voice, ben: Voice, cor: Voice, town: Town, desk: Desk
) -> None:
    """Given to one of two neighbours; who is not a member any longer counts no more."""
    seq = await warn(ada, **NOISE)
    await give(town, ben, seq)
    assert await ada.ask("warning.reach", target=seq) == {"ok": True, "given": 1, "members": 2}
    await ben.refused("not_permitted", "warning.reach", target=seq)
    vega = await let_in(desk, "Officer Vega", ada.room, since=seq)
    assert (await vega.ask("warning.reach", target=seq))["members"] == 3
    await give(town, cor, seq)
    assert (await ada.ask("warning.reach", target=seq))["given"] == 2
    await ada.refused("wrong_target", "warning.reach", target=1)
    bakker = await let_in(desk, "Moderator Bakker", ada.room, since=seq + 1)
    await give(town, bakker, seq + 1)
    assert await ada.ask("warning.reach", target=seq) == {"ok": True, "given": 2, "members": 3}
    await town.store.read("HDEL", RoomKeys(ada.room).members, ben.id)
    assert (await ada.ask("warning.reach", target=seq))["given"] == 1


# retention -------------------------------------------------------------------------------------------


async def test_nothing_of_a_warning_is_left_after_its_retention(
    ada: Voice, ben: Voice, town: Town, clock: MovedClock, store: Store
) -> None:
    """Its record, its answers, who was given it, its notices: all go with it, and not before."""
    seq = await warn(ada, **NOISE)
    await ben.ask("warning.answer", target=seq, answer="see")
    await give(town, ben, seq)
    await _retract(ada, seq)
    await warn(ada, **NOISE)
    assert len(await _notices(ben)) == 1
    clock.forward(days=89)
    await retention.purge(town)
    assert await _of_warnings(store)
    clock.forward(days=2)
    await warning_due.overdue(town, clock.now_ms())
    await retention.purge(town)
    assert await _of_warnings(store) == []


async def _of_warnings(store: Store) -> list[str]:
    words = ("warning", "in_force", "warned", "answers", "given", "correction", "owed", "noted", "corrections")
    found = [name.decode() for name in await store.read("KEYS", "*")]
    return sorted(name for name in found if name.partition("}:")[2].partition(":")[0] in words)


async def test_a_notice_goes_with_what_it_was_about(ada: Voice, ben: Voice, cor: Voice, town: Town) -> None:
    """Words that a moderator removes stay with nobody who had not seen them yet; other notices wait on."""
    first, second, third = await warn(ada, **NOISE), await warn(ada, **NOISE), await warn(ada, **NOISE)
    for who in (ben, cor):
        await give(town, who, third)
    corrected = await ada.ask("warning.correct", target=first, text="Het is de dikke buurman.", reason="Verkeerd.")
    await _retract(ada, second)
    await _retract(ada, third)
    assert len(await _notices(ben)) == 3
    await retention.blank(town, ada.room, [corrected["seq"], second], "moderation")
    for who in (ben, cor):
        assert [notice["warning"] for notice in await _notices(who)] == [third]


async def test_nobody_s_id_outlives_their_account_there(ada: Voice, ben: Voice, cor: Voice, town: Town) -> None:
    """Who was given what, and who was told, name nobody whose account has ended, from the next night on."""
    seq = await warn(ada, **NOISE)
    await give(town, ben, seq)
    await give(town, cor, seq)
    await _retract(ada, seq)
    assert len(await _notices(ben)) == 1
    known = await account.load(town, ben.id)
    assert known is not None
    await account.close(town, known)
    await retention.purge(town)
    of = RoomKeys(ada.room)
    rows = [await town.store.read("HKEYS", name) for name in (of.given, of.owed, of.noted)]
    assert ben.id not in repr(rows)
    assert repr(rows).count(cor.id) == 2


async def test_what_a_moderator_removes_is_in_force_no_longer(ada: Voice, town: Town, store: Store) -> None:
    """With its entry its words go from everywhere."""
    seq = await warn(ada, **NOISE)
    await log.blank(store, ada.room, [seq], "moderation", town.clock.now_ms())
    assert await _of_warnings(store) == []
    assert await store.read("ZRANGE", RoomKeys(ada.room).due, 0, -1) == []
