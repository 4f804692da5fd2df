"""Messages: once in effect, in one order, by those who may, and changed by their authors alone."""

from __future__ import annotations

import asyncio

import pytest

from rooms import account, membership
from rooms.keys import RoomKeys
from rooms.limit import Limit
from rooms.place import Places
from rooms.refusal import Refusal
from rooms.store import Store
from rooms.town import Town
from tests.conftest import code_for
from tests.rooms.conftest import Resident, SetMember
from tests.rooms.voice import Voice
from tests.town import BETJE_WOLFFSTRAAT, GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST, MovedClock, client_id

# posting ---------------------------------------------------------------------------------------------


async def test_a_message_becomes_the_rooms_next_entry(ada: Voice, ben: Voice) -> None:
    """What Ada says stands in the room under the next number, with her name and her own number."""
    seq = await ada.say("  Ziet iemand het licht? ", client_id=client_id("Ada", 7))
    (entry,) = await ben.page(after=seq - 1)
    assert entry["event"] == "message.posted"
    assert (entry["room"], entry["seq"]) == (JAN_LUYKENLAAN, seq)
    assert entry["by"] == {"id": ada.id, "name": "Ada", "role": "resident"}
    assert entry["data"] == {"text": "Ziet iemand het licht?", "client_id": client_id("Ada", 7)}


async def test_many_posts_at_once_leave_no_hole_and_one_order(unhurried: Town, ada: Voice, ben: Voice) -> None:
    """A room counts 1, 2, 3 ... without holes, the same for everyone, however many speak at once."""
    posts = [(voice, voice.next_id()) for _ in range(100) for voice in (ada, ben)]
    seqs = await asyncio.gather(*(voice.say(number, client_id=number) for voice, number in posts))
    head = max(seqs)
    assert sorted(seqs) == list(range(head - 199, head + 1))
    seen = [[(entry["seq"], entry["data"]["text"]) for entry in await voice.page()] for voice in (ada, ben)]
    assert seen[0] == seen[1] == sorted(zip(seqs, (number for _, number in posts), strict=True))


async def test_one_devices_posts_of_one_turn_keep_their_order(unhurried: Town, ada: Voice) -> None:
    """What a device handed in first has the lower number."""
    seqs = await asyncio.gather(*(ada.say(str(number)) for number in range(100)))
    assert seqs == sorted(seqs)


async def test_a_street_and_its_neighbourhood_count_for_themselves(ada: Voice) -> None:
    """Every room has numbers of its own."""
    street = await ada.say("hier")
    assert await ada.say("daar", room=MOERWIJK_WEST) == 2
    assert await ada.say("hier weer") == street + 1


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "x" * 2001, 5, None, ["x"]])
async def test_a_text_of_nothing_or_too_much_is_refused(ada: Voice, text: object) -> None:
    """A text has 1 to 2,000 characters, and says something."""
    refusal = await ada.refused("bad_request", "message.post", text=text)
    assert refusal["error"]["field"] == "text"  # type: ignore[index]
    assert await ada.texts() == []


async def test_a_text_of_2000_characters_is_posted(ada: Voice) -> None:
    """The limit itself is allowed, in any script."""
    await ada.say("é" * 2000)
    assert await ada.texts() == ["é" * 2000]


# once in effect --------------------------------------------------------------------------------------


async def test_the_same_client_id_twice_is_one_entry(ada: Voice) -> None:
    """A repeated command gets the old reply and leaves nothing."""
    number = ada.next_id()
    first = await ada.ask("message.post", text="Hallo", client_id=number)
    assert await ada.ask("message.post", text="Hallo", client_id=number) == first
    assert await ada.texts() == ["Hallo"]


async def test_the_same_client_id_many_times_at_once_is_one_entry(unhurried: Town, ada: Voice) -> None:
    """Fifty repeats in flight together are one entry and fifty equal replies."""
    number = ada.next_id()
    replies = await asyncio.gather(*(ada.ask("message.post", text="Hallo", client_id=number) for _ in range(50)))
    assert all(reply == replies[0] for reply in replies)
    assert await ada.texts() == ["Hallo"]


async def test_every_command_that_changes_something_is_once_in_effect(ada: Voice) -> None:
    """Edits, reactions and retractions may be repeated like posts."""
    target = await ada.say("Hallo")
    for command, more in (
        ("message.edit", {"text": "Hallo!"}),
        ("message.react", {"reaction": "heart"}),
        ("message.retract", {}),
    ):
        number = ada.next_id()
        first = await ada.ask(command, client_id=number, target=target, **more)
        assert await ada.ask(command, client_id=number, target=target, **more) == first
    assert [entry["event"] for entry in await ada.page(after=target)] == [
        "entry.blanked", "message.reacted", "message.retracted",
    ]  # fmt: skip


async def test_the_same_client_id_with_another_content_is_refused(ada: Voice) -> None:
    """A number that was used says so, whether the text or the command is another."""
    number = ada.next_id()
    seq = await ada.say("Hallo", client_id=number)
    await ada.refused("client_id_reused", "message.post", text="Dag", client_id=number)
    await ada.refused("client_id_reused", "message.retract", target=seq, client_id=number)
    await ada.refused("client_id_reused", "message.post", text="Hallo", room=MOERWIJK_WEST, client_id=number)
    assert await ada.texts() == ["Hallo"]


async def test_numbers_belong_to_a_person_and_a_device(ada: Voice, ben: Voice) -> None:
    """Nobody's numbers are in anybody else's way."""
    await ada.say("van haar telefoon", client_id=client_id("Ada", 1))
    await ada.other_device().say("van haar tablet", client_id=client_id("Ada", 1, 2))
    await ben.say("van Ben, op haar telefoon", client_id=client_id("Ada", 1))
    assert len(await ada.texts()) == 3


async def _pretend_done(store: Store, ada: Voice, count: int) -> None:
    """As if Ada's device had done the numbers 2 to *count* when it did number 1."""
    done, order = RoomKeys(JAN_LUYKENLAAN).done(ada.id, ada.device)
    kept = await store.read("HGET", done, 1)
    numbers = range(2, count + 1)
    await store.read("HSET", done, *(part for number in numbers for part in (number, kept)))
    await store.read("ZADD", order, *(part for number in numbers for part in (number, number)))


async def test_2000_commands_are_remembered_whatever_their_age(ada: Voice, store: Store, clock: MovedClock) -> None:
    """A device that comes back after a month finds its last 2,000 commands known."""
    first = await ada.ask("message.post", text="1", client_id=client_id("Ada", 1))
    await _pretend_done(store, ada, 1999)
    clock.forward(days=30)
    await ada.say("2000", client_id=client_id("Ada", 2000))
    assert await ada.ask("message.post", text="1", client_id=client_id("Ada", 1)) == first


async def test_commands_of_7_days_are_remembered_however_many(ada: Voice, store: Store, clock: MovedClock) -> None:
    """A device that does more than 2,000 in a week finds all of them known."""
    first = await ada.ask("message.post", text="1", client_id=client_id("Ada", 1))
    await _pretend_done(store, ada, 5000)
    clock.forward(days=6.9)
    await ada.say("5001", client_id=client_id("Ada", 5001))
    assert await ada.ask("message.post", text="1", client_id=client_id("Ada", 1)) == first


async def test_what_is_older_than_both_is_stale_and_never_appended(ada: Voice, store: Store, clock: MovedClock) -> None:
    """Below the floor a repeat is refused: it may have been done, and it is not done again."""
    await ada.say("1", client_id=client_id("Ada", 1))
    await _pretend_done(store, ada, 2000)
    clock.forward(days=7.1)
    await ada.say("2001", client_id=client_id("Ada", 2001))
    await ada.refused("stale", "message.post", text="1", client_id=client_id("Ada", 1))
    assert await ada.texts() == ["1", "2001"]
    assert (await ada.ask("message.post", text="2001", client_id=client_id("Ada", 2001)))["ok"]


async def test_no_device_makes_the_server_remember_more_than_20000(ada: Voice, store: Store) -> None:
    """Beyond 20,000 the floor rises however young the commands are: memory has a bound."""
    await ada.say("1", client_id=client_id("Ada", 1))
    await _pretend_done(store, ada, 20_000)
    await ada.say("20001", client_id=client_id("Ada", 20_001))
    await ada.refused("stale", "message.post", text="1", client_id=client_id("Ada", 1))
    _, order = RoomKeys(JAN_LUYKENLAAN).done(ada.id, ada.device)
    assert await store.read("ZCARD", order) == 20_000


async def test_a_known_id_is_answered_as_before_although_the_person_has_left(town: Town, ada: Voice) -> None:
    """Whoever moved between sending and repeating learns that it was done."""
    number = ada.next_id()
    first = await ada.ask("message.post", text="Dag straat", client_id=number)
    await membership.move(town, ada.id, "192.0.2.1", await code_for(town, GOUDKARPERSINGEL))
    assert await ada.ask("message.post", text="Dag straat", room=JAN_LUYKENLAAN, client_id=number) == first
    await ada.refused("not_found", "message.post", text="Nog iets", room=JAN_LUYKENLAAN)


async def test_a_known_id_is_answered_as_before_although_the_room_is_gone(town: Town, ada: Voice) -> None:
    """A room that the town no longer has still answers for what was done in it."""
    number = ada.next_id()
    first = await ada.ask("message.post", text="Hallo", client_id=number)
    town.places = Places(())
    assert await ada.ask("message.post", text="Hallo", client_id=number) == first
    await ada.refused("client_id_reused", "message.post", text="Dag", client_id=number)
    await ada.refused("not_found", "message.post", text="Nog iets")
    done, _ = RoomKeys(JAN_LUYKENLAAN).done(ada.id, ada.device)
    await town.store.read("HSET", done, "floor", 10**9)
    await ada.refused("stale", "message.post", text="Nog iets")


async def test_a_known_id_is_answered_as_before_although_the_person_is_muted(
    ada: Voice, clock: MovedClock, set_member: SetMember
) -> None:
    """A measure forbids what comes, not what was."""
    number = ada.next_id()
    first = await ada.ask("message.post", text="Hallo", client_id=number)
    await set_member(ada, JAN_LUYKENLAAN, muted_until=clock.now_ms() + 3_600_000)
    assert await ada.ask("message.post", text="Hallo", client_id=number) == first
    await ada.refused("muted", "message.post", text="Nog iets")


async def test_a_known_id_is_answered_as_before_although_the_bucket_is_empty(ada: Voice) -> None:
    """Repeats cost nothing, and an empty bucket does not hide what was done."""
    number = ada.next_id()
    first = await ada.ask("message.post", text="1", client_id=number)
    for _ in range(20):
        assert await ada.ask("message.post", text="1", client_id=number) == first
    for text in range(2, 11):
        await ada.say(str(text))
    await ada.refused("too_fast", "message.post", text="11")
    assert await ada.ask("message.post", text="1", client_id=number) == first


async def test_a_known_id_is_answered_as_before_although_talk_waits(town: Town, ada: Voice) -> None:
    """A store that is nearly full still tells what it has."""
    number = ada.next_id()
    first = await ada.ask("message.post", text="Hallo", client_id=number)
    town.talk_waits = True
    assert await ada.ask("message.post", text="Hallo", client_id=number) == first
    refusal = await ada.refused("storage_low", "message.post", text="Nog iets")
    assert refusal["error"]["retryable"]  # type: ignore[index]


# who may ---------------------------------------------------------------------------------------------


async def test_a_room_of_others_looks_like_no_room(
    town: Town, ada: Voice, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To a stranger a room that exists and one that does not are the same, however often it is tried."""
    cor = Voice(town, await resident("Cor", BETJE_WOLFFSTRAAT))
    monkeypatch.setitem(town.policy.limits, "outside", Limit(1_000, 1))  # type: ignore[arg-type]  # a dict by default
    target = await ada.say("Hallo")
    for _ in range(40):
        for command, more in (
            ("message.post", {"text": "Hoi"}),
            ("message.react", {"target": target, "reaction": "heart"}),
            ("message.edit", {"target": target, "text": "Hoi"}),
            ("message.retract", {"target": target}),
        ):
            hidden = await cor.refused("not_found", command, room=JAN_LUYKENLAAN, **more)
            assert hidden == await cor.refused("not_found", command, room="BU05183637:nergens", **more)
    town.talk_waits = True
    hidden = await cor.refused("not_found", "message.post", room=JAN_LUYKENLAAN, text="Hoi")
    assert hidden == await cor.refused("not_found", "message.post", room="BU05183637:nergens", text="Hoi")


async def test_trying_rooms_of_others_is_slowed_down(ada: Voice) -> None:
    """Ten times not there, then too fast, whether there is such a room or not; the own room is not concerned."""
    codes = []
    for room in [BETJE_WOLFFSTRAAT, "BU05183637:nergens"] * 6:
        with pytest.raises(Refusal) as refusal:
            await ada.ask("message.post", room=room, text="Hoi")
        codes.append(refusal.value.code)
    assert codes[:10] == ["not_found"] * 10
    assert codes[11] == "too_fast"
    await ada.say("Hier mag het")


async def test_eleven_messages_at_once_are_one_too_many(ada: Voice, clock: MovedClock) -> None:
    """Ten at once and one every two seconds; the refusal says how long to wait, and that is enough."""
    for text in range(10):
        await ada.say(str(text))
    refusal = await ada.refused("too_fast", "message.post", text="te snel")
    assert 0 < refusal["error"]["retry_after_ms"] <= 2_000  # type: ignore[index]
    clock.forward(ms=refusal["error"]["retry_after_ms"])  # type: ignore[index]
    await ada.say("rustig aan")
    assert len(await ada.texts()) == 11


async def test_a_clock_that_is_set_back_keeps_nobody_waiting(ada: Voice, clock: MovedClock) -> None:
    """When Redis's clock loses an hour, neighbours go on talking."""
    await ada.say("voor")
    clock.forward(seconds=-3600)
    await ada.say("na")


async def test_the_limit_is_the_persons_on_all_devices(ada: Voice, ben: Voice) -> None:
    """A second phone is no second voice; a neighbour's bucket is his own."""
    for text in range(10):
        await ada.say(str(text))
    await ada.other_device().refused("too_fast", "message.post", text="te snel")
    await ben.say("ik mag wel")


async def test_a_muted_member_reads_and_takes_back_but_does_not_write(
    ada: Voice, ben: Voice, clock: MovedClock, set_member: SetMember
) -> None:
    """A mute ends by itself, and never keeps anybody from taking words back."""
    target = await ada.say("Iets lelijks")
    await set_member(ada, JAN_LUYKENLAAN, muted_until=clock.now_ms() + 60_000)
    await ada.refused("muted", "message.post", text="Nog iets")
    await ada.refused("muted", "message.edit", target=target, text="Nog iets")
    await ada.refused("muted", "message.react", target=target, reaction="laugh")
    await ada.refused("muted", "room.typing")
    assert await ben.texts() == await ada.texts() == ["Iets lelijks"]
    await ada.ask("message.retract", target=target)
    clock.forward(minutes=1)
    await ada.say("Sorry")


async def test_a_locked_room_hears_no_residents(ada: Voice, store: Store, set_member: SetMember) -> None:
    """In a locked room residents read; staff who are members still speak."""
    await store.read("HSET", RoomKeys(JAN_LUYKENLAAN).head, "locked", 1)
    refusal = await ada.refused("room_locked", "message.post", text="Hallo")
    assert refusal["error"]["retryable"]  # type: ignore[index]
    await set_member(ada, JAN_LUYKENLAAN, role="moderator")
    await ada.say("De straat is even dicht")


# changing what was said ------------------------------------------------------------------------------


async def test_an_edit_is_an_entry_and_the_old_wording_stays(ada: Voice, ben: Voice) -> None:
    """Everybody can read what a message said before."""
    target = await ada.say("Ziet iemand het licht?")
    await ada.ask("message.edit", target=target, text=" Ziet iemand dat licht? ")
    posted, edited = await ben.page(after=target - 1)
    assert posted["data"]["text"] == "Ziet iemand het licht?"
    assert edited["event"] == "message.edited"
    assert (edited["data"]["target"], edited["data"]["text"]) == (target, "Ziet iemand dat licht?")


@pytest.mark.parametrize(("command", "more"), [("message.edit", {"text": "anders"}), ("message.retract", {})])
async def test_a_message_can_be_changed_for_15_minutes(
    ada: Voice, clock: MovedClock, command: str, more: dict[str, str]
) -> None:
    """At the end of the quarter it still can; after it, it stands."""
    first, second = await ada.say("eerste"), await ada.say("tweede")
    clock.forward(minutes=14.9)
    await ada.ask(command, target=first, **more)
    clock.forward(minutes=0.2)
    await ada.refused("too_late", command, target=second, **more)


@pytest.mark.parametrize(("command", "more"), [("message.edit", {"text": "anders"}), ("message.retract", {})])
async def test_only_the_author_changes_a_message(ada: Voice, ben: Voice, command: str, more: dict[str, str]) -> None:
    """Nobody puts words into a neighbour's mouth, or takes them out."""
    target = await ada.say("Van mij")
    await ben.refused("wrong_target", command, target=target, **more)
    assert await ben.texts() == ["Van mij"]


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("message.edit", {"text": "x"}),
        ("message.retract", {}),
        ("message.react", {"reaction": "heart"}),
    ],
)
async def test_what_is_no_message_can_be_neither_changed_nor_reacted_to(
    ada: Voice, command: str, more: dict[str, str]
) -> None:
    """A joining, an edit, a reaction, what was taken back and what never was are all the wrong target."""
    target = await ada.say("Hallo")
    edited = (await ada.ask("message.edit", target=target, text="Hallo!"))["seq"]
    reacted = (await ada.ask("message.react", target=target, reaction="wow"))["seq"]
    gone = await ada.say("Weg")
    await ada.ask("message.retract", target=gone)
    for seq in (1, edited, reacted, gone, 10_000, 2**53 - 1):
        await ada.refused("wrong_target", command, target=seq, **more)


async def test_a_retraction_masks_the_message_and_its_wordings_for_later_readers(ada: Voice, ben: Voice) -> None:
    """Who reads from now on finds markers with the numbers of what was taken back, and none of the words."""
    number, again = ada.next_id(), ada.next_id()
    target = await ada.say("kanarie een", client_id=number)
    edited = (await ada.ask("message.edit", target=target, text="kanarie twee", client_id=again))["seq"]
    kept = await ada.say("blijft")
    retracted = (await ada.ask("message.retract", target=target))["seq"]
    page = await ben.page(after=target - 1)
    assert [(entry["seq"], entry["event"]) for entry in page] == [
        (target, "entry.blanked"), (edited, "entry.blanked"), (kept, "message.posted"),
        (retracted, "message.retracted"),
    ]  # fmt: skip
    assert page[0]["data"] == {"reason": "retracted", "client_id": number}
    assert page[1]["data"] == {"reason": "retracted", "client_id": again, "target": target}
    assert page[0]["by"]["id"] == ada.id
    assert "kanarie" not in str(page)


async def test_a_message_is_taken_back_once(ada: Voice) -> None:
    """A second retraction finds nothing to take back."""
    target = await ada.say("Weg")
    await ada.ask("message.retract", target=target)
    await ada.refused("wrong_target", "message.retract", target=target)
    assert len(await ada.page(after=target)) == 1


async def test_a_reply_names_an_entry_that_is_there(ada: Voice, ben: Voice) -> None:
    """One replies to any entry of the room, but not to what never was or was taken back."""
    target = await ada.say("Wie ziet dat licht?")
    await ben.say("Ik", reply_to=target)
    assert (await ada.page())[-1]["data"]["reply_to"] == target
    await ben.say("Welkom!", reply_to=1)
    await ada.ask("message.retract", target=target)
    await ben.refused("wrong_target", "message.post", text="Wat?", reply_to=target)
    await ben.refused("wrong_target", "message.post", text="Wat?", reply_to=10_000)
    await ben.refused("wrong_target", "message.post", text="Wat?", reply_to=2**53 - 1)


async def test_reactions_are_entries_and_null_takes_one_back(ada: Voice, ben: Voice) -> None:
    """The log tells who reacted how, in order; the latest one of a person counts."""
    target = await ada.say("Taart over")
    for reaction in ("heart", "laugh", None):
        await ben.ask("message.react", target=target, reaction=reaction)
    assert [entry["data"]["reaction"] for entry in await ada.page(after=target)] == ["heart", "laugh", None]
    await ben.refused("bad_request", "message.react", target=target, reaction="fire")


async def test_a_refused_command_may_be_sent_again_under_its_number(ada: Voice, clock: MovedClock) -> None:
    """A refusal leaves no trace: when the reason has gone, the same number is carried out."""
    for text in range(10):
        await ada.say(str(text))
    number = ada.next_id()
    await ada.refused("too_fast", "message.post", text="elf", client_id=number)
    clock.forward(seconds=10)
    await ada.say("elf", client_id=number)
    assert (await ada.texts())[-1] == "elf"


async def test_who_comes_back_writes_again(town: Town, ada: Voice) -> None:
    """Moving away and back again ends with the rights of the old street, and its log tells of it."""
    await membership.move(town, ada.id, "192.0.2.1", await code_for(town, GOUDKARPERSINGEL))
    await membership.move(town, ada.id, "192.0.2.1", await code_for(town, JAN_LUYKENLAAN))
    await ada.say("Daar ben ik weer")
    assert [entry["event"] for entry in await ada.page()] == [
        "member.joined", "member.left", "member.joined", "message.posted",
    ]  # fmt: skip
    left = await account.load(town, ada.id)
    assert left is not None
    assert left.leaving == ()


def test_a_refusal_that_nobody_foresaw_is_a_fault_of_ours() -> None:
    """Only codes of the table can be refusals."""
    with pytest.raises(KeyError):
        Refusal("because")
